#pragma once

// What the commands of `pushjudge` share: files, standard output, and how they fail. Main thread.

#include <string>

#include "proto/base/result.hpp"

namespace pushjudge::client {

// Says the error on standard error and gives the exit code that goes with it.
int fail(const Error& error);

void print(const std::string& text);

// `path` may be - for standard input. Errors: invalid, also for what is larger than 16 MiB.
Result<std::string> read_file(const std::string& path);

// Errors: invalid.
Result<void> write_file(const std::string& path, const std::string& content);

}  // namespace pushjudge::client
