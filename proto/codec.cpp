#include "proto/codec.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace pushjudge {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int, 256> kDigits = [] {
  std::array<int, 256> digits{};
  for (auto& digit : digits) digit = -1;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    digits[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<int>(i);
  return digits;
}();

// Empty is null, as Judge0 has it.
ordered_json text_or_null(std::string_view bytes, Encoding encoding) {
  if (bytes.empty()) return nullptr;
  return encoding == Encoding::base64 ? base64_encode(bytes) : std::string(bytes);
}

ordered_json optional_text(const std::optional<std::string>& bytes, Encoding encoding) {
  if (!bytes) return nullptr;
  return encoding == Encoding::base64 ? base64_encode(*bytes) : *bytes;
}

// Judge0's decimals are strings of seconds: "0.045", "5.0".
std::string seconds_text(std::uint64_t millis) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%llu.%03llu", static_cast<unsigned long long>(millis / 1000),
                static_cast<unsigned long long>(millis % 1000));
  std::string result = text.data();
  while (result.ends_with('0') && result[result.size() - 2] != '.') result.pop_back();
  return result;
}

ordered_json measured_seconds(const std::optional<std::uint64_t>& micros) {
  if (!micros) return nullptr;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", static_cast<double>(*micros) / 1e6);
  return text.data();
}

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  if (!value) return nullptr;
  return *value;
}

ordered_json time_or_null(const std::optional<UnixMillis>& at) {
  if (!at) return nullptr;
  return to_iso8601(*at);
}

int status_id_of(const Snapshot& snapshot) {
  if (snapshot.report) return status_id(snapshot.report->verdict, snapshot.report->exit_signal);
  return snapshot.state == State::queued ? kStatusInQueue : kStatusProcessing;
}

ordered_json status_json(const Snapshot& snapshot) {
  const Status& status = status_of(status_id_of(snapshot));
  return {{"id", status.id}, {"description", status.description}};
}

const Report& report_of(const Snapshot& snapshot) {
  static const Report none;
  return snapshot.report ? *snapshot.report : none;
}

// The keys that Judge0 lacks, the same in every view of a submission.
void add_own(ordered_json& object, const Snapshot& snapshot, const std::string& epoch) {
  const Report& report = report_of(snapshot);
  object["verdict"] = snapshot.report ? ordered_json(to_string(report.verdict)) : ordered_json(nullptr);
  object["state"] = snapshot.state == State::queued    ? "queued"
                    : snapshot.state == State::running ? "running"
                                                       : "finished";
  object["channel"] = channel_of(snapshot.token);
  object["epoch"] = epoch;
  object["seq"] = snapshot.seq;
  object["attempt"] = snapshot.attempt;
  object["worker"] = snapshot.worker.empty() ? ordered_json(nullptr) : ordered_json(snapshot.worker);
  object["accounting"] = report.accounting.empty() ? ordered_json(nullptr) : ordered_json(report.accounting);
}

ordered_json group_json(const GroupResult& group) {
  ordered_json object = {{"name", group.name}, {"verdict", to_string(group.verdict)}};
  if (group.score) object["score"] = *group.score;
  object["judged"] = group.judged;
  return object;
}

// The shown texts are bytes of programs, in the encoding of the object that the entry lies in.
ordered_json test_json(const TestResult& test, Encoding encoding) {
  ordered_json object = {
      {"name", test.name},
      {"sample", test.sample},
      {"verdict", to_string(test.verdict)},
      {"time", measured_seconds(test.cpu_us)},
      {"wall_time", measured_seconds(test.wall_us)},
      {"memory", test.memory_kib},
  };
  if (test.score) object["score"] = *test.score;
  if (!test.message.empty()) object["message"] = test.message;
  if (!test.judge_message.empty()) object["judge_message"] = test.judge_message;
  if (test.shown) {
    object["input"] = text_or_null(test.shown->input, encoding);
    object["expected"] = text_or_null(test.shown->expected, encoding);
    object["output"] = text_or_null(test.shown->answer, encoding);
    object["stdout"] = text_or_null(test.shown->stdout_text, encoding);
  }
  return object;
}

// Null until there is a report.
void add_counts(ordered_json& object, const Snapshot& snapshot) {
  const Report& report = report_of(snapshot);
  const std::string compared = compare_result(report);
  const bool known = snapshot.report.has_value();
  object["tests_total"] = known ? ordered_json(report.tests_total) : ordered_json(nullptr);
  object["total_correct"] =
      known ? ordered_json(std::count(compared.begin(), compared.end(), '1')) : ordered_json(nullptr);
  object["compare_result"] = known ? ordered_json(compared) : ordered_json(nullptr);
  object["runtime_percentile"] = or_null(report.runtime_percentile);
  object["memory_percentile"] = or_null(report.memory_percentile);
}

