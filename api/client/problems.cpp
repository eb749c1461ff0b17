#include "api/client/problems.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "api/client/console.hpp"
#include "api/client/judging.hpp"
#include "api/client/problem_upload.hpp"
#include "api/packages/package.hpp"
#include "api/packages/time_limit.hpp"
#include "proto/codec.hpp"

namespace pushjudge::client {
namespace {

using nlohmann::json;
using packages::Package;
using packages::PackageSubmission;
using packages::Program;

constexpr std::uint64_t kGenerousMs = 10'000;   // for those whose time the limit follows from
constexpr std::uint64_t kUnmeasuredMs = 5'000;  // where nothing says and nobody measures how long it may take

std::string seconds_text(double seconds) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f s", seconds);
  return text.data();
}

Result<std::vector<json>> judge_shown(const Url& url, const std::vector<JudgedJob>& jobs) {
  const ProgressBar bar(jobs.size());
  return judge_all(url, jobs, [&](std::size_t done, const std::string& title) { bar.show(done, title); });
}

struct TableRow {
  std::string submission, language, expected, got, score, slowest, outcome;
};

std::string table_text(std::vector<TableRow> rows) {
  rows.insert(rows.begin(), {"submission", "language", "expected", "got", "score", "slowest", ""});
  const std::array columns = {&TableRow::submission, &TableRow::language, &TableRow::expected, &TableRow::got,
                              &TableRow::score,      &TableRow::slowest,  &TableRow::outcome};
  std::string all;
  for (const TableRow& row : rows) {
    std::string line = " ";
    for (const auto column : columns) {
      std::size_t width = 0;
      for (const TableRow& other : rows) width = std::max(width, (other.*column).size());
      line += " " + row.*column + std::string(width - (row.*column).size() + 1, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    all += line + "\n";
  }
  return all;
}

// The times of a function problem's tests are what the program itself says.
double slowest_test(const json& submission, bool function) {
  if (function) return packages::seconds_at(submission, "time").value_or(0);
  double slowest = 0;
  const auto tests = submission.find("tests");
  if (tests == submission.end() || !tests->is_array()) return slowest;
  for (const json& test : *tests) slowest = std::max(slowest, packages::seconds_at(test, "time").value_or(0));
  return slowest;
}

std::string score_text(const json& submission) {
  const auto score = packages::seconds_at(submission, "score");
  return score ? json(*score).dump() : "";
}

// One package, from upload to verdict.
class PackageCheck {
 public:
  PackageCheck(const Url& url, Client& client, Package& package, const std::map<std::string, std::int32_t>& languages)
      : url_(url), client_(client), package_(package), languages_(languages) {}

  // Whether everything is as it is to be. The package has its time limit then.
  Result<bool> run() {
    const std::string& checker = package_.problem.checker.language;
    if (!checker.empty() && !languages_.contains(checker)) {
      return Error{Errc::invalid,
                   package_.problem.slug + ": its checker is in " + checker + ", which no worker offers"};
    }
    // To be refused comes before anything that takes long.
    for (const auto step : {&PackageCheck::find_time_limit, &PackageCheck::upload_draft, &PackageCheck::validate_inputs,
                            &PackageCheck::check_outputs, &PackageCheck::judge_submissions}) {
      if (const auto done = (this->*step)(); !done) return done.error();
    }
    return matches_;
  }

 private:
  void complain(const std::string& what) {
    matches_ = false;
    say("  MISMATCH " + shortened(what) + "\n");
  }
  void note(const std::string& what) { say("  note: " + what + "\n"); }

  Result<void> validate_inputs() {
    std::vector<JudgedJob> jobs;
    std::vector<const packages::InputCheck*> inputs;
    for (const Program& validator : package_.input_validators) {
      const auto language = languages_.find(validator.language);
      if (language == languages_.end()) {
        note(validator.name + " is in " + validator.language + ", which no worker offers: not run");
        continue;
      }
      const auto attributes = attributes_of(validator, language->second);
      if (!attributes) return attributes.error();
      for (const packages::InputCheck& input : package_.inputs) {
        const std::string& text = package_.blobs.at(input.input);
        if (text.size() > kStdinBytesMax) {
          note(input.name + " is too large to be validated");
          continue;
        }
        json job = *attributes;
        job["stdin"] = base64_encode(text);
        job["cpu_time_limit"] = 10;
        job["wall_time_limit"] = 20;
        std::string words;
        for (const std::string& word : input.arguments.of(packages::program_name(validator))) {
          words += (words.empty() ? "" : " ") + word;
        }
        if (!words.empty()) job["command_line_arguments"] = words;
        jobs.push_back({validator.name + " " + input.name, std::move(job)});
        inputs.push_back(&input);
      }
    }
    const auto results = judge_shown(url_, jobs);
    if (!results) return results.error();
    judge_validations(jobs, inputs, *results);
    return {};
  }

  void judge_validations(const std::vector<JudgedJob>& jobs, const std::vector<const packages::InputCheck*>& inputs,
                         const std::vector<json>& results) {
    constexpr int kValid = 42;
    std::map<std::string, bool> refused_once;  // of the inputs that are to be refused
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const auto code = packages::seconds_at(results[i], "exit_code");
      const bool valid = code && *code == kValid;
      const std::string verdict = results[i].value("verdict", "");
      const bool ran = verdict == "accepted" || verdict == "runtime_error";
      if (!ran || (inputs[i]->valid && !valid)) {
        const auto said = results[i].find("message");
        complain(jobs[i].title + ": " + verdict +
                 (said != results[i].end() && said->is_string() ? ", " + said->get<std::string>() : ""));
      }
      if (!inputs[i]->valid) refused_once[inputs[i]->name] |= ran && !valid;
    }
    for (const auto& [name, was_refused] : refused_once) {
      if (!was_refused) complain(name + ": no validator refuses it");
    }
    if (!jobs.empty()) print("  " + std::to_string(jobs.size()) + " validations of inputs\n");
  }

  Result<json> submission_attributes(const PackageSubmission& submission, const std::string& version) {
    auto attributes = attributes_of(submission.program, languages_.at(submission.program.language));
    if (!attributes) return attributes.error();
    (*attributes)["problem"] = package_.problem.slug + "@" + version;
    (*attributes)["all_tests"] = true;
    (*attributes)["judge_messages"] = true;
    return attributes;
  }

  bool is_function() const { return package_.problem.function.has_value(); }

  std::optional<double> slowest_seconds(const PackageSubmission& submission, const json& result) const {
    const auto of_tests = packages::slowest_seconds(submission.expected, result);
    return of_tests && is_function() ? packages::seconds_at(result, "time") : of_tests;
  }

  bool is_offered(const PackageSubmission& submission) const {
    return languages_.contains(submission.program.language);
  }

  Result<std::vector<json>> judge_chosen(const std::vector<const PackageSubmission*>& chosen,
                                         const std::string& version) {
    std::vector<JudgedJob> jobs;
    for (const PackageSubmission* submission : chosen) {
      auto attributes = submission_attributes(*submission, version);
      if (!attributes) return attributes.error();
      jobs.push_back({submission->name, *std::move(attributes)});
    }
    return judge_shown(url_, jobs);
  }

  // Has those that are to be quick enough judged with a limit that they will not reach.
  Result<void> find_time_limit() {
    if (package_.timing.given_ms) return {};
    Problem generous = package_.problem;
    generous.limits.time_ms = kGenerousMs;
    const auto version = upload_problem(client_, generous, package_.blobs, false);
    if (!version) return version.error();
    std::vector<const PackageSubmission*> chosen;
    for (const PackageSubmission& submission : package_.submissions) {
      if (is_offered(submission) && packages::bounds_from_below(submission.expected)) chosen.push_back(&submission);
    }
    const auto results = judge_chosen(chosen, *version);
    if (!results) return results.error();
    double slowest = 0;
    std::string which;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const auto seconds = slowest_seconds(*chosen[i], (*results)[i]);
      if (!seconds || (*seconds <= slowest && !which.empty())) continue;
      slowest = *seconds;
      which = chosen[i]->name;
    }
    if (which.empty()) return Error{Errc::invalid, package_.problem.slug + ": nothing says how long it may take"};
    package_.problem.limits.time_ms = packages::inferred_limit_ms(package_.timing, slowest);
    say("  time limit " + seconds_text(static_cast<double>(package_.problem.limits.time_ms) / 1'000) +
        ": the slowest that is to be quick enough, " + which + ", takes " + seconds_text(slowest) + "\n");
    return {};
  }

  // The outputs that are there to check the checker become tests whose program prints a file that lies beside it.
  Result<void> check_outputs() {
    if (package_.outputs.empty() || package_.problem.checker.interactive) return {};
    const auto language = languages_.find("bash");
    if (language == languages_.end()) {
      note("the checker is not checked: no worker offers bash");
      return {};
    }
    Problem problem = package_.problem;
    problem.scoring = false;
    problem.languages.clear();
    problem.included.clear();
    problem.groups = {TestGroup{}};
    problem.tests.clear();
    problem.limits.passes = 1;
    for (const packages::OutputCheck& check : package_.outputs) {
      ProblemTest test = check.test;
      test.group = 0;
      test.sample = false;
      test.files = {{"output-to-check", check.output}};
      problem.tests.push_back(std::move(test));
    }
    const auto version = upload_problem(client_, problem, package_.blobs, false);
    if (!version) return version.error();
    const json attributes = {{"base64_encoded", "true"},
                             {"language_id", language->second},
                             {"source_code", base64_encode("cat output-to-check\n")},
                             {"problem", problem.slug + "@" + *version},
                             {"all_tests", true},
                             {"judge_messages", true}};
    const auto results = judge_shown(url_, {{"outputs", attributes}});
    if (!results) return results.error();
    judge_outputs(results->front());
    return {};
  }

  void judge_outputs(const json& result) {
    const auto tests = result.find("tests");
    if (tests == result.end() || !tests->is_array() || tests->size() != package_.outputs.size()) {
      return complain("the outputs that the checker is checked with: " + result.value("verdict", ""));
    }
    for (std::size_t i = 0; i < package_.outputs.size(); ++i) {
      const json& test = (*tests)[i];
      const std::string verdict = test.value("verdict", "");
      const char* wanted = package_.outputs[i].valid ? "accepted" : "wrong_answer";
      if (verdict != wanted) {
        complain(test.value("name", "") + ": the output is " + verdict + ", not " + wanted + ": " +
                 test.value("judge_message", test.value("message", "")));
      }
    }
    say("  " + std::to_string(package_.outputs.size()) + " outputs to check the checker with\n");
  }

  Result<void> upload_draft() {
    auto version = upload_problem(client_, package_.problem, package_.blobs, false);
    if (!version) return version.error();
    version_ = *std::move(version);
    return {};
  }

  Result<void> judge_submissions() {
    std::vector<const PackageSubmission*> chosen;
    for (const PackageSubmission& submission : package_.submissions) {
      if (is_offered(submission)) {
        chosen.push_back(&submission);
      } else {
        note(submission.name + " is in " + submission.program.language + ", which no worker offers: left out");
      }
    }
    // Nothing else shows that it can be solved at all.
    const auto is_accepted = [](const PackageSubmission* one) { return one->name.starts_with("accepted/"); };
    if (std::ranges::none_of(chosen, is_accepted)) complain("no submission in accepted/ could be judged");
    const auto results = judge_chosen(chosen, version_);
    if (!results) return results.error();
    std::vector<TableRow> rows;
    std::vector<std::string> reasons;
    double slowest = 0;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const json& result = (*results)[i];
      const auto reason = packages::mismatch(chosen[i]->expected, result);
      rows.push_back({chosen[i]->name, chosen[i]->program.language, chosen[i]->expected.title,
                      result.value("verdict", ""), score_text(result),
                      seconds_text(slowest_test(result, is_function())), reason ? "MISMATCH" : "ok"});
      if (reason) reasons.push_back(chosen[i]->name + ": " + *reason);
      slowest = std::max(slowest, slowest_seconds(*chosen[i], result).value_or(0));
    }
    say(table_text(std::move(rows)));
    for (const std::string& reason : reasons) complain(reason);
    if (!packages::has_margin(package_.timing, package_.problem.limits.time_ms, slowest)) {
      note("the time limit is less than " + json(package_.timing.accepted_to_limit).dump() +
           " times what the slowest takes that is to be quick enough: " + seconds_text(slowest));
    }
    return {};
  }

  const Url& url_;
  Client& client_;
  Package& package_;
  const std::map<std::string, std::int32_t>& languages_;
  std::string version_;  // of the draft
  bool matches_ = true;
};

void print_errors(const std::filesystem::path& folder, const Error& error) {
  std::string_view text = error.message;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    std::fprintf(stderr, "%s\n", without_controls(folder.string() + "/" + std::string(line)).c_str());
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
}

class PackageCommand {
 public:
  PackageCommand(const Url& url, const ProblemCommand& command) : url_(url), client_(url), command_(command) {}

