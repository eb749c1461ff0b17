#pragma once

// Which tests of a problem are to be judged, and what verdict and points come of their results. Pure: no I/O, no clock.
// Results may come in any order, since tests run beside each other; what comes out is the same as if they had come in
// the problem's order: a test behind one that ended its group counts for nothing, whether it ran or not.
//
// Rules: legacy's grading (break on reject, aggregation, verdict modes) and 2023-07's (pass-fail groups, require_pass),
// as proto/problem.hpp has them. Owned by one judge.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/problem.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

class Grading {
 public:
  // `problem` must outlive this and be valid. `all_tests`: to judge also what could not change the verdict any more.
  Grading(const Problem& problem, bool all_tests);

  // The tests to be started, in order, as things are: neither started nor known to be of no use; at most `limit` of
  // them. As results come there may be fewer, never more.
  std::vector<std::uint32_t> upcoming(std::size_t limit) const;
  void begin(std::uint32_t test) { states_[test].started = true; }
  // Begins the first of them; nothing: there is none now.
  std::optional<std::uint32_t> next();

  // From here on only tests that can change the verdict are needed.
  void only_what_counts() { all_tests_ = false; }

  // What a started test came to.
  void done(std::uint32_t test, TestResult result);
  // It is to be started again: its result does not count.
  void again(std::uint32_t test);

  std::uint32_t count_done() const { return done_; }
  // All that is needed has come.
  bool finished() const;

  // Verdict, points, tests and groups; the verdict is internal_error, with a message, where a score is outside of its
  // group's range or missing. Only when finished.
  Report report() const;

 private:
  struct Item {
    bool is_group = false;
    std::uint32_t index = 0;
  };
  struct State {
    bool started = false;
    std::optional<TestResult> result;
  };
  // What a group came to, as far as it is known.
  struct Mark {
    Verdict verdict = Verdict::accepted;
    std::optional<double> score;
    bool judged = false;       // something in it was
    bool complete = true;      // all that counts in it has a result
    bool all_accepted = true;  // each of its tests was judged and accepted
    bool any_accepted = false;
  };
  struct Walk {
    std::vector<bool> counts;   // by test: it is not behind an end
    std::vector<bool> blocked;  // by test: a group that is required did not pass
    std::vector<Mark> groups;
    std::string fault;  // of the jury
  };

  Walk walk() const;
  void walk_group(std::uint32_t group, bool ended, bool blocked, Walk& walk) const;
  bool is_needed(const Walk& walk, std::uint32_t test) const;
  void score_group(std::uint32_t group, Mark& mark, const std::vector<std::optional<double>>& parts,
                   std::string& fault) const;

  const Problem* problem_;
  bool all_tests_;
  std::vector<std::vector<Item>> items_;  // of each group, in the order of the tests
  std::vector<State> states_;             // of each test
  std::uint32_t done_ = 0;
};

}  // namespace pushjudge
