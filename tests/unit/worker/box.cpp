#include "tests/unit/worker/box.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "worker/catalogue.hpp"
#include "worker/report.hpp"

namespace pushjudge::testing {

namespace {

Result<void> try_box() {
  sandbox::Spec spec;
  spec.argv = {"/bin/true"};
  SandboxRunner runner(defaults().sandbox);
  const auto outcome = run_to_end(runner, spec);
  if (!outcome) return outcome.error();
  return {};
}

// Nothing where the toolchain is not installed. Only the languages that are asked for are started.
std::optional<Recipe> installed(const std::string& slug) {
  auto recipe = read_recipe(std::filesystem::path(PJ_LANGUAGES_DIR) / slug);
  REQUIRE(recipe);
  SandboxRunner runner(defaults().sandbox);
  const auto version = ask_version(*recipe, runner);
  if (!version) return std::nullopt;
  return *std::move(recipe);
}

}  // namespace

const WorkerDefaults& defaults() {
  static const WorkerDefaults found = worker_defaults();
  return found;
}

bool boxes_work() {
  static const Result<void> tried = try_box();
  if (tried) return true;
  if (std::getenv("PJ_REQUIRE_SANDBOX") != nullptr) FAIL(tried.error().message);
  MESSAGE("skipped: " << tried.error().message);
  return false;
}

const Recipe* language(std::string_view slug) {
  static std::map<std::string, std::optional<Recipe>, std::less<>> known;
  auto found = known.find(slug);
  if (found == known.end()) found = known.emplace(slug, installed(std::string(slug))).first;
  if (found->second) return &*found->second;
  MESSAGE("skipped: " << slug << " is not installed");
  return nullptr;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Submission submission_of(std::string source, std::string input) {
  Submission submission;
  submission.source_code = std::move(source);
  submission.stdin_text = std::move(input);
  return submission;
}

void check(const Report& report, Verdict verdict) {
  CAPTURE(to_string(report.verdict));
  CAPTURE(report.message);
  CAPTURE(shortened(report.stdout_text, 1000));
  CAPTURE(shortened(report.stderr_text, 1000));
  CAPTURE(shortened(report.compile_output, 1000));
  CAPTURE(report.memory_kib.value_or(0));
  CHECK(report.verdict == verdict);
}

bool counted(const Report& report) {
  return report.accounting != "rusage";
}

Judge::News take_end(Judge& judge, SandboxRunner& runner) {
  auto end = runner.receive(Steady::now());
  while (!end) {
    pollfd readable{runner.fd(), POLLIN, 0};
    ::poll(&readable, 1, 200);
    end = runner.receive(Steady::now());
  }
  if (auto* outcome = std::get_if<sandbox::Outcome>(&*end)) return judge.on_outcome(std::move(*outcome));
  return judge.on_broken(std::get<SandboxRunner::Broken>(*end).reason);
}

const Unpacker& unpacker() {
  static const Unpacker read = *read_unpacker(defaults().unpacker, kUnpackedKibDefault);
  return read;
}

Box::Box(const sandbox::Limits& compiling) : judge(runner, {.compiling = compiling, .unpacker = unpacker()}) {}

Report Box::report_on(const Submission& submission, const Recipe& recipe) {
  auto news = judge.start(submission, recipe);
  while (!judge.idle()) {
    news = take_end(judge, runner);
    if (std::holds_alternative<Judge::Compiled>(news)) ++compilations;
  }
  if (const auto* failed = std::get_if<Judge::Failed>(&news)) FAIL(failed->reason);
  REQUIRE(std::holds_alternative<Judge::Finished>(news));
  return std::get<Judge::Finished>(news).report;
}

}  // namespace pushjudge::testing
