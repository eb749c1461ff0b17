#pragma once

// The pure parts of the command `pushjudge`: what its arguments say, which language a file is in, and how events read.
// Values; any thread.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proto/base/result.hpp"
#include "proto/language.hpp"

namespace pushjudge::client {

// Exit codes of the command.
inline constexpr int kExitAccepted = 0;     // and whatever else went well
inline constexpr int kExitJudged = 1;       // judged, but not accepted
inline constexpr int kExitBadInput = 2;     // usage, a file that cannot be read, something the gateway refuses
inline constexpr int kExitUnreachable = 3;  // the gateway does not answer

struct SubmitCommand {
  std::string file;
  std::string language;  // slug or Judge0 id; empty: by the file's ending
  std::string stdin_file;
  std::string expected_file;
  std::string compiler_options;
  std::string arguments;
  std::optional<double> cpu_seconds;
  std::optional<double> wall_seconds;
  std::optional<std::uint64_t> memory_kib;
  std::string problem;          // that it is an answer to; then stdin, output and limits are the problem's
  bool all_tests = false;       // of the problem, also after one that fails
  std::string test_cases_file;  // of a function problem: tests of one's own, to be tried and not to be counted
  std::string user;
  std::string job_class;
  bool json = false;
  bool wait = true;
};
struct WatchCommand {
  std::string token;
  bool json = false;
};
struct GetCommand {
  std::string token;
  std::string fields;
};
struct CancelCommand {
  std::string token;
};
struct LanguagesCommand {
  bool json = false;
};
// Whether the core answers, at least so many workers are there and a language is on offer.
struct HealthCommand {
  std::uint64_t workers = 1;
  double wait_seconds = 0;  // how long to wait for it
};
// Has the same jobs watched in each way that there is, one way at a time.
struct CompareCommand {
  std::string source_file;  // empty: programs that sleep, for 0.3 to 1.3 s
  std::string language;     // as in SubmitCommand
  std::uint64_t runs = 40;  // of each way
  std::uint64_t concurrency = 4;
  std::string json_file;  // written, where it is named
  std::string chart_file;
};
// Problems, from packages on disk.
struct ProblemCommand {
  enum class Action { packages, list, remove };

  Action action = Action::packages;
  std::vector<std::string> folders;  // packages, or folders of them
  bool check = true;                 // to have all that is in them judged
  bool publish = false;
  std::string slug;  // to remove
};
// Problems, from a collection of functions, one a line.
struct ImportCommand {
  std::string file;             // - for standard input
  bool verify = true;           // to have their solutions judged
  std::string report_file;      // written, where it is named: what came of each, a line of JSON
  std::string packages_folder;  // where packages are written, where it is named
};
// Nothing is left to do but to print: to standard output with exit code 0, else to standard error.
struct PrintCommand {
  int exit_code = 0;
  std::string output;
};

struct CommandLine {
  std::string url = "http://127.0.0.1:2358";  // --url, or PUSHJUDGE_URL
  std::string auth_token;                     // --auth-token, or PUSHJUDGE_AUTH_TOKEN
  std::string authz_token;                    // --authz-token, or PUSHJUDGE_AUTHZ_TOKEN
  std::variant<PrintCommand, SubmitCommand, WatchCommand, GetCommand, CancelCommand, LanguagesCommand, HealthCommand,
               CompareCommand, ProblemCommand, ImportCommand>
      command;
};

CommandLine read_command_line(int argc, const char* const* argv);

// The language named by slug or id, or, where `wanted` is empty, the one whose source files end like `file`. Of several
// with that ending the one with the least id. Errors: invalid, with what is on offer.
Result<Language> choose_language(std::span<const Language> languages, std::string_view wanted, std::string_view file);

// The time under `key`, as the core's clock had it, in milliseconds since 1970. Nothing when there is none.
std::optional<std::int64_t> time_ms(const nlohmann::json& object, const char* key);

// When an event happened: its "at".
std::optional<std::int64_t> event_time_ms(const nlohmann::json& event);

// "    12 ms  started on worker box/7" for an event message. `since_ms` is counted from the submission.
std::string timeline_line(const nlohmann::json& event, std::int64_t since_ms);

// "          test 7 of 20: secret/05 accepted  0.012 s" for a progress message.
std::string progress_line(const nlohmann::json& progress);

// The outcome as people read it: verdict, time and memory, then what was printed.
std::string outcome_text(const nlohmann::json& submission);

// The exit code for a finished submission.
int exit_code_of(const nlohmann::json& submission);

}  // namespace pushjudge::client
