#pragma once

// Makes a program of a source: unpacks the files that come with it, and compiles it where its language does. A state
// machine like the judge's: it starts runs on a Runner and is told how each ended. Owned by one slot; knows no clock,
// no socket and no log. Each step has a box of its own.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "proto/submission.hpp"
#include "worker/file_tree.hpp"
#include "worker/languages.hpp"
#include "worker/program.hpp"
#include "worker/runner.hpp"
#include "worker/sandbox/outcome.hpp"
#include "worker/unpacker.hpp"

namespace pushjudge {

// The most of a compiler's output that is kept.
inline constexpr std::size_t kCompileOutputBytesMax = 64 << 10;

// What a program is made of.
struct SourceParts {
  std::string source_code;
  std::optional<std::string> additional_files;  // a zip archive
  Words options;                                // for the compiler
  Words arguments;                              // for each run
  std::vector<SharedFile> included;             // take the place of the archive's
  std::vector<std::string> reserved;            // names of files that runs are given besides; likewise
  // Whether other sources of the language, among the files, are compiled with it where its compiler wants them named.
  bool more_sources = false;
  sandbox::Limits limits = compile_limits();
};

class Builder {
 public:
  struct Built {
    Program program;
    std::chrono::microseconds wall{0};  // what compiling took
  };
  // It cannot be made into a program, for a reason that is its own.
  struct Refused {
    Report report;
  };
  // The box failed, not the source.
  struct Failed {
    std::string reason;
  };
  // monostate: a run is under way. After all others the builder is idle.
  using News = std::variant<std::monostate, Built, Refused, Failed>;

  Builder(Runner& runner, const Unpacker& unpacker) : runner_(runner), unpacker_(unpacker) {}

  bool idle() const { return stage_ == Stage::idle; }

  // `recipe` must outlive what is built. Only when idle.
  News start(SourceParts parts, const Recipe& recipe);
  // The run under way ended, with an outcome that says something about it.
  News on_outcome(sandbox::Outcome outcome);
  // Whatever was under way is of no interest any more.
  void forget();

 private:
  enum class Stage { idle, unpacking, compiling };

  News start_unpacking();
  News start_first_step();
  News start_compiling(const std::string& script, const std::vector<TreeFile>& files);
  News on_unpacked(sandbox::Outcome outcome);
  News on_compiled(sandbox::Outcome outcome);
  // The name of a file of ours, or of one of `more`, that `files` leave no place for; nothing: all have theirs.
  std::optional<std::string> obstructed(std::vector<std::string> more, const std::vector<TreeFile>& files) const;
  News built(std::chrono::microseconds wall);
  News refuse_files(const std::string& reason);
  News refuse(Report report);
  News fail(std::string reason);

  Runner& runner_;
  const Unpacker& unpacker_;
  Stage stage_ = Stage::idle;
  SourceParts parts_;
  Program program_;
};

}  // namespace pushjudge
