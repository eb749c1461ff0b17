#include "worker/grading.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "proto/aggregation.hpp"
#include "proto/base/result.hpp"

namespace pushjudge {

namespace {

// The format's order of errors; the later the worse.
int badness(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted:
      return 0;
    case Verdict::wrong_answer:
      return 1;
    case Verdict::time_limit_exceeded:
    case Verdict::wall_time_limit_exceeded:
      return 2;
    case Verdict::internal_error:
      return 4;
    default:
      return 3;
  }
}

std::string name_of(const TestGroup& group) {
  return group.name.empty() ? "data" : group.name;
}

}  // namespace

Grading::Grading(const Problem& problem, bool all_tests)
    : problem_(&problem), all_tests_(all_tests), items_(problem.groups.size()), states_(problem.tests.size()) {
  // A group stands in its parent where the first of its tests is.
  std::vector<bool> placed(problem.groups.size());
  for (std::uint32_t test = 0; test < problem.tests.size(); ++test) {
    std::uint32_t group = problem.tests[test].group;
    items_[group].push_back({false, test});
    while (!placed[group] && problem.groups[group].parent) {
      placed[group] = true;
      const std::uint32_t parent = *problem.groups[group].parent;
      items_[parent].push_back({true, group});
      group = parent;
    }
  }
}

std::optional<std::uint32_t> Grading::next() {
  const auto tests = upcoming(1);
  if (tests.empty()) return std::nullopt;
  begin(tests[0]);
  return tests[0];
}

std::vector<std::uint32_t> Grading::upcoming(std::size_t limit) const {
  std::vector<std::uint32_t> tests;
  const Walk now = walk();
  for (std::uint32_t test = 0; test < states_.size() && tests.size() < limit; ++test) {
    if (!states_[test].started && is_needed(now, test)) tests.push_back(test);
  }
  return tests;
}

void Grading::done(std::uint32_t test, TestResult result) {
  PJ_ASSERT(states_[test].started && !states_[test].result);
  states_[test].result = std::move(result);
  ++done_;
}

void Grading::again(std::uint32_t test) {
  PJ_ASSERT(states_[test].started && !states_[test].result);
  states_[test].started = false;
}

bool Grading::finished() const {
  const Walk now = walk();
  for (std::uint32_t test = 0; test < states_.size(); ++test) {
    if (is_needed(now, test) && !states_[test].result) return false;
  }
  return true;
}

bool Grading::is_needed(const Walk& walk, std::uint32_t test) const {
  return !walk.blocked[test] && (all_tests_ || walk.counts[test]);
}

Grading::Walk Grading::walk() const {
  Walk walk;
  walk.counts.resize(states_.size());
  walk.blocked.resize(states_.size());
  walk.groups.resize(problem_->groups.size());
  walk_group(0, false, false, walk);
  return walk;
}

void Grading::walk_group(std::uint32_t group, bool ended, bool blocked, Walk& walk) const {
  const TestGroup& rules = problem_->groups[group];
  for (const std::uint32_t required : rules.require_pass) {
    const Mark& mark = walk.groups[required];
    // While results are missing it may still pass.
    if (mark.complete && !mark.all_accepted) blocked = true;
  }
  Mark mark;
  std::optional<Verdict> first;
  Verdict worst = Verdict::accepted;
  std::vector<std::optional<double>> parts;
  for (const Item& item : items_[group]) {
    Verdict verdict = Verdict::accepted;
    bool judged = false;
    bool accepted = false;
    std::optional<double> score;
    bool of_sample = false;
    if (item.is_group) {
      walk_group(item.index, ended, blocked, walk);
      const Mark& part = walk.groups[item.index];
      verdict = part.verdict;
      judged = part.judged;
      accepted = part.verdict == Verdict::accepted;
      score = part.score;
      of_sample = problem_->groups[item.index].name == "sample";
      mark.complete = mark.complete && part.complete;
      if (!(rules.ignore_sample && of_sample)) mark.all_accepted = mark.all_accepted && part.all_accepted;
    } else {
      walk.counts[item.index] = !ended;
      walk.blocked[item.index] = blocked;
      const auto& result = states_[item.index].result;
      const bool counts = !ended && !blocked;
      judged = counts && result;
      if (counts && !result) mark.complete = false;
      if (judged) verdict = result->verdict;
      if (judged) score = result->score;
      accepted = judged && verdict == Verdict::accepted;
      mark.all_accepted = mark.all_accepted && accepted;
    }
    if (!judged) continue;
    mark.judged = true;
    if (verdict != Verdict::accepted && rules.break_on_reject) ended = true;
    if (rules.ignore_sample && of_sample) continue;
    mark.any_accepted = mark.any_accepted || accepted;
    if (verdict != Verdict::accepted && !first) first = verdict;
    if (badness(verdict) > badness(worst)) worst = verdict;
    parts.push_back(score);
  }
  mark.verdict = rules.verdict == GroupVerdict::worst_error ? worst : first.value_or(Verdict::accepted);
  const bool forgiven =
      rules.verdict == GroupVerdict::always_accept || (rules.accept_if_any_accepted && mark.any_accepted);
  // What is our fault stays so.
  if (forgiven && worst != Verdict::internal_error) mark.verdict = Verdict::accepted;
  if (problem_->scoring && mark.judged) score_group(group, mark, parts, walk.fault);
  if (problem_->scoring && !mark.judged) mark.score = 0;
  walk.groups[group] = mark;
}

