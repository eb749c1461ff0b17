// Problems from their publishing to the pushed result, with real processes.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/cluster.hpp"
#include "tests/support/problems.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

constexpr int kPython = 71;
constexpr const char* kDouble = "print(int(input()) * 2)";

// Its languages stay known, and nobody is there to judge.
void send_worker_away(Cluster& cluster) {
  cluster.wait_for_workers(1);
  cluster.worker(0).signal(SIGTERM);
  REQUIRE(cluster.worker(0).wait() == 0);
}

struct Published {
  std::string slug;
  std::string version;
};

// A problem of `count` tests, "double the number", the first of them a sample.
Problem doubling(const std::string& slug, int count, std::map<Digest, std::string>& files) {
  auto problem = small_problem(slug, "", "");
  problem.tests.clear();
  for (int n = 0; n < count; ++n) {
    const std::string input = std::to_string(n) + "\n";
    const std::string answer = std::to_string(2 * n) + "\n";
    ProblemTest test;
    test.name = (n == 0 ? "sample/" : "secret/") + std::to_string(n);
    test.sample = n == 0;
    test.input = blob_of(input);
    test.answer = blob_of(answer);
    files[test.input.digest] = input;
    files[test.answer.digest] = answer;
    problem.tests.push_back(std::move(test));
  }
  return problem;
}

// As the command does: what is missing is said, sent, and the problem offered again.
Published publish(const Cluster& cluster, const Problem& problem, const std::map<Digest, std::string>& files,
                  bool draft = false) {
  auto client = cluster.client();
  const std::string target = draft ? "/problems?publish=false" : "/problems";
  const client::Headers octets{{"Content-Type", "application/octet-stream"}};
  auto reply = client.request("POST", target, octets, encode(problem));
  REQUIRE(reply);
  if (reply->status == 409) {
    const json told = json::parse(reply->body);
    for (const auto& digest : told.at("missing")) {
      const auto text = digest.get<std::string>();
      const auto stored = client.request("PUT", "/blobs/" + text, octets, files.at(*parse_digest(text)));
      REQUIRE(stored);
      REQUIRE_MESSAGE(stored->status / 100 == 2, stored->body);
    }
    reply = client.request("POST", target, octets, encode(problem));
    REQUIRE(reply);
  }
  REQUIRE_MESSAGE(reply->status == 201, reply->body);
  const auto answer = json::parse(reply->body);
  return {answer.at("slug"), answer.at("version")};
}

json solution(const std::string& problem, const std::string& source) {
  return {{"language_id", kPython}, {"source_code", source}, {"problem", problem}};
}

json judged(const Cluster& cluster, const json& attributes) {
  const std::string token = cluster.submit(attributes).at("token");
  auto client = cluster.client();
  json seen;
  REQUIRE(eventually([&] {
    const auto answer = client.get(token);
    if (answer) seen = *answer;
    return answer && answer->at("state") == "finished";
  }));
  CAPTURE(seen.dump());
  return seen;
}

// What it came to, pushed; `mischief` is done when the first of its tests is.
json followed(const Cluster& cluster, const json& accepted, const std::function<void()>& mischief) {
  auto stream = cluster.stream();
  REQUIRE(stream.subscribe(accepted.at("channel").get<std::string>(), accepted.at("epoch").get<std::string>(), 0));
  bool done = false;
  json last;
  while (last.is_null()) {
    const auto message = stream.next_json(std::chrono::seconds(60));
    REQUIRE(message);
    if (message->at("type") == "progress" && !std::exchange(done, true)) mischief();
    if (message->value("event", "") == "finished") last = message->at("submission");
  }
  CHECK(done);
  return last;
}

std::vector<std::string> verdicts(const json& submission) {
  std::vector<std::string> all;
  for (const auto& test : submission.at("tests")) all.push_back(test.at("verdict"));
  return all;
}

}  // namespace

