#include "tests/e2e/cluster.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace pushjudge::testing {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

std::string program(const std::string& name) {
  return std::string(PJ_BIN_DIR) + "/" + name;
}

bool port_is_free(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const int reuse = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  const bool free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return free;
}

// Four ports in a row for a core, below those that the system gives to clients.
int four_free_ports() {
  for (int base = 20'000 + (::getpid() * 7) % 8'000; base < 31'000; base += 5) {
    bool free = true;
    for (int i = 0; i < 4; ++i) free = free && port_is_free(base + i);
    if (free) return base;
  }
  throw std::runtime_error("no four free ports in a row");
}

}  // namespace

Cluster::Cluster(ClusterOptions options) : options_(std::move(options)) {
  if (options_.data.empty()) options_.data = folder_.file("data");
  const std::string ipc = "ipc://" + folder_.file("run");
  listen_ = {ipc};
  queue_ = ipc;
  if (options_.tcp) {
    queue_ = "tcp://127.0.0.1:" + std::to_string(four_free_ports());
    listen_.push_back(queue_);
  }
  const auto languages = folder_.path() / "languages";
  std::filesystem::create_directory(languages);
  for (const std::string& slug : options_.languages) {
    std::filesystem::copy(std::filesystem::path(PJ_LANGUAGES_DIR) / slug, languages / slug,
                          std::filesystem::copy_options::recursive);
  }
  start_core();
  for (int i = 0; i < options_.gateways; ++i) add_gateway();
  for (int i = 0; i < options_.workers; ++i) add_worker();
  wait_for_workers(static_cast<std::size_t>(options_.workers));
}

void Cluster::start_core(Environment environment) {
  std::vector<std::string> argv = {program("pushjudge-queue"), "--data", options_.data};
  for (const std::string& address : listen_) argv.insert(argv.end(), {"--listen", address});
  argv.insert(argv.end(), options_.queue_arguments.begin(), options_.queue_arguments.end());
  core_.emplace(std::move(argv), folder_.path() / "queue.log", std::move(environment));
}

void Cluster::restart_core(Environment environment) {
  kill_core();
  start_core(std::move(environment));
}

int Cluster::add_gateway(Environment environment, const std::string& queue) {
  const int number = static_cast<int>(gateways_.size());
  const std::string name = "api-" + std::to_string(number);
  const auto port_file = folder_.path() / (name + ".port");
  std::vector<std::string> argv = {
      program("pushjudge-api"), "--queue", queue.empty() ? queue_ : queue, "--port", "0", "--port-file",
      port_file.string()};
  argv.insert(argv.end(), options_.gateway_arguments.begin(), options_.gateway_arguments.end());
  gateways_.emplace_back(std::move(argv), folder_.path() / (name + ".log"), std::move(environment));
  std::string port;
  const bool started = eventually([&] {
    port = read_file(port_file);
    return port.ends_with('\n') || !gateways_.back().running();
  });
  if (!started || port.empty()) throw std::runtime_error("the gateway did not start: " + log(name));
  port.pop_back();
  urls_.push_back({"127.0.0.1", port, options_.auth_token});
  return number;
}

std::size_t Cluster::add_worker(Environment environment) {
  const std::size_t number = workers_.size();
  const std::string name = "worker-" + std::to_string(number);
  workers_.emplace_back(
      std::vector<std::string>{program("pushjudge-worker"), "--queue", queue_, "--name", name, "--slots",
                               std::to_string(options_.slots), "--languages", folder_.file("languages")},
      folder_.path() / (name + ".log"), std::move(environment));
  return number;
}

client::Client Cluster::client(int gateway) const {
  return client::Client(urls_.at(static_cast<std::size_t>(gateway)));
}

client::Stream Cluster::stream(int gateway, const std::string& path) const {
  client::StreamOptions options;
  options.path = path;
  auto stream = client::Stream::connect(urls_.at(static_cast<std::size_t>(gateway)), options);
  REQUIRE(stream);
  return *std::move(stream);
}

std::string Cluster::url(int gateway) const {
  const client::Url& url = urls_.at(static_cast<std::size_t>(gateway));
  return "http://" + url.host + ":" + url.port;
}

json Cluster::submit(const json& attributes, int gateway) const {
  const auto accepted = client(gateway).submit(attributes);
  if (!accepted) FAIL("refused: ", accepted.error().message);
  return *accepted;
}

Result<json> Cluster::health() const {
  const auto reply = client(static_cast<int>(urls_.size()) - 1).request("GET", "/health");
  if (!reply) return reply.error();
  return json::parse(reply->body, nullptr, false);
}

void Cluster::wait_for_workers(std::size_t count) const {
  const bool there = eventually([&] {
    // Each gateway must have heard which languages there are.
    for (int i = 0; count > 0 && i < static_cast<int>(urls_.size()); ++i) {
      const auto languages = client(i).languages();
      if (!languages || languages->empty()) return false;
    }
    const auto found = health();
    return found && found->is_object() && found->contains("workers") && (*found)["workers"].is_array() &&
           (*found)["workers"].size() == count;
  });
  if (!there) {
    throw std::runtime_error("the workers did not come:\n" + log("queue") + log("worker-0") + log("api-0"));
  }
}

std::vector<std::string> Watched::kinds() const {
  std::vector<std::string> result;
  for (const json& event : events) result.push_back(event.at("event"));
  return result;
}

std::vector<std::uint64_t> Watched::seqs() const {
  std::vector<std::uint64_t> result;
  for (const json& event : events) result.push_back(event.at("seq"));
  return result;
}

void read_until(client::Stream& stream, Watched& watched, const std::string& kind, milliseconds max) {
  const auto until = std::chrono::steady_clock::now() + max;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    const auto message = stream.next_json(std::max(left, milliseconds(1)));
    if (!message) FAIL("no ", kind, " event came; the last messages: ", json(watched.events).dump());
    if (message->at("type") == "subscribed") watched.subscribed = *message;
    if (message->at("type") == "error") FAIL("refused: ", message->dump());
    if (message->at("type") != "event") continue;
    watched.events.push_back(*message);
    if (message->at("event") == kind) return;
  }
}

void read_until_finished(client::Stream& stream, Watched& watched, milliseconds max) {
  read_until(stream, watched, "finished", max);
}

Watched watch_until(client::Stream& stream, const json& accepted, const std::string& kind, milliseconds max) {
  REQUIRE(stream.subscribe(accepted.at("channel").get<std::string>(), accepted.at("epoch").get<std::string>(), 0));
  Watched watched;
  read_until(stream, watched, kind, max);
  return watched;
}

Watched watch(client::Stream& stream, const json& accepted, milliseconds max) {
  return watch_until(stream, accepted, "finished", max);
}

}  // namespace pushjudge::testing
