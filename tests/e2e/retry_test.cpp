// Clients that send again because they do not know whether they were heard.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

client::Reply post(const Cluster& cluster, const json& attributes, const std::string& key, int gateway = 0,
                   const std::string& target = "/submissions") {
  auto client = cluster.client(gateway);
  const client::Headers headers{{"Content-Type", "application/json"}, {"Idempotency-Key", key}};
  auto reply = client.request("POST", target, headers, attributes.dump());
  REQUIRE(reply);
  return *std::move(reply);
}

json program(const std::string& text) {
  return {{"language", "bash"}, {"source_code", "echo " + text}};
}

}  // namespace

TEST_CASE("retry: one key is one submission, at every gateway and after a crash of the core") {
  ClusterOptions options;
  options.gateways = 2;
  Cluster cluster(options);
  const auto first = post(cluster, program("one"), "exam-1/anna/3");
  CHECK(first.status == 201);
  CHECK(first.header("Idempotent-Replayed").empty());
  const json accepted = json::parse(first.body);

  const auto again = post(cluster, program("one"), "exam-1/anna/3", 1);
  CHECK(again.status == 201);
  CHECK(again.header("Idempotent-Replayed") == "true");
  CHECK(json::parse(again.body).at("token") == accepted.at("token"));

  cluster.restart_core();
  const auto later = post(cluster, program("one"), "exam-1/anna/3");
  CHECK(later.header("Idempotent-Replayed") == "true");
  CHECK(json::parse(later.body).at("token") == accepted.at("token"));

  auto stream = cluster.stream();
  CHECK(watch(stream, accepted).last().at("stdout") == "one\n");
  const auto waited = post(cluster, program("one"), "exam-1/anna/3", 0, "/submissions?wait=true");
  CHECK(waited.status == 201);
  CHECK(waited.header("Idempotent-Replayed") == "true");
  CHECK(json::parse(waited.body).at("stdout") == "one\n");
}

TEST_CASE("retry: a key with another submission is refused, and so is what is no key") {
  const Cluster cluster;
  CHECK(post(cluster, program("one"), "key").status == 201);
  const auto other = post(cluster, program("two"), "key");
  CHECK(other.status == 422);
  CHECK(json::parse(other.body).at("error") == "the idempotency key was used with another submission");
  CHECK(post(cluster, program("two"), "another key").header("Idempotent-Replayed").empty());
  CHECK(post(cluster, program("one"), std::string(256, 'k')).status == 400);
  CHECK(post(cluster, program("one"), std::string(255, 'k')).status == 201);
  // What is refused for itself takes no key.
  CHECK(post(cluster, json{{"language", "bash"}}, "free").status == 422);
  CHECK(post(cluster, program("one"), "free").header("Idempotent-Replayed").empty());
}

TEST_CASE("retry: many at once with one key are one submission, and all are told its token") {
  ClusterOptions options;
  options.gateways = 2;
  const Cluster cluster(options);
  std::vector<std::string> tokens(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    threads.emplace_back([&, i] {
      tokens[i] = json::parse(post(cluster, program("once"), "all", static_cast<int>(i % 2)).body).value("token", "");
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& token : tokens) CHECK(token == tokens[0]);
}

TEST_CASE("retry: over a socket, too") {
  const Cluster cluster;
  auto stream = cluster.stream();
  json frame = program("one");
  frame["type"] = "submit";
  frame["idempotency_key"] = "socket";
  std::vector<std::string> tokens;
  for (int id = 1; id <= 2; ++id) {
    frame["id"] = id;
    REQUIRE(stream.send(frame));
    const auto answer = stream.next_json(std::chrono::seconds(10));
    REQUIRE(answer);
    CHECK(answer->at("type") == "submitted");
    CHECK(answer->at("id") == id);
    tokens.push_back(answer->at("token"));
  }
  CHECK(tokens[0] == tokens[1]);
  frame["idempotency_key"] = "";
  REQUIRE(stream.send(frame));
  CHECK(stream.next_json(std::chrono::seconds(10))->at("error") ==
        "an idempotency key has 1 to 255 printable ASCII characters");
}
