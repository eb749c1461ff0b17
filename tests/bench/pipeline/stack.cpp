#include "tests/bench/pipeline/stack.hpp"

#include <time.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

#include "tests/bench/pipeline/load.hpp"

namespace pushjudge::bench {
namespace {

using testing::eventually;
using testing::Process;

// Enough that slots never bound it.
constexpr auto kSlots = "512";
constexpr std::chrono::seconds kIdleDeadline{120};

double cpu_us(pid_t pid) {
  clockid_t clock{};
  timespec spent{};
  const int failed = ::clock_getcpuclockid(pid, &clock);
  if (failed != 0 || ::clock_gettime(clock, &spent) != 0) throw std::runtime_error("a process of the stack is gone");
  return static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3;
}

class PushjudgeStack final : public Stack {
 public:
  PushjudgeStack(const std::filesystem::path& folder, const std::filesystem::path& sockets)
      : Stack("pushjudge", folder), queue_("ipc://" + (sockets / "run").string()) {
    // Redis takes what comes too.
    start_store("core", {PJ_BIN_DIR "/pushjudge-queue", "--data", file("data"), "--listen", queue_, "--queue-max",
                         "1000000000"});
    start("gateway", {PJ_BIN_DIR "/pushjudge-api", "--queue", queue_, "--port", "0", "--port-file", file("port")});
    wait_for_port(file("port"));
    start_workers();
    const bool joined = eventually([this] { return get(port(), "/languages").find("Nothing") != std::string::npos; });
    if (!joined) throw std::runtime_error("the worker did not join");
  }

  void start_workers() override { start_worker({PJ_BIN_DIR "/bench_noop_worker", queue_, "noop", kSlots}); }

 private:
  std::string queue_;
};

class NodeStack final : public Stack {
 public:
  NodeStack(const std::filesystem::path& folder, const std::filesystem::path& sockets, unsigned workers)
      : Stack("node", folder), redis_((sockets / "redis.sock").string()), workers_(std::to_string(workers)) {
    start_store("redis",
                {"redis-server", "--port", "0", "--unixsocket", redis_, "--dir", folder.string(), "--appendonly", "yes",
                 "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no"});
    if (!eventually([this] { return std::filesystem::exists(redis_); })) {
      throw std::runtime_error("redis did not start: " + testing::read_file(file("redis.log")));
    }
    start("gateway", {"node", PJ_NODE_STACK "/server.mjs", redis_, file("port")});
    wait_for_port(file("port"));
    start_workers();
  }

  void start_workers() override { start_worker({"node", PJ_NODE_STACK "/worker.mjs", redis_, kSlots, workers_}); }

 private:
  std::string redis_;
  std::string workers_;
};

}  // namespace

Stack::Stack(std::string name, const std::filesystem::path& folder)
    : name_(std::move(name)), folder_(folder), witness_((folder / "commits").string()) {}

void Stack::start(const std::string& part, std::vector<std::string> argv) {
  // Finds the program, and becomes it.
  argv.insert(argv.begin(), "/usr/bin/env");
  parts_.push_back({part, Process(std::move(argv), folder_ / (part + ".log"))});
}

void Stack::start_store(const std::string& part, std::vector<std::string> argv) {
  argv.insert(argv.begin(), {"LD_PRELOAD=" PJ_WITNESS, std::string(kWitnessVariable) + "=" + file("commits")});
  start(part, std::move(argv));
}

void Stack::start_worker(std::vector<std::string> argv) {
  argv.insert(argv.begin(), "/usr/bin/env");
  workers_.push_back({"worker", Process(std::move(argv), folder_ / "worker.log")});
}

void Stack::stop_workers() {
  for (Part& worker : workers_) worker.process.signal(SIGTERM);
  for (Part& worker : workers_) worker.process.wait();
  workers_.clear();
}

void Stack::wait_for_port(const std::string& port_file) {
  const bool written = eventually([&] { return testing::read_file(port_file).ends_with('\n'); });
  if (!written) throw std::runtime_error("the gateway did not start: " + testing::read_file(file("gateway.log")));
  port_ = static_cast<std::uint16_t>(std::stoi(testing::read_file(port_file)));
}

std::vector<CpuTime> Stack::cpu_times() const {
  std::vector<CpuTime> times;
  for (const auto* parts : {&parts_, &workers_}) {
    for (const Part& part : *parts) times.push_back({part.name, cpu_us(part.process.pid())});
  }
  return times;
}

void Stack::wait_idle() const {
  const bool idle = eventually(
      [this] {
        const auto health = nlohmann::json::parse(get(port_, "/health"));
        return health.at("queued") == 0 && health.at("running") == 0;
      },
      kIdleDeadline);
  if (!idle) throw std::runtime_error(name_ + " does not come to rest");
}

std::unique_ptr<Stack> start_pushjudge(const std::filesystem::path& folder, const std::filesystem::path& sockets) {
  return std::make_unique<PushjudgeStack>(folder, sockets);
}

std::unique_ptr<Stack> start_node(const std::filesystem::path& folder, const std::filesystem::path& sockets,
                                  unsigned workers) {
  return std::make_unique<NodeStack>(folder, sockets, workers);
}

}  // namespace pushjudge::bench
