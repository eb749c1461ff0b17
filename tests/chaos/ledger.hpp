#pragma once

// What the clients were told, and what went against the promises. Any thread.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "proto/base/clock.hpp"

namespace pushjudge::chaos {

// A submission that a client was told is accepted.
struct Accepted {
  std::string key;  // its Idempotency-Key
  std::string stdout_text;
  std::string token;
  std::string epoch;
};

enum class CancelAnswer { none, cancelled, finished };

class Ledger {
 public:
  // Prints it at once, and remembers it.
  void violation(const std::string& what);
  std::vector<std::string> violations() const;
  // The run is broken off: what its clients did not get any more is nobody's fault.
  void close();

  // A client is told, for the first time or again, that its key is this token. Whether it is the first time.
  bool acknowledged(const Accepted& accepted);
  // A client that asked for the end of a submission was told that it is cancelled, or that it had finished.
  void cancel_answered(const std::string& token, CancelAnswer answer);
  // A follower saw the last event of a submission.
  void ended(const std::string& token);

  // In the order of acknowledgement, from number `first` on.
  std::vector<Accepted> accepted_from(std::size_t first) const;
  CancelAnswer cancel_answer(const std::string& token) const;
  std::size_t accepted() const;
  // Accepted, and its last event seen by nobody.
  std::size_t outstanding() const;

  std::atomic<std::uint64_t> submissions{0};  // begun by clients
  std::atomic<std::uint64_t> retries{0};      // sent again with the same key for want of an answer
  std::atomic<std::uint64_t> refused{0};      // answered "not now"
  std::atomic<std::uint64_t> replayed{0};     // answered with what was there already
  std::atomic<std::uint64_t> resumes{0};      // subscriptions that went on from a seq
  std::atomic<std::uint64_t> follower_connections{0};

 private:
  const TimePoint begun_ = Steady::now();
  mutable std::mutex mutex_;
  bool closed_ = false;
  std::vector<std::string> violations_;
  std::vector<Accepted> accepted_;
  std::map<std::string, std::string> token_of_;  // by key
  std::map<std::string, bool> ended_;            // by token
  std::size_t ended_count_ = 0;
  std::map<std::string, CancelAnswer> cancel_answers_;  // by token
};

}  // namespace pushjudge::chaos
