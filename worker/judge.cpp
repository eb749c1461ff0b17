#include "worker/judge.hpp"

#include <utility>

#include "worker/checker.hpp"
#include "worker/memory_file.hpp"
#include "worker/report.hpp"

namespace pushjudge {

namespace {

using End = sandbox::Status;

}  // namespace

Judge::News Judge::start(Submission submission, const Recipe& recipe) {
  PJ_ASSERT(idle());
  work_ = Work{};
  work_.submission = std::move(submission);

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
  auto input = make_memory_file("stdin", work_.submission.stdin_text.value_or(""));
  if (!input) return fail(input.error().message);
  work_.input = *std::move(input);

  SourceParts parts;
  parts.source_code = std::move(work_.submission.source_code);
  parts.additional_files = std::move(work_.submission.additional_files);
  if (options) parts.options = *std::move(options);
  parts.arguments = *std::move(arguments);
  parts.limits = options_.compiling;
  stage_ = Stage::building;
  return take(builder_.start(std::move(parts), recipe));
}

Judge::News Judge::take(Builder::News news) {
  if (auto* refused = std::get_if<Builder::Refused>(&news)) return finish(std::move(refused->report));
  if (auto* failed = std::get_if<Builder::Failed>(&news)) return fail(std::move(failed->reason));
  auto* built = std::get_if<Builder::Built>(&news);
  if (built == nullptr) return {};
  work_.program = std::move(built->program);
  auto started = start_run();
  if (!std::holds_alternative<std::monostate>(started) || !work_.program.compiled) return started;
  return Compiled{built->wall};
}

Judge::News Judge::start_run() {
  const auto& submission = work_.submission;
  auto spec = run_of(work_.program, submission.limits, options_.memory_kib_max);
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
  if (stage_ == Stage::building) return take(builder_.on_outcome(std::move(outcome)));
  return on_run(outcome);
}

Judge::News Judge::on_broken(std::string reason) {
  if (stage_ != Stage::dropping) return fail(std::move(reason));
  stage_ = Stage::idle;
  work_ = Work{};
  return {};
}

Judge::News Judge::on_run(const sandbox::Outcome& outcome) {
  const auto& submission = work_.submission;
  if (toolchain_is_missing(outcome, work_.program)) {
    return fail("the language could not be started: " + describe(outcome.failure));
  }
  auto printed = read_memory_file(outcome.out.fd.get(), outcome.out.size);
  if (!printed) return fail(printed.error().message);
  auto errors = read_memory_file(outcome.err.fd.get(), outcome.err.size);
  if (!errors) return fail(errors.error().message);

  auto report = report_of_run(outcome, submission.limits);
  recognise_out_of_memory(report, work_.program.recipe->run.out_of_memory,
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
  report.compile_output = std::move(work_.program.compile_output);
  return finish(std::move(report));
}

void Judge::drop() {
  if (stage_ == Stage::idle || stage_ == Stage::dropping) return;
  builder_.forget();
  stage_ = Stage::dropping;
  runner_.cancel();
}

Judge::News Judge::finish(Report report) {
  stage_ = Stage::idle;
  work_ = Work{};
  return Finished{std::move(report)};
}

Judge::News Judge::fail(std::string reason) {
  builder_.forget();
  stage_ = Stage::idle;
  work_ = Work{};
  return Failed{std::move(reason)};
}

}  // namespace pushjudge
