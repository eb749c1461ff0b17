// pushjudge problem import, as whoever has a collection uses it.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

struct Imported {
  int exit_code;
  std::string output;
  std::vector<json> report;

  const json& row(std::size_t line) const {
    for (const json& one : report) {
      if (one.at("line") == line) return one;
    }
    FAIL("no row of line ", line);
    return report.front();
  }
};

Imported import_lines(const std::string& url, const fs::path& folder, const std::vector<std::string>& lines,
                      const std::vector<std::string>& more = {}) {
  {
    std::ofstream file(folder / "collection.jsonl");
    for (const std::string& line : lines) file << line << "\n";
  }
  const auto report = folder / "report.jsonl";
  fs::remove(report);
  std::vector<std::string> arguments = {std::string(PJ_BIN_DIR) + "/pushjudge",
                                        "problem",
                                        "import",
                                        (folder / "collection.jsonl").string(),
                                        "--report",
                                        report.string(),
                                        "--url",
                                        url};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Process process(std::move(arguments), folder / "import.log");
  Imported imported{process.wait(std::chrono::seconds(120)), read_file(folder / "import.log"), {}};
  std::istringstream rows(fs::exists(report) ? read_file(report) : "");
  for (std::string row; std::getline(rows, row);) imported.report.push_back(json::parse(row));
  return imported;
}

constexpr const char* kTwice = "class Solution:\n    def twice(self, n):\n        return n * 2\n";
constexpr const char* kThrice = "class Solution:\n    def twice(self, n):\n        return n * 3\n";

json twice(const std::string& slug, const std::string& solution = kTwice) {
  return {{"slug", slug},
          {"title", "Twice " + slug},
          {"metadata",
           {{"name", "twice"}, {"params", {{{"name", "n"}, {"type", "integer"}}}}, {"return", {{"type", "integer"}}}}},
          {"tests", {{{"args", {2}}, {"expected", 4}}, {{"input", "n = -3"}, {"expected", -6}}}},
          {"limits", {{"time_limit", 5}}},
          {"solutions", {{"python3", solution}}}};
}

}  // namespace

TEST_CASE("problem import: what is accepted is published, and each line that cannot be taken is told with its reason") {
  const Cluster cluster;
  json without_solutions = twice("unsolved");
  without_solutions.erase("solutions");
  json text_metadata = twice("from-a-dump");
  text_metadata["metadata"] = text_metadata["metadata"].dump();
  text_metadata["difficulty"] = "Easy";
  json wrong_type = twice("wrong-type");
  wrong_type["tests"][1] = {{"args", {"x"}}, {"expected", 1}};
  const auto imported = import_lines(
      cluster.url(), cluster.folder(),
      {twice("one").dump(), "no json", "", twice("Bad Slug").dump(), twice("one").dump(), wrong_type.dump(),
       without_solutions.dump(), twice("thrice", kThrice).dump(), text_metadata.dump()});
  CAPTURE(imported.output);
  CHECK(imported.exit_code == 2);
  CHECK(cluster.published() == std::vector<std::string>{"from-a-dump", "one"});
  REQUIRE(imported.report.size() == 8);
  CHECK(imported.row(1).at("status") == "published");
  CHECK(imported.row(1).at("submissions")[0].at("verdict") == "accepted");
  CHECK(imported.row(2).at("reason") == "it is no JSON");
  CHECK(imported.row(4).at("reason").get<std::string>().starts_with("slug: "));
  CHECK(imported.row(5).at("reason") == "slug: it was there before in this file");
  CHECK(imported.row(6).at("reason").get<std::string>().starts_with("tests[1]: args[0]: expected an integer"));
  CHECK(imported.row(7).at("reason") == "solutions: there are none to verify it with");
  CHECK(imported.row(8).at("reason").get<std::string>().starts_with("solutions.python is wrong_answer at sample/1"));
  CHECK(imported.row(9).at("status") == "published");
  CHECK(imported.output.find("line 2: it is no JSON") != std::string::npos);
  CHECK(imported.output.find("2 published, 6 not taken, of 8") != std::string::npos);
  CHECK(imported.output.find("not looked at: difficulty") != std::string::npos);
}

