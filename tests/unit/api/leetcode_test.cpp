#include "api/leetcode.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace pushjudge;
using nlohmann::json;

namespace {

std::vector<Language> offered_here() {
  std::vector<Language> languages(4);
  languages[0].id = 105;
  languages[0].slug = "cpp";
  languages[1].id = 54;
  languages[1].slug = "cpp";
  languages[1].name = "C++ (GCC 12.2.0)";
  languages[2].id = 71;
  languages[2].slug = "python";
  languages[3].id = 60;
  languages[3].slug = "go";
  return languages;
}

Attributes sent_as(const json& body) {
  auto attributes = attributes_from_json(body.dump());
  REQUIRE(attributes);
  return *std::move(attributes);
}

// What a submission would be made of; an attribute that is not there is "none".
std::string text_of(const std::variant<Attributes, AttributeErrors>& translated, std::string_view name) {
  const auto* attributes = std::get_if<Attributes>(&translated);
  REQUIRE(attributes != nullptr);
  const AttributeValue* value = attributes->find(name);
  return value == nullptr ? "none" : value->text;
}

json errors_of(const std::variant<Attributes, AttributeErrors>& translated) {
  const auto* errors = std::get_if<AttributeErrors>(&translated);
  REQUIRE(errors != nullptr);
  return json::parse(to_json(*errors).dump());
}

TestResult judged_test(Verdict verdict, std::optional<ShownTest> shown = std::nullopt) {
  TestResult test;
  test.verdict = verdict;
  test.shown = std::move(shown);
  return test;
}

Got ended(Verdict verdict) {
  Got got;
  got.snapshot.token = got.submission.token = Token::make(1'700'000'000'000);
  got.snapshot.problem = got.submission.problem = "two-sum";
  got.snapshot.state = State::finished;
  got.snapshot.created_at = 1'700'000'000'000;
  got.snapshot.finished_at = 1'700'000'001'250;
  Report report;
  report.verdict = verdict;
  report.cpu_us = 12'900;
  report.memory_kib = 8'887;
  report.tests_total = 3;
  got.snapshot.report = report;
  return got;
}

json checked(const Got& got) {
  const auto languages = offered_here();
  return json::parse(leetcode_check(got, &languages[2]).dump());
}

}  // namespace

TEST_CASE("leetcode: a language is found by LeetCode's name for it, of several the one with the least id") {
  const auto languages = offered_here();
  REQUIRE(leetcode_language(languages, "cpp") != nullptr);
  CHECK(leetcode_language(languages, "cpp")->id == 54);
  for (const char* lang : {"python3", "python"}) CHECK(leetcode_language(languages, lang)->id == 71);
  for (const char* lang : {"golang", "go"}) CHECK(leetcode_language(languages, lang)->id == 60);
  for (const char* lang : {"rust", "", "brainfuck"}) CHECK(leetcode_language(languages, lang) == nullptr);
  CHECK(leetcode_name(languages[3]).lang == "golang");
  CHECK(leetcode_name(languages[3]).pretty_lang == "Go");
  Language own;
  own.slug = "bash";
  own.name = "Bash 5";
  CHECK(leetcode_name(own).lang == "bash");
  CHECK(leetcode_name(own).pretty_lang == "Bash 5");
}

TEST_CASE("leetcode: what is submitted is judged by all tests, and what is tried brings its own") {
  const auto languages = offered_here();
  const auto sent = sent_as({{"lang", "golang"},
                             {"typed_code", "x := 1"},
                             {"question_id", "1"},
                             {"data_input", "[1]"},
                             {"judge_messages", true}});
  const auto submitted = from_leetcode(LeetCodeKind::submit, "two-sum", sent, languages);
  CHECK(text_of(submitted, "problem") == "two-sum");
  CHECK(text_of(submitted, "language_id") == "60");
  CHECK(text_of(submitted, "source_code") == "x := 1");
  CHECK(text_of(submitted, "all_tests") == "true");
  CHECK(text_of(submitted, "stdin") == "none");
  CHECK(text_of(submitted, "judge_messages") == "none");
  CHECK(text_of(from_leetcode(LeetCodeKind::interpret, "two-sum", sent, languages), "stdin") == "[1]");
}

TEST_CASE("leetcode: what is missing is said by the names that were to be sent") {
  const auto languages = offered_here();
  const auto nothing = sent_as(json::object());
  CHECK(errors_of(from_leetcode(LeetCodeKind::submit, "p", nothing, languages)) ==
        json({{"lang", {"is no language on offer"}}, {"typed_code", {"can't be blank"}}}));
  const auto bad = sent_as({{"lang", 54}, {"typed_code", nullptr}, {"data_input", ""}});
  CHECK(errors_of(from_leetcode(LeetCodeKind::interpret, "p", bad, languages)) ==
        json({{"lang", {"is no language on offer"}},
              {"typed_code", {"can't be blank"}},
              {"data_input", {"can't be blank"}}}));
}

TEST_CASE("leetcode: what has not ended says only that") {
  Got got = ended(Verdict::accepted);
  got.snapshot.report.reset();
  got.snapshot.state = State::queued;
  CHECK(checked(got) == json({{"state", "PENDING"}}));
  got.snapshot.state = State::running;
  CHECK(checked(got) == json({{"state", "STARTED"}}));
}