// What a submission to a problem has besides. Before there is a report it has no score, and no test is done.
void add_grading(ordered_json& object, const Snapshot& snapshot, Encoding encoding) {
  if (!snapshot.problem) return;
  const Report& report = report_of(snapshot);
  object["problem"] = *snapshot.problem;
  object["score"] = or_null(report.score);
  object["score_max"] = or_null(report.score_max);
  ordered_json tests = ordered_json::array();
  for (const TestResult& test : report.tests) tests.push_back(test_json(test, encoding));
  object["tests"] = std::move(tests);
  ordered_json groups = ordered_json::array();
  for (const GroupResult& group : report.groups) groups.push_back(group_json(group));
  object["groups"] = std::move(groups);
  add_counts(object, snapshot);
}

Encoding settle(Encoding wanted, bool texts_are_utf8) {
  return wanted == Encoding::plain && !texts_are_utf8 ? Encoding::base64 : wanted;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    std::uint32_t group = static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i])) << 16;
    if (left > 1) group |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i + 1])) << 8;
    if (left > 2) group |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i + 2]));
    text += kAlphabet[group >> 18];
    text += kAlphabet[(group >> 12) & 63];
    text += left > 1 ? kAlphabet[(group >> 6) & 63] : '=';
    text += left > 2 ? kAlphabet[group & 63] : '=';
  }
  return text;
}

std::string base64_decode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    const int digit = kDigits[static_cast<std::uint8_t>(c)];
    if (digit < 0) continue;
    group = group << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((group >> bits) & 0xff);
    }
  }
  return bytes;
}

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    const auto lead = static_cast<std::uint8_t>(bytes[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    std::size_t more = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
      more = 1;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2;
      if (lead == 0xe0) low = 0xa0;
      if (lead == 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3;
      if (lead == 0xf0) low = 0x90;
      if (lead == 0xf4) high = 0x8f;
    } else {
      return false;
    }
    if (bytes.size() - i <= more) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<std::uint8_t>(bytes[i + k]);
      if (next < low || next > high) return false;
      low = 0x80;
      high = 0xbf;
    }
    i += more + 1;
  }
  return true;
}

namespace {

bool shown_is_utf8(const TestResult& test) {
  if (!test.shown) return true;
  const ShownTest& shown = *test.shown;
  return is_utf8(shown.input) && is_utf8(shown.expected) && is_utf8(shown.answer) && is_utf8(shown.stdout_text);
}

}  // namespace

std::string compare_result(const Report& report) {
  std::string digits;
  for (const TestResult& test : report.tests) digits += test.verdict == Verdict::accepted ? '1' : '0';
  return digits;
}

bool texts_are_utf8(const Snapshot& snapshot) {
  if (!snapshot.report) return true;
  const Report& report = *snapshot.report;
  return is_utf8(report.stdout_text) && is_utf8(report.stderr_text) && is_utf8(report.compile_output) &&
         is_utf8(report.message) && std::all_of(report.tests.begin(), report.tests.end(), shown_is_utf8);
}

bool texts_are_utf8(const Submission& submission) {
  const auto fits = [](const std::optional<std::string>& text) { return !text || is_utf8(*text); };
  return is_utf8(submission.source_code) && fits(submission.stdin_text) && fits(submission.expected_output) &&
         fits(submission.compiler_options) && fits(submission.command_line_arguments);
}

ordered_json to_json(const Snapshot& snapshot, const std::string& epoch, Encoding wanted) {
  const Encoding encoding = settle(wanted, texts_are_utf8(snapshot));
  const Report& report = report_of(snapshot);
  ordered_json object = {
      {"stdout", text_or_null(report.stdout_text, encoding)},
      {"time", measured_seconds(report.cpu_us)},
      {"memory", or_null(report.memory_kib)},
      {"stderr", text_or_null(report.stderr_text, encoding)},
      {"token", snapshot.token.text()},
      {"compile_output", text_or_null(report.compile_output, encoding)},
      {"message", text_or_null(report.message, encoding)},
      {"status", status_json(snapshot)},
  };
  add_own(object, snapshot, epoch);
  add_grading(object, snapshot, encoding);
  if (encoding != wanted) object["base64_encoded"] = true;
  return object;
}

