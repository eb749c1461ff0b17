// pushjudge-queue: the core.

#include <sys/signalfd.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "proto/base/crash_point.hpp"
#include "proto/base/judge0_conf.hpp"
#include "proto/base/log.hpp"
#include "proto/base/unique_fd.hpp"
#include "queue/core.hpp"
#include "queue/keys.hpp"
#include "queue/mailbox.hpp"
#include "queue/sqlite_backup.hpp"
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

struct Places {
  std::string data = "data";
  std::string keys;  // empty: in `data`

  std::string database() const { return (std::filesystem::path(data) / "pushjudge.db").string(); }

  std::filesystem::path keys_folder() const {
    return keys.empty() ? std::filesystem::path(data) / "keys" : std::filesystem::path(keys);
  }
};

// Who may come by tcp: whoever is enrolled, unless it is to be everybody.
GateOptions gate_options(const Places& places) {
  auto own = server_keys(places.data);
  if (!own) throw std::runtime_error(own.error().message);
  return {true, places.keys_folder(), *std::move(own)};
}

constexpr std::uint64_t kQueueMaxMax = 1'000'000'000;

// MAX_QUEUE_SIZE of a judge0.conf. Errors: of the file.
Result<void> take_judge0_conf(const std::string& path, CoreOptions& options) {
  const auto conf = read_judge0_conf(path);
  if (!conf) return conf.error();
  const auto queue_max = conf->number("MAX_QUEUE_SIZE", 1, kQueueMaxMax);
  if (!queue_max) return queue_max.error();
  if (*queue_max) options.queue_max = **queue_max;
  return {};
}

void serve(const Places& places, bool insecure, CoreOptions options) {
  const UniqueFd stop = stop_signals();
  const std::string& data = places.data;
  make_private_folder(data);
  const std::filesystem::path run = std::filesystem::absolute(data) / "run";
  if (options.listen.empty()) options.listen.push_back("ipc://" + run.lexically_normal().string());
  for (const std::string& address : options.listen) {
    if (address.starts_with("ipc://")) make_private_folder(address.substr(std::string_view("ipc://").size()));
  }
  const bool by_tcp = std::any_of(options.listen.begin(), options.listen.end(),
                                  [](const std::string& address) { return address.starts_with("tcp://"); });
  if (by_tcp && !insecure) options.gate = gate_options(places);
  Mailbox mailbox;
  SqliteEngine engine(places.database(),
                      [&mailbox](std::function<void()> function) { mailbox.post(std::move(function)); });
  Core core(std::move(options), engine, mailbox);
  core.run(stop.get());
}

// What a command on keys has to say, and the exit code.
template <class T>
int tell(const Result<T>& result, const std::string& success) {
  if (!result) {
    std::cerr << "pushjudge-queue: " << result.error().message << "\n";
    return 1;
  }
  std::cout << success << "\n";
  return 0;
}

struct KeyCommands {
  KeyCommands(CLI::App& app, Places& places)
      : keygen(app.add_subcommand("keygen", "Makes a pair of keys for a worker or gateway: NAME.key and NAME.pub")),
        enrol(app.add_subcommand("enrol", "Lets in whoever has the secret to a NAME.pub; a core that runs notices")),
        revoke(app.add_subcommand("revoke", "Lets NAME in no more, and ends its sessions")) {
    keygen->add_option("NAME", name, "Of the machine, for people")->required();
    keygen->add_option("--role", role, "worker or gateway")
        ->check(CLI::IsMember({"worker", "gateway"}))
        ->capture_default_str();
    keygen->add_option("--out", out, "Folder for the two files")->capture_default_str();
    enrol->add_option("FILE", file, "NAME.pub")->required();
    revoke->add_option("NAME", name, "As enrolled")->required();
    for (CLI::App* command : {enrol, revoke}) {
      command->add_option("--data", places.data, "Folder of the core's database")->capture_default_str();
      command->add_option("--keys", places.keys, "Folder of who is enrolled; default: DATA/keys");
    }
  }

  // Nothing when none of them was asked for.
  std::optional<int> run(const Places& places) const {
    if (*keygen) {
      const std::string base = (std::filesystem::path(out) / name).string();
      return tell(write_new_keys(out, name, *role_from(role)),
                  base + ".key   keep it here, where the " + role + " runs\n" + base +
                      ".pub   take it to the core, and there: pushjudge-queue enrol " + name + ".pub");
    }
    if (*enrol) return tell(pushjudge::enrol(places.keys_folder(), file), "enrolled");
    if (*revoke) return tell(pushjudge::revoke(places.keys_folder(), name), "revoked");
    return std::nullopt;
  }

