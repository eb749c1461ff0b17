#pragma once

// Judges one submission at a time: unpacks its files if it brings any, compiles it if its language does, runs it as
// often as it asks for, compares what it printed, and writes the report. A state machine: it starts runs on a Runner,
// is told how each ended, and answers with what there is to tell the core. Knows no clock, no socket and no log. Owned
// by one slot.
//
// Each run has a box of its own, into which go the source or what the compiler made of it, the files that came with it,
// and standard input; the expected output never leaves this process.

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "proto/base/unique_fd.hpp"
#include "proto/submission.hpp"
#include "worker/builder.hpp"
#include "worker/languages.hpp"
#include "worker/program.hpp"
#include "worker/runner.hpp"
#include "worker/sandbox/outcome.hpp"
#include "worker/unpacker.hpp"

namespace pushjudge {

struct JudgeOptions {
  sandbox::Limits compiling = compile_limits();
  // The most memory of a box where the limit of memory is that of each process.
  std::uint64_t memory_kib_max = 1 << 20;
  Unpacker unpacker;  // without a program, a submission with additional files is a failure of ours
};

class Judge {
 public:
  struct Compiled {
    std::chrono::microseconds wall;
  };
  struct Finished {
    Report report;
  };
  // The box failed, not the program.
  struct Failed {
    std::string reason;
  };
  // monostate: nothing to tell yet. After Finished and Failed the judge is idle.
  using News = std::variant<std::monostate, Compiled, Finished, Failed>;

  explicit Judge(Runner& runner, JudgeOptions options = {})
      : runner_(runner), options_(std::move(options)), builder_(runner_, options_.unpacker) {}

  bool idle() const { return stage_ == Stage::idle; }

  // `recipe` must outlive the submission. Only when idle.
  News start(Submission submission, const Recipe& recipe);

  // The run under way ended.
  News on_outcome(sandbox::Outcome outcome);
  // The box is gone, and with it the run.
  News on_broken(std::string reason);

  // Ends the submission without a report. Idle once the end of the run under way has been told.
  void drop();

 private:
  enum class Stage { idle, building, running, dropping };

  struct Work {
    Submission submission;
    UniqueFd input;
    Program program;
    std::uint64_t runs_done = 0;
    std::uint64_t cpu_us_sum = 0;
    std::uint64_t wall_us_sum = 0;
    std::uint64_t memory_kib_sum = 0;
  };

  News take(Builder::News news);
  News start_run();
  News on_run(const sandbox::Outcome& outcome);
  News finish(Report report);
  News fail(std::string reason);

  Runner& runner_;
  JudgeOptions options_;
  Builder builder_;
  Stage stage_ = Stage::idle;
  Work work_;
};

}  // namespace pushjudge
