// chaos: a site of real processes under load, whose processes are killed and frozen and whose network fails, at random;
// then a look at whether every promise was kept.

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "tests/chaos/audit.hpp"
#include "tests/chaos/dice.hpp"
#include "tests/chaos/follower.hpp"
#include "tests/chaos/ledger.hpp"
#include "tests/chaos/mischief.hpp"
#include "tests/chaos/site.hpp"
#include "tests/chaos/submitter.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace pushjudge;
using namespace pushjudge::chaos;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kPosters = 6;
constexpr int kSocketSubmitters = 3;
constexpr int kFollowers = 4;
// How long everything may take to end after the last fault was mended.
constexpr seconds kDrainMax{90};
// After so many the run ends: one broken promise often breaks others.
constexpr std::size_t kViolationsMax = 20;

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void on_signal(int) {
  interrupted = true;
}

// What is thrown in a thread of its own is a violation too.
template <class Function>
std::thread start(Ledger& ledger, Function function) {
  return std::thread([&ledger, function = std::move(function)] {
    try {
      function();
    } catch (const std::exception& e) {
      ledger.violation(std::string("a client stopped: ") + e.what());
    }
  });
}

// The clients, and when they are to stop.
class Load {
 public:
  Load(const std::vector<client::Url>& gateways, Ledger& ledger, std::uint64_t seed) : ledger_(ledger) {
    std::uint32_t who = 1;
    for (int i = 0; i < kPosters + kSocketSubmitters; ++i) {
      const bool by_socket = i >= kPosters;
      SubmitterOptions options{(by_socket ? "socket-" : "post-") + std::to_string(i + 1), by_socket, gateways};
      submitters_.push_back(std::make_unique<Submitter>(std::move(options), ledger, Dice(seed, who++)));
      submitting_.push_back(start(ledger, [this, submitter = submitters_.back().get()] {
        submitter->run(enough_.get_token(), give_up_.get_token());
      }));
    }
    for (int i = 0; i < kFollowers; ++i) {
      const std::string name = "follower-" + std::to_string(i + 1);
      const auto temper = i % 2 == 0 ? Follower::Temper::restless : Follower::Temper::patient;
      followers_.push_back(std::make_unique<Follower>(name, temper, gateways, ledger, Dice(seed, who++)));
      following_.push_back(start(ledger, [this, follower = followers_.back().get()] {
        follower->run(all_accepted_.get_token(), give_up_.get_token());
      }));
    }
  }

  ~Load() {
    give_up();
    join(submitting_);
    join(following_);
  }

  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void enough() { enough_.request_stop(); }
  void give_up() {
    enough_.request_stop();
    all_accepted_.request_stop();
    give_up_.request_stop();
  }

  // Waits for all, who give up at the deadline, or when the program is interrupted.
  void finish(TimePoint deadline) {
    std::thread watch([this, deadline] {
      std::unique_lock lock(mutex_);
      while (!finished_ && !interrupted && Steady::now() < deadline) changed_.wait_for(lock, milliseconds(100));
      if (interrupted) ledger_.close();
      if (!finished_) give_up();
    });
    join(submitting_);
    all_accepted_.request_stop();
    join(following_);
    {
      const std::lock_guard lock(mutex_);
      finished_ = true;
    }
    changed_.notify_all();
    watch.join();
    for (const auto& follower : followers_) {
      for (const std::string& token : follower->unfinished()) {
        ledger_.violation("submission " + token + " has not finished, says " + follower->name());
      }
    }
  }

  std::vector<const Follower*> followers() const {
    std::vector<const Follower*> all;
    for (const auto& follower : followers_) all.push_back(follower.get());
    return all;
  }

 private:
  static void join(std::vector<std::thread>& threads) {
    for (std::thread& thread : threads) {
      if (thread.joinable()) thread.join();
    }
  }

  Ledger& ledger_;
  std::stop_source enough_;        // no more submissions
  std::stop_source all_accepted_;  // nothing will be accepted any more
  std::stop_source give_up_;
  std::vector<std::unique_ptr<Submitter>> submitters_;
  std::vector<std::unique_ptr<Follower>> followers_;
  std::vector<std::thread> submitting_;
  std::vector<std::thread> following_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool finished_ = false;
};

void row(const std::string& name, std::uint64_t value) {
  std::printf("  %-36s %10llu\n", name.c_str(), static_cast<unsigned long long>(value));
}

