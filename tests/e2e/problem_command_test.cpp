// pushjudge problem, as an author of problems uses it.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

struct Ran {
  int exit_code;
  std::string output;
};

Ran pushjudge_command(const std::string& url, const fs::path& folder, std::vector<std::string> arguments) {
  static int count = 0;
  const auto output = folder / ("problem-command-" + std::to_string(++count) + ".log");
  arguments.insert(arguments.begin(), std::string(PJ_BIN_DIR) + "/pushjudge");
  arguments.insert(arguments.end(), {"--url", url});
  Process process(std::move(arguments), output);
  const int exit_code = process.wait(std::chrono::seconds(120));
  return {exit_code, read_file(output)};
}

Ran problem_command(const std::string& url, const fs::path& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "problem");
  return pushjudge_command(url, folder, std::move(arguments));
}

using Files = std::map<std::string, std::string>;

// "double the number", with all that belongs to it.
Files doubling() {
  return {
      {"problem.yaml",
       "problem_format_version: 2023-07-draft\nname: Double\nuuid: 2b0f4d51-6b2a-4c0e-9b1c-0d4f3d1a7e11\n"
       "limits:\n  time_limit: 1.0\n  memory: 256\n"},
      {"statement/problem.en.md", "Print *twice* the number.\n"},
      {"data/sample/1.in", "1\n"},
      {"data/sample/1.ans", "2\n"},
      {"data/secret/1.in", "-4\n"},
      {"data/secret/1.ans", "-8\n"},
      {"data/secret/2.in", "1000\n"},
      {"data/secret/2.ans", "2000\n"},
      {"input_validators/check.py", "import sys\nint(sys.stdin.read())\nsys.exit(42)\n"},
      {"submissions/accepted/right.py", "print(int(input()) * 2)\n"},
      {"submissions/wrong_answer/positive.py", "print(abs(int(input())) * 2)\n"},
      {"submissions/run_time_error/crashes.py", "n = int(input())\nprint(n * 2 if n < 9 else n / 0)\n"},
  };
}

constexpr const char* kTrustingChecker =
    "import sys\nsys.exit(42 if sys.stdin.read().split() == open(sys.argv[2]).read().split() else 43)\n";

std::string write(const Cluster& cluster, const std::string& name, const Files& files) {
  const auto folder = cluster.folder() / name;
  for (const auto& [path, text] : files) {
    fs::create_directories((folder / path).parent_path());
    std::ofstream(folder / path) << text;
  }
  return folder.string();
}

// Runs it on a package of this name.
Ran run_on(const Cluster& cluster, const std::string& action, const std::string& name, const Files& files) {
  return problem_command(cluster.url(), cluster.folder(), {action, write(cluster, name, files)});
}

