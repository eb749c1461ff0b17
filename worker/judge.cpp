#include "worker/judge.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "worker/checker.hpp"
#include "worker/file_tree.hpp"
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

// The first of `scripts` that is among `files`.
std::optional<std::string> script_of(const std::vector<std::string>& scripts, const std::vector<TreeFile>& files) {
  for (const auto& script : scripts) {
    const auto found = std::ranges::find(files, script, &TreeFile::name);
    if (found != files.end() && !found->folder) return script;
  }
  return std::nullopt;
}

// Whether the archive makes a folder of `ours`, a file that we put there, or a file of a folder on its way.
bool in_the_way(const std::string& ours, const std::vector<TreeFile>& files) {
  return std::ranges::any_of(files, [&](const TreeFile& file) {
    const bool same = file.folder && file.name == ours;
    const bool on_its_way = !file.folder && ours.starts_with(file.name + "/");
    return same || on_its_way || file.name.starts_with(ours + "/");
  });
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " or ") + name;
  return text;
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

sandbox::Limits run_limits(const Limits& limits, const RunStep& step, std::uint64_t memory_kib_max) {
  sandbox::Limits box;
  box.wall_us = std::max<std::uint64_t>(limits.wall_ms, 1) * 1000;
  // Every thread at work for as long as the wall clock allows.
  const auto unlimited_cpu_us = box.wall_us * std::max<std::uint64_t>(limits.processes, 1);
  box.cpu_us = limits.cpu_ms != 0 ? (limits.cpu_ms + limits.cpu_extra_ms) * 1000 : unlimited_cpu_us;
  if (limits.cpu_per_process && limits.cpu_ms != 0) box.process_cpu_us = std::exchange(box.cpu_us, unlimited_cpu_us);
  box.memory_bytes = (limits.memory_kib + step.memory_extra_kib) * 1024;
  if (limits.memory_per_process) {
    if (!step.reserves_memory) box.process_memory_bytes = box.memory_bytes;
    const auto all_processes = box.memory_bytes * std::max<std::uint64_t>(limits.processes, 1);
    box.memory_bytes = std::max(box.memory_bytes, std::min(all_processes, memory_kib_max * 1024));
  }
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
  return work_.submission.additional_files ? start_unpacking() : start_first_step();
}

Judge::News Judge::start_unpacking() {
  if (!options_.unpacker.program) return fail("there is no program to unpack archives with");
  const auto zip = make_memory_file("additional_files", *work_.submission.additional_files);
  if (!zip) return fail(zip.error().message);
  work_.submission.additional_files.reset();
  stage_ = Stage::unpacking;
  if (const auto started = runner_.start(unpacking_of(options_.unpacker, zip->get())); !started) {
    return fail(started.error().message);
  }
  return {};
}

// Compiling where there is something to compile, else the run.
Judge::News Judge::start_first_step() {
  const auto& recipe = *work_.recipe;
  std::vector<TreeFile> files;
  if (work_.files) {
    auto listed = list_tree(work_.files.get());
    if (!listed) return fail("the unpacker: " + listed.error().message);
    files = *std::move(listed);
    std::vector<std::string> ours;
    if (!recipe.source_file.empty()) ours.push_back(recipe.source_file);
    if (recipe.compile) {
      for (const auto& file : recipe.compile->files) ours.push_back(file.name);
    }
    for (const auto& name : ours) {
      if (in_the_way(name, files)) {
        return refuse_files("the archive's folders are in the way of the file " + name +
                            ", which is not the archive's");
      }
    }
  }
  if (!recipe.compile) return start_runs();
  if (recipe.compile->scripts.empty()) return start_compiling({});
  const auto script = script_of(recipe.compile->scripts, files);
  return script ? start_compiling(*script) : start_runs();
}

