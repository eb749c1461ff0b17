// A gateway and a core that are told what to do in Judge0's own form, as a client of Judge0 finds them.

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

const client::Headers kJson = {{"Content-Type", "application/json"}};

// A judge0.conf, given to both.
struct Conf {
  explicit Conf(const std::string& text) : path(folder.file("judge0.conf")) {
    std::ofstream(path) << text;
    options.gateway_arguments = {"--judge0-conf", path};
    options.queue_arguments.insert(options.queue_arguments.end(), {"--judge0-conf", path});
  }
  TemporaryFolder folder;
  std::string path;
  ClusterOptions options;
};

// "STATUS BODY".
std::string said(client::Client& client, std::string_view method, std::string_view target,
                 const client::Headers& headers = {}, const std::string& body = "") {
  const auto reply = client.request(method, target, headers, body);
  REQUIRE(reply);
  return std::to_string(reply->status) + " " + reply->body;
}

}  // namespace

TEST_CASE("judge0 conf: limits and switches of the file hold, and config_info tells them") {
  const Conf conf(
      "# Ours\n"
      "MAX_WALL_TIME_LIMIT=12.5\n"
      "WALL_TIME_LIMIT=2\n"
      "ENABLE_CALLBACKS=false\n"
      "ALLOWED_LANGUAGES_FOR_COMPILER_OPTIONS=\"C C++\"\n"
      "MAX_NUMBER_OF_RUNS=3\n"
      "REDIRECT_STDERR_TO_STDOUT=true\n"
      "MAX_CPU_TIME_LIMIT=\n"
      "REDIS_HOST=redis\n"
      "MAX_QUEUE_SIZE=1000\n");
  const Cluster cluster(conf.options);
  auto client = cluster.client();
  const json info = json::parse(client.request("GET", "/config_info")->body);
  CHECK(info.size() >= 39);
  CHECK(info["max_wall_time_limit"] == 12.5);
  CHECK(info["wall_time_limit"].dump() == "2.0");
  CHECK(info["enable_callbacks"] == false);
  CHECK(info["max_queue_size"] == 1'000);  // the core's own word
  CHECK(info["max_number_of_runs"] == 3);
  CHECK(info["max_cpu_time_limit"].dump() == "15.0");

  const json wrong = {{"source_code", "echo 1"},    {"language_id", 46},   {"wall_time_limit", 13},
                      {"callback_url", "http://x"}, {"number_of_runs", 4}, {"enable_network", "true"}};
  CHECK(said(client, "POST", "/submissions", kJson, wrong.dump()) ==
        R"(422 {"number_of_runs":["must be less than or equal to 3"],)"
        R"("wall_time_limit":["must be less than or equal to 12.5"],)"
        R"("callback_url":["setting callback is not allowed"],"enable_network":["enabling network is not allowed"]})");
  // What the file says of every submission holds for this one.
  auto stream = cluster.stream();
  const Watched watched =
      watch(stream, cluster.submit({{"language_id", 46}, {"source_code", "echo out; echo err >&2; sleep 30"}}));
  CHECK(watched.last().at("status").at("id") == 5);
  CHECK(watched.last().at("stdout") == "out\nerr\n");
  CHECK(watched.last().at("stderr") == nullptr);
  CHECK(cluster.log("api-0").find("variables=REDIS_HOST") != std::string::npos);
}

TEST_CASE("judge0 conf: tokens for who calls and who administers, under the names that the file gives") {
  Conf conf("AUTHN_TOKEN=\"first second\"\nAUTHZ_HEADER=X-Admin\nAUTHZ_TOKEN=admin\nALLOW_ORIGIN=a.example\n");
  conf.options.auth_token = "second";
  const Cluster cluster(conf.options);
  auto client = cluster.client();
  auto url = client::parse_url(cluster.url());
  REQUIRE(url);
  url->auth_token.clear();
  client::Client stranger(*url);
  CHECK(said(client, "POST", "/authenticate") == "200 ");
  CHECK(said(stranger, "POST", "/authenticate") == "401 ");
  CHECK(said(stranger, "POST", "/authenticate?X-Auth-Token=first") == "200 ");
  CHECK(said(stranger, "POST", "/authenticate", kJson, R"({"X-Auth-Token":"first"})") == "200 ");
  CHECK(said(stranger, "GET", "/config_info") == "401 ");
  CHECK(said(stranger, "POST", "/authorize", {{"X-Admin", "admin"}}) == "401 ");
  CHECK(said(client, "POST", "/authorize") == "403 ");
  CHECK(said(client, "POST", "/authorize", {{"X-Auth-User", "admin"}}) == "403 ");
  CHECK(said(client, "POST", "/authorize", {{"X-Admin", "wrong"}}) == "403 ");
  CHECK(said(client, "POST", "/authorize", {{"X-Admin", "admin"}}) == "200 ");
  CHECK(said(client, "POST", "/authorize?X-Admin=admin") == "200 ");
  const auto allowed = client.request("GET", "/version", {{"Origin", "https://a.example"}});
  REQUIRE(allowed);
  CHECK(allowed->header("Access-Control-Allow-Origin") == "https://a.example");
  CHECK(client.request("GET", "/version", {{"Origin", "https://b.example"}})->header("Access-Control-Allow-Origin") ==
        "");
}

TEST_CASE("judge0 conf: an address that is not allowed gets an empty 403 from every route, and no socket") {
  Cluster cluster;
  // The cluster itself must be let in, so that is another gateway. Its variable comes by the environment, as in a
  // container whose env_file is judge0.conf.
  const int closed = cluster.add_gateway({"DISALLOW_IP=203.0.113.7 127.0.0.0/8"});
  auto client = cluster.client(closed);
  for (const char* target : {"/languages", "/health", "/submissions/018bcfe5-6800-4000-8000-0123456789ab", "/feed"}) {
    CAPTURE(target);
    CHECK(said(client, "GET", target) == "403 ");
  }
  CHECK(said(client, "POST", "/submissions", kJson, "{}") == "403 ");
  CHECK(said(client, "GET", "/").find("200 ") == 0);
  CHECK_FALSE(client::Stream::connect(*client::parse_url(cluster.url(closed))));
  CHECK(client::Stream::connect(*client::parse_url(cluster.url())));
}

TEST_CASE("judge0 conf: a core keeps to the size of the queue that the file gives") {
  const Conf conf("MAX_QUEUE_SIZE=2\n");
  const Cluster cluster(conf.options);
  auto client = cluster.client();
  const std::string body = json{{"language_id", 46}, {"source_code", "sleep 9"}}.dump();
  int taken = 0;
  std::string answer = "201";
  for (; answer.starts_with("201") && taken < 10; ++taken) answer = said(client, "POST", "/submissions", kJson, body);
  CHECK(answer.starts_with("503 "));
  CHECK(answer.find("queue is full") != std::string::npos);
  // One that runs and two that wait, and the one that was refused.
  CHECK(taken >= 3);
  CHECK(taken <= 4);
}

TEST_CASE("judge0 conf: what the server says of itself has Judge0's forms") {
  const Cluster cluster;
  auto client = cluster.client();
  CHECK(said(client, "GET", "/version") == "200 1.13.1");
  CHECK(said(client, "GET", "/license").find("200 MIT License") == 0);
  CHECK(said(client, "GET", "/isolate").find("200 pushjudge-sandbox ") == 0);
  CHECK(said(client, "POST", "/authenticate") == "200 ");
  CHECK(said(client, "POST", "/authorize") == "403 ");
  const auto page = client.request("GET", "/dummy-client.html");
  REQUIRE(page);
  CHECK(page->status == 302);
  CHECK(page->header("Location") == "/");
  CHECK(client.request("GET", "/docs.html")->header("Location") == "/docs");
  CHECK(client.request("GET", "/version")->header("Server").find("pushjudge/") == 0);

  const json system = json::parse(client.request("GET", "/system_info")->body);
  CHECK(system.contains("Mem"));
  CHECK(std::all_of(system.begin(), system.end(), [](const json& value) { return value.is_string(); }));

  const json active = json::parse(client.request("GET", "/languages")->body);
  const json all = json::parse(client.request("GET", "/languages/all")->body);
  const auto has = [](const json& list, int id) {
    return std::any_of(list.begin(), list.end(), [id](const json& one) { return one["id"] == id; });
  };
  CHECK(has(active, 71));
  CHECK_FALSE(has(active, 100));
  CHECK(has(all, 71));
  CHECK(has(all, 100));
  CHECK(std::is_sorted(all.begin(), all.end(), [](const json& a, const json& b) { return a["name"] < b["name"]; }));
  CHECK(std::count_if(all.begin(), all.end(), [](const json& one) { return one["is_archived"] == true; }) == 42);
  CHECK(json::parse(client.request("GET", "/languages/4")->body)["is_archived"] == true);
  CHECK(json::parse(client.request("GET", "/languages/46")->body)["is_archived"] == false);
  CHECK(json::parse(client.request("GET", "/languages/100")->body)["language"] == "python");
  for (const char* id : {"0", "-1", "99999999999999999999", "46x", "1000"}) {
    CHECK(client.request("GET", std::string("/languages/") + id)->status == 404);
  }
  const json workers = json::parse(client.request("GET", "/workers?prune_dead_workers=true")->body);
  CHECK(workers.at(0).at("failed") == 0);
}

TEST_CASE("judge0 conf: a wrong line ends each program before it begins, with the file and the line") {
  const TemporaryFolder folder;
  const std::string file = folder.file("judge0.conf");
  struct Row {
    const char* program;
    const char* line;
  };
  for (const Row& row : {Row{"pushjudge-queue", "MAX_QUEUE_SIZE=lots"}, Row{"pushjudge-api", "MAINTENANCE_MODE=maybe"},
                         Row{"pushjudge-worker", "COUNT=-1"}}) {
    CAPTURE(row.program);
    std::ofstream(file) << "# first\n" << row.line << "\n";
    const std::string log = folder.file(row.program);
    Process process({std::string(PJ_BIN_DIR) + "/" + row.program, "--judge0-conf", file}, log);
    CHECK(process.wait() != 0);
    CHECK(read_file(log).find(file + ":2: ") != std::string::npos);
  }
}

TEST_CASE("judge0 conf: maintenance goes before waiting, waiting before fields, and fields before what is sent") {
  Cluster cluster;
  const int closed = cluster.add_gateway({"MAINTENANCE_MODE=true", "MAINTENANCE_MESSAGE=Back at noon."});
  const int unwaiting = cluster.add_gateway({"ENABLE_WAIT_RESULT=false"});
  const std::string body = R"({"language_id":1})";
  auto client = cluster.client(closed);
  CHECK(said(client, "POST", "/submissions?wait=true&fields=x", kJson, body) == R"(503 {"error":"Back at noon."})");
  CHECK(said(client, "GET", "/languages").starts_with("200 "));
  auto stream = cluster.stream(closed);
  REQUIRE(stream.send({{"type", "submit"}, {"language_id", 46}, {"source_code", "echo 1"}}));
  const auto answer = stream.next_json(std::chrono::seconds(10));
  REQUIRE(answer);
  CHECK(answer->at("error") == "Back at noon.");

  auto other = cluster.client(unwaiting);
  CHECK(said(other, "POST", "/submissions?wait=true&fields=x", kJson, body) == R"(400 {"error":"wait not allowed"})");
  CHECK(said(other, "POST", "/submissions?fields=x", kJson, body) == R"(400 {"error":"invalid fields: [x]"})");
  CHECK(said(other, "POST", "/submissions", kJson, body) ==
        R"(422 {"source_code":["can't be blank"],)"
        R"("language_id":["language with id 1 is archived and cannot be used anymore"]})");
}

TEST_CASE("judge0 conf: texts are base64 without a word where the file says so") {
  const Conf conf("DISABLE_IMPLICIT_BASE64_ENCODING=false\n");
  const Cluster cluster(conf.options);
  auto client = cluster.client();
  // echo hi
  const std::string body = json{{"language_id", 46}, {"source_code", "ZWNobyBoaQ=="}}.dump();
  const auto reply = client.request("POST", "/submissions?wait=true&fields=stdout,source_code", kJson, body);
  REQUIRE(reply);
  CHECK(json::parse(reply->body) == json{{"source_code", "ZWNobyBoaQ=="}, {"stdout", "aGkK"}});
}
