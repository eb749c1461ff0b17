// Who may send what, and whose turn it is.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;
using std::chrono::milliseconds;

namespace {

json job_of(const std::string& user, const std::string& source = "echo 1") {
  return {{"language", "bash"}, {"source_code", source}, {"user", user}};
}

const client::Headers kJson = {{"Content-Type", "application/json"}};

}  // namespace

TEST_CASE("admission: ten thousand submissions of one user delay another's single one by no more than what runs") {
  Cluster cluster;
  auto stream = cluster.stream();
  constexpr int kFlood = 10'000;
  constexpr int kUnanswered = 64;  // as many as one socket may have waiting
  int accepted = 0;
  for (int sent = 0; accepted < kFlood;) {
    for (; sent < kFlood && sent - accepted < kUnanswered; ++sent) {
      json frame = job_of("flood");
      frame["type"] = "submit";
      REQUIRE(stream.send(frame));
    }
    const auto answer = stream.next_json(std::chrono::seconds(60));
    REQUIRE(answer);
    REQUIRE(answer->at("type") == "submitted");
    ++accepted;
  }
  const json stats = json::parse(cluster.client().request("GET", "/health")->body);
  // Otherwise it would be no flood.
  REQUIRE(stats.at("queued").get<int>() > kFlood / 2);

  auto watcher = cluster.stream();
  const Watched watched = watch(watcher, cluster.submit(job_of("single")));
  CHECK(watched.kinds() == std::vector<std::string>{"queued", "started", "finished"});
  // By the log: after it was accepted nothing else was handed out but what took the slot until it was free.
  const std::string token = watched.last().at("token");
  std::istringstream log(cluster.log("queue"));
  bool queued = false;
  bool started = false;
  int others = 0;
  for (std::string line; !started && std::getline(log, line);) {
    const bool own = line.find("token=" + token) != std::string::npos;
    if (line.find("event=queued") != std::string::npos) queued = queued || own;
    if (!queued || line.find("event=started") == std::string::npos) continue;
    started = own;
    others += own ? 0 : 1;
  }
  CHECK(started);
  CHECK(others <= 1);
}

TEST_CASE("admission: user and class are checked, kept and shown") {
  const Cluster cluster;
  auto client = cluster.client();
  json job = job_of("Ada Lovelace");
  job["class"] = "contest";
  const json accepted = cluster.submit(job);
  const auto shown = client.get(accepted.at("token").get<std::string>(), "user,class");
  REQUIRE(shown);
  CHECK(*shown == json{{"user", "Ada Lovelace"}, {"class", "contest"}});
  const auto plain = client.get(
      cluster.submit({{"language", "bash"}, {"source_code", "echo 1"}}).at("token").get<std::string>(), "user,class");
  REQUIRE(plain);
  CHECK(*plain == json{{"user", nullptr}, {"class", "interactive"}});
  for (const auto& [name, value] : std::map<std::string, json>{
           {"class", "urgent"}, {"class", 7}, {"user", std::string(129, 'x')}, {"user", "two\nlines"}}) {
    json wrong = job_of("x");
    wrong[name] = value;
    const auto reply = client.request("POST", "/submissions", kJson, wrong.dump());
    REQUIRE(reply);
    CHECK(reply->status == 422);
    CHECK(json::parse(reply->body).contains(name));
  }
}

TEST_CASE("admission: who sends too much gets 429 with Retry-After, by POST and by socket; others are not held up") {
  ClusterOptions options;
  options.gateway_arguments = {"--submissions-per-minute", "60", "--submissions-burst", "3"};
  const Cluster cluster(options);
  auto client = cluster.client();
  const std::string body = job_of("x").dump();
  int taken = 0;
  std::optional<client::Reply> refused;
  for (int i = 0; i < 50 && !refused; ++i) {
    auto reply = client.request("POST", "/submissions", kJson, body);
    REQUIRE(reply);
    if (reply->status == 201) {
      ++taken;
    } else {
      refused = *std::move(reply);
    }
  }
  REQUIRE(refused);
  CHECK(taken >= 3);
  CHECK(refused->status == 429);
  CHECK(refused->header("Retry-After") == "1");
  CHECK(json::parse(refused->body).at("error") == "too many submissions");
  auto stream = cluster.stream();
  bool told = false;
  for (int i = 0; i < 50 && !told; ++i) {
    json frame = job_of("x");
    frame["type"] = "submit";
    frame["id"] = i;
    REQUIRE(stream.send(frame));
    const auto answer = stream.next_json(std::chrono::seconds(10));
    REQUIRE(answer);
    told = answer->at("type") == "error" && answer->at("error") == "too many submissions";
  }
  CHECK(told);
  // Reading is not bounded.
  CHECK(client.request("GET", "/languages")->status == 200);
}

