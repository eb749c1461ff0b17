#include "worker/function_run.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "proto/base/result.hpp"
#include "proto/ids.hpp"
#include "worker/memory_file.hpp"
#include "worker/report.hpp"

namespace pushjudge {

namespace {

using RunEnd = sandbox::Status;

// Beside the answer itself, of a line.
constexpr std::uint64_t kAnswerLineBytes = 64;
// With the note that it was cut, a message is no longer than it may be.
constexpr std::size_t kMessageBytesMax = kTestMessageBytesMax - 32;

std::size_t place_of(TestRun::Box box) {
  return static_cast<std::size_t>(box);
}

std::string_view line_at(std::string_view text, std::size_t start) {
  return text.substr(start, text.find('\n', start) - start);
}

// Where each line begins, and the end of the last.
std::vector<std::size_t> line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    starts.push_back(at + 1);
  }
  return starts;
}

}  // namespace

std::vector<GivenAnswer> answers_in(std::string_view text, std::string_view nonce, std::size_t answers_max) {
  std::vector<GivenAnswer> answers;
  while (!text.empty() && answers.size() < answers_max) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    GivenAnswer answer;
    if (line.starts_with(nonce) && line.size() > nonce.size() && line[nonce.size()] == ' ') {
      line.remove_prefix(nonce.size() + 1);
      const auto read = std::from_chars(line.data(), line.data() + line.size(), answer.us);
      line.remove_prefix(static_cast<std::size_t>(read.ptr - line.data()));
      answer.sound = read.ec == std::errc() && line.starts_with(' ');
      if (answer.sound) answer.json = line.substr(1);
    }
    answers.push_back(answer);
  }
  return answers;
}

std::vector<std::string_view> prints_in(std::string_view text, std::string_view nonce, std::size_t prints_max) {
  std::vector<std::string_view> prints;
  const auto mark = std::string(nonce) + "\n";
  for (auto at = text.find(mark); at != std::string_view::npos && prints.size() < prints_max; at = text.find(mark)) {
    prints.push_back(text.substr(0, at));
    text.remove_prefix(at + mark.size());
  }
  prints.push_back(text);
  return prints;
}

FunctionRun::News FunctionRun::start(FunctionSetup setup) {
  PJ_ASSERT(idle() && setup.problem->function && !setup.tests.empty());
  setup_ = std::move(setup);
  dropping_ = false;
  checking_ = false;
  ended_[0].reset();
  ended_[1].reset();
  seen_.clear();
  checked_.clear();
  done_ = Done{};
  nonce_ = to_hex(random_uuid());
  if (const auto read = read_files(); !read) return jury_fault(read.error().message);
  const auto input = make_memory_file("input", input_);
  if (!input) return fail(input.error().message);
  const auto limits = limits_of_run(*setup_.problem);
  if (const auto begun = begin(Box::program, *setup_.program, limits, input->get()); !begun) {
    return fail(begun.error().message);
  }
  if (!setup_.reference) return {};
  if (const auto begun = begin(Box::checker, *setup_.reference, limits, input->get()); !begun) {
    return fail(begun.error().message);
  }
  return {};
}

// The part of the files that is about these tests. Errors: invalid, when they hold fewer.
Result<void> FunctionRun::read_files() {
  auto input = read_memory_file(setup_.input->fd.get(), setup_.input->size);
  if (!input) return input.error();
  const auto lines = lines_per_test(setup_.problem->function->signature);
  const auto first = test(0).index * lines;
  const auto count = setup_.tests.size() * lines;
  const auto starts = line_starts(*input);
  if (starts.size() <= first + count) return Error{Errc::invalid, "a file of tests holds fewer than it is to"};
  starts_.clear();
  for (std::size_t i = 0; i <= setup_.tests.size(); ++i) starts_.push_back(starts[first + i * lines] - starts[first]);
  input_ = std::move(*input).substr(starts[first], starts_.back());

  answers_.clear();
  if (!setup_.answer) return {};
  auto answer = read_memory_file(setup_.answer->fd.get(), setup_.answer->size);
  if (!answer) return answer.error();
  answers_ = *std::move(answer);
  answer_starts_ = line_starts(answers_);
  if (answer_starts_.size() <= test(setup_.tests.size() - 1).index) {
    return Error{Errc::invalid, "a file of answers holds fewer than it is to"};
  }
  return {};
}

