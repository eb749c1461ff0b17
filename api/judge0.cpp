#include "api/judge0.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace pushjudge {
namespace {

using nlohmann::ordered_json;

// ---- bounds

// A number's default is that of Limits; its least and greatest values are those of Judge0's own configuration.
struct Bound {
  std::string_view attribute;
  double least;
  double most;
  bool above_least = false;  // the least itself is too little
  bool decimal = false;      // seconds; messages then print the greatest value with a fraction
};

constexpr Bound kCpuTime{"cpu_time_limit", 0, 15, false, true};
constexpr Bound kCpuExtraTime{"cpu_extra_time", 0, 5, false, true};
constexpr Bound kWallTime{"wall_time_limit", 1, 20, false, true};
constexpr Bound kMemory{"memory_limit", 2'048, 512'000};
constexpr Bound kStack{"stack_limit", 0, 128'000};
constexpr Bound kProcesses{"max_processes_and_or_threads", 0, 120, true};
constexpr Bound kFileSize{"max_file_size", 0, 4'096};
constexpr Bound kNumberOfRuns{"number_of_runs", 1, 20};

// Languages that Judge0 itself no longer runs have ids up to here.
constexpr std::int64_t kLastArchivedId = 42;

// How many submissions a core lets wait, unless it was told otherwise.
constexpr std::int64_t kQueueMax = 100'000;

// Judge0's ids for releases of one toolchain: who asks for one of them can be served with any other of its line.
constexpr std::array<std::array<std::int32_t, 6>, 14> kFamilies = {{
    {50, 49, 48, 103},        // C (GCC)
    {54, 53, 52, 105},        // C++ (GCC)
    {75, 104, 110},           // C (Clang)
    {71, 92, 100, 109, 113},  // Python 3
    {63, 93, 97, 102},        // JavaScript (Node.js)
    {62, 91},                 // Java
    {60, 95, 106, 107},       // Go
    {73, 108},                // Rust
    {74, 94, 101},            // TypeScript
    {68, 98},                 // PHP
    {80, 99},                 // R
    {78, 111},                // Kotlin
    {81, 112},                // Scala
    {90},                     // Dart
}};

// ---- coercion, as Rails does it

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c) != 0; });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

// Null, and the empty text, are the same as not sent.
const Scalar* given(const Attributes& attributes, std::string_view name) {
  const Scalar* value = attributes.find(name);
  const bool absent = value == nullptr || value->kind == Scalar::Kind::null;
  return absent || (value->kind == Scalar::Kind::text && value->text.empty()) ? nullptr : value;
}

bool to_flag(const Scalar& value) {
  static constexpr std::array<std::string_view, 8> kFalse = {"false", "FALSE", "0", "f", "F", "off", "OFF", ""};
  return value.kind != Scalar::Kind::null && std::find(kFalse.begin(), kFalse.end(), value.text) == kFalse.end();
}

