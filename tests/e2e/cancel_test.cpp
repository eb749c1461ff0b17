// Ending what is queued or runs: one last event, an empty box, a free slot.

#include <doctest/doctest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

using Kinds = std::vector<std::string>;

json endless() {
  return {
      {"language", "bash"}, {"source_code", "while :; do :; done"}, {"cpu_time_limit", 15}, {"wall_time_limit", 20}};
}

std::string token_of(const json& accepted) {
  return accepted.at("token");
}

}  // namespace

TEST_CASE("cancel: what waits is ended with one event, and never runs") {
  ClusterOptions options;
  options.workers = 0;
  Cluster cluster(options);
  auto client = cluster.client();
  // Without a worker no language is on offer yet; one that came and went leaves it there.
  cluster.add_worker();
  cluster.wait_for_workers(1);
  cluster.worker(0).signal(SIGTERM);
  CHECK(cluster.worker(0).wait() == 0);
  const json accepted = cluster.submit(endless());
  auto stream = cluster.stream();
  Watched watched = watch_until(stream, accepted, "queued");

  const auto reply =
      client.request("DELETE", "/submissions/" + token_of(accepted) + "?fields=status,verdict,finished_at");
  REQUIRE(reply);
  CHECK(reply->status == 200);
  const json shown = json::parse(reply->body);
  CHECK(shown.at("verdict") == "cancelled");
  CHECK(shown.at("status").at("id") == 13);
  read_until(stream, watched, "cancelled");
  CHECK(watched.kinds() == Kinds{"queued", "cancelled"});
  CHECK(watched.last().at("state") == "finished");

  CHECK(client.cancel(token_of(accepted)));  // again: it is done
  const auto unknown = client.request("DELETE", "/submissions/00000000-0000-4000-8000-000000000000");
  REQUIRE(unknown);
  CHECK(unknown->status == 404);
}

TEST_CASE("cancel: what runs is ended, its box with it, and the slot judges the next one") {
  Cluster cluster;
  auto client = cluster.client();
  const json accepted = cluster.submit(endless());
  auto stream = cluster.stream();
  Watched watched = watch_until(stream, accepted, "started");
  REQUIRE(stream.send({{"type", "cancel"}, {"channel", accepted.at("channel")}}));
  read_until(stream, watched, "cancelled");
  CHECK(watched.kinds() == Kinds{"queued", "started", "cancelled"});

  // One slot: had the endless program stayed, this would wait for its time limit, and for longer than this test does.
  const json next = cluster.submit({{"language", "bash"}, {"source_code", "echo next"}});
  auto other = cluster.stream();
  const Watched after = watch(other, next, std::chrono::seconds(10));
  CHECK(after.last().at("stdout") == "next\n");

  const auto polled = client.get(token_of(accepted));
  REQUIRE(polled);
  CHECK(*polled == watched.last());
  const auto refused = client.request("DELETE", "/submissions/" + token_of(next));
  REQUIRE(refused);
  CHECK(refused->status == 403);
  CHECK(refused->body.empty());
}

TEST_CASE("cancel: a worker that was away while its job was cancelled ends it when it is back") {
  Cluster cluster;
  auto client = cluster.client();
  const json accepted = cluster.submit(endless());
  auto stream = cluster.stream();
  Watched watched = watch_until(stream, accepted, "started");
  cluster.worker(0).signal(SIGSTOP);
  CHECK(client.cancel(token_of(accepted)));
  read_until(stream, watched, "cancelled");
  cluster.restart_core();
  cluster.worker(0).signal(SIGCONT);
  cluster.wait_for_workers(1);
  const json next = cluster.submit({{"language", "bash"}, {"source_code", "echo next"}});
  auto other = cluster.stream();
  CHECK(watch(other, next, std::chrono::seconds(10)).last().at("stdout") == "next\n");
  CHECK(client.get(token_of(accepted))->at("verdict") == "cancelled");
}

TEST_CASE("cancel: whoever waits for the result is answered, and the wait is not held against the socket") {
  Cluster cluster;
  auto waiting = cluster.client();
  json attributes = endless();
  std::thread canceller([&cluster] {
    auto client = cluster.client();
    // The only submission there is: its token is in the log of the core.
    std::string token;
    CHECK(eventually([&] {
      const std::string log = cluster.log("queue");
      const auto at = log.find("event=started");
      const auto token_at = at == std::string::npos ? at : log.rfind("token=", at);
      if (token_at == std::string::npos) return false;
      token = log.substr(token_at + 6, 36);
      return true;
    }));
    CHECK(client.cancel(token));
  });
  const auto shown = waiting.submit(attributes, true);
  canceller.join();
  REQUIRE(shown);
  CHECK(shown->at("status").at("id") == 13);
}
