// What it costs to tell thousands: one message, or sixteen at once, to every client of a broadcast room. Beside `ws` of
// Node.js, and a bare loop of send(2) as the floor, in the same run, in turns, each with servers started anew.

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/fanout/histogram.hpp"
#include "tests/bench/fanout/server.hpp"
#include "tests/bench/fanout/swarm.hpp"
#include "tests/bench/figures.hpp"
#include "tests/support/descriptors.hpp"

namespace {

using namespace pushjudge::bench;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct BenchOptions {
  std::string json;
  std::vector<std::size_t> sockets = {1'000, 5'000, 10'000};
  unsigned rounds = 3;
  bool quick = false;
};

constexpr std::array kSubjects = {Subject::pushjudge, Subject::ws, Subject::raw};
constexpr std::size_t kPayloadBytes = 100;
constexpr std::size_t kBurst = 16;
// Clients that are there before memory is measured: the code has run, the heaps have grown.
constexpr std::size_t kFirstClients = 64;
constexpr unsigned kFirstMessages = 500;
constexpr unsigned kBurstsMin = 2;
// The swarm's own descriptors and those of the servers' other files.
constexpr std::size_t kSpareDescriptors = 200;

// By case and metric, in the order in which they are to be shown.
struct Measured {
  std::string what;
  std::string metric;
  double value = 0;
};
using Round = std::vector<Measured>;

void measure_broadcasts(const std::string& what, const Server& server, Swarm& swarm, const Burst& burst,
                        milliseconds span, Round& round) {
  Histogram unused;
  const auto warm_until = Clock::now() + span / 4;
  do {
    swarm.broadcast(burst, unused);
  } while (Clock::now() < warm_until);

  Histogram latencies;
  unsigned bursts = 0;
  const double server_before = server.cpu_us();
  const auto busy_before = swarm.busy();
  const auto begin = Clock::now();
  while (bursts < kBurstsMin || Clock::now() - begin < span) {
    swarm.broadcast(burst, latencies);
    ++bursts;
  }
  const double us = std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
  const double server_us = server.cpu_us() - server_before;
  const double busy_us = std::chrono::duration<double, std::micro>(swarm.busy() - busy_before).count();
  swarm.check_shares();

  const double deliveries = static_cast<double>(bursts) * static_cast<double>(burst.messages * swarm.size());
  round.push_back({what, "deliveries_per_s", deliveries / us * 1e6});
  round.push_back({what, "server_cpu_us_each", server_us / deliveries});
  round.push_back({what, "median_us", static_cast<double>(latencies.quantile(0.5)) / 1e3});
  round.push_back({what, "p99_us", static_cast<double>(latencies.quantile(0.99)) / 1e3});
  // Who bounds the rate: the one that is near 100.
  round.push_back({what, "server_cpu_percent", 100 * server_us / us});
  round.push_back({what, "clients_busy_percent", 100 * busy_us / us});
}

Round measure(Subject subject, std::size_t sockets, milliseconds span) {
  const std::string prefix = std::to_string(sockets) + " sockets, ";
  const std::string payload(kPayloadBytes, 'x');
  const Burst one(payload, 1);
  const Burst many(payload, kBurst);
  Server server(subject, sockets);
  Swarm swarm(server.port(), "/ws/broadcast");
  swarm.grow(kFirstClients);
  Histogram unused;
  for (unsigned i = 0; i < kFirstMessages; ++i) swarm.broadcast(one, unused);

  const double empty = server.memory_bytes();
  swarm.grow(sockets);
  const auto added = static_cast<double>(sockets - kFirstClients);
  const double idle = server.memory_bytes();
  Round round;
  measure_broadcasts(prefix + "singly", server, swarm, one, span, round);
  measure_broadcasts(prefix + "in bursts of " + std::to_string(kBurst), server, swarm, many, span, round);
  round.push_back({prefix + "memory", "bytes_each_idle", (idle - empty) / added});
  round.push_back({prefix + "memory", "bytes_each_after", (server.memory_bytes() - empty) / added});
  return round;
}

void show(const std::vector<std::map<Subject, Round>>& rounds, FigureFile& file) {
  const Round& shape = rounds[0].at(Subject::ws);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i == 0 || shape[i].what != shape[i - 1].what) {
      std::printf("\n%s\n  %-20s %12s %25s %12s %12s %14s %8s\n", shape[i].what.c_str(), "", "pushjudge", "", "ws",
                  "raw", "pushjudge/ws", "raw/ws");
    }
    std::map<Subject, Samples> values;
    for (const auto& round : rounds) {
      for (const auto& [subject, figures] : round) values[subject].push_back(figures[i].value);
    }
    const auto median = [&](Subject subject) { return quantile(values.at(subject), 0.5); };
    const double ws = median(Subject::ws);
    // The ratio of each round by itself, since what else the machine does changes from round to round.
    const auto ratio = [&](Subject subject) {
      Samples ratios;
      for (std::size_t r = 0; r < rounds.size(); ++r) {
        const double base = values.at(Subject::ws)[r];
        ratios.push_back(base > 0 ? values.at(subject)[r] / base : 0);
      }
      return quantile(ratios, 0.5);
    };
    std::printf("  %-20s %12.1f  (%10.1f - %10.1f) %12.1f %12.1f %14.2f %8.2f\n", shape[i].metric.c_str(),
                median(Subject::pushjudge), quantile(values.at(Subject::pushjudge), 0),
                quantile(values.at(Subject::pushjudge), 1), ws, median(Subject::raw), ratio(Subject::pushjudge),
                ratio(Subject::raw));
    for (const Subject subject : {Subject::pushjudge, Subject::raw}) {
      file.write({"fanout", name_of(subject), shape[i].what, shape[i].metric, median(subject), "ws", ws});
    }
    file.write(
        {"fanout", "pushjudge", shape[i].what, shape[i].metric + "_ratio_median", ratio(Subject::pushjudge), "", 0});
  }
  std::fflush(stdout);
}

