#pragma once

// The problem judge with the languages that are installed.

#include <string>

#include "tests/support/problem_site.hpp"
#include "tests/unit/worker/box.hpp"

namespace pushjudge::testing {

struct ProblemBench : ProblemSite {
  explicit ProblemBench(unsigned lanes = 1)
      : ProblemSite({defaults().sandbox, lanes}, unpacker(), [](const std::string& slug) { return language(slug); }) {}
};

}  // namespace pushjudge::testing
