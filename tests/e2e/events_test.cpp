// Other systems listen: every event, from where they stopped, and nobody without the right.

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/listening.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;
using std::chrono::seconds;

namespace {

json quick() {
  return {{"language", "bash"}, {"source_code", "echo 1"}};
}

void wait_until_all_are_judged(const Cluster& cluster) {
  REQUIRE(eventually(
      [&] {
        const auto health = cluster.health();
        return health && health->value("queued", 1) == 0 && health->value("running", 1) == 0;
      },
      seconds(60)));
}

}  // namespace

TEST_CASE("events: a consumer that was away goes on after what it acknowledged, at another gateway and core") {
  ClusterOptions options = with_listeners({"--events-window", "64"});
  options.slots = 2;
  Cluster cluster(options);
  std::uint64_t acknowledged = 0;
  {
    Listening leaderboard(cluster, "leaderboard");
    CHECK(leaderboard.subscribed().at("window") == 64);
    CHECK(leaderboard.subscribed().at("seq") == 0);
    for (int i = 0; i < 3; ++i) cluster.submit(quick());
    leaderboard.read(9);
    CHECK(leaderboard.seqs() == numbers(1, 9));
    acknowledged = 4;
    CHECK(leaderboard.acknowledge(acknowledged).at("seq") == acknowledged);
    // A cursor moves forwards only.
    CHECK(leaderboard.acknowledge(2).at("seq") == acknowledged);
  }
  constexpr int kAway = 200;
  for (int i = 0; i < kAway; ++i) cluster.submit(quick());
  wait_until_all_are_judged(cluster);
  cluster.gateway(0).kill();
  cluster.restart_core();
  const int gateway = cluster.add_gateway();
  Listening again(cluster, "leaderboard", "now", gateway);
  CHECK(again.subscribed().at("seq") == acknowledged);
  constexpr std::uint64_t kTop = 3 * (3 + kAway);
  const std::uint64_t first = acknowledged + 1;
  bool killed = false;
  while (again.events().empty() || again.last_seq() < kTop) {
    again.read(1);
    // Killed once more in the middle of it, the core goes on too.
    if (!killed && again.last_seq() > kTop / 2) {
      cluster.restart_core();
      killed = true;
    }
    if (again.last_seq() >= acknowledged + 16) acknowledged = again.acknowledge(again.last_seq()).at("seq");
  }
  CHECK(killed);
  CHECK(again.seqs() == numbers(first, kTop));
  // And what happens from here on follows, without a gap.
  again.acknowledge(kTop);
  REQUIRE(eventually([&] {
    const auto languages = cluster.client(gateway).languages();
    return languages && !languages->empty();
  }));
  cluster.submit(quick(), gateway);
  again.read(3);
  CHECK(again.seqs() == numbers(first, kTop + 3));
  // Each submission's own events came in their order.
  std::map<std::string, std::vector<std::uint64_t>> own;
  for (const json& event : again.events()) {
    own[event.at("submission").at("channel")].push_back(event.at("submission").at("seq"));
  }
  for (const auto& [channel, seqs] : own) CHECK(seqs == numbers(4 - seqs.size(), 3));
}

TEST_CASE("events: cursors are independent, and one who does not acknowledge waits without being cut off") {
  Cluster cluster(with_listeners({"--events-window", "8"}));
  Listening slow(cluster, "slow", "beginning");
  Listening quick_one(cluster, "quick");
  Listening twin(cluster, "quick");
  constexpr std::uint64_t kTop = 60;
  for (std::uint64_t i = 0; i < kTop / 3; ++i) cluster.submit(quick());
  while (quick_one.events().size() < kTop) {
    quick_one.read(1);
    quick_one.acknowledge(quick_one.last_seq());
  }
  CHECK(quick_one.seqs() == numbers(1, kTop));
  // One of the same name hears the same, and is let go on by what the other acknowledges.
  twin.read(kTop);
  CHECK(twin.seqs() == numbers(1, kTop));
  // The slow one has its window and no more; the answer to what it says comes next.
  slow.read(8);
  CHECK(slow.ping_is_next());
  CHECK(slow.acknowledge(8).at("seq") == 8);
  slow.read(8);
  CHECK(slow.seqs() == numbers(1, 16));
  CHECK(slow.ping_is_next());
  // Acknowledged elsewhere: by itself it has room again.
  Listening elsewhere(cluster, "other", "now", cluster.add_gateway());
  elsewhere.acknowledge(12, "slow");
  slow.read(4);
  CHECK(slow.seqs() == numbers(1, 20));
}

