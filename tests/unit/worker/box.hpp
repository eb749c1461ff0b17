#pragma once

// The judge with the real sandbox, for tests that judge real programs.

#include <filesystem>
#include <string>
#include <string_view>

#include "worker/config.hpp"
#include "worker/judge.hpp"
#include "worker/languages.hpp"
#include "worker/sandbox_runner.hpp"

namespace pushjudge::testing {

// Where the programs of this build are.
const WorkerDefaults& defaults();

// False, and says why, where this host cannot make boxes; fails there when it must be able to.
bool boxes_work();

// Nothing, and says so, where the language is not installed. Stays valid to the end of the process.
const Recipe* language(std::string_view slug);

std::string text_of(const std::filesystem::path& file);
Submission submission_of(std::string source, std::string input = "");

// Checks the verdict, and shows the whole report when it is another.
void check(const Report& report, Verdict verdict);

// Whether memory was held to its limit. Without control groups it is looked at from time to time, and a program may be
// quicker.
bool counted(const Report& report);

// Waits for the end of the run under way and tells the judge.
Judge::News take_end(Judge& judge, SandboxRunner& runner);

// What unpacks additional files, with its usual limit.
const Unpacker& unpacker();

struct Box {
  explicit Box(const sandbox::Limits& compiling = compile_limits());

  // Fails the test when the box does.
  Report report_on(const Submission& submission, const Recipe& recipe);

  SandboxRunner runner{defaults().sandbox};
  Judge judge;
  int compilations = 0;  // that succeeded
};

}  // namespace pushjudge::testing
