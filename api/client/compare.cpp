#include "api/client/compare.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "api/client/comparison.hpp"
#include "api/client/console.hpp"
#include "api/client/ways.hpp"
#include "proto/codec.hpp"

namespace pushjudge::client {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;
using std::chrono::system_clock;

constexpr std::chrono::seconds kPatience{120};  // with one job
constexpr std::uint64_t kRoundsMax = 5;         // in each, every way has its turn

// What is judged where no program is given: it sleeps, so that it takes no processor from what is measured. From 0.3 to
// 1.3 s, evenly: a whole second, so that no interval of polling is luckier than another with when the end comes.
constexpr std::string_view kSleeper = "sleep \"$(cat)\"\n";
constexpr std::string_view kSleepersLanguage = "bash";

std::string nap(std::uint64_t run) {
  double whole = 0;
  const double part = std::modf(static_cast<double>(run) * 0.6180339887, &whole);
  return std::to_string(0.3 + part);
}

double unix_ms(system_clock::time_point at) {
  return std::chrono::duration<double, std::milli>(at.time_since_epoch()).count();
}

// The attributes of one job after the other: the same for every way.
class Jobs {
 public:
  static Result<Jobs> make(Client& client, const CompareCommand& command) {
    const bool own = !command.source_file.empty();
    const auto source = own ? read_file(command.source_file) : Result<std::string>(std::string(kSleeper));
    if (!source) return source.error();
    const auto languages = client.languages();
    if (!languages) return languages.error();
    const std::string wanted = own ? command.language : std::string(kSleepersLanguage);
    const auto language = choose_language(*languages, wanted, command.source_file);
    if (!language) return language.error();
    const json attributes = {
        {"base64_encoded", "true"}, {"language_id", language->id}, {"source_code", base64_encode(*source)}};
    return Jobs(attributes, !own);
  }

  json attributes(std::uint64_t run) const {
    json attributes = attributes_;
    if (sleeps_) attributes["stdin"] = base64_encode(nap(run));
    return attributes;
  }

  bool sleeps() const { return sleeps_; }

 private:
  Jobs(json attributes, bool sleeps) : attributes_(std::move(attributes)), sleeps_(sleeps) {}

  json attributes_;
  bool sleeps_;
};

// One result that was seen.
struct Seen {
  std::string token;
  system_clock::time_point sent;      // before POST
  system_clock::time_point accepted;  // after its answer
  Known known;
};

struct CpuSeconds {
  double gateway = 0;
  double core = 0;
};

// Nothing where the server does not say.
Result<std::optional<CpuSeconds>> cpu_of_server(Client& client) {
  const auto reply = client.request("GET", "/health");
  if (!reply) return reply.error();
  const json health = json::parse(reply->body, nullptr, false);
  if (!health.is_object() || !health.contains("cpu_seconds")) return std::optional<CpuSeconds>();
  const json& used = health["cpu_seconds"];
  if (!used.is_object() || !used.contains("core") || !used["core"].is_number()) return std::optional<CpuSeconds>();
  return std::optional<CpuSeconds>({used.value("gateway", 0.0), used["core"].get<double>()});
}

// One way: its clients, and what they saw.
class Contender {
 public:
  Contender(const Way& way, const Url& url, std::uint64_t clients) : way_(way) {
    for (std::uint64_t i = 0; i < clients; ++i) clients_.push_back({Client(url), make_watcher(way, url)});
  }

