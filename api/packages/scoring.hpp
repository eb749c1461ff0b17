#pragma once

// How the scores of the draft's groups and tests follow from what its files say. Pure.

#include <optional>
#include <string>
#include <vector>

#include "api/packages/yaml.hpp"
#include "proto/problem.hpp"

namespace pushjudge::packages {

// Of one group: `scoring` in its test_group.yaml.
struct ScoringRule {
  Place place;
  bool unbounded = false;
  std::optional<double> score;
  std::optional<Aggregation> aggregation;
  std::vector<std::string> require_pass;
};

// Of legacy packages, from grader_flags. `root`: flags that are for the whole are allowed; `own`: the flags are this
// group's own, not inherited.
void apply_grader_flags(const std::vector<std::string>& flags, const Place& place, bool root, bool own,
                        TestGroup& group, Findings& findings);

ScoringRule read_scoring_rule(const YamlValue& scoring, Findings& findings);

// Gives groups and tests their scores; `rules` has one for each group.
void apply_scoring_rules(const std::vector<ScoringRule>& rules, std::vector<TestGroup>& groups,
                         std::vector<ProblemTest>& tests, Findings& findings);

}  // namespace pushjudge::packages
