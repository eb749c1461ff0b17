#include "api/client/command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace pushjudge::client {
namespace {

using nlohmann::json;

std::string_view ending_of(std::string_view file) {
  const std::size_t slash = file.rfind('/');
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  const std::size_t dot = file.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view() : file.substr(dot + 1);
}

// Endings that mean the same language as the one that its source files are stored under.
std::string_view usual_ending(std::string_view ending) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOthers = {
      {{"cc", "cpp"}, {"cxx", "cpp"}, {"c++", "cpp"}, {"C", "cpp"}, {"mjs", "js"}, {"cjs", "js"}, {"bash", "sh"}}};
  for (const auto& [other, usual] : kOthers) {
    if (ending == other) return usual;
  }
  return ending;
}

std::string on_offer(std::span<const Language> languages) {
  std::string all;
  for (const Language& language : languages) all += (all.empty() ? "" : ", ") + language.slug;
  return all.empty() ? "no language is on offer: has a worker joined?" : "on offer: " + all;
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->is_number() ? found->dump() : std::string();
}

void add_text(std::string& all, const json& submission, const char* key, const char* title) {
  const std::string text = text_at(submission, key);
  if (text.empty()) return;
  all += std::string("--- ") + title + "\n" + text;
  if (!text.ends_with('\n')) all += "\n";
}

std::string percent_text(const json& number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f%%", number.is_number() ? number.get<double>() : 0.0);
  return text.data();
}

std::string shown_test_text(const json& test) {
  std::string all = "--- " + text_at(test, "name") + ": " + text_at(test, "verdict") + "\n";
  for (const auto& [key, title] :
       {std::pair{"input", "input"}, {"expected", "expected"}, {"output", "output"}, {"stdout", "stdout"}}) {
    std::string text = text_at(test, key);
    while (text.ends_with('\n')) text.pop_back();
    if (text.empty() && std::string_view(key) == "stdout") continue;
    // What has several lines stands below its name.
    const bool long_text = text.find('\n') != std::string::npos;
    all += std::string(title) + ":" + (long_text ? "\n" : " ") + (text.empty() ? "nothing" : text) + "\n";
  }
  return all;
}

void add_submit(CLI::App& app, SubmitCommand& command) {
  app.add_option("FILE", command.file, "The program; - for standard input")->required();
  app.add_option("--language,-l", command.language, "Name or Judge0 id; default: by the ending of FILE");
  app.add_option("--problem", command.problem, "Problem that it is to solve: its tests and limits hold");
  app.add_flag("--all-tests", command.all_tests, "Of the problem, also after one that fails");
  CLI::Option* input = app.add_option("--stdin", command.stdin_file, "File that the program reads");
  app.add_option("--test-cases", command.test_cases_file,
                 "File of tests to try a function problem with: a value a line, as LeetCode writes them")
      ->needs("--problem")
      ->excludes(input);
  app.add_option("--expected", command.expected_file, "File with the output it should have");
  app.add_option("--compiler-options", command.compiler_options, "Words for the compiler");
  app.add_option("--arguments", command.arguments, "Words for the program");
  app.add_option("--cpu", command.cpu_seconds, "CPU time, in seconds");
  app.add_option("--wall", command.wall_seconds, "Time on the wall, in seconds");
  app.add_option("--memory", command.memory_kib, "Memory, in KiB");
  app.add_option("--user", command.user, "For whom it is: who shares the workers' time with others");
  app.add_option("--class", command.job_class, "contest, interactive or rejudge");
  app.add_flag("--json", command.json, "Print messages as JSON, one a line");
  app.add_flag("!--no-wait", command.wait, "Print the token and do not wait for the result");
}

void add_compare(CLI::App& app, CompareCommand& command) {
  app.add_option("--source", command.source_file, "The program to be judged; default: ones that sleep 0.3 to 1.3 s");
  app.add_option("--language,-l", command.language, "Name or Judge0 id; default: by the ending of the program's file");
  app.add_option("--runs", command.runs, "How many jobs are watched in each way")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--concurrency", command.concurrency, "How many at a time")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--json", command.json_file, "File to write the figures to");
  app.add_option("--chart", command.chart_file, "File to draw them in, as SVG");
}

// The command with its own commands below it, and what each reads.
struct ProblemApp {
  CLI::App* check = nullptr;
  CLI::App* add = nullptr;
  CLI::App* list = nullptr;
  CLI::App* remove = nullptr;
  CLI::App* import = nullptr;
};

void add_import(CLI::App& app, ImportCommand& command) {
  app.add_option("FILE", command.file, "Function problems, one a line of JSON; - for standard input")->required();
  app.add_flag("!--no-verify", command.verify, "Publish them without having their solutions judged");
  app.add_option("--report", command.report_file, "File to write what came of each to, a line of JSON");
  app.add_option("--packages", command.packages_folder, "Folder to write a package of each to");
}

