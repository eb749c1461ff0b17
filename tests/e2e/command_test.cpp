// The command-line client, as a person uses it.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

struct Ran {
  int exit_code;
  std::string output;
};

Ran pushjudge_command(const Cluster& cluster, std::vector<std::string> arguments) {
  static int count = 0;
  const auto output = cluster.folder() / ("command-" + std::to_string(++count) + ".log");
  arguments.insert(arguments.begin(), std::string(PJ_BIN_DIR) + "/pushjudge");
  arguments.insert(arguments.end(), {"--url", cluster.url()});
  Process process(std::move(arguments), output);
  const int exit_code = process.wait(std::chrono::seconds(60));
  return {exit_code, read_file(output)};
}

std::string write(const Cluster& cluster, const std::string& name, const std::string& text) {
  const auto path = cluster.folder() / name;
  std::ofstream(path) << text;
  return path.string();
}

std::size_t position(const std::string& text, const std::string& part) {
  const std::size_t at = text.find(part);
  CAPTURE(text);
  CAPTURE(part);
  CHECK(at != std::string::npos);
  return at;
}

}  // namespace

TEST_CASE("command: submitting a C++ program shows its timeline, and the exit code tells the verdict") {
  ClusterOptions options;
  options.languages = {"cpp"};
  const Cluster cluster(options);
  const std::string good = write(cluster, "good.cpp", "#include <cstdio>\nint main(){ std::puts(\"hello\"); }\n");
  const Ran accepted = pushjudge_command(cluster, {"submit", good});
  CHECK(accepted.exit_code == 0);
  const std::size_t queued = position(accepted.output, "queued");
  const std::size_t started = position(accepted.output, "started");
  const std::size_t compiled = position(accepted.output, "compiled");
  const std::size_t finished = position(accepted.output, "finished");
  CHECK(queued < started);
  CHECK(started < compiled);
  CHECK(compiled < finished);
  position(accepted.output, "hello");

  const std::string bad = write(cluster, "bad.cpp", "int main( { }\n");
  const Ran rejected = pushjudge_command(cluster, {"submit", bad});
  CHECK(rejected.exit_code == 1);
  position(rejected.output, "compilation_error");
}

TEST_CASE("command: watch and get show a submission by its token") {
  const Cluster cluster;
  const std::string file = write(cluster, "a.sh", "echo from bash\n");
  const Ran sent = pushjudge_command(cluster, {"submit", file, "--no-wait"});
  REQUIRE(sent.exit_code == 0);
  const std::string token = sent.output.substr(0, 36);
  const Ran watched = pushjudge_command(cluster, {"watch", token});
  CHECK(watched.exit_code == 0);
  position(watched.output, "from bash");
  const Ran got = pushjudge_command(cluster, {"get", token});
  CHECK(got.exit_code == 0);
  position(got.output, "\"verdict\": \"accepted\"");
}

TEST_CASE("command: compare has each way see every result, pushed ones with fewer requests than polled ones") {
  ClusterOptions options;
  options.slots = 2;
  options.languages = {"bash"};
  const Cluster cluster(options);
  const std::string figures = (cluster.folder() / "figures.json").string();
  const std::string chart = (cluster.folder() / "chart.svg").string();
  const Ran ran =
      pushjudge_command(cluster, {"compare", "--runs", "2", "--concurrency", "2", "--json", figures, "--chart", chart});
  CAPTURE(ran.output);
  REQUIRE(ran.exit_code == 0);
  const json found = json::parse(read_file(figures));
  CAPTURE(found.dump(2));
  std::map<std::string, json> ways;
  for (const json& way : found.at("ways")) ways[way.at("way")] = way;
  REQUIRE(ways.size() == 7);
  const std::string svg = read_file(chart);
  for (const auto& [name, way] : ways) {
    CAPTURE(name);
    CHECK(way.at("results") == 2);
    CHECK(way.at("missed") == 0);
    CHECK(way.at("received_bytes") > 200);
    CHECK(way.at("server_cpu_ms") > 0);
    // The core's clock is this one, and what it says is cut off to whole milliseconds.
    CHECK(way.at("late_p50_ms") >= 0);
    CHECK(way.at("late_p50_ms") < 10'000);
    position(ran.output, name);
    position(svg, ">" + name + "<");
  }
  CHECK(found.at("clock_ahead_ms") == 0);
  CHECK(found.at("clock_off_ms") == 0);
  // A socket is opened once by each client, and each has one result.
  CHECK(ways["websocket"].at("requests") == 1);
  CHECK(ways["server-sent events"].at("requests") == 1);
  CHECK(ways["long poll"].at("requests") == 1);
  // The jobs take 0.3 and 0.9 s, and the first request comes at once.
  CHECK(ways["poll every 100 ms"].at("requests") >= 7);
  CHECK(ways["poll every 1000 ms"].at("requests") >= 2);
  CHECK(ways["check every 1000 ms"].at("requests") >= 2);
}

TEST_CASE("command: what cannot be done is said in a line, with an exit code of its own") {
  const Cluster cluster;
  CHECK(pushjudge_command(cluster, {"submit", "/nonexistent.cpp"}).exit_code == 2);
  CHECK(pushjudge_command(cluster, {"get", "no-token"}).exit_code == 2);
  const std::string odd = write(cluster, "a.odd", "x");
  const Ran unknown = pushjudge_command(cluster, {"submit", odd});
  CHECK(unknown.exit_code == 2);
  CHECK_FALSE(unknown.output.empty());
  CHECK(pushjudge_command(cluster, {"compare", "--source", "/nonexistent.cpp"}).exit_code == 2);
  CHECK(pushjudge_command(cluster, {"compare", "--runs", "0"}).exit_code == 2);
}

TEST_CASE("command: what packages call themselves does not reach the terminal as an order to it") {
  const Cluster cluster;
  const auto package = cluster.folder() / "red";
  for (const auto* folder : {"data/sample", "data/secret", "problem_statement", "submissions/accepted"}) {
    std::filesystem::create_directories(package / folder);
  }
  write(cluster, "red/problem.yaml", "name: \"\\e[31mred\"\nlimits: {time_limit: 1}\n");
  write(cluster, "red/problem_statement/problem.en.md", "Say it.\n");
  write(cluster, "red/submissions/accepted/a.py", "print(1)\n");
  for (const auto* name : {"sample/1", "secret/1"}) {
    write(cluster, std::string("red/data/") + name + ".in", "1\n");
    write(cluster, std::string("red/data/") + name + ".ans", "1\n");
  }
  const Ran added = pushjudge_command(cluster, {"problem", "add", "--no-check", package.string()});
  CAPTURE(added.output);
  REQUIRE(added.exit_code == 0);
  const Ran listed = pushjudge_command(cluster, {"problem", "list"});
  position(listed.output, "?[31mred");
  CHECK(listed.output.find('\x1b') == std::string::npos);

  write(cluster, "red/data/secret/\x1b[2J.in", "1\n");
  const Ran refused = pushjudge_command(cluster, {"problem", "add", "--no-check", package.string()});
  CHECK(refused.exit_code == 2);
  position(refused.output, "?[2J");
  CHECK(refused.output.find('\x1b') == std::string::npos);
}
