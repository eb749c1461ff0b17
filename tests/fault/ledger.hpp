#pragma once

// What the core's database holds, read from the file by itself, beside the core or after it: the last word on what is
// stored.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pushjudge::testing {

struct StoredJob {
  bool finished = false;
  bool running = false;
  std::uint32_t attempt = 0;
  std::string worker;
  std::uint32_t incarnation = 0;   // of the core that handed it out last
  std::vector<std::string> kinds;  // of its events, in order
};

class Ledger {
 public:
  // Throws std::runtime_error when the file cannot be read.
  explicit Ledger(const std::string& database);

  std::size_t size() const { return jobs_.size(); }
  const StoredJob& job(const std::string& token) const { return jobs_.at(token); }
  const std::map<std::string, StoredJob>& jobs() const { return jobs_; }

  // Up to which event each has acknowledged.
  const std::map<std::string, std::uint64_t>& cursors() const { return cursors_; }

  // What is wrong with it, one sentence a breach: a hole in the log, a job with two ends or with an end while it is not
  // finished, a result too many or too few, a cursor past the log, damage.
  const std::vector<std::string>& breaches() const { return breaches_; }

 private:
  std::map<std::string, StoredJob> jobs_;  // by token
  std::map<std::string, std::uint64_t> cursors_;
  std::vector<std::string> breaches_;
};

// "ok", or what SQLite finds wrong with the file.
std::string integrity_of(const std::string& path);

}  // namespace pushjudge::testing
