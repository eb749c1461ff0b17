#include "api/packages/scoring.hpp"

#include <algorithm>
#include <cmath>

namespace pushjudge::packages {

namespace {

class ScoreShares {
 public:
  ScoreShares(const std::vector<ScoringRule>& rules, std::vector<TestGroup>& groups, std::vector<ProblemTest>& tests,
              Findings& findings)
      : rules_(rules), groups_(groups), tests_(tests), findings_(findings) {}

  void apply() {
    for (std::uint32_t i = 0; i < groups_.size(); ++i) {
      TestGroup& group = groups_[i];
      group.aggregation = rules_[i].aggregation.value_or(is_subgroup(i) ? Aggregation::pass_fail : Aggregation::sum);
      group.min_score = 0;
      // What a sum loses with one test, others still add to.
      group.break_on_reject = is_subgroup(i) && group.aggregation != Aggregation::sum;
    }
    groups_.front().ignore_sample = true;
    for (ProblemTest& test : tests_) test.accept_score = 0;
    for (std::uint32_t i = 1; i < groups_.size(); ++i) {
      if (groups_[i].name == "sample") groups_[i].max_score = 0;
      if (groups_[i].name != "secret") continue;
      share(i, most_of(i, 100.0));
      groups_.front().max_score = groups_[i].max_score;
    }
    for (std::uint32_t i = 1; i < groups_.size(); ++i) require(i);
  }

 private:
  bool is_subgroup(std::uint32_t group) const { return groups_[group].name.starts_with("secret/"); }

  // Nothing: unbounded.
  std::optional<double> most_of(std::uint32_t group, std::optional<double> inferred) const {
    if (rules_[group].unbounded) return std::nullopt;
    return rules_[group].score ? rules_[group].score : inferred;
  }

  bool is_said(std::uint32_t group) const { return rules_[group].unbounded || rules_[group].score; }

  std::vector<std::uint32_t> subgroups_of(std::uint32_t group) const {
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = group + 1; i < groups_.size(); ++i) {
      if (groups_[i].parent == group) all.push_back(i);
    }
    return all;
  }

  void error(std::uint32_t group, const std::string& what) {
    const Place& place = rules_[group].place;
    findings_.error(place.file.empty() ? Place{"data/" + groups_[group].name} : place, what);
  }

  void share(std::uint32_t index, std::optional<double> most) {
    TestGroup& group = groups_[index];
    group.max_score = most;
    const auto subgroups = subgroups_of(index);
    if (group.aggregation == Aggregation::pass_fail) return share_nothing(index, subgroups);

    double said = 0;
    std::size_t others = 0;
    for (const auto sub : subgroups) {
      if (rules_[sub].unbounded && most) error(sub, "its score is unbounded, but that of the group around it is not");
      if (is_said(sub)) {
        said += rules_[sub].score.value_or(0);
      } else {
        ++others;
      }
    }
    for (const ProblemTest& test : tests_) others += test.group == index ? 1 : 0;
    std::optional<double> inferred = most;
    if (most && group.aggregation == Aggregation::sum) {
      if (said > *most) error(index, "the scores of its groups add up to more than its own");
      if (others > 0) inferred = std::max(0.0, *most - said) / static_cast<double>(others);
    }
    for (ProblemTest& test : tests_) {
      if (test.group == index) test.accept_score = inferred;
    }
    for (const auto sub : subgroups) share(sub, most_of(sub, inferred));
  }

  // Its parts pass or fail, and have no scores of their own.
  void share_nothing(std::uint32_t index, const std::vector<std::uint32_t>& subgroups) {
    if (!groups_[index].max_score) {
      error(index, "a group that passes or fails must have a score: it cannot be unbounded");
      groups_[index].max_score = 0;
    }
    for (const auto sub : subgroups) {
      if (groups_[sub].aggregation != Aggregation::pass_fail) {
        error(sub, "a group within one that passes or fails must pass or fail too");
      }
      groups_[sub].aggregation = Aggregation::pass_fail;
      share(sub, 0.0);
    }
  }

