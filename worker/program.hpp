#pragma once

// A program that is ready to be run: what compiling made of a source, or the source itself. Never changes, and is
// shared by all runs of it, at the same time too. Any thread.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "proto/limits.hpp"
#include "worker/languages.hpp"
#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/outcome.hpp"
#include "worker/sandbox/spec.hpp"

namespace pushjudge {

// What compiling may use, whatever the submission's own limits are.
sandbox::Limits compile_limits();

// What a run of `recipe` may use. A CPU or file size limit of 0 means none of its own, as with isolate: the wall clock
// and the size of the box hold. Where a limit is that of each process, all together may use it once for each that is
// allowed, but no more memory than `memory_kib_max`, unless a single process may.
sandbox::Limits run_limits(const Limits& limits, const RunStep& step, std::uint64_t memory_kib_max);

// The variables that every program finds, and those of the recipe.
std::vector<std::string> environment_with(const std::vector<std::string>& more, const std::vector<Placeholder>& values);

// A file that lies beside the source, whoever brought that.
struct SharedFile {
  std::string name;
  std::shared_ptr<const UniqueFd> content;  // a sealed memfd
};

struct Program {
  struct Artifact {
    std::string name;
    sandbox::Fd content;
  };

  const Recipe* recipe = nullptr;
  UniqueFd source;  // where the source is what is run
  // The files that lie in the box: those of an archive, then whatever compiling left there. Nothing without archive.
  sandbox::Fd files;
  std::vector<Artifact> artifacts;  // what compiling left, without archive
  std::vector<SharedFile> included;
  std::string script;  // of RunStep::scripts
  Words arguments;
  bool compiled = false;
  std::string compile_output;
};

// Whether what could not be started is the language's own program and not that of the submission.
bool toolchain_is_missing(const sandbox::Outcome& outcome, const Program& program);

// A run of it without input. The program must outlive the sending, and `more` arguments come last.
sandbox::Spec run_of(const Program& program, const Limits& limits, std::uint64_t memory_kib_max,
                     const Words& more = {});

}  // namespace pushjudge
