#pragma once

// Whether what a program printed is what was expected. Pure; any thread.

#include <string_view>

namespace pushjudge {

// Judge0's comparison: blanks at the end of each line and at the end of the whole do not count, everything else does. A
// blank is any of space, \t, \n, \v, \f, \r and NUL. Nothing printed equals nothing expected.
bool same_output(std::string_view printed, std::string_view expected);

}  // namespace pushjudge