void print(const Ledger& ledger, const Site& site, const Mischief& mischief, const AuditFigures& figures) {
  std::printf("\nclients\n");
  row("submissions", ledger.submissions);
  row("accepted", ledger.accepted());
  row("sent again for want of an answer", ledger.retries);
  row("refused for the moment (503)", ledger.refused);
  row("replayed (POST)", ledger.replayed);
  row("connections of followers", ledger.follower_connections);
  row("resumes", ledger.resumes);
  std::printf("faults\n");
  for (const auto& [what, count] : mischief.done()) row(what, count);
  std::printf("what it cost\n");
  row("events", figures.events);
  row("judged", figures.finished);
  row("cancelled", figures.cancelled);
  row("given up after three attempts", figures.given_up);
  row("hand-outs taken back", figures.requeued);
  row("submissions run more than once", figures.run_again);
  row("runs ended by the core", site.count_in_logs("worker", " job_dropped "));
  row("stale reports", site.count_in_logs("worker", "code=stale"));
  row("duplicate reports", site.count_in_logs("worker", "code=duplicate"));
  row("fetches by gateways", site.count_in_logs("gateway", "events_fetched"));
}

int break_off(Ledger& ledger) {
  ledger.close();
  std::fprintf(stderr, "chaos: interrupted\n");
  return 130;
}

int run(std::uint64_t seed, seconds length, testing::TemporaryFolder& folder) {
  std::printf("chaos: seed %llu, %lld s, in %s\n", static_cast<unsigned long long>(seed),
              static_cast<long long>(length.count()), folder.path().c_str());
  std::fflush(stdout);
  Ledger ledger;
  SiteOptions options;
  options.folder = folder.path();
  Site site(options, ledger);
  Load load(site.gateway_urls(), ledger, seed);
  Mischief mischief(site, Dice(seed, 0));
  const TimePoint end = Steady::now() + length;
  while (Steady::now() < end && !interrupted && ledger.violations().size() < kViolationsMax) {
    mischief.step(Steady::now());
    site.look_after();
    testing::pause_briefly();
  }
  if (interrupted) return break_off(ledger);
  mischief.end();
  load.enough();
  const TimePoint calm = Steady::now();
  load.finish(calm + kDrainMax);
  if (interrupted) return break_off(ledger);
  const auto drained = std::chrono::duration_cast<milliseconds>(Steady::now() - calm);
  if (!site.wait_until_healthy(kDrainMax)) ledger.violation("the site does not become healthy again");
  site.stop();
  print(ledger, site, mischief, audit(site.database(), load.followers(), ledger));
  row("ms until all had ended", static_cast<std::uint64_t>(drained.count()));

  const auto violations = ledger.violations();
  if (violations.empty()) {
    std::printf("chaos: every promise was kept (seed %llu)\n", static_cast<unsigned long long>(seed));
    return 0;
  }
  folder.keep();
  std::printf("chaos: %zu violations (seed %llu); database and logs are in %s\n", violations.size(),
              static_cast<unsigned long long>(seed), folder.path().c_str());
  for (const std::string& violation : violations) std::printf("  %s\n", violation.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"chaos: kills, freezes and cuts off the processes of a pushjudge under load, and checks every promise."};
  std::uint64_t seed = std::random_device{}();
  long long minutes = 0;
  long long further_seconds = 0;
  app.add_option("--minutes", minutes, "How long faults are made; 1 unless --seconds is given")
      ->check(CLI::Range(0, 10'000));
  app.add_option("--seconds", further_seconds, "The same; both are added")->check(CLI::Range(0, 600'000));
  app.add_option("--seed", seed, "Of everything that is random; without it a new one, which is printed");
  CLI11_PARSE(app, argc, argv);
  const seconds length(minutes == 0 && further_seconds == 0 ? 60 : minutes * 60 + further_seconds);

  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  // A proxy listens at each port that a worker's pipe may have.
  testing::raise_descriptor_limit();
  testing::TemporaryFolder folder;
  try {
    return run(seed, length, folder);
  } catch (const std::exception& e) {
    folder.keep();
    std::fprintf(stderr, "chaos: %s (seed %llu; logs are in %s)\n", e.what(), static_cast<unsigned long long>(seed),
                 folder.path().c_str());
    return 1;
  }
}