ProblemApp add_problem(CLI::App& app, ProblemCommand& command, ImportCommand& import) {
  CLI::App* problem = app.add_subcommand("problem", "Check and publish problem packages (Kattis, ICPC)");
  problem->require_subcommand(1);
  ProblemApp all;
  all.check = problem->add_subcommand("check", "Have everything in packages judged, and say what is not as it says");
  all.add = problem->add_subcommand("add", "Check packages, and publish those that are as they say");
  for (CLI::App* one : {all.check, all.add}) {
    one->add_option("DIR", command.folders, "Packages, or folders of packages")->required();
  }
  all.add->add_flag("!--no-check", command.check, "Publish them without having anything judged");
  all.list = problem->add_subcommand("list", "List the problems that are published");
  all.remove = problem->add_subcommand("remove", "Take a problem back");
  all.remove->add_option("SLUG", command.slug, "Its short name")->required();
  all.import = problem->add_subcommand("import", "Publish function problems whose solutions are accepted");
  add_import(*all.import, import);
  return all;
}

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv) {
  CommandLine line;
  CLI::App app("pushjudge: submits programs to a gateway and watches them being judged.", "pushjudge");
  app.set_version_flag("--version", "pushjudge " PJ_VERSION);
  app.add_option("--url", line.url, "The gateway")->envname("PUSHJUDGE_URL")->capture_default_str();
  app.add_option("--auth-token", line.auth_token, "The access token that it wants, if any")
      ->envname("PUSHJUDGE_AUTH_TOKEN");
  app.add_option("--authz-token", line.authz_token, "The token of an administrator, for what only these may do")
      ->envname("PUSHJUDGE_AUTHZ_TOKEN");
  app.require_subcommand(1);
  app.fallthrough();
  app.footer("Exit codes: 0 accepted, 1 judged otherwise, 2 usage or bad input, 3 the gateway is unreachable.");

  SubmitCommand submit;
  WatchCommand watch;
  GetCommand get;
  CancelCommand cancel;
  LanguagesCommand languages;
  HealthCommand health;
  CompareCommand compare;
  CLI::App* submit_app = app.add_subcommand("submit", "Submit a program and watch it being judged");
  add_submit(*submit_app, submit);
  CLI::App* watch_app = app.add_subcommand("watch", "Show what happened to a submission, and what happens");
  watch_app->add_option("TOKEN", watch.token, "The token of the submission")->required();
  watch_app->add_flag("--json", watch.json, "Print messages as JSON, one a line");
  CLI::App* get_app = app.add_subcommand("get", "Print a submission as JSON");
  get_app->add_option("TOKEN", get.token, "The token of the submission")->required();
  get_app->add_option("--fields", get.fields, "Names with commas between, or *");
  CLI::App* cancel_app = app.add_subcommand("cancel", "End a submission that is queued or runs");
  cancel_app->add_option("TOKEN", cancel.token, "The token of the submission")->required();
  CLI::App* languages_app = app.add_subcommand("languages", "List the languages on offer");
  languages_app->add_flag("--json", languages.json, "Print them as JSON");
  CLI::App* health_app = app.add_subcommand("health", "Say whether submissions are judged; exit code 3 if not");
  health_app->add_option("--workers", health.workers, "How many workers there must be")->capture_default_str();
  health_app->add_option("--wait", health.wait_seconds, "How long to wait for it, in seconds")
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
  CLI::App* compare_app = app.add_subcommand(
      "compare", "Measure what it costs to learn of results by WebSocket, by Server-Sent Events and by polling");
  add_compare(*compare_app, compare);
  ProblemCommand problem;
  ImportCommand import;
  const ProblemApp problem_app = add_problem(app, problem, import);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    CLI::App* asked = &app;
    while (!asked->get_subcommands().empty()) asked = asked->get_subcommands().back();
    line.command = PrintCommand{0, asked->help()};
    return line;
  } catch (const CLI::CallForVersion&) {
    line.command = PrintCommand{0, app.version() + "\n"};
    return line;
  } catch (const CLI::ParseError& error) {
    line.command = PrintCommand{kExitBadInput, std::string("pushjudge: ") + error.what() + "\nTry --help.\n"};
    return line;
  }
  // The gateway's own setting, of the same name, may hold several.
  line.auth_token.resize(std::min(line.auth_token.find(' '), line.auth_token.size()));
  line.authz_token.resize(std::min(line.authz_token.find(' '), line.authz_token.size()));
  if (submit_app->parsed()) line.command = std::move(submit);
  if (watch_app->parsed()) line.command = std::move(watch);
  if (get_app->parsed()) line.command = std::move(get);
  if (cancel_app->parsed()) line.command = std::move(cancel);
  if (languages_app->parsed()) line.command = languages;
  if (health_app->parsed()) line.command = health;
  if (compare_app->parsed()) line.command = std::move(compare);
  if (problem_app.list->parsed()) problem.action = ProblemCommand::Action::list;
  if (problem_app.remove->parsed()) problem.action = ProblemCommand::Action::remove;
  problem.publish = problem_app.add->parsed();
  const bool is_problem = problem_app.check->parsed() || problem_app.add->parsed() || problem_app.list->parsed() ||
                          problem_app.remove->parsed();
  if (is_problem) line.command = std::move(problem);
  if (problem_app.import->parsed()) line.command = std::move(import);
  return line;
}

