#include "worker/judge.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <cerrno>

#include "tests/unit/worker/scripted_runner.hpp"
#include "worker/memory_file.hpp"

using namespace pushjudge;

namespace {

Recipe compiled_language() {
  Recipe recipe;
  recipe.source_file = "main.c";
  recipe.compile.emplace();
  recipe.compile->command = *Command::parse("/usr/bin/cc -o main main.c {options}", {kOptionsPlaceholder});
  recipe.compile->artifacts = {"main"};
  recipe.compile->environment = {"CACHE=/tmp/cache"};
  recipe.compile->files.push_back(
      {"extra.h", std::make_shared<const UniqueFd>(*make_memory_file("extra.h", "int extra;"))});
  recipe.run.command = *Command::parse("./main", {});
  return recipe;
}

Recipe script_language() {
  Recipe recipe;
  recipe.source_file = "script.py";
  recipe.run.command = *Command::parse("/usr/bin/python3 -m{memory_mb} script.py", {"memory_mb"});
  recipe.run.environment = {"STACK={stack_kib}k"};
  recipe.run.memory_extra_kib = 1000;
  recipe.run.processes_extra = 7;
  recipe.run.out_of_memory = {{1, 0, "MemoryError"}};
  return recipe;
}

Submission submission_of(std::string source) {
  Submission submission;
  submission.source_code = std::move(source);
  submission.stdin_text = "3 4";
  return submission;
}

Recipe script_archive_language() {
  Recipe recipe;
  recipe.compile.emplace();
  recipe.compile->command = *Command::parse("/bin/bash {script} {options}", {"script", kOptionsPlaceholder});
  recipe.compile->scripts = {"compile.sh", "compile"};
  recipe.run.command = *Command::parse("/bin/bash {script}", {"script"});
  recipe.run.scripts = {"run.sh", "run"};
  return recipe;
}

Submission submission_with_files(std::string source = "") {
  Submission submission;
  submission.source_code = std::move(source);
  submission.additional_files = "PK and so on";
  return submission;
}

JudgeOptions options_with_unpacker() {
  JudgeOptions options;
  options.unpacker.program = std::make_shared<const UniqueFd>(*make_memory_file("unpack", "ELF"));
  return options;
}

struct Bench {
  ScriptedRunner runner;
  Judge judge{runner, options_with_unpacker()};
  Recipe recipe;

  explicit Bench(Recipe language) : recipe(std::move(language)) {}
  Judge::News start(Submission submission) { return judge.start(std::move(submission), recipe); }
};

bool nothing(const Judge::News& news) {
  return std::holds_alternative<std::monostate>(news);
}

Report report_of(const Judge::News& news) {
  const auto* finished = std::get_if<Judge::Finished>(&news);
  REQUIRE(finished != nullptr);
  return finished->report;
}

std::string failure_of(const Judge::News& news) {
  const auto* failed = std::get_if<Judge::Failed>(&news);
  REQUIRE(failed != nullptr);
  return failed->reason;
}

sandbox::Outcome measured(sandbox::Outcome outcome, std::uint64_t cpu_us, std::uint64_t wall_us, std::uint64_t kib) {
  outcome.cpu_us = cpu_us;
  outcome.wall_us = wall_us;
  outcome.memory_bytes = kib * 1024;
  return outcome;
}

}  // namespace

