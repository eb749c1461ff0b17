#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/zip_file.hpp"
#include "tests/unit/worker/box.hpp"
#include "tests/unit/worker/problem_bench.hpp"

// Function problems with the real judge, harnesses and boxes.
namespace pushjudge::testing {

namespace {

constexpr const char* kPlusMetadata =
    R"({"name":"plusOne","params":[{"name":"x","type":"integer"}],"return":{"type":"integer"}})";
constexpr const char* kPlusOne = "class Solution:\n    def plusOne(self, x: int) -> int:\n        return x + 1\n";

// "one more": a sample, and a file of four tests.
ProblemFolder adding() {
  ProblemFolder folder;
  folder.set_function(kPlusMetadata);
  folder.problem.limits.time_ms = 2'000;
  folder.add_function_tests({{"1", "2"}}, true);
  folder.add_function_tests({{"5", "6"}, {"-1", "0"}, {"10", "11"}, {"20", "21"}});
  return folder;
}

std::string plus_one_but(const std::string& body) {
  return "class Solution:\n    def plusOne(self, x: int) -> int:\n" + body + "        return x + 1\n";
}

std::string verdicts_of(const Report& report) {
  std::string text;
  for (const auto& test : report.tests) text += (text.empty() ? "" : " ") + std::string(to_string(test.verdict));
  return text;
}

const TestResult* shown_failure(const Report& report) {
  const auto found = std::ranges::find_if(
      report.tests, [](const TestResult& test) { return test.shown && test.verdict != Verdict::accepted; });
  return found == report.tests.end() ? nullptr : &*found;
}

Submission all_tests_of_it() {
  Submission submission;
  submission.all_tests = true;
  return submission;
}

}  // namespace

TEST_CASE("function: a right one is accepted on all tests, which one process runs") {
  if (!boxes_work()) return;
  ProblemBench bench;
  // Were there a process for each, each would begin to count anew.
  const auto counting =
      "calls = 0\n" + plus_one_but("        global calls\n        calls += 1\n        print('call', calls)\n");
  const auto judged = bench.judge(adding(), "python", counting);
  check(judged.report, Verdict::accepted);
  CHECK(judged.report.tests.size() == 5);
  CHECK(judged.report.tests_total == 5);
  CHECK(judged.progress.size() == 5);
  CHECK(judged.report.cpu_us.value_or(0) > 0);
  // Of the sample alone.
  CHECK(judged.report.stdout_text == "call 1\n");
  REQUIRE(judged.report.tests[0].shown);
  CHECK(judged.report.tests[0].shown->input == "1\n");
  CHECK(judged.report.tests[0].shown->answer == "2");
  CHECK_FALSE(judged.report.tests[1].shown);
}

TEST_CASE("function: the first that fails is shown with what was printed in it") {
  if (!boxes_work()) return;
  ProblemBench bench;
  const auto wrong = plus_one_but("        print('x is', x)\n        if x >= 10: return x\n");
  auto judged = bench.judge(adding(), "python", wrong, all_tests_of_it());
  check(judged.report, Verdict::wrong_answer);
  CHECK(verdicts_of(judged.report) == "accepted accepted accepted wrong_answer wrong_answer");
  const auto* failure = shown_failure(judged.report);
  REQUIRE(failure != nullptr);
  CHECK(failure->name == "4");
  CHECK(failure->shown->input == "10\n");
  CHECK(failure->shown->expected == "11");
  CHECK(failure->shown->answer == "10");
  CHECK(failure->shown->stdout_text == "x is 10\n");
  CHECK_FALSE(judged.report.tests[4].shown);

  auto folder = adding();
  folder.problem.function->shows_failed_test = false;
  judged = bench.judge(folder, "python", wrong);
  CHECK(verdicts_of(judged.report) == "accepted accepted accepted wrong_answer");
  CHECK(shown_failure(judged.report) == nullptr);
}

TEST_CASE("function: a crash is that of the test it happens in, and those before it count") {
  if (!boxes_work()) return;
  ProblemBench bench;
  const auto judged =
      bench.judge(adding(), "python", plus_one_but("        if x == -1: return [][x]\n"), all_tests_of_it());
  check(judged.report, Verdict::runtime_error);
  CHECK(verdicts_of(judged.report) == "accepted accepted runtime_error");
  CHECK(judged.report.stderr_text.find("IndexError") != std::string::npos);
  CHECK(judged.report.stderr_text.find("solution.py\", line 3") != std::string::npos);
  CHECK(judged.report.tests_total == 5);
}

TEST_CASE("function: one that never ends is late in the test it hangs in") {
  if (!boxes_work()) return;
  ProblemBench bench(2);
  const auto judged = bench.judge(adding(), "python", plus_one_but("        while x == 10: pass\n"));
  check(judged.report, Verdict::time_limit_exceeded);
  CHECK(verdicts_of(judged.report) == "accepted accepted accepted time_limit_exceeded");
  const auto* failure = shown_failure(judged.report);
  REQUIRE(failure != nullptr);
  CHECK(failure->shown->answer == "");
}

TEST_CASE("function: what is no answer of the type is wrong, and says so") {
  if (!boxes_work()) return;
  ProblemBench bench;
  const auto judged = bench.judge(adding(), "python", plus_one_but("        return 1 << 40\n"));
  check(judged.report, Verdict::wrong_answer);
  CHECK(judged.report.tests[0].message == "The answer is none: expected an integer of 32 bits, not `1099511627776`");
}

TEST_CASE("function: a trial runs inputs of one's own, and the reference says what is expected") {
  if (!boxes_work()) return;
  ProblemBench bench;
  auto folder = adding();
  folder.set_reference("python", kPlusOne);
  Submission submission;
  submission.stdin_text = "7\nx = 99\n-5";
  const auto judged = bench.judge(folder, "python", plus_one_but("        if x > 50: return 0\n"), submission);
  check(judged.report, Verdict::wrong_answer);
  REQUIRE(judged.report.tests.size() == 3);
  CHECK(verdicts_of(judged.report) == "accepted wrong_answer accepted");
  for (const auto& test : judged.report.tests) REQUIRE(test.shown);
  CHECK(judged.report.tests[1].shown->input == "99\n");
  CHECK(judged.report.tests[1].shown->expected == "100");
  CHECK(judged.report.tests[1].shown->answer == "0");

  submission.stdin_text = "seven";
  const auto refused = bench.judge(folder, "python", kPlusOne, submission);
  CHECK(refused.report.message == "The input is no test: test 1: x: expected an integer of 32 bits, not `seven`");
}

TEST_CASE("function: a checker that is a function takes every right answer") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.set_function(R"({"name":"divisor","params":[{"name":"n","type":"integer"}],"return":{"type":"integer"}})");
  folder.set_checker(CheckerProtocol::function, "python",
                     "class Solution:\n    def check(self, n, expected, answer):\n"
                     "        return 1 < answer < n and n % answer == 0\n");
  folder.problem.limits.time_ms = 2'000;
  folder.add_function_tests({{"12", "2"}, {"15", "3"}, {"35", "5"}});
  ProblemBench bench;
  check(bench
            .judge(folder, "python",
                   "class Solution:\n    def divisor(self, n):\n"
                   "        return max(d for d in range(2, n) if n % d == 0)\n")
            .report,
        Verdict::accepted);
  const auto wrong = bench.judge(folder, "python", "class Solution:\n    def divisor(self, n): return 5\n");
  check(wrong.report, Verdict::wrong_answer);
  CHECK(verdicts_of(wrong.report) == "wrong_answer");

