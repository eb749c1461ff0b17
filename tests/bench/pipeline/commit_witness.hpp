#pragma once

// When a server's log reached the disk: a library that is loaded before the server's own ones writes down the moment at
// which each fdatasync() of the process returned. So the time from a commit to its push is measured from the commit
// itself, in the same way for every server, and without a word in the servers about it.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "proto/base/unique_fd.hpp"

namespace pushjudge::bench {

// Where the witness finds the file to write to.
inline constexpr const char* kWitnessVariable = "PJ_COMMIT_WITNESS";

// The file, mapped by both. The newest kSyncsMax are kept.
struct SyncRecord {
  std::uint64_t returned_ns = 0;  // CLOCK_MONOTONIC
  std::uint64_t thread = 0;
};
inline constexpr std::size_t kSyncsMax = 1 << 18;
struct SyncLog {
  std::atomic<std::uint64_t> count;
  SyncRecord records[kSyncsMax];
};

// The reader's end; makes the file. Throws std::system_error. Any one thread.
class CommitWitness {
 public:
  explicit CommitWitness(const std::string& path);
  ~CommitWitness();
  CommitWitness(const CommitWitness&) = delete;
  CommitWitness& operator=(const CommitWitness&) = delete;

  std::uint64_t count() const { return log_->count.load(std::memory_order_acquire); }
  // The times from the `first`th sync on, rising, of the thread that made most of them: it writes the log, others copy
  // it elsewhere.
  std::vector<std::uint64_t> commits_from(std::uint64_t first) const;

 private:
  SyncLog* log_ = nullptr;
};

}  // namespace pushjudge::bench
