#pragma once

// The flags of the format's default validator. Pure.

#include <span>
#include <string>
#include <vector>

#include "api/packages/findings.hpp"
#include "proto/problem.hpp"

namespace pushjudge::packages {

// A word with where it stands.
struct PlacedWord {
  std::string text;
  Place place;
};

// `repeats`: of two tolerances of one kind the last one counts, as in legacy packages, where those of a group follow
// those of the problem; else that is an error. Errors go to the findings.
CompareFlags parse_compare_flags(std::span<const PlacedWord> words, bool repeats, Findings& findings);

}  // namespace pushjudge::packages
