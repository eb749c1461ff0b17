#include "worker/judge.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "worker/checker.hpp"
#include "worker/memory_file.hpp"
#include "worker/report.hpp"

namespace pushjudge {

namespace {

using End = sandbox::Status;

constexpr std::uint64_t kBoxBytes = 256ULL << 20;
constexpr std::uint64_t kOutputBytesMax = 4ULL << 20;    // of a run whose submission sets no file size limit
constexpr std::uint64_t kStackPlaceholderKibMin = 1024;  // less than this, and virtual machines refuse to start
constexpr std::uint64_t kStackPlaceholderKibMax = 1 << 20;
constexpr std::uint64_t kMemoryPlaceholderMbMin = 8;

std::vector<std::string> environment_with(const std::vector<std::string>& more,
                                          const std::vector<Placeholder>& values) {
  std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8"};
  for (const auto& variable : more) environment.push_back(fill_in(variable, values));
  return environment;
}

std::vector<Placeholder> placeholders(const Limits& limits) {
  const auto stack_kib = limits.stack_kib != 0 ? limits.stack_kib : limits.memory_kib;
  return {{"memory_mb", std::to_string(std::max(limits.memory_kib / 1024, kMemoryPlaceholderMbMin))},
          {"stack_kib", std::to_string(std::clamp(stack_kib, kStackPlaceholderKibMin, kStackPlaceholderKibMax))}};
}

// Whether the program that could not be started is the language's own and not the submission's.
bool toolchain_is_missing(const sandbox::Outcome& outcome, const Words& argv) {
  return outcome.status == End::exec_failed && outcome.failure.error != ENOMEM && argv[0].starts_with('/');
}

}  // namespace

sandbox::Limits compile_limits() {
  sandbox::Limits limits;
  limits.cpu_us = 20'000'000;
  limits.wall_us = 30'000'000;
  limits.memory_bytes = 1ULL << 30;
  limits.stack_bytes = 64ULL << 20;
  limits.stdout_bytes = 1ULL << 20;
  limits.stderr_bytes = 1ULL << 20;
  limits.file_bytes = 128ULL << 20;
  limits.box_bytes = kBoxBytes;
  limits.processes = 128;
  limits.open_files = 1024;
  return limits;
}

sandbox::Limits run_limits(const Limits& limits, const RunStep& step) {
  sandbox::Limits box;
  box.wall_us = std::max<std::uint64_t>(limits.wall_ms, 1) * 1000;
  // Every thread at work for as long as the wall clock allows.
  const auto unlimited_cpu_us = box.wall_us * std::max<std::uint64_t>(limits.processes, 1);
  box.cpu_us = limits.cpu_ms != 0 ? (limits.cpu_ms + limits.cpu_extra_ms) * 1000 : unlimited_cpu_us;
  box.memory_bytes = (limits.memory_kib + step.memory_extra_kib) * 1024;
  box.stack_bytes = limits.stack_kib * 1024;
  box.stdout_bytes = limits.file_kib != 0 ? limits.file_kib * 1024 : kOutputBytesMax;
  box.stderr_bytes = box.stdout_bytes;
  box.file_bytes = limits.file_kib != 0 ? limits.file_kib * 1024 : kBoxBytes;
  box.box_bytes = kBoxBytes;
  box.processes = limits.processes + step.processes_extra;
  return box;
}

Judge::News Judge::start(Submission submission, const Recipe& recipe) {
  PJ_ASSERT(idle());
  work_ = Work{};
  work_.submission = std::move(submission);
  work_.recipe = &recipe;

  auto options = split_words(work_.submission.compiler_options.value_or(""));
  if (!options && recipe.compile) {
    Report report;
    report.verdict = Verdict::compilation_error;
    report.compile_output = "compiler_options: " + options.error().message;
    return finish(std::move(report));
  }
  auto arguments = split_words(work_.submission.command_line_arguments.value_or(""));
  if (!arguments) {
    Report report;
    report.verdict = Verdict::exec_format_error;
    report.message = "command_line_arguments: " + arguments.error().message;
    return finish(std::move(report));
  }
  if (options) work_.options = *std::move(options);
  work_.arguments = *std::move(arguments);

  auto source = make_memory_file("source", work_.submission.source_code);
  if (!source) return fail(source.error().message);
  auto input = make_memory_file("stdin", work_.submission.stdin_text.value_or(""));
  if (!input) return fail(input.error().message);
  work_.source = *std::move(source);
  work_.input = *std::move(input);
  return recipe.compile ? start_compiling() : start_run();
}

Judge::News Judge::start_compiling() {
  const auto& step = *work_.recipe->compile;
  sandbox::Spec spec;
  spec.argv = step.command.expand({}, work_.options);
  spec.env = environment_with(step.environment, {});
  spec.limits = compile_limits_;
  for (const auto& file : step.files) spec.files.push_back({file.name, 0644, file.content->get()});
  spec.files.push_back({work_.recipe->source_file, 0644, work_.source.get()});
  spec.stderr_to_stdout = true;
  spec.collect = step.artifacts;
  stage_ = Stage::compiling;
  if (const auto started = runner_.start(spec); !started) return fail(started.error().message);
  return {};
}

Judge::News Judge::start_run() {
  const auto& submission = work_.submission;
  const auto& step = work_.recipe->run;
  const auto values = placeholders(submission.limits);
  sandbox::Spec spec;
  spec.argv = step.command.expand(values);
  spec.argv.insert(spec.argv.end(), work_.arguments.begin(), work_.arguments.end());
  spec.env = environment_with(step.environment, values);
  spec.limits = run_limits(submission.limits, step);
  if (!work_.recipe->compile) spec.files.push_back({work_.recipe->source_file, 0644, work_.source.get()});
  for (const auto& artifact : work_.artifacts)
    spec.files.push_back({artifact.name, 0755, artifact.content.get(), true});
  spec.stdin_fd = work_.input.get();
  spec.stderr_to_stdout = submission.redirect_stderr_to_stdout;
  stage_ = Stage::running;
  if (const auto started = runner_.start(spec); !started) return fail(started.error().message);
  return {};
}

Judge::News Judge::on_outcome(sandbox::Outcome outcome) {
  PJ_ASSERT(!idle());
  if (stage_ == Stage::dropping) {
    stage_ = Stage::idle;
    work_ = Work{};
    return {};
  }
  if (outcome.status == End::internal_error) return fail("sandbox: " + describe(outcome.failure));
  if (outcome.status == End::cancelled) return fail("sandbox: cancelled a run nobody asked to end");
  return stage_ == Stage::compiling ? on_compiled(std::move(outcome)) : on_run(outcome);
}

Judge::News Judge::on_broken(std::string reason) {
  if (stage_ != Stage::dropping) return fail(std::move(reason));
  stage_ = Stage::idle;
  work_ = Work{};
  return {};
}

Judge::News Judge::on_compiled(sandbox::Outcome outcome) {
  if (outcome.status == End::exec_failed)
    return fail("the compiler could not be started: " + describe(outcome.failure));
  auto output = read_memory_file(outcome.out.fd.get(), outcome.out.size);
  if (!output) return fail(output.error().message);
  work_.compile_output = shortened(*std::move(output), kCompileOutputBytesMax);

  if (const auto failure = compilation_failure(outcome)) {
    Report report;
    report.verdict = Verdict::compilation_error;
    report.compile_output = work_.compile_output;
    if (!report.compile_output.empty() && !failure->empty() && !report.compile_output.ends_with('\n')) {
      report.compile_output += '\n';
    }
    report.compile_output += *failure;
    return finish(std::move(report));
  }
  for (auto& file : outcome.collected) work_.artifacts.push_back({file.name, std::move(file.fd)});
  auto news = start_run();
  if (std::holds_alternative<Failed>(news)) return news;
  return Compiled{std::chrono::microseconds(outcome.wall_us)};
}

Judge::News Judge::on_run(const sandbox::Outcome& outcome) {
  const auto& submission = work_.submission;
  if (toolchain_is_missing(outcome, work_.recipe->run.command.expand(placeholders(submission.limits)))) {
    return fail("the language could not be started: " + describe(outcome.failure));
  }
  auto printed = read_memory_file(outcome.out.fd.get(), outcome.out.size);
  if (!printed) return fail(printed.error().message);
  auto errors = read_memory_file(outcome.err.fd.get(), outcome.err.size);
  if (!errors) return fail(errors.error().message);

  auto report = report_of_run(outcome, submission.limits);
  recognise_out_of_memory(report, work_.recipe->run.out_of_memory,
                          submission.redirect_stderr_to_stdout ? *printed : *errors);
  const auto& expected = submission.expected_output;
  if (report.verdict == Verdict::accepted && expected && !same_output(*printed, *expected)) {
    report.verdict = Verdict::wrong_answer;
  }
  work_.runs_done += 1;
  work_.cpu_us_sum += outcome.cpu_us;
  work_.wall_us_sum += outcome.wall_us;
  work_.memory_kib_sum += outcome.memory_bytes / 1024;
  if (report.verdict == Verdict::accepted && work_.runs_done < submission.number_of_runs) return start_run();

  report.cpu_us = work_.cpu_us_sum / work_.runs_done;
  report.wall_us = work_.wall_us_sum / work_.runs_done;
  report.memory_kib = work_.memory_kib_sum / work_.runs_done;
  report.stdout_text = *std::move(printed);
  report.stderr_text = *std::move(errors);
  report.compile_output = std::move(work_.compile_output);
  return finish(std::move(report));
}

void Judge::drop() {
  if (stage_ != Stage::compiling && stage_ != Stage::running) return;
  stage_ = Stage::dropping;
  runner_.cancel();
}

Judge::News Judge::finish(Report report) {
  stage_ = Stage::idle;
  work_ = Work{};
  return Finished{std::move(report)};
}

Judge::News Judge::fail(std::string reason) {
  stage_ = Stage::idle;
  work_ = Work{};
  return Failed{std::move(reason)};
}

}  // namespace pushjudge