bool holds(const Ran& ran, const std::string& part) {
  CAPTURE(ran.output);
  CAPTURE(part);
  const bool found = ran.output.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEST_CASE("problem command: what is as it says is published, listed, shown and taken back") {
  const Cluster cluster;
  const auto added = run_on(cluster, "add", "double", doubling());
  CAPTURE(added.output);
  CHECK(added.exit_code == 0);
  holds(added, "accepted/right.py");
  holds(added, "published: double@");
  CHECK(cluster.published() == std::vector<std::string>{"double"});
  auto client = cluster.client();
  const auto shown = client.request("GET", "/problems/double");
  REQUIRE(shown);
  const json problem = json::parse(shown->body);
  CHECK(problem.at("statements")[0].at("html").get<std::string>().find("<em>twice</em>") != std::string::npos);
  CHECK(problem.at("samples")[0].at("output") == "2\n");
  CHECK(problem.at("limits").at("time") == 1.0);
  holds(problem_command(cluster.url(), cluster.folder(), {"list"}), "double  Double");

  const auto right = (cluster.folder() / "double/submissions/accepted/right.py").string();
  const auto submitted = pushjudge_command(cluster.url(), cluster.folder(), {"submit", right, "--problem", "double"});
  CHECK(submitted.exit_code == 0);
  holds(submitted, "accepted  0.");

  CHECK(problem_command(cluster.url(), cluster.folder(), {"remove", "double"}).exit_code == 0);
  CHECK(cluster.published().empty());
  CHECK(problem_command(cluster.url(), cluster.folder(), {"remove", "double"}).exit_code == 2);
}

TEST_CASE("problem command: a submission that comes to something else is told, and nothing is published") {
  const Cluster cluster;
  auto files = doubling();
  files["submissions/accepted/wrong.py"] = "print(int(input()) * 3)\n";
  const auto added = run_on(cluster, "add", "double", files);
  CHECK(added.exit_code == 1);
  holds(added, "MISMATCH accepted/wrong.py: sample/1 is wrong_answer");
  holds(added, "not published");
  CHECK(cluster.published().empty());
  CHECK(run_on(cluster, "check", "double", files).exit_code == 1);
}

TEST_CASE("problem command: a package that is wrong is refused by file and line, and nothing is published") {
  const Cluster cluster({.workers = 0});
  struct Row {
    const char* name;
    const char* file;
    const char* text;
    const char* said;
  };
  const Row rows[] = {
      {"yaml", "problem.yaml", "name: Double\nlimits: [1, 2\n", "problem.yaml:3"},
      {"key", "problem.yaml",
       "problem_format_version: 2023-07-draft\nname: Double\nuuid: 2b0f4d51-6b2a-4c0e-9b1c-0d4f3d1a7e11\ntime: 3\n",
       "problem.yaml:4"},
      {"limit", "problem.yaml", "name: Double\nlimits:\n  memory: lots\n", "problem.yaml:3"},
      {"flag", "data/secret/test_group.yaml", "output_validator_args: [float_tolerance]\n",
       "data/secret/test_group.yaml:1"},
      {"orphan", "data/secret/3.in", "7\n", "data/secret/3.in"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    auto files = doubling();
    files[row.file] = row.text;
    const auto ran = run_on(cluster, "add", row.name, files);
    CHECK(ran.exit_code == 2);
    holds(ran, row.said);
  }
  auto files = doubling();
  files.erase("data/secret/2.ans");
  auto ran = run_on(cluster, "add", "missing", files);
  CHECK(ran.exit_code == 2);
  holds(ran, "data/secret/2.in: there is no 2.ans beside it");
  files["submissions/accepted/right.zzz"] = "?\n";
  files.erase("submissions/accepted/right.py");
  ran = run_on(cluster, "add", "nobody", files);
  CHECK(ran.exit_code == 2);
  holds(ran, "submissions/accepted: there is no accepted submission");

  const std::string large = write(cluster, "large", doubling());
  fs::resize_file(fs::path(large) / "data/secret/2.ans", (32U << 20) + 1);
  ran = problem_command(cluster.url(), cluster.folder(), {"add", large});
  CHECK(ran.exit_code == 2);
  holds(ran, "data/secret/2.ans");
  CHECK(cluster.published().empty());

  // Where nobody judges nothing shows that it is as it says.
  ran = run_on(cluster, "add", "unjudged", doubling());
  CHECK(ran.exit_code == 1);
  holds(ran, "no submission in accepted/ could be judged");
  CHECK(cluster.published().empty());
}

TEST_CASE("problem command: a validator that crashes or loops is told, and nothing is published") {
  const Cluster cluster;
  auto with_checker = [](const std::string& source) {
    auto files = doubling();
    files["problem.yaml"] += "  validation_time: 1\n";
    files["output_validator/check.py"] = source;
    return files;
  };
  CHECK(run_on(cluster, "check", "sound", with_checker(kTrustingChecker)).exit_code == 0);
  auto ran = run_on(cluster, "add", "crashes", with_checker("raise Exception('oh no')\n"));
  CHECK(ran.exit_code == 1);
  holds(ran, "exit code 1");
  holds(ran, "oh no");
  ran = run_on(cluster, "add", "loops", with_checker("while True: pass\n"));
  CHECK(ran.exit_code == 1);
  holds(ran, "it took too long");

  auto files = doubling();
  files["input_validators/check.py"] = "raise Exception('no')\n";
  ran = run_on(cluster, "add", "input-crashes", files);
  CHECK(ran.exit_code == 1);
  holds(ran, "input_validators/check.py");
  CHECK(cluster.published().empty());
}

TEST_CASE("problem command: a time limit that the package does not say follows from its submissions") {
  const Cluster cluster;
  auto files = doubling();
  files["problem.yaml"] = "name: Double\nlimits:\n  memory: 256\n  time_multiplier: 5\n";
  files["submissions/accepted/right.py"] =
      "import time\nn = int(input())\nwhile time.process_time() < 0.5: pass\nprint(n * 2)\n";
  files.erase("statement/problem.en.md");
  files["problem_statement/problem.en.md"] = "Print twice the number.\n";
  const auto ran = run_on(cluster, "add", "double", files);
  CAPTURE(ran.output);
  CHECK(ran.exit_code == 0);
  holds(ran, "accepted/right.py, takes 0.5");
  auto client = cluster.client();
  const auto shown = client.request("GET", "/problems/double");
  REQUIRE(shown);
  CHECK(json::parse(shown->body).at("limits").at("time") == 3.0);
}

TEST_CASE("problem command: without a gateway there is nothing to be published at") {
  const Cluster cluster({.workers = 0});
  const auto folder = write(cluster, "double", doubling());
  CHECK(problem_command("http://127.0.0.1:1", cluster.folder(), {"add", folder}).exit_code == 3);
}