Result<Language> choose_language(std::span<const Language> languages, std::string_view wanted, std::string_view file) {
  if (!wanted.empty()) {
    for (const Language& language : languages) {
      if (language.slug == wanted || std::to_string(language.id) == wanted) return language;
    }
    return Error{Errc::invalid, "unknown language '" + std::string(wanted) + "'; " + on_offer(languages)};
  }
  const std::string_view ending = usual_ending(ending_of(file));
  const Language* chosen = nullptr;
  for (const Language& language : languages) {
    if (ending.empty() || ending_of(language.source_file) != ending) continue;
    if (chosen == nullptr || language.id < chosen->id) chosen = &language;
  }
  if (chosen != nullptr) return *chosen;
  return Error{Errc::invalid,
               "cannot tell the language of '" + std::string(file) + "'; say --language. " + on_offer(languages)};
}

std::optional<std::int64_t> time_ms(const json& object, const char* key) {
  std::tm utc{};
  int millis = 0;
  const std::string text = text_at(object, key);
  const int read = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &utc.tm_year, &utc.tm_mon, &utc.tm_mday,
                               &utc.tm_hour, &utc.tm_min, &utc.tm_sec, &millis);
  if (read != 7) return std::nullopt;
  utc.tm_year -= 1900;
  utc.tm_mon -= 1;
  return std::int64_t{::timegm(&utc)} * 1'000 + millis;
}

std::optional<std::int64_t> event_time_ms(const json& event) {
  return time_ms(event, "at");
}

std::string timeline_line(const json& event, std::int64_t since_ms) {
  const json& submission = event.contains("submission") ? event["submission"] : json::object();
  const std::string kind = text_at(event, "event");
  const std::string note = text_at(event, "note");
  std::string what = kind;
  if (kind == "started") {
    what = "started on worker " + text_at(submission, "worker");
    if (submission.value("attempt", 1) > 1) what += " (attempt " + text_at(submission, "attempt") + ")";
  } else if (kind == "finished") {
    what = "finished: " + text_at(submission, "verdict");
  } else if (!note.empty()) {
    what += (kind == "compiled" ? " in " : ": ") + note;
  }
  std::array<char, 32> time{};
  std::snprintf(time.data(), time.size(), "%7lld ms  ", static_cast<long long>(since_ms));
  return time.data() + what;
}

std::string progress_line(const json& progress) {
  const json result = progress.value("result", json::object());
  std::string line = "          test " + text_at(progress, "test") + " of " + text_at(progress, "of") + ": " +
                     text_at(result, "name") + " " + text_at(result, "verdict");
  if (const std::string time = text_at(result, "time"); !time.empty()) line += "  " + time + " s";
  if (const std::string message = text_at(result, "message"); !message.empty()) line += "  " + message;
  return line;
}

std::string outcome_text(const json& submission) {
  std::string all = text_at(submission, "verdict");
  const std::string time = text_at(submission, "time");
  const std::string memory = text_at(submission, "memory");
  const std::string message = text_at(submission, "message");
  if (!time.empty()) all += "  " + time + " s CPU";
  if (!memory.empty()) all += "  " + memory + " KiB";
  if (!message.empty()) all += "  " + message;
  if (const std::string score = text_at(submission, "score"); !score.empty()) {
    all += "  " + score + " points";
    if (const std::string most = text_at(submission, "score_max"); !most.empty()) all += " of " + most;
  }
  if (const std::string faster = text_at(submission, "runtime_percentile"); !faster.empty()) {
    all += "  faster than " + percent_text(submission["runtime_percentile"]) + ", less memory than " +
           percent_text(submission.value("memory_percentile", json(nullptr)));
  }
  all += "\n";
  for (const json& test : submission.value("tests", json::array())) {
    if (test.contains("input")) all += shown_test_text(test);
  }
  add_text(all, submission, "compile_output", "compiler");
  add_text(all, submission, "stdout", "stdout");
  add_text(all, submission, "stderr", "stderr");
  return all;
}

int exit_code_of(const json& submission) {
  return text_at(submission, "verdict") == "accepted" ? kExitAccepted : kExitJudged;
}

}  // namespace pushjudge::client
