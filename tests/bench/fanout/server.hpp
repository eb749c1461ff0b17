#pragma once

// A broadcast server of real processes, with its room at /ws/broadcast on 127.0.0.1. It ends with its object. One
// thread. Throws std::runtime_error when it does not start, or is gone.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace pushjudge::bench {

enum class Subject : std::uint8_t { pushjudge, ws, raw };
const char* name_of(Subject subject);

class Server {
 public:
  // For so many clients.
  Server(Subject subject, std::size_t clients);

  std::uint16_t port() const { return port_; }
  // What all of its processes have computed so far.
  double cpu_us() const;
  // The memory of its own that the process with the clients' sockets has in use, not counting the kernel's.
  double memory_bytes();

 private:
  void start(std::vector<std::string> argv);
  std::string log_of_last() const;

  Subject subject_;
  testing::TemporaryFolder folder_;
  std::vector<testing::Process> processes_;  // the one with the sockets last
  std::uint16_t port_ = 0;
};

}  // namespace pushjudge::bench