TEST_CASE("judge: a script is run with its source, its input and its arguments, within its limits") {
  Bench bench(script_language());
  auto submission = submission_of("print(7)");
  submission.command_line_arguments = "-v 'two words' $HOME";
  submission.expected_output = "7";
  submission.limits.memory_kib = 64'000;
  submission.limits.stack_kib = 2'000;
  CHECK(nothing(bench.start(submission)));

  const auto& run = bench.runner.last();
  CHECK(run.spec.argv == Words{"/usr/bin/python3", "-m62", "script.py", "-v", "two words", "$HOME"});
  CHECK(run.files == std::map<std::string, std::string>{{"script.py", "print(7)"}});
  CHECK(run.input == "3 4");
  CHECK(run.spec.env.back() == "STACK=2000k");
  CHECK(run.spec.limits.cpu_us == 6'000'000);
  CHECK(run.spec.limits.wall_us == 10'000'000);
  CHECK(run.spec.limits.memory_bytes == 65'000 * 1024);
  CHECK(run.spec.limits.processes == 67);
  CHECK(run.spec.limits.stdout_bytes == 1024 * 1024);

  const auto report = report_of(bench.judge.on_outcome(measured(exited(0, "7\n", "warning"), 5'000, 9'000, 800)));
  CHECK(report.verdict == Verdict::accepted);
  CHECK(report.stdout_text == "7\n");
  CHECK(report.stderr_text == "warning");
  CHECK(report.cpu_us == 5'000);
  CHECK(report.wall_us == 9'000);
  CHECK(report.memory_kib == 800);
  CHECK(bench.judge.idle());
}

TEST_CASE("judge: what a program printed is compared only when it ended well") {
  Bench bench(script_language());
  auto submission = submission_of("x");
  submission.expected_output = "7";
  bench.start(submission);
  CHECK(report_of(bench.judge.on_outcome(exited(0, "8\n"))).verdict == Verdict::wrong_answer);
  bench.start(submission);
  CHECK(report_of(bench.judge.on_outcome(exited(1, "8\n"))).verdict == Verdict::runtime_error);
  submission.expected_output.reset();
  bench.start(submission);
  CHECK(report_of(bench.judge.on_outcome(exited(0, "8\n"))).verdict == Verdict::accepted);
}

TEST_CASE("judge: a program whose heap was full exceeded its memory limit, wherever its standard error went") {
  Bench bench(script_language());
  auto submission = submission_of("x");
  bench.start(submission);
  auto report = report_of(bench.judge.on_outcome(exited(1, "MemoryError", "")));
  CHECK(report.verdict == Verdict::runtime_error);  // it only printed that
  bench.start(submission);
  report = report_of(bench.judge.on_outcome(exited(1, "", "MemoryError\n")));
  CHECK(report.verdict == Verdict::memory_limit_exceeded);
  CHECK(report.stderr_text == "MemoryError\n");
  submission.redirect_stderr_to_stdout = true;
  bench.start(submission);
  CHECK(report_of(bench.judge.on_outcome(exited(1, "MemoryError\n"))).verdict == Verdict::memory_limit_exceeded);
}

TEST_CASE("judge: a compilation has the limits that the judge was given, and the usual ones else") {
  ScriptedRunner runner;
  sandbox::Limits limits;
  limits.cpu_us = 1'234;
  const Recipe recipe = compiled_language();
  Judge strict(runner, {.compiling = limits, .unpacker = {}});
  strict.start(submission_of("x"), recipe);
  CHECK(runner.last().spec.limits.cpu_us == 1'234);
  Judge usual(runner);
  usual.start(submission_of("x"), recipe);
  CHECK(runner.last().spec.limits.cpu_us == compile_limits().cpu_us);
}

TEST_CASE("judge: what the compiler made is run, and not the source") {
  Bench bench(compiled_language());
  auto submission = submission_of("int main;");
  submission.compiler_options = "-g -D'A B'";
  CHECK(nothing(bench.start(submission)));

  const auto compile = bench.runner.last();
  CHECK(compile.spec.argv == Words{"/usr/bin/cc", "-o", "main", "main.c", "-g", "-DA B"});
  CHECK(compile.files == std::map<std::string, std::string>{{"extra.h", "int extra;"}, {"main.c", "int main;"}});
  CHECK(compile.spec.stdin_fd == -1);
  CHECK(compile.spec.stderr_to_stdout);
  CHECK(compile.spec.env.back() == "CACHE=/tmp/cache");
  CHECK(compile.spec.collect == std::vector<std::string>{"main"});
  CHECK(compile.spec.limits.memory_bytes > submission.limits.memory_kib * 1024);

  const auto news = bench.judge.on_outcome(measured(compiled({{"main", "ELF"}}, "a warning"), 1, 77'000, 1));
  REQUIRE(std::holds_alternative<Judge::Compiled>(news));
  CHECK(std::get<Judge::Compiled>(news).wall.count() == 77'000);
  CHECK(bench.runner.last().files == std::map<std::string, std::string>{{"main", "ELF"}});
  CHECK(bench.runner.last().spec.files[0].mode == 0755);

  const auto report = report_of(bench.judge.on_outcome(exited(0)));
  CHECK(report.verdict == Verdict::accepted);
  CHECK(report.compile_output == "a warning");
}

TEST_CASE("judge: a compilation error reports what the compiler said, and no times") {
  Bench bench(compiled_language());
  bench.start(submission_of("int"));
  const auto report = report_of(bench.judge.on_outcome(exited(1, "main.c:1: error")));
  CHECK(report.verdict == Verdict::compilation_error);
  CHECK(report.compile_output == "main.c:1: error");
  CHECK_FALSE(report.cpu_us);
  CHECK_FALSE(report.wall_us);
  CHECK_FALSE(report.memory_kib);
  CHECK_FALSE(report.exit_code);
  CHECK(report.message.empty());
  CHECK(bench.runner.runs.size() == 1);
}

TEST_CASE("judge: a compiler that takes too long is the source's fault") {
  Bench bench(compiled_language());
  bench.start(submission_of("int"));
  const auto report = report_of(bench.judge.on_outcome(ended(sandbox::Status::wall_limit)));
  CHECK(report.verdict == Verdict::compilation_error);
  CHECK(report.compile_output == "Compilation time limit exceeded.");
}

TEST_CASE("judge: a long text of the compiler is cut") {
  Bench bench(compiled_language());
  bench.start(submission_of("int"));
  const auto report = report_of(bench.judge.on_outcome(exited(1, std::string(kCompileOutputBytesMax + 1, 'x'))));
  CHECK(report.compile_output.size() < kCompileOutputBytesMax + 100);
  CHECK(report.compile_output.ends_with("[the rest was cut]\n"));
}

TEST_CASE("judge: times and memory of several runs are averaged, and the last run's output is kept") {
  Bench bench(compiled_language());
  auto submission = submission_of("x");
  submission.number_of_runs = 3;
  bench.start(submission);
  bench.judge.on_outcome(compiled({{"main", "ELF"}}));
  CHECK(nothing(bench.judge.on_outcome(measured(exited(0, "1"), 100, 1'000, 10))));
  CHECK(nothing(bench.judge.on_outcome(measured(exited(0, "2"), 200, 2'000, 20))));
  const auto report = report_of(bench.judge.on_outcome(measured(exited(0, "3"), 600, 6'000, 60)));
  CHECK(report.verdict == Verdict::accepted);
  CHECK(report.cpu_us == 300);
  CHECK(report.wall_us == 3'000);
  CHECK(report.memory_kib == 30);
  CHECK(report.stdout_text == "3");
  CHECK(bench.runner.runs.size() == 4);  // compiled once
  CHECK(bench.runner.last().files == std::map<std::string, std::string>{{"main", "ELF"}});
}

TEST_CASE("judge: the first run that is not accepted ends them") {
  Bench bench(script_language());
  auto submission = submission_of("x");
  submission.number_of_runs = 5;
  submission.expected_output = "1";
  bench.start(submission);
  CHECK(nothing(bench.judge.on_outcome(measured(exited(0, "1"), 100, 1'000, 10))));
  const auto report = report_of(bench.judge.on_outcome(measured(exited(0, "2"), 300, 3'000, 30)));
  CHECK(report.verdict == Verdict::wrong_answer);
  CHECK(report.cpu_us == 200);
  CHECK(bench.runner.runs.size() == 2);
}

TEST_CASE("judge: files that come with a script are unpacked in a box, and lie beside it in each run") {
  Bench bench(script_language());
  auto submission = submission_with_files("import lib");
  submission.number_of_runs = 2;
  submission.stdin_text = "3 4";
  CHECK(nothing(bench.start(submission)));
  CHECK(bench.runner.last().input == "PK and so on");
  CHECK(bench.runner.last().files == std::map<std::string, std::string>{{"unpack", "ELF"}});
  CHECK(nothing(bench.judge.on_outcome(unpacked({{"lib.py", "x = 1"}, {"data/a", "1"}}))));
  for (int run = 1; run <= 2; ++run) {
    CHECK(bench.runner.last().files == std::map<std::string, std::string>{{"script.py", "import lib"}});
    CHECK(bench.runner.last().archive == std::map<std::string, std::string>{{"lib.py", "x = 1"}, {"data/a", "1"}});
    CHECK(bench.runner.last().input == "3 4");
    CHECK_FALSE(bench.runner.last().spec.collect_tree);
    const auto news = bench.judge.on_outcome(exited(0));
    if (run == 1) CHECK(nothing(news));
    if (run == 2) CHECK(report_of(news).verdict == Verdict::accepted);
  }
  CHECK(bench.runner.runs.size() == 3);
}

TEST_CASE("judge: files that come with a source are there for compiling, and whatever that left for the runs") {
  Bench bench(compiled_language());
  bench.start(submission_with_files("int main;"));
  CHECK(nothing(bench.judge.on_outcome(unpacked({{"a.h", "int a;"}, {"main.c", "not this"}}))));
  const auto compile = bench.runner.last();
  CHECK(compile.archive.at("a.h") == "int a;");
  CHECK(compile.files.at("main.c") == "int main;");  // placed after the archive, so it is what lies there
  CHECK(compile.spec.collect_tree);
  CHECK(compile.spec.collect == std::vector<std::string>{"main"});
  auto outcome = compiled_tree({{"main", "ELF"}, {"a.h", "int a;"}, {"made.txt", "x"}}, "a warning");
  CHECK(std::holds_alternative<Judge::Compiled>(bench.judge.on_outcome(std::move(outcome))));
  CHECK(bench.runner.last().files.empty());
  CHECK(bench.runner.last().archive.size() == 3);
  CHECK(report_of(bench.judge.on_outcome(exited(0))).compile_output == "a warning");
}

TEST_CASE("judge: a program that is an archive is compiled once by its script, and run by its script") {
  Bench bench(script_archive_language());
  auto submission = submission_with_files();
  submission.number_of_runs = 2;
  submission.compiler_options = "-O 'a b'";
  submission.command_line_arguments = "-v $HOME";
  bench.start(submission);
  CHECK(nothing(bench.judge.on_outcome(
      unpacked({{"compile", ""}, {"compile.sh", ""}, {"run", ""}, {"run.sh", ""}, {"src/run.sh", ""}}))));
  CHECK(bench.runner.last().spec.argv == Words{"/bin/bash", "compile.sh", "-O", "a b"});
  CHECK(bench.runner.last().files.empty());
  CHECK(bench.runner.last().spec.collect_tree);
  CHECK(bench.runner.last().spec.stderr_to_stdout);
  CHECK(std::holds_alternative<Judge::Compiled>(
      bench.judge.on_outcome(compiled_tree({{"run", ""}, {"program", "ELF"}}))));
  CHECK(bench.runner.last().spec.argv == Words{"/bin/bash", "run", "-v", "$HOME"});
  CHECK(nothing(bench.judge.on_outcome(exited(0))));
  CHECK(bench.runner.last().archive == std::map<std::string, std::string>{{"run", ""}, {"program", "ELF"}});
  CHECK(report_of(bench.judge.on_outcome(exited(0))).verdict == Verdict::accepted);
  CHECK(bench.runner.runs.size() == 4);  // unpacked and compiled once
}

TEST_CASE(
    "judge: an archive without a script for compiling is only run, and one without a script to run not even that") {
  Bench bench(script_archive_language());
  bench.start(submission_with_files());
  CHECK(nothing(bench.judge.on_outcome(unpacked({{"run", "echo"}}))));
  CHECK(bench.runner.last().spec.argv == Words{"/bin/bash", "run"});
  CHECK(report_of(bench.judge.on_outcome(exited(0))).verdict == Verdict::accepted);

  bench.start(submission_with_files());
  auto report = report_of(bench.judge.on_outcome(unpacked({{"src/run", "echo"}})));
  CHECK(report.verdict == Verdict::exec_format_error);
  CHECK(report.message == "There is nothing to run: additional_files holds no file run.sh or run");

  bench.start(submission_with_files());
  bench.judge.on_outcome(unpacked({{"compile", ""}, {"run", ""}}));
  report = report_of(bench.judge.on_outcome(compiled_tree({{"compile", ""}}, "rm run")));
  CHECK(report.verdict == Verdict::exec_format_error);
  CHECK(report.compile_output == "rm run");

  Submission nothing_sent;
  report = report_of(bench.start(nothing_sent));
  CHECK(report.verdict == Verdict::exec_format_error);
  CHECK(bench.judge.idle());
}

TEST_CASE("judge: an archive that is refused is a compilation error, or cannot be executed where nothing is compiled") {
  Bench compiler(compiled_language());
  compiler.start(submission_with_files("x"));
  auto report = report_of(compiler.judge.on_outcome(exited(1, "", "'run' is a symbolic link")));
  CHECK(report.verdict == Verdict::compilation_error);
  CHECK(report.compile_output == "additional_files: 'run' is a symbolic link");
  CHECK_FALSE(report.wall_us);

  Bench script(script_language());
  script.start(submission_with_files("x"));
  report = report_of(script.judge.on_outcome(exited(1, "", "'run' is a symbolic link")));
  CHECK(report.verdict == Verdict::exec_format_error);
  CHECK(report.message == "additional_files: 'run' is a symbolic link");
  CHECK(script.judge.idle());
}

TEST_CASE("judge: folders of an archive that are in the way of our own files are refused") {
  for (const std::string name : {"main.c/x", "extra.h/a/b"}) {
    Bench bench(compiled_language());
    bench.start(submission_with_files("x"));
    const auto report = report_of(bench.judge.on_outcome(unpacked({{name, ""}})));
    CHECK(report.verdict == Verdict::compilation_error);
    CHECK(report.compile_output.starts_with("additional_files: the archive's folders are in the way of the file "));
    CHECK(bench.runner.runs.size() == 1);
  }
}

TEST_CASE("judge: too much that compiling left is a compilation error") {
  Bench bench(script_archive_language());
  for (const int error : {E2BIG, EFBIG, EIO}) {
    bench.start(submission_with_files());
    bench.judge.on_outcome(unpacked({{"compile", ""}, {"run", ""}}));
    auto outcome = exited(0);
    outcome.archive.error = error;
    const auto report = report_of(bench.judge.on_outcome(std::move(outcome)));
    CHECK(report.verdict == Verdict::compilation_error);
    CHECK(report.compile_output.find("ompiling left") != std::string::npos);
  }
}

TEST_CASE("judge: an unpacker that fails, or is not there, is our failure") {
  Bench bench(script_language());
  bench.start(submission_with_files("x"));
  CHECK(failure_of(bench.judge.on_outcome(exited(127, "", "no libzip"))).starts_with("the unpacker failed"));
  bench.start(submission_with_files("x"));
  CHECK(failure_of(bench.judge.on_outcome(exited(0, "no tree"))) == "the unpacker: this is no tree of files");
  Judge without(bench.runner);
  CHECK(failure_of(without.start(submission_with_files("x"), bench.recipe)).starts_with("there is no program"));
  CHECK(without.idle());
}

TEST_CASE("judge: a job dropped while it is unpacked leaves the judge free") {
  Bench bench(script_language());
  bench.start(submission_with_files("x"));
  bench.judge.drop();
  CHECK(bench.runner.cancelled == 1);
  CHECK(nothing(bench.judge.on_outcome(unpacked({{"a", ""}}))));
  CHECK(bench.judge.idle());
  CHECK(bench.runner.runs.size() == 1);
}

TEST_CASE("judge: a source that is the program is placed as one") {
  Recipe recipe;
  recipe.source_file = "a.out";
  recipe.source_executable = true;
  recipe.run.command = *Command::parse("./a.out", {});
  Bench bench(std::move(recipe));
  bench.start(submission_of("ELF"));
  REQUIRE(bench.runner.last().spec.files.size() == 1);
  CHECK(bench.runner.last().spec.files[0].mode == 0755);
  CHECK(bench.runner.last().files == std::map<std::string, std::string>{{"a.out", "ELF"}});
}

TEST_CASE("judge: options and arguments that are no words are the submission's fault, and nothing is run") {
  Bench compiler(compiled_language());
  auto submission = submission_of("x");
  submission.compiler_options = "-D'A";
  auto report = report_of(compiler.start(submission));
  CHECK(report.verdict == Verdict::compilation_error);
  CHECK(report.compile_output == "compiler_options: the quote ' is not closed");

  Bench script(script_language());
  submission.command_line_arguments = std::string("a\0b", 3);
  report = report_of(script.start(submission));  // a script has no use for compiler options, so they are not looked at
  CHECK(report.verdict == Verdict::exec_format_error);
  CHECK(report.message.starts_with("command_line_arguments: "));
  CHECK(compiler.runner.runs.empty());
  CHECK(script.runner.runs.empty());
  CHECK(script.judge.idle());
}

TEST_CASE("judge: a job dropped while it is compiled is cancelled, reports nothing and leaves the judge free") {
  Bench bench(compiled_language());
  bench.start(submission_of("x"));
  bench.judge.drop();
  bench.judge.drop();
  CHECK(bench.runner.cancelled == 1);
  CHECK_FALSE(bench.judge.idle());
  SUBCASE("when the run is cancelled") {
    CHECK(nothing(bench.judge.on_outcome(ended(sandbox::Status::cancelled))));
  }
  SUBCASE("when the compiler ended just before") {
    CHECK(nothing(bench.judge.on_outcome(compiled({{"main", "ELF"}}))));
  }
  SUBCASE("when the sandbox dies of it") {
    CHECK(nothing(bench.judge.on_broken("the sandbox died")));
  }
  CHECK(bench.judge.idle());
  CHECK(bench.runner.runs.size() == 1);
  CHECK(nothing(bench.start(submission_of("y"))));
}

TEST_CASE("judge: a drop when nothing runs is ignored") {
  Bench bench(script_language());
  bench.judge.drop();
  CHECK(bench.judge.idle());
  CHECK(bench.runner.cancelled == 0);
}

TEST_CASE("judge: a sandbox that breaks is never the program's fault") {
  Bench bench(compiled_language());
  bench.start(submission_of("x"));
  SUBCASE("while compiling") {
    CHECK(failure_of(bench.judge.on_broken("the sandbox died")) == "the sandbox died");
  }
  SUBCASE("while running") {
    bench.judge.on_outcome(compiled({{"main", "ELF"}}));
    CHECK(failure_of(bench.judge.on_broken("the sandbox died")) == "the sandbox died");
  }
  SUBCASE("with an outcome that says where") {
    auto outcome = ended(sandbox::Status::internal_error);
    outcome.failure = {"mount", 3, EPERM};
    CHECK(failure_of(bench.judge.on_outcome(std::move(outcome))) == "sandbox: mount[3]: Operation not permitted");
  }
  SUBCASE("when the next run cannot be started") {
    bench.runner.refusal = Error{Errc::unavailable, "no box"};
    CHECK(failure_of(bench.judge.on_outcome(compiled({{"main", "ELF"}}))) == "no box");
  }
  CHECK(bench.judge.idle());
}

TEST_CASE("judge: a compiler or interpreter that is gone is not the program's fault, its own file is") {
  const auto exec_failed = [] {
    auto outcome = ended(sandbox::Status::exec_failed);
    outcome.failure = {"exec", 0, ENOENT};
    return outcome;
  };
  Bench script(script_language());
  script.start(submission_of("x"));
  CHECK(failure_of(script.judge.on_outcome(exec_failed())).starts_with("the language could not be started"));

  Bench compiler(compiled_language());
  compiler.start(submission_of("x"));
  CHECK(failure_of(compiler.judge.on_outcome(exec_failed())).starts_with("the compiler could not be started"));

  compiler.start(submission_of("x"));
  compiler.judge.on_outcome(compiled({{"main", "no program"}}));
  CHECK(report_of(compiler.judge.on_outcome(exec_failed())).verdict == Verdict::exec_format_error);
}

TEST_CASE("judge: limits of 0 mean none of their own, and the box holds") {
  Limits limits;
  limits.cpu_ms = 0;
  limits.file_kib = 0;
  limits.stack_kib = 0;
  limits.wall_ms = 2'000;
  limits.processes = 4;
  const auto box = run_limits(limits, RunStep{}, 0);
  CHECK(box.cpu_us == 8'000'000);
  CHECK(box.stack_bytes == 0);  // as much as memory
  CHECK(box.stdout_bytes > 0);
  CHECK(box.file_bytes > 0);
}

TEST_CASE(
    "judge: a limit of each process is the box's once for each process, and memory no more than the worker allows") {
  Limits limits;
  limits.cpu_ms = 1'500;
  limits.cpu_extra_ms = 500;
  limits.wall_ms = 10'000;
  limits.memory_kib = 100;
  limits.processes = 4;
  CHECK(run_limits(limits, RunStep{}, 1'000).process_cpu_us == 0);
  CHECK(run_limits(limits, RunStep{}, 1'000).process_memory_bytes == 0);
  limits.cpu_per_process = true;
  auto box = run_limits(limits, RunStep{}, 1'000);
  CHECK(box.process_cpu_us == 2'000'000);
  CHECK(box.cpu_us == 40'000'000);
  CHECK(box.memory_bytes == 100 << 10);
  limits.memory_per_process = true;
  box = run_limits(limits, RunStep{}, 1'000);
  CHECK(box.process_memory_bytes == 100 << 10);
  CHECK(box.memory_bytes == 400 << 10);
  CHECK(run_limits(limits, RunStep{}, 250).memory_bytes == 250 << 10);
  CHECK(run_limits(limits, RunStep{}, 50).memory_bytes == 100 << 10);
  RunStep machine;
  machine.memory_extra_kib = 20;
  machine.reserves_memory = true;
  box = run_limits(limits, machine, 1'000);
  CHECK(box.process_memory_bytes == 0);
  CHECK(box.memory_bytes == 480 << 10);
  limits.cpu_ms = 0;
  CHECK(run_limits(limits, machine, 1'000).process_cpu_us == 0);
}
