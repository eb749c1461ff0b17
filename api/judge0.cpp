#include "api/judge0.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <tuple>

#include "proto/problem.hpp"

namespace pushjudge {
namespace {

using nlohmann::ordered_json;

// ---- languages

// The last id of Judge0 1.13.1.
constexpr std::int32_t kLastListedId = kMultiFileId;

// Languages that Judge0 itself no longer runs.
constexpr std::array<ArchivedLanguage, 42> kArchived = {{
    {1, "Bash (4.4)"},
    {2, "Bash (4.0)"},
    {3, "Basic (fbc 1.05.0)"},
    {4, "C (gcc 7.2.0)"},
    {5, "C (gcc 6.4.0)"},
    {6, "C (gcc 6.3.0)"},
    {7, "C (gcc 5.4.0)"},
    {8, "C (gcc 4.9.4)"},
    {9, "C (gcc 4.8.5)"},
    {10, "C++ (g++ 7.2.0)"},
    {11, "C++ (g++ 6.4.0)"},
    {12, "C++ (g++ 6.3.0)"},
    {13, "C++ (g++ 5.4.0)"},
    {14, "C++ (g++ 4.9.4)"},
    {15, "C++ (g++ 4.8.5)"},
    {16, "C# (mono 5.4.0.167)"},
    {17, "C# (mono 5.2.0.224)"},
    {18, "Clojure (1.8.0)"},
    {19, "Crystal (0.23.1)"},
    {20, "Elixir (1.5.1)"},
    {21, "Erlang (OTP 20.0)"},
    {22, "Go (1.9)"},
    {23, "Haskell (ghc 8.2.1)"},
    {24, "Haskell (ghc 8.0.2)"},
    {25, "Insect (5.0.0)"},
    {26, "Java (OpenJDK 9 with Eclipse OpenJ9)"},
    {27, "Java (OpenJDK 8)"},
    {28, "Java (OpenJDK 7)"},
    {29, "JavaScript (nodejs 8.5.0)"},
    {30, "JavaScript (nodejs 7.10.1)"},
    {31, "OCaml (4.05.0)"},
    {32, "Octave (4.2.0)"},
    {33, "Pascal (fpc 3.0.0)"},
    {34, "Python (3.6.0)"},
    {35, "Python (3.5.3)"},
    {36, "Python (2.7.9)"},
    {37, "Python (2.6.9)"},
    {38, "Ruby (2.4.0)"},
    {39, "Ruby (2.3.3)"},
    {40, "Ruby (2.2.6)"},
    {41, "Ruby (2.1.9)"},
    {42, "Rust (1.20.0)"},
}};

bool is_archived(std::int64_t id) {
  return std::any_of(kArchived.begin(), kArchived.end(),
                     [id](const ArchivedLanguage& language) { return language.id == id; });
}

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
const AttributeValue* given(const Attributes& attributes, std::string_view name) {
  const AttributeValue* value = attributes.find(name);
  const bool absent = value == nullptr || value->kind == AttributeValue::Kind::null;
  return absent || (value->kind == AttributeValue::Kind::text && value->text.empty()) ? nullptr : value;
}

bool to_flag(const AttributeValue& value) {
  static constexpr std::array<std::string_view, 8> kFalse = {"false", "FALSE", "0", "f", "F", "off", "OFF", ""};
  return value.kind != AttributeValue::Kind::null &&
         std::find(kFalse.begin(), kFalse.end(), value.text) == kFalse.end();
}

// A decimal number and nothing else. Nothing for booleans, words, hexadecimal, infinities.
std::optional<double> to_number(const AttributeValue& value) {
  if (value.kind != AttributeValue::Kind::number && value.kind != AttributeValue::Kind::text) return std::nullopt;
  std::string_view digits = trimmed(value.text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  double number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// The number that an id's text begins with, as Ruby's to_i; 0 when there is none. Nothing for one that is too large to
// be any id.
std::optional<std::int64_t> to_integer(const AttributeValue& value) {
  if (value.kind == AttributeValue::Kind::boolean) return value.text == "true" ? 1 : 0;
  std::string_view digits = trimmed(value.text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure == std::errc::result_out_of_range) return std::nullopt;
  // JSON's 5e1 is a number, and the text "5e1" begins with one.
  const auto decimal = value.kind == AttributeValue::Kind::number && end != digits.data() + digits.size()
                           ? to_number(value)
                           : std::nullopt;
  if (!decimal) return number;
  if (std::abs(*decimal) >= 1e18) return std::nullopt;
  return static_cast<std::int64_t>(*decimal);
}

// As Ruby prints it: a float with its fraction, an integer without.
std::string print(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const std::string text(digits.data(), end);
  return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
}
std::string print(std::uint64_t number) {
  return std::to_string(number);
}

// "C", "C and C++", "C, C++ and Java".
std::string sentence(const std::vector<std::string>& words) {
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) all += i + 1 == words.size() ? " and " : ", ";
    all += words[i];
  }
  return all;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

// ---- validation

// The least that a number may be. Judge0 has no setting for it.
struct Least {
  std::uint64_t value = 0;
  bool exclusive = false;  // the value itself is too little
};

// Attributes that a problem leaves no room for. Nor does it for "stdin", unless it is a function: see Intake::accept().
constexpr std::array<std::string_view, 14> kOfTheProblem = {"expected_output",
                                                            "number_of_runs",
                                                            "cpu_time_limit",
                                                            "cpu_extra_time",
                                                            "wall_time_limit",
                                                            "memory_limit",
                                                            "stack_limit",
                                                            "max_file_size",
                                                            "max_processes_and_or_threads",
                                                            "command_line_arguments",
                                                            "compiler_options",
                                                            "enable_per_process_and_thread_time_limit",
                                                            "enable_per_process_and_thread_memory_limit",
                                                            "enable_network"};

// Checks come in the order of Judge0's validations, which is that of the keys in the answer; ours are the last.
class SubmissionParser {
 public:
  SubmissionParser(const Attributes& attributes, std::span<const Language> languages, Encoding encoding,
                   const Judge0Settings& settings, const CheckCallbackUrl& check_callback_url)
      : attributes_(attributes),
        languages_(languages),
        encoding_(encoding),
        settings_(settings),
        check_callback_url_(check_callback_url) {}

  std::variant<Submission, AttributeErrors> parse() {
    const Language* language = find_language();
    const bool multi_file = language != nullptr && language->id == kMultiFileId;
    source(multi_file);
    additional_files(multi_file);
    if (!given(attributes_, "language_id") && !given(attributes_, "language")) refuse("language_id", "can't be blank");
    limits();
    submission_.compiler_options = option("compiler_options");
    submission_.command_line_arguments = option("command_line_arguments");
    if (language == nullptr) refuse_language();
    if (language != nullptr) submission_.language_id = language->id;
    compiler_options(language);
    if (is_set("command_line_arguments") && !settings_.enable_command_line_arguments) {
      refuse("command_line_arguments", "setting command line arguments is not allowed");
    }
    callback_url();
    if (is_set("additional_files") && !settings_.enable_additional_files) {
      refuse("additional_files", "setting additional files is not allowed");
    }
    submission_.enable_network = flag("enable_network", settings_.enable_network);
    if (submission_.enable_network && !settings_.allow_enable_network) {
      refuse("enable_network", "enabling network is not allowed");
    }
    submission_.redirect_stderr_to_stdout = flag("redirect_stderr_to_stdout", settings_.redirect_stderr_to_stdout);
    submission_.stdin_text = text("stdin", kStdinBytesMax);
    submission_.expected_output = text("expected_output", kExpectedBytesMax);
    user();
    job_class();
    problem();
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
    const AttributeValue* value = attributes_.find(attribute);
    if (value == nullptr || value->kind == AttributeValue::Kind::null) return std::nullopt;
    std::string bytes = encoding_ == Encoding::base64 ? base64_decode(value->text) : value->text;
    if (bytes.size() > bytes_max) {
      refuse(attribute, "is too long (maximum is " + std::to_string(bytes_max) + " bytes)");
      return std::nullopt;
    }
    return bytes;
  }

  void source(bool multi_file) {
    auto source = text("source_code", kSourceBytesMax);
    const bool readable = errors_.empty();
    if (source) submission_.source_code = *std::move(source);
    const bool blank = is_blank(submission_.source_code);
    if (multi_file && !blank) refuse("source_code", "must be blank");
    if (multi_file) submission_.source_code.clear();
    if (!multi_file && blank && readable) refuse("source_code", "can't be blank");
  }

  void additional_files(bool multi_file) {
    const AttributeValue* value = given(attributes_, "additional_files");
    std::string archive = value == nullptr ? std::string() : base64_decode(value->text);
    if (archive.empty()) {
      if (multi_file) refuse("additional_files", "can't be blank");
      return;
    }
    if (archive.size() > kAdditionalFilesBytesMax) {
      refuse("additional_files", "is too long (maximum is " + std::to_string(kAdditionalFilesBytesMax) + " bytes)");
      return;
    }
    submission_.additional_files = std::move(archive);
  }

  const Language* find_language() const {
    const AttributeValue* id = given(attributes_, "language_id");
    const AttributeValue* slug = given(attributes_, "language");
    if (id != nullptr) {
      const auto number = to_integer(*id);
      return number ? pushjudge::find_language(languages_, *number) : nullptr;
    }
    return slug == nullptr ? nullptr : pushjudge::find_language(languages_, slug->text);
  }

  // None was found.
  void refuse_language() {
    const AttributeValue* id = given(attributes_, "language_id");
    if (id == nullptr && given(attributes_, "language") != nullptr) {
      return refuse("language", "this language doesn't exist");
    }
    std::string subject = "language with id ";
    bool archived = false;
    if (id != nullptr) {
      const std::optional<std::int64_t> number = to_integer(*id);
      subject += number ? std::to_string(*number) : shown(id->text);
      archived = number && is_archived(*number);
    }
    refuse("language_id", subject + (archived ? " is archived and cannot be used anymore" : " doesn't exist"));
  }

  // Of an id that is too large to be one.
  static std::string shown(const std::string& text) {
    constexpr std::size_t kShownMax = 40;
    return text.size() <= kShownMax ? text : text.substr(0, kShownMax) + "...";
  }

  void compiler_options(const Language* language) {
    if (!is_set("compiler_options")) return;
    if (!settings_.enable_compiler_options) {
      return refuse("compiler_options", "setting compiler options is not allowed");
    }
    if (language == nullptr) return;
    if (language->compile_cmd.empty()) {
      return refuse("compiler_options", "setting compiler options is only allowed for compiled languages");
    }
    const auto& allowed = settings_.allowed_languages_for_compiler_options;
    // "C" is "C (GCC 12.2.0)", and not "C++ (GCC 12.2.0)".
    const bool named = std::any_of(allowed.begin(), allowed.end(), [language](const std::string& name) {
      return language->name.starts_with(name + " ");
    });
    if (!allowed.empty() && !named) {
      refuse("compiler_options", "setting compiler options is only allowed for " + sentence(allowed));
    }
  }

  void callback_url() {
    const AttributeValue* value = given(attributes_, "callback_url");
    if (value == nullptr || is_blank(value->text)) return;
    if (!settings_.enable_callbacks) return refuse("callback_url", "setting callback is not allowed");
    if (value->text.size() > kCallbackUrlBytesMax) {
      return refuse("callback_url", "is too long (maximum is " + std::to_string(kCallbackUrlBytesMax) + " bytes)");
    }
    if (!is_utf8(value->text)) return refuse("callback_url", "is invalid");
    if (check_callback_url_) {
      if (const auto checked = check_callback_url_(value->text); !checked) {
        return refuse("callback_url", checked.error().message);
      }
    }
    submission_.callback_url = value->text;
  }

  // Whether it is more than blanks.
  bool is_set(std::string_view attribute) const {
    const AttributeValue* value = given(attributes_, attribute);
    return value != nullptr && !is_blank(value->text);
  }

  bool flag(std::string_view attribute, bool standard) const {
    const AttributeValue* value = given(attributes_, attribute);
    return value == nullptr ? standard : to_flag(*value);
  }

  // A text that becomes arguments of a program.
  std::optional<std::string> option(std::string_view attribute) {
    const AttributeValue* value = given(attributes_, attribute);
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
    const AttributeValue* value = given(attributes_, "user");
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
    const AttributeValue* value = given(attributes_, "class");
    if (value == nullptr) return;
    const auto parsed = parse_job_class(value->text);
    if (!parsed) return refuse("class", "is not one of contest, interactive, rejudge");
    submission_.job_class = *parsed;
  }

  // Ours: what it is to solve. Then there are things that only the problem can say.
  void problem() {
    const AttributeValue* value = given(attributes_, "problem");
    if (value == nullptr || is_blank(value->text)) return;
    if (value->kind != AttributeValue::Kind::text || !parse_problem_reference(value->text)) {
      refuse("problem", "is not the name of a problem (" + std::string(kSlugRule) +
                            "), with or without @ and the 64 hexadecimal digits of a version");
    }
    submission_.problem = value->text;
    submission_.all_tests = flag("all_tests", false);
    submission_.judge_messages = flag("judge_messages", false);
    submission_.enable_network = false;
    if (given(attributes_, "stdin") == nullptr) submission_.stdin_text.reset();
    for (const std::string_view attribute : kOfTheProblem) {
      if (given(attributes_, attribute) != nullptr) refuse(attribute, std::string(kProblemSaysIt));
    }
  }

  // What was sent, if it is a number in the bounds; else the standard. `most` is a double where Judge0's own is a
  // float, and the messages show that.
  template <class T>
  double number(std::string_view attribute, T standard, Least least, T most) {
    const AttributeValue* value = given(attributes_, attribute);
    const auto otherwise = static_cast<double>(standard);
    if (value == nullptr || (value->kind == AttributeValue::Kind::text && is_blank(value->text))) return otherwise;
    const auto parsed = to_number(*value);
    const auto refused = [this, attribute, otherwise](const std::string& message) {
      refuse(attribute, message);
      return otherwise;
    };
    if (!parsed) return refused("is not a number");
    // Judge0 compares what was sent, and keeps the whole part of it: 0.5 processes are none.
    const double kept = std::is_same_v<T, double> ? *parsed : std::trunc(*parsed);
    const auto bound = static_cast<double>(least.value);
    if (least.exclusive && !(std::min(*parsed, kept) > bound)) {
      return refused("must be greater than " + print(least.value));
    }
    if (std::min(*parsed, kept) < bound) return refused("must be greater than or equal to " + print(least.value));
    if (*parsed > static_cast<double>(most)) return refused("must be less than or equal to " + print(most));
    return kept;
  }

  std::uint64_t millis(std::string_view attribute, double standard, Least least, double most) {
    // A little is not nothing, and 1.001 is not 1002 because of the last of its binary digits.
    return static_cast<std::uint64_t>(std::ceil(number(attribute, standard, least, most) * 1'000 - 1e-6));
  }

  template <class Kept>
  Kept whole(std::string_view attribute, std::uint64_t standard, Least least, std::uint64_t most) {
    return static_cast<Kept>(number(attribute, standard, least, most));
  }

  void limits() {
    const Judge0Settings& s = settings_;
    Limits& limits = submission_.limits;
    using U32 = std::uint32_t;
    using U64 = std::uint64_t;
    submission_.number_of_runs = whole<U32>("number_of_runs", s.number_of_runs, {0, true}, s.max_number_of_runs);
    limits.cpu_ms = millis("cpu_time_limit", s.cpu_time_limit, {}, s.max_cpu_time_limit);
    limits.cpu_extra_ms = millis("cpu_extra_time", s.cpu_extra_time, {}, s.max_cpu_extra_time);
    limits.wall_ms = millis("wall_time_limit", s.wall_time_limit, {1}, s.max_wall_time_limit);
    limits.memory_kib = whole<U64>("memory_limit", s.memory_limit, {2'048}, s.max_memory_limit);
    limits.stack_kib = whole<U64>("stack_limit", s.stack_limit, {}, s.max_stack_limit);
    limits.processes = whole<U32>("max_processes_and_or_threads", s.max_processes_and_or_threads, {0, true},
                                  s.max_max_processes_and_or_threads);
    limits.cpu_per_process =
        per_process("enable_per_process_and_thread_time_limit", s.enable_per_process_and_thread_time_limit,
                    s.allow_enable_per_process_and_thread_time_limit);
    limits.memory_per_process =
        per_process("enable_per_process_and_thread_memory_limit", s.enable_per_process_and_thread_memory_limit,
                    s.allow_enable_per_process_and_thread_memory_limit);
    limits.file_kib = whole<U64>("max_file_size", s.max_file_size, {}, s.max_max_file_size);
  }

  bool per_process(std::string_view attribute, bool standard, bool allowed) {
    const bool on = flag(attribute, standard);
    if (on && !allowed) refuse(attribute, "this option cannot be enabled");
    return on;
  }

  const Attributes& attributes_;
  std::span<const Language> languages_;
  Encoding encoding_;
  const Judge0Settings& settings_;
  const CheckCallbackUrl& check_callback_url_;
  Submission submission_;
  AttributeErrors errors_;
};

// ---- fields

// Every name that may be asked for: Judge0's and ours.
constexpr std::array<std::string_view, 63> kFieldNames = {"source_code",
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
                                                          "class",
                                                          "problem",
                                                          "score",
                                                          "score_max",
                                                          "tests",
                                                          "groups",
                                                          "tests_total",
                                                          "total_correct",
                                                          "compare_result",
                                                          "runtime_percentile",
                                                          "memory_percentile",
                                                          "problem_version",
                                                          "all_tests",
                                                          "judge_messages"};

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
    if (!wants(fields, "tests")) {
      for (TestResult& test : report.tests) test.shown.reset();
    }
  }
  return lean;
}

bool all_utf8(const Got& got) {
  return texts_are_utf8(got.submission) && texts_are_utf8(got.snapshot);
}

// As PostgreSQL's pg_size_pretty(), which Judge0 shows.
std::string pretty_size(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 5> kUnits = {"bytes", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  // Each unit goes on up to ten thousand.
  while (bytes >= 10 * 1'024 && unit + 1 < kUnits.size()) {
    bytes = (bytes + 512) / 1'024;
    ++unit;
  }
  return std::to_string(bytes) + " " + std::string(kUnits[unit]);
}

}  // namespace

ordered_json to_json(const AttributeErrors& errors) {
  ordered_json object = ordered_json::object();
  for (const auto& [attribute, messages] : errors) object[attribute] = messages;
  return object;
}

const Language* find_language(std::span<const Language> languages, std::int64_t id) {
  const auto found =
      std::find_if(languages.begin(), languages.end(), [id](const Language& language) { return language.id == id; });
  return found == languages.end() ? nullptr : &*found;
}

const Language* find_language(std::span<const Language> languages, std::string_view slug) {
  const Language* least = nullptr;
  for (const Language& language : languages) {
    if (language.slug == slug && (least == nullptr || language.id < least->id)) least = &language;
  }
  return least;
}

std::vector<Language> listed(std::span<const Language> languages) {
  const auto is_alias = [languages](const Language& language) {
    return language.id > kLastListedId &&
           std::any_of(languages.begin(), languages.end(), [&language](const Language& other) {
             return other.slug == language.slug && other.id <= kLastListedId;
           });
  };
  std::vector<Language> list;
  std::remove_copy_if(languages.begin(), languages.end(), std::back_inserter(list), is_alias);
  std::sort(list.begin(), list.end(),
            [](const Language& a, const Language& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
  return list;
}

Encoding encoding_of(const Attributes& attributes, const Judge0Settings& settings) {
  const AttributeValue* value = attributes.find("base64_encoded");
  const bool says = value != nullptr && value->kind == AttributeValue::Kind::text;
  const bool base64 =
      settings.disable_implicit_base64_encoding ? says && value->text == "true" : !says || value->text != "false";
  return base64 ? Encoding::base64 : Encoding::plain;
}

std::variant<Submission, AttributeErrors> parse_submission(const Attributes& attributes,
                                                           std::span<const Language> languages, Encoding encoding,
                                                           const Judge0Settings& settings,
                                                           const CheckCallbackUrl& check_callback_url) {
  return SubmissionParser(attributes, languages, encoding, settings, check_callback_url).parse();
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

Result<Fields> fields_of(const Attributes& parameters) {
  const AttributeValue* names = parameters.find("fields");
  return parse_fields(names == nullptr ? std::string_view() : names->text);
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

ordered_json config_info(const Judge0Settings& s, std::uint64_t queue_max) {
  return {
      {"maintenance_mode", s.maintenance_mode},
      {"enable_wait_result", s.enable_wait_result},
      {"enable_compiler_options", s.enable_compiler_options},
      {"allowed_languages_for_compile_options", s.allowed_languages_for_compiler_options},
      {"enable_command_line_arguments", s.enable_command_line_arguments},
      {"enable_submission_delete", s.enable_submission_delete},
      {"enable_callbacks", s.enable_callbacks},
      {"callbacks_max_tries", s.callbacks_max_tries},
      {"callbacks_timeout", s.callbacks_timeout},
      {"enable_additional_files", s.enable_additional_files},
      {"max_queue_size", queue_max},
      {"cpu_time_limit", s.cpu_time_limit},
      {"max_cpu_time_limit", s.max_cpu_time_limit},
      {"cpu_extra_time", s.cpu_extra_time},
      {"max_cpu_extra_time", s.max_cpu_extra_time},
      {"wall_time_limit", s.wall_time_limit},
      {"max_wall_time_limit", s.max_wall_time_limit},
      {"memory_limit", s.memory_limit},
      {"max_memory_limit", s.max_memory_limit},
      {"stack_limit", s.stack_limit},
      {"max_stack_limit", s.max_stack_limit},
      {"max_processes_and_or_threads", s.max_processes_and_or_threads},
      {"max_max_processes_and_or_threads", s.max_max_processes_and_or_threads},
      {"enable_per_process_and_thread_time_limit", s.enable_per_process_and_thread_time_limit},
      {"allow_enable_per_process_and_thread_time_limit", s.allow_enable_per_process_and_thread_time_limit},
      {"enable_per_process_and_thread_memory_limit", s.enable_per_process_and_thread_memory_limit},
      {"allow_enable_per_process_and_thread_memory_limit", s.allow_enable_per_process_and_thread_memory_limit},
      {"max_file_size", s.max_file_size},
      {"max_max_file_size", s.max_max_file_size},
      {"number_of_runs", s.number_of_runs},
      {"max_number_of_runs", s.max_number_of_runs},
      {"redirect_stderr_to_stdout", s.redirect_stderr_to_stdout},
      {"max_extract_size", s.max_extract_size},
      {"enable_batched_submissions", s.enable_batched_submissions},
      {"max_submission_batch_size", s.max_submission_batch_size},
      {"submission_cache_duration", s.submission_cache_duration},
      {"use_docs_as_homepage", s.use_docs_as_homepage},
      {"allow_enable_network", s.allow_enable_network},
      {"enable_network", s.enable_network},
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

ordered_json statistics_json(const Statistics& statistics, std::span<const Language> languages, UnixMillis now,
                             UnixMillis until) {
  constexpr UnixMillis kDay = 24LL * 60 * 60 * 1000;
  constexpr std::int64_t kDays = 30;
  const std::int64_t today = now / kDay;
  const auto count_of = [&statistics](std::int64_t day) {
    const auto found = std::find_if(statistics.days.begin(), statistics.days.end(),
                                    [day](const Statistics::Count& one) { return one.key == day; });
    return found == statistics.days.end() ? 0 : found->count;
  };
  ordered_json by_day = ordered_json::object();
  for (std::int64_t day = today; day > today - kDays; --day)
    by_day[to_iso8601(day * kDay).substr(0, 10)] = count_of(day);

  ordered_json by_language = ordered_json::array();
  for (const auto& [id, count] : statistics.languages) {
    const Language* language = find_language(languages, id);
    by_language.push_back(
        {{"language", {{"id", id}, {"name", language ? ordered_json(language->name) : ordered_json()}}},
         {"count", count}});
  }
  ordered_json by_status = ordered_json::array();
  for (const auto& [id, count] : statistics.statuses) {
    by_status.push_back(
        {{"status", {{"id", id}, {"name", status_of(static_cast<int>(id)).description}}}, {"count", count}});
  }
  return {
      {"created_at", to_iso8601(now)},
      {"cached_until", to_iso8601(until)},
      {"submissions", {{"total", statistics.total}, {"today", count_of(today)}, {"last_30_days", std::move(by_day)}}},
      {"languages", std::move(by_language)},
      {"statuses", std::move(by_status)},
      {"database",
       {{"size_pretty", pretty_size(statistics.database_bytes)}, {"size_in_bytes", statistics.database_bytes}}},
      {"callbacks", {{"waiting", statistics.callbacks_waiting}, {"given_up", statistics.callbacks_given_up}}},
  };
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
      {"source_file", or_null(language.source_file)},
      {"compile_cmd", or_null(language.compile_cmd)},
      {"run_cmd", or_null(language.run_cmd)},
      {"language", language.slug},
  };
}

std::span<const ArchivedLanguage> archived_languages() {
  return kArchived;
}

ordered_json language_brief(const ArchivedLanguage& language) {
  return {{"id", language.id}, {"name", language.name}};
}

// Its commands are history.
ordered_json language_full(const ArchivedLanguage& language) {
  return {{"id", language.id},      {"name", language.name},  {"is_archived", true},
          {"source_file", nullptr}, {"compile_cmd", nullptr}, {"run_cmd", nullptr}};
}

}  // namespace pushjudge