  int run() {
    std::vector<std::filesystem::path> folders;
    for (const std::string& folder : command_.folders) {
      const auto found = packages::find_packages(folder);
      if (!found) return fail(found.error());
      folders.insert(folders.end(), found->begin(), found->end());
    }
    if (command_.check) {
      const auto languages = client_.languages();
      if (!languages) return fail(languages.error());
      for (const Language& language : *languages) languages_.try_emplace(language.slug, language.id);
    }
    int worst = 0;
    for (const auto& folder : folders) {
      const int exit_code = run_one(folder);
      if (exit_code == kExitUnreachable) return exit_code;
      worst = std::max(worst, exit_code);
    }
    return worst;
  }

 private:
  int run_one(const std::filesystem::path& folder) {
    auto package = packages::read_package(folder);
    if (!package) {
      print_errors(folder, package.error());
      return kExitBadInput;
    }
    say(package->problem.slug + "\n");
    for (const std::string& warning : package->warnings) print("  warning: " + warning + "\n");
    if (command_.check) {
      const auto matches = PackageCheck(url_, client_, *package, languages_).run();
      if (!matches) return fail(matches.error());
      if (!*matches) {
        say(std::string("  not as it is to be") + (command_.publish ? ": it is not published\n" : "\n"));
        return kExitJudged;
      }
    } else if (!package->timing.given_ms) {
      package->problem.limits.time_ms = kUnmeasuredMs;
      say("  note: it says no time limit, and without a check none follows: it is 5 s\n");
    }
    if (!command_.publish) {
      say("  all is as it is to be\n");
      return 0;
    }
    const auto version = upload_problem(client_, package->problem, package->blobs, true);
    if (!version) return fail(version.error());
    say("  published: " + package->problem.slug + "@" + *version + "\n");
    return 0;
  }

