// The WebSocket: limits, close codes, and how a gateway lets go of its clients.

#include <doctest/doctest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/conformance/site.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

client::StreamOptions at(std::string path, std::string origin = "") {
  client::StreamOptions options;
  options.path = std::move(path);
  options.origin = std::move(origin);
  return options;
}

// Reads what there is until the socket has ended.
void drain(client::Stream& stream) {
  while (stream.next(kPatience)) {
  }
}

json next(client::Stream& stream) {
  auto message = stream.next_json(kPatience);
  REQUIRE(message);
  return *std::move(message);
}

// Reads on until a message has `value` at `key`.
json next_with(client::Stream& stream, const char* key, const char* value) {
  for (;;) {
    json message = next(stream);
    if (message.value(key, "") == value) return message;
  }
}

std::string upgrade(std::string_view more) {
  return "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + std::string(more) + "\r\n";
}

}  // namespace

TEST_CASE("websocket: a message over the limit closes with 1009, one at the limit does not") {
  const Site site({"--ws-message-bytes-max", "1024"});
  auto room = site.stream(at("/ws/broadcast"));
  room.next(kPatience);
  REQUIRE(room.send_text(std::string(1'024, 'x')));
  CHECK(room.next(kPatience)->data.size() == 1'024);
  REQUIRE(room.send_text(std::string(1'025, 'x')));
  drain(room);
  CHECK(room.close_code() == 1009);
}

TEST_CASE("websocket: text that is no UTF-8 closes with 1007") {
  const Site site;
  auto stream = site.stream();
  REQUIRE(stream.send_text("\xff\xfe"));
  drain(stream);
  CHECK(stream.close_code() == 1007);
}

TEST_CASE("websocket: pings are answered, also while nothing else is said") {
  const Site site;
  auto stream = site.stream();
  REQUIRE(stream.ping("a"));
  REQUIRE(stream.ping("b"));
  REQUIRE(stream.send({{"type", "ping"}}));
  CHECK(next(stream)["type"] == "pong");
  CHECK(stream.pongs() >= 1);
}

TEST_CASE("websocket: a close is answered with the same code") {
  const Site site;
  auto stream = site.stream();
  stream.close(1000);
  CHECK(stream.ended());
  CHECK(stream.close_code() == 1000);
}

TEST_CASE("websocket: a handshake that is none gets a clean answer") {
  const Site site;
  struct Row {
    const char* more;
    const char* begin;
  };
  for (const Row& row :
       {Row{"Sec-WebSocket-Version: 13\r\n", "HTTP/1.1 400 "},  // no key
        Row{"Sec-WebSocket-Version: 7\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "HTTP/1.1 4"}}) {
    const RawConnection connection(site.url());
    connection.send(upgrade(row.more));
    CHECK(connection.read_until("\r\n\r\n").starts_with(row.begin));
  }
  const auto unknown = client::Stream::connect(site.url(), at("/nowhere"));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message == "the gateway answers status 404");
  // An upgrade of an ordinary path is an ordinary request.
  const auto ordinary = client::Stream::connect(site.url(), at("/version"));
  REQUIRE_FALSE(ordinary);
  CHECK(ordinary.error().message == "the gateway answers status 200");
}

TEST_CASE("websocket: frames that are not masked end the connection") {
  const Site site;
  const RawConnection connection(site.url());
  connection.send(upgrade("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  const std::string answer = connection.read_until("\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 101 "));
  CHECK(answer.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
  connection.send("\x81\x02hi");
  const std::string rest = connection.read_until_closed();
  REQUIRE(rest.size() >= 4);
  CHECK(static_cast<unsigned char>(rest[0]) == 0x88);
  CHECK((static_cast<unsigned char>(rest[2]) << 8 | static_cast<unsigned char>(rest[3])) == 1002);
}

TEST_CASE("websocket: pages of an origin that is not allowed are told so by the close code") {
  const Site site({"--allow-origin", "https://friend.example"});
  auto foreign = site.stream(at("/ws", "https://foreign.example"));
  drain(foreign);
  CHECK(foreign.close_code() == 4403);
  for (const std::string& origin :
       {std::string(), std::string("https://friend.example"), "http://127.0.0.1:" + site.url().port}) {
    auto allowed = site.stream(at("/ws", origin));
    REQUIRE(allowed.send({{"type", "ping"}}));
    CHECK(next(allowed)["type"] == "pong");
  }
}

TEST_CASE("websocket: whoever does not read is closed with 4008, and nobody else notices") {
  const Site site({"--ws-outbox-bytes-max", "100000"});
  auto slow = site.stream(at("/ws/broadcast"));
  auto quick = site.stream(at("/ws/broadcast"));
  quick.next(kPatience);
  // More than the kernel keeps for a socket, so that it must pile up in the gateway.
  const std::string message(60'000, 'x');
  for (int i = 0; i < 400; ++i) {
    REQUIRE(quick.send_binary(message));
    REQUIRE(quick.next(kPatience)->data == message);
  }
  drain(slow);
  if (slow.close_code()) CHECK(slow.close_code() == 4008);
  CHECK(slow.ended());
  REQUIRE(quick.send_text("still here"));
  CHECK(quick.next(kPatience)->data == "still here");
}

TEST_CASE("websocket: a silent peer is pinged, and stays") {
  const Site site({"--ws-idle-timeout-ms", "400"});
  auto stream = site.stream();
  // Longer than the timeout; the pings are answered while it waits.
  CHECK_FALSE(stream.next(std::chrono::milliseconds(1'200)));
  REQUIRE(stream.send({{"type", "ping"}}));
  CHECK(next(stream)["type"] == "pong");
}

TEST_CASE("websocket: a peer that does not answer pings is let go") {
  const Site site({"--ws-idle-timeout-ms", "300"});
  const RawConnection connection(site.url());
  connection.send(upgrade("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  connection.read_until_closed();  // fails the test when it does not end
}

TEST_CASE("websocket: subscriptions are bounded, and subscribing again takes no room") {
  const Site site({"--ws-subscriptions-max", "2"});
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto stream = site.stream();
  const std::vector<json> accepted = {site.submit(), site.submit(), site.submit()};
  const auto channel = [&accepted](std::size_t i) { return accepted[i]["channel"].get<std::string>(); };
  for (const std::size_t i : {0u, 1u, 1u}) {
    REQUIRE(stream.subscribe(channel(i)));
    CHECK(next(stream)["type"] == "subscribed");
  }
  REQUIRE(stream.subscribe(channel(2)));
  CHECK(next(stream)["error"] == "too many subscriptions");
  REQUIRE(stream.send({{"type", "unsubscribe"}, {"channel", channel(0)}}));
  CHECK(next(stream)["type"] == "unsubscribed");
  REQUIRE(stream.subscribe(channel(2)));
  CHECK(next(stream)["type"] == "subscribed");
}

TEST_CASE("websocket: after unsubscribe nothing more of the channel comes") {
  const Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto stream = site.stream();
  auto other = site.stream();
  const json accepted = site.submit();
  for (client::Stream* one : {&stream, &other}) {
    REQUIRE(one->subscribe(accepted["channel"].get<std::string>()));
    CHECK(next(*one)["type"] == "subscribed");
  }
  REQUIRE(stream.send({{"type", "unsubscribe"}, {"channel", accepted["channel"]}}));
  next_with(stream, "type", "unsubscribed");
  REQUIRE(worker.finish_next("done"));
  next_with(other, "event", "finished");
  REQUIRE(stream.send({{"type", "ping"}}));
  CHECK(next(stream)["type"] == "pong");
}

TEST_CASE("websocket: a hundred subscribers of one submission hear each event once, in order") {
  const Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const json accepted = site.submit();
  std::vector<client::Stream> streams;
  for (int i = 0; i < 100; ++i) {
    streams.push_back(site.stream());
    REQUIRE(streams.back().subscribe(accepted["channel"].get<std::string>(), accepted["epoch"].get<std::string>(), 0));
  }
  REQUIRE(worker.finish_next("done"));
  for (client::Stream& stream : streams) {
    std::vector<std::uint64_t> seqs;
    for (json message = next(stream);; message = next(stream)) {
      if (message["type"] == "event") seqs.push_back(message["seq"]);
      if (message.value("event", "") == "finished") break;
    }
    CHECK(seqs == std::vector<std::uint64_t>{1, 2, 3});
  }
}

TEST_CASE("websocket: when the core comes back with another database, subscribers of what is gone are told") {
  Site site;
  json accepted;
  auto stream = site.stream();
  {
    const ScriptedWorker worker(site.queue());
    site.wait_for_language();
    accepted = site.submit();
    REQUIRE(stream.subscribe(accepted["channel"].get<std::string>(), accepted["epoch"].get<std::string>(), 0));
    CHECK(next(stream)["type"] == "subscribed");
  }
  site.restart_core(true);
  CHECK(next_with(stream, "type", "error")["channel"] == accepted["channel"]);
}

TEST_CASE("websocket: a core that comes back with its database costs subscribers nothing") {
  Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto stream = site.stream();
  const json accepted = site.submit();
  REQUIRE(stream.subscribe(accepted["channel"].get<std::string>(), accepted["epoch"].get<std::string>(), 0));
  next_with(stream, "event", "started");
  site.restart_core(false);
  REQUIRE(worker.finish_next("done"));
  const json message = next_with(stream, "event", "finished");
  CHECK(message["seq"] == 3);
  CHECK(message["submission"]["stdout"] == "done");
}

TEST_CASE("gateway: on SIGTERM sockets are closed with 4001, requests in flight answered, and the program ends") {
  Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto push = site.stream();
  auto room = site.stream(at("/ws/broadcast"));
  const RawConnection idle(site.url());
  Result<json> waited = Error{};
  std::thread waiting([&site, &waited] {
    auto client = site.client();
    waited = client.submit({{"source_code", "x"}, {"language", "scripted"}}, true);
  });
  // The request is in flight once the worker has the job; it is given no answer before the signal.
  REQUIRE(eventually([&site] {
    const auto reply = site.client().request("GET", "/health");
    return reply && json::parse(reply->body, nullptr, false).value("running", 0) == 1;
  }));
  site.gateway().signal(SIGTERM);
  waiting.join();
  REQUIRE(waited);
  CHECK((*waited)["status"]["id"] == 2);
  drain(push);
  CHECK(push.close_code() == 4001);
  drain(room);
  CHECK(room.close_code() == 4001);
  CHECK(idle.read_until_closed().empty());
  CHECK(site.gateway().wait(std::chrono::seconds(10)) == 0);
}