void Grading::score_group(std::uint32_t group, Mark& mark, const std::vector<std::optional<double>>& parts,
                          std::string& fault) const {
  const TestGroup& rules = problem_->groups[group];
  if (rules.aggregation == Aggregation::pass_fail) {
    mark.score = mark.all_accepted ? *rules.max_score : 0;
    return;
  }
  std::vector<double> scores;
  for (const auto& part : parts) {
    if (part) scores.push_back(*part);
  }
  if (scores.size() != parts.size() && fault.empty()) fault = "a test of group " + name_of(rules) + " has no score";
  const double score = aggregated(rules.aggregation, scores);
  mark.score = score;
  if (!std::isfinite(score)) {
    if (fault.empty()) fault = "the score of group " + name_of(rules) + " is no number any more";
    mark.score.reset();
    return;
  }
  // A sum of parts such as 100/3 may miss its bound by a rounding.
  constexpr double kRounding = 1e-9;
  const bool below = rules.min_score && score < *rules.min_score - kRounding;
  const bool above = rules.max_score && score > *rules.max_score * (1 + kRounding) + kRounding;
  if ((below || above) && fault.empty()) {
    fault = "the score " + std::to_string(score) + " of group " + name_of(rules) + " is outside of its range";
  }
  if (rules.max_score) mark.score = std::min(score, *rules.max_score);
}

Report Grading::report() const {
  const Walk now = walk();
  Report report;
  report.verdict = now.groups[0].verdict;
  report.tests_total = static_cast<std::uint32_t>(problem_->tests.size());
  for (std::uint32_t test = 0; test < states_.size(); ++test) {
    if (!is_needed(now, test) || !states_[test].result) continue;
    const TestResult& result = *states_[test].result;
    report.tests.push_back(result);
    report.cpu_us = std::max(report.cpu_us.value_or(0), result.cpu_us);
    report.wall_us = std::max(report.wall_us.value_or(0), result.wall_us);
    report.memory_kib = std::max(report.memory_kib.value_or(0), result.memory_kib);
    const bool decides = result.verdict == report.verdict && report.verdict != Verdict::accepted;
    if (decides && report.message.empty()) {
      report.message =
          result.name + ": " + (result.message.empty() ? std::string(to_string(result.verdict)) : result.message);
    }
    if (result.verdict == Verdict::internal_error) {
      report.verdict = Verdict::internal_error;
      report.message = result.name + ": " + result.message;
    }
  }
  if (!problem_->scoring) return report;
  report.score = now.groups[0].score;
  report.score_max = score_max(*problem_);
  for (std::uint32_t group = 0; group < problem_->groups.size(); ++group) {
    const Mark& mark = now.groups[group];
    report.groups.push_back({problem_->groups[group].name, mark.verdict, mark.score, mark.judged});
  }
  if (!now.fault.empty()) {
    report.verdict = Verdict::internal_error;
    report.message = "the problem is broken: " + now.fault;
    report.score.reset();
  }
  return report;
}

}  // namespace pushjudge