  CLI::App* keygen;
  CLI::App* enrol;
  CLI::App* revoke;
  std::string name;
  std::string role = "worker";
  std::string out = ".";
  std::string file;
};

struct CopyCommands {
  CopyCommands(CLI::App& app, Places& places)
      : backup(app.add_subcommand("backup", "Copies the database into a new file; a core that runs goes on")),
        restore(app.add_subcommand("restore", "Makes the database of a copy, where there is none")) {
    for (CLI::App* command : {backup, restore}) {
      command->add_option("FILE", file, "The copy")->required();
      command->add_option("--data", places.data, "Folder of the core's database")->capture_default_str();
    }
  }

  // Nothing when none of them was asked for. Throws std::runtime_error.
  std::optional<int> run(const Places& places) const {
    if (*backup) {
      back_up(places.database(), file);
      std::cout << "copied; the keys in " << places.data << " are not in it\n";
      return 0;
    }
    if (*restore) {
      make_private_folder(places.data);
      pushjudge::restore(file, places.database());
      std::cout << "restored; clients will be told that the epoch is new\n";
      return 0;
    }
    return std::nullopt;
  }

  CLI::App* backup;
  CLI::App* restore;
  std::string file;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"pushjudge-queue: the core of pushjudge. Keeps submissions, hands them to workers, tells gateways."};
  app.set_version_flag("--version", PJ_VERSION);
  CoreOptions options;
  Places places;
  bool insecure = false;
  std::string level = "info";
  std::string judge0_conf;
  int lease_ms = static_cast<int>(options.times.lease.count());
  int beat_ms = static_cast<int>(options.times.beat.count());
  int callback_lease_ms = static_cast<int>(options.callback_lease.count());
  app.require_subcommand(0, 1);
  const KeyCommands key_commands(app, places);
  const CopyCommands copy_commands(app, places);
  app.add_option("--data", places.data, "Folder of the database; made if it is missing")->capture_default_str();
  app.add_option("--listen", options.listen,
                 "Address for workers and gateways: ipc:///FOLDER or tcp://HOST:PORT (for those who are enrolled); "
                 "may be repeated. Default: ipc://DATA/run");
  app.add_option("--keys", places.keys, "Folder of who is enrolled, a NAME.pub each; default: DATA/keys");
  app.add_flag("--insecure", insecure, "Let everybody who reaches a tcp address do everything: no keys");
  const CLI::Option* queue_max =
      app.add_option("--queue-max", options.queue_max, "Submissions that may wait; over it they are refused")
          ->envname("MAX_QUEUE_SIZE")
          ->capture_default_str();
  app.add_option("--judge0-conf", judge0_conf,
                 "Judge0's judge0.conf, of which MAX_QUEUE_SIZE is taken where neither option nor environment give it");
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
  app.add_option("--callback-lease-ms", callback_lease_ms,
                 "How long a gateway has for a callback before another may have it")
      ->check(CLI::Range(1'000, 3'600'000))
      ->capture_default_str();
  app.add_option("--log-level", level, "debug, info, warn, error or off")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  try {
    if (const auto done = key_commands.run(places)) return *done;
    if (const auto done = copy_commands.run(places)) return *done;
  } catch (const std::exception& e) {
    std::cerr << "pushjudge-queue: " << e.what() << "\n";
    return 1;
  }
  if (!log::start("queue", level)) {
    std::cerr << "pushjudge-queue: unknown log level '" << level << "'\n";
    return 2;
  }
  if (const auto armed = arm_crash_point(); !armed) {
    std::cerr << "pushjudge-queue: " << armed.error().message << "\n";
    return 2;
  }
  if (!judge0_conf.empty() && queue_max->count() == 0) {
    if (const auto taken = take_judge0_conf(judge0_conf, options); !taken) {
      std::cerr << "pushjudge-queue: " << taken.error().message << "\n";
      return 2;
    }
  }
  if (beat_ms * 3 > lease_ms) {
    std::cerr << "pushjudge-queue: --beat-ms must be at most a third of --lease-ms\n";
    return 2;
  }
  options.times.lease = std::chrono::milliseconds(lease_ms);
  options.times.beat = std::chrono::milliseconds(beat_ms);
  options.callback_lease = std::chrono::milliseconds(callback_lease_ms);
  options.times.silence = 3 * options.times.beat;
  options.times.restart = 2 * options.times.beat + std::chrono::milliseconds(1'000);
  try {
    serve(places, insecure, std::move(options));
  } catch (const std::exception& e) {
    std::cerr << "pushjudge-queue: " << e.what() << "\n";
    return 1;
  }
  return 0;
}
