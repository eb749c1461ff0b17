#include "api/judge0_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <sstream>

#include "api/address_range.hpp"

namespace pushjudge {
namespace {

using S = Judge0Settings;

constexpr double kSecondsMax = 24 * 3'600;
constexpr double kKibMax = 1LL << 32;  // 4 TiB
constexpr double kProcessesMax = 1 << 20;

const std::array kSettings = std::to_array<Judge0Setting>({
    {"MAINTENANCE_MODE", &S::maintenance_mode, "Nothing is created or deleted: 503"},
    {"MAINTENANCE_MESSAGE", &S::maintenance_message, "What is said then"},
    {"ENABLE_WAIT_RESULT", &S::enable_wait_result, "wait=true is allowed"},
    {"ENABLE_COMPILER_OPTIONS", &S::enable_compiler_options, "compiler_options are allowed"},
    {"ALLOWED_LANGUAGES_FOR_COMPILER_OPTIONS", &S::allowed_languages_for_compiler_options,
     "For which languages, as \"C C++ Java\"; default: all that are compiled"},
    {"ENABLE_COMMAND_LINE_ARGUMENTS", &S::enable_command_line_arguments, "command_line_arguments are allowed"},
    {"ENABLE_SUBMISSION_DELETE", &S::enable_submission_delete, "Who is authorized may delete submissions"},
    {"ENABLE_BATCHED_SUBMISSIONS", &S::enable_batched_submissions, "/submissions/batch is allowed"},
    {"MAX_SUBMISSION_BATCH_SIZE", &S::max_submission_batch_size, "Submissions in one batch", 1, 10'000},
    {"ENABLE_CALLBACKS", &S::enable_callbacks, "callback_url is allowed"},
    {"CALLBACKS_MAX_TRIES", &S::callbacks_max_tries, "Tries before a callback is given up", 1, 1'000},
    {"CALLBACKS_TIMEOUT", &S::callbacks_timeout, "Seconds that one try may take", 0.001, 3'600},
    {"ENABLE_ADDITIONAL_FILES", &S::enable_additional_files, "additional_files are allowed"},
    {"MAX_EXTRACT_SIZE", &S::max_extract_size, "KiB that they may unpack to; told here, kept by the workers", 0,
     kKibMax},
    {"SUBMISSION_CACHE_DURATION", &S::submission_cache_duration, "Only told in /config_info: answers are never stale",
     0, kSecondsMax},
    {"USE_DOCS_AS_HOMEPAGE", &S::use_docs_as_homepage, "/ leads to /docs"},
    {"DISABLE_IMPLICIT_BASE64_ENCODING", &S::disable_implicit_base64_encoding,
     "Without base64_encoded texts are plain; false: base64"},
    {"DISALLOW_ORIGIN", &S::disallow_origin, "Origins whose pages may not use the API"},
    {"ALLOW_IP", &S::allow_ip, "Addresses or CIDR ranges that may use the API; default: all"},
    {"DISALLOW_IP", &S::disallow_ip, "Addresses or CIDR ranges that may not"},
    {"AUTHN_HEADER", &S::authn_header, "Header or parameter in which --auth-token is sent"},
    {"AUTHZ_HEADER", &S::authz_header, "Header or parameter in which --authz-token is sent"},
    {"AUTHZ_TOKEN", &S::authz_token,
     "Token of who may list and delete submissions, best given by the environment; default: nobody may", 0, 0, true},
    {"CPU_TIME_LIMIT", &S::cpu_time_limit, "Seconds of CPU time, unless a submission says otherwise", 0, kSecondsMax},
    {"MAX_CPU_TIME_LIMIT", &S::max_cpu_time_limit, "The most that it may say", 0, kSecondsMax},
    {"CPU_EXTRA_TIME", &S::cpu_extra_time, "Seconds past that before a program is killed", 0, kSecondsMax},
    {"MAX_CPU_EXTRA_TIME", &S::max_cpu_extra_time, "The most of them", 0, kSecondsMax},
    {"WALL_TIME_LIMIT", &S::wall_time_limit, "Seconds by the clock", 1, kSecondsMax},
    {"MAX_WALL_TIME_LIMIT", &S::max_wall_time_limit, "The most of them", 1, kSecondsMax},
    {"MEMORY_LIMIT", &S::memory_limit, "KiB of memory", 2'048, kKibMax},
    {"MAX_MEMORY_LIMIT", &S::max_memory_limit, "The most of them", 2'048, kKibMax},
    {"STACK_LIMIT", &S::stack_limit, "KiB of stack", 0, kKibMax},
    {"MAX_STACK_LIMIT", &S::max_stack_limit, "The most of them", 0, kKibMax},
    {"MAX_PROCESSES_AND_OR_THREADS", &S::max_processes_and_or_threads, "Processes and threads", 1, kProcessesMax},
    {"MAX_MAX_PROCESSES_AND_OR_THREADS", &S::max_max_processes_and_or_threads, "The most of them", 1, kProcessesMax},
    {"ENABLE_PER_PROCESS_AND_THREAD_TIME_LIMIT", &S::enable_per_process_and_thread_time_limit,
     "The CPU time is that of each process"},
    {"ALLOW_ENABLE_PER_PROCESS_AND_THREAD_TIME_LIMIT", &S::allow_enable_per_process_and_thread_time_limit,
     "A submission may say so"},
    {"ENABLE_PER_PROCESS_AND_THREAD_MEMORY_LIMIT", &S::enable_per_process_and_thread_memory_limit,
     "The memory is that of each process"},
    {"ALLOW_ENABLE_PER_PROCESS_AND_THREAD_MEMORY_LIMIT", &S::allow_enable_per_process_and_thread_memory_limit,
     "A submission may say so"},
    {"MAX_FILE_SIZE", &S::max_file_size, "KiB of each file that a program writes", 0, kKibMax},
    {"MAX_MAX_FILE_SIZE", &S::max_max_file_size, "The most of them", 0, kKibMax},
    {"NUMBER_OF_RUNS", &S::number_of_runs, "How often a program is run", 1, 1'000},
    {"MAX_NUMBER_OF_RUNS", &S::max_number_of_runs, "The most of them", 1, 1'000},
    {"REDIRECT_STDERR_TO_STDOUT", &S::redirect_stderr_to_stdout, "Programs write both into one"},
    {"ALLOW_ENABLE_NETWORK", &S::allow_enable_network,
     "A submission may ask for a network, which it gets where the workers give one"},
    {"ENABLE_NETWORK", &S::enable_network, "It has one unless it says otherwise"},
});

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string shortest(double number) {
  std::array<char, 32> digits{};
  const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  PJ_ASSERT(failure == std::errc());
  return {digits.data(), end};
}

template <class T>
Result<void> assign_number(T& value, const Judge0Setting& setting, std::string_view text) {
  const char* const kind = std::is_floating_point_v<T> ? "number" : "whole number";
  T number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole_text = failure == std::errc() && end == text.data() + text.size();
  const bool fits = whole_text && std::isfinite(static_cast<double>(number)) &&
                    static_cast<double>(number) >= setting.least && static_cast<double>(number) <= setting.most;
  if (!fits) {
    return Error{Errc::invalid, "'" + std::string(text) + "' is no " + kind + " from " + shortest(setting.least) +
                                    " to " + shortest(setting.most)};
  }
  value = number;
  return {};
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(std::move(word));
  return words;
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string::npos;
  });
}

template <class T>
struct Pair {
  std::string_view variable;
  T Judge0Settings::*standard;
  std::string_view bound_variable;
  T Judge0Settings::*bound;
};

template <class T>
Result<void> bring_down(S& settings, const Pair<T>& pair, const std::function<bool(std::string_view)>& given) {
  if (settings.*pair.standard <= settings.*pair.bound) return {};
  if (given(pair.variable)) {
    return Error{Errc::invalid, std::string(pair.variable) + " is over " + std::string(pair.bound_variable)};
  }
  settings.*pair.standard = settings.*pair.bound;
  return {};
}

Result<void> check_allowed(const S& settings, const Pair<bool>& pair) {
  if (!(settings.*pair.standard) || settings.*pair.bound) return {};
  return Error{Errc::invalid, std::string(pair.variable) + " is true, but " + std::string(pair.bound_variable) +
                                  " is not; every submission that does not turn it off would be refused"};
}

}  // namespace

std::span<const Judge0Setting> judge0_settings() {
  return kSettings;
}

std::string option_name(std::string_view variable) {
  std::string name(variable);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c == '_' ? '-' : static_cast<char>(std::tolower(c)); });
  return name;
}

Result<void> assign(Judge0Settings& settings, const Judge0Setting& setting, std::string_view text) {
  const auto to_flag = [&settings, text](bool S::*field) -> Result<void> {
    if (text != "true" && text != "false") {
      return Error{Errc::invalid, "'" + std::string(text) + "' is neither true nor false"};
    }
    settings.*field = text == "true";
    return {};
  };
  const auto to_text = [&settings, text](std::string S::*field) -> Result<void> {
    settings.*field = std::string(text);
    return {};
  };
  const auto to_words = [&settings, text](std::vector<std::string> S::*field) -> Result<void> {
    settings.*field = words_of(text);
    return {};
  };
  const auto to_number = [&settings, &setting, text](auto field) -> Result<void> {
    return assign_number(settings.*field, setting, text);
  };
  return std::visit(Overloaded{to_flag, to_text, to_words, [&to_number](double S::*field) { return to_number(field); },
                               [&to_number](std::uint64_t S::*field) { return to_number(field); }},
                    setting.field);
}

std::string value_of(const Judge0Settings& settings, const Judge0Setting& setting) {
  return std::visit(Overloaded{[&settings](bool S::*field) { return std::string(settings.*field ? "true" : "false"); },
                               [&settings](double S::*field) { return shortest(settings.*field); },
                               [&settings](std::uint64_t S::*field) { return std::to_string(settings.*field); },
                               [&settings](std::string S::*field) { return settings.*field; },
                               [&settings](std::vector<std::string> S::*field) {
                                 std::string all;
                                 for (const std::string& word : settings.*field) all += (all.empty() ? "" : " ") + word;
                                 return all;
                               }},
                    setting.field);
}

Result<void> reconcile(Judge0Settings& settings, const std::function<bool(std::string_view variable)>& given) {
  static constexpr std::array<Pair<double>, 3> kTimes = {{
      {"CPU_TIME_LIMIT", &S::cpu_time_limit, "MAX_CPU_TIME_LIMIT", &S::max_cpu_time_limit},
      {"CPU_EXTRA_TIME", &S::cpu_extra_time, "MAX_CPU_EXTRA_TIME", &S::max_cpu_extra_time},
      {"WALL_TIME_LIMIT", &S::wall_time_limit, "MAX_WALL_TIME_LIMIT", &S::max_wall_time_limit},
  }};
  static constexpr std::array<Pair<std::uint64_t>, 5> kSizes = {{
      {"MEMORY_LIMIT", &S::memory_limit, "MAX_MEMORY_LIMIT", &S::max_memory_limit},
      {"STACK_LIMIT", &S::stack_limit, "MAX_STACK_LIMIT", &S::max_stack_limit},
      {"MAX_PROCESSES_AND_OR_THREADS", &S::max_processes_and_or_threads, "MAX_MAX_PROCESSES_AND_OR_THREADS",
       &S::max_max_processes_and_or_threads},
      {"MAX_FILE_SIZE", &S::max_file_size, "MAX_MAX_FILE_SIZE", &S::max_max_file_size},
      {"NUMBER_OF_RUNS", &S::number_of_runs, "MAX_NUMBER_OF_RUNS", &S::max_number_of_runs},
  }};
  static constexpr std::array<Pair<bool>, 3> kFlags = {{
      {"ENABLE_PER_PROCESS_AND_THREAD_TIME_LIMIT", &S::enable_per_process_and_thread_time_limit,
       "ALLOW_ENABLE_PER_PROCESS_AND_THREAD_TIME_LIMIT", &S::allow_enable_per_process_and_thread_time_limit},
      {"ENABLE_PER_PROCESS_AND_THREAD_MEMORY_LIMIT", &S::enable_per_process_and_thread_memory_limit,
       "ALLOW_ENABLE_PER_PROCESS_AND_THREAD_MEMORY_LIMIT", &S::allow_enable_per_process_and_thread_memory_limit},
      {"ENABLE_NETWORK", &S::enable_network, "ALLOW_ENABLE_NETWORK", &S::allow_enable_network},
  }};
  for (const auto& pair : kTimes) {
    if (auto done = bring_down(settings, pair, given); !done) return done;
  }
  for (const auto& pair : kSizes) {
    if (auto done = bring_down(settings, pair, given); !done) return done;
  }
  for (const auto& pair : kFlags) {
    if (auto checked = check_allowed(settings, pair); !checked) return checked;
  }
  for (const auto& [variable, ranges] :
       {std::pair{"ALLOW_IP", &settings.allow_ip}, std::pair{"DISALLOW_IP", &settings.disallow_ip}}) {
    for (const std::string& range : *ranges) {
      if (!AddressRange::parse(range)) {
        return Error{Errc::invalid, std::string(variable) + ": '" + range + "' is no address and no CIDR range"};
      }
    }
  }
  for (const auto& [variable, name] :
       {std::pair{"AUTHN_HEADER", &settings.authn_header}, std::pair{"AUTHZ_HEADER", &settings.authz_header}}) {
    if (!is_header_name(*name)) {
      return Error{Errc::invalid, std::string(variable) + ": '" + *name + "' is no name of a header"};
    }
  }
  return {};
}

}  // namespace pushjudge
