#include "worker/report.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <cerrno>

using namespace pushjudge;

namespace {

sandbox::Outcome outcome_of(sandbox::Status status) {
  sandbox::Outcome outcome;
  outcome.status = status;
  outcome.cpu_us = 1'000;
  outcome.wall_us = 2'000;
  outcome.memory_bytes = 3 << 20;
  outcome.accounting = sandbox::Accounting::cgroup2;
  return outcome;
}

Report report_of(const sandbox::Outcome& outcome) {
  return report_of_run(outcome, Limits{});
}

}  // namespace

TEST_CASE("report: exit code 0 is accepted, with what the run used") {
  const auto report = report_of(outcome_of(sandbox::Status::exited));
  CHECK(report.verdict == Verdict::accepted);
  CHECK(report.exit_code == 0);
  CHECK_FALSE(report.exit_signal);
  CHECK(report.cpu_us == 1'000);
  CHECK(report.wall_us == 2'000);
  CHECK(report.memory_kib == 3 << 10);
  CHECK(report.accounting == "cgroup2");
  CHECK(report.message.empty());
}

TEST_CASE("report: another exit code and a signal are runtime errors, told apart") {
  auto outcome = outcome_of(sandbox::Status::exited);
  outcome.exit_code = 139;
  auto report = report_of(outcome);
  CHECK(report.verdict == Verdict::runtime_error);
  CHECK(report.exit_code == 139);
  CHECK_FALSE(report.exit_signal);
  CHECK(report.message == "Exited with error status 139");

  outcome = outcome_of(sandbox::Status::signaled);
  outcome.signal = SIGSEGV;
  report = report_of(outcome);
  CHECK(report.verdict == Verdict::runtime_error);
  CHECK(report.exit_code == 0);
  CHECK(report.exit_signal == SIGSEGV);
  CHECK(report.message == "Caught fatal signal 11");
}

TEST_CASE("report: where CPU time is each process's, the one that used it up makes the verdict, and not the sum") {
  Limits limits;
  limits.cpu_ms = 1'000;
  limits.cpu_per_process = true;
  auto outcome = outcome_of(sandbox::Status::exited);
  outcome.cpu_us = 3'000'000;
  CHECK(report_of_run(outcome, limits).verdict == Verdict::accepted);
  outcome.exit_code = 128 + SIGXCPU;  // of a shell whose child it was
  CHECK(report_of_run(outcome, limits).verdict == Verdict::time_limit_exceeded);
  outcome.exit_code = 1;
  CHECK(report_of_run(outcome, limits).verdict == Verdict::runtime_error);
  outcome = outcome_of(sandbox::Status::signaled);
  for (const int signal : {SIGXCPU, SIGKILL}) {
    outcome.signal = signal;
    outcome.cpu_us = 990'000;
    CHECK(report_of_run(outcome, limits).verdict == Verdict::time_limit_exceeded);
    outcome.cpu_us = 500'000;  // it sent itself that
    CHECK(report_of_run(outcome, limits).verdict == Verdict::runtime_error);
  }
  outcome.signal = SIGSEGV;
  outcome.cpu_us = 3'000'000;
  CHECK(report_of_run(outcome, limits).verdict == Verdict::runtime_error);
}

TEST_CASE("report: each limit has a verdict and a message") {
  const auto check = [](sandbox::Status status, Verdict verdict, const char* message) {
    const auto report = report_of(outcome_of(status));
    CHECK(report.verdict == verdict);
    CHECK(report.message == message);
    CHECK(report.exit_code == 0);
    CHECK_FALSE(report.exit_signal);
  };
  check(sandbox::Status::time_limit, Verdict::time_limit_exceeded, "Time limit exceeded");
  check(sandbox::Status::wall_limit, Verdict::wall_time_limit_exceeded, "Time limit exceeded (wall clock)");
  check(sandbox::Status::memory_limit, Verdict::memory_limit_exceeded, "Memory limit exceeded");
  check(sandbox::Status::output_limit, Verdict::output_limit_exceeded, "Output limit exceeded");
}

TEST_CASE("report: a run that ends by itself within the extra time is late all the same") {
  Limits limits;
  limits.cpu_ms = 100;
  auto outcome = outcome_of(sandbox::Status::exited);
  outcome.cpu_us = 100'000;
  CHECK(report_of_run(outcome, limits).verdict == Verdict::accepted);
  outcome.cpu_us = 100'001;
  CHECK(report_of_run(outcome, limits).verdict == Verdict::time_limit_exceeded);
  outcome.status = sandbox::Status::signaled;
  outcome.signal = SIGSEGV;
  CHECK(report_of_run(outcome, limits).verdict == Verdict::time_limit_exceeded);
  limits.cpu_ms = 0;  // no limit of its own
  CHECK(report_of_run(outcome, limits).verdict == Verdict::runtime_error);
}

TEST_CASE("report: a program that cannot be started is not a runtime error") {
  auto outcome = outcome_of(sandbox::Status::exec_failed);
  outcome.failure = {"exec", 0, ENOEXEC};
  const auto report = report_of(outcome);
  CHECK(report.verdict == Verdict::exec_format_error);
  CHECK(report.message == "The program could not be started: Exec format error");
  outcome.failure.error = ENOMEM;
  CHECK(report_of(outcome).verdict == Verdict::memory_limit_exceeded);
}

TEST_CASE("report: a language's own way to end for want of memory is a memory limit, and nothing else is") {
  const std::vector<OutOfMemory> ways{{1, 0, "OutOfMemoryError: Java heap space"}, {0, SIGABRT, "heap out of memory"}};
  const std::string said = "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat Main.main\n";
  const auto judged = [&](sandbox::Outcome outcome, const std::string& errors) {
    auto report = report_of(outcome);
    recognise_out_of_memory(report, ways, errors);
    return report;
  };
  auto outcome = outcome_of(sandbox::Status::exited);
  CHECK(judged(std::move(outcome), said).verdict == Verdict::accepted);  // it caught the error

  outcome = outcome_of(sandbox::Status::exited);
  outcome.exit_code = 1;
  auto report = judged(std::move(outcome), said);
  CHECK(report.verdict == Verdict::memory_limit_exceeded);
  CHECK(report.message == "Memory limit exceeded");
  CHECK(report.exit_code == 1);

  const auto exited_with = [](int code) {
    auto exited = outcome_of(sandbox::Status::exited);
    exited.exit_code = code;
    return exited;
  };
  CHECK(judged(exited_with(2), said).verdict == Verdict::runtime_error);
  CHECK(judged(exited_with(1), "heap out of memory").verdict == Verdict::runtime_error);  // that goes with a signal
  CHECK(judged(exited_with(1), "").verdict == Verdict::runtime_error);
  CHECK(judged(outcome_of(sandbox::Status::time_limit), said).verdict == Verdict::time_limit_exceeded);

  const auto died_of = [](int signal) {
    auto died = outcome_of(sandbox::Status::signaled);
    died.signal = signal;
    return died;
  };
  report = judged(died_of(SIGABRT), "FATAL ERROR: JavaScript heap out of memory\n");
  CHECK(report.verdict == Verdict::memory_limit_exceeded);
  CHECK(report.exit_signal == SIGABRT);
  CHECK(judged(died_of(SIGSEGV), "heap out of memory").verdict == Verdict::runtime_error);
  CHECK(judged(died_of(SIGABRT), "std::bad_alloc").verdict == Verdict::runtime_error);
}

TEST_CASE("report: only the last words count") {
  const std::vector<OutOfMemory> ways{{1, 0, "no memory"}};
  const auto verdict = [&](const std::string& errors) {
    Report report;
    report.verdict = Verdict::runtime_error;
    report.exit_code = 1;
    recognise_out_of_memory(report, ways, errors);
    return report.verdict;
  };
  CHECK(verdict("no memory" + std::string(kLastWordsBytes - 9, '.')) == Verdict::memory_limit_exceeded);
  CHECK(verdict("no memory" + std::string(kLastWordsBytes - 8, '.')) == Verdict::runtime_error);
}

TEST_CASE("report: a compilation fails by exit code, signal, limit or missing file") {
  auto outcome = outcome_of(sandbox::Status::exited);
  CHECK_FALSE(compilation_failure(outcome));
  outcome.collected.push_back({"main", sandbox::Fd(), 0, 0});
  CHECK_FALSE(compilation_failure(outcome));
  outcome.collected.back().error = ENOENT;
  CHECK(compilation_failure(outcome) == "The compiler left no file main.");
  outcome.collected.back().error = EFBIG;
  CHECK(compilation_failure(outcome) == "The compiler's output main is too large.");
  for (const int error : {ELOOP, EINVAL}) {
    outcome.collected.back().error = error;
    CHECK(compilation_failure(outcome) == "The compiler's output main is not a regular file.");
  }
  outcome.collected.back().error = EACCES;
  CHECK(compilation_failure(outcome) == "The compiler's output main cannot be read: Permission denied.");
  outcome.exit_code = 1;
  CHECK(compilation_failure(outcome) == "");
  CHECK(compilation_failure(outcome_of(sandbox::Status::time_limit)) == "Compilation time limit exceeded.");
  CHECK(compilation_failure(outcome_of(sandbox::Status::wall_limit)) == "Compilation time limit exceeded.");
  CHECK(compilation_failure(outcome_of(sandbox::Status::memory_limit)) == "Compilation memory limit exceeded.");
  CHECK(compilation_failure(outcome_of(sandbox::Status::output_limit)) == "Compilation output limit exceeded.");
  outcome = outcome_of(sandbox::Status::signaled);
  outcome.signal = SIGKILL;
  CHECK(compilation_failure(outcome) == "The compiler was ended by signal 9.");
}

TEST_CASE("report: a text is shortened between characters, and says so") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("abcd", 3) == "abc\n[the rest was cut]\n");
  CHECK(shortened("a\xc3\xa4\xc3\xa4", 2) == "a\n[the rest was cut]\n");
  CHECK(shortened("\x80\x80\x80", 2) == "\n[the rest was cut]\n");
}