  folder.set_checker(CheckerProtocol::function, "python",
                     "class Solution:\n    def check(self, n, expected, answer): return 1 // 0\n");
  check(bench.judge(folder, "python", "class Solution:\n    def divisor(self, n): return 5\n").report,
        Verdict::internal_error);
}

TEST_CASE("function: a class is designed, and what each call gives is compared") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.set_function(R"({"classname":"Counter","constructor":{"params":[{"name":"start","type":"integer"}]},)"
                      R"("methods":[{"name":"add","params":[{"name":"n","type":"integer"}],"return":{"type":"void"}},)"
                      R"({"name":"get","params":[],"return":{"type":"integer"}}],"systemdesign":true})");
  folder.problem.limits.time_ms = 2'000;
  folder.add_function_tests({{"[\"Counter\",\"add\",\"get\"]\n[[3],[4],[]]", "[null,null,7]"},
                             {"[\"Counter\",\"get\"]\n[[-1],[]]", "[null,-1]"}});
  ProblemBench bench;
  const std::string counter =
      "class Counter:\n    def __init__(self, start): self.n = start\n"
      "    def add(self, n): self.n += n\n    def get(self): return self.n\n";
  check(bench.judge(folder, "python", counter).report, Verdict::accepted);
  check(bench.judge(folder, "python", counter + "        \n    def add(self, n): pass\n").report,
        Verdict::wrong_answer);
}

TEST_CASE("function: every order where the answer has none") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.set_function(R"({"name":"keep","params":[{"name":"a","type":"integer[]"}],"return":{"type":"integer[]"}})");
  folder.problem.limits.time_ms = 2'000;
  folder.add_function_tests({{"[3,1,2]", "[1,2,3]"}});
  ProblemBench bench;
  const std::string keeps = "class Solution:\n    def keep(self, a): return a\n";
  check(bench.judge(folder, "python", keeps).report, Verdict::wrong_answer);
  folder.problem.function->comparison.order = AnswerOrder::unordered;
  check(bench.judge(folder, "python", keeps).report, Verdict::accepted);
}

TEST_CASE("function: a language without function problems says so") {
  if (!boxes_work()) return;
  ProblemBench bench;
  const auto judged = bench.judge(adding(), "bash", "echo 2");
  check(judged.report, Verdict::compilation_error);
  CHECK(judged.report.compile_output == "This language has no function problems.");
}

TEST_CASE("function: files of one's own have no place beside a function") {
  if (!boxes_work()) return;
  ProblemBench bench;
  Submission submission;
  submission.additional_files = zip_of({{"solution.py", "x"}});
  const auto judged = bench.judge(adding(), "python", kPlusOne, submission);
  check(judged.report, Verdict::compilation_error);
  CHECK(judged.report.compile_output.find("additional_files") != std::string::npos);
}

TEST_CASE("function: files that hold fewer tests than they are to are the problem's fault") {
  if (!boxes_work()) return;
  ProblemBench bench;
  auto folder = adding();
  folder.add_function_tests({{"1", "2"}});
  folder.add_test("2\n", "3\n").index = 0;
  folder.problem.tests.back().index = 1;
  folder.problem.tests.back().input = folder.problem.tests[5].input;
  folder.problem.tests.back().answer = folder.problem.tests[5].answer;
  check(bench.judge(folder, "python", kPlusOne).report, Verdict::internal_error);
}

}  // namespace pushjudge::testing
