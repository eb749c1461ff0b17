#pragma once

// Whether what a program printed is what was expected. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "proto/problem.hpp"

namespace pushjudge {

// Judge0's comparison: blanks at the end of each line and at the end of the whole do not count, everything else does. A
// blank is any of space, \t, \n, \v, \f, \r and NUL. Nothing printed equals nothing expected.
bool same_output(std::string_view printed, std::string_view expected);

// The comparison of the Kattis format's default validator: token by token, where blanks only part tokens unless their
// change counts. Where there is a tolerance, a token of the answer that is a number is met by any number that is near
// enough, by either of the tolerances. Nothing when they match; else where they first differ, for the judges.
std::optional<std::string> difference(std::string_view printed, std::string_view answer, const CompareFlags& flags);

}  // namespace pushjudge
