#include "worker/problem_judge.hpp"

#include <algorithm>
#include <utility>

#include "worker/memory_file.hpp"
#include "worker/report.hpp"

namespace pushjudge {

namespace {

// Files of so many tests are asked for before their turn.
constexpr std::size_t kTestsAhead = 8;

bool is_late(Verdict verdict) {
  return verdict == Verdict::time_limit_exceeded || verdict == Verdict::wall_time_limit_exceeded;
}

// Why a run says nothing about its program; nothing when it does.
std::optional<std::string> failure_of(const sandbox::Outcome& outcome) {
  if (outcome.status == sandbox::Status::internal_error) return "sandbox: " + describe(outcome.failure);
  if (outcome.status == sandbox::Status::cancelled) return "sandbox: cancelled a run nobody asked to end";
  return std::nullopt;
}

}  // namespace

ProblemJudge::News ProblemJudge::start(Submission submission, const Recipe& recipe) {
  PJ_ASSERT(idle());
  work_ = Work{};
  work_.submission = std::move(submission);
  work_.recipe = &recipe;
  stage_ = Stage::preparing;
  News news;
  if (work_.submission.problem_version) {
    advance(news);
  } else {
    fail("the submission does not say which version of its problem it is for", news);
  }
  return news;
}

void ProblemJudge::advance(News& news) {
  if (stage_ == Stage::preparing) prepare(news);
  if (stage_ == Stage::testing) start_tests(news);
}

void ProblemJudge::prepare(News& news) {
  if (!work_.problem && !take_problem(news)) return;
  if (!work_.program && !building_program_) build_program(news);
  if (stage_ == Stage::preparing && !work_.checker && !building_checker_) build_checker(news);
  const bool needs_checker = work_.problem && work_.problem->checker.protocol != CheckerProtocol::compare;
  if (stage_ == Stage::preparing && work_.program && (work_.checker || !needs_checker)) stage_ = Stage::testing;
}

bool ProblemJudge::take_problem(News& news) {
  const Digest& version = *work_.submission.problem_version;
  const auto manifest = need(version, news);
  if (!manifest) return false;
  auto problem = shelf_.problem(version, *manifest);
  if (!problem) {
    jury_fault("the problem cannot be read: " + problem.error().message, news);
    return false;
  }
  work_.problem = *std::move(problem);
  work_.grading.emplace(*work_.problem, work_.submission.all_tests);

  Report refused;
  refused.verdict = Verdict::compilation_error;
  const auto& languages = work_.problem->languages;
  const auto& submission = work_.submission;
  const auto bytes = submission.source_code.size() + submission.additional_files.value_or("").size();
  if (!languages.empty() && std::ranges::find(languages, work_.recipe->slug) == languages.end()) {
    refused.compile_output = "This problem takes no programs in this language.";
  } else if (bytes > work_.problem->limits.code_kib * 1024) {
    refused.compile_output =
        "The program is larger than this problem takes: " + std::to_string(work_.problem->limits.code_kib) + " KiB.";
  } else {
    return true;
  }
  finish(std::move(refused), news);
  return false;
}

std::vector<ProblemFile> ProblemJudge::included_files() const {
  std::map<std::string, ProblemFile> files;
  for (const auto& included : work_.problem->included) {
    if (included.language.empty()) files.try_emplace(included.file.name, included.file);
    if (included.language == work_.recipe->slug) files.insert_or_assign(included.file.name, included.file);
  }
  std::vector<ProblemFile> all;
  for (auto& [name, file] : files) all.push_back(std::move(file));
  return all;
}

sandbox::Limits ProblemJudge::compiling() const {
  const auto& limits = work_.problem->limits;
  auto box = compile_limits();
  box.cpu_us = limits.compilation_ms * 1'000;
  box.wall_us = box.cpu_us + box.cpu_us / 2 + 10'000'000;
  box.memory_bytes = limits.compilation_memory_kib * 1'024;
  return box;
}

void ProblemJudge::build_program(News& news) {
  auto included = need_files(included_files(), news);
  if (!included) return;
  SourceParts parts;
  parts.source_code = std::move(work_.submission.source_code);
  parts.additional_files = std::move(work_.submission.additional_files);
  parts.included = *std::move(included);
  for (const auto& test : work_.problem->tests) {
    for (const auto& file : test.files) parts.reserved.push_back(file.name);
  }
  parts.more_sources = true;
  parts.limits = compiling();
  // A driver of the problem's is what is started; it finds the submission's own source as any other file.
  take_program(program_builder_.start(std::move(parts), *work_.recipe), news);
}

void ProblemJudge::take_program(Builder::News built, News& news) {
  building_program_ = !program_builder_.idle();
  if (auto* refused = std::get_if<Builder::Refused>(&built)) return finish(std::move(refused->report), news);
  if (auto* failed = std::get_if<Builder::Failed>(&built)) return fail(std::move(failed->reason), news);
  if (auto* done = std::get_if<Builder::Built>(&built)) {
    if (done->program.compiled) news.emplace_back(Compiled{done->wall});
    work_.program = std::make_shared<const Program>(std::move(done->program));
  }
}

void ProblemJudge::build_checker(News& news) {
  const auto& checker = work_.problem->checker;
  if (checker.protocol == CheckerProtocol::compare) return;
  work_.checker = shelf_.checker(*work_.submission.problem_version);
  if (work_.checker) return;
  const Recipe* recipe = offered_(checker.language);
  if (recipe == nullptr) {
    return jury_fault("the checker is in a language that is not offered here: " + checker.language, news);
  }
  auto files = need_files(checker.files, news);
  if (!files) return;
  SourceParts parts;
  const auto main = std::ranges::find(*files, checker.main_file, &SharedFile::name);
  PJ_ASSERT(main != files->end());  // a valid problem names it
  const auto blob = need(std::ranges::find(checker.files, checker.main_file, &ProblemFile::name)->content.digest, news);
  auto source = read_memory_file(blob->fd.get(), blob->size);
  if (!source) return fail(source.error().message, news);
  parts.source_code = *std::move(source);
  files->erase(main);
  std::erase_if(*files, [&](const SharedFile& file) { return file.name == recipe->source_file; });
  parts.included = *std::move(files);
  parts.more_sources = true;
  parts.limits = compiling();
  take_checker(checker_builder_.start(std::move(parts), *recipe), news);
}

void ProblemJudge::take_checker(Builder::News built, News& news) {
  building_checker_ = !checker_builder_.idle();
  if (const auto* refused = std::get_if<Builder::Refused>(&built)) {
    std::string message = "the checker cannot be compiled";
    const auto& report = refused->report;
    if (work_.submission.judge_messages) message += ": " + report.message + report.compile_output;
    return jury_fault(std::move(message), news);
  }
  if (auto* failed = std::get_if<Builder::Failed>(&built)) return fail(std::move(failed->reason), news);
  if (auto* done = std::get_if<Builder::Built>(&built)) {
    work_.checker = std::make_shared<const Program>(std::move(done->program));
    shelf_.keep_checker(*work_.submission.problem_version, work_.checker);
  }
}

// ---- tests

void ProblemJudge::start_tests(News& news) {
  if (work_.grading->finished()) {
    auto report = work_.grading->report();
    report.compile_output = work_.program->compile_output;
    report.stdout_text = std::move(work_.stdout_text);
    report.stderr_text = std::move(work_.stderr_text);
    report.accounting = work_.accounting;
    return finish(std::move(report), news);
  }
  if (!uses(home_)) start_test(home_, news);
  if (stage_ == Stage::testing) look_ahead(news);
}

bool ProblemJudge::could_use_lane() const {
  if (stage_ != Stage::testing || work_.is_late || running_.empty()) return false;
  if (std::ranges::any_of(running_, &Running::alone)) return false;
  const auto next = work_.grading->upcoming(1);
  return !next.empty() && !work_.late.contains(next[0]);
}

ProblemJudge::News ProblemJudge::lend(Lane& lane) {
  News news;
  if (could_use_lane()) start_test(lane, news);
  return news;
}

bool ProblemJudge::uses(const Lane& lane) const {
  return std::ranges::find(running_, &lane, &Running::lane) != running_.end();
}

void ProblemJudge::start_test(Lane& lane, News& news) {
  const auto next = work_.grading->upcoming(1);
  if (next.empty()) return;
  Running started{&lane, next[0], !running_.empty(), work_.late.contains(next[0])};
  if (!running_.empty() && (started.alone || std::ranges::any_of(running_, &Running::alone))) return;
  auto setup = setup_of(started.test, news);
  if (!setup) return;
  work_.grading->begin(started.test);
  for (auto& other : running_) other.had_company = true;
  running_.push_back(started);
  auto ended = lane.run.start(*std::move(setup));
  take_test(lane, std::move(ended), news);
}

std::optional<TestSetup> ProblemJudge::setup_of(std::uint32_t index, News& news) {
  const auto& test = work_.problem->tests[index];
  TestSetup setup;
  setup.input = need(test.input.digest, news);
  setup.answer = need(test.answer.digest, news);
  auto files = need_files(test.files, news);
  if (!setup.input || !setup.answer || !files) return std::nullopt;
  setup.problem = work_.problem;
  setup.test = index;
  setup.program = work_.program;
  setup.checker = work_.checker;
  setup.files = *std::move(files);
  setup.judge_messages = work_.submission.judge_messages;
  return setup;
}

// Holds on to what the next tests need, and asks for what is not here; lets the rest go.
void ProblemJudge::look_ahead(News& news) {
  auto held = std::exchange(work_.held, {});
  for (const std::uint32_t index : work_.grading->upcoming(kTestsAhead)) {
    const auto& test = work_.problem->tests[index];
    need(test.input.digest, news);
    need(test.answer.digest, news);
    need_files(test.files, news);
  }
}

void ProblemJudge::take_test(Lane& lane, TestRun::News ended, News& news) {
  auto* done = std::get_if<TestRun::Done>(&ended);
  if (done == nullptr) {
    if (auto* failed = std::get_if<TestRun::Failed>(&ended)) fail(std::move(failed->reason), news);
    return;
  }
  const auto place = std::ranges::find(running_, &lane, &Running::lane);
  PJ_ASSERT(place != running_.end());
  const Running was = *place;
  running_.erase(place);
  if (is_late(done->result.verdict)) {
    if (was.had_company) {
      work_.late.insert(was.test);
      work_.grading->again(was.test);
      return advance(news);
    }
    work_.is_late = true;
    // All tests of a program that hangs take minutes of a slot: for who may know what judges are told, and nobody else.
    if (!work_.submission.judge_messages) work_.grading->only_what_counts();
  }
  work_.late.erase(was.test);
  work_.accounting = done->accounting;
  show(*done);
  work_.grading->done(was.test, done->result);
  news.emplace_back(TestProgress{work_.grading->count_done(), static_cast<std::uint32_t>(work_.problem->tests.size()),
                                 std::move(done->result)});
  advance(news);
}

void ProblemJudge::show(const TestRun::Done& done) {
  if (!done.result.sample) return;
  const bool failed = done.result.verdict != Verdict::accepted;
  const bool earlier = !work_.shown_name || done.result.name < *work_.shown_name;
  if (work_.shown_name && (failed == work_.shown_failed ? !earlier : work_.shown_failed)) return;
  work_.shown_name = done.result.name;
  work_.shown_failed = failed;
  work_.stdout_text = done.stdout_text;
  work_.stderr_text = done.stderr_text;
}

// Whether it was a builder that had this box; it has it no longer.
bool ProblemJudge::leave_building(const Lane& lane, TestRun::Box box) {
  if (&lane != &home_) return false;
  return std::exchange(box == TestRun::Box::program ? building_program_ : building_checker_, false);
}

ProblemJudge::News ProblemJudge::on_outcome(Lane& lane, TestRun::Box box, sandbox::Outcome outcome) {
  News news;
  if (!leave_building(lane, box)) {
    take_run(lane, lane.run.on_outcome(box, std::move(outcome)), news);
  } else if (stage_ != Stage::preparing) {
    rest_if_quiet();
  } else if (is_misplaced(outcome)) {
    jury_fault("its files have no place in a box: " + describe(outcome.failure), news);
  } else if (auto failure = failure_of(outcome)) {
    fail(*std::move(failure), news);
  } else if (box == TestRun::Box::program) {
    take_program(program_builder_.on_outcome(std::move(outcome)), news);
    advance(news);
  } else {
    take_checker(checker_builder_.on_outcome(std::move(outcome)), news);
    advance(news);
  }
  return news;
}

ProblemJudge::News ProblemJudge::on_broken(Lane& lane, TestRun::Box box, const std::string& reason) {
  News news;
  if (!leave_building(lane, box)) {
    take_run(lane, lane.run.on_broken(box, reason), news);
  } else if (stage_ == Stage::preparing) {
    fail(reason, news);
  } else {
    rest_if_quiet();
  }
  return news;
}

void ProblemJudge::take_run(Lane& lane, TestRun::News ended, News& news) {
  if (stage_ == Stage::ending) {
    rest_if_quiet();
  } else {
    take_test(lane, std::move(ended), news);
  }
}

// ---- files

ProblemJudge::News ProblemJudge::on_blob(const Digest& digest, bool found) {
  News news;
  if (stage_ == Stage::idle || stage_ == Stage::ending || work_.wanted.erase(digest) == 0) return news;
  if (found) {
    advance(news);
  } else {
    jury_fault("a file of the problem is missing: " + to_hex(digest), news);
  }
  return news;
}

ProblemJudge::News ProblemJudge::on_blob_lost(const Digest& digest, const std::string& reason) {
  News news;
  if (stage_ != Stage::idle && stage_ != Stage::ending && work_.wanted.contains(digest)) fail(reason, news);
  return news;
}

BlobHandle ProblemJudge::need(const Digest& digest, News& news) {
  auto& blob = work_.held[digest];
  if (!blob) blob = shelf_.find(digest);
  if (!blob && work_.wanted.insert(digest).second) news.emplace_back(Wanted{digest});
  return blob;
}

std::optional<std::vector<SharedFile>> ProblemJudge::need_files(const std::vector<ProblemFile>& files, News& news) {
  std::vector<SharedFile> shared;
  bool all = true;
  for (const auto& file : files) {
    const auto blob = need(file.content.digest, news);
    all = all && blob;
    // The file lives as long as its blob.
    if (blob) shared.push_back({file.name, std::shared_ptr<const UniqueFd>(blob, &blob->fd)});
  }
  if (!all) return std::nullopt;
  return shared;
}

// ---- the end

void ProblemJudge::finish(Report report, News& news) {
  news.emplace_back(Finished{std::move(report)});
  end_runs();
}

void ProblemJudge::fail(std::string reason, News& news) {
  news.emplace_back(Failed{std::move(reason)});
  end_runs();
}

void ProblemJudge::jury_fault(std::string message, News& news) {
  Report report;
  report.verdict = Verdict::internal_error;
  report.message = "the problem is broken: " + std::move(message);
  finish(std::move(report), news);
}

void ProblemJudge::drop() {
  if (stage_ != Stage::idle && stage_ != Stage::ending) end_runs();
}

void ProblemJudge::end_runs() {
  stage_ = Stage::ending;
  if (building_program_) home_.program.cancel();
  if (building_checker_) home_.checker.cancel();
  program_builder_.forget();
  checker_builder_.forget();
  for (const auto& running : running_) running.lane->run.drop();
  work_ = Work{};
  rest_if_quiet();
}

void ProblemJudge::rest_if_quiet() {
  std::erase_if(running_, [](const Running& running) { return running.lane->run.idle(); });
  if (running_.empty() && !building_program_ && !building_checker_) stage_ = Stage::idle;
}

}  // namespace pushjudge
