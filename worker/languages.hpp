#pragma once

// The languages of a folder: each is a folder of its own with a language.yaml (worker/README.md shows one). Reading
// does file I/O and nothing else; no toolchain is started here. Values; any thread.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/result.hpp"
#include "worker/command.hpp"
#include "worker/function_kit.hpp"
#include "worker/support_file.hpp"

namespace pushjudge {

struct CompileStep {
  Command command;                     // may say {options}, and {script} where there are scripts
  std::vector<std::string> artifacts;  // what is carried over to the runs; each must be there afterwards
  // Names in the submission's archive, of which the first that is there is {script}; without any there, nothing is
  // compiled. Whatever such a step leaves is carried over.
  std::vector<std::string> scripts;
  // How files end that are further sources, to be named among the options; for a problem's programs of several files.
  std::vector<std::string> more_sources;
  std::vector<std::string> environment;
  std::vector<SupportFile> files;  // of the language's folder, put beside the source
};

// How a language ends a program that has used up its heap, before the box has to: with this exit code or by this
// signal, and with this text among its last words on standard error.
struct OutOfMemory {
  int exit_code = 0;  // when no signal ends it
  int signal = 0;
  std::string said;
};

struct RunStep {
  // May say {memory_mb} and {stack_kib}, and {script}; the command line arguments of a submission come last.
  Command command;
  std::vector<std::string> scripts;  // as for compiling; one of them must be there, in the archive or after compiling
  std::vector<std::string> environment;  // ditto
  // What the language's own machinery takes beside the program, given on top of the submission's limits: the heap of a
  // virtual machine is held to the limit by its own flag, and its other memory and its threads are not the program's.
  std::uint64_t memory_extra_kib = 0;
  std::uint32_t processes_extra = 0;
  // It reserves far more address space than it ever uses, so that no process of it can be held to a limit of that.
  bool reserves_memory = false;
  std::vector<OutOfMemory> out_of_memory;  // any of them is memory_limit_exceeded
};

// How to find out whether the toolchain is there, and its version.
struct VersionProbe {
  Command command;
  std::string pattern;  // a regular expression whose first group is the version
};

// A language as its folder describes it.
struct Recipe {
  std::int32_t id = 0;
  std::vector<std::int32_t> also;  // further ids that mean this language
  std::string slug;                // the name of the folder
  std::string name;                // with {version} where the version goes
  VersionProbe version;
  std::string source_file;         // empty: submissions are archives
  bool source_executable = false;  // the source is the program
  std::optional<CompileStep> compile;
  RunStep run;
  std::optional<FunctionKit> function;  // nothing: it has no function problems
};

// Errors: `not_found` without a language.yaml; `invalid` with file, line and reason for one that is wrong.
Result<Recipe> read_recipe(const std::filesystem::path& folder);

struct LeftOut {
  std::string slug;
  std::string reason;
};

struct RecipeFolder {
  std::vector<Recipe> recipes;    // by id
  std::vector<LeftOut> left_out;  // folders that cannot be used, and ids that are taken
};

// All languages below `folder`. Errors: `not_found` when the folder cannot be read.
Result<RecipeFolder> read_recipes(const std::filesystem::path& folder);

}  // namespace pushjudge