TEST_CASE("events: whoever has no right to listen is told so, and so is whoever acknowledges what cannot be") {
  ClusterOptions options = with_listeners();
  options.workers = 0;
  const Cluster cluster(options);
  Listening listening(cluster, "mine");
  const auto error_of = [&](const json& frame) {
    const json answer = listening.ask(frame);
    CHECK(answer.at("type") == "error");
    CHECK(answer.at("channel") == "events");
    return answer.value("error", "");
  };
  const std::string epoch = listening.subscribed().at("epoch");
  json ack = {{"type", "ack"}, {"channel", "events"}, {"cursor", "mine"}, {"epoch", epoch}, {"seq", 1}};
  CHECK(error_of(ack) == "there is no such event yet");
  ack["seq"] = 0;
  CHECK(listening.ask(ack).at("type") == "acked");
  ack["epoch"] = "0123";
  CHECK(error_of(ack) == "the seq is of another epoch");
  ack["epoch"] = epoch;
  ack["cursor"] = "nobody's";
  CHECK(error_of(ack).starts_with("a cursor's name"));
  ack["cursor"] = "nobody";
  CHECK(error_of(ack) == "no such cursor");

  auto url = client::parse_url(cluster.url());
  REQUIRE(url);
  for (const std::string token : {"", "wrong"}) {
    url->auth_token = token;
    auto stranger = client::Stream::connect(*url);
    REQUIRE(stranger);
    for (const std::string type : {"subscribe", "ack"}) {
      json frame = {{"type", type}, {"channel", "events"}, {"cursor", "mine"}, {"seq", 0}, {"epoch", epoch}};
      REQUIRE(stranger->send(frame));
      const auto answer = stranger->next_json(seconds(10));
      REQUIRE(answer);
      CHECK(answer->at("error") == "listening to all events wants an events token");
    }
  }
}

TEST_CASE("events: an event stream is let go on by what is posted anywhere, and goes on where its reader says") {
  ClusterOptions options = with_listeners({"--events-window", "4"});
  options.gateways = 2;
  const Cluster cluster(options);
  for (int i = 0; i < 2; ++i) cluster.submit(quick());
  wait_until_all_are_judged(cluster);
  auto other = cluster.client(1);
  const auto acknowledge = [&](const std::string& epoch, int seq) {
    const auto reply = other.request("POST", "/cursors/mine/ack", {}, json{{"epoch", epoch}, {"seq", seq}}.dump());
    REQUIRE(reply);
    return *reply;
  };
  std::string epoch;
  {
    StreamReader reader(cluster, "/events?cursor=mine&from=beginning");
    const json subscribed = reader.next("subscribed");
    CHECK(subscribed.at("seq") == 0);
    CHECK(subscribed.at("window") == 4);
    epoch = subscribed.at("epoch");
    for (int seq = 1; seq <= 4; ++seq) {
      const auto told = reader.next();
      CHECK(told.id == epoch + ":" + std::to_string(seq));
      CHECK(told.name == told.data.at("event"));
      CHECK(told.data.at("seq") == seq);
    }
    CHECK(reader.silent_for(std::chrono::milliseconds(400)));
    CHECK(json::parse(acknowledge(epoch, 3).body) == json{{"name", "mine"}, {"epoch", epoch}, {"seq", 3}});
    CHECK(reader.next().data.at("seq") == 5);
    CHECK(reader.next("finished").at("seq") == 6);
  }
  {
    StreamReader further(cluster, "/events?cursor=mine", 1, epoch + ":5");
    CHECK(further.next("subscribed").at("seq") == 5);
    CHECK(further.next("finished").at("seq") == 6);
    // What its reader says does not count if it is behind, or of another epoch.
    for (const std::string& id : {epoch + ":1", std::string("0123:5")}) {
      StreamReader behind(cluster, "/events?cursor=mine", 1, id);
      CHECK(behind.next("subscribed").at("seq") == 3);
      CHECK(behind.next().data.at("seq") == 4);
    }
  }
  const auto listed = other.request("GET", "/cursors");
  REQUIRE(listed);
  json list = json::parse(listed->body);
  CHECK(list.at("epoch") == epoch);
  CHECK(list.at("top") == 6);
  REQUIRE(list.at("cursors").size() == 1);
  CHECK(list["cursors"][0].at("moved_at").get<std::string>().ends_with("Z"));
  list["cursors"][0].erase("moved_at");
  CHECK(list["cursors"][0] == json{{"name", "mine"}, {"seq", 3}, {"lag", 3}});

  CHECK(acknowledge(epoch, 7).status == 400);
  CHECK(acknowledge("0123", 3).status == 409);
  CHECK(other.request("POST", "/cursors/mine/ack", {}, "{}")->status == 400);
  CHECK(other.request("GET", "/events")->status == 400);
  CHECK(other.request("GET", "/events?cursor=a%20b")->status == 400);
  CHECK(other.request("GET", "/events?cursor=mine&from=end")->status == 400);
  CHECK(other.request("HEAD", "/events?cursor=unmade")->status == 200);
  CHECK(other.request("DELETE", "/cursors/unmade")->status == 404);
  CHECK(other.request("DELETE", "/cursors/mine")->status == 200);
  CHECK(other.request("DELETE", "/cursors/mine")->status == 404);
  CHECK(acknowledge(epoch, 3).status == 404);

  auto url = client::parse_url(cluster.url());
  REQUIRE(url);
  client::Client stranger(*url);
  for (const auto& [method, target] : std::vector<std::pair<std::string, std::string>>{
           {"GET", "/events?cursor=x"}, {"GET", "/cursors"}, {"POST", "/cursors/x/ack"}, {"DELETE", "/cursors/x"}}) {
    CAPTURE(target);
    const auto reply = stranger.request(method, target);
    REQUIRE(reply);
    CHECK(reply->status == 403);
    CHECK(json::parse(reply->body).at("error") == "listening to all events wants an events token");
  }
}