TEST_CASE("problem import: many problems are verified in one go, and only a wrong solution makes it end with 1") {
  const Cluster cluster({.workers = 2});
  std::vector<std::string> lines;
  for (int i = 0; i < 40; ++i) lines.push_back(twice("p" + std::to_string(i), i == 7 ? kThrice : kTwice).dump());
  const auto imported = import_lines(cluster.url(), cluster.folder(), lines);
  CAPTURE(imported.output);
  CHECK(imported.exit_code == 1);
  CHECK(cluster.published().size() == 39);
  CHECK(imported.output.find("39 published, 1 not taken, of 40") != std::string::npos);
}

TEST_CASE("problem import: without verifying, and with packages written of what is taken") {
  const Cluster cluster({.workers = 0});
  const auto packages = (cluster.folder() / "packages").string();
  const auto imported = import_lines(cluster.url(), cluster.folder(), {twice("one", kThrice).dump()},
                                     {"--no-verify", "--packages", packages});
  CAPTURE(imported.output);
  CHECK(imported.exit_code == 0);
  CHECK(cluster.published() == std::vector<std::string>{"one"});
  CHECK(fs::exists(packages + "/one/function.yaml"));
  CHECK(fs::exists(packages + "/one/submissions/accepted/solution.py"));
  // What is there already is not written over.
  const auto again =
      import_lines(cluster.url(), cluster.folder(), {twice("one").dump()}, {"--no-verify", "--packages", packages});
  CHECK(again.exit_code == 2);
  CHECK(again.row(1).at("reason").get<std::string>().find("is there already") != std::string::npos);
}

TEST_CASE("problem import: where nobody judges nothing is published") {
  const Cluster cluster({.workers = 0});
  const auto imported = import_lines(cluster.url(), cluster.folder(), {twice("one").dump()});
  CHECK(imported.exit_code == 2);
  CHECK(imported.row(1).at("reason") == "solutions: no worker offers a language of theirs");
  CHECK(cluster.published().empty());
}

TEST_CASE("problem import: a file that is not there, and a gateway that is not, end it with a word") {
  const Cluster cluster({.workers = 0});
  Process missing({std::string(PJ_BIN_DIR) + "/pushjudge", "problem", "import", "/nowhere.jsonl"},
                  cluster.folder() / "missing.log");
  CHECK(missing.wait(std::chrono::seconds(20)) == 2);
  const auto imported = import_lines("http://127.0.0.1:1", cluster.folder(), {twice("one").dump()});
  CHECK(imported.exit_code == 3);
}

TEST_CASE("problem import: a core that is started anew meanwhile costs no problem") {
  Cluster cluster({.workers = 2});
  std::vector<std::string> lines;
  for (int i = 0; i < 60; ++i) lines.push_back(twice("p" + std::to_string(i)).dump());
  {
    std::ofstream file(cluster.folder() / "collection.jsonl");
    for (const std::string& line : lines) file << line << "\n";
  }
  const auto report = cluster.folder() / "report.jsonl";
  Process process(
      {std::string(PJ_BIN_DIR) + "/pushjudge", "problem", "import", (cluster.folder() / "collection.jsonl").string(),
       "--report", report.string(), "--url", cluster.url()},
      cluster.folder() / "import.log");
  // Once the first is published, others are being judged.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (cluster.published().empty() && std::chrono::steady_clock::now() < until) {
  }
  cluster.restart_core();
  CHECK(process.wait(std::chrono::seconds(120)) == 0);
  CAPTURE(read_file(cluster.folder() / "import.log"));
  CHECK(cluster.published().size() == 60);
}

TEST_CASE("problem import: who may not publish hears of it once") {
  ClusterOptions options;
  options.workers = 0;
  options.auth_token = "open";
  options.gateway_arguments = {"--auth-token", "open", "--authz-token", "admin"};
  const Cluster cluster(options);
  const std::vector<std::string> lines = {twice("one").dump(), twice("two").dump()};
  const auto imported = import_lines(cluster.url(), cluster.folder(), lines, {"--auth-token", "open", "--no-verify"});
  CAPTURE(imported.output);
  CHECK(imported.exit_code == 2);
  CHECK(imported.report.empty());
  CHECK(imported.output.find("the gateway takes no problems") != std::string::npos);
  const auto allowed = import_lines(cluster.url(), cluster.folder(), lines,
                                    {"--auth-token", "open", "--authz-token", "admin", "--no-verify"});
  CHECK(allowed.exit_code == 0);
}
