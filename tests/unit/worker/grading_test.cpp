#include "worker/grading.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

using namespace pushjudge;

namespace {

TestGroup group(std::string name, std::optional<std::uint32_t> parent, Aggregation aggregation = Aggregation::sum) {
  TestGroup made;
  made.name = std::move(name);
  made.parent = parent;
  made.aggregation = aggregation;
  return made;
}

// The root, and tests of the groups named in turn; each is worth one point.
Problem problem_of(std::vector<TestGroup> groups, const std::vector<std::uint32_t>& tests) {
  Problem problem;
  problem.slug = "p";
  problem.title = "P";
  problem.groups = std::move(groups);
  for (const std::uint32_t of : tests) {
    ProblemTest test;
    test.group = of;
    test.name = problem.groups[of].name + "/" + std::to_string(problem.tests.size());
    test.accept_score = 1;
    problem.tests.push_back(std::move(test));
  }
  return problem;
}

TestResult result_of(const Problem& problem, std::uint32_t test, char letter) {
  TestResult result;
  result.name = problem.tests[test].name;
  switch (letter) {
    case 'A':
      result.verdict = Verdict::accepted;
      break;
    case 'W':
      result.verdict = Verdict::wrong_answer;
      break;
    case 'T':
      result.verdict = Verdict::time_limit_exceeded;
      break;
    case 'R':
      result.verdict = Verdict::runtime_error;
      break;
    default:
      result.verdict = Verdict::internal_error;
      result.message = "the checker crashed";
  }
  if (problem.scoring && letter == 'A') result.score = problem.tests[test].accept_score;
  if (problem.scoring && letter != 'A') result.score = problem.tests[test].reject_score;
  return result;
}

// Judges tests that come to `letters`, one at a time; also says which ran.
struct Graded {
  Report report;
  std::string ran;
};
Graded grade(const Problem& problem, const std::string& letters, bool all_tests = false) {
  REQUIRE_FALSE(invalid(problem).value_or("").size());
  Grading grading(problem, all_tests);
  Graded graded;
  while (const auto test = grading.next()) {
    graded.ran += std::to_string(*test);
    grading.done(*test, result_of(problem, *test, letters[*test]));
  }
  REQUIRE(grading.finished());
  graded.report = grading.report();
  return graded;
}

Problem pass_fail() {
  return problem_of({group("", {}), group("sample", 0), group("secret", 0)}, {1, 2, 2, 2});
}

// 2023-07: two subtasks of 40 and 60, the second asks for the first.
Problem subtasks() {
  auto root = group("", {});
  root.break_on_reject = false;
  root.ignore_sample = true;
  auto sample = group("sample", 0);
  auto secret = group("secret", 0);
  secret.break_on_reject = false;
  secret.max_score = 100;
  auto first = group("secret/1", 2, Aggregation::pass_fail);
  first.max_score = 40;
  auto second = group("secret/2", 2, Aggregation::pass_fail);
  second.max_score = 60;
  second.require_pass = {3};
  auto problem = problem_of({root, sample, secret, first, second}, {1, 3, 3, 4, 4});
  problem.scoring = true;
  return problem;
}

}  // namespace

TEST_CASE("grading: the first test that is not accepted ends it, and gives the verdict") {
  const auto problem = pass_fail();
  auto graded = grade(problem, "AAAA");
  CHECK(graded.report.verdict == Verdict::accepted);
  CHECK(graded.ran == "0123");
  CHECK(graded.report.tests.size() == 4);
  CHECK_FALSE(graded.report.score);
  CHECK(graded.report.groups.empty());

  graded = grade(problem, "AAWT");
  CHECK(graded.report.verdict == Verdict::wrong_answer);
  CHECK(graded.ran == "012");
  CHECK(graded.report.message == "secret/2: wrong_answer");
  CHECK(grade(problem, "WAAA").ran == "0");
}

TEST_CASE("grading: all tests are judged where that is asked for, and the verdict stays") {
  const auto graded = grade(pass_fail(), "AWAT", true);
  CHECK(graded.ran == "0123");
  CHECK(graded.report.tests.size() == 4);
  CHECK(graded.report.verdict == Verdict::wrong_answer);
}

TEST_CASE("grading: the report does not depend on the order in which results come") {
  std::mt19937 random(7);
  for (const auto& problem : {pass_fail(), subtasks()}) {
    for (int round = 0; round < 300; ++round) {
      std::string letters;
      for (std::size_t i = 0; i < problem.tests.size(); ++i) letters += "AAAWTR"[random() % 6];
      CAPTURE(letters);
      const auto expected = grade(problem, letters);
      Grading grading(problem, false);
      std::vector<std::uint32_t> running;
      while (!grading.finished()) {
        while (running.size() < 3) {
          const auto test = grading.next();
          if (!test) break;
          running.push_back(*test);
        }
        REQUIRE_FALSE(running.empty());
        const auto ended = running.begin() + static_cast<std::ptrdiff_t>(random() % running.size());
        grading.done(*ended, result_of(problem, *ended, letters[*ended]));
        running.erase(ended);
      }
      CHECK(grading.report() == expected.report);
    }
  }
}