Result<void> FunctionRun::begin(Box box, const Program& program, const Limits& limits, int stdin_fd) {
  auto spec = run_of(program, limits, 0, {nonce_});
  spec.stdin_fd = stdin_fd;
  const auto count = setup_.tests.size();
  spec.limits.stdout_bytes += count * (nonce_.size() + 1);
  spec.limits.answer_bytes = limits.file_kib * 1024 + count * kAnswerLineBytes;
  auto started = runners_[place_of(box)]->start(spec);
  running_[place_of(box)] = static_cast<bool>(started);
  return started;
}

FunctionRun::News FunctionRun::on_outcome(Box box, sandbox::Outcome outcome) {
  PJ_ASSERT(running_[place_of(box)]);
  running_[place_of(box)] = false;
  if (dropping_) return {};
  if (outcome.status == RunEnd::internal_error) return fail("sandbox: " + describe(outcome.failure));
  if (outcome.status == RunEnd::cancelled) return fail("sandbox: cancelled a run nobody asked to end");
  if (checking_) return on_checked(outcome);
  ended_[place_of(box)] = std::move(outcome);
  if (!idle()) return {};
  return take_program();
}

FunctionRun::News FunctionRun::on_broken(Box box, std::string reason) {
  PJ_ASSERT(running_[place_of(box)]);
  running_[place_of(box)] = false;
  if (dropping_) return {};
  return fail(std::move(reason));
}

void FunctionRun::drop() {
  dropping_ = true;
  for (const auto box : {Box::program, Box::checker}) {
    if (running_[place_of(box)]) runners_[place_of(box)]->cancel();
  }
}

FunctionRun::News FunctionRun::take_program() {
  const auto outcome = *std::exchange(ended_[place_of(Box::program)], std::nullopt);
  if (toolchain_is_missing(outcome, *setup_.program)) {
    return fail("the language could not be started: " + describe(outcome.failure));
  }
  if (auto news = take_answers(outcome); !std::holds_alternative<std::monostate>(news)) return news;
  if (setup_.reference) {
    const auto reference = *std::exchange(ended_[place_of(Box::checker)], std::nullopt);
    if (const auto taken = take_expected(reference); !taken) return fail(taken.error().message);
  }
  return compare();
}

