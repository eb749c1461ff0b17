#pragma once

// The tests of function problems as people write them: JSON, a line a test, each with its arguments and what is
// expected. Read into the lines that the judge keeps. Pure; any thread; nothing here is taken at its word.
//
//   {"args": [[2,7,11,15], 9], "expected": [0,1]}
//   {"name": "two", "input": "nums = [2,7,11,15], target = 9", "output": "[0,1]"}

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.hpp"
#include "proto/function_values.hpp"

namespace pushjudge::packages {

struct FunctionTest {
  std::string name;     // empty: it says none
  Arguments arguments;  // canonical
  std::string expected;
};

// JSON of bounded depth: the values of tests are never deep, and what is deeper could end whoever reads it. Errors:
// invalid.
Result<nlohmann::json> parse_flat_json(std::string_view text);

// `args`, an array, or `input`, in LeetCode's words; and `expected`, a value or the text of one, or `output`, always
// the text of one. Errors: invalid, with the place: "args[0]: expected an integer…".
Result<FunctionTest> read_function_test(const Signature& signature, const nlohmann::json& test);

// The tests of one process, as the judge keeps them.
struct FunctionTestFile {
  std::string input;
  std::string answer;

  void add(const FunctionTest& test);
};

// The arguments as LeetCode shows them: "nums = [2,7,11,15], target = 9"; of a class its two lines.
std::string shown_arguments(const Signature& signature, const Arguments& arguments);

}  // namespace pushjudge::packages
