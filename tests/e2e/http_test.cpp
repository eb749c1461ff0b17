// What strangers send: bad input of every kind.

#include <doctest/doctest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

TEST_CASE("http: bad input gets a clear answer, and the connection goes on") {
  const Cluster cluster;
  auto client = cluster.client();
  struct Row {
    const char* what;
    std::string body;
    int status;
    const char* answer;  // part of it
  };
  const Row rows[] = {
      {"malformed JSON", "{\"source_code\":", 400, "Bad Request"},
      {"no object", "[1,2]", 400, "Bad Request"},
      {"nothing", "", 422, "can't be blank"},
      {"unknown language id", R"({"source_code":"x","language_id":150000})", 422,
       "language with id 150000 doesn't exist"},
      {"unknown language name", R"({"source_code":"x","language":"cobol"})", 422, "language"},
      {"a text for a number", R"({"source_code":"x","language":"bash","cpu_time_limit":"fast"})", 422,
       "is not a number"},
      {"a limit too high", R"({"source_code":"x","language":"bash","wall_time_limit":21})", 422,
       "must be less than or equal to 20.0"},
      {"a limit too low", R"({"source_code":"x","language":"bash","memory_limit":2047})", 422,
       "must be greater than or equal to 2048"},
      {"an object for a text", R"({"source_code":{"a":1},"language":"bash"})", 422, ""},
      {"bad UTF-8", "{\"source_code\":\"\xff\xfe\",\"language\":\"bash\"}", 400, ""},
      {"ten thousand levels", std::string(10'000, '[') + std::string(10'000, ']'), 400, ""},
      {"a number past all bounds", R"({"source_code":"x","language":"bash","cpu_time_limit":1e309})", 400, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto reply = client.request("POST", "/submissions", {{"Content-Type", "application/json"}}, row.body);
    REQUIRE(reply);
    CHECK(reply->status == row.status);
    CHECK(reply->body.find(row.answer) != std::string::npos);
    CHECK_FALSE(json::parse(reply->body, nullptr, false).is_discarded());
  }
  CHECK(client.submit({{"language", "bash"}, {"source_code", "echo still here"}}));
}

TEST_CASE("http: a body over the limit is refused, and the gateway takes the next request") {
  const Cluster cluster;
  auto client = cluster.client();
  const auto reply =
      client.request("POST", "/submissions", {{"Content-Type", "application/json"}}, std::string(41 << 20, 'x'));
  // The gateway may close before all is sent; what counts is that it says why, or nothing, and goes on.
  if (reply) CHECK(reply->status == 413);
  auto next = cluster.client();
  CHECK(next.submit({{"language", "bash"}, {"source_code", "echo 1"}}));
}

TEST_CASE("http: unknown tokens and paths are a clean 404") {
  const Cluster cluster;
  auto client = cluster.client();
  for (const char* target :
       {"/submissions/no-token", "/submissions/018bcfe5-6800-4000-8000-0123456789ab", "/nowhere",
        "/submissions/018bcfe5-6800-4000-8000-0123456789ab/", "/../etc/passwd", "/%2e%2e/etc/passwd"}) {
    CAPTURE(target);
    const auto reply = client.request("GET", target);
    REQUIRE(reply);
    CHECK(reply->status == 404);
    CHECK(json::parse(reply->body, nullptr, false)["error"] == "Not Found");
  }
}

TEST_CASE("ws: a frame that means nothing gets an error, and the socket lives on") {
  const Cluster cluster;
  auto stream = cluster.stream();
  const std::string frames[] = {
      "no json",
      "[]",
      "{}",
      R"({"type":7})",
      R"({"type":"dance"})",
      R"({"type":"subscribe"})",
      R"({"type":"subscribe","channel":"feed:x"})",
      R"({"type":"subscribe","channel":7})",
      R"({"type":"subscribe","channel":"submission:018bcfe5-6800-4000-8000-0123456789ab"})",
      R"({"type":"unsubscribe","channel":"submission:018bcfe5-6800-4000-8000-0123456789ab"})"};
  for (const std::string& frame : frames) {
    CAPTURE(frame);
    REQUIRE(stream.send_text(frame));
    const auto answer = stream.next_json(std::chrono::seconds(10));
    REQUIRE(answer);
    CHECK(answer->at("type") == "error");
    CHECK_FALSE(answer->at("error").get<std::string>().empty());
  }
  REQUIRE(stream.send({{"type", "ping"}}));
  CHECK(stream.next_json(std::chrono::seconds(10))->at("type") == "pong");
}

TEST_CASE("ws: the room answers whoever comes without a WebSocket, and no WebSocket is at an unknown path") {
  ClusterOptions options;
  options.workers = 0;
  const Cluster cluster(options);
  const auto plain = cluster.client().request("GET", "/ws/broadcast");
  REQUIRE(plain);
  CHECK(plain->status == 200);
  CHECK(plain->body == "hi there");
  client::StreamOptions unknown;
  unknown.path = "/ws/nowhere";
  const auto url = client::parse_url(cluster.url());
  REQUIRE(url);
  const auto refused = client::Stream::connect(*url, unknown);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("404") != std::string::npos);
}

TEST_CASE("http: a queue that is full is a 503 that says when to come again, and what is in it stays") {
  ClusterOptions options;
  options.queue_arguments.insert(options.queue_arguments.end(), {"--queue-max", "2"});
  Cluster cluster(options);
  // Away, but not for so long that its languages are forgotten.
  cluster.worker(0).signal(SIGTERM);
  REQUIRE(cluster.worker(0).wait() == 0);
  const json attributes = {{"language", "bash"}, {"source_code", "echo hello"}};
  const json first = cluster.submit(attributes);
  cluster.submit(attributes);
  auto client = cluster.client();
  const auto refused =
      client.request("POST", "/submissions", {{"Content-Type", "application/json"}}, attributes.dump());
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK_FALSE(refused->header("Retry-After").empty());
  CHECK(json::parse(refused->body).at("error") == "queue is full");

  cluster.add_worker();
  auto stream = cluster.stream();
  CHECK(watch(stream, first).last().at("stdout") == "hello\n");
  CHECK(eventually([&] {
    const auto again =
        client.request("POST", "/submissions", {{"Content-Type", "application/json"}}, attributes.dump());
    return again && again->status == 201;
  }));
}
