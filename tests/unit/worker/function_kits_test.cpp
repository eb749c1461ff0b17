#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/worker/box.hpp"
#include "tests/unit/worker/problem_bench.hpp"

// The kits of the languages in their boxes, within the usual limits.
namespace pushjudge::testing {

namespace {

ProblemFolder descending() {
  ProblemFolder folder;
  folder.set_function(
      R"({"name":"levelsBelow","params":[{"name":"level","type":"integer"}],"return":{"type":"integer"}})");
  folder.problem.limits.time_ms = 5'000;
  folder.add_function_tests({{"3", "3"}}, true);
  folder.add_function_tests({{"20000", "20000"}, {"0", "0"}});
  return folder;
}

// Each calls itself once a level, and prints "down" in each.
const std::vector<std::pair<std::string, std::string>> kDescents{
    {"python", R"(class Solution:
    def levelsBelow(self, level: int) -> int:
        print("down")
        return 1 + self.levelsBelow(level - 1) if level else 0
)"},
    {"javascript", R"(var levelsBelow = function(level) {
    console.log("down");
    return level ? 1 + levelsBelow(level - 1) : 0;
};
)"},
    {"typescript", R"(function levelsBelow(level: number): number {
    console.log("down");
    return level ? 1 + levelsBelow(level - 1) : 0;
};
)"},
    {"ruby", R"(def levels_below(level)
    puts "down"
    level > 0 ? 1 + levels_below(level - 1) : 0
end
)"},
    {"php", R"(class Solution {
    function levelsBelow($level) {
        echo "down\n";
        return $level ? 1 + $this->levelsBelow($level - 1) : 0;
    }
}
)"},
    {"java", R"(class Solution {
    public int levelsBelow(int level) {
        System.out.println("down");
        return level > 0 ? 1 + levelsBelow(level - 1) : 0;
    }
}
)"},
    {"csharp", R"(public class Solution {
    public int LevelsBelow(int level) {
        Console.WriteLine("down");
        return level > 0 ? 1 + LevelsBelow(level - 1) : 0;
    }
}
)"},
    {"kotlin", R"(class Solution {
    fun levelsBelow(level: Int): Int {
        println("down")
        return if (level > 0) 1 + levelsBelow(level - 1) else 0
    }
}
)"},
};

}  // namespace

TEST_CASE("function kits: deep recursions that print are nothing special in any language") {
  if (!boxes_work()) return;
  ProblemBench bench;
  for (const auto& [language, source] : kDescents) {
    CAPTURE(language);
    const auto judged = bench.judge(descending(), language, source);
    CAPTURE(judged.report.compile_output);
    CAPTURE(judged.report.stderr_text);
    CAPTURE(judged.report.message);
    check(judged.report, Verdict::accepted);
    CHECK(judged.report.stdout_text == "down\ndown\ndown\ndown\n");
  }
}

}  // namespace pushjudge::testing