ordered_json to_json(const Submission& submission, const Snapshot& snapshot, const std::string& epoch,
                     const Language* language, Encoding wanted) {
  const Encoding encoding = settle(wanted, texts_are_utf8(submission) && texts_are_utf8(snapshot));
  const Report& report = report_of(snapshot);
  const Limits& limits = submission.limits;
  ordered_json object = {
      {"source_code", text_or_null(submission.source_code, encoding)},
      {"language_id", submission.language_id},
      {"stdin", optional_text(submission.stdin_text, encoding)},
      {"expected_output", optional_text(submission.expected_output, encoding)},
      {"stdout", text_or_null(report.stdout_text, encoding)},
      {"status_id", status_id_of(snapshot)},
      {"created_at", to_iso8601(submission.created_at)},
      {"finished_at", time_or_null(snapshot.finished_at)},
      {"time", measured_seconds(report.cpu_us)},
      {"memory", or_null(report.memory_kib)},
      {"stderr", text_or_null(report.stderr_text, encoding)},
      {"token", snapshot.token.text()},
      {"number_of_runs", submission.number_of_runs},
      {"cpu_time_limit", seconds_text(limits.cpu_ms)},
      {"cpu_extra_time", seconds_text(limits.cpu_extra_ms)},
      {"wall_time_limit", seconds_text(limits.wall_ms)},
      {"memory_limit", limits.memory_kib},
      {"stack_limit", limits.stack_kib},
      {"max_processes_and_or_threads", limits.processes},
      {"enable_per_process_and_thread_time_limit", limits.cpu_per_process},
      {"enable_per_process_and_thread_memory_limit", limits.memory_per_process},
      {"max_file_size", limits.file_kib},
      {"compile_output", text_or_null(report.compile_output, encoding)},
      {"exit_code", or_null(report.exit_code)},
      {"exit_signal", or_null(report.exit_signal)},
      {"message", text_or_null(report.message, encoding)},
      {"wall_time", measured_seconds(report.wall_us)},
      {"compiler_options", or_null(submission.compiler_options)},
      {"command_line_arguments", or_null(submission.command_line_arguments)},
      {"redirect_stderr_to_stdout", submission.redirect_stderr_to_stdout},
      {"callback_url", or_null(submission.callback_url)},
      // An archive, which is base64 whatever was asked for.
      {"additional_files", optional_text(submission.additional_files, Encoding::base64)},
      {"enable_network", submission.enable_network},
      {"started_at", time_or_null(snapshot.started_at)},
      {"queued_at", to_iso8601(submission.created_at)},
      {"updated_at", to_iso8601(snapshot.finished_at.value_or(snapshot.started_at.value_or(submission.created_at)))},
      {"queue_host", nullptr},
      {"execution_host", snapshot.worker.empty() ? ordered_json(nullptr) : ordered_json(snapshot.worker)},
      {"status", status_json(snapshot)},
      {"language", language == nullptr ? ordered_json{{"id", submission.language_id}, {"name", nullptr}}
                                       : ordered_json{{"id", language->id}, {"name", language->name}}},
  };
  add_own(object, snapshot, epoch);
  object["user"] = or_null(submission.user);
  object["class"] = to_string(submission.job_class);
  add_grading(object, snapshot, encoding);
  if (snapshot.problem) {
    object["problem_version"] =
        submission.problem_version ? ordered_json(to_hex(*submission.problem_version)) : ordered_json(nullptr);
    object["all_tests"] = submission.all_tests;
    object["judge_messages"] = submission.judge_messages;
  }
  if (encoding != wanted) object["base64_encoded"] = true;
  return object;
}

namespace {

std::string message_in(std::string_view channel, std::uint64_t seq, const Event& event, const std::string& epoch) {
  ordered_json message = {
      {"type", "event"},
      {"channel", channel},
      {"seq", seq},
      {"event", to_string(event.kind)},
      {"at", to_iso8601(event.at)},
  };
  if (!event.note.empty()) message["note"] = event.note;
  message["submission"] = to_json(event.snapshot, epoch, Encoding::plain);
  // A note or a worker's name comes from a machine we do not rule: what is not UTF-8 is shown as U+FFFD.
  return message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string event_message(const Event& event, const std::string& epoch) {
  return message_in(channel_of(event.snapshot.token), event.snapshot.seq, event, epoch);
}

std::string log_message(const Event& event, const std::string& epoch) {
  return message_in(kEventsChannel, event.global_seq, event, epoch);
}

ordered_json to_json(const TestResult& test) {
  const Encoding encoding = settle(Encoding::plain, shown_is_utf8(test));
  ordered_json object = test_json(test, encoding);
  if (encoding != Encoding::plain) object["base64_encoded"] = true;
  return object;
}

std::string progress_message(const Token& token, const TestProgress& progress) {
  const ordered_json message = {
      {"type", "progress"}, {"channel", channel_of(token)},     {"test", progress.done},
      {"of", progress.of},  {"result", to_json(progress.test)},
  };
  return message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

ordered_json public_outcome(const Snapshot& snapshot) {
  const Report& report = report_of(snapshot);
  return {
      {"verdict", to_string(report.verdict)},
      {"time", measured_seconds(report.cpu_us)},
      {"memory", or_null(report.memory_kib)},
      {"finished_at", time_or_null(snapshot.finished_at)},
  };
}

ordered_json to_json(const Language& language) {
  return {{"id", language.id}, {"name", language.name}};
}

}  // namespace pushjudge
