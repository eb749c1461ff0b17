// Every way in which a run can end, each with the verdict that is true: real programs, in the real box.

#include <doctest/doctest.h>
#include <signal.h>

#include <optional>
#include <set>
#include <string>

#include "tests/unit/worker/box.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;

namespace {

// What every program of the table may use.
const std::string kPrelude = R"(#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static void spin(void) { for (volatile long i = 0;; ++i) {} }
static void eat(void) { for (;;) memset(malloc(1 << 20), 1, 1 << 20); }
static int sink(int n) { volatile char room[4096]; room[n % 4096] = 1; return sink(n + 1) + room[0]; }
)";

// What is to be said of a run.
struct End {
  Verdict verdict;
  int status_id;
  std::string message = {};
  std::optional<int> exit_code = 0;
  std::optional<int> exit_signal = std::nullopt;
};

End exits(int code) {
  return {Verdict::runtime_error, 11, "Exited with error status " + std::to_string(code), code};
}

End dies(int signal, int status_id) {
  return {Verdict::runtime_error, status_id, "Caught fatal signal " + std::to_string(signal), 0, signal};
}

const End kAccepted{Verdict::accepted, 3};
const End kWrong{Verdict::wrong_answer, 4};
const End kTooLate{Verdict::time_limit_exceeded, 5, "Time limit exceeded"};
const End kTooLong{Verdict::wall_time_limit_exceeded, 5, "Time limit exceeded (wall clock)"};
const End kTooLarge{Verdict::memory_limit_exceeded, 12, "Memory limit exceeded"};
const End kTooLoud{Verdict::output_limit_exceeded, 12, "Output limit exceeded"};
const End kNoProgram{Verdict::exec_format_error, 14, "The program could not be started: Exec format error"};
const End kNotCompiled{Verdict::compilation_error, 6, "", std::nullopt};

struct Row {
  std::string what;
  std::string source;
  End end;
  Limits limits = {};
  void (*more)(const Report&, const Limits&) = nullptr;
  std::string compiler_options = {};
};

