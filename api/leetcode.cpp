#include "api/leetcode.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "proto/codec.hpp"

namespace pushjudge {
namespace {

using nlohmann::ordered_json;

struct LeetCodeLanguage {
  std::string_view lang;
  std::string_view pretty;
  std::string_view slug;  // ours
};

// The first that has our slug is what it is called by. Its "python" is version 2, which nobody offers here.
constexpr std::array<LeetCodeLanguage, 14> kLeetCodeLanguages = {{{"cpp", "C++", "cpp"},
                                                                  {"c", "C", "c"},
                                                                  {"java", "Java", "java"},
                                                                  {"python3", "Python3", "python"},
                                                                  {"python", "Python", "python"},
                                                                  {"javascript", "JavaScript", "javascript"},
                                                                  {"typescript", "TypeScript", "typescript"},
                                                                  {"csharp", "C#", "csharp"},
                                                                  {"golang", "Go", "go"},
                                                                  {"rust", "Rust", "rust"},
                                                                  {"kotlin", "Kotlin", "kotlin"},
                                                                  {"ruby", "Ruby", "ruby"},
                                                                  {"php", "PHP", "php"},
                                                                  {"swift", "Swift", "swift"}}};

struct LeetCodeStatus {
  int code;
  std::string_view message;
  bool ran = false;  // the program came to its own end
};

constexpr LeetCodeStatus kAccepted{10, "Accepted", true};

LeetCodeStatus leetcode_status(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted:
      return kAccepted;
    case Verdict::wrong_answer:
      return {11, "Wrong Answer", true};
    case Verdict::memory_limit_exceeded:
      return {12, "Memory Limit Exceeded"};
    case Verdict::output_limit_exceeded:
      return {13, "Output Limit Exceeded"};
    case Verdict::time_limit_exceeded:
    case Verdict::wall_time_limit_exceeded:
      return {14, "Time Limit Exceeded"};
    case Verdict::runtime_error:
    case Verdict::exec_format_error:
      return {15, "Runtime Error"};
    case Verdict::internal_error:
      return {16, "Internal Error"};
    case Verdict::compilation_error:
      return {20, "Compile Error"};
    case Verdict::cancelled:
      return {21, "Unknown Error"};
  }
  return {21, "Unknown Error"};
}

std::string text_given(const Attributes& sent, std::string_view name) {
  const AttributeValue* value = sent.find(name);
  return value == nullptr || value->kind != AttributeValue::Kind::text ? std::string() : value->text;
}

// "9.1 MB", of a million bytes each, as LeetCode counts.
std::string megabytes(std::uint64_t bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text.data();
}

std::string first_line(const std::string& text) {
  const std::size_t begin = text.find_first_not_of("\r\n");
  return begin == std::string::npos ? std::string() : text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

std::string without_last_break(const std::string& text) {
  return text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
}

ordered_json number_or_null(const std::optional<double>& number) {
  return number ? ordered_json(*number) : ordered_json(nullptr);
}

// How it went, what it took, and in which language.
void add_outcome(ordered_json& object, const Got& got, const LeetCodeStatus& status, const Language* language) {
  const Report& report = *got.snapshot.report;
  const auto name = language == nullptr ? LeetCodeName{} : leetcode_name(*language);
  const std::uint64_t bytes = report.memory_kib.value_or(0) * 1'024;
  const bool told = status.code == kAccepted.code;
  const std::string millis = std::to_string(report.cpu_us.value_or(0) / 1'000);
  object["status_code"] = status.code;
  object["lang"] = name.lang;
  object["pretty_lang"] = name.pretty_lang;
  object["run_success"] = status.ran;
  object["status_runtime"] = told && report.cpu_us ? millis + " ms" : "N/A";
  object["display_runtime"] = millis;
  object["memory"] = bytes;
  object["status_memory"] = told && report.memory_kib ? megabytes(bytes) : "N/A";
  object["question_id"] = got.snapshot.problem.value_or("");
  object["submission_id"] = got.snapshot.token.text();
  object["task_finish_time"] = got.snapshot.finished_at.value_or(0);
  object["elapsed_time"] = std::max<UnixMillis>(got.snapshot.finished_at.value_or(0) - got.snapshot.created_at, 0);
  object["status_msg"] = status.message;
  object["state"] = "SUCCESS";
}

void add_counted(ordered_json& object, const Report& report) {
  const std::string compared = compare_result(report);
  object["compare_result"] = compared;
  object["total_correct"] = std::count(compared.begin(), compared.end(), '1');
  object["total_testcases"] = report.tests_total;
}

void add_errors(ordered_json& object, const Report& report) {
  if (report.verdict == Verdict::compilation_error) {
    object["compile_error"] = first_line(report.compile_output);
    object["full_compile_error"] = report.compile_output;
  }
  if (report.verdict == Verdict::runtime_error || report.verdict == Verdict::exec_format_error) {
    object["runtime_error"] = report.stderr_text.empty() ? report.message : first_line(report.stderr_text);
    object["full_runtime_error"] = report.stderr_text.empty() ? report.message : report.stderr_text;
  }
}

// The tests are the sender's own: all of them are shown, side by side with what is right.
void add_trial(ordered_json& object, const Report& report) {
  ordered_json answers = ordered_json::array();
  ordered_json expected = ordered_json::array();
  ordered_json printed = ordered_json::array();
  for (const TestResult& test : report.tests) {
    const ShownTest shown = test.shown.value_or(ShownTest{});
    answers.push_back(shown.answer);
    expected.push_back(shown.expected);
    printed.push_back(shown.stdout_text);
  }
  object["code_answer"] = std::move(answers);
  object["code_output"] = ordered_json::array();
  object["std_output_list"] = std::move(printed);
  object["expected_code_answer"] = std::move(expected);
  object["correct_answer"] = report.verdict == Verdict::accepted;
}

void add_submitted(ordered_json& object, const Report& report) {
  const auto failed = std::find_if(report.tests.begin(), report.tests.end(),
                                   [](const TestResult& test) { return test.verdict != Verdict::accepted; });
  const ShownTest shown = failed == report.tests.end() ? ShownTest{} : failed->shown.value_or(ShownTest{});
  object["last_testcase"] = without_last_break(shown.input);
  object["input"] = without_last_break(shown.input);
  object["code_output"] = shown.answer;
  object["expected_output"] = shown.expected;
  object["std_output"] = shown.stdout_text;
  object["runtime_percentile"] = number_or_null(report.runtime_percentile);
  object["memory_percentile"] = number_or_null(report.memory_percentile);
}

}  // namespace

LeetCodeName leetcode_name(const Language& language) {
  for (const LeetCodeLanguage& known : kLeetCodeLanguages) {
    if (known.slug == language.slug) return {std::string(known.lang), std::string(known.pretty)};
  }
  return {language.slug, language.name};
}

const Language* leetcode_language(std::span<const Language> languages, std::string_view lang) {
  for (const LeetCodeLanguage& known : kLeetCodeLanguages) {
    if (known.lang == lang) lang = known.slug;
  }
  return find_language(languages, lang);
}

std::variant<Attributes, AttributeErrors> from_leetcode(LeetCodeKind kind, const std::string& problem,
                                                        const Attributes& sent, std::span<const Language> languages) {
  AttributeErrors errors;
  const Language* language = leetcode_language(languages, text_given(sent, "lang"));
  if (language == nullptr) errors.push_back({"lang", {"is no language on offer"}});
  std::string code = text_given(sent, "typed_code");
  if (code.empty()) errors.push_back({"typed_code", {"can't be blank"}});
  std::string input = kind == LeetCodeKind::interpret ? text_given(sent, "data_input") : std::string();
  if (kind == LeetCodeKind::interpret && input.empty()) errors.push_back({"data_input", {"can't be blank"}});
  if (!errors.empty()) return errors;
  Attributes attributes;
  attributes.set("problem", {AttributeValue::Kind::text, problem});
  attributes.set("language_id", {AttributeValue::Kind::number, std::to_string(language->id)});
  attributes.set("source_code", {AttributeValue::Kind::text, std::move(code)});
  attributes.set("all_tests", {AttributeValue::Kind::boolean, "true"});
  if (kind == LeetCodeKind::interpret) attributes.set("stdin", {AttributeValue::Kind::text, std::move(input)});
  return attributes;
}

ordered_json leetcode_check(const Got& got, const Language* language) {
  if (!got.snapshot.report) return {{"state", got.snapshot.state == State::queued ? "PENDING" : "STARTED"}};
  const Report& report = *got.snapshot.report;
  const bool trial = got.snapshot.problem && got.submission.stdin_text;
  // A trial that came to its end is accepted whatever it answered: `correct_answer` says the rest.
  const bool ended = trial && report.verdict == Verdict::wrong_answer;
  ordered_json object;
  add_outcome(object, got, ended ? kAccepted : leetcode_status(report.verdict), language);
  add_counted(object, report);
  if (trial) {
    add_trial(object, report);
  } else {
    add_submitted(object, report);
  }
  add_errors(object, report);
  return object;
}

}  // namespace pushjudge
