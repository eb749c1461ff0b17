#include "tests/support/problem_site.hpp"

#include <poll.h>

#include <stdexcept>
#include <utility>

namespace pushjudge::testing {

namespace {

void expect(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

}  // namespace

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

void ProblemFolder::set_function(const std::string& metadata) {
  auto signature = parse_signature(metadata);
  expect(static_cast<bool>(signature), metadata);
  problem.function.emplace().signature = *std::move(signature);
}

void ProblemFolder::set_reference(const std::string& language_slug, const std::string& source) {
  problem.function->reference = ReferenceSolution{language_slug, file("", source).content};
}

void ProblemFolder::add_function_tests(const std::vector<std::pair<std::string, std::string>>& tests, bool sample) {
  std::string input;
  std::string answer;
  for (const auto& [lines, expected] : tests) {
    input += lines + "\n";
    answer += expected + "\n";
  }
  for (std::uint32_t index = 0; index < tests.size(); ++index) add_test(input, answer, sample).index = index;
}

std::vector<std::unique_ptr<ProblemSite::Boxes>> ProblemSite::make_boxes(const SiteOptions& options) {
  std::vector<std::unique_ptr<Boxes>> boxes;
  for (unsigned i = 0; i < options.lanes; ++i) boxes.push_back(std::make_unique<Boxes>(options.sandbox));
  return boxes;
}

ProblemSite::ProblemSite(const SiteOptions& options, const Unpacker& unpacker, ProblemJudge::OfferedLanguage offered)
    : boxes_(make_boxes(options)), offered_(std::move(offered)), judge_(boxes_[0]->lane, shelf, unpacker, offered_) {}

void ProblemSite::start(const ProblemFolder& folder, const std::string& slug, Submission submission) {
  const Recipe* recipe = offered_(slug);
  expect(recipe != nullptr, slug + " is not offered");
  expect(!invalid(folder.problem), invalid(folder.problem).value_or(""));
  judged_ = Judged{};
  ended_ = false;
  submission.problem = folder.problem.slug;
  submission.problem_version = digest_of(encode(folder.problem));
  take(judge_.start(std::move(submission), *recipe), folder);
}

void ProblemSite::take(ProblemJudge::News news, const ProblemFolder& folder) {
  for (auto& event : news) {
    // The answer to the one before may have ended it.
    if (ended_ && std::holds_alternative<ProblemJudge::Wanted>(event)) continue;
    expect(!ended_, "news after the end");
    if (std::holds_alternative<ProblemJudge::Compiled>(event)) {
      ++judged_.compilations;
      testing_since_ = Steady::now();
    }
    if (std::holds_alternative<TestProgress>(event)) {
      judged_.testing_us = std::chrono::duration<double, std::micro>(Steady::now() - testing_since_).count();
    }
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
      expect(static_cast<bool>(shelf.keep(wanted->digest, manifest)), "the shelf took no manifest");
    } else if (found != folder.files.end()) {
      expect(static_cast<bool>(shelf.keep(wanted->digest, found->second)), "the shelf took no file");
    }
    take(judge_.on_blob(wanted->digest, shelf.find(wanted->digest) != nullptr), folder);
  }
}

// Waits for the end of one run at least.
void ProblemSite::turn(const ProblemFolder& folder) {
  for (const auto& boxes : boxes_) {
    if (boxes != boxes_[0] && !judge_.uses(boxes->lane) && judge_.could_use_lane())
      take(judge_.lend(boxes->lane), folder);
  }
  std::vector<pollfd> watched;
  for (const auto& boxes : boxes_) {
    watched.push_back({boxes->program.fd(), POLLIN, 0});
    watched.push_back({boxes->checker.fd(), POLLIN, 0});
    watched.push_back({boxes->lane.run.unread_fd(), POLLIN, 0});
  }
  ::poll(watched.data(), watched.size(), 500);
  for (const auto& boxes : boxes_) {
    boxes->lane.run.forget_unread();
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

Judged ProblemSite::judge(const ProblemFolder& folder, const std::string& slug, const std::string& source,
                          Submission submission) {
  submission.source_code = source;
  start(folder, slug, std::move(submission));
  while (!judge_.idle()) turn(folder);
  expect(ended_, "a submission without an end");
  return std::move(judged_);
}

bool ProblemSite::drop_midway(const ProblemFolder& folder, const std::string& slug, const std::string& source) {
  Submission submission;
  submission.source_code = source;
  start(folder, slug, std::move(submission));
  while (judged_.progress.empty() && !ended_) turn(folder);
  expect(!ended_, "it ended before it could be dropped");
  judge_.drop();
  while (!judge_.idle()) turn(folder);
  return ended_;
}

}  // namespace pushjudge::testing