void cpu_limit_is_kept(const Report& report, const Limits& limits) {
  CHECK(report.cpu_us.value_or(0) >= limits.cpu_ms * 1000);
  CHECK(report.cpu_us.value_or(0) < (limits.cpu_ms + limits.cpu_extra_ms) * 1000 + 200'000);
}

void ended_by_itself(const Report& report, const Limits& limits) {
  CHECK(report.cpu_us.value_or(0) > limits.cpu_ms * 1000);
  CHECK(report.cpu_us.value_or(0) < (limits.cpu_ms + limits.cpu_extra_ms) * 1000);
}

void wall_limit_is_kept(const Report& report, const Limits& limits) {
  CHECK(report.wall_us.value_or(0) >= limits.wall_ms * 1000);
  CHECK(report.wall_us.value_or(0) < limits.wall_ms * 1000 + 1'000'000);
  CHECK(report.cpu_us.value_or(0) < limits.wall_ms * 1000);
}

void memory_was_full(const Report& report, const Limits& limits) {
  CHECK(report.memory_kib.value_or(0) <= limits.memory_kib);
  CHECK(report.memory_kib.value_or(0) >= limits.memory_kib * 9 / 10);
}

void stdout_is_cut(const Report& report, const Limits& limits) {
  CHECK(report.stdout_text.size() == limits.file_kib * 1024);
}

void stderr_is_cut(const Report& report, const Limits& limits) {
  CHECK(report.stderr_text.size() == limits.file_kib * 1024);
}

void compiler_said_why(const Report& report, const Limits&) {
  CHECK(report.compile_output.find("main.c:") != std::string::npos);
  CHECK(report.compile_output.find("error") != std::string::npos);
}

constexpr Limits kShortCpu{.cpu_ms = 200, .cpu_extra_ms = 50};
constexpr Limits kShortCpuLongExtra{.cpu_ms = 100, .cpu_extra_ms = 2'000};
constexpr Limits kShortWall{.wall_ms = 300};
constexpr Limits kLittleMemory{.memory_kib = 32'000};
constexpr Limits kLittleStack{.stack_kib = 4'000};
constexpr Limits kLittleOutput{.file_kib = 64};

// Each of them is to print 42.
const Row kRows[] = {
    {"exit code 0", "int main(void) { puts(\"42\"); return 0; }", kAccepted},
    {"another answer", "int main(void) { puts(\"41\"); }", kWrong},
    {"a child that crashes", "int main(void) { if (fork() == 0) abort(); wait(0); puts(\"42\"); }", kAccepted},
    {"the right answer, and exit code 1", "int main(void) { puts(\"42\"); return 1; }", exits(1)},
    {"exit code 3", "int main(void) { exit(3); }", exits(3)},
    {"exit code -1 is 255", "int main(void) { _exit(-1); }", exits(255)},
    {"exit code 124 is no time limit", "int main(void) { return 124; }", exits(124)},
    {"exit code 137 is not SIGKILL", "int main(void) { return 137; }", exits(137)},
    {"exit code 139 is not SIGSEGV", "int main(void) { return 139; }", exits(139)},
    {"a null pointer", "int main(void) { *(volatile int*)0 = 1; }", dies(SIGSEGV, 7)},
    {"a stack that is full", "int main(void) { return sink(0); }", dies(SIGSEGV, 7), kLittleStack},
    {"a file that grows", "int main(void) { FILE* f = fopen(\"f\", \"w\"); for (;;) fputs(\"on and on\", f); }",
     dies(SIGXFSZ, 8), kLittleOutput},
    {"a division by zero", "int main(void) { volatile int zero = 0; return 100 / zero; }", dies(SIGFPE, 9)},
    {"abort()", "int main(void) { abort(); }", dies(SIGABRT, 10)},
    {"an illegal instruction", "int main(void) { __builtin_trap(); }", dies(SIGILL, 12)},
    {"SIGTERM", "int main(void) { raise(SIGTERM); }", dies(SIGTERM, 12)},
    {"SIGKILL by itself is no limit of ours", "int main(void) { raise(SIGKILL); }", dies(SIGKILL, 12)},
    {"SIGXCPU by itself is no limit of ours", "int main(void) { raise(SIGXCPU); }", dies(SIGXCPU, 12)},
    {"the last signal there is", "int main(void) { raise(64); }", dies(64, 12)},
    {"CPU time", "int main(void) { spin(); }", kTooLate, kShortCpu, cpu_limit_is_kept},
    {"CPU time of a child", "int main(void) { if (fork() == 0) spin(); pause(); }", kTooLate, kShortCpu,
     cpu_limit_is_kept},
    {"CPU time, with every signal ignored",
     "int main(void) { for (int s = 1; s < 65; ++s) signal(s, SIG_IGN); spin(); }", kTooLate, kShortCpu,
     cpu_limit_is_kept},
    {"CPU time, with an end before the extra time is over",
     "int main(void) { while (clock() < CLOCKS_PER_SEC / 4) {} puts(\"42\"); }", kTooLate, kShortCpuLongExtra,
     ended_by_itself},
    {"wall time, asleep", "int main(void) { sleep(1000); }", kTooLong, kShortWall, wall_limit_is_kept},
    {"wall time, stopped by itself", "int main(void) { raise(SIGSTOP); }", kTooLong, kShortWall, wall_limit_is_kept},
    {"memory", "int main(void) { eat(); }", kTooLarge, kLittleMemory, memory_was_full},
    {"memory of a child", "int main(void) { if (fork() == 0) eat(); wait(0); puts(\"42\"); }", kTooLarge, kLittleMemory,
     memory_was_full},
    {"standard output", "int main(void) { for (;;) puts(\"on and on\"); }", kTooLoud, kLittleOutput, stdout_is_cut},
    {"standard error", "int main(void) { for (;;) fputs(\"on and on\", stderr); }", kTooLoud, kLittleOutput,
     stderr_is_cut},
    {"an object file is no program", "int main(void) {}", kNoProgram, {}, nullptr, "-c"},
    {"a text is no program", "int main(void) {}", kNoProgram, {}, nullptr, "-E"},
    {"a source that is wrong", "int main(void) { return x; }", kNotCompiled, {}, compiler_said_why},
    {"an option that is wrong", "int main(void) {}", kNotCompiled, {}, nullptr, "--nonsense"},
};

}  // namespace

TEST_CASE("judge: each way to end has its verdict, status, exit code, signal, message and measures") {
  if (!boxes_work()) return;
  const auto* c = language("c");
  if (c == nullptr) return;
  Box box;
  std::set<Verdict> seen;
  for (const auto& row : kRows) {
    CAPTURE(row.what);
    auto submission = submission_of(kPrelude + row.source);
    submission.expected_output = "42";
    submission.limits = row.limits;
    submission.compiler_options = row.compiler_options;
    const auto report = box.report_on(submission, *c);
    seen.insert(row.end.verdict);
    if (row.end.verdict == Verdict::memory_limit_exceeded && !counted(report)) {
      CHECK(report.verdict != Verdict::accepted);
      continue;
    }
    check(report, row.end.verdict);
    CHECK(status_id(report.verdict, report.exit_signal) == row.end.status_id);
    CHECK(report.message == row.end.message);
    CHECK(report.exit_code == row.end.exit_code);
    CHECK(report.exit_signal == row.end.exit_signal);
    const bool ran = row.end.verdict != Verdict::compilation_error;
    CHECK(report.cpu_us.has_value() == ran);
    CHECK(report.wall_us.has_value() == ran);
    CHECK(report.memory_kib.has_value() == ran);
    if (row.more != nullptr) row.more(report, row.limits);
  }
  // All but internal_error, which no program can bring about.
  seen.insert(Verdict::internal_error);
  for (int verdict = 0; verdict <= static_cast<int>(Verdict::internal_error); ++verdict) {
    CAPTURE(to_string(static_cast<Verdict>(verdict)));
    CHECK(seen.contains(static_cast<Verdict>(verdict)));
  }
}
