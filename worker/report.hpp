#pragma once

// What the end of a run means to the person who sent the program: verdicts and the words for them. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/submission.hpp"
#include "worker/languages.hpp"
#include "worker/sandbox/outcome.hpp"

namespace pushjudge {

// The verdict of a run, its exit code and signal, its message and what it used, before its output is looked at:
// accepted means that it ended well. Not for outcomes that say nothing about the program (cancelled, internal_error).
Report report_of_run(const sandbox::Outcome& outcome, const Limits& limits);

// How much of the end of standard error is searched by recognise_out_of_memory(). A stack trace may follow what counts:
// Java's has up to 1024 lines.
inline constexpr std::size_t kLastWordsBytes = 128 << 10;

// Makes a runtime error memory_limit_exceeded when it is one of the `ways` in which the language ends a program whose
// heap is full; exit code and signal stay. `errors` is what the program wrote to standard error. A program can forge
// that, and has turned no more than its own runtime error into its own memory limit.
void recognise_out_of_memory(Report& report, const std::vector<OutOfMemory>& ways, std::string_view errors);

// Why a compilation failed, as a sentence to stand behind what the compiler printed; empty where that says it all.
// Nothing when it succeeded and left every artifact. Not for outcomes that say nothing about the source (cancelled,
// exec_failed, internal_error).
std::optional<std::string> compilation_failure(const sandbox::Outcome& outcome);

// Whether the files that a run was to find have no place in its box: one is where another's folder has to be, or all
// are too large together. That is the fault of who made them; any other internal_error is the box's.
bool is_misplaced(const sandbox::Outcome& outcome);

// `text`, or its beginning and a note when it is longer than `bytes_max`; does not cut a UTF-8 character in two.
std::string shortened(std::string text, std::size_t bytes_max);

// Where the sandbox failed, for the log and the core.
std::string describe(const sandbox::Failure& failure);

}  // namespace pushjudge
