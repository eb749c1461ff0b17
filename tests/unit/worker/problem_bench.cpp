#include "tests/unit/worker/problem_bench.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include "tests/unit/worker/box.hpp"

namespace pushjudge::testing {

ProblemFolder::ProblemFolder() {
  problem.slug = "problem";
  problem.title = "A problem";
  problem.limits.memory_kib = 256 << 10;
  problem.groups.resize(1);
}

ProblemFile ProblemFolder::file(const std::string& name, const std::string& bytes) {
  const auto digest = digest_of(bytes);
  files[digest] = bytes;
  return {name, {digest, bytes.size()}};
}

ProblemTest& ProblemFolder::add_test(const std::string& input, const std::string& answer, bool sample) {
  ProblemTest test;
  test.name = std::to_string(problem.tests.size() + 1);
  test.sample = sample;
  test.input = file("", input).content;
  test.answer = file("", answer).content;
  problem.tests.push_back(std::move(test));
  return problem.tests.back();
}

void ProblemFolder::set_checker(CheckerProtocol protocol, const std::string& language_slug, const std::string& source) {
  problem.checker.protocol = protocol;
  problem.checker.language = language_slug;
  problem.checker.main_file = "check";
  problem.checker.files = {file("check", source)};
}

ProblemBench::Boxes::Boxes() : program(defaults().sandbox), checker(defaults().sandbox), lane(program, checker) {}

ProblemBench::ProblemBench(unsigned lanes)
    : boxes_([lanes] {
        std::vector<std::unique_ptr<Boxes>> boxes;
        for (unsigned i = 0; i < lanes; ++i) boxes.push_back(std::make_unique<Boxes>());
        return boxes;
      }()),
      judge_(boxes_[0]->lane, shelf, unpacker(), [](const std::string& slug) { return language(slug); }) {}

void ProblemBench::start(const ProblemFolder& folder, const std::string& slug, Submission submission) {
  const Recipe* recipe = language(slug);
  REQUIRE(recipe != nullptr);
  REQUIRE_MESSAGE(!invalid(folder.problem), *invalid(folder.problem));
  judged_ = Judged{};
  ended_ = false;
  submission.problem = folder.problem.slug;
  submission.problem_version = digest_of(encode(folder.problem));
  take(judge_.start(std::move(submission), *recipe), folder);
}

void ProblemBench::take(ProblemJudge::News news, const ProblemFolder& folder) {
  for (auto& event : news) {
    // The answer to the one before may have ended it.
    if (ended_ && std::holds_alternative<ProblemJudge::Wanted>(event)) continue;
    REQUIRE_FALSE(ended_);
    if (std::holds_alternative<ProblemJudge::Compiled>(event)) ++judged_.compilations;
    if (auto* progress = std::get_if<TestProgress>(&event)) judged_.progress.push_back(std::move(*progress));
    if (auto* finished = std::get_if<ProblemJudge::Finished>(&event)) judged_.report = std::move(finished->report);
    if (auto* failed = std::get_if<ProblemJudge::Failed>(&event)) judged_.failure = failed->reason;
    ended_ =
        std::holds_alternative<ProblemJudge::Finished>(event) || std::holds_alternative<ProblemJudge::Failed>(event);
    const auto* wanted = std::get_if<ProblemJudge::Wanted>(&event);
    if (wanted == nullptr) continue;
    ++judged_.wanted;
    const auto manifest = encode(folder.problem);
    const auto found = folder.files.find(wanted->digest);
    if (wanted->digest == digest_of(manifest)) {
      REQUIRE(shelf.keep(wanted->digest, manifest));
    } else if (found != folder.files.end()) {
      REQUIRE(shelf.keep(wanted->digest, found->second));
    }
    take(judge_.on_blob(wanted->digest, shelf.find(wanted->digest) != nullptr), folder);
  }
}

// Waits for the end of one run at least.
void ProblemBench::turn(const ProblemFolder& folder) {
  for (const auto& boxes : boxes_) {
    if (boxes != boxes_[0] && !judge_.uses(boxes->lane) && judge_.could_use_lane())
      take(judge_.lend(boxes->lane), folder);
  }
  std::vector<pollfd> watched;
  for (const auto& boxes : boxes_) {
    watched.push_back({boxes->program.fd(), POLLIN, 0});
    watched.push_back({boxes->checker.fd(), POLLIN, 0});
  }
  ::poll(watched.data(), watched.size(), 500);
  for (const auto& boxes : boxes_) {
    for (const auto box : {TestRun::Box::program, TestRun::Box::checker}) {
      auto end = (box == TestRun::Box::program ? boxes->program : boxes->checker).receive(Steady::now());
      if (!end) continue;
      if (auto* outcome = std::get_if<sandbox::Outcome>(&*end)) {
        take(judge_.on_outcome(boxes->lane, box, std::move(*outcome)), folder);
      } else {
        take(judge_.on_broken(boxes->lane, box, std::get<SandboxRunner::Broken>(*end).reason), folder);
      }
    }
  }
}

Judged ProblemBench::judge(const ProblemFolder& folder, const std::string& slug, const std::string& source,
                           Submission submission) {
  submission.source_code = source;
  start(folder, slug, std::move(submission));
  while (!judge_.idle()) turn(folder);
  REQUIRE(ended_);
  return std::move(judged_);
}

void ProblemBench::drop_midway(const ProblemFolder& folder, const std::string& slug, const std::string& source) {
  Submission submission;
  submission.source_code = source;
  start(folder, slug, std::move(submission));
  while (judged_.progress.empty() && !ended_) turn(folder);
  REQUIRE_FALSE(ended_);
  judge_.drop();
  while (!judge_.idle()) turn(folder);
  CHECK_FALSE(ended_);
}

}  // namespace pushjudge::testing
