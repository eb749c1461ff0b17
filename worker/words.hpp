#pragma once

// Splits a text into the words of a command line. Pure; any thread. This is not a shell: nothing is expanded,
// substituted or run, and `$ & ; < > | * ~` are characters like any other.
//
//   blanks (space, tab, line breaks)   separate words
//   '...'                              everything inside, as it stands
//   "..."                              everything inside; \" and \\ give " and \, any other backslash stands for itself
//   \c outside of quotes               the character c, also a blank or a quote
//   a""b, '' and ""                    quotes may stand inside a word; a pair with nothing inside is an empty word
//
// Errors (`invalid`): a quote that is not closed, a backslash with nothing behind it, a NUL byte.

#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"

namespace pushjudge {

using Words = std::vector<std::string>;

Result<Words> split_words(std::string_view text);

}  // namespace pushjudge