void run(const BenchOptions& options) {
  FigureFile file(options.json);
  const milliseconds span(options.quick ? 500 : 1'500);
  for (const std::size_t sockets : options.sockets) {
    std::vector<std::map<Subject, Round>> rounds(options.rounds);
    for (std::size_t r = 0; r < rounds.size(); ++r) {
      for (std::size_t turn = 0; turn < kSubjects.size(); ++turn) {
        const Subject subject = kSubjects[(r + turn) % kSubjects.size()];
        rounds[r][subject] = measure(subject, sockets, span);
      }
    }
    show(rounds, file);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Deliveries to thousands of clients of a broadcast room, beside ws of Node.js and a bare loop of send(2). Rounds "
      "alternate; shown are the medians of rounds, pushjudge's least and most, and the medians of the rounds' ratios."};
  BenchOptions options;
  app.add_option("--json", options.json, "Also append one JSON object a figure to this file");
  app.add_option("--rounds", options.rounds, "Of each number of sockets and server")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--sockets", options.sockets, "Numbers of clients, with commas between")
      ->delimiter(',')
      ->check(CLI::Range(std::size_t{100}, std::size_t{25'000}))
      ->capture_default_str();
  app.add_flag("--quick", options.quick, "Shorter");
  CLI11_PARSE(app, argc, argv);
  try {
    const std::size_t most = pushjudge::testing::raise_descriptor_limit() - kSpareDescriptors;
    for (const std::size_t sockets : options.sockets) {
      if (sockets <= most) continue;
      std::fprintf(stderr, "%s: %zu sockets are more than the %zu that the limit of descriptors allows (ulimit -Hn)\n",
                   argv[0], sockets, most);
      return 2;
    }
    run(options);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
    return 1;
  }
  return 0;
}