// What the program has come to: the tests that it has answered, and the one in which it failed, if it did.
FunctionRun::News FunctionRun::take_answers(const sandbox::Outcome& outcome) {
  auto text = read_memory_file(outcome.answers.fd.get(), outcome.answers.size);
  if (!text) return fail(text.error().message);
  auto printed = read_memory_file(outcome.out.fd.get(), outcome.out.size);
  if (!printed) return fail(printed.error().message);
  auto errors = read_memory_file(outcome.err.fd.get(), outcome.err.size);
  if (!errors) return fail(errors.error().message);
  auto run = report_of_run(outcome, limits_of_run(*setup_.problem));
  recognise_out_of_memory(run, setup_.program->recipe->run.out_of_memory, *errors);
  const bool cut = outcome.answers.truncated && !text->ends_with('\n');

  const auto given = answers_in(*text, nonce_, setup_.tests.size() + 1);
  const auto prints = prints_in(*printed, nonce_, setup_.tests.size());
  const auto& signature = setup_.problem->function->signature;
  const auto whole = given.size() - (cut && !given.empty() ? 1 : 0);
  const auto answered = std::min(whole, setup_.tests.size());
  const bool fails = run.verdict != Verdict::accepted || answered < setup_.tests.size();
  const auto count = fails ? std::min(answered + 1, setup_.tests.size()) : answered;
  for (std::size_t place = 0; place < count; ++place) {
    Seen seen;
    seen.result.name = test(place).name;
    seen.result.sample = test(place).sample;
    seen.result.verdict = Verdict::wrong_answer;
    seen.result.memory_kib = outcome.memory_bytes / 1024;
    if (place < prints.size()) seen.printed = prints[place];
    if (setup_.answer) seen.expected = line_at(answers_, answer_starts_[test(place).index]);
    if (place < answered) {
      seen.result.cpu_us = std::min(given[place].us, outcome.cpu_us);
      seen.result.wall_us = std::min(given[place].us, outcome.wall_us);
      if (!given[place].sound) {
        seen.result.message = "Something other than an answer was written to where answers go.";
      } else if (auto answer = canonical_answer(signature, calls_of(place), given[place].json)) {
        seen.answer = *std::move(answer);
      } else {
        seen.raw = given[place].json;
        seen.result.message = shortened("The answer is none: " + answer.error().message, kMessageBytesMax);
      }
    }
    if (fails && place + 1 == count) {
      seen.answer.reset();
      seen.result.verdict = run.verdict == Verdict::accepted ? Verdict::runtime_error : run.verdict;
      seen.result.message = run.verdict == Verdict::accepted ? "It ended before it had answered." : run.message;
      if (answered < setup_.tests.size()) {
        // Of what it was in the midst of, only the whole run's are known.
        std::uint64_t before = 0;
        for (const auto& earlier : seen_) before += earlier.result.cpu_us;
        seen.result.cpu_us = outcome.cpu_us - std::min(before, outcome.cpu_us);
        seen.result.wall_us = outcome.wall_us - std::min(before, outcome.wall_us);
      }
    }
    seen_.push_back(std::move(seen));
  }
  if (given.size() > setup_.tests.size() && run.verdict == Verdict::accepted) {
    seen_.back().answer.reset();
    seen_.back().result.message = "More was written to where answers go than answers.";
  }
  done_.cpu_us = outcome.cpu_us;
  done_.wall_us = outcome.wall_us;
  done_.memory_kib = outcome.memory_bytes / 1024;
  done_.stderr_text = shortened(*std::move(errors), kShownBytesMax);
  done_.accounting = to_string(outcome.accounting);
  return {};
}

// Of a trial: what the reference solution answers, as far as it came.
Result<void> FunctionRun::take_expected(const sandbox::Outcome& outcome) {
  if (toolchain_is_missing(outcome, *setup_.reference)) {
    return Error{Errc::unavailable, "the language could not be started: " + describe(outcome.failure)};
  }
  auto text = read_memory_file(outcome.answers.fd.get(), outcome.answers.size);
  if (!text) return text.error();
  const auto given = answers_in(*text, nonce_, setup_.tests.size());
  for (std::size_t place = 0; place < seen_.size() && place < given.size(); ++place) {
    auto answer = canonical_answer(setup_.problem->function->signature, calls_of(place), given[place].json);
    if (given[place].sound && answer) seen_[place].expected = *std::move(answer);
  }
  return {};
}

std::string_view FunctionRun::lines_of(std::size_t place) const {
  return std::string_view(input_).substr(starts_[place], starts_[place + 1] - starts_[place]);
}

std::string_view FunctionRun::calls_of(std::size_t place) const {
  return line_at(input_, starts_[place]);
}

bool FunctionRun::is_right(std::size_t place) const {
  const auto& task = *setup_.problem->function;
  const auto& seen = seen_[place];
  return is_same_answer(task.comparison, task.signature, calls_of(place), seen.expected, *seen.answer);
}

