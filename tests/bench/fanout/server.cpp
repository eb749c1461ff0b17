#include "tests/bench/fanout/server.hpp"

#include <time.h>

#include <fstream>
#include <stdexcept>
#include <utility>

#include "api/client/client.hpp"

namespace pushjudge::bench {
namespace {

using testing::eventually;

// For the connections that the benchmark does not count.
constexpr std::size_t kSpareConnections = 100;

double cpu_us_of(pid_t pid) {
  clockid_t clock{};
  timespec spent{};
  const int failed = ::clock_getcpuclockid(pid, &clock);
  if (failed != 0 || ::clock_gettime(clock, &spent) != 0) throw std::runtime_error("a server is gone");
  return static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3;
}

// Anonymous memory: heap and stacks, not what is mapped from files.
double anonymous_bytes_of(pid_t pid) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string word;
  while (rollup >> word) {
    double kib = 0;
    if (word == "Anonymous:" && rollup >> kib) return 1024 * kib;
  }
  throw std::runtime_error("a server's memory cannot be read");
}

}  // namespace

const char* name_of(Subject subject) {
  switch (subject) {
    case Subject::pushjudge:
      return "pushjudge";
    case Subject::ws:
      return "ws";
    case Subject::raw:
      return "raw";
  }
  return "";
}

Server::Server(Subject subject, std::size_t clients) : subject_(subject) {
  const std::string port_file = folder_.file("port");
  if (subject == Subject::pushjudge) {
    const std::string queue = "ipc://" + folder_.file("run");
    start({PJ_BIN_DIR "/pushjudge-queue", "--data", folder_.file("data"), "--listen", queue});
    start({PJ_BIN_DIR "/pushjudge-api", "--queue", queue, "--port", "0", "--port-file", port_file, "--connections-max",
           std::to_string(clients + kSpareConnections)});
  } else if (subject == Subject::ws) {
    start({"/usr/bin/env", "node", "--expose-gc", PJ_NODE_STACK "/fanout.mjs", port_file});
  } else {
    start({PJ_BIN_DIR "/bench_raw_fanout", port_file});
  }
  std::string port;
  const bool started = eventually([&] {
    port = testing::read_file(port_file);
    return port.ends_with('\n') || !processes_.back().running();
  });
  if (!started || port.empty()) throw std::runtime_error("a server did not start: " + log_of_last());
  port_ = static_cast<std::uint16_t>(std::stoi(port));
}

void Server::start(std::vector<std::string> argv) {
  processes_.emplace_back(std::move(argv), folder_.path() / (std::to_string(processes_.size()) + ".log"));
}

std::string Server::log_of_last() const {
  return testing::read_file(folder_.path() / (std::to_string(processes_.size() - 1) + ".log"));
}

double Server::cpu_us() const {
  double total = 0;
  for (const auto& process : processes_) total += cpu_us_of(process.pid());
  return total;
}

double Server::memory_bytes() {
  // Garbage that has not been collected yet is not what a connection costs.
  if (subject_ == Subject::ws) {
    client::Client client({.host = "127.0.0.1", .port = std::to_string(port_)});
    if (!client.request("GET", "/collect")) throw std::runtime_error("a server does not answer");
  }
  return anonymous_bytes_of(processes_.back().pid());
}

}  // namespace pushjudge::bench