  const Url& url_;
  Client client_;
  const ProblemCommand& command_;
  std::map<std::string, std::int32_t> languages_;  // ids by slug
};

int list_problems(Client client) {
  const auto reply = client.request("GET", "/problems");
  if (!reply) return fail(reply.error());
  const json cards = json::parse(reply->body, nullptr, false);
  if (reply->status != 200 || !cards.is_array()) return fail(refused(*reply, "there is no list of problems"));
  for (const json& card : cards) {
    say(card.value("slug", "") + "  " + card.value("title", "") + "  " + card.value("version", "") + "\n");
  }
  return 0;
}

int remove_problem(Client client, const std::string& slug) {
  if (!is_slug(slug)) return fail({Errc::invalid, "a problem's name is " + std::string(kSlugRule)});
  const auto reply = client.request("DELETE", "/problems/" + slug);
  if (!reply) return fail(reply.error());
  return reply->status < 300 ? 0 : fail(refused(*reply, slug));
}

}  // namespace

int run(const Url& url, const ProblemCommand& command) {
  switch (command.action) {
    case ProblemCommand::Action::list:
      return list_problems(Client(url));
    case ProblemCommand::Action::remove:
      return remove_problem(Client(url), command.slug);
    default:
      return PackageCommand(url, command).run();
  }
}

}  // namespace pushjudge::client