FunctionRun::News FunctionRun::compare() {
  const bool by_checker = setup_.problem->checker.protocol == CheckerProtocol::function;
  for (std::size_t place = 0; place < seen_.size(); ++place) {
    auto& seen = seen_[place];
    if (setup_.reference && seen.expected.empty() && (seen.answer || seen.result.verdict == Verdict::wrong_answer)) {
      seen.result.verdict = Verdict::internal_error;
      seen.result.message = "The problem's own solution has no answer to this input: it may not keep to the rules.";
    } else if (seen.answer && by_checker) {
      checked_.push_back(place);
    } else if (seen.answer && is_right(place)) {
      seen.result.verdict = Verdict::accepted;
    }
  }
  return checked_.empty() ? finish() : start_checker();
}

FunctionRun::News FunctionRun::start_checker() {
  std::string asked;
  for (const auto place : checked_) {
    asked += lines_of(place);
    asked += seen_[place].expected + "\n" + *seen_[place].answer + "\n";
  }
  const auto input = make_memory_file("answers", asked);
  if (!input) return fail(input.error().message);
  checking_ = true;
  const auto limits = limits_of_checker(*setup_.problem);
  if (const auto begun = begin(Box::checker, *setup_.checker, limits, input->get()); !begun) {
    return fail(begun.error().message);
  }
  return {};
}

FunctionRun::News FunctionRun::on_checked(const sandbox::Outcome& outcome) {
  if (toolchain_is_missing(outcome, *setup_.checker)) {
    return fail("the checker's language could not be started: " + describe(outcome.failure));
  }
  const auto text = read_memory_file(outcome.answers.fd.get(), outcome.answers.size);
  if (!text) return fail(text.error().message);
  const auto said = answers_in(*text, nonce_, checked_.size());
  for (std::size_t i = 0; i < checked_.size(); ++i) {
    auto& result = seen_[checked_[i]].result;
    const bool knows = i < said.size() && said[i].sound && (said[i].json == "true" || said[i].json == "false");
    if (!knows) {
      result.verdict = Verdict::internal_error;
      result.message = "the problem is broken: its checker does not say whether the answer is right";
      break;
    }
    if (said[i].json == "true") result.verdict = Verdict::accepted;
  }
  return finish();
}

FunctionRun::News FunctionRun::finish() {
  bool failed_before = false;
  for (std::size_t place = 0; place < seen_.size(); ++place) {
    auto& seen = seen_[place];
    const bool failed = seen.result.verdict != Verdict::accepted;
    const bool first_failed = failed && !failed_before && setup_.problem->function->shows_failed_test;
    failed_before = failed_before || failed;
    const bool sample = seen.result.sample && place < kTrialTestsMax;
    if (sample || first_failed) {
      seen.result.shown = ShownTest{shortened(std::string(lines_of(place)), kShownBytesMax),
                                    shortened(std::move(seen.expected), kShownBytesMax),
                                    shortened(seen.answer ? *std::move(seen.answer) : seen.raw, kShownBytesMax),
                                    shortened(std::move(seen.printed), kShownBytesMax)};
    } else if (!seen.raw.empty()) {
      seen.result.message = "The answer is none of the type that is asked for.";
    }
    done_.results.push_back(std::move(seen.result));
  }
  seen_.clear();
  setup_ = FunctionSetup{};
  input_.clear();
  answers_.clear();
  return std::move(done_);
}

FunctionRun::News FunctionRun::fail(std::string reason) {
  drop();
  return TestRun::Failed{std::move(reason)};
}

// Nothing was run.
FunctionRun::News FunctionRun::jury_fault(const std::string& what) {
  Seen seen;
  seen.result.name = test(0).name;
  seen.result.sample = test(0).sample;
  seen.result.verdict = Verdict::internal_error;
  seen.result.message = "the problem is broken: " + what;
  seen_.push_back(std::move(seen));
  starts_ = {0, 0};
  return finish();
}

}  // namespace pushjudge
