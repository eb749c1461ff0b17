#include "worker/test_run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "worker/checker.hpp"
#include "worker/file_tree.hpp"
#include "worker/memory_file.hpp"
#include "worker/report.hpp"

namespace pushjudge {

namespace {

using End = sandbox::Status;

// In the checker's box.
constexpr const char* kInputName = "test.in";
constexpr const char* kAnswerName = "test.ans";
constexpr const char* kOutputName = "team.out";
constexpr const char* kInteractorOutputName = "interactor.out";
constexpr const char* kFeedback = "feedback";
// With a slash at its end: checkers that paste a file's name to it find their folder either way.
constexpr const char* kFeedbackPath = "/box/feedback/";
constexpr const char* kNextPass = "feedback/nextpass.in";
enum Feedback : std::size_t { kScore, kScoreMultiplier, kTeamMessage, kJudgeMessage, kNextInput };
constexpr std::array<const char*, 5> kFeedbackFiles{"feedback/score.txt", "feedback/score_multiplier.txt",
                                                    "feedback/teammessage.txt", "feedback/judgemessage.txt", kNextPass};

constexpr int kKattisAccept = 42;
constexpr int kKattisReject = 43;
enum Testlib : int { kOk = 0, kWrong = 1, kPresentation = 2, kFail = 3, kDirt = 4, kPoints = 7, kUnexpectedEnd = 8 };

constexpr std::uint64_t kFeedbackBytesMax = kBlobBytesMax;
constexpr std::size_t kScoreCharactersMax = 64;
// With the note that it was cut, what a checker says is no longer than a message may be.
constexpr std::size_t kSaidBytesMax = kTestMessageBytesMax - 32;
// Of what a program printed on a sample: for people.
constexpr std::size_t kSampleOutputBytesMax = 1 << 20;
// More than this beside a checker has a room of its own, so that the checker has the usual one for itself. Not less:
// a box of another size is made anew.
constexpr std::uint64_t kPlacedBytesMax = 64 << 20;
// Of a run that only waits, above all for the other end of a talk.
constexpr std::uint64_t kPatienceMs = 3'000;
constexpr std::uint64_t kTalkPatienceMs = 10'000;
// What an interactor may have said to a program that does not listen any more; as much as an ordinary user may have.
constexpr int kPipeBytes = 1 << 20;
constexpr std::uint32_t kCheckerProcesses = 64;

std::size_t at(TestRun::Box box) {
  return static_cast<std::size_t>(box);
}

// Also what is no file, or too large to be taken.
bool is_there(const sandbox::Collected& file) {
  return file.fd || file.error != ENOENT;
}

// What a collected file holds, shortened; empty where there is none.
std::string text_of(const sandbox::Collected& file, std::size_t bytes_max) {
  if (!file.fd) return {};
  auto text = read_memory_file(file.fd.get(), std::min<std::uint64_t>(file.size, bytes_max + 4));
  return text ? shortened(*std::move(text), bytes_max) : std::string();
}

std::string trimmed(std::string text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  text.resize(last == std::string::npos ? 0 : last + 1);
  return text;
}

// A number that is all of the text but for blanks around it.
std::optional<double> score_in(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return std::nullopt;
  text.remove_prefix(first);
  double score = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), score);
  const std::string_view rest(read.ptr, static_cast<std::size_t>(text.data() + text.size() - read.ptr));
  if (read.ec != std::errc() || rest.find_first_not_of(" \t\r\n") != std::string_view::npos) return std::nullopt;
  return std::isfinite(score) ? std::optional(score) : std::nullopt;
}

// testlib's own words for a score: "points 3.5 and a comment".
std::optional<double> points_in(std::string_view message) {
  constexpr std::string_view kWord = "points ";
  if (message.starts_with(kWord)) message.remove_prefix(kWord.size());
  return score_in(message.substr(0, message.find_first_of(" \t\r\n")));
}

