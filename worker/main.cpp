// pushjudge-worker: reads the settings, finds out what this host can run, and works for a core until told to stop.

#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include "proto/base/crash_point.hpp"
#include "proto/base/log.hpp"
#include "proto/base/unique_fd.hpp"
#include "worker/catalogue.hpp"
#include "worker/config.hpp"
#include "worker/doctor.hpp"
#include "worker/problem_shelf.hpp"
#include "worker/worker.hpp"

namespace pushjudge {
namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// SIGTERM and SIGINT as a descriptor. Before any thread starts (ZeroMQ has some), so that all of them block the two.
UniqueFd catch_stop_signals() {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  ::sigprocmask(SIG_BLOCK, &stop, nullptr);
  return UniqueFd(::signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK));
}

// Errors: what is missing beside this program, or does not work in a box.
Result<JudgeOptions> options_for_judging(const WorkerConfig& config) {
  auto unpacker = read_unpacker(config.unpacker, config.extract_kib_max);
  if (!unpacker) return unpacker.error();
  SandboxRunner runner(config.sandbox);
  if (const auto tried = try_unpacker(*unpacker, runner); !tried) return tried.error();
  JudgeOptions options;
  options.unpacker = *std::move(unpacker);
  options.memory_kib_max = config.memory_kib_max / config.slots;
  return options;
}

// Each file of a problem that is kept is a descriptor, and the usual soft limit is 1024. Half of what the hard one
// allows is left to the boxes: without descriptors nothing at all could be judged any more.
std::size_t room_for_problem_files() {
  constexpr rlim_t kUsual = 1'024;
  rlimit limit{kUsual, kUsual};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    const rlim_t before = std::exchange(limit.rlim_cur, limit.rlim_max);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
      log::warn("descriptor_limit_not_raised");
      limit.rlim_cur = before;
    }
  }
  return std::min<std::size_t>(limit.rlim_cur / 2, ProblemShelf::kFilesMax);
}

int work(const WorkerConfig& config) {
  const auto signals = catch_stop_signals();
  PJ_ASSERT(signals);
  const auto catalogue = Catalogue::read(config.languages, config.sandbox);
  if (!catalogue) {
    log::error("cannot_judge", {{"reason", catalogue.error().message}});
    return 1;
  }
  for (const auto& left_out : catalogue->left_out()) {
    log::info("language_left_out", {{"language", left_out.slug}, {"reason", left_out.reason}});
  }
  for (const auto& language : catalogue->languages()) {
    log::debug("language_found", {{"id", language.id}, {"language", language.slug}, {"name", language.name}});
  }
  if (catalogue->languages().empty()) {
    log::error("cannot_judge", {{"reason", "no language found in " + config.languages}});
    return 1;
  }
  const auto judging = options_for_judging(config);
  if (!judging) {
    log::error("cannot_judge", {{"reason", judging.error().message}});
    return 1;
  }
  Worker worker(config, *catalogue, *judging, room_for_problem_files());
  log::info("worker_started", {{"name", config.name},
                               {"queue", config.queue},
                               {"slots", config.slots},
                               {"languages", catalogue->languages().size()}});
  return worker.run(signals.get());
}

int run(const std::vector<std::string>& arguments) {
  const auto config = read_worker_config(arguments, environment_variable, worker_defaults());
  if (!config) {
    std::fprintf(stderr, "pushjudge-worker: %s (see --help)\n", config.error().message.c_str());
    return 2;
  }
  if (!log::start("worker", config->log_level)) {
    std::fprintf(stderr, "pushjudge-worker: log-level must be debug, info, warn, error or off\n");
    return 2;
  }
  if (const auto armed = arm_crash_point(); !armed) {
    std::fprintf(stderr, "pushjudge-worker: %s\n", armed.error().message.c_str());
    return 2;
  }
  switch (config->action) {
    case WorkerAction::help:
      std::fputs(worker_help().c_str(), stdout);
      return 0;
    case WorkerAction::version:
      std::puts("pushjudge-worker " PJ_VERSION);
      return 0;
    case WorkerAction::print_config:
      std::fputs(config->origins.c_str(), stdout);
      return 0;
    case WorkerAction::doctor:
      return run_doctor(*config);
    case WorkerAction::run:
      return work(*config);
  }
  return 2;
}

}  // namespace
}  // namespace pushjudge

int main(int argc, char** argv) {
  try {
    return pushjudge::run({argv + 1, argv + argc});
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "pushjudge-worker: %s\n", failure.what());
    return 1;
  }
}
