// Function problems as clients see them: what one begins with, trials, LeetCode's requests, and how others did.

#include <doctest/doctest.h>

#include <fstream>
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

constexpr int kPythonId = 71;
constexpr const char* kInputs = "2\n3\n-4\n";
constexpr const char* kAnswers = "4\n6\n-8\n";
constexpr const char* kReference = "class Solution:\n    def twice(self, n: int) -> int:\n        return n + n\n";
constexpr const char* kWrong =
    "class Solution:\n    def twice(self, n: int) -> int:\n        print('n is', n)\n        return n * n\n";

// "twice", of three tests, the first of them a sample.
Problem twice(bool with_reference = true) {
  Problem problem = small_problem("twice", kInputs, kAnswers);
  problem.languages = {"python"};
  const ProblemTest test = problem.tests.at(0);
  problem.tests.assign(3, test);
  for (std::uint32_t i = 0; i < 3; ++i) {
    problem.tests[i].name = "secret/" + std::to_string(i + 1);
    problem.tests[i].index = i;
  }
  problem.samples = {{"1", "2\n", "4\n", ""}};
  FunctionTask task;
  task.signature.function = {
      "twice", {{"n", Type{pushjudge::Scalar::integer, {}}}}, Type{pushjudge::Scalar::integer, {}}};
  if (with_reference) task.reference = ReferenceSolution{"python", blob_of(kReference)};
  problem.function = std::move(task);
  return problem;
}

void publish_function(const Cluster& cluster, const Problem& problem) {
  auto client = cluster.client();
  const client::Headers octets{{"Content-Type", "application/octet-stream"}};
  for (const std::string bytes : {kInputs, kAnswers, kReference}) {
    const auto stored = client.request("PUT", "/blobs/" + to_hex(digest_of(bytes)), octets, bytes);
    REQUIRE(stored);
    REQUIRE_MESSAGE(stored->status == 204, stored->body);
  }
  const auto added = client.request("POST", "/problems", octets, encode(problem));
  REQUIRE(added);
  REQUIRE_MESSAGE(added->status == 201, added->body);
}

json pushed_end(const Cluster& cluster, const json& accepted) {
  auto stream = cluster.stream();
  return watch(stream, accepted).last();
}

json asked(const Cluster& cluster, std::string_view method, const std::string& target, const json& body = {}) {
  auto client = cluster.client();
  const auto reply =
      client.request(method, target, {{"Content-Type", "application/json"}}, body.is_null() ? "" : body.dump());
  REQUIRE(reply);
  REQUIRE_MESSAGE(reply->status == 200, reply->body);
  return json::parse(reply->body);
}

json polled_end(const Cluster& cluster, const std::string& id) {
  json shown;
  REQUIRE(eventually([&] {
    shown = asked(cluster, "GET", "/submissions/detail/" + id + "/check/");
    return shown.at("state") == "SUCCESS";
  }));
  return shown;
}

json trial(const std::string& source, const std::string& tests) {
  return {{"language_id", kPythonId}, {"source_code", source}, {"problem", "twice"}, {"stdin", tests}};
}

}  // namespace

TEST_CASE("function: a solution is judged, counted, and told by push and poll alike how others did") {
  const Cluster cluster;
  publish_function(cluster, twice());
  const json sent = {{"language_id", kPythonId}, {"source_code", kReference}, {"problem", "twice"}};
  for (const bool first : {true, false}) {
    const json accepted = cluster.submit(sent);
    const json last = pushed_end(cluster, accepted);
    CAPTURE(last.dump());
    CHECK(last["verdict"] == "accepted");
    CHECK(last["tests_total"] == 3);
    CHECK(last["total_correct"] == 3);
    CHECK(last["compare_result"] == "111");
    REQUIRE(last["runtime_percentile"].is_number());
    if (first) CHECK(last["runtime_percentile"] == 100);
    if (first) CHECK(last["memory_percentile"] == 100);
    const auto polled = cluster.client().get(accepted.at("token").get<std::string>());
    REQUIRE(polled);
    CHECK(polled->at("runtime_percentile") == last["runtime_percentile"]);
    CHECK(polled->at("memory_percentile") == last["memory_percentile"]);
  }
}

TEST_CASE("function: a trial shows each test beside what is right, and counts for nothing") {
  const Cluster cluster;
  publish_function(cluster, twice());
  const json last = pushed_end(cluster, cluster.submit(trial(kWrong, "2\nn = 5\n0")));
  CAPTURE(last.dump());
  CHECK(last["verdict"] == "wrong_answer");
  CHECK(last["compare_result"] == "101");
  REQUIRE(last["tests"].size() == 3);
  CHECK(last["tests"][1]["input"] == "5\n");
  CHECK(last["tests"][1]["expected"] == "10");
  CHECK(last["tests"][1]["output"] == "25");
  CHECK(last["tests"][1]["stdout"] == "n is 5\n");
  const json right = pushed_end(cluster, cluster.submit(trial(kReference, "7")));
  CHECK(right["verdict"] == "accepted");
  CHECK(right["runtime_percentile"].is_null());
}

