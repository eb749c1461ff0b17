#pragma once

// Function problems of a collection, one a line of JSON, read into what the judge needs; nothing is sent. Pure but for
// write_package(); any thread; nothing here is taken at its word.
//
//   {"slug": "two-sum", "title": "Two Sum", "metadata": {…}, "tests": [{"input": "[2,7]\n9", "expected": [0,1]}],
//    "limits": {"time_limit": 2}, "compare": "unordered", "solutions": {"python": "class Solution: …"}}

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/packages/function_tests.hpp"
#include "api/packages/programs.hpp"
#include "proto/problem.hpp"

namespace pushjudge::packages {

inline constexpr std::size_t kImportedLineBytesMax = 64 << 20;
inline constexpr std::uint64_t kImportedTimeMs = 5'000;  // where the line says no limit

struct ImportedProblem {
  Problem problem;
  std::map<Digest, std::string> blobs;  // all that the problem names
  std::vector<Program> solutions;       // each to be accepted
  std::vector<FunctionTest> samples;    // in their order; so are the others
  std::vector<FunctionTest> secrets;
  std::set<std::string> unknown_keys;  // that were passed over
};

// Errors: invalid, with the place.
Result<ImportedProblem> read_imported_problem(std::string_view line);

// As a package in a new folder called like the problem. Errors: invalid: it is there already, or cannot be written.
Result<void> write_package(const std::filesystem::path& folder, const ImportedProblem& imported);

}  // namespace pushjudge::packages