// How the checker ended, where that is no verdict.
std::string end_of(const sandbox::Outcome& outcome) {
  switch (outcome.status) {
    case End::exited:
      return "it ended with exit code " + std::to_string(outcome.exit_code);
    case End::signaled:
      return "it was ended by signal " + std::to_string(outcome.signal);
    case End::time_limit:
    case End::wall_limit:
      return "it took too long";
    case End::memory_limit:
      return "it needed too much memory";
    case End::output_limit:
      return "it printed too much";
    default:
      return "it could not be started: " + describe(outcome.failure);
  }
}

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) return Error{Errc::unavailable, "no pipe for a talk"};
  Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  // Programs open their standard streams by name, with the rights of an id that is not ours. Either end reaches nothing
  // that its holder does not have.
  (void)::fcntl(pipe.read_end.get(), F_SETPIPE_SZ, kPipeBytes);  // less does as well, for most
  if (::fchmod(pipe.read_end.get(), 0666) < 0) return Error{Errc::unavailable, "no pipe that programs can open"};
  return pipe;
}

// Whether nobody has the other end of this pipe any more.
bool other_end_is_closed(int end) {
  pollfd pipe{end, 0, 0};
  return ::poll(&pipe, 1, 0) == 1 && (pipe.revents & (POLLERR | POLLHUP)) != 0;
}

// An empty folder for what a Kattis validator has to say, or what it said in earlier passes.
Result<UniqueFd> feedback_tree(const sandbox::Fd& earlier) {
  std::string tree;
  append_folder(tree, kFeedback);
  if (earlier) {
    const auto files = list_tree(earlier.get());
    if (!files) return files.error();
    for (const auto& file : *files) {
      if (file.folder || !file.name.starts_with("feedback/") || file.name == kNextPass) continue;
      std::string content(file.size, '\0');
      const auto got = ::pread(earlier.get(), content.data(), content.size(), static_cast<off_t>(file.offset));
      if (got != static_cast<ssize_t>(content.size())) return Error{Errc::internal, "a tree ends too soon"};
      append_file(tree, file.name, file.mode, content);
    }
  }
  append_end(tree);
  return make_memory_file(kFeedback, tree);
}

}  // namespace

Limits limits_of_run(const Problem& problem) {
  Limits limits;
  limits.cpu_ms = problem.limits.time_ms;
  limits.cpu_extra_ms = problem.limits.time_ms / 10 + 100;
  limits.wall_ms = 2 * problem.limits.time_ms + (problem.checker.interactive ? kTalkPatienceMs : kPatienceMs);
  limits.memory_kib = problem.limits.memory_kib;
  limits.stack_kib = 0;  // as much as the memory
  limits.file_kib = problem.limits.output_kib;
  return limits;
}

Limits limits_of_checker(const Problem& problem) {
  Limits limits;
  limits.cpu_ms = problem.limits.validation_ms;
  limits.cpu_extra_ms = 0;
  limits.wall_ms = 2 * problem.limits.validation_ms + kPatienceMs;
  // It must outlive the program that it talks to.
  if (problem.checker.interactive) limits.wall_ms += limits_of_run(problem).wall_ms;
  limits.memory_kib = problem.limits.validation_memory_kib;
  limits.stack_kib = 0;
  limits.file_kib = problem.limits.validation_output_kib;
  limits.processes = kCheckerProcesses;
  return limits;
}

TestRun::News TestRun::start(TestSetup setup) {
  PJ_ASSERT(idle());
  setup_ = std::move(setup);
  pass_ = Pass{};
  result_ = TestResult{};
  result_.name = test().name;
  result_.sample = test().sample;
  stdout_text_.clear();
  stderr_text_.clear();
  misplaced_.clear();
  dropping_ = false;
  return start_pass();
}

Result<void> TestRun::begin(Box box, const sandbox::Spec& spec) {
  auto started = runners_[at(box)]->start(spec);
  running_[at(box)] = static_cast<bool>(started);
  return started;
}