TEST_CASE("admission: with access tokens every route wants one, and a socket without is told so by its close code") {
  ClusterOptions options;
  options.gateway_arguments = {"--auth-token", "first-token", "--auth-token", "second-token"};
  options.auth_token = "second-token";
  const Cluster cluster(options);
  // Everything above went with the right one; so does this.
  auto stream = cluster.stream();
  const Watched watched = watch(stream, cluster.submit(job_of("x")));
  CHECK(watched.last().at("stdout") == "1\n");

  auto url = client::parse_url(cluster.url());
  REQUIRE(url);
  for (const std::string token : {"", "third-token"}) {
    url->auth_token = token;
    client::Client stranger(*url);
    for (const auto& [method, target] : std::vector<std::pair<std::string, std::string>>{
             {"POST", "/submissions"},
             {"GET", "/submissions/" + watched.last().at("token").get<std::string>()},
             {"DELETE", "/submissions/" + watched.last().at("token").get<std::string>()},
             {"GET", "/languages"},
             {"GET", "/health"}}) {
      CAPTURE(target);
      const auto reply = stranger.request(method, target, kJson, method == "POST" ? job_of("x").dump() : "");
      REQUIRE(reply);
      CHECK(reply->status == 401);
      CHECK(reply->body.empty());
    }
    auto socket = client::Stream::connect(*url);
    REQUIRE(socket);
    CHECK_FALSE(socket->next(std::chrono::seconds(10)));
    CHECK(socket->close_code() == 4401);
  }
  url->auth_token.clear();
  const auto by_query = client::Client(*url).request("GET", "/languages?X-Auth-Token=first-token");
  REQUIRE(by_query);
  CHECK(by_query->status == 200);
  // A browser asks before it sends what it has.
  const auto preflight = client::Client(*url).request(
      "OPTIONS", "/submissions",
      {{"Access-Control-Request-Method", "POST"}, {"Access-Control-Request-Headers", "X-Auth-Token"}});
  REQUIRE(preflight);
  CHECK(preflight->status == 204);
  CHECK(preflight->header("Access-Control-Allow-Headers") == "X-Auth-Token");
}

TEST_CASE(
    "admission: a full queue takes none of a batch that has no room as a whole, and says so before anything else") {
  ClusterOptions options;
  options.queue_arguments.insert(options.queue_arguments.end(), {"--queue-max", "5"});
  options.gateway_arguments = {"--authz-token", "admin"};
  Cluster cluster(options);
  auto client = cluster.client();
  const auto count = [&client] {
    const auto reply = client.request("GET", "/submissions?fields=token", {{"X-Auth-User", "admin"}});
    REQUIRE(reply);
    return json::parse(reply->body).at("meta").at("total_count").get<int>();
  };
  const auto post_batch = [&client](std::size_t size) {
    const json batch = {{"submissions", std::vector<json>(size, job_of("x"))}};
    auto reply = client.request("POST", "/submissions/batch", kJson, batch.dump());
    REQUIRE(reply);
    return *std::move(reply);
  };
  // It holds the only slot, so that what follows waits.
  auto stream = cluster.stream();
  watch_until(stream, cluster.submit(job_of("x", "sleep 60")), "started");
  CHECK(post_batch(3).status == 201);
  const auto refused = post_batch(3);
  CHECK(refused.status == 503);
  CHECK(json::parse(refused.body).at("error") == "queue is full");
  CHECK(refused.header("Retry-After") == "1");
  CHECK(count() == 4);
  CHECK(post_batch(2).status == 201);
  CHECK(count() == 6);

  const auto single = client.request("POST", "/submissions", kJson, job_of("x").dump());
  REQUIRE(single);
  CHECK(single->status == 503);
  CHECK(single->header("Retry-After") == "1");
  // Known to the gateway from the core's next tick on.
  CHECK(eventually([&client] {
    const auto invalid = client.request("POST", "/submissions?fields=foo", kJson, "{}");
    return invalid && invalid->status == 503 && json::parse(invalid->body).at("error") == "queue is full";
  }));
  CHECK(count() == 6);
}