Judge::News Judge::start_compiling(const std::string& script) {
  const auto& recipe = *work_.recipe;
  const auto& step = *recipe.compile;
  sandbox::Spec spec;
  spec.argv = step.command.expand({{"script", script}}, work_.options);
  spec.env = environment_with(step.environment, {});
  spec.limits = options_.compiling;
  for (const auto& file : step.files) spec.files.push_back({file.name, 0644, file.content->get()});
  if (!recipe.source_file.empty()) spec.files.push_back({recipe.source_file, 0644, work_.source.get()});
  spec.stderr_to_stdout = true;
  spec.collect = step.artifacts;
  if (work_.files) {
    // Compiling may make more than the artifacts out of files that we know nothing of: everything is kept.
    spec.archive = work_.files.get();
    spec.collect_tree = true;
  }
  stage_ = Stage::compiling;
  if (const auto started = runner_.start(spec); !started) return fail(started.error().message);
  return {};
}

// Everything is where the runs need it; the first is started.
Judge::News Judge::start_runs() {
  const auto& step = work_.recipe->run;
  auto values = placeholders(work_.submission.limits);
  if (!step.scripts.empty()) {
    Result<std::vector<TreeFile>> files = std::vector<TreeFile>();
    if (work_.files) files = list_tree(work_.files.get());
    if (!files) return fail("the sandbox: " + files.error().message);
    const auto script = script_of(step.scripts, *files);
    if (!script) {
      Report report;
      report.verdict = Verdict::exec_format_error;
      report.message = "There is nothing to run: additional_files holds no file " + joined(step.scripts);
      report.compile_output = std::move(work_.compile_output);
      return finish(std::move(report));
    }
    values.push_back({"script", *script});
  }
  work_.command = step.command.expand(values);
  work_.command.insert(work_.command.end(), work_.arguments.begin(), work_.arguments.end());
  return start_run();
}

Judge::News Judge::start_run() {
  const auto& submission = work_.submission;
  const auto& recipe = *work_.recipe;
  sandbox::Spec spec;
  spec.argv = work_.command;
  spec.env = environment_with(recipe.run.environment, placeholders(submission.limits));
  spec.limits = run_limits(submission.limits, recipe.run, options_.memory_kib_max);
  if (work_.files) spec.archive = work_.files.get();
  if (!work_.compiled && !recipe.source_file.empty()) {
    const std::uint32_t mode = recipe.source_executable ? 0755 : 0644;
    spec.files.push_back({recipe.source_file, mode, work_.source.get(), recipe.source_executable});
  }
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
  switch (stage_) {
    case Stage::unpacking:
      return on_unpacked(std::move(outcome));
    case Stage::compiling:
      return on_compiled(std::move(outcome));
    default:
      return on_run(outcome);
  }
}

Judge::News Judge::on_broken(std::string reason) {
  if (stage_ != Stage::dropping) return fail(std::move(reason));
  stage_ = Stage::idle;
  work_ = Work{};
  return {};
}

Judge::News Judge::on_unpacked(sandbox::Outcome outcome) {
  const auto refusal = refusal_of(outcome);
  if (!refusal) return fail(refusal.error().message);
  if (*refusal) return refuse_files(**refusal);
  work_.files = std::move(outcome.out.fd);
  return start_first_step();
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
  work_.compiled = true;
  if (work_.files) {
    work_.files = std::move(outcome.archive.fd);
  } else {
    for (auto& file : outcome.collected) work_.artifacts.push_back({file.name, std::move(file.fd)});
  }
  auto news = start_runs();
  if (!std::holds_alternative<std::monostate>(news)) return news;
  return Compiled{std::chrono::microseconds(outcome.wall_us)};
}

Judge::News Judge::on_run(const sandbox::Outcome& outcome) {
  const auto& submission = work_.submission;
  if (toolchain_is_missing(outcome, work_.command)) {
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
  if (stage_ == Stage::idle || stage_ == Stage::dropping) return;
  stage_ = Stage::dropping;
  runner_.cancel();
}

// An archive that cannot be used, for whoever sent it: where something is compiled that is what they look at.
Judge::News Judge::refuse_files(const std::string& reason) {
  Report report;
  if (work_.recipe->compile) {
    report.verdict = Verdict::compilation_error;
    report.compile_output = "additional_files: " + reason;
  } else {
    report.verdict = Verdict::exec_format_error;
    report.message = "additional_files: " + reason;
  }
  return finish(std::move(report));
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
