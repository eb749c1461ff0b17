#include "tests/fault/scene.hpp"

#include <csignal>

namespace pushjudge::testing {

using nlohmann::json;

Environment dies_at(const std::string& point) {
  return {"CRASH_AT=" + point};
}

json echo(const std::string& text) {
  return {{"language", "bash"}, {"source_code", "echo " + text}};
}

json sleeper(const std::string& seconds) {
  return {{"language", "bash"}, {"source_code", "sleep " + seconds + "; echo $RANDOM-$RANDOM"}};
}

json endless() {
  return {
      {"language", "bash"}, {"source_code", "while :; do :; done"}, {"cpu_time_limit", 15}, {"wall_time_limit", 20}};
}

std::string token_of(const json& accepted) {
  return accepted.at("token");
}

Result<client::Reply> post(const Cluster& cluster, const json& attributes, const std::string& key, int gateway) {
  auto client = cluster.client(gateway);
  const client::Headers headers{{"Content-Type", "application/json"}, {"Idempotency-Key", key}};
  return client.request("POST", "/submissions", headers, attributes.dump());
}

std::future<Result<client::Reply>> post_later(const Cluster& cluster, const json& attributes, const std::string& key,
                                              int gateway) {
  return std::async(std::launch::async,
                    [&cluster, attributes, key, gateway] { return post(cluster, attributes, key, gateway); });
}

void let_worker_teach_languages(Cluster& cluster) {
  const std::size_t teacher = cluster.add_worker();
  cluster.wait_for_workers(1);
  cluster.worker(teacher).signal(SIGTERM);
  REQUIRE(cluster.worker(teacher).wait() == 0);
  cluster.wait_for_workers(0);
}

void wait_for_gateway(const Cluster& cluster, int gateway) {
  auto client = cluster.client(gateway);
  REQUIRE(eventually([&client] {
    const auto languages = client.languages();
    return languages && !languages->empty();
  }));
}

bool without_gap(const Watched& watched) {
  std::uint64_t expected = 0;
  for (const std::uint64_t seq : watched.seqs()) {
    if (seq != ++expected) return false;
  }
  return expected > 0;
}

Ledger sound_ledger(const Cluster& cluster) {
  Ledger ledger(cluster.database());
  for (const std::string& breach : ledger.breaches()) FAIL_CHECK(breach);
  return ledger;
}

}  // namespace pushjudge::testing
