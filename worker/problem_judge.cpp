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

// What a builder makes a program of: of a function problem with what calls the function, else the source as it is.
// Errors: as function_parts().
Result<SourceParts> parts_of(const Recipe& recipe, const Signature* signature, std::string source) {
  if (signature != nullptr) return function_parts(recipe, *signature, std::move(source));
  SourceParts parts;
  parts.source_code = std::move(source);
  parts.more_sources = true;
  return parts;
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
  const bool needs_checker = work_.problem && work_.problem->checker.protocol != CheckerProtocol::compare;
  const auto has_checker = [&] { return work_.checker || !needs_checker; };
  const auto has_reference = [&] { return work_.reference || !work_.trial; };
  // One after the other: they are built in the same box.
  if (stage_ == Stage::preparing && !building_checker_ && !has_checker()) build_checker(news);
  if (stage_ == Stage::preparing && !building_checker_ && has_checker() && !has_reference()) build_reference(news);
  if (stage_ == Stage::preparing && work_.program && has_checker() && has_reference()) stage_ = Stage::testing;
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
  if (work_.problem->function && work_.submission.stdin_text && !take_trial(news)) return false;
  work_.grading.emplace(*work_.problem, work_.submission.all_tests);

  Report refused;
  refused.verdict = Verdict::compilation_error;
  const auto& submission = work_.submission;
  const auto bytes = submission.source_code.size() + submission.additional_files.value_or("").size();
  if (work_.problem->function && submission.additional_files) {
    refused.compile_output = "This problem asks for a function: additional_files have no place beside it.";
  } else if (!takes_language(*work_.problem, work_.recipe->slug)) {
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

// A problem of its own, with the tests that the submission brings.
bool ProblemJudge::take_trial(News& news) {
  const auto tests = parse_tests(work_.problem->function->signature, *work_.submission.stdin_text, kTrialTestsMax);
  if (!tests || !work_.problem->function->reference) {
    Report refused;
    refused.verdict = Verdict::exec_format_error;
    refused.message =
        tests ? "There is no solution to compare with." : "The input is no test: " + tests.error().message;
    finish(std::move(refused), news);
    return false;
  }
  auto trial = std::make_shared<Problem>(*work_.problem);
  trial->scoring = false;
  trial->groups = {TestGroup{}};
  trial->tests.clear();
  std::string lines;
  for (const auto& arguments : *tests) {
    ProblemTest test;
    test.index = static_cast<std::uint32_t>(trial->tests.size());
    test.name = std::to_string(test.index + 1);
    test.sample = true;
    trial->tests.push_back(std::move(test));
    for (const auto& line : arguments) lines += line + "\n";
  }
  auto input = make_memory_file("trial", lines);
  if (!input) {
    fail(input.error().message, news);
    return false;
  }
  work_.trial = std::make_shared<const BlobFile>(BlobFile{*std::move(input), lines.size()});
  work_.problem = std::move(trial);
  work_.submission.all_tests = true;
  work_.reference = shelf_.reference(*work_.submission.problem_version);
  return true;
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
  const auto& function = work_.problem->function;
  auto made =
      parts_of(*work_.recipe, function ? &function->signature : nullptr, std::move(work_.submission.source_code));
  if (!made && made.error().code == Errc::invalid) {
    Report refused;
    refused.verdict = Verdict::compilation_error;
    refused.compile_output = made.error().message;
    return finish(std::move(refused), news);
  }
  if (!made) return fail(made.error().message, news);
  SourceParts parts = *std::move(made);
  parts.additional_files = std::move(work_.submission.additional_files);
  for (auto& file : *included) parts.included.push_back(std::move(file));
  for (const auto& test : work_.problem->tests) {
    for (const auto& file : test.files) parts.reserved.push_back(file.name);
  }
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
  auto beside = checker.files;
  const auto main = std::ranges::find(beside, checker.main_file, &ProblemFile::name);
  PJ_ASSERT(main != beside.end());  // a valid problem names it
  const auto source = main->content.digest;
  beside.erase(main);
  std::optional<Signature> signature;
  if (checker.protocol == CheckerProtocol::function) signature = checker_signature(work_.problem->function->signature);
  building_reference_ = false;
  build_for_jury(checker.language, source, beside, signature ? &*signature : nullptr, news);
}

void ProblemJudge::build_reference(News& news) {
  const auto& function = *work_.problem->function;
  building_reference_ = true;
  build_for_jury(function.reference->language, function.reference->source.digest, {}, &function.signature, news);
}

const char* ProblemJudge::jury_program() const {
  return building_reference_ ? "its solution" : "the checker";
}

// A program of the problem's own, in the checker's box.
void ProblemJudge::build_for_jury(const std::string& language, const Digest& source_digest,
                                  const std::vector<ProblemFile>& beside, const Signature* signature, News& news) {
  const Recipe* recipe = offered_(language);
  if (recipe == nullptr) {
    return jury_fault(jury_program() + std::string(" is in a language that is not offered here: ") + language, news);
  }
  if (signature != nullptr && !recipe->function) return jury_fault("there are no functions in " + language, news);
  auto files = need_files(beside, news);
  const auto blob = need(source_digest, news);
  if (!files || !blob) return;
  auto source = read_memory_file(blob->fd.get(), blob->size);
  if (!source) return fail(source.error().message, news);
  auto parts = parts_of(*recipe, signature, *std::move(source));
  if (!parts && parts.error().code == Errc::invalid) return jury_fault(parts.error().message, news);
  if (!parts) return fail(parts.error().message, news);
  std::erase_if(*files, [&](const SharedFile& file) { return file.name == recipe->source_file; });
  for (auto& file : *files) parts->included.push_back(std::move(file));
  parts->limits = compiling();
  take_checker(checker_builder_.start(*std::move(parts), *recipe), news);
}

void ProblemJudge::take_checker(Builder::News built, News& news) {
  building_checker_ = !checker_builder_.idle();
  if (const auto* refused = std::get_if<Builder::Refused>(&built)) {
    std::string message = jury_program() + std::string(" cannot be compiled");
    const auto& report = refused->report;
    if (work_.submission.judge_messages) message += ": " + report.message + report.compile_output;
    return jury_fault(std::move(message), news);
  }
  if (auto* failed = std::get_if<Builder::Failed>(&built)) return fail(std::move(failed->reason), news);
  if (auto* done = std::get_if<Builder::Built>(&built)) {
    const auto& version = *work_.submission.problem_version;
    const auto program = std::make_shared<const Program>(std::move(done->program));
    if (building_reference_) {
      work_.reference = program;
      shelf_.keep_reference(version, program);
    } else {
      work_.checker = program;
      shelf_.keep_checker(version, program);
    }
  }
}

// ---- tests

void ProblemJudge::start_tests(News& news) {
  if (work_.grading->finished()) {
    auto report = work_.problem->function ? function_report() : work_.grading->report();
    report.compile_output = work_.program->compile_output;
    if (!work_.problem->function) {
      report.stdout_text = std::move(work_.stdout_text);
      report.stderr_text = std::move(work_.stderr_text);
    }
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

// What is to be started next: a test, or those of a function problem that one process runs.
std::vector<std::uint32_t> ProblemJudge::next_tests() const {
  if (!work_.problem->function) return work_.grading->upcoming(1);
  const auto& tests = work_.problem->tests;
  auto next = work_.grading->upcoming(tests.size());
  std::size_t count = next.empty() ? 0 : 1;
  while (count < next.size() && next[count] == next[count - 1] + 1 &&
         tests[next[count]].group == tests[next[0]].group && tests[next[count]].input == tests[next[0]].input) {
    ++count;
  }
  next.resize(count);
  return next;
}

void ProblemJudge::start_test(Lane& lane, News& news) {
  auto next = next_tests();
  if (next.empty()) return;
  const bool alone = work_.late.contains(next[0]);
  if (!running_.empty() && (alone || std::ranges::any_of(running_, &Running::alone))) return;
  if (work_.problem->function) {
    start_functions(lane, next, news);
  } else {
    start_single(lane, next[0], news);
  }
}

void ProblemJudge::mark_started(Lane& lane, std::vector<std::uint32_t> tests) {
  for (const auto test : tests) work_.grading->begin(test);
  for (auto& other : running_) other.had_company = true;
  const bool alone = work_.late.contains(tests[0]);
  const bool had_company = !running_.empty();
  running_.push_back({&lane, std::move(tests), had_company, alone});
}

void ProblemJudge::start_single(Lane& lane, std::uint32_t test, News& news) {
  auto setup = setup_of(test, news);
  if (!setup) return;
  mark_started(lane, {test});
  auto ended = lane.run.start(*std::move(setup));
  take_test(lane, std::move(ended), news);
}

void ProblemJudge::start_functions(Lane& lane, const std::vector<std::uint32_t>& tests, News& news) {
  FunctionSetup setup;
  setup.problem = work_.problem;
  setup.tests = tests;
  setup.program = work_.program;
  setup.checker = work_.checker;
  if (work_.trial) {
    setup.input = work_.trial;
    setup.reference = work_.reference;
  } else {
    setup.input = need(work_.problem->tests[tests[0]].input.digest, news);
    setup.answer = need(work_.problem->tests[tests[0]].answer.digest, news);
    if (!setup.input || !setup.answer) return;
  }
  mark_started(lane, tests);
  auto ended = lane.functions.start(std::move(setup));
  take_functions(lane, std::move(ended), news);
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
  if (work_.trial) return;
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
  const auto was = take_running(lane, is_late(done->result.verdict));
  if (!was) return advance(news);
  work_.accounting = done->accounting;
  show(*done);
  take_result(was->tests[0], std::move(done->result), news);
  advance(news);
}

// What ran on the lane and is over; nothing where it is to be run again, with nothing beside it.
std::optional<ProblemJudge::Running> ProblemJudge::take_running(const Lane& lane, bool late) {
  const auto place = std::ranges::find(running_, &lane, &Running::lane);
  PJ_ASSERT(place != running_.end());
  Running was = std::move(*place);
  running_.erase(place);
  if (late && was.had_company) {
    for (const auto test : was.tests) {
      work_.late.insert(test);
      work_.grading->again(test);
    }
    return std::nullopt;
  }
  if (late) {
    work_.is_late = true;
    // All tests of a program that hangs take minutes of a slot: for who may know what judges are told, and nobody else.
    if (!work_.submission.judge_messages) work_.grading->only_what_counts();
  }
  for (const auto test : was.tests) work_.late.erase(test);
  return was;
}

void ProblemJudge::take_result(std::uint32_t test, TestResult result, News& news) {
  work_.grading->done(test, result);
  news.emplace_back(TestProgress{work_.grading->count_done(), static_cast<std::uint32_t>(work_.problem->tests.size()),
                                 std::move(result)});
}

void ProblemJudge::take_functions(Lane& lane, FunctionRun::News ended, News& news) {
  auto* done = std::get_if<FunctionRun::Done>(&ended);
  if (done == nullptr) {
    if (auto* failed = std::get_if<TestRun::Failed>(&ended)) fail(std::move(failed->reason), news);
    return;
  }
  const auto was = take_running(lane, std::ranges::any_of(done->results, is_late, &TestResult::verdict));
  if (!was) return advance(news);
  // The time limit is that of all its tests together, and a program that fails in each would be started for each.
  if (done->results.size() < was->tests.size()) work_.grading->only_what_counts();
  auto& most = work_.most;
  most.cpu_us = std::max(most.cpu_us, done->cpu_us);
  most.wall_us = std::max(most.wall_us, done->wall_us);
  most.memory_kib = std::max(most.memory_kib, done->memory_kib);
  work_.accounting = done->accounting;
  for (std::size_t place = 0; place < was->tests.size(); ++place) {
    const auto test = was->tests[place];
    if (place >= done->results.size()) {
      work_.grading->again(test);  // the process did not come to it
      continue;
    }
    auto& result = done->results[place];
    const bool failed = result.verdict != Verdict::accepted;
    if (failed && result.shown && test < work_.failed_first.value_or(UINT32_MAX)) {
      work_.failed_first = test;
      most.stderr_text = done->stderr_text;
    }
    take_result(test, result, news);
    // Only one is told that is no sample, and which is known at the end.
    if (!result.sample) std::get<TestProgress>(news.back()).test.shown.reset();
  }
  advance(news);
}

// Time and memory are the process's, and one failed test at most is shown beside the samples: the first.
Report ProblemJudge::function_report() {
  auto report = work_.grading->report();
  if (!report.tests.empty()) {
    report.cpu_us = work_.most.cpu_us;
    report.wall_us = work_.most.wall_us;
    report.memory_kib = work_.most.memory_kib;
  }
  const TestResult* told = nullptr;
  for (auto& test : report.tests) {
    const bool fails = test.verdict != Verdict::accepted;
    const bool first = fails && (told == nullptr || told->verdict == Verdict::accepted);
    if (!test.sample && !first) test.shown.reset();
    if (test.shown && (told == nullptr || first)) told = &test;
  }
  if (told != nullptr) report.stdout_text = told->shown->stdout_text;
  if (told != nullptr && told->verdict != Verdict::accepted) report.stderr_text = work_.most.stderr_text;
  return report;
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
    if (lane.functions.idle()) {
      take_run(lane, lane.run.on_outcome(box, std::move(outcome)), news);
    } else {
      take_function_run(lane, lane.functions.on_outcome(box, std::move(outcome)), news);
    }
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
    if (lane.functions.idle()) {
      take_run(lane, lane.run.on_broken(box, reason), news);
    } else {
      take_function_run(lane, lane.functions.on_broken(box, reason), news);
    }
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

void ProblemJudge::take_function_run(Lane& lane, FunctionRun::News ended, News& news) {
  if (stage_ == Stage::ending) {
    rest_if_quiet();
  } else {
    take_functions(lane, std::move(ended), news);
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
  for (const auto& running : running_) {
    running.lane->run.drop();
    running.lane->functions.drop();
  }
  work_ = Work{};
  rest_if_quiet();
}

void ProblemJudge::rest_if_quiet() {
  std::erase_if(running_, [](const Running& running) { return running.lane->idle(); });
  if (running_.empty() && !building_program_ && !building_checker_) stage_ = Stage::idle;
}

}  // namespace pushjudge
