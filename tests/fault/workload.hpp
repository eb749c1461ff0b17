#pragma once

// Turns as a busy core makes them, by a seed: submissions, reports, failures, cancellations, hand-outs, and
// acknowledgements of one who listens. One thread.

#include <random>
#include <vector>

#include "queue/engine.hpp"

namespace pushjudge::testing {

class Workload {
 public:
  // The cursor whose acknowledgements are among the turns.
  static constexpr auto kListener = "listener";

  // Goes on with the jobs that were handed out when the engine was opened.
  Workload(std::uint64_t seed, const std::vector<OpenLease>& open);

  Turn next();
  // What became of the turn that next() gave. Without it the turn did not happen.
  void committed(const TurnOutcome& outcome);

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  Submission submission();
  Settlement settlement(JobRef ref);

  std::mt19937_64 random_;
  UnixMillis now_ = 1'700'000'000'000;
  std::vector<JobRef> running_;
  std::vector<Token> tokens_;
  bool opened_ = false;  // the cursor is there
  GlobalSeq top_ = 0;    // as far as this has heard
};

}  // namespace pushjudge::testing
