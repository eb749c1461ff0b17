#pragma once

// One test of a problem: runs the program on the test's input, has its output checked, as often as the problem has
// passes, and says what it came to. A state machine on two boxes, one for the program and one for the checker or
// interactor: what judges never runs where the judged ran, and neither sees anything of the other but bytes. Owned by
// one lane; knows no clock, no socket and no log.
//
// The program's box holds the program and its input, nothing else of the problem. An interactive problem joins the two
// boxes by two pipes.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "proto/base/unique_fd.hpp"
#include "proto/problem.hpp"
#include "proto/submission.hpp"
#include "worker/program.hpp"
#include "worker/runner.hpp"
#include "worker/sandbox/outcome.hpp"

namespace pushjudge {

// A file of a problem, in memory.
struct BlobFile {
  UniqueFd fd;  // a sealed memfd
  std::uint64_t size = 0;
};
using BlobHandle = std::shared_ptr<const BlobFile>;

// The limits of a run on a problem's tests, and of its checker.
Limits limits_of_run(const Problem& problem);
Limits limits_of_checker(const Problem& problem);

struct TestSetup {
  std::shared_ptr<const Problem> problem;
  std::uint32_t test = 0;  // index
  std::shared_ptr<const Program> program;
  std::shared_ptr<const Program> checker;  // nothing for CheckerProtocol::compare
  BlobHandle input;
  BlobHandle answer;
  std::vector<SharedFile> files;  // that lie beside the program
  bool judge_messages = false;
};

class TestRun {
 public:
  struct Done {
    TestResult result;
    std::string stdout_text;  // of a sample, else empty
    std::string stderr_text;
    std::string accounting;  // what measured the program: see Report
  };
  // A box failed.
  struct Failed {
    std::string reason;
  };
  using News = std::variant<std::monostate, Done, Failed>;
  enum class Box : std::uint8_t { program, checker };

  TestRun(Runner& program, Runner& checker) : runners_{&program, &checker} {}

  // No run is under way in either box.
  bool idle() const { return !running_[0] && !running_[1]; }

  News start(TestSetup setup);
  // How the run in one of the boxes ended. Also after drop().
  News on_outcome(Box box, sandbox::Outcome outcome);
  News on_broken(Box box, std::string reason);

  // What the interactor still says to a program that is gone. Somebody has to take it, or the interactor waits forever
  // for room in the pipe: whenever this can be read, forget_unread() is to be called. -1: there is nothing of the kind.
  int unread_fd() const { return program_is_gone_ ? from_interactor_.get() : -1; }
  void forget_unread();

  // Ends the test without a result; idle once the ends of its runs have been told.
  void drop();

 private:
  // What is kept from pass to pass.
  struct Pass {
    std::uint32_t number = 1;
    sandbox::Fd input;     // of passes after the first
    sandbox::Fd feedback;  // the checker's folder, as a tree
  };

  News start_pass();
  News start_talk();
  News on_misplaced(Box box, sandbox::Outcome outcome);
  News on_program(sandbox::Outcome outcome);
  News on_checker(sandbox::Outcome outcome);
  // What the end of the program means before anybody has looked at its output.
  News take_program(const sandbox::Outcome& outcome);
  News compare();
  News start_checker(int out_fd);
  News after_talk();
  bool accepts(const sandbox::Outcome& checker) const;
  void measure(const sandbox::Outcome& outcome);
  News judge_checked(sandbox::Outcome outcome);
  News judge_kattis(sandbox::Outcome outcome);
  News judge_testlib(const sandbox::Outcome& outcome);
  News next_pass(sandbox::Outcome outcome);
  sandbox::Spec checker_spec() const;
  // With the points that the checker says, if it says any.
  News accept(std::optional<double> score = std::nullopt);
  News reject(Verdict verdict, std::string message = {});
  News jury_fault(const std::string& what, const std::string& details);
  News finish();
  News fail(std::string reason);
  Result<void> begin(Box box, const sandbox::Spec& spec);
  const ProblemTest& test() const { return setup_.problem->tests[setup_.test]; }

  Runner* runners_[2];
  bool running_[2] = {false, false};
  bool dropping_ = false;
  TestSetup setup_;
  Pass pass_;
  TestResult result_;
  std::string stdout_text_;
  std::string stderr_text_;
  std::string accounting_;
  std::string misplaced_;                     // why the problem's files cannot lie in a box; empty: they can
  sandbox::Output output_;                    // of the program, until it is checked
  std::optional<sandbox::Outcome> ended_[2];  // of a talk
  // Ends of the pipes of a talk that we hold. What the program would read, as long as the interactor lives: it is to
  // see that the program is gone by the end of what it reads, and not to break when it says something. And what the
  // program writes to, until we know how that ended: before, the interactor can neither see it nor end because of it.
  UniqueFd from_interactor_;
  UniqueFd to_interactor_;
  bool interactor_first_ = false;  // it was gone when the program ended
  bool program_is_gone_ = false;
};

}  // namespace pushjudge
