// From a POST to a push, with jobs that do nothing: what the pipeline itself costs, beside a stack of Node.js, BullMQ
// and Redis. Both are durable (synchronous=FULL; appendfsync always), on the same disk, in the same run, in turns.

#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/figures.hpp"
#include "tests/bench/pipeline/disk.hpp"
#include "tests/bench/pipeline/load.hpp"
#include "tests/bench/pipeline/stack.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace pushjudge::bench;
using std::chrono::milliseconds;

struct BenchOptions {
  std::string json;
  std::string folder = PJ_BIN_DIR;
  std::string only;
  unsigned rounds = 3;
  unsigned node_workers = 16;  // with which it was fastest, of 1, 4, 16 and 64
  bool quick = false;
};

constexpr unsigned kOpenLoopClients = 512;
constexpr milliseconds kDiskSpan{1'000};

// A folder of its own on the disk that is measured.
class DiskFolder {
 public:
  explicit DiskFolder(const std::string& below) {
    std::string path = below + "/bench-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make a folder in " + below);
    path_ = path;
  }
  ~DiskFolder() {
    std::error_code ignored;  // a destructor must not throw, and a leftover folder hurts nobody
    std::filesystem::remove_all(path_, ignored);
  }
  DiskFolder(const DiskFolder&) = delete;
  DiskFolder& operator=(const DiskFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path make(const std::string& name) const {
    std::filesystem::create_directory(path_ / name);
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

double own_cpu_us() {
  timespec spent{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3;
}

// Figures of one round, by metric, in the order in which they are to be shown.
using Round = std::vector<std::pair<std::string, double>>;

// What kept the processors busy in a round, as shares of one processor.
struct Shares {
  std::map<std::string, double> by_part;
};

struct Measured {
  Round figures;
  Shares shares;
};

// The times from the last commit before each push.
Samples commit_to_push(const std::vector<std::uint64_t>& commits, const std::vector<std::uint64_t>& pushed) {
  Samples samples;
  for (const std::uint64_t push : pushed) {
    const auto after = std::upper_bound(commits.begin(), commits.end(), push);
    if (after != commits.begin()) samples.push_back(static_cast<double>(push - *std::prev(after)) / 1e3);
  }
  return samples;
}

Measured measure(const Stack& stack, const Load& load) {
  std::vector<std::vector<CpuTime>> cpu;
  std::vector<double> own;
  std::vector<std::uint64_t> syncs;
  const std::function<void()> at_edge = [&] {
    cpu.push_back(stack.cpu_times());
    own.push_back(own_cpu_us());
    syncs.push_back(stack.witness().count());
  };
  const LoadResult result = run_load(stack.port(), load, at_edge);
  if (result.done == 0) throw std::runtime_error(stack.name() + " did nothing in the measured time");

  Measured measured;
  double server_us = 0;
  for (std::size_t i = 0; i < cpu[0].size(); ++i) {
    const double us = cpu[1][i].us - cpu[0][i].us;
    server_us += us;
    measured.shares.by_part[cpu[0][i].part] = us / 1e6 / result.seconds;
  }
  measured.shares.by_part["load"] = (own[1] - own[0]) / 1e6 / result.seconds;

  const auto done = static_cast<double>(result.done);
  const auto commits = static_cast<double>(syncs[1] - syncs[0]);
  measured.figures = {{"per_s", done / result.seconds},
                      {"cpu_us_each", server_us / done},
                      {"median_us", quantile(result.latencies, 0.5)},
                      {"p99_us", quantile(result.latencies, 0.99)},
                      {"commits_per_s", commits / result.seconds}};
  if (load.until == Load::Until::pushed) {
    // From one commit earlier on, so that the first pushes find theirs.
    const auto delays = commit_to_push(stack.witness().commits_from(syncs[0] - (syncs[0] > 0)), result.pushed_ns);
    measured.figures.emplace_back("commit_to_push_median_us", quantile(delays, 0.5));
    measured.figures.emplace_back("commit_to_push_p99_us", quantile(delays, 0.99));
  }
  return measured;
}

class Bench {
 public:
  explicit Bench(const BenchOptions& options)
      : options_(options),
        file_(options.json),
        disk_(options.folder),
        ours_(start_pushjudge(disk_.make("pushjudge"), sockets_.path())),
        node_(start_node(disk_.make("node"), sockets_.path(), options.node_workers)) {}

  void run() {
    time_disk("before");
    for (const unsigned clients : {1U, 4U, 16U, 64U, 256U, 1'024U}) {
      if (options_.quick && clients != 64) continue;
      compare("accept, " + std::to_string(clients) + " clients", load(Load::Until::accepted, clients));
    }
    double ours_max = 0;
    double node_max = 0;
    for (const unsigned clients : {1U, 16U, 64U}) {
      if (options_.quick && clients == 1) continue;
      const auto rates =
          compare("push, " + std::to_string(clients) + " outstanding", load(Load::Until::pushed, clients));
      ours_max = rates.first;
      node_max = rates.second;
    }
    open_loop("push, open loop, half of its own maximum", 0.5 * ours_max, 0.5 * node_max);
    if (!options_.quick) {
      open_loop("push, open loop, 80 % of its own maximum", 0.8 * ours_max, 0.8 * node_max);
      open_loop("push, open loop, 80 % of Node's maximum", 0.8 * node_max, 0.8 * node_max);
    }
    if (!options_.quick) {
      ours_->stop_workers();
      node_->stop_workers();
      for (const unsigned clients : {64U, 256U}) {
        compare("accept without workers, " + std::to_string(clients) + " clients", load(Load::Until::accepted, clients),
                false);
      }
    }
    time_disk("after");
  }

 private:
  Load load(Load::Until until, unsigned clients) const {
    Load load;
    load.until = until;
    load.clients = clients;
    if (options_.quick) load.measured = milliseconds(1'000);
    return load;
  }

  void open_loop(const std::string& what, double ours_rate, double node_rate) {
    Load ours = load(Load::Until::pushed, kOpenLoopClients);
    Load node = ours;
    ours.rate = ours_rate;
    node.rate = node_rate;
    if (ours_rate > 0 && node_rate > 0) compare(what, ours, node, true);
  }

  std::pair<double, double> compare(const std::string& what, const Load& both, bool working = true) {
    return compare(what, both, both, working);
  }

  // Rounds in turns; shows the medians. Returns what each did a second.
  std::pair<double, double> compare(const std::string& what, const Load& ours, const Load& node, bool working) {
    if (what.find(options_.only) == std::string::npos) return {};
    std::vector<Measured> ours_rounds;
    std::vector<Measured> node_rounds;
    for (unsigned round = 0; round < options_.rounds; ++round) {
      for (const bool is_ours : {round % 2 == 0, round % 2 != 0}) {
        const Stack& stack = is_ours ? *ours_ : *node_;
        (is_ours ? ours_rounds : node_rounds).push_back(measure(stack, is_ours ? ours : node));
        // What one has left to do must not take the other's processors.
        if (working) stack.wait_idle();
      }
    }
    std::printf("\n%s\n", what.c_str());
    std::printf("  %-26s %10s %23s %10s %23s %8s\n", "", "pushjudge", "", "node", "", "ratio");
    std::pair<double, double> rates;
    for (std::size_t i = 0; i < ours_rounds[0].figures.size(); ++i) {
      const auto [ours_median, node_median] = show(what, i, ours_rounds, node_rounds);
      if (i == 0) rates = {ours_median, node_median};
    }
    show_shares(*ours_, ours_rounds);
    show_shares(*node_, node_rounds);
    std::fflush(stdout);
    return rates;
  }

  std::pair<double, double> show(const std::string& what, std::size_t i, const std::vector<Measured>& ours_rounds,
                                 const std::vector<Measured>& node_rounds) {
    const std::string& metric = ours_rounds[0].figures[i].first;
    const auto values = [i](const std::vector<Measured>& rounds) {
      Samples samples;
      for (const Measured& round : rounds) samples.push_back(round.figures[i].second);
      return samples;
    };
    const Samples ours = values(ours_rounds);
    const Samples node = values(node_rounds);
    const double ours_median = quantile(ours, 0.5);
    const double node_median = quantile(node, 0.5);
    std::printf("  %-26s %10.0f  (%8.0f - %8.0f) %10.0f  (%8.0f - %8.0f) %8.3f\n", metric.c_str(), ours_median,
                quantile(ours, 0), quantile(ours, 1), node_median, quantile(node, 0), quantile(node, 1),
                ours_median / node_median);
    file_.write({"pipeline", "pushjudge", what, metric, ours_median, "node", node_median});
    file_.write({"pipeline", "pushjudge", what, metric + "_least", quantile(ours, 0), "node", quantile(node, 0)});
    file_.write({"pipeline", "pushjudge", what, metric + "_most", quantile(ours, 1), "node", quantile(node, 1)});
    return {ours_median, node_median};
  }

  // Who computed how much: what is near 100 % of a processor, or all together near all of them, is what bounds it.
  void show_shares(const Stack& stack, const std::vector<Measured>& rounds) {
    std::printf("  %-26s", (stack.name() + " computed").c_str());
    double total = 0;
    for (const auto& [part, unused] : rounds[0].shares.by_part) {
      Samples samples;
      for (const Measured& round : rounds) samples.push_back(round.shares.by_part.at(part));
      const double share = quantile(samples, 0.5);
      total += share;
      std::printf(" %s %.0f %%,", part.c_str(), 100 * share);
    }
    std::printf(" together %.0f %%\n", 100 * total);
  }

  void time_disk(const std::string& when) {
    const Samples samples = time_syncs(disk_.path(), kDiskSpan);
    const double rate = static_cast<double>(samples.size()) / std::chrono::duration<double>(kDiskSpan).count();
    std::printf("%sthe disk %s: %.0f appends of 4 KiB with fdatasync a second; median %.0f us, p99 %.0f us\n",
                when == "after" ? "\n" : "", when.c_str(), rate, quantile(samples, 0.5), quantile(samples, 0.99));
    file_.write({"pipeline", "disk", when, "syncs_per_s", rate, "", 0});
    file_.write({"pipeline", "disk", when, "sync_median_us", quantile(samples, 0.5), "", 0});
    file_.write({"pipeline", "disk", when, "sync_p99_us", quantile(samples, 0.99), "", 0});
  }

  const BenchOptions& options_;
  FigureFile file_;
  DiskFolder disk_;
  pushjudge::testing::TemporaryFolder sockets_;  // socket files want short paths
  std::unique_ptr<Stack> ours_;
  std::unique_ptr<Stack> node_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "From a POST to a push with jobs that do nothing, beside Node.js, BullMQ and Redis. Rounds alternate; "
      "shown are the medians of rounds, and the least and the most."};
  BenchOptions options;
  app.add_option("--json", options.json, "Also append one JSON object a figure to this file");
  app.add_option("--rounds", options.rounds, "Of each case and stack")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--node-workers", options.node_workers, "BullMQ workers of the Node.js stack, in one process")
      ->check(CLI::Range(1, 512))
      ->capture_default_str();
  app.add_option("--folder", options.folder, "Where the databases are made; on the disk to be measured")
      ->capture_default_str();
  app.add_option("--only", options.only, "Only cases whose names contain this");
  app.add_flag("--quick", options.quick, "Fewer and shorter cases");
  CLI11_PARSE(app, argc, argv);
  try {
    if (!on_disk(options.folder)) {
      std::fprintf(stderr, "%s: %s is in memory, where nothing is durable; choose another --folder\n", argv[0],
                   options.folder.c_str());
      return 2;
    }
    pushjudge::testing::raise_descriptor_limit();
    Bench(options).run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
    return 1;
  }
  return 0;
}