// A decimal number and nothing else. Nothing for booleans, words, hexadecimal, infinities.
std::optional<double> to_number(const Scalar& value) {
  if (value.kind != Scalar::Kind::number && value.kind != Scalar::Kind::text) return std::nullopt;
  std::string_view digits = trimmed(value.text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  double number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// The digits that a text begins with, as Ruby's to_i; 0 when there are none.
std::int64_t to_integer(const Scalar& value) {
  if (value.kind == Scalar::Kind::boolean) return value.text == "true" ? 1 : 0;
  std::string_view digits = trimmed(value.text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string print(double number, bool decimal) {
  std::string text = std::to_string(static_cast<std::int64_t>(number));
  if (decimal) text += ".0";
  return text;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

// ---- validation

class SubmissionParser {
 public:
  SubmissionParser(const Attributes& attributes, std::span<const Language> languages, Encoding encoding)
      : attributes_(attributes), languages_(languages), encoding_(encoding) {}

  std::variant<Submission, AttributeErrors> parse() {
    source();
    const Language* language = this->language();
    submission_.stdin_text = text("stdin", kStdinBytesMax);
    submission_.expected_output = text("expected_output", kExpectedBytesMax);
    submission_.compiler_options = option("compiler_options");
    submission_.command_line_arguments = option("command_line_arguments");
    if (submission_.compiler_options && language != nullptr && language->compile_cmd.empty()) {
      refuse("compiler_options", "setting compiler options is only allowed for compiled languages");
    }
    limits();
    forbidden();
    if (const Scalar* value = given(attributes_, "redirect_stderr_to_stdout")) {
      submission_.redirect_stderr_to_stdout = to_flag(*value);
    }
    user();
    job_class();
    if (!errors_.empty()) return std::move(errors_);
    return std::move(submission_);
  }

 private:
  void refuse(std::string_view attribute, std::string message) {
    for (auto& [name, messages] : errors_) {
      if (name == attribute) return messages.push_back(std::move(message));
    }
    errors_.push_back({std::string(attribute), {std::move(message)}});
  }

  // One of the three texts that base64_encoded speaks of. An empty one is not the same as none.
  std::optional<std::string> text(std::string_view attribute, std::size_t bytes_max) {
    const Scalar* value = attributes_.find(attribute);
    if (value == nullptr || value->kind == Scalar::Kind::null) return std::nullopt;
    std::string bytes = encoding_ == Encoding::base64 ? base64_decode(value->text) : value->text;
    if (bytes.size() > bytes_max) {
      refuse(attribute, "is too long (maximum is " + std::to_string(bytes_max) + " bytes)");
      return std::nullopt;
    }
    return bytes;
  }

  void source() {
    auto source = text("source_code", kSourceBytesMax);
    if (source) submission_.source_code = *std::move(source);
    if (errors_.empty() && is_blank(submission_.source_code)) refuse("source_code", "can't be blank");
  }

  const Language* language() {
    const Scalar* id = given(attributes_, "language_id");
    const Scalar* slug = given(attributes_, "language");
    const Language* language = nullptr;
    if (id != nullptr) {
      const std::int64_t number = to_integer(*id);
      language = find_language(languages_, number);
      const std::string subject = "language with id " + std::to_string(number);
      if (language == nullptr && number >= 1 && number <= kLastArchivedId) {
        refuse("language_id", subject + " is archived and cannot be used anymore");
      } else if (language == nullptr) {
        refuse("language_id", subject + " doesn't exist");
      }
    } else if (slug != nullptr) {
      const auto found = std::find_if(languages_.begin(), languages_.end(),
                                      [slug](const Language& offered) { return offered.slug == slug->text; });
      if (found != languages_.end()) language = &*found;
      if (language == nullptr) refuse("language", "this language doesn't exist");
    } else {
      refuse("language_id", "can't be blank");
      refuse("language_id", "language with id  doesn't exist");
    }
    if (language != nullptr) submission_.language_id = language->id;
    return language;
  }

  // A text that becomes arguments of a program.
  std::optional<std::string> option(std::string_view attribute) {
    const Scalar* value = given(attributes_, attribute);
    if (value == nullptr) return std::nullopt;
    if (!is_utf8(value->text) || value->text.find('\0') != std::string::npos) {
      refuse(attribute, "is invalid");
      return std::nullopt;
    }
    if (characters(value->text) > kOptionCharactersMax) {
      refuse(attribute, "is too long (maximum is " + std::to_string(kOptionCharactersMax) + " characters)");
      return std::nullopt;
    }
    return value->text;
  }

  // Ours: for whom it is, and how urgent.
  void user() {
    const Scalar* value = given(attributes_, "user");
    if (value == nullptr || is_blank(value->text)) return;
    const bool printable =
        std::none_of(value->text.begin(), value->text.end(), [](unsigned char c) { return c < ' ' || c == 127; });
    if (!is_utf8(value->text) || !printable) return refuse("user", "is invalid");
    if (characters(value->text) > kUserCharactersMax) {
      return refuse("user", "is too long (maximum is " + std::to_string(kUserCharactersMax) + " characters)");
    }
    submission_.user = value->text;
  }

  void job_class() {
    const Scalar* value = given(attributes_, "class");
    if (value == nullptr) return;
    const auto parsed = parse_job_class(value->text);
    if (!parsed) return refuse("class", "is not one of contest, interactive, rejudge");
    submission_.job_class = *parsed;
  }

  // `factor` leads from the attribute's unit to that of the limit.
  template <class T>
  void number(const Bound& bound, T& limit, double factor = 1) {
    const Scalar* value = given(attributes_, bound.attribute);
    if (value == nullptr || (value->kind == Scalar::Kind::text && is_blank(value->text))) return;
    const auto parsed = to_number(*value);
    if (!parsed) return refuse(bound.attribute, "is not a number");
    if (bound.above_least && !(*parsed > bound.least)) {
      return refuse(bound.attribute, "must be greater than " + print(bound.least, false));
    }
    if (*parsed < bound.least) {
      return refuse(bound.attribute, "must be greater than or equal to " + print(bound.least, false));
    }
    if (*parsed > bound.most) {
      return refuse(bound.attribute, "must be less than or equal to " + print(bound.most, bound.decimal));
    }
    limit = static_cast<T>(factor == 1 ? std::floor(*parsed) : std::ceil(*parsed * factor - 1e-6));
  }

  void limits() {
    Limits& limits = submission_.limits;
    number(kCpuTime, limits.cpu_ms, 1'000);
    number(kCpuExtraTime, limits.cpu_extra_ms, 1'000);
    number(kWallTime, limits.wall_ms, 1'000);
    number(kMemory, limits.memory_kib);
    number(kStack, limits.stack_kib);
    number(kProcesses, limits.processes);
    number(kFileSize, limits.file_kib);
    number(kNumberOfRuns, submission_.number_of_runs);
  }

  // What Judge0 has and we have not: refused in Judge0's words, never passed over.
  void forbidden() {
    struct Flag {
      std::string_view attribute;
      std::string_view message;
    };
    static constexpr std::array<Flag, 3> kFlags = {{
        {"enable_per_process_and_thread_time_limit", "this option cannot be enabled"},
        {"enable_per_process_and_thread_memory_limit", "this option cannot be enabled"},
        {"enable_network", "enabling network is not allowed"},
    }};
    for (const Flag& flag : kFlags) {
      const Scalar* value = given(attributes_, flag.attribute);
      if (value != nullptr && to_flag(*value)) refuse(flag.attribute, std::string(flag.message));
    }
    static constexpr std::array<Flag, 2> kTexts = {{
        {"callback_url", "setting callback is not allowed"},
        {"additional_files", "setting additional files is not allowed"},
    }};
    for (const Flag& text : kTexts) {
      const Scalar* value = given(attributes_, text.attribute);
      if (value != nullptr && !is_blank(value->text)) refuse(text.attribute, std::string(text.message));
    }
  }

  const Attributes& attributes_;
  std::span<const Language> languages_;
  Encoding encoding_;
  Submission submission_;
  AttributeErrors errors_;
};

// ---- fields

// Every name that may be asked for: Judge0's and ours.
constexpr std::array<std::string_view, 50> kFieldNames = {"source_code",
                                                          "language_id",
                                                          "stdin",
                                                          "expected_output",
                                                          "stdout",
                                                          "status_id",
                                                          "created_at",
                                                          "finished_at",
                                                          "time",
                                                          "memory",
                                                          "stderr",
                                                          "token",
                                                          "number_of_runs",
                                                          "cpu_time_limit",
                                                          "cpu_extra_time",
                                                          "wall_time_limit",
                                                          "memory_limit",
                                                          "stack_limit",
                                                          "max_processes_and_or_threads",
                                                          "enable_per_process_and_thread_time_limit",
                                                          "enable_per_process_and_thread_memory_limit",
                                                          "max_file_size",
                                                          "compile_output",
                                                          "exit_code",
                                                          "exit_signal",
                                                          "message",
                                                          "wall_time",
                                                          "compiler_options",
                                                          "command_line_arguments",
                                                          "redirect_stderr_to_stdout",
                                                          "callback_url",
                                                          "additional_files",
                                                          "enable_network",
                                                          "started_at",
                                                          "queued_at",
                                                          "updated_at",
                                                          "queue_host",
                                                          "execution_host",
                                                          "status",
                                                          "language",
                                                          "verdict",
                                                          "state",
                                                          "channel",
                                                          "epoch",
                                                          "seq",
                                                          "attempt",
                                                          "worker",
                                                          "accounting",
                                                          "user",
                                                          "class"};

bool wants(const Fields& fields, std::string_view name) {
  return std::find(fields.names.begin(), fields.names.end(), name) != fields.names.end();
}

// Without the texts that were not asked for: they are not encoded in vain, and do no harm when they are no UTF-8.
Got without_unwanted_texts(const Got& got, const Fields& fields) {
  Got lean = got;
  if (!wants(fields, "source_code")) lean.submission.source_code.clear();
  if (!wants(fields, "stdin")) lean.submission.stdin_text.reset();
  if (!wants(fields, "expected_output")) lean.submission.expected_output.reset();
  if (!wants(fields, "compiler_options")) lean.submission.compiler_options.reset();
  if (!wants(fields, "command_line_arguments")) lean.submission.command_line_arguments.reset();
  if (lean.snapshot.report) {
    Report& report = *lean.snapshot.report;
    if (!wants(fields, "stdout")) report.stdout_text.clear();
    if (!wants(fields, "stderr")) report.stderr_text.clear();
    if (!wants(fields, "compile_output")) report.compile_output.clear();
    if (!wants(fields, "message")) report.message.clear();
  }
  return lean;
}

bool all_utf8(const Got& got) {
  return texts_are_utf8(got.submission) && texts_are_utf8(got.snapshot);
}

}  // namespace

ordered_json to_json(const AttributeErrors& errors) {
  ordered_json object = ordered_json::object();
  for (const auto& [attribute, messages] : errors) object[attribute] = messages;
  return object;
}

const Language* find_language(std::span<const Language> languages, std::int64_t id) {
  const auto offered = [languages](std::int64_t wanted) -> const Language* {
    const auto found = std::find_if(languages.begin(), languages.end(),
                                    [wanted](const Language& language) { return language.id == wanted; });
    return found == languages.end() ? nullptr : &*found;
  };
  if (const Language* language = offered(id)) return language;
  for (const auto& family : kFamilies) {
    if (id == 0 || std::find(family.begin(), family.end(), id) == family.end()) continue;
    for (const std::int32_t relative : family) {
      if (const Language* language = relative == 0 ? nullptr : offered(relative)) return language;
    }
  }
  return nullptr;
}

std::variant<Submission, AttributeErrors> parse_submission(const Attributes& attributes,
                                                           std::span<const Language> languages, Encoding encoding) {
  return SubmissionParser(attributes, languages, encoding).parse();
}

Result<Fields> parse_fields(std::string_view text) {
  if (text.empty()) return Fields{};
  if (text == "*") return Fields{Fields::Kind::all, {}};
  Fields fields{Fields::Kind::some, {}};
  std::string unknown;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view name = trimmed(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    if (name.empty()) continue;
    if (std::find(kFieldNames.begin(), kFieldNames.end(), name) == kFieldNames.end()) {
      unknown += (unknown.empty() ? "" : ", ") + std::string(name);
    } else if (!wants(fields, name)) {
      fields.names.emplace_back(name);
    }
  }
  if (!unknown.empty()) return Error{Errc::invalid, "invalid fields: [" + unknown + "]"};
  if (fields.names.empty()) return Fields{};
  return fields;
}

Result<ordered_json> view_of(const Got& got, const Fields& fields, const Language* language, Encoding encoding) {
  const Error not_utf8{Errc::invalid, std::string(kNotUtf8)};
  const bool plain = encoding == Encoding::plain;
  if (fields.kind == Fields::Kind::standard) {
    if (plain && !texts_are_utf8(got.snapshot)) return not_utf8;
    return to_json(got.snapshot, got.epoch, encoding);
  }
  const bool some = fields.kind == Fields::Kind::some;
  const Got lean = some ? without_unwanted_texts(got, fields) : got;
  if (plain && !all_utf8(lean)) return not_utf8;
  ordered_json whole = to_json(lean.submission, lean.snapshot, got.epoch, language, encoding);
  if (!some) return whole;
  ordered_json view = ordered_json::object();
  for (auto& [name, value] : whole.items()) {
    if (wants(fields, name)) view[name] = std::move(value);
  }
  return view;
}

ordered_json about() {
  return {
      {"version", kJudge0Version},
      {"homepage", "https://judge0.com"},
      {"source_code", "https://github.com/judge0/judge0"},
      {"maintainer", "Herman Zvonimir Došilović"},
      {"server", "pushjudge"},
      {"server_version", PJ_VERSION},
  };
}

ordered_json config_info() {
  const Limits limits;
  const Submission submission;
  const auto seconds = [](std::uint64_t millis) { return static_cast<double>(millis) / 1'000; };
  const auto whole = [](const Bound& bound) { return static_cast<std::int64_t>(bound.most); };
  return {
      {"maintenance_mode", false},
      {"enable_wait_result", true},
      {"enable_compiler_options", true},
      {"allowed_languages_for_compile_options", ordered_json::array()},
      {"enable_command_line_arguments", true},
      {"enable_submission_delete", false},
      {"enable_callbacks", false},
      {"callbacks_max_tries", 0},
      {"callbacks_timeout", 0.0},
      {"enable_additional_files", false},
      {"max_queue_size", kQueueMax},
      {"cpu_time_limit", seconds(limits.cpu_ms)},
      {"max_cpu_time_limit", kCpuTime.most},
      {"cpu_extra_time", seconds(limits.cpu_extra_ms)},
      {"max_cpu_extra_time", kCpuExtraTime.most},
      {"wall_time_limit", seconds(limits.wall_ms)},
      {"max_wall_time_limit", kWallTime.most},
      {"memory_limit", limits.memory_kib},
      {"max_memory_limit", whole(kMemory)},
      {"stack_limit", limits.stack_kib},
      {"max_stack_limit", whole(kStack)},
      {"max_processes_and_or_threads", limits.processes},
      {"max_max_processes_and_or_threads", whole(kProcesses)},
      {"enable_per_process_and_thread_time_limit", false},
      {"allow_enable_per_process_and_thread_time_limit", false},
      {"enable_per_process_and_thread_memory_limit", false},
      {"allow_enable_per_process_and_thread_memory_limit", false},
      {"max_file_size", limits.file_kib},
      {"max_max_file_size", whole(kFileSize)},
      {"number_of_runs", submission.number_of_runs},
      {"max_number_of_runs", whole(kNumberOfRuns)},
      {"redirect_stderr_to_stdout", submission.redirect_stderr_to_stdout},
      {"max_extract_size", 0},
      {"enable_batched_submissions", false},
      {"max_submission_batch_size", 0},
      {"submission_cache_duration", 0.0},
      {"use_docs_as_homepage", false},
      {"allow_enable_network", false},
      {"enable_network", false},
  };
}

ordered_json statuses_json() {
  ordered_json list = ordered_json::array();
  for (const Status& status : statuses()) list.push_back({{"id", status.id}, {"description", status.description}});
  return list;
}

ordered_json workers_json(const StatsReport& stats) {
  ordered_json list = ordered_json::array();
  if (stats.workers.empty()) return list;
  std::uint64_t available = 0;
  std::uint64_t working = 0;
  std::uint64_t paused = 0;
  for (const WorkerStats& worker : stats.workers) {
    available += worker.slots;
    working += worker.running;
    if (worker.draining) paused += worker.slots - std::min(worker.slots, worker.running);
  }
  list.push_back({
      {"queue", kJudge0Version},
      {"size", stats.queued},
      {"available", available},
      {"idle", available - std::min(available, working + paused)},
      {"working", working},
      {"paused", paused},
      {"failed", 0},
  });
  return list;
}

ordered_json language_brief(const Language& language) {
  return {
      {"id", language.id}, {"name", language.name}, {"language", language.slug}, {"source_file", language.source_file}};
}

ordered_json language_full(const Language& language) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? ordered_json(nullptr) : ordered_json(text);
  };
  return {
      {"id", language.id},
      {"name", language.name},
      {"is_archived", false},
      {"source_file", language.source_file},
      {"compile_cmd", or_null(language.compile_cmd)},
      {"run_cmd", or_null(language.run_cmd)},
      {"language", language.slug},
  };
}

}  // namespace pushjudge