TEST_CASE("leetcode: an accepted submission says what it took, and how others did") {
  Got got = ended(Verdict::accepted);
  Report& report = *got.snapshot.report;
  report.runtime_percentile = 87.5;
  report.memory_percentile = 12.25;
  report.tests = {judged_test(Verdict::accepted, ShownTest{"[1]\n", "1", "1", ""}), judged_test(Verdict::accepted),
                  judged_test(Verdict::accepted)};
  CHECK(checked(got) == json({{"status_code", 10},
                              {"status_msg", "Accepted"},
                              {"state", "SUCCESS"},
                              {"lang", "python3"},
                              {"pretty_lang", "Python3"},
                              {"run_success", true},
                              {"status_runtime", "12 ms"},
                              {"display_runtime", "12"},
                              {"memory", 8'887 * 1'024},
                              {"status_memory", "9.1 MB"},
                              {"question_id", "two-sum"},
                              {"submission_id", got.snapshot.token.text()},
                              {"task_finish_time", 1'700'000'001'250},
                              {"elapsed_time", 1'250},
                              {"compare_result", "111"},
                              {"total_correct", 3},
                              {"total_testcases", 3},
                              {"last_testcase", ""},
                              {"input", ""},
                              {"code_output", ""},
                              {"expected_output", ""},
                              {"std_output", ""},
                              {"runtime_percentile", 87.5},
                              {"memory_percentile", 12.25}}));
}

TEST_CASE("leetcode: of one that failed the first such test is shown, where it is shown at all") {
  Got got = ended(Verdict::wrong_answer);
  Report& report = *got.snapshot.report;
  report.tests = {judged_test(Verdict::accepted, ShownTest{"[1]\n", "1", "1", ""}),
                  judged_test(Verdict::wrong_answer, ShownTest{"[2]\n3\n", "4", "5", "hi\n"}),
                  judged_test(Verdict::wrong_answer)};
  json shown = checked(got);
  CHECK(shown["status_code"] == 11);
  CHECK(shown["run_success"] == true);
  CHECK(shown["status_runtime"] == "N/A");
  CHECK(shown["status_memory"] == "N/A");
  CHECK(shown["compare_result"] == "100");
  CHECK(shown["total_correct"] == 1);
  CHECK(shown["last_testcase"] == "[2]\n3");
  CHECK(shown["code_output"] == "5");
  CHECK(shown["expected_output"] == "4");
  CHECK(shown["std_output"] == "hi\n");
  CHECK(shown["runtime_percentile"].is_null());
  report.tests[1].shown.reset();
  CHECK(checked(got)["last_testcase"] == "");
}

TEST_CASE("leetcode: a trial shows each answer beside the right one, and is accepted whatever it answered") {
  Got got = ended(Verdict::wrong_answer);
  got.submission.stdin_text = "[1]\n[2]";
  Report& report = *got.snapshot.report;
  report.tests_total = 2;
  report.tests = {judged_test(Verdict::accepted, ShownTest{"[1]\n", "1", "1", ""}),
                  judged_test(Verdict::wrong_answer, ShownTest{"[2]\n", "2", "3", "hi\n"})};
  const json shown = checked(got);
  CHECK(shown["status_code"] == 10);
  CHECK(shown["status_msg"] == "Accepted");
  CHECK(shown["status_runtime"] == "12 ms");
  CHECK(shown["correct_answer"] == false);
  CHECK(shown["code_answer"] == json({"1", "3"}));
  CHECK(shown["expected_code_answer"] == json({"1", "2"}));
  CHECK(shown["std_output_list"] == json({"", "hi\n"}));
  CHECK(shown["compare_result"] == "10");
  CHECK(shown["total_testcases"] == 2);
  CHECK_FALSE(shown.contains("last_testcase"));
  report.verdict = Verdict::accepted;
  CHECK(checked(got)["correct_answer"] == true);
  report.verdict = Verdict::time_limit_exceeded;
  CHECK(checked(got)["status_code"] == 14);
  CHECK(checked(got)["correct_answer"] == false);
}

TEST_CASE("leetcode: each verdict has its number, and what went wrong is said in full and in short") {
  const std::vector<std::pair<Verdict, int>> codes = {{Verdict::accepted, 10},
                                                      {Verdict::wrong_answer, 11},
                                                      {Verdict::memory_limit_exceeded, 12},
                                                      {Verdict::output_limit_exceeded, 13},
                                                      {Verdict::time_limit_exceeded, 14},
                                                      {Verdict::wall_time_limit_exceeded, 14},
                                                      {Verdict::runtime_error, 15},
                                                      {Verdict::exec_format_error, 15},
                                                      {Verdict::internal_error, 16},
                                                      {Verdict::compilation_error, 20},
                                                      {Verdict::cancelled, 21}};
  for (const auto& [verdict, code] : codes) {
    CAPTURE(code);
    Got got = ended(verdict);
    got.snapshot.report->compile_output = "\nline 1: no\nline 2\n";
    got.snapshot.report->stderr_text = "IndexError\n  at 3\n";
    const json shown = checked(got);
    CHECK(shown["status_code"] == code);
    CHECK(shown["run_success"] == (code == 10 || code == 11));
    CHECK(shown.contains("compile_error") == (code == 20));
    CHECK(shown.contains("runtime_error") == (code == 15));
    if (code == 20) CHECK(shown["compile_error"] == "line 1: no");
    if (code == 20) CHECK(shown["full_compile_error"] == "\nline 1: no\nline 2\n");
    if (code == 15) CHECK(shown["runtime_error"] == "IndexError");
    if (code == 15) CHECK(shown["full_runtime_error"] == "IndexError\n  at 3\n");
  }
  // Nothing ran, and nobody knows the language any more.
  Got got = ended(Verdict::internal_error);
  got.snapshot.report->cpu_us.reset();
  got.snapshot.report->memory_kib.reset();
  const json shown = json::parse(leetcode_check(got, nullptr).dump());
  CHECK(shown["lang"] == "");
  CHECK(shown["memory"] == 0);
}
