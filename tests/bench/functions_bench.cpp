// What it gains that one process runs all tests of a function problem: beside the same problem by standard input and
// output, where each test has a process of its own. Both by the problem judge on one lane, compiled before.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/figures.hpp"
#include "tests/support/problem_site.hpp"
#include "worker/config.hpp"
#include "worker/languages.hpp"
#include "worker/unpacker.hpp"

namespace pushjudge::bench {
namespace {

using Clock = std::chrono::steady_clock;
using testing::Judged;
using testing::ProblemFolder;

constexpr int kFunctionTests = 40;
constexpr const char* kMetadata =
    R"({"name":"twice","params":[{"name":"n","type":"integer"}],"return":{"type":"integer"}})";

struct Solution {
  std::string language;
  const char* function;
  const char* program;
};

const std::vector<Solution> kSolutions{
    {"cpp", "class Solution {\npublic:\n    int twice(int n) { return 2 * n; }\n};\n",
     "#include <bits/stdc++.h>\nint main() { int n; std::cin >> n; std::cout << 2 * n << '\\n'; }\n"},
    {"python", "class Solution:\n    def twice(self, n): return 2 * n\n", "print(2 * int(input()))\n"},
    {"javascript", "var twice = function(n) { return 2 * n; };\n",
     "console.log(2 * Number(require('fs').readFileSync(0, 'utf8')));\n"},
    {"java", "class Solution {\n    public int twice(int n) { return 2 * n; }\n}\n",
     "public class Main { public static void main(String[] a) {\n"
     "  System.out.println(2 * new java.util.Scanner(System.in).nextInt()); } }\n"},
};

class FunctionsBench {
 public:
  explicit FunctionsBench(const Options& options)
      : options_(options), file_(options.json), defaults_(worker_defaults()) {
    for (const auto& solution : kSolutions) {
      auto recipe = read_recipe(std::filesystem::path(defaults_.languages) / solution.language);
      if (!recipe) throw std::runtime_error(recipe.error().message);
      recipes_.emplace(solution.language, *std::move(recipe));
    }
    auto unpacker = read_unpacker(defaults_.unpacker, kUnpackedKibDefault);
    if (!unpacker) throw std::runtime_error(unpacker.error().message);
    unpacker_ = *std::move(unpacker);
    functions_.set_function(kMetadata);
    std::vector<std::pair<std::string, std::string>> tests;
    for (int n = 0; n < kFunctionTests; ++n) {
      tests.emplace_back(std::to_string(n), std::to_string(2 * n));
      programs_.add_test(tests.back().first + "\n", tests.back().second + "\n");
    }
    functions_.add_function_tests(tests);
    for (auto* folder : {&functions_, &programs_}) folder->problem.limits.time_ms = 20'000;
  }

  void run() {
    std::printf("%d tests of one submission, without compiling; medians of %u rounds, alternating\n\n", kFunctionTests,
                options_.runs);
    std::printf("%-12s %22s %22s %8s\n", "", "a process each, ms", "one process, ms", "ratio");
    for (const auto& solution : kSolutions) run_case(solution);
  }

 private:
  void run_case(const Solution& solution) {
    testing::ProblemSite site({defaults_.sandbox, 1}, unpacker_, [this](const std::string& slug) {
      const auto found = recipes_.find(slug);
      return found == recipes_.end() ? nullptr : &found->second;
    });
    judge(site, functions_, solution.language, solution.function);  // boxes, files
    Samples each;
    Samples together;
    for (unsigned round = 0; round < options_.runs; ++round) {
      each.push_back(judge(site, programs_, solution.language, solution.program));
      together.push_back(judge(site, functions_, solution.language, solution.function));
    }
    const double baseline = quantile(each, 0.5);
    const double value = quantile(together, 0.5);
    std::printf("%-12s %22.1f %22.1f %8.3f\n", solution.language.c_str(), baseline / 1e3, value / 1e3,
                value / baseline);
    file_.write({"functions", "one process", solution.language, "wall_us", value, "a process each", baseline});
  }

  // From the first test's start to the last one's end; where nothing is compiled, from the beginning.
  double judge(testing::ProblemSite& site, const ProblemFolder& folder, const std::string& language,
               const char* source) {
    const auto start = Clock::now();
    const Judged judged = site.judge(folder, language, source);
    const auto wall = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
    if (judged.report.verdict != Verdict::accepted) {
      throw std::runtime_error(language + " is not accepted: " + judged.report.message + judged.report.compile_output +
                               judged.report.stderr_text);
    }
    return judged.compilations > 0 ? judged.testing_us : wall;
  }

  Options options_;
  FigureFile file_;
  WorkerDefaults defaults_;
  std::map<std::string, Recipe> recipes_;
  Unpacker unpacker_;
  ProblemFolder functions_;
  ProblemFolder programs_;
};

}  // namespace
}  // namespace pushjudge::bench

int main(int argc, char** argv) {
  using namespace pushjudge::bench;
  return run_main(argc, argv, 15, [](const Options& options) { FunctionsBench(options).run(); });
}
