#pragma once

// What the end of a run means to the person who sent the program: verdicts and the words for them. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string>

#include "proto/submission.hpp"
#include "worker/sandbox/outcome.hpp"

namespace pushjudge {

// The verdict of a run, its exit code and signal, its message and what it used, before its output is looked at:
// accepted means that it ended well. Not for outcomes that say nothing about the program (cancelled, internal_error).
Report report_of_run(const sandbox::Outcome& outcome, const Limits& limits);

// Why a compilation failed, as a sentence to stand behind what the compiler printed; empty where that says it all.
// Nothing when it succeeded and left every artifact. Not for outcomes that say nothing about the source (cancelled,
// exec_failed, internal_error).
std::optional<std::string> compilation_failure(const sandbox::Outcome& outcome);

// `text`, or its beginning and a note when it is longer than `bytes_max`; does not cut a UTF-8 character in two.
std::string shortened(std::string text, std::size_t bytes_max);

// Where the sandbox failed, for the log and the core.
std::string describe(const sandbox::Failure& failure);

}  // namespace pushjudge
