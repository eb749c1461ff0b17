#pragma once

// The submissions that come with a package, and what each is to come to: said by its folder, by submissions.yaml, or in
// its source. One thread at a time.

#include <vector>

#include "api/packages/expected.hpp"
#include "api/packages/metadata.hpp"
#include "api/packages/programs.hpp"

namespace pushjudge::packages {

struct PackageSubmission {
  std::string name;  // "accepted/sum.py"
  Program program;
  ExpectedOutcome expected;
};

std::vector<PackageSubmission> read_submissions(const PackageFolder& folder, const Metadata& metadata,
                                                Findings& findings);

// What a source says of itself, anywhere in it: @EXPECTED_RESULTS@: and @EXPECTED_SCORE@:.
struct Annotations {
  std::optional<Words> results;
  std::optional<double> score;
  std::vector<std::string> unknown;  // results that are none
};
Annotations annotations_in(std::string_view source);

}  // namespace pushjudge::packages
