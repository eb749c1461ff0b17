#pragma once

// Judges one submission to a problem at a time: builds the program and, if nobody has yet, the problem's checker; runs
// the tests, each on a lane; tells what each came to; and writes the report. A state machine like Judge. Owned by one
// slot; knows no clock, no socket and no log.
//
// Tests of a function problem that share a file are run together, by one process (function_run.hpp).
//
// A lane is a pair of boxes. The slot's own is always there; lanes of slots that have nothing to do may be lent, for a
// test, or such tests, at a time. A test that was too late while others ran beside it is run once more with nothing
// beside it, and that counts: what lending gains is time, and never costs a verdict.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "proto/problem.hpp"
#include "proto/submission.hpp"
#include "worker/builder.hpp"
#include "worker/catalogue.hpp"
#include "worker/function_kit.hpp"
#include "worker/function_run.hpp"
#include "worker/grading.hpp"
#include "worker/problem_shelf.hpp"
#include "worker/test_run.hpp"
#include "worker/unpacker.hpp"

namespace pushjudge {

// Two boxes and what runs in them: a test, or tests of a function problem.
struct Lane {
  Lane(Runner& program_runner, Runner& checker_runner)
      : program(program_runner), checker(checker_runner), run(program, checker), functions(program, checker) {}
  Runner& program;
  Runner& checker;
  TestRun run;
  FunctionRun functions;

  bool idle() const { return run.idle() && functions.idle(); }
};

class ProblemJudge {
 public:
  struct Compiled {
    std::chrono::microseconds wall;
  };
  // The problem's file is needed; on_blob() is to be called once it is on the shelf.
  struct Wanted {
    Digest digest;
  };
  struct Finished {
    Report report;
  };
  // The box failed, not the program.
  struct Failed {
    std::string reason;
  };
  using Event = std::variant<Compiled, Wanted, TestProgress, Finished, Failed>;
  // Finished and Failed are the last of a submission; the judge may still be busy with ending runs.
  using News = std::vector<Event>;

  // `offered` gives the recipe of a language by its slug, or null.
  using OfferedLanguage = std::function<const Recipe*(const std::string& slug)>;

  ProblemJudge(Lane& home, ProblemShelf& shelf, const Unpacker& unpacker, OfferedLanguage offered)
      : home_(home),
        shelf_(shelf),
        offered_(std::move(offered)),
        program_builder_(home.program, unpacker),
        checker_builder_(home.checker, unpacker) {}

  // Nothing runs, and no submission is under way.
  bool idle() const { return stage_ == Stage::idle; }

  // `recipe` must outlive the submission, whose problem_version is set. Only when idle.
  News start(Submission submission, const Recipe& recipe);

  // The file is on the shelf, or there is none.
  News on_blob(const Digest& digest, bool found);
  // It came, and could not be kept.
  News on_blob_lost(const Digest& digest, const std::string& reason);

  // The run in a box of `lane` ended.
  News on_outcome(Lane& lane, TestRun::Box box, sandbox::Outcome outcome);
  News on_broken(Lane& lane, TestRun::Box box, const std::string& reason);

  // Whether another lane would have something to do.
  bool could_use_lane() const;
  // Lends it, for one test at most: as long as it uses() it.
  News lend(Lane& lane);
  bool uses(const Lane& lane) const;

  // Ends the submission without a report. Idle once the ends of all runs under way have been told.
  void drop();

 private:
  enum class Stage : std::uint8_t { idle, preparing, testing, ending };

  // A test that runs, or several together.
  struct Running {
    Lane* lane = nullptr;
    std::vector<std::uint32_t> tests;
    bool had_company = false;
    bool alone = false;  // nothing may begin beside it
  };

  void advance(News& news);
  void prepare(News& news);
  bool take_problem(News& news);
  bool take_trial(News& news);
  void build_program(News& news);
  void build_checker(News& news);
  void build_reference(News& news);
  const char* jury_program() const;
  void build_for_jury(const std::string& language, const Digest& source_digest, const std::vector<ProblemFile>& beside,
                      const Signature* signature, News& news);
  void take_program(Builder::News built, News& news);
  void take_checker(Builder::News built, News& news);
  void start_tests(News& news);
  void start_test(Lane& lane, News& news);
  std::vector<std::uint32_t> next_tests() const;
  void start_single(Lane& lane, std::uint32_t test, News& news);
  void start_functions(Lane& lane, const std::vector<std::uint32_t>& tests, News& news);
  void mark_started(Lane& lane, std::vector<std::uint32_t> tests);
  std::optional<TestSetup> setup_of(std::uint32_t test, News& news);
  bool leave_building(const Lane& lane, TestRun::Box box);
  void take_run(Lane& lane, TestRun::News ended, News& news);
  void take_function_run(Lane& lane, FunctionRun::News ended, News& news);
  void take_test(Lane& lane, TestRun::News ended, News& news);
  void take_functions(Lane& lane, FunctionRun::News ended, News& news);
  std::optional<Running> take_running(const Lane& lane, bool late);
  void take_result(std::uint32_t test, TestResult result, News& news);
  Report function_report();
  void show(const TestRun::Done& done);
  // The file if it is here, else nothing, and it is asked for.
  BlobHandle need(const Digest& digest, News& news);
  std::optional<std::vector<SharedFile>> need_files(const std::vector<ProblemFile>& files, News& news);
  std::vector<ProblemFile> included_files() const;
  void look_ahead(News& news);
  sandbox::Limits compiling() const;
  void finish(Report report, News& news);
  void fail(std::string reason, News& news);
  void jury_fault(std::string message, News& news);
  void end_runs();
  void rest_if_quiet();

  Lane& home_;
  ProblemShelf& shelf_;
  OfferedLanguage offered_;
  Builder program_builder_;
  Builder checker_builder_;
  // A builder has the home lane's box.
  bool building_program_ = false;
  bool building_checker_ = false;
  bool building_reference_ = false;  // what the checker's builder is given is the reference solution

  Stage stage_ = Stage::idle;
  std::vector<Running> running_;

  // Of the submission under way.
  struct Work {
    Submission submission;
    const Recipe* recipe = nullptr;
    std::shared_ptr<const Problem> problem;
    std::optional<Grading> grading;
    std::shared_ptr<const Program> program;
    std::shared_ptr<const Program> checker;
    std::shared_ptr<const Program> reference;  // of a trial
    BlobHandle trial;                          // the tests of a trial; else nothing
    std::map<Digest, BlobHandle> held;         // files of tests that come soon
    std::set<Digest> wanted;                   // asked for
    std::set<std::uint32_t> late;              // too late in company, to be run alone
    bool is_late = false;                      // one was so alone too: from then on none gets company
    // Of the first sample that was not accepted, or else the first.
    std::optional<std::string> shown_name;
    bool shown_failed = false;
    std::string stdout_text;
    std::string stderr_text;
    std::string accounting;
    // Of a function problem: the most that a process took, and what that one said that failed first.
    FunctionRun::Done most;
    std::optional<std::uint32_t> failed_first;
  };
  Work work_;
};

}  // namespace pushjudge