TestRun::News TestRun::start_pass() {
  if (setup_.problem->checker.interactive) return start_talk();
  auto spec = run_of(*setup_.program, limits_of_run(*setup_.problem), 0);
  spec.stdin_fd = pass_.input ? pass_.input.get() : setup_.input->fd.get();
  for (const auto& file : setup_.files) spec.files.push_back({file.name, 0644, file.content->get()});
  if (const auto started = begin(Box::program, spec); !started) return fail(started.error().message);
  return {};
}

// The interactor first: it is there when the program begins to wait for it.
TestRun::News TestRun::start_talk() {
  auto to_program = make_pipe();
  if (!to_program) return fail(to_program.error().message);
  auto to_checker = make_pipe();
  if (!to_checker) return fail(to_checker.error().message);
  ended_[0].reset();
  ended_[1].reset();

  auto feedback = feedback_tree(pass_.feedback);
  if (!feedback) return fail(feedback.error().message);
  auto talking = checker_spec();
  talking.archive = feedback->get();
  talking.stdin_fd = to_checker->read_end.get();
  talking.stdout_fd = to_program->write_end.get();
  if (const auto started = begin(Box::checker, talking); !started) return fail(started.error().message);

  auto spec = run_of(*setup_.program, limits_of_run(*setup_.problem), 0);
  for (const auto& file : setup_.files) spec.files.push_back({file.name, 0644, file.content->get()});
  spec.stdin_fd = to_program->read_end.get();
  spec.stdout_fd = to_checker->write_end.get();
  if (const auto started = begin(Box::program, spec); !started) return fail(started.error().message);
  from_interactor_ = std::move(to_program->read_end);
  to_interactor_ = std::move(to_checker->write_end);
  interactor_first_ = false;
  program_is_gone_ = false;
  return {};
}

sandbox::Spec TestRun::checker_spec() const {
  const Checker& checker = setup_.problem->checker;
  Words arguments;
  if (checker.protocol == CheckerProtocol::kattis) {
    arguments = {kInputName, kAnswerName, kFeedbackPath};
  } else {
    arguments = {kInputName, checker.interactive ? kInteractorOutputName : kOutputName, kAnswerName};
  }
  arguments.insert(arguments.end(), test().checker_arguments.begin(), test().checker_arguments.end());
  auto spec = run_of(*setup_.checker, limits_of_checker(*setup_.problem), 0, arguments);
  // In a later pass the input is what the checker has made, and it knows that; the test is the same.
  spec.files.push_back({kInputName, 0644, setup_.input->fd.get()});
  spec.files.push_back({kAnswerName, 0644, setup_.answer->fd.get()});
  if (checker.protocol == CheckerProtocol::kattis) {
    spec.collect.assign(kFeedbackFiles.begin(), kFeedbackFiles.end());
    spec.collect_tree = setup_.problem->limits.passes > 1;
  }
  spec.limits.collect_bytes = kFeedbackBytesMax;
  const auto placed = setup_.input->size + setup_.answer->size + output_.size;
  if (placed > kPlacedBytesMax) spec.limits.box_bytes += placed;
  return spec;
}

TestRun::News TestRun::on_outcome(Box box, sandbox::Outcome outcome) {
  PJ_ASSERT(running_[at(box)]);
  running_[at(box)] = false;
  if (dropping_) return {};
  const bool talks = setup_.problem->checker.interactive;
  if (is_misplaced(outcome)) return on_misplaced(box, std::move(outcome));
  if (outcome.status == End::internal_error) return fail("sandbox: " + describe(outcome.failure));
  if (outcome.status == End::cancelled && !talks) return fail("sandbox: cancelled a run nobody asked to end");
  return box == Box::program ? on_program(std::move(outcome)) : on_checker(std::move(outcome));
}

// What the submission brings had its place when it was built.
TestRun::News TestRun::on_misplaced(Box box, sandbox::Outcome outcome) {
  misplaced_ = "its files have no place in a box: " + describe(outcome.failure);
  if (!setup_.problem->checker.interactive) return jury_fault(misplaced_, {});
  const auto other = box == Box::program ? Box::checker : Box::program;
  if (running_[at(other)]) runners_[at(other)]->cancel();
  ended_[at(box)] = std::move(outcome);
  return after_talk();
}

