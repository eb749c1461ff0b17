#pragma once

// A system under test, of real processes: something that takes POST /submissions, keeps them durably, has a worker
// complete them, and pushes. Everything it started ends with it. One thread.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/pipeline/commit_witness.hpp"
#include "tests/support/process.hpp"

namespace pushjudge::bench {

// What a process does in its stack, and how long it has computed, with all its threads.
struct CpuTime {
  std::string part;
  double us = 0;
};

class Stack {
 public:
  virtual ~Stack() = default;
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  const std::string& name() const { return name_; }
  std::uint16_t port() const { return port_; }
  // Of each process that serves, workers last.
  std::vector<CpuTime> cpu_times() const;
  const CommitWitness& witness() const { return witness_; }

  virtual void start_workers() = 0;
  void stop_workers();
  // Waits until nothing is queued or running. Throws std::runtime_error when that takes too long.
  void wait_idle() const;

 protected:
  Stack(std::string name, const std::filesystem::path& folder);

  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  void start(const std::string& part, std::vector<std::string> argv);
  // The same, and its commits are witnessed.
  void start_store(const std::string& part, std::vector<std::string> argv);
  void start_worker(std::vector<std::string> argv);
  // Waits for the file that the gateway writes its port to.
  void wait_for_port(const std::string& port_file);

 private:
  struct Part {
    std::string name;
    testing::Process process;
  };

  std::string name_;
  std::filesystem::path folder_;
  CommitWitness witness_;
  std::vector<Part> parts_;
  std::vector<Part> workers_;
  std::uint16_t port_ = 0;
};

// `folder` is empty and on the disk that is to be measured; `sockets` is a short path.
std::unique_ptr<Stack> start_pushjudge(const std::filesystem::path& folder, const std::filesystem::path& sockets);
// The slots are divided among so many BullMQ workers, all of one process.
std::unique_ptr<Stack> start_node(const std::filesystem::path& folder, const std::filesystem::path& sockets,
                                  unsigned workers);

}  // namespace pushjudge::bench