TEST_CASE("problem: each test is pushed as it is done, and the result holds them all") {
  const Cluster cluster;
  std::map<Digest, std::string> files;
  const auto published = publish(cluster, doubling("double", 5, files), files);
  auto stream = cluster.stream();
  const auto accepted = cluster.submit(solution("double", kDouble));
  REQUIRE(stream.subscribe(accepted.at("channel").get<std::string>(), accepted.at("epoch").get<std::string>(), 0));
  std::vector<json> progress;
  json last;
  while (last.is_null()) {
    const auto message = stream.next_json(std::chrono::seconds(60));
    REQUIRE(message);
    if (message->at("type") == "progress") progress.push_back(*message);
    if (message->value("event", "") == "finished") last = message->at("submission");
    // A snapshot that is finished already: the tests were done before we came.
    if (message->at("type") == "subscribed" && message->at("submission").at("state") == "finished") {
      last = message->at("submission");
    }
  }
  CAPTURE(last.dump());
  CHECK(last.at("verdict") == "accepted");
  CHECK(last.at("problem") == "double");
  CHECK(last.at("tests").size() == 5);
  CHECK(last.at("stdout") == "0\n");  // of the sample
  for (const auto& one : progress) {
    CHECK(one.at("channel") == accepted.at("channel"));
    CHECK(one.at("of") == 5);
    CHECK(one.at("result").at("verdict") == "accepted");
    CHECK_FALSE(one.contains("seq"));
  }
  // What was told in passing is what the result says.
  for (const auto& one : progress) {
    const auto& tests = last.at("tests");
    CHECK(std::find(tests.begin(), tests.end(), one.at("result")) != tests.end());
  }
}