TestRun::News TestRun::on_broken(Box box, std::string reason) {
  PJ_ASSERT(running_[at(box)]);
  running_[at(box)] = false;
  if (dropping_) return {};
  return fail(std::move(reason));
}

void TestRun::forget_unread() {
  // A little at a time: the interactor may go on for as long as it has, and the worker has other things to do.
  constexpr std::size_t kBytesAtATime = 64 << 10;
  static std::array<char, kBytesAtATime> forgotten;
  if (unread_fd() < 0) return;
  pollfd pipe{unread_fd(), POLLIN, 0};
  if (::poll(&pipe, 1, 0) != 1) return;
  // It cannot wait: nobody else reads any more. At the end there is nothing left to watch.
  if (::read(unread_fd(), forgotten.data(), forgotten.size()) <= 0) from_interactor_.reset();
}

void TestRun::drop() {
  dropping_ = true;
  from_interactor_.reset();
  to_interactor_.reset();
  for (const auto box : {Box::program, Box::checker}) {
    if (running_[at(box)]) runners_[at(box)]->cancel();
  }
}

TestRun::News TestRun::on_program(sandbox::Outcome outcome) {
  if (setup_.problem->checker.interactive) {
    const bool ended_well = outcome.status == End::exited && outcome.exit_code == 0;
    ended_[at(Box::program)] = std::move(outcome);
    interactor_first_ =
        interactor_first_ || other_end_is_closed(from_interactor_.get()) || other_end_is_closed(to_interactor_.get());
    to_interactor_.reset();
    program_is_gone_ = true;
    // Nothing that an interactor could still say saves it.
    if (running_[at(Box::checker)] && !ended_well && !interactor_first_) runners_[at(Box::checker)]->cancel();
    return after_talk();
  }
  output_ = std::move(outcome.out);
  if (auto news = take_program(outcome); !std::holds_alternative<std::monostate>(news)) return news;
  if (setup_.problem->checker.protocol == CheckerProtocol::compare) return compare();
  return start_checker(output_.fd.get());
}

void TestRun::measure(const sandbox::Outcome& outcome) {
  result_.cpu_us = std::max(result_.cpu_us, outcome.cpu_us);
  result_.wall_us = std::max(result_.wall_us, outcome.wall_us);
  result_.memory_kib = std::max(result_.memory_kib, outcome.memory_bytes / 1024);
  accounting_ = to_string(outcome.accounting);
}

// monostate: it ended well, and what it printed is to be looked at.
TestRun::News TestRun::take_program(const sandbox::Outcome& outcome) {
  if (toolchain_is_missing(outcome, *setup_.program)) {
    return fail("the language could not be started: " + describe(outcome.failure));
  }
  auto errors = read_memory_file(outcome.err.fd.get(), outcome.err.size);
  if (!errors) return fail(errors.error().message);
  auto run = report_of_run(outcome, limits_of_run(*setup_.problem));
  recognise_out_of_memory(run, setup_.program->recipe->run.out_of_memory, *errors);
  measure(outcome);
  if (test().sample) {
    auto printed = read_memory_file(output_.fd.get(), std::min<std::uint64_t>(output_.size, kSampleOutputBytesMax + 4));
    if (!printed) return fail(printed.error().message);
    stdout_text_ = shortened(*std::move(printed), kSampleOutputBytesMax);
    stderr_text_ = shortened(*std::move(errors), kSampleOutputBytesMax);
  }
  if (run.verdict == Verdict::accepted) return {};
  // An exit code is the program's own word, and could say what a secret input holds.
  const bool says_own_code = run.exit_code.value_or(0) != 0 && !test().sample;
  return reject(run.verdict, says_own_code ? "Exited with an error status" : run.message);
}

TestRun::News TestRun::compare() {
  const auto printed = read_memory_file(output_.fd.get(), output_.size);
  if (!printed) return fail(printed.error().message);
  const auto answer = read_memory_file(setup_.answer->fd.get(), setup_.answer->size);
  if (!answer) return fail(answer.error().message);
  const auto differs = difference(*printed, *answer, test().compare);
  if (!differs) return accept();
  if (setup_.judge_messages) result_.judge_message = *differs;
  return reject(Verdict::wrong_answer);
}

