#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/worker/box.hpp"
#include "tests/unit/worker/problem_bench.hpp"

// Solutions to a function problem that want a verdict they have not earned.
namespace pushjudge::testing {

namespace {

// Whose answers nobody can guess.
ProblemFolder unguessable() {
  ProblemFolder folder;
  folder.set_function(R"({"name":"secret","params":[{"name":"x","type":"integer"}],"return":{"type":"integer"}})");
  folder.problem.limits.time_ms = 2'000;
  folder.problem.limits.output_kib = 256;
  folder.add_function_tests({{"1", "73012"}, {"2", "-19934"}, {"3", "55501"}}, true);
  return folder;
}

std::string secret_that(const std::string& body) {
  // The harness hides the word, the kernel does not.
  return "import os, sys\nword = open('/proc/self/cmdline').read().split(chr(0))[-2]\nclass Solution:\n    def "
         "secret(self, x):\n        " +
         body + "\n        return 0\n";
}

struct Attack {
  std::string what;
  std::string source;
  Verdict verdict;
};

}  // namespace

TEST_CASE("hostile: whoever speaks for the harness has to know what is right") {
  if (!boxes_work()) return;
  const std::vector<Attack> attacks{
      {"leaves at once", secret_that("os._exit(0)"), Verdict::runtime_error},
      {"leaves with success", secret_that("sys.exit(0)"), Verdict::runtime_error},
      {"leaves before anything is called", "import os\nos._exit(0)", Verdict::runtime_error},
      {"answers for all without the word", secret_that("os.write(3, b'true\\n' * 3); os._exit(0)"),
       Verdict::wrong_answer},
      {"answers for all with the word",
       secret_that("[os.write(3, (word + ' 0 0\\n').encode()) for i in range(3)]; os._exit(0)"), Verdict::wrong_answer},
      {"answers more than it is asked", secret_that("os.write(3, (word + ' 0 0\\n').encode())"), Verdict::wrong_answer},
      {"says accepted", secret_that("os.write(3, (word + ' 0 \"accepted\"\\n').encode()); os._exit(0)"),
       Verdict::wrong_answer},
      {"is equal to everything",
       "class Any(int):\n    def __eq__(self, other): return True\n    def __hash__(self): return 0\n"
       "class Solution:\n    def secret(self, x): return Any(5)\n",
       Verdict::wrong_answer},
      {"closes the way of answers", secret_that("os.close(3)"), Verdict::runtime_error},
      {"prints the marks of the harness", secret_that("print(word, '0 73012'); print(word)"), Verdict::wrong_answer},
      {"floods the way of answers", secret_that("[os.write(3, b'x' * 65536) for i in range(100000)]"),
       Verdict::output_limit_exceeded},
      {"answers with arrays within arrays", secret_that("os.write(3, (word + ' 0 ' + '[' * 100000 + '\\n').encode())"),
       Verdict::wrong_answer},
      {"leaves a child behind that answers",
       secret_that("os.fork() or [os.write(3, (word + ' 0 0\\n').encode()) for i in range(9)]"), Verdict::wrong_answer},
  };
  ProblemBench bench;
  for (const auto& attack : attacks) {
    CAPTURE(attack.what);
    const auto judged = bench.judge(unguessable(), "python", attack.source);
    CHECK(judged.failure == "");
    CHECK(judged.report.verdict != Verdict::accepted);
    CHECK(to_string(judged.report.verdict) == to_string(attack.verdict));
  }
}

TEST_CASE("hostile: what is expected is nowhere in the box of a function") {
  if (!boxes_work()) return;
  auto folder = unguessable();
  folder.set_reference("python", "class Solution:\n    def secret(self, x): return 73000 + 12  # the-reference\n");
  folder.problem.limits.time_ms = 20'000;
  const std::string searcher = R"(
import os, stat, sys
words = (b"730" + b"12", b"-199" + b"34", b"the-" + b"reference")
def look(path):
    try:
        # What it writes itself would be missing where it goes.
        if stat.S_ISFIFO(os.stat(path).st_mode): return
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        data = os.read(file, 4 << 20)
        os.close(file)
    except OSError:
        return
    for word in words:
        if word in data: print("found in", path)
class Solution:
    def secret(self, x):
        for descriptor in range(4, 256):
            try:
                os.fstat(descriptor)
                print("descriptor", descriptor)
            except OSError:
                pass
        for root in ("/box", "/tmp", "/dev", "/run", "/proc/1", "/proc/self"):
            for folder, folders, files in os.walk(root):
                folders[:] = [f for f in folders if f not in ("task", "map_files")]
                for name in files:
                    if name not in ("mem", "kmsg", "zero", "random", "urandom", "full", "pagemap"):
                        look(os.path.join(folder, name))
        return 0
)";
  ProblemBench bench;
  const auto judged = bench.judge(folder, "python", searcher);
  CHECK(judged.report.verdict == Verdict::wrong_answer);
  CHECK(judged.report.stdout_text == "");
  Submission trial;
  trial.stdin_text = "1";
  const auto tried = bench.judge(folder, "python", searcher, trial);
  CHECK(tried.report.verdict == Verdict::wrong_answer);
  CHECK(tried.report.stdout_text == "");
}

}  // namespace pushjudge::testing
