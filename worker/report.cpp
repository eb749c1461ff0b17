#include "worker/report.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "proto/base/result.hpp"

namespace pushjudge {

namespace {

using End = sandbox::Status;

constexpr std::string_view kCpuMessage = "Time limit exceeded";
constexpr std::string_view kMemoryMessage = "Memory limit exceeded";

void set_verdict(Report& report, Verdict verdict, std::string_view message) {
  report.verdict = verdict;
  report.message = message;
}

// A program that ended by itself, in time.
void set_end(Report& report, const sandbox::Outcome& outcome) {
  if (outcome.status == End::signaled) {
    report.exit_signal = outcome.signal;
    set_verdict(report, Verdict::runtime_error, "Caught fatal signal " + std::to_string(outcome.signal));
    return;
  }
  report.exit_code = outcome.exit_code;
  if (outcome.exit_code == 0) {
    report.verdict = Verdict::accepted;
  } else {
    set_verdict(report, Verdict::runtime_error, "Exited with error status " + std::to_string(outcome.exit_code));
  }
}

void set_exec_failure(Report& report, int error) {
  // The loader of the kernel asks for memory too: a limit below what the program's own image needs ends here.
  if (error == ENOMEM) return set_verdict(report, Verdict::memory_limit_exceeded, kMemoryMessage);
  set_verdict(report, Verdict::exec_format_error,
              std::string("The program could not be started: ") + std::strerror(error));
}

// Whether a program that ended by itself did so too late.
bool used_up_cpu_time(const sandbox::Outcome& outcome, const Limits& limits) {
  if (limits.cpu_ms == 0) return false;
  const auto limit_us = limits.cpu_ms * 1000;
  // Between the limit and the limit with its extra time a run may end by itself, and is late all the same.
  if (!limits.cpu_per_process) return outcome.cpu_us > limit_us;
  // The kernel ended a process of it: its main one, or one that a shell tells of. It counts in ticks of the clock. What
  // sends itself the signal has not used the time.
  constexpr std::uint64_t kTicksUs = 150'000;
  constexpr int kOfShell = 128;
  const auto ended_by = [&](int signal) {
    return outcome.status == End::signaled ? outcome.signal == signal : outcome.exit_code == kOfShell + signal;
  };
  return outcome.cpu_us + kTicksUs >= limit_us && (ended_by(SIGXCPU) || ended_by(SIGKILL));
}

std::string missing_artifact(const sandbox::Collected& file) {
  switch (file.error) {
    case ENOENT:
      return "The compiler left no file " + file.name + ".";
    case EFBIG:
      return "The compiler's output " + file.name + " is too large.";
    case ELOOP:
    case EINVAL:
      return "The compiler's output " + file.name + " is not a regular file.";
    default:
      return "The compiler's output " + file.name + " cannot be read: " + std::strerror(file.error) + ".";
  }
}

std::string missing_files(int error) {
  switch (error) {
    case E2BIG:
      return "Compiling left too many files, or folders that are too deep.";
    case EFBIG:
      return "Compiling left files that are too large together.";
    default:
      return std::string("What compiling left cannot be read: ") + std::strerror(error) + ".";
  }
}

}  // namespace

Report report_of_run(const sandbox::Outcome& outcome, const Limits& limits) {
  Report report;
  report.exit_code = 0;
  report.cpu_us = outcome.cpu_us;
  report.wall_us = outcome.wall_us;
  report.memory_kib = outcome.memory_bytes / 1024;
  report.accounting = to_string(outcome.accounting);
  switch (outcome.status) {
    case End::exited:
    case End::signaled:
      if (used_up_cpu_time(outcome, limits)) {
        set_verdict(report, Verdict::time_limit_exceeded, kCpuMessage);
      } else {
        set_end(report, outcome);
      }
      break;
    case End::time_limit:
      set_verdict(report, Verdict::time_limit_exceeded, kCpuMessage);
      break;
    case End::wall_limit:
      set_verdict(report, Verdict::wall_time_limit_exceeded, "Time limit exceeded (wall clock)");
      break;
    case End::memory_limit:
      set_verdict(report, Verdict::memory_limit_exceeded, kMemoryMessage);
      break;
    case End::output_limit:
      set_verdict(report, Verdict::output_limit_exceeded, "Output limit exceeded");
      break;
    case End::exec_failed:
      set_exec_failure(report, outcome.failure.error);
      break;
    case End::cancelled:
    case End::internal_error:
      PJ_ASSERT(false && "an outcome about the program");
  }
  return report;
}

void recognise_out_of_memory(Report& report, const std::vector<OutOfMemory>& ways, std::string_view errors) {
  if (report.verdict != Verdict::runtime_error) return;
  errors.remove_prefix(errors.size() - std::min(errors.size(), kLastWordsBytes));
  const auto ended_so = [&](const OutOfMemory& way) {
    return report.exit_code == way.exit_code && report.exit_signal.value_or(0) == way.signal &&
           errors.find(way.said) != std::string_view::npos;
  };
  if (std::ranges::any_of(ways, ended_so)) set_verdict(report, Verdict::memory_limit_exceeded, kMemoryMessage);
}

std::optional<std::string> compilation_failure(const sandbox::Outcome& outcome) {
  switch (outcome.status) {
    case End::exited:
      if (outcome.exit_code != 0) return "";
      for (const auto& file : outcome.collected) {
        if (file.error != 0) return missing_artifact(file);
      }
      if (outcome.archive.error != 0) return missing_files(outcome.archive.error);
      return std::nullopt;
    case End::signaled:
      return "The compiler was ended by signal " + std::to_string(outcome.signal) + ".";
    case End::time_limit:
    case End::wall_limit:
      return "Compilation time limit exceeded.";
    case End::memory_limit:
      return "Compilation memory limit exceeded.";
    case End::output_limit:
      return "Compilation output limit exceeded.";
    case End::exec_failed:
    case End::cancelled:
    case End::internal_error:
      break;
  }
  PJ_ASSERT(false && "an outcome about the source");
  return std::nullopt;  // not reached; not every compiler sees it
}

bool is_misplaced(const sandbox::Outcome& outcome) {
  if (outcome.status != End::internal_error) return false;
  const std::string_view step = outcome.failure.step;
  if (step != "place_file" && step != "place_archive" && step != "mount_point") return false;
  switch (outcome.failure.error) {
    case EISDIR:
    case ENOTDIR:
    case EEXIST:
    case ENOSPC:
    case EFBIG:
    case E2BIG:
      return true;
    default:
      return false;
  }
}

std::string shortened(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  const auto inside_character = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; };
  while (bytes_max > 0 && inside_character(bytes_max)) --bytes_max;
  text.resize(bytes_max);
  return text + "\n[the rest was cut]\n";
}

std::string describe(const sandbox::Failure& failure) {
  return failure.step + "[" + std::to_string(failure.index) + "]: " + std::strerror(failure.error);
}

}  // namespace pushjudge
