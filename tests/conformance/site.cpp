#include "tests/conformance/site.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <deque>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "queue/link.hpp"

namespace pushjudge::testing {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

std::string program(const std::string& name) {
  return std::string(PJ_BIN_DIR) + "/" + name;
}

}  // namespace

// ---- ScriptedWorker

struct ScriptedWorker::State : LinkHandler {
  std::mutex mutex;  // over `jobs`, `tests` and `outputs`, which the test's thread fills and empties too
  std::deque<JobRef> jobs;
  std::deque<std::pair<JobRef, TestProgress>> tests;
  std::deque<std::pair<JobRef, std::string>> outputs;
  std::atomic<bool> stopped = false;
  std::thread thread;

  void on_job(Job job) override {
    const std::lock_guard lock(mutex);
    jobs.push_back(job.ref);
  }
  void on_drop(JobRef) override {}
  void on_joined(bool) override {}

  void run(const std::string& queue) {
    LinkOptions options;
    options.queue = queue;
    options.name = "scripted";
    options.slots = 8;
    options.languages = {{54, "scripted", "Scripted (1.0)", "main.txt", "compile", "run"}};
    Link link(std::move(options), *this);
    while (!stopped) {
      link.wait({}, milliseconds(5));
      const std::lock_guard lock(mutex);
      for (auto& [ref, progress] : tests) link.progress(ref, std::move(progress));
      tests.clear();
      for (auto& [ref, output] : outputs) {
        Report report;
        report.verdict = Verdict::accepted;
        report.exit_code = 0;
        report.stdout_text = std::move(output);
        link.finished(ref, std::move(report));
      }
      outputs.clear();
    }
    link.leave();
  }
};

ScriptedWorker::ScriptedWorker(const std::string& queue) : state_(std::make_unique<State>()) {
  state_->thread = std::thread([state = state_.get(), queue] { state->run(queue); });
}

ScriptedWorker::~ScriptedWorker() {
  state_->stopped = true;
  state_->thread.join();
}

bool ScriptedWorker::tell_test(const TestProgress& progress) {
  return eventually(
      [&] {
        const std::lock_guard lock(state_->mutex);
        if (state_->jobs.empty()) return false;
        state_->tests.emplace_back(state_->jobs.front(), progress);
        return true;
      },
      kPatience);
}

bool ScriptedWorker::finish_next(const std::string& output) {
  return eventually(
      [&] {
        const std::lock_guard lock(state_->mutex);
        if (state_->jobs.empty()) return false;
        state_->outputs.emplace_back(state_->jobs.front(), output);
        state_->jobs.pop_front();
        return true;
      },
      kPatience);
}

// ---- Site

Site::Site(std::vector<std::string> arguments) {
  start_core();
  const std::filesystem::path port_file = folder_.path() / "port";
  std::vector<std::string> argv = {program("pushjudge-api"), "--queue", queue(), "--port", "0", "--port-file",
                                   port_file.string()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  gateway_.emplace(std::move(argv), folder_.path() / "api.log");
  const bool started =
      eventually([&] { return std::filesystem::exists(port_file) || !gateway_->running(); }, kPatience);
  std::string port = started ? read_file(port_file) : "";
  if (port.empty()) throw std::runtime_error("the gateway did not start: " + read_file(folder_.path() / "api.log"));
  port.pop_back();
  url_ = {"127.0.0.1", port};
}

void Site::start_core() {
  core_.emplace(std::vector<std::string>{program("pushjudge-queue"), "--data", folder_.file("data"), "--listen",
                                         queue(), "--beat-ms", "200", "--lease-ms", "10000"},
                folder_.path() / "queue.log");
}

void Site::stop_core() {
  core_->signal(SIGTERM);
  core_->wait();
}

void Site::restart_core(bool new_database) {
  stop_core();
  if (new_database) std::filesystem::remove_all(folder_.path() / "data");
  start_core();
}

client::Stream Site::stream(client::StreamOptions options) const {
  auto stream = client::Stream::connect(url_, std::move(options));
  if (!stream) FAIL("no WebSocket: ", stream.error().message);
  return *std::move(stream);
}

void Site::wait_for_language() const {
  auto asking = client();
  REQUIRE(eventually(
      [&asking] {
        const auto languages = asking.languages();
        return languages && !languages->empty();
      },
      kPatience));
}

json Site::submit() const {
  const auto accepted = client().submit({{"source_code", "x"}, {"language", "scripted"}});
  if (!accepted) FAIL("refused: ", accepted.error().message);
  return *accepted;
}

// ---- RawConnection

RawConnection::RawConnection(const client::Url& url) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.port)));
  ::inet_pton(AF_INET, url.host.c_str(), &address.sin_addr);
  const timeval patience{std::chrono::seconds(kPatience).count(), 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const int now = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
  REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

RawConnection::~RawConnection() {
  ::close(fd_);
}

bool RawConnection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string RawConnection::read_until(std::string_view end) const {
  std::string all;
  char buffer[4096];
  while (end.empty() || all.find(end) == std::string::npos) {
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) FAIL("no answer in time, only: ", all);
    if (got <= 0) break;
    all.append(buffer, static_cast<std::size_t>(got));
  }
  return all;
}

}  // namespace pushjudge::testing