TEST_CASE("function: a client of LeetCode's submits, tries and asks") {
  const Cluster cluster;
  publish_function(cluster, twice());
  const json problem = asked(cluster, "GET", "/problems/twice");
  const json& snippets = problem.at("function").at("code_snippets");
  REQUIRE(snippets.size() == 1);
  CHECK(snippets[0]["lang"] == "python3");
  CHECK(snippets[0]["code"].get<std::string>().find("def twice(self, n: int) -> int:") != std::string::npos);
  CHECK(problem.at("function").at("example_test_cases") == "2\n");

  const json solution = {{"lang", "python3"}, {"typed_code", kReference}, {"question_id", "1"}};
  const json submitted = asked(cluster, "POST", "/problems/twice/submit/", solution);
  json shown = polled_end(cluster, submitted.at("submission_id"));
  CAPTURE(shown.dump());
  CHECK(shown["status_code"] == 10);
  CHECK(shown["status_msg"] == "Accepted");
  CHECK(shown["total_correct"] == 3);
  CHECK(shown["total_testcases"] == 3);
  CHECK(shown["runtime_percentile"] == 100);
  CHECK(shown["lang"] == "python3");

  const json wrong = {{"lang", "python3"}, {"typed_code", kWrong}};
  shown = polled_end(cluster, asked(cluster, "POST", "/problems/twice/submit", wrong).at("submission_id"));
  CAPTURE(shown.dump());
  CHECK(shown["status_code"] == 11);
  CHECK(shown["compare_result"] == "100");
  CHECK(shown["last_testcase"] == "3");
  CHECK(shown["expected_output"] == "6");
  CHECK(shown["code_output"] == "9");
  CHECK(shown["std_output"] == "n is 3\n");

  const json tried = {{"lang", "python3"}, {"typed_code", kWrong}, {"data_input", "2\n5"}};
  const json interpreted = asked(cluster, "POST", "/problems/twice/interpret_solution/", tried);
  CHECK(interpreted["test_case"] == "2\n5");
  shown = polled_end(cluster, interpreted.at("interpret_id"));
  CAPTURE(shown.dump());
  CHECK(shown["status_code"] == 10);
  CHECK(shown["correct_answer"] == false);
  CHECK(shown["code_answer"] == json({"4", "25"}));
  CHECK(shown["expected_code_answer"] == json({"4", "10"}));
  CHECK(shown["std_output_list"] == json({"n is 2\n", "n is 5\n"}));

  const json broken = {{"lang", "python3"}, {"typed_code", "class Solution:\n    def twice(self, n):\n        n[0]"}};
  shown = polled_end(cluster, asked(cluster, "POST", "/problems/twice/submit", broken).at("submission_id"));
  CAPTURE(shown.dump());
  CHECK(shown["status_code"] == 15);
  CHECK(shown["full_runtime_error"].get<std::string>().find("TypeError") != std::string::npos);
}

TEST_CASE("function: the command tries a solution with test cases from a file, and shows each") {
  const Cluster cluster;
  publish_function(cluster, twice());
  const auto command = [&](std::vector<std::string> arguments, int exit_code) {
    arguments.insert(arguments.begin(), {std::string(PJ_BIN_DIR) + "/pushjudge", "submit", "--problem", "twice"});
    arguments.insert(arguments.end(), {"--url", cluster.url()});
    const auto output = cluster.folder() / "command.log";
    Process process(std::move(arguments), output);
    CHECK(process.wait(std::chrono::seconds(60)) == exit_code);
    return read_file(output);
  };
  const auto file = [&](const std::string& name, const std::string& text) {
    std::ofstream(cluster.folder() / name) << text;
    return (cluster.folder() / name).string();
  };
  const std::string wrong = file("wrong.py", kWrong);
  std::string shown = command({wrong, "--test-cases", file("cases.txt", "2\n5\n")}, 1);
  CAPTURE(shown);
  CHECK(shown.find("accepted\ninput: 2\nexpected: 4\noutput: 4\nstdout: n is 2\n") != std::string::npos);
  CHECK(shown.find("wrong_answer\ninput: 5\nexpected: 10\noutput: 25\nstdout: n is 5\n") != std::string::npos);
  shown = command({wrong, "--test-cases", file("bad.txt", "two\n")}, 2);
  CHECK(shown.find("is no test of the problem") != std::string::npos);
  shown = command({file("right.py", kReference)}, 0);
  CHECK(shown.find("faster than 100.0%, less memory than 100.0%") != std::string::npos);
}