TestRun::News TestRun::start_checker(int out_fd) {
  auto spec = checker_spec();
  UniqueFd nothing;
  if (out_fd < 0) {
    auto made = make_memory_file("nothing", "");
    if (!made) return fail(made.error().message);
    nothing = *std::move(made);
    out_fd = nothing.get();
  }
  UniqueFd feedback;
  if (setup_.problem->checker.protocol == CheckerProtocol::kattis) {
    auto tree = feedback_tree(pass_.feedback);
    if (!tree) return fail(tree.error().message);
    feedback = *std::move(tree);
    spec.archive = feedback.get();
    spec.stdin_fd = out_fd;
  } else {
    spec.files.push_back({kOutputName, 0644, out_fd});
  }
  if (const auto started = begin(Box::checker, spec); !started) return fail(started.error().message);
  return {};
}

TestRun::News TestRun::on_checker(sandbox::Outcome outcome) {
  if (!setup_.problem->checker.interactive) return judge_checked(std::move(outcome));
  interactor_first_ = interactor_first_ || running_[at(Box::program)];
  // It has refused, and whatever the program does now is of no interest.
  if (running_[at(Box::program)] && !accepts(outcome)) runners_[at(Box::program)]->cancel();
  ended_[at(Box::checker)] = std::move(outcome);
  return after_talk();
}

bool TestRun::accepts(const sandbox::Outcome& checker) const {
  const bool kattis = setup_.problem->checker.protocol == CheckerProtocol::kattis;
  return checker.status == End::exited && checker.exit_code == (kattis ? kKattisAccept : kOk);
}

// Who ended first decides whose fault it is: a program that dies because its interactor has refused it and gone is
// refused, an interactor that is at a loss because the program is gone says nothing about it. That is not a matter of
// clocks: an interactor that had let go of either pipe before we let it see the end of the program did not go because
// of that, and a program that died because the interactor was gone died of a pipe that it had let go of.
TestRun::News TestRun::after_talk() {
  if (!ended_[0] || !ended_[1]) return {};
  auto program = *std::exchange(ended_[at(Box::program)], std::nullopt);
  auto checker = *std::exchange(ended_[at(Box::checker)], std::nullopt);
  from_interactor_.reset();
  output_ = {};
  if (!misplaced_.empty()) return jury_fault(misplaced_, {});
  if (interactor_first_ && !accepts(checker)) {
    measure(program);
  } else if (auto news = take_program(program); !std::holds_alternative<std::monostate>(news)) {
    return news;
  }
  return judge_checked(std::move(checker));
}

TestRun::News TestRun::judge_checked(sandbox::Outcome outcome) {
  if (toolchain_is_missing(outcome, *setup_.checker)) {
    return fail("the checker's language could not be started: " + describe(outcome.failure));
  }
  return setup_.problem->checker.protocol == CheckerProtocol::kattis ? judge_kattis(std::move(outcome))
                                                                     : judge_testlib(outcome);
}

