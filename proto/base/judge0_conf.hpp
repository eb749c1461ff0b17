#pragma once

// A `judge0.conf` as Judge0's users have it: NAME=VALUE lines that a shell sources and docker reads as an env_file.
// Each program takes from it what it knows. Pure but for read_judge0_conf(); values, any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.hpp"

namespace pushjudge {

class Judge0Conf {
 public:
  struct Entry {
    std::string value;
    std::size_t line = 0;
  };

  Judge0Conf() = default;
  // Comments, blank lines, `export `, single and double quotes (with \" \\ \$ \` in the latter), and a '#' after a
  // blank are what they are to a shell; an unquoted value goes to the end of its line, blanks and all, as docker has
  // it. Nothing is expanded. Of two lines with one name the last counts. `name` is the file's, for messages. Errors:
  // invalid, as "FILE:LINE: what is wrong".
  static Result<Judge0Conf> parse(std::string_view text, std::string name);

  // Null: not there, or empty, which in Judge0 is the default.
  const Entry* find(std::string_view variable) const;
  // A whole number. Nothing: not there or empty. Errors: invalid, for what is none or out of the bounds.
  Result<std::optional<std::uint64_t>> number(std::string_view variable, std::uint64_t least, std::uint64_t most) const;

  // "FILE:LINE: VARIABLE: what".
  Error error_at(std::string_view variable, const std::string& what) const;
  // All that are not empty.
  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }

 private:
  std::string name_;
  std::map<std::string, Entry, std::less<>> entries_;
};

// Errors: invalid for what parse() refuses; unavailable for a file that cannot be read, or has more than a megabyte.
Result<Judge0Conf> read_judge0_conf(const std::string& path);

}  // namespace pushjudge
