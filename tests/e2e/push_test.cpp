// The main job: a submission comes in, and its result is pushed, to the one who waits and the one who comes late.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

using Kinds = std::vector<std::string>;
using Seqs = std::vector<std::uint64_t>;

json echo_program() {
  return {{"language", "bash"},
          {"source_code", "read name; echo hello, $name"},
          {"stdin", "world\n"},
          {"expected_output", "hello, world\n"}};
}

}  // namespace

TEST_CASE("push: a verdict reaches a subscriber that never polls, and GET shows the same object") {
  ClusterOptions options;
  options.languages = {"cpp", "bash"};
  const Cluster cluster(options);
  auto stream = cluster.stream();
  const json accepted =
      cluster.submit({{"language", "cpp"},
                      {"source_code", "#include <iostream>\nint main(){int a,b;std::cin>>a>>b;std::cout<<a+b<<'\\n';}"},
                      {"stdin", "20 22"},
                      {"expected_output", "42"}});
  CHECK(accepted.at("channel") == "submission:" + accepted.at("token").get<std::string>());
  CHECK(accepted.at("seq") >= 1);
  const Watched watched = watch(stream, accepted);
  CHECK(watched.subscribed.at("recovered") == true);
  CHECK(watched.kinds() == Kinds{"queued", "started", "compiled", "finished"});
  CHECK(watched.seqs() == Seqs{1, 2, 3, 4});
  CHECK(watched.last().at("verdict") == "accepted");
  CHECK(watched.last().at("stdout") == "42\n");
  const auto polled = cluster.client().get(accepted.at("token").get<std::string>());
  REQUIRE(polled);
  CHECK(*polled == watched.last());
}

TEST_CASE("push: whoever comes late, or again, misses nothing and gets nothing twice") {
  const Cluster cluster;
  auto first = cluster.stream();
  const json accepted = cluster.submit(echo_program());
  const Watched live = watch(first, accepted);
  REQUIRE(live.kinds() == Kinds{"queued", "started", "finished"});
  const std::string channel = accepted.at("channel");
  const std::string epoch = accepted.at("epoch");

  SUBCASE("from the beginning") {
    auto late = cluster.stream();
    CHECK(watch(late, accepted).events == live.events);
  }
  SUBCASE("from the middle") {
    auto late = cluster.stream();
    REQUIRE(late.subscribe(channel, epoch, 2));
    Watched rest;
    read_until_finished(late, rest);
    CHECK(rest.seqs() == Seqs{3});
    CHECK(rest.events.back() == live.events.back());
  }
  SUBCASE("from now: the snapshot, and no event of the past") {
    auto late = cluster.stream();
    REQUIRE(late.subscribe(channel));
    const auto subscribed = late.next_json(std::chrono::seconds(10));
    REQUIRE(subscribed);
    CHECK(subscribed->at("type") == "subscribed");
    CHECK(subscribed->at("seq") == 3);
    CHECK(subscribed->at("submission") == live.last());
    REQUIRE(late.send({{"type", "ping"}}));
    CHECK(late.next_json(std::chrono::seconds(10))->at("type") == "pong");
  }
  SUBCASE("with a position of another epoch: told so, and given the snapshot") {
    auto late = cluster.stream();
    REQUIRE(late.subscribe(channel, "00000000000000000000000000000000", 2));
    const auto subscribed = late.next_json(std::chrono::seconds(10));
    REQUIRE(subscribed);
    CHECK(subscribed->at("recovered") == false);
    CHECK(subscribed->at("submission") == live.last());
  }
}

TEST_CASE("push: many submissions, subscribed to at any moment of their lives, each arrive whole and in order") {
  ClusterOptions options;
  options.workers = 2;
  const Cluster cluster(options);
  auto stream = cluster.stream();
  std::vector<json> accepted;
  for (int i = 0; i < 24; ++i) {
    accepted.push_back(cluster.submit(echo_program()));
    REQUIRE(stream.subscribe(accepted.back().at("channel").get<std::string>(),
                             accepted.back().at("epoch").get<std::string>(), 0));
  }
  std::map<std::string, Seqs> seen;
  std::size_t finished = 0;
  while (finished < accepted.size()) {
    const auto message = stream.next_json(std::chrono::seconds(60));
    REQUIRE(message);
    if (message->at("type") != "event") continue;
    seen[message->at("channel")].push_back(message->at("seq"));
    if (message->at("event") == "finished") ++finished;
  }
  for (const json& one : accepted) CHECK(seen[one.at("channel")] == Seqs{1, 2, 3});
}

TEST_CASE("push: a gateway that has only just started loses no event") {
  Cluster cluster;
  auto first = cluster.stream(0);
  for (int round = 0; round < 3; ++round) {
    const json accepted = cluster.submit({{"language", "python"}, {"source_code", "import time; time.sleep(0.6)"}}, 0);
    REQUIRE(first.subscribe(accepted.at("channel").get<std::string>(), accepted.at("epoch").get<std::string>(), 0));
    Watched watched;
    read_until(first, watched, "started");
    auto stream = cluster.stream(cluster.add_gateway());
    CHECK(watch(stream, accepted).kinds() == Kinds{"queued", "started", "finished"});
  }
}

TEST_CASE("push: wait=true answers with the result when it is there") {
  const Cluster cluster;
  const auto result = cluster.client().submit(echo_program(), true);
  REQUIRE(result);
  CHECK(result->at("status").at("description") == "Accepted");
  CHECK(result->at("stdout") == "hello, world\n");
}

TEST_CASE("push: output that is no UTF-8 arrives as base64 and says so") {
  const Cluster cluster;
  auto stream = cluster.stream();
  const Watched watched = watch(stream, cluster.submit({{"language", "bash"}, {"source_code", "printf '\\377\\n'"}}));
  CHECK(watched.last().at("base64_encoded") == true);
  CHECK(watched.last().at("stdout") == "/wo=");
}

TEST_CASE("push: the same socket submits and hears of it") {
  const Cluster cluster;
  auto stream = cluster.stream();
  json submit = echo_program();
  submit["type"] = "submit";
  submit["id"] = 7;
  REQUIRE(stream.send(submit));
  const auto submitted = stream.next_json(std::chrono::seconds(10));
  REQUIRE(submitted);
  CHECK(submitted->at("type") == "submitted");
  CHECK(submitted->at("id") == 7);
  CHECK(watch(stream, *submitted).last().at("verdict") == "accepted");
}