TEST_CASE("grading: a test that is to run again counts by its second result alone") {
  const auto problem = pass_fail();
  Grading grading(problem, false);
  REQUIRE(grading.next() == 0U);
  REQUIRE(grading.next() == 1U);
  grading.again(0);
  CHECK(grading.next() == 0U);
  grading.done(0, result_of(problem, 0, 'A'));
  CHECK(grading.count_done() == 1);
}

TEST_CASE("grading: subtasks give their points each, and one that asks for another waits for it") {
  const auto problem = subtasks();
  auto graded = grade(problem, "AAAAA");
  CHECK(graded.report.score == 100);
  CHECK(graded.report.score_max == 100);
  CHECK(graded.report.verdict == Verdict::accepted);

  graded = grade(problem, "AAAAW");
  CHECK(graded.report.score == 40);
  CHECK(graded.report.verdict == Verdict::wrong_answer);
  CHECK(graded.report.groups[4].score == 0);

  graded = grade(problem, "AWAAA");
  CHECK(graded.report.score == 0);
  CHECK(graded.ran == "01");
  CHECK(graded.report.groups[3].judged);
  CHECK_FALSE(graded.report.groups[4].judged);
  // Not even where all tests are asked for: the format says that they are not judged.
  CHECK(grade(problem, "AWAAA", true).ran == "012");

  // The sample gives no points, and takes none.
  CHECK(grade(problem, "WAAAA").report.score == 100);
  CHECK(grade(problem, "WAAAA").report.verdict == Verdict::accepted);
}

TEST_CASE("grading: points are aggregated as the group says") {
  struct Row {
    Aggregation aggregation;
    double score;
  };
  for (const auto& row :
       {Row{Aggregation::sum, 12}, Row{Aggregation::min, 2}, Row{Aggregation::max, 7}, Row{Aggregation::average, 4}}) {
    auto root = group("", {}, row.aggregation);
    root.break_on_reject = false;
    auto problem = problem_of({root}, {0, 0, 0});
    problem.scoring = true;
    problem.tests[0].accept_score = 3;
    problem.tests[1].accept_score = 7;
    problem.tests[2].reject_score = 2;
    CHECK(grade(problem, "AAW").report.score == row.score);
  }
}

TEST_CASE("grading: the verdict of a group is the first, the worst or always accepted") {
  auto root = group("", {});
  root.break_on_reject = false;
  const auto verdict_of = [&](GroupVerdict mode, bool any, const std::string& letters) {
    root.verdict = mode;
    root.accept_if_any_accepted = any;
    return grade(problem_of({root}, {0, 0, 0}), letters).report.verdict;
  };
  CHECK(verdict_of(GroupVerdict::worst_error, false, "WTR") == Verdict::runtime_error);
  CHECK(verdict_of(GroupVerdict::worst_error, false, "WTA") == Verdict::time_limit_exceeded);
  CHECK(verdict_of(GroupVerdict::first_error, false, "AWR") == Verdict::wrong_answer);
  CHECK(verdict_of(GroupVerdict::always_accept, false, "WTR") == Verdict::accepted);
  CHECK(verdict_of(GroupVerdict::worst_error, true, "WTA") == Verdict::accepted);
  CHECK(verdict_of(GroupVerdict::worst_error, true, "WTR") == Verdict::runtime_error);
  // What is the jury's fault is never forgiven.
  CHECK(verdict_of(GroupVerdict::always_accept, false, "AIA") == Verdict::internal_error);
  CHECK(verdict_of(GroupVerdict::worst_error, true, "AIA") == Verdict::internal_error);
}

TEST_CASE("grading: points outside of a group's range are the jury's fault") {
  auto root = group("", {});
  root.max_score = 2;
  auto problem = problem_of({root}, {0, 0});
  problem.scoring = true;
  CHECK(grade(problem, "AA").report.score == 2);
  problem.tests[0].accept_score = 1.5;
  auto report = grade(problem, "AA").report;
  CHECK(report.verdict == Verdict::internal_error);
  CHECK(report.message.find("outside of its range") != std::string::npos);
  CHECK_FALSE(report.score);
  // A test that gets no score from its checker, where only that could say one.
  problem.tests[0].accept_score.reset();
  report = grade(problem, "AA").report;
  CHECK(report.verdict == Verdict::internal_error);
  CHECK(report.message.find("has no score") != std::string::npos);
}

TEST_CASE("grading: points that are no number together are the jury's fault") {
  auto problem = problem_of({group("", {}), group("a", 0), group("b", 0)}, {1, 1, 2, 2});
  problem.scoring = true;
  for (std::size_t test = 0; test < 4; ++test) problem.tests[test].accept_score = test < 2 ? 1e308 : -1e308;
  const auto report = grade(problem, "AAAA").report;
  CHECK(report.verdict == Verdict::internal_error);
  CHECK(report.message.find("no number") != std::string::npos);
  CHECK_FALSE(report.score);
  for (const auto& one : report.groups) CHECK((!one.score || std::isfinite(*one.score)));
}

TEST_CASE("grading: hundredths that do not divide still make a whole") {
  auto root = group("", {});
  root.max_score = 100;
  auto problem = problem_of({root}, {0, 0, 0, 0, 0, 0, 0});
  problem.scoring = true;
  for (auto& test : problem.tests) test.accept_score = 100.0 / 7;
  const auto report = grade(problem, "AAAAAAA").report;
  CHECK(report.verdict == Verdict::accepted);
  CHECK(*report.score == doctest::Approx(100));
}
