#pragma once

// A problem that is as small as one can be.

#include <string>

#include "proto/problem.hpp"

namespace pushjudge::testing {

inline Blob blob_of(const std::string& bytes) {
  return {digest_of(bytes), bytes.size()};
}

// One test, with these as its input and its answer.
inline Problem small_problem(const std::string& slug, const std::string& input, const std::string& answer) {
  Problem problem;
  problem.slug = slug;
  problem.title = "Of " + slug;
  problem.groups.resize(1);
  ProblemTest test;
  test.name = "secret/1";
  test.input = blob_of(input);
  test.answer = blob_of(answer);
  problem.tests = {test};
  return problem;
}

}  // namespace pushjudge::testing
