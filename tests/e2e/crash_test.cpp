// Processes that die, at the worst moment, and what it costs.

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

using Kinds = std::vector<std::string>;

json sleeper(const std::string& seconds) {
  return {{"language", "python"}, {"source_code", "import time; time.sleep(" + seconds + "); print('done')"}};
}

}  // namespace

TEST_CASE("crash: a worker killed while it runs a job costs the job one retry and nothing else") {
  Cluster cluster;
  auto stream = cluster.stream();
  const json accepted = cluster.submit(sleeper("2"));
  Watched watched = watch_until(stream, accepted, "started");
  cluster.worker(0).kill();
  cluster.add_worker();
  read_until_finished(stream, watched);
  CHECK(watched.kinds() == Kinds{"queued", "started", "requeued", "started", "finished"});
  CHECK(watched.last().at("attempt") == 2);
  CHECK(watched.last().at("stdout") == "done\n");
  CHECK(watched.last().at("worker") == "worker-1");
}

TEST_CASE("crash: a core killed while a job runs costs neither the job nor a subscriber anything") {
  Cluster cluster;
  auto stream = cluster.stream();
  const json accepted = cluster.submit(sleeper("3"));
  Watched watched = watch_until(stream, accepted, "started");
  cluster.restart_core();
  read_until_finished(stream, watched);
  CHECK(watched.kinds() == Kinds{"queued", "started", "finished"});
  CHECK(watched.last().at("attempt") == 1);
}

TEST_CASE("crash: a job that finishes while the core is dead is reported to the next one") {
  Cluster cluster;
  auto stream = cluster.stream();
  const json accepted = cluster.submit(sleeper("1"));
  Watched watched = watch_until(stream, accepted, "started");
  cluster.kill_core();
  REQUIRE(eventually([&] { return cluster.log("worker-0").find("verdict=accepted") != std::string::npos; }));
  cluster.start_core();
  read_until_finished(stream, watched);
  CHECK(watched.kinds() == Kinds{"queued", "started", "finished"});
  CHECK(watched.last().at("attempt") == 1);
}

TEST_CASE("crash: what was acknowledged is there after the core was killed, and is judged") {
  ClusterOptions options;
  options.workers = 0;
  Cluster cluster(options);
  // The first worker tells the core which languages there are, and leaves.
  const std::size_t first = cluster.add_worker();
  cluster.wait_for_workers(1);
  cluster.worker(first).signal(SIGTERM);
  CHECK(cluster.worker(first).wait() == 0);
  std::vector<json> accepted;
  for (int i = 0; i < 20; ++i)
    accepted.push_back(cluster.submit({{"language", "bash"}, {"source_code", "echo " + std::to_string(i)}}));
  cluster.restart_core();
  cluster.add_worker();
  auto stream = cluster.stream();
  for (int i = 0; i < 20; ++i) {
    const Watched watched = watch(stream, accepted[static_cast<std::size_t>(i)]);
    CHECK(watched.last().at("stdout") == std::to_string(i) + "\n");
    CHECK(watched.subscribed.at("epoch") == accepted[0].at("epoch"));
  }
}

TEST_CASE("crash: without a core, POST is refused with Retry-After and the gateway lives on") {
  Cluster cluster;
  cluster.kill_core();
  auto client = cluster.client();
  const auto reply = client.request("POST", "/submissions", {{"Content-Type", "application/json"}},
                                    R"({"language":"bash","source_code":"echo 1"})");
  REQUIRE(reply);
  CHECK(reply->status == 503);
  CHECK_FALSE(reply->header("Retry-After").empty());
  CHECK(json::parse(reply->body).contains("error"));
  const auto health = client.request("GET", "/health");
  REQUIRE(health);
  CHECK(health->status == 503);
  cluster.start_core();
  REQUIRE(eventually([&] { return client.submit({{"language", "bash"}, {"source_code", "echo 1"}}).has_value(); }));
}

TEST_CASE("crash: a worker asked to stop finishes what it runs, and what waits goes to another") {
  Cluster cluster;
  auto stream = cluster.stream();
  const json running = cluster.submit(sleeper("2"));
  Watched watched = watch_until(stream, running, "started");
  const json waiting = cluster.submit(sleeper("0"));
  cluster.worker(0).signal(SIGTERM);
  read_until_finished(stream, watched);
  CHECK(watched.last().at("attempt") == 1);
  CHECK(cluster.worker(0).wait() == 0);
  cluster.add_worker();
  const Watched later = watch(stream, waiting);
  CHECK(later.last().at("worker") == "worker-1");
  CHECK(later.last().at("attempt") == 1);
}

TEST_CASE("crash: a worker frozen past its lease loses the job, and its late report changes nothing") {
  ClusterOptions options;
  options.queue_arguments = {"--lease-ms", "1500", "--beat-ms", "200"};
  Cluster cluster(options);
  auto stream = cluster.stream();
  const json accepted = cluster.submit(sleeper("2"));
  Watched watched = watch_until(stream, accepted, "started");
  cluster.worker(0).signal(SIGSTOP);
  cluster.add_worker();
  read_until(stream, watched, "requeued");
  read_until(stream, watched, "started");
  cluster.worker(0).signal(SIGCONT);
  read_until_finished(stream, watched);
  CHECK(watched.kinds() == Kinds{"queued", "started", "requeued", "started", "finished"});
  // The frozen one joins again and is of use.
  cluster.wait_for_workers(2);
  const Watched next = watch(stream, cluster.submit(sleeper("0")));
  CHECK(next.last().at("verdict") == "accepted");
  const auto all = cluster.client().get(accepted.at("token").get<std::string>());
  REQUIRE(all);
  CHECK(*all == watched.last());
}

TEST_CASE("crash: workers join by tcp as well as by a socket file") {
  ClusterOptions options;
  options.tcp = true;
  const Cluster cluster(options);
  auto stream = cluster.stream();
  const Watched watched = watch(stream, cluster.submit(sleeper("0")));
  CHECK(watched.last().at("verdict") == "accepted");
}
