// Several gateways before one core are one service: whatever comes in at one is told at all, and whoever loses one goes
// on at another.

#include <doctest/doctest.h>
#include <signal.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/cluster.hpp"
#include "tests/e2e/followers.hpp"
#include "tests/support/wire_socket.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

using Kinds = std::vector<std::string>;
using Seqs = std::vector<std::uint64_t>;

constexpr std::chrono::seconds kPatience{20};

ClusterOptions three_gateways() {
  ClusterOptions options;
  options.gateways = 3;
  options.languages = {"bash"};
  return options;
}

json program(const std::string& source) {
  return {{"language", "bash"}, {"source_code", source}, {"wall_time_limit", 20}};
}

std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

// Many clients at one of three gateways, while what they follow is being judged. It gets the signal; all of them go on
// at the others.
void lose_a_gateway(std::size_t clients, int signal, std::optional<std::uint16_t> close_code) {
  constexpr std::size_t kSubmissions = 10;
  const std::size_t followers_of_each = clients / kSubmissions;
  Cluster cluster(three_gateways());
  // Keeps the only slot, so that nothing ends before all are there.
  const json first = cluster.submit(program("sleep 20"));
  Followers followers({port_of(cluster.url(0)), port_of(cluster.url(1)), port_of(cluster.url(2))});
  for (std::size_t i = 0; i < kSubmissions; ++i) {
    const json accepted = cluster.submit(program("sleep 0.1"), static_cast<int>(i % 3));
    for (std::size_t k = 0; k < followers_of_each; ++k) followers.add(accepted, 0);
  }
  REQUIRE(followers.run_until_each([](const Follower& follower) { return !follower.seqs.empty(); }));
  REQUIRE(cluster.client(1).cancel(first.at("token").get<std::string>()));
  const auto finished = [](const Follower& follower) { return follower.finished; };
  REQUIRE(followers.run_until([&] { return followers.count(finished) >= followers_of_each; }));
  REQUIRE(followers.count(finished) < followers.all().size() / 2);

  cluster.gateway(0).signal(signal);
  const bool all_whole = followers.run_until_each([](const Follower& follower) {
    return follower.finished && follower.subscribed && follower.endings.size() == 1;
  });
  CHECK(all_whole);
  CHECK(followers.settle());
  CHECK(cluster.gateway(0).wait() == (signal == SIGTERM ? 0 : 128 + signal));
  CHECK(followers.all().size() == clients);
  for (const Follower& follower : followers.all()) {
    REQUIRE(follower.seqs == Seqs{1, 2, 3});
    REQUIRE(follower.recovered);
    REQUIRE(follower.endings.size() == 1);
    REQUIRE(follower.endings[0] == close_code);
  }
}

}  // namespace

TEST_CASE("fleet: submitted at one gateway, followed at a second and on at a third, it is one stream") {
  const Cluster cluster(three_gateways());
  const json accepted = cluster.submit(program("sleep 0.5; echo done"), 0);
  auto second = cluster.stream(1);
  Watched watched = watch_until(second, accepted, "started");
  second.close();
  auto third = cluster.stream(2);
  REQUIRE(third.subscribe(accepted.at("channel").get<std::string>(), accepted.at("epoch").get<std::string>(),
                          watched.seqs().back()));
  read_until_finished(third, watched);
  CHECK(watched.subscribed.at("recovered") == true);
  CHECK(watched.kinds() == Kinds{"queued", "started", "finished"});
  CHECK(watched.seqs() == Seqs{1, 2, 3});
  CHECK(watched.last().at("stdout") == "done\n");
  const auto polled = cluster.client(1).get(accepted.at("token").get<std::string>());
  REQUIRE(polled);
  CHECK(*polled == watched.last());
}

TEST_CASE("fleet: the broadcast room is one for all gateways: the sender too, text and bytes, in each sender's order") {
  // With a worker: when each gateway knows its language, each hears the core, and so what is said in the room.
  const Cluster cluster(three_gateways());
  constexpr int kMessages = 30;
  std::vector<client::Stream> streams;
  for (int i = 0; i < 3; ++i) {
    streams.push_back(cluster.stream(i, "/ws/broadcast"));
    const auto greeting = streams.back().next(kPatience);
    REQUIRE(greeting);
    CHECK(greeting->data == "Hello! Message From Server!!");
  }
  for (int n = 0; n < kMessages; ++n) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      // Bytes that are no text are the same in every other message.
      const std::string text = std::to_string(i) + (n % 2 == 0 ? "" : std::string("\0\xff", 2)) + std::to_string(n);
      REQUIRE((n % 2 == 0 ? streams[i].send_text(text) : streams[i].send_binary(text)));
    }
  }
  for (client::Stream& stream : streams) {
    std::map<char, int> next;  // by sender
    for (int k = 0; k < 3 * kMessages; ++k) {
      const auto message = stream.next(kPatience);
      REQUIRE(message);
      const char sender = message->data.at(0);
      const int n = next[sender]++;
      const bool binary = n % 2 != 0;
      CHECK(message->binary == binary);
      CHECK(message->data == sender + (binary ? std::string("\0\xff", 2) : "") + std::to_string(n));
    }
    CHECK(next.size() == 3);
  }
  // Nothing was left over: what comes next is what is sent next.
  REQUIRE(streams[0].send_text("last"));
  for (client::Stream& stream : streams) {
    const auto message = stream.next(kPatience);
    REQUIRE(message);
    CHECK(message->data == "last");
  }
}

TEST_CASE("fleet: a thousand clients of a gateway that is killed go on at others, and each sees every event once") {
  lose_a_gateway(1'000, SIGKILL, std::nullopt);
}

TEST_CASE("fleet: a gateway that stops says so to its clients, who go on at others") {
  lose_a_gateway(300, SIGTERM, 4001);
}

TEST_CASE("fleet: a gateway with too few descriptors for its connections says so, and turns away who is one too many") {
  ClusterOptions options;
  options.workers = 0;
  options.gateway_prefix = {"/usr/bin/prlimit", "--nofile=292"};
  const Cluster cluster(options);
  CHECK(cluster.log("api-0").find("too_few_descriptors limit=292 connections_max=10000 connections_possible=36") !=
        std::string::npos);
  ReceiveBuffer buffer(kReceiveBytes);
  std::vector<WireSocket> sockets;
  // What the newest socket was answered; empty when it is open.
  const auto connect = [&] {
    WireSocket& socket = sockets.emplace_back(port_of(cluster.url()), "/ws");
    try {
      const bool open = eventually([&] {
        socket.receive(buffer, [](Opcode, std::string_view) {});
        return socket.open();
      });
      return std::string(open ? "" : "nothing");
    } catch (const std::runtime_error& refused) {
      sockets.pop_back();
      return std::string(refused.what());
    }
  };
  // The connection that asked for the gateway's health may be there for a moment longer.
  while (sockets.size() < 36) REQUIRE(eventually([&] { return connect().empty(); }));
  CHECK(connect() == "no WebSocket: HTTP/1.1 503 Service Unavailable");
  sockets.pop_back();
  CHECK(eventually([&] { return connect().empty(); }));
}
