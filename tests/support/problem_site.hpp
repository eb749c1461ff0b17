#pragma once

// The problem judge with real boxes and no core: problems made in memory, submissions judged to their end. Throws
// std::runtime_error where something is not as it must be.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/base/clock.hpp"
#include "proto/problem.hpp"
#include "proto/submission.hpp"
#include "worker/problem_judge.hpp"
#include "worker/problem_shelf.hpp"
#include "worker/sandbox_runner.hpp"

namespace pushjudge::testing {

// A problem whose files are kept until a judge asks for them.
class ProblemFolder {
 public:
  ProblemFolder();
  ProblemTest& add_test(const std::string& input, const std::string& answer, bool sample = false);
  void set_checker(CheckerProtocol protocol, const std::string& language, const std::string& source);
  // From here on a function problem, whose metadata is this.
  void set_function(const std::string& metadata);
  void set_reference(const std::string& language, const std::string& source);
  // A file of tests, as function problems have them: the lines of each, and what is expected.
  void add_function_tests(const std::vector<std::pair<std::string, std::string>>& tests, bool sample = false);
  ProblemFile file(const std::string& name, const std::string& bytes);

  Problem problem;  // pass-fail, with the default checker, 1 s and 256 MiB
  std::map<Digest, std::string> files;
};

struct Judged {
  Report report;
  std::vector<TestProgress> progress;
  std::string failure;  // of ours
  int compilations = 0;
  int wanted = 0;         // files that were asked for
  double testing_us = 0;  // from the start of the first test to the end of the last
};

struct SiteOptions {
  std::string sandbox;  // the program
  unsigned lanes = 1;   // pairs of boxes that one submission may use
};

// One slot, and idle ones that it may borrow from.
class ProblemSite {
 public:
  // `unpacker` must outlive this.
  ProblemSite(const SiteOptions& options, const Unpacker& unpacker, ProblemJudge::OfferedLanguage offered);

  // Judges it; files of `folder` are given when they are asked for, but for those that it lacks. The judge is idle
  // again afterwards.
  Judged judge(const ProblemFolder& folder, const std::string& language, const std::string& source,
               Submission submission = {});
  // Has it dropped when the first test is done; whether it came to its end all the same.
  bool drop_midway(const ProblemFolder& folder, const std::string& language, const std::string& source);

  ProblemShelf shelf{64 << 20};

 private:
  struct Boxes {
    explicit Boxes(const std::string& sandbox) : program(sandbox), checker(sandbox), lane(program, checker) {}
    SandboxRunner program;
    SandboxRunner checker;
    Lane lane;
  };
  static std::vector<std::unique_ptr<Boxes>> make_boxes(const SiteOptions& options);
  void start(const ProblemFolder& folder, const std::string& language, Submission submission);
  void take(ProblemJudge::News news, const ProblemFolder& folder);
  void turn(const ProblemFolder& folder);

  std::vector<std::unique_ptr<Boxes>> boxes_;
  ProblemJudge::OfferedLanguage offered_;
  ProblemJudge judge_;
  Judged judged_;
  bool ended_ = false;
  TimePoint testing_since_;
};

}  // namespace pushjudge::testing
