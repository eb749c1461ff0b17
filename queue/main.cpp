// pushjudge-queue: the core.

#include <sys/signalfd.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "proto/base/crash_point.hpp"
#include "proto/base/log.hpp"
#include "proto/base/unique_fd.hpp"
#include "queue/core.hpp"
#include "queue/mailbox.hpp"
#include "queue/sqlite_engine.hpp"

namespace {

using namespace pushjudge;

// SIGTERM and SIGINT become readable instead of interrupting; every thread made later inherits the mask.
UniqueFd stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  UniqueFd descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!descriptor) throw std::runtime_error(std::string("signalfd: ") + std::strerror(errno));
  return descriptor;
}

void make_private_folder(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}

void serve(const std::string& data, CoreOptions options) {
  const UniqueFd stop = stop_signals();
  make_private_folder(data);
  const std::filesystem::path run = std::filesystem::absolute(data) / "run";
  if (options.listen.empty()) options.listen.push_back("ipc://" + run.lexically_normal().string());
  for (const std::string& address : options.listen) {
    if (address.starts_with("ipc://")) make_private_folder(address.substr(std::string_view("ipc://").size()));
  }
  Mailbox mailbox;
  SqliteEngine engine((std::filesystem::path(data) / "pushjudge.db").string(),
                      [&mailbox](std::function<void()> function) { mailbox.post(std::move(function)); });
  Core core(std::move(options), engine, mailbox);
  core.run(stop.get());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"pushjudge-queue: the core of pushjudge. Keeps submissions, hands them to workers, tells gateways."};
  app.set_version_flag("--version", PJ_VERSION);
  CoreOptions options;
  std::string data = "data";
  std::string level = "info";
  int lease_ms = static_cast<int>(options.times.lease.count());
  int beat_ms = static_cast<int>(options.times.beat.count());
  app.add_option("--data", data, "Folder of the database; made if it is missing")->capture_default_str();
  app.add_option("--listen", options.listen,
                 "Address for workers and gateways: ipc:///FOLDER or tcp://HOST:PORT (private networks only); may be "
                 "repeated. Default: ipc://DATA/run");
  app.add_option("--queue-max", options.queue_max, "Submissions that may wait; over it they are refused")
      ->envname("MAX_QUEUE_SIZE")
      ->capture_default_str();
  app.add_option(
         "--user-share", options.lane_share,
         "Percent of all slots that one user's submissions may hold at once; 100: all that nobody else waits for")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--lease-ms", lease_ms, "A job whose worker does not confirm it for this long is handed out again")
      ->check(CLI::Range(500, 3'600'000))
      ->capture_default_str();
  app.add_option("--beat-ms", beat_ms, "How often workers are to be heard; less than a third of the lease")
      ->check(CLI::Range(50, 600'000))
      ->capture_default_str();
  app.add_option("--log-level", level, "debug, info, warn, error or off")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  if (!log::start("queue", level)) {
    std::cerr << "pushjudge-queue: unknown log level '" << level << "'\n";
    return 2;
  }
  if (const auto armed = arm_crash_point(); !armed) {
    std::cerr << "pushjudge-queue: " << armed.error().message << "\n";
    return 2;
  }
  if (beat_ms * 3 > lease_ms) {
    std::cerr << "pushjudge-queue: --beat-ms must be at most a third of --lease-ms\n";
    return 2;
  }
  options.times.lease = std::chrono::milliseconds(lease_ms);
  options.times.beat = std::chrono::milliseconds(beat_ms);
  options.times.silence = 3 * options.times.beat;
  options.times.restart = 2 * options.times.beat + std::chrono::milliseconds(1'000);
  try {
    serve(data, std::move(options));
  } catch (const std::exception& e) {
    std::cerr << "pushjudge-queue: " << e.what() << "\n";
    return 1;
  }
  return 0;
}
