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

// An address of the loopback that no other run of this program uses at the same time, so that its ports are ours.
std::string own_host() {
  const int pid = ::getpid();
  return "127." + std::to_string(1 + pid / 250 % 250) + "." + std::to_string(pid % 250) + ".1";
}

bool port_is_free(const std::string& host, int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const int reuse = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  const bool free = ::inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1 &&
                    ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return free;
}

// Where four ports in a row are free for a core, below those that the system gives to clients.
std::string free_tcp_address() {
  const std::string host = own_host();
  for (int base = 20'000; base < 31'000; base += 5) {
    bool free = true;
    for (int i = 0; i < 4; ++i) free = free && port_is_free(host, base + i);
    if (free) return "tcp://" + host + ":" + std::to_string(base);
  }
  throw std::runtime_error("no four free ports in a row");
}

}  // namespace

Cluster::Cluster(ClusterOptions options) : options_(std::move(options)) {
  if (options_.data.empty()) options_.data = folder_.file("data");
  const std::string ipc = "ipc://" + folder_.file("run");
  listen_ = {ipc};
  queue_ = ipc;
  if (options_.tcp || options_.keys) {
    queue_ = free_tcp_address();
    listen_.push_back(queue_);
  }
  if (options_.tcp) options_.queue_arguments.emplace_back("--insecure");
  if (!options_.also_listen.empty()) listen_.push_back(options_.also_listen);
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
  std::vector<std::string> argv = options_.core_prefix;
  argv.insert(argv.end(), {program("pushjudge-queue"), "--data", options_.data});
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
  std::vector<std::string> argv = options_.gateway_prefix;
  argv.insert(argv.end(), {program("pushjudge-api"), "--queue", queue.empty() ? queue_ : queue, "--port", "0",
                           "--port-file", port_file.string()});
  argv.insert(argv.end(), options_.gateway_arguments.begin(), options_.gateway_arguments.end());
  if (options_.keys) {
    make_key(name, "gateway");
    enrol(name);
    const auto keys = with_key(name);
    argv.insert(argv.end(), keys.begin(), keys.end());
  }
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
  WorkerPlace place;
  if (options_.keys) {
    const std::string name = "worker-" + std::to_string(workers_.size());
    make_key(name, "worker");
    enrol(name);
    place.arguments = with_key(name);
  }
  return add_worker_at(place, std::move(environment));
}

std::size_t Cluster::add_worker_at(const WorkerPlace& place, Environment environment) {
  const std::size_t number = workers_.size();
  const std::string name = "worker-" + std::to_string(number);
  std::vector<std::string> argv = place.prefix;
  argv.insert(argv.end(), {program("pushjudge-worker"), "--queue", place.queue.empty() ? queue_ : place.queue, "--name",
                           name, "--slots", std::to_string(options_.slots), "--languages", folder_.file("languages")});
  argv.insert(argv.end(), place.arguments.begin(), place.arguments.end());
  workers_.emplace_back(std::move(argv), folder_.path() / (name + ".log"), std::move(environment));
  return number;
}

void Cluster::queue_command(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), program("pushjudge-queue"));
  Process command(std::move(arguments), folder_.path() / "keys.log");
  if (command.wait() != 0) throw std::runtime_error(log("keys"));
}

void Cluster::make_key(const std::string& name, const std::string& role) const {
  queue_command({"keygen", name, "--role", role, "--out", folder_.path()});
}

void Cluster::enrol(const std::string& name) const {
  const auto times_noticed = [&] {
    const std::string text = log("queue");
    const std::string line = "key_enrolled key=" + name + " ";
    std::size_t count = 0;
    for (std::size_t at = text.find(line); at != std::string::npos; at = text.find(line, at + 1)) ++count;
    return count;
  };
  const std::size_t before = times_noticed();
  queue_command({"enrol", folder_.file(name + ".pub"), "--data", options_.data});
  if (!eventually([&] { return times_noticed() > before; })) throw std::runtime_error("not noticed: " + log("queue"));
}

void Cluster::revoke(const std::string& name) const {
  queue_command({"revoke", name, "--data", options_.data});
}

std::vector<std::string> Cluster::with_key(const std::string& name) const {
  const std::string server = options_.data + "/server.pub";
  if (!eventually([&] { return read_file(server).ends_with('\n'); }))
    throw std::runtime_error("no key: " + log("queue"));
  return {"--key", folder_.file(name + ".key"), "--server-key", server};
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

std::vector<std::string> Cluster::published() const {
  auto gateway = client();
  const auto reply = gateway.request("GET", "/problems");
  REQUIRE(reply);
  std::vector<std::string> slugs;
  const json cards = json::parse(reply->body);
  for (const auto& card : cards) slugs.push_back(card.at("slug"));
  return slugs;
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
