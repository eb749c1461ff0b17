#pragma once

// A pushjudge of real processes, each reached over a stretch of network of its own: one core, gateways, workers. All of
// it in one folder and on this machine's loopback. One thread.
//
//   client ── 127.a.b.30+n ──▶ gateway n ── 127.a.b.20+n ──▶ core ◀── 127.a.b.10+n ── worker n
//
// The core listens at 127.0.0.1 alone. A worker or gateway is told the core's address with a host of its own, which is
// a proxy's, and since the core names a worker's pipe with the host that the worker used, the pipe goes the same way.
// The last worker comes by socket files instead, as one on the core's own machine does.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/client/client.hpp"
#include "tests/chaos/ledger.hpp"
#include "tests/chaos/proxy.hpp"
#include "tests/support/process.hpp"

namespace pushjudge::chaos {

struct SiteOptions {
  std::filesystem::path folder;
  int gateways = 2;
  int workers = 3;
  int slots = 2;
  std::chrono::milliseconds lease{3'000};
  std::chrono::milliseconds beat{300};
};

// A program of the site. It is down only when it was killed; what ends otherwise is a violation.
class Actor {
 public:
  Actor(std::string name, std::vector<std::string> argv, std::filesystem::path log);

  const std::string& name() const { return name_; }
  const std::filesystem::path& log() const { return log_; }
  bool up() const { return process_.has_value(); }
  bool frozen() const { return frozen_; }
  pid_t pid() const { return process_->pid(); }

  void start();
  void kill();    // SIGKILL
  void freeze();  // SIGSTOP
  void thaw();
  int stop();  // SIGTERM; the exit code. Throws std::runtime_error when it does not end.
  // The exit code of a program that nobody ended.
  std::optional<int> ended_by_itself();

 private:
  std::string name_;
  std::vector<std::string> argv_;
  std::filesystem::path log_;
  std::optional<testing::Process> process_;
  bool frozen_ = false;
};

class Site {
 public:
  // Starts all of it and waits until each gateway knows each worker. Throws std::runtime_error when that does not
  // happen.
  Site(SiteOptions options, Ledger& ledger);
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  Actor& core() { return *core_; }
  std::vector<Actor>& gateways() { return gateways_; }
  std::vector<Actor>& workers() { return workers_; }
  // The ways of gateways and of workers to the core, and of clients to gateways.
  const std::vector<std::unique_ptr<Proxy>>& ways_of_gateways() const { return gateway_ways_; }
  const std::vector<std::unique_ptr<Proxy>>& ways_of_workers() const { return worker_ways_; }
  const std::vector<std::unique_ptr<Proxy>>& ways_to_gateways() const { return client_ways_; }
  // Of the core's first socket; the others follow (proto/endpoints.hpp).
  std::uint16_t first_port() const { return port_; }
  const std::vector<client::Url>& gateway_urls() const { return urls_; }
  const SiteOptions& options() const { return options_; }
  std::filesystem::path database() const { return options_.folder / "data" / "pushjudge.db"; }

  // Looks for programs that ended by themselves, and collects what killed workers left behind: this process adopts it.
  void look_after();
  bool wait_until_healthy(std::chrono::milliseconds max);
  // Asks everything to end, workers first, and looks for what is left of it.
  void stop();
  // How often `text` stands in the logs whose names begin with `name`.
  std::uint64_t count_in_logs(const std::string& name, const std::string& text) const;

 private:
  std::vector<Actor*> actors();
  void reap_orphans();
  void note_sandboxes();
  void look_for_leftovers();

  SiteOptions options_;
  Ledger& ledger_;
  std::uint16_t port_ = 0;
  std::vector<client::Url> urls_;
  // Before the programs, which it outlives.
  std::vector<std::unique_ptr<Proxy>> gateway_ways_;
  std::vector<std::unique_ptr<Proxy>> worker_ways_;
  std::vector<std::unique_ptr<Proxy>> client_ways_;
  std::optional<Actor> core_;
  std::vector<Actor> gateways_;
  std::vector<Actor> workers_;
  std::set<pid_t> sandboxes_;  // all there ever were
};

}  // namespace pushjudge::chaos