  // Has `runs` jobs, from number `first` on, judged and watched by all clients at once.
  void take_turn(const Jobs& jobs, std::uint64_t first, std::uint64_t runs) {
    std::atomic<std::uint64_t> next{first};
    std::vector<std::thread> threads;
    for (One& one : clients_) {
      threads.emplace_back([&, this] {
        for (auto run = next.fetch_add(1); run < first + runs; run = next.fetch_add(1)) watch_one(one, jobs, run);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  void add_cpu(const std::optional<CpuSeconds>& before, const std::optional<CpuSeconds>& after) {
    if (!before || !after) cpu_known_ = false;
    if (cpu_known_) cpu_seconds_ += after->gateway - before->gateway + after->core - before->core;
  }

  const std::vector<Seen>& seen() const { return seen_; }
  const std::vector<Error>& missed() const { return missed_; }
  std::string name() const { return std::string(way_.name); }

  WayFigures figures(const std::vector<double>& late_ms) const {
    WayFigures figures;
    figures.name = way_.name;
    figures.results = seen_.size();
    figures.missed = missed_.size();
    if (seen_.empty()) return figures;
    figures.late_p50_ms = percentile(late_ms, 0.5);
    figures.late_p99_ms = percentile(late_ms, 0.99);
    const auto results = static_cast<double>(seen_.size());
    std::uint64_t requests = 0;
    Traffic traffic;
    for (const One& one : clients_) {
      requests += one.watcher->requests();
      traffic += one.watcher->traffic();
    }
    figures.requests = static_cast<double>(requests) / results;
    figures.sent_bytes = static_cast<double>(traffic.sent_bytes) / results;
    figures.received_bytes = static_cast<double>(traffic.received_bytes) / results;
    if (cpu_known_) figures.server_cpu_ms = cpu_seconds_ * 1000 / results;
    return figures;
  }

 private:
  // Submits over a connection of its own, which is the same for every way and not counted.
  struct One {
    Client submitter;
    std::unique_ptr<Watcher> watcher;
  };

  void watch_one(One& one, const Jobs& jobs, std::uint64_t run) {
    const auto attributes = jobs.attributes(run);
    const auto sent = system_clock::now();
    const auto accepted = one.submitter.submit(attributes);
    const auto accepted_at = system_clock::now();
    if (!accepted) return miss(accepted.error());
    const auto known = one.watcher->watch(*accepted, steady_clock::now() + kPatience);
    if (!known) return miss(known.error());
    const std::scoped_lock lock(mutex_);
    seen_.push_back({accepted->value("token", ""), sent, accepted_at, *known});
  }

  void miss(const Error& error) {
    const std::scoped_lock lock(mutex_);
    missed_.push_back(error);
  }

  const Way& way_;
  std::vector<One> clients_;
  std::mutex mutex_;  // of what follows, while a turn is taken
  std::vector<Seen> seen_;
  std::vector<Error> missed_;
  double cpu_seconds_ = 0;
  bool cpu_known_ = true;
};

// One job before anything is measured: that it works at all, and whatever is done once is done.
Result<void> warm_up(Client& client, const Jobs& jobs) {
  const auto judged = client.submit(jobs.attributes(0), true);
  if (!judged) return judged.error();
  const json status = judged->value("status", json::object());
  if (jobs.sleeps() && status.value("id", 0) != 3) {
    return Error{Errc::unavailable, "the job that is to be watched was not accepted: " + judged->dump()};
  }
  return {};
}

Result<void> take_turns(std::deque<Contender>& contenders, Client& client, const Jobs& jobs, std::uint64_t runs,
                        std::uint64_t concurrency) {
  const std::uint64_t rounds = std::clamp<std::uint64_t>(runs / concurrency, 1, kRoundsMax);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::fprintf(stderr, "pushjudge: round %llu of %llu\n", static_cast<unsigned long long>(round + 1),
                 static_cast<unsigned long long>(rounds));
    const std::uint64_t first = runs * round / rounds;
    const std::uint64_t end = runs * (round + 1) / rounds;
    for (std::size_t turn = 0; turn < contenders.size(); ++turn) {
      // Another way goes first in each round.
      Contender& contender = contenders[(turn + round) % contenders.size()];
      const auto before = cpu_of_server(client);
      if (!before) return before.error();
      contender.take_turn(jobs, first, end - first);
      const auto after = cpu_of_server(client);
      if (!after) return after.error();
      contender.add_cpu(*before, *after);
    }
  }
  return {};
}

// When it ended, by the core's clock.
Result<double> end_of(Client& client, const Seen& seen) {
  const auto submission = client.get(seen.token, "finished_at");
  if (!submission) return submission.error();
  const auto at = time_ms(*submission, "finished_at");
  if (!at) return Error{Errc::unavailable, "the gateway does not say when a submission was finished"};
  return static_cast<double>(*at);
}

// Only now, since asking when the jobs ended costs the server something too.
Result<Comparison> compare(const std::deque<Contender>& contenders, Client& client) {
  ClockBounds clock;
  for (const Contender& contender : contenders) {
    for (const Seen& seen : contender.seen()) {
      if (!seen.known.queued_at) continue;
      clock.add(unix_ms(seen.sent), static_cast<double>(*seen.known.queued_at), unix_ms(seen.accepted));
    }
  }
  Comparison comparison;
  comparison.clock_ahead_ms = clock.ahead_ms();
  comparison.clock_off_ms = clock.off_ms();
  double jobs_ms = 0;
  std::size_t jobs = 0;
  for (const Contender& contender : contenders) {
    std::vector<double> late_ms;
    for (const Seen& seen : contender.seen()) {
      const auto end = end_of(client, seen);
      if (!end) return end.error();
      late_ms.push_back(unix_ms(seen.known.at) + clock.ahead_ms() - *end);
      jobs_ms += *end - clock.ahead_ms() - unix_ms(seen.accepted);
      ++jobs;
    }
    comparison.ways.push_back(contender.figures(late_ms));
  }
  if (jobs > 0) comparison.job_ms = jobs_ms / static_cast<double>(jobs);
  return comparison;
}

}  // namespace

int run(const Url& url, const CompareCommand& command) {
  Client client(url);
  const auto jobs = Jobs::make(client, command);
  if (!jobs) return fail(jobs.error());
  if (const auto warm = warm_up(client, *jobs); !warm) return fail(warm.error());
  std::deque<Contender> contenders;
  for (const Way& way : ways()) contenders.emplace_back(way, url, command.concurrency);
  if (const auto done = take_turns(contenders, client, *jobs, command.runs, command.concurrency); !done) {
    return fail(done.error());
  }
  auto comparison = compare(contenders, client);
  if (!comparison) return fail(comparison.error());
  comparison->url = "http://" + url.host + ":" + url.port;
  comparison->runs = command.runs;
  comparison->concurrency = command.concurrency;
  print(table_of(*comparison));
  if (!command.json_file.empty()) {
    if (const auto done = write_file(command.json_file, json_of(*comparison).dump(2) + "\n"); !done) {
      return fail(done.error());
    }
  }
  if (!command.chart_file.empty()) {
    if (const auto done = write_file(command.chart_file, chart_of(*comparison)); !done) return fail(done.error());
  }
  for (const Contender& contender : contenders) {
    if (contender.missed().empty()) continue;
    const Error& first = contender.missed().front();
    return fail({first.code, std::to_string(contender.missed().size()) + " results were not seen by " +
                                 contender.name() + ": " + first.message});
  }
  return 0;
}

}  // namespace pushjudge::client
