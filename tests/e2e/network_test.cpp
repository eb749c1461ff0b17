// Workers on other machines, each a network namespace of this one.

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/cluster.hpp"
#include "tests/e2e/network.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

bool skipped() {
  std::string why;
  if (Network::possible(why)) return false;
  if (std::getenv("PJ_REQUIRE_SANDBOX") != nullptr) FAIL("no other machines here: ", why);
  MESSAGE("SKIPPED, no other machines here: ", why);
  return true;
}

// A core on machine 0; the gateway is beside it and comes by its folder.
ClusterOptions on_machine_0(const Network& network) {
  ClusterOptions options;
  options.workers = 0;
  options.also_listen = "tcp://0.0.0.0:7001";
  options.core_prefix = network.on(0);
  return options;
}

// On machine 1, with a key that is enrolled.
void add_far_worker(const Network& network, Cluster& cluster) {
  cluster.make_key("far", "worker");
  cluster.enrol("far");
  cluster.add_worker_at({network.on(1), "tcp://" + Network::address_for(1) + ":7001", cluster.with_key("far")});
  cluster.wait_for_workers(1);
}

json shell_sleeper(const std::string& seconds) {
  return {{"language", "bash"}, {"source_code", "sleep " + seconds + "; echo done"}};
}

bool has_workers(const Cluster& cluster, std::size_t count) {
  return eventually([&] {
    const auto health = cluster.health();
    return health && health->contains("workers") && (*health)["workers"].size() == count;
  });
}

}  // namespace

TEST_CASE("network: a worker on another machine judges what is submitted here") {
  if (skipped()) return;
  const Network network(1);
  Cluster cluster(on_machine_0(network));
  add_far_worker(network, cluster);
  auto stream = cluster.stream();
  const Watched watched = watch(stream, cluster.submit({{"language", "bash"}, {"source_code", "echo far away"}}));
  CHECK(watched.last().at("stdout") == "far away\n");
  CHECK(watched.last().at("worker") == "far/worker-0");
}

TEST_CASE("network: a job behind a wire that is cut is run elsewhere, once, and the late report counts for nothing") {
  if (skipped()) return;
  const Network network(1);
  Cluster cluster(on_machine_0(network));
  add_far_worker(network, cluster);
  auto stream = cluster.stream();
  const json accepted = cluster.submit(shell_sleeper("2"));
  Watched watched = watch_until(stream, accepted, "started");

  network.cut(1);
  cluster.add_worker();
  read_until(stream, watched, "requeued");
  read_until_finished(stream, watched);
  CHECK(watched.last().at("attempt") == 2);
  CHECK(watched.last().at("worker") == "worker-1");
  CHECK(watched.last().at("stdout") == "done\n");
  const auto finished_there = [&] { return cluster.log("worker-0").find("session_lost") != std::string::npos; };
  REQUIRE(eventually(finished_there));

  network.mend(1);
  REQUIRE(has_workers(cluster, 2));
  // What comes next on the same connection is of another submission: nothing more was said of the first.
  const json next = cluster.submit(shell_sleeper("0"));
  const Watched later = watch(stream, next);
  CHECK(later.last().at("stdout") == "done\n");
  auto again = cluster.stream();
  const Watched whole = watch(again, accepted);
  CHECK(whole.kinds() == watched.kinds());
  CHECK(whole.last().at("attempt") == 2);
}