TEST_CASE("problem: whoever waits from the beginning hears of every test") {
  Cluster cluster;
  send_worker_away(cluster);
  std::map<Digest, std::string> files;
  publish(cluster, doubling("double", 8, files), files);
  auto stream = cluster.stream();
  const auto accepted = cluster.submit(solution("double", kDouble));
  REQUIRE(stream.subscribe(accepted.at("channel").get<std::string>(), accepted.at("epoch").get<std::string>(), 0));
  REQUIRE(stream.next_json(std::chrono::seconds(60)));
  cluster.add_worker();
  std::vector<std::uint64_t> done;
  while (true) {
    const auto message = stream.next_json(std::chrono::seconds(60));
    REQUIRE(message);
    if (message->at("type") == "progress") done.push_back(message->at("test"));
    if (message->value("event", "") == "finished") break;
  }
  CHECK(done == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("problem: a program is judged by the version that was there when it came") {
  Cluster cluster;
  send_worker_away(cluster);
  std::map<Digest, std::string> files;
  const auto first = publish(cluster, doubling("double", 2, files), files);
  const auto early = cluster.submit(solution("double", kDouble));
  auto changed = doubling("double", 2, files);
  files[digest_of("7\n")] = "7\n";
  changed.tests[1].answer = blob_of("7\n");
  const auto second = publish(cluster, changed, files);
  CHECK(first.version != second.version);
  const auto late = cluster.submit(solution("double", kDouble));
  const auto by_version = cluster.submit(solution("double@" + first.version, kDouble));
  cluster.add_worker();
  auto client = cluster.client();
  const auto verdict_of = [&](const json& accepted) {
    json seen;
    REQUIRE(eventually([&] {
      const auto answer = client.get(accepted.at("token").get<std::string>());
      if (answer) seen = *answer;
      return answer && answer->at("state") == "finished";
    }));
    return seen.at("verdict").get<std::string>();
  };
  CHECK(verdict_of(early) == "accepted");
  CHECK(verdict_of(late) == "wrong_answer");
  CHECK(verdict_of(by_version) == "accepted");
}

TEST_CASE("problem: a draft is judged by its version, and listed nowhere") {
  const Cluster cluster;
  std::map<Digest, std::string> files;
  const auto draft = publish(cluster, doubling("double", 2, files), files, true);
  auto client = cluster.client();
  CHECK(json::parse(client.request("GET", "/problems")->body) == json::array());
  const auto refused = client.submit(solution("double", kDouble));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("there is no problem double") != std::string::npos);
  CHECK(judged(cluster, solution("double@" + draft.version, kDouble)).at("verdict") == "accepted");
}

TEST_CASE("problem: what fails first ends it, and all tests are judged for whoever asks") {
  const Cluster cluster;
  std::map<Digest, std::string> files;
  publish(cluster, doubling("double", 4, files), files);
  const std::string wrong = "n = int(input())\nprint(2 * n if n != 2 else 5)";
  CHECK(verdicts(judged(cluster, solution("double", wrong))) ==
        std::vector<std::string>{"accepted", "accepted", "wrong_answer"});
  auto all = solution("double", wrong);
  all["all_tests"] = true;
  all["judge_messages"] = true;
  const auto seen = judged(cluster, all);
  CHECK(verdicts(seen) == std::vector<std::string>{"accepted", "accepted", "wrong_answer", "accepted"});
  CHECK(seen.at("tests")[2].at("judge_message") == "token 1 is \"5\" where \"4\" is expected");
}

TEST_CASE("problem: a worker that is killed amid the tests costs no verdict, and the problem is fetched again") {
  Cluster cluster;
  std::map<Digest, std::string> files;
  publish(cluster, doubling("double", 4, files), files);
  const auto accepted = cluster.submit(solution("double", "import time\ntime.sleep(0.7)\nprint(int(input()) * 2)"));
  const auto last = followed(cluster, accepted, [&] {
    cluster.worker(0).kill();
    cluster.add_worker();
  });
  CHECK(last.at("verdict") == "accepted");
  CHECK(last.at("tests").size() == 4);
}

TEST_CASE("problem: a core that is killed while a worker wants files and tells of tests loses nothing") {
  Cluster cluster;
  std::map<Digest, std::string> files;
  publish(cluster, doubling("double", 6, files), files);
  const auto accepted = cluster.submit(solution("double", "import time\ntime.sleep(0.5)\nprint(int(input()) * 2)"));
  const auto last = followed(cluster, accepted, [&] {
    cluster.kill_core();
    cluster.start_core();
  });
  CHECK(last.at("verdict") == "accepted");
  // Published is published, also for the core that comes after.
  CHECK(judged(cluster, solution("double", "print(1)")).at("verdict") == "wrong_answer");
}

TEST_CASE("problem: a worker that comes by tcp with a key fetches what it needs") {
  ClusterOptions options;
  options.keys = true;
  const Cluster cluster(options);
  std::map<Digest, std::string> files;
  auto problem = doubling("double", 2, files);
  const std::string long_input = "21 " + std::string(6 << 20, 'x') + "\n";
  files[digest_of(long_input)] = long_input;
  files[digest_of("42\n")] = "42\n";
  problem.tests[1].input = blob_of(long_input);
  problem.tests[1].answer = blob_of("42\n");
  publish(cluster, problem, files);
  const auto seen = judged(cluster, solution("double", "print(int(input().split()[0]) * 2)"));
  CHECK(seen.at("verdict") == "accepted");
}

TEST_CASE("problem: a slot that is idle helps, and the report is the same") {
  const Cluster cluster({.slots = 3});
  std::map<Digest, std::string> files;
  publish(cluster, doubling("double", 9, files), files);
  const auto seen = judged(cluster, solution("double", kDouble));
  CHECK(seen.at("verdict") == "accepted");
  std::vector<std::string> names;
  for (const auto& test : seen.at("tests")) names.push_back(test.at("name"));
  CHECK(names.front() == "sample/0");
  CHECK(names.back() == "secret/8");
  CHECK(names.size() == 9);
}
