// What importing a collection costs: a thousand function problems, made here, each verified by its solutions and
// published by one `pushjudge problem import`; beside the same kind of problems added one by one as packages, which
// waits for each.

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/figures.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace pushjudge::bench {
namespace {

using nlohmann::json;
using testing::eventually;
using testing::Process;
namespace fs = std::filesystem;

constexpr unsigned kProblems = 1'000;
constexpr unsigned kRounds = 5;
constexpr unsigned kAlone = 10;     // that are added one by one, in each round
constexpr unsigned kCppEvery = 10;  // have a solution in C++ too: compiling takes a second of a core
constexpr int kTestsEach = 20;
constexpr std::chrono::minutes kDeadline{60};

json parameter(const char* name, const char* type) {
  return {{"name", name}, {"type", type}};
}

// A family of problems that differ by a number.
struct Family {
  const char* type;  // of the one parameter, and of the answer
  const char* python;
  const char* cpp;
  json (*input)(int test);
  json (*answer)(const json& input, int number);
};

json some_numbers(int test) {
  json all = json::array();
  for (int i = 0; i < 1 + test % 9; ++i) all.push_back((i * 37 + test * 11) % 100);
  return all;
}

const std::vector<Family>& families() {
  static const std::vector<Family> kFamilies = {
      {"integer", "return x * NUMBER + 1", "return x * NUMBER + 1;", [](int test) { return json(test * 7); },
       [](const json& input, int number) { return json(input.get<int>() * number + 1); }},
      {"integer[]", "return [n + NUMBER for n in x]", "for (int& n : x) n += NUMBER; return x;", some_numbers,
       [](const json& input, int number) {
         json all = json::array();
         for (const json& one : input) all.push_back(one.get<int>() + number);
         return all;
       }},
      {"string", "return x + 'a' * (NUMBER % 7)", "return x + string(NUMBER % 7, 'a');",
       [](int test) { return json(std::string(static_cast<std::size_t>(test), 'z')); },
       [](const json& input, int number) {
         return json(input.get<std::string>() + std::string(static_cast<std::size_t>(number % 7), 'a'));
       }},
      {"ListNode", "return ListNode(NUMBER, x)", "return new ListNode(NUMBER, x);", some_numbers,
       [](const json& input, int number) {
         json all = json::array({number});
         for (const json& one : input) all.push_back(one);
         return all;
       }},
      {"integer[][]", "return x[::-1] + [[NUMBER]]", "reverse(x.begin(), x.end()); x.push_back({NUMBER}); return x;",
       [](int test) {
         return json::array({some_numbers(test), json::array({test})});
       },
       [](const json& input, int number) {
         return json::array({input[1], input[0], json::array({number})});
       }}};
  return kFamilies;
}

std::string with_number(std::string text, int number) {
  for (std::size_t at = 0; (at = text.find("NUMBER", at)) != std::string::npos;) {
    text.replace(at, 6, std::to_string(number));
  }
  return text;
}

const char* cpp_type(const std::string& type) {
  if (type == "integer") return "int";
  if (type == "integer[]") return "vector<int>";
  if (type == "string") return "string";
  if (type == "ListNode") return "ListNode*";
  return "vector<vector<int>>";
}

json problem_line(const std::string& slug, unsigned index) {
  const Family& family = families()[index % families().size()];
  const int number = static_cast<int>(index) + 2;
  json tests = json::array();
  for (int test = 0; test < kTestsEach; ++test) {
    const json input = family.input(test);
    tests.push_back({{"args", json::array({input})}, {"expected", family.answer(input, number)}});
  }
  json solutions = {
      {"python",
       with_number(std::string("class Solution:\n    def solve(self, x):\n        ") + family.python + "\n", number)}};
  if (index % kCppEvery == 0) {
    const std::string type = cpp_type(family.type);
    const std::string taken = type.starts_with("vector") ? type + "&" : type;
    solutions["cpp"] = with_number(
        "class Solution {\npublic:\n    " + type + " solve(" + taken + " x) { " + family.cpp + " }\n};\n", number);
  }
  return {{"slug", slug},
          {"metadata",
           {{"name", "solve"},
            {"params", json::array({parameter("x", family.type)})},
            {"return", {{"type", family.type}}}}},
          {"tests", tests},
          {"limits", {{"time_limit", 10}, {"memory_mib", 512}}},
          {"solutions", solutions}};
}

class ImportBench {
 public:
  explicit ImportBench(const Options& options) : options_(options), file_(options.json) {
    start("core", {bin("pushjudge-queue"), "--data", folder_.file("data")});
    const std::string queue = "ipc://" + folder_.file("data") + "/run";
    start("gateway", {bin("pushjudge-api"), "--queue", queue, "--port", "0", "--port-file", folder_.file("port")});
    for (const char* name : {"worker-1", "worker-2"})
      start(name, {bin("pushjudge-worker"), "--queue", queue, "--name", name});
    const auto has_port = [this] { return !testing::read_file(folder_.path() / "port").empty(); };
    if (!eventually(has_port)) throw std::runtime_error("the gateway did not start");
    url_ = "http://127.0.0.1:" + testing::read_file(folder_.path() / "port");
    url_.erase(url_.find_last_not_of(" \n") + 1);
    command({"health", "--workers", "2", "--wait", "60"});
  }
  ~ImportBench() {
    for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
      part->signal(SIGTERM);
      part->wait();
    }
  }

  void run() {
    double alone_s = 0;
    double imported_s = 0;
    // By turns, so that whatever else the machine does disturbs both alike.
    const unsigned each = (options_.runs + kRounds - 1) / kRounds;
    for (unsigned round = 0; round < kRounds; ++round) {
      const std::string number = std::to_string(round);
      write_lines("alone-" + number, kAlone);
      write_lines("problem-" + number, each);
      const std::string packages = folder_.file("packages-" + number);
      command({"problem", "import", folder_.file("alone-" + number + ".jsonl"), "--no-verify", "--packages", packages});
      alone_s += command({"problem", "add", packages});
      imported_s += command({"problem", "import", folder_.file("problem-" + number + ".jsonl")});
    }
    const double alone = kRounds * kAlone / alone_s;
    const double imported = kRounds * each / imported_s;
    std::printf("%u problems of %d tests, each solved in Python, every %uth in C++ too; two workers\n\n",
                kRounds * each, kTestsEach, kCppEvery);
    std::printf("%-22s %12s %8s\n", "", "problems/s", "ratio");
    std::printf("%-22s %12.1f %8.2f\n", "add, one by one", alone, 1.0);
    std::printf("%-22s %12.1f %8.2f\n", "import", imported, imported / alone);
    file_.write({"import", "import", "functions", "problems_per_s", imported, "add", alone});
  }

 private:
  static std::string bin(const std::string& name) { return PJ_BIN_DIR "/" + name; }

  void start(const std::string& name, std::vector<std::string> argv) {
    parts_.emplace_back(std::move(argv), folder_.path() / (name + ".log"));
  }

  void write_lines(const std::string& name, unsigned count) const {
    std::ofstream lines(folder_.file(name + ".jsonl"));
    for (unsigned i = 0; i < count; ++i) lines << problem_line(name + "-" + std::to_string(i), i).dump() << "\n";
  }

  // The seconds that it takes.
  double command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), bin("pushjudge"));
    arguments.insert(arguments.end(), {"--url", url_});
    const auto log = folder_.path() / "command.log";
    const auto begin = std::chrono::steady_clock::now();
    Process process(std::move(arguments), log);
    if (process.wait(kDeadline) != 0) throw std::runtime_error("a command fails: " + testing::read_file(log));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

  Options options_;
  FigureFile file_;
  testing::TemporaryFolder folder_;
  std::vector<Process> parts_;
  std::string url_;
};

}  // namespace
}  // namespace pushjudge::bench

int main(int argc, char** argv) {
  using namespace pushjudge::bench;
  return run_main(argc, argv, kProblems, [](const Options& options) { ImportBench(options).run(); });
}
