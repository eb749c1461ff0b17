#pragma once

// problem.yaml of both formats, and the files beside it that say a time limit. One thread at a time.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/packages/compare_flags.hpp"
#include "api/packages/folder.hpp"
#include "proto/problem.hpp"

namespace pushjudge::packages {

enum class PackageFormat { legacy, draft };  // legacy-icpc is a part of legacy; the draft is 2023-07

// How a time limit follows from how long the package's own submissions take, where it is not given.
struct Timing {
  std::optional<std::uint64_t> given_ms;
  double accepted_to_limit = 5;   // the limit is at least so many times what the slowest accepted one takes
  double limit_to_too_slow = 2;   // what is too slow takes at least so many times the limit
  std::uint64_t step_ms = 1'000;  // the limit is a multiple of it
};

struct Metadata {
  PackageFormat format = PackageFormat::legacy;
  std::map<std::string, std::string> names;  // by language; of legacy packages under "en"
  std::string author;
  std::string source;
  std::string license;
  bool scoring = false;
  bool interactive = false;
  bool multi_pass = false;
  bool custom_validator = false;  // of legacy packages: said by `validation`
  Place validation;               // where that is said
  std::vector<PlacedWord> validator_flags;
  std::vector<std::string> languages;  // slugs; empty: all
  ProblemLimits limits;
  Timing timing;
  std::map<std::string, std::string> constants;
};

// What cannot be told is in the findings.
Metadata read_metadata(const PackageFolder& folder, Findings& findings);

// Puts constants in the place of {{name}}.
std::string with_constants(std::string text, const std::map<std::string, std::string>& constants);

}  // namespace pushjudge::packages