TestRun::News TestRun::judge_kattis(sandbox::Outcome outcome) {
  const bool decided =
      outcome.status == End::exited && (outcome.exit_code == kKattisAccept || outcome.exit_code == kKattisReject);
  if (!decided) {
    return jury_fault("the output validator gave no verdict: " + end_of(outcome), content_of(outcome.err.fd));
  }
  if (outcome.collected.size() != kFeedbackFiles.size()) return fail("sandbox: the feedback is missing");
  const auto& collected = outcome.collected;
  result_.message = trimmed(text_of(collected[kTeamMessage], kSaidBytesMax));
  if (setup_.judge_messages) {
    result_.judge_message = trimmed(text_of(collected[kJudgeMessage], kSaidBytesMax));
  }
  const bool another = is_there(collected[kNextInput]);
  if (outcome.exit_code == kKattisReject) {
    if (another) return jury_fault("the output validator refuses, and asks for another pass", {});
    return reject(Verdict::wrong_answer, std::move(result_.message));
  }
  if (another) return next_pass(std::move(outcome));
  if (!setup_.problem->scoring) return accept();

  const bool absolute = is_there(collected[kScore]);
  const bool factor = is_there(collected[kScoreMultiplier]);
  if (absolute && factor) return jury_fault("the output validator wrote both score.txt and score_multiplier.txt", {});
  if (!absolute && !factor) return accept();
  const auto text = text_of(collected[absolute ? kScore : kScoreMultiplier], kScoreCharactersMax);
  const auto score = score_in(text);
  if (!score) return jury_fault("the output validator wrote a score that is no number", text);
  if (factor && (!test().accept_score || *score < 0 || *score > 1)) {
    return jury_fault(
        "the output validator wrote a score_multiplier.txt that is not within 0 and 1, or has nothing to "
        "multiply",
        text);
  }
  return accept(factor ? *score * *test().accept_score : *score);
}

TestRun::News TestRun::judge_testlib(const sandbox::Outcome& outcome) {
  const auto said = trimmed(shortened(content_of(outcome.err.fd), kSaidBytesMax));
  if (setup_.judge_messages) result_.judge_message = said;
  if (outcome.status != End::exited) return jury_fault("the checker gave no verdict: " + end_of(outcome), said);
  switch (outcome.exit_code) {
    case kOk:
      return accept();
    case kWrong:
    case kPresentation:
    case kDirt:
    case kUnexpectedEnd:
      return reject(Verdict::wrong_answer);
    case kPoints: {
      if (!setup_.problem->scoring) return jury_fault("the checker gives points, and the problem has none", said);
      const auto points = points_in(said);
      if (!points) return jury_fault("the checker gives points, and does not say how many", said);
      return accept(points);
    }
    case kFail:
      return jury_fault("the checker says that the jury is wrong", said);
    default:
      return jury_fault("the checker gave no verdict: " + end_of(outcome), said);
  }
}

TestRun::News TestRun::next_pass(sandbox::Outcome outcome) {
  if (pass_.number >= setup_.problem->limits.passes) {
    return jury_fault(
        "the output validator asks for more than " + std::to_string(setup_.problem->limits.passes) + " passes", {});
  }
  auto& next = outcome.collected[kNextInput];
  if (!next.fd) return jury_fault("the output validator's nextpass.in is no file, or larger than 32 MiB", {});
  if (!outcome.archive.fd) return jury_fault("the output validator left too many files, or too large ones", {});
  pass_.number += 1;
  pass_.input = std::move(next.fd);
  pass_.feedback = std::move(outcome.archive.fd);
  return start_pass();
}

TestRun::News TestRun::accept(std::optional<double> score) {
  result_.verdict = Verdict::accepted;
  if (setup_.problem->scoring) result_.score = score ? score : test().accept_score;
  return finish();
}

TestRun::News TestRun::reject(Verdict verdict, std::string message) {
  result_.verdict = verdict;
  result_.message = std::move(message);
  if (setup_.problem->scoring) result_.score = test().reject_score;
  return finish();
}

// The program is not to blame. What the checker printed is for the judges.
TestRun::News TestRun::jury_fault(const std::string& what, const std::string& details) {
  result_.verdict = Verdict::internal_error;
  result_.score.reset();
  result_.message = "the problem is broken: " + what;
  if (setup_.judge_messages) result_.judge_message = trimmed(shortened(details, kSaidBytesMax));
  return finish();
}

TestRun::News TestRun::finish() {
  Done done{std::move(result_), std::move(stdout_text_), std::move(stderr_text_), std::move(accounting_)};
  from_interactor_.reset();
  to_interactor_.reset();
  setup_ = TestSetup{};
  pass_ = Pass{};
  output_ = {};
  return done;
}

TestRun::News TestRun::fail(std::string reason) {
  drop();
  return Failed{std::move(reason)};
}

}  // namespace pushjudge