TEST_CASE("feed: everybody hears how many ended how, seldom, each once, and nothing that is secret") {
  ClusterOptions options;
  options.slots = 2;
  options.gateway_arguments = {"--feed-interval-ms", "200"};
  const Cluster cluster(options);
  auto stream = cluster.stream();
  REQUIRE(stream.send({{"type", "subscribe"}, {"channel", "feed"}}));
  const auto snapshot = stream.next_json(seconds(10));
  REQUIRE(snapshot);
  CHECK(snapshot->at("type") == "subscribed");
  CHECK(snapshot->at("totals").at("finished").empty());
  StreamReader reader(cluster, "/feed");
  reader.next("subscribed");

  const auto begun = std::chrono::steady_clock::now();
  constexpr int kJobs = 60;
  std::vector<std::string> secrets = {"secretuser", "secretoutput", "worker-0"};
  for (int i = 0; i < kJobs; ++i) {
    const bool right = i % 3 != 0;
    const json accepted = cluster.submit({{"language", "bash"},
                                          {"source_code", "echo secretoutput"},
                                          {"expected_output", right ? "secretoutput" : "other"},
                                          {"user", "secretuser"}});
    secrets.push_back(accepted.at("token"));
  }
  std::map<std::string, int> sum;
  int messages = 0;
  json last;
  for (int finished = 0; finished < kJobs;) {
    const auto message = stream.next_json(seconds(30));
    REQUIRE(message);
    REQUIRE(message->at("type") == "feed");
    ++messages;
    for (const auto& [verdict, count] : message->at("finished").items()) {
      sum[verdict] += count.get<int>();
      finished += count.get<int>();
    }
    const std::string text = message->dump();
    for (const std::string& secret : secrets) CHECK(text.find(secret) == std::string::npos);
    // One message was made for all.
    CHECK(reader.next("feed") == *message);
    last = *message;
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  CHECK(sum == std::map<std::string, int>{{"accepted", 40}, {"wrong_answer", 20}});
  CHECK(json(sum) == last.at("totals").at("finished"));
  CHECK(last.at("latest").at(0).at("language").get<std::string>().starts_with("Bash"));
  // Three times as many events happened.
  CHECK(messages <= took.count() / 200 + 1);
  CHECK(messages < kJobs);
  // Nothing happens, and nothing is said; who comes now is told what was.
  CHECK(reader.silent_for(std::chrono::milliseconds(500)));
  auto late = cluster.stream();
  REQUIRE(late.send({{"type", "subscribe"}, {"channel", "feed"}}));
  const auto now = late.next_json(seconds(10));
  REQUIRE(now);
  CHECK(now->at("totals") == last.at("totals"));
  CHECK(now->at("queued") == 0);
  CHECK(now->at("running") == 0);
  CHECK(now->at("latest").size() == 10);
}