  void require(std::uint32_t index) {
    for (const std::string& name : rules_[index].require_pass) {
      const auto found = std::ranges::find(groups_, name, &TestGroup::name);
      const auto required = static_cast<std::uint32_t>(found - groups_.begin());
      if (found == groups_.end() || name.empty()) {
        const bool test = std::ranges::find(tests_, name, &ProblemTest::name) != tests_.end();
        error(index, test ? "'require_pass' names the test " + name + ": only groups are supported"
                          : "'require_pass' names " + name + ", which is no group");
      } else if (required >= index || name == "secret") {
        error(index, "'require_pass' names " + name + ", which does not come before it");
      } else if (name != "sample" && found->aggregation != Aggregation::pass_fail) {
        error(index, "'require_pass' names " + name + ", which does not pass or fail");
      } else {
        groups_[index].require_pass.push_back(required);
      }
    }
  }

  const std::vector<ScoringRule>& rules_;
  std::vector<TestGroup>& groups_;
  std::vector<ProblemTest>& tests_;
  Findings& findings_;
};

}  // namespace

void apply_grader_flags(const std::vector<std::string>& flags, const Place& place, bool root, bool own,
                        TestGroup& group, Findings& findings) {
  for (const std::string& flag : flags) {
    if (flag == "worst_error") {
      group.verdict = GroupVerdict::worst_error;
    } else if (flag == "first_error") {
      group.verdict = GroupVerdict::first_error;
    } else if (flag == "always_accept") {
      group.verdict = GroupVerdict::always_accept;
    } else if (flag == "sum") {
      group.aggregation = Aggregation::sum;
    } else if (flag == "avg") {
      group.aggregation = Aggregation::average;
    } else if (flag == "min") {
      group.aggregation = Aggregation::min;
    } else if (flag == "max") {
      group.aggregation = Aggregation::max;
    } else if (flag == "accept_if_any_accepted") {
      group.accept_if_any_accepted = true;
    } else if (flag != "ignore_sample") {
      findings.error(place, "the default grader has no flag '" + flag + "'");
    } else if (root) {
      group.ignore_sample = true;
    } else if (own) {
      findings.error(place, "'ignore_sample' is for data/testdata.yaml only");
    }
  }
}

ScoringRule read_scoring_rule(const YamlValue& scoring, Findings& findings) {
  ScoringRule rule;
  rule.place = scoring.place;
  if (scoring.kind != YamlValue::Kind::map) {
    findings.error(scoring.place, "'scoring' must be a map");
    return rule;
  }
  for (const auto& [key, value] : scoring.entries) {
    if (key == "score") {
      rule.unbounded = value.text == "unbounded";
      if (rule.unbounded) continue;
      rule.score = number_in(value, key, findings);
      if (rule.score && (*rule.score < 0 || *rule.score != std::floor(*rule.score))) {
        findings.error(value.place, "'score' must be a whole number from 0 on, or unbounded");
      }
    } else if (key == "aggregation") {
      const auto text = text_in(value, key, findings).value_or("");
      if (text == "pass-fail") rule.aggregation = Aggregation::pass_fail;
      if (text == "sum") rule.aggregation = Aggregation::sum;
      if (text == "min") rule.aggregation = Aggregation::min;
      if (!rule.aggregation) findings.error(value.place, "'aggregation' must be pass-fail, sum or min");
    } else if (key == "require_pass") {
      rule.require_pass = texts_in(value, key, findings).value_or(std::vector<std::string>());
    } else {
      findings.error(value.place, "unknown key '" + key + "' in 'scoring'");
    }
  }
  return rule;
}

void apply_scoring_rules(const std::vector<ScoringRule>& rules, std::vector<TestGroup>& groups,
                         std::vector<ProblemTest>& tests, Findings& findings) {
  ScoreShares(rules, groups, tests, findings).apply();
}

}  // namespace pushjudge::packages
