#pragma once

// The tests of a function problem that one process runs: starts the program on their inputs, takes its answers from
// descriptor 3, and says what each test came to. What is expected never enters the program's box: answers are compared
// here, or by a checker in the other box. A state machine on two boxes, like TestRun, and as that owned by one lane; it
// knows no clock, no socket and no log.
//
// How a program and we talk (worker/README.md has it for who writes a harness): its only argument is a word that nobody
// can guess, the nonce. On standard input there are the lines of all tests. After each test it writes the nonce and a
// newline to standard output, so that what it printed can be told apart, and to descriptor 3 a line: the nonce, the
// microseconds that the call took, the answer as JSON. All of that is the program's own word, and no more is made of it
// than an answer: whoever forges it has to know what is right.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proto/function_values.hpp"
#include "proto/problem.hpp"
#include "proto/submission.hpp"
#include "worker/program.hpp"
#include "worker/runner.hpp"
#include "worker/sandbox/outcome.hpp"
#include "worker/test_run.hpp"

namespace pushjudge {

// A line of descriptor 3.
struct GivenAnswer {
  std::uint64_t us = 0;
  std::string_view json;
  bool sound = false;  // it begins with the nonce, as each has to
};
// Those of a program, in order; views into `text`. No more than `answers_max`: a megabyte of newlines would else take
// many.
std::vector<GivenAnswer> answers_in(std::string_view text, std::string_view nonce, std::size_t answers_max);

// What was printed in each of the first `prints_max` tests, and behind the last of them; views into `text`.
std::vector<std::string_view> prints_in(std::string_view text, std::string_view nonce, std::size_t prints_max);

struct FunctionSetup {
  std::shared_ptr<const Problem> problem;  // a function problem
  std::vector<std::uint32_t> tests;        // that follow each other and share their files
  std::shared_ptr<const Program> program;
  std::shared_ptr<const Program> checker;    // of CheckerProtocol::function
  std::shared_ptr<const Program> reference;  // of a trial: its answers are what is expected; else nothing
  BlobHandle input;
  BlobHandle answer;  // nothing in a trial
};

class FunctionRun {
 public:
  struct Done {
    // Of the first of the tests: all that the process came to, at least one. The rest was not run.
    std::vector<TestResult> results;
    std::uint64_t cpu_us = 0;  // of the process, as measured
    std::uint64_t wall_us = 0;
    std::uint64_t memory_kib = 0;
    std::string stderr_text;  // shortened
    std::string accounting;
  };
  using News = std::variant<std::monostate, Done, TestRun::Failed>;
  using Box = TestRun::Box;

  FunctionRun(Runner& program, Runner& checker) : runners_{&program, &checker} {}

  bool idle() const { return !running_[0] && !running_[1]; }

  News start(FunctionSetup setup);
  // How the run in one of the boxes ended. Also after drop().
  News on_outcome(Box box, sandbox::Outcome outcome);
  News on_broken(Box box, std::string reason);

  // Ends it without results; idle once the ends of its runs have been told.
  void drop();

 private:
  // A test that the program has answered, or that it failed in.
  struct Seen {
    TestResult result;
    std::string expected;               // canonical; empty: the reference has none
    std::optional<std::string> answer;  // canonical; nothing: it gave none, or none of the type
    std::string raw;                    // as it came, where it is none of the type
    std::string printed;
  };

  Result<void> begin(Box box, const Program& program, const Limits& limits, int stdin_fd);
  Result<void> read_files();
  std::string_view lines_of(std::size_t test) const;
  std::string_view calls_of(std::size_t test) const;  // of a class
  News take_program();
  News take_answers(const sandbox::Outcome& outcome);
  Result<void> take_expected(const sandbox::Outcome& outcome);
  bool is_right(std::size_t test) const;
  News compare();
  News start_checker();
  News on_checked(const sandbox::Outcome& outcome);
  News finish();
  News fail(std::string reason);
  News jury_fault(const std::string& what);
  const ProblemTest& test(std::size_t place) const { return setup_.problem->tests[setup_.tests[place]]; }

  Runner* runners_[2];
  bool running_[2] = {false, false};
  bool dropping_ = false;
  bool checking_ = false;  // what runs in the checker's box is the checker
  std::string nonce_;
  FunctionSetup setup_;
  std::string input_;                // what the program reads
  std::vector<std::size_t> starts_;  // of each test's lines in it, and its end
  std::string answers_;              // what is expected: a line for each test of the file
  std::vector<std::size_t> answer_starts_;
  std::optional<sandbox::Outcome> ended_[2];
  std::vector<Seen> seen_;
  std::vector<std::size_t> checked_;  // which of these the checker was asked about
  Done done_;
};

}  // namespace pushjudge
