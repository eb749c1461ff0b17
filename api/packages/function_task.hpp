#pragma once

// function.yaml: what makes a package's problem a function problem. One thread at a time.

#include <optional>
#include <string>

#include "api/packages/folder.hpp"
#include "proto/problem.hpp"

namespace pushjudge::packages {

inline const std::string kFunctionFile = "function.yaml";

struct FunctionSettings {
  FunctionTask task;      // but for the reference solution
  std::string checker;    // below checkers/; empty: the judge compares
  std::string reference;  // the package's file; empty: the first accepted submission
  Place reference_place;
};

// Nothing: the package has none. What cannot be told is in the findings.
std::optional<FunctionSettings> read_function_settings(const PackageFolder& folder, Findings& findings);

}  // namespace pushjudge::packages
