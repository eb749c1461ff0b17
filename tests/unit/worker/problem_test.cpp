#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/zip_file.hpp"
#include "tests/unit/worker/box.hpp"
#include "tests/unit/worker/problem_bench.hpp"

// Programs graded on problems, with the real judge, checkers and boxes.
namespace pushjudge::testing {

namespace {

constexpr const char* kDouble = "print(int(input()) * 2)";

// "double the number", with a sample and three secret tests.
ProblemFolder doubling() {
  ProblemFolder folder;
  folder.add_test("1\n", "2\n", true);
  folder.add_test("21\n", "42\n");
  folder.add_test("-5\n", "-10\n");
  folder.add_test("1000000\n", "2000000\n");
  return folder;
}

std::string verdicts(const Report& report) {
  std::string text;
  for (const auto& test : report.tests) text += (text.empty() ? "" : " ") + std::string(to_string(test.verdict));
  return text;
}

// Right is what is larger than the input; tells judges and team so.
constexpr const char* kKattisChecker = R"(
import sys
number = int(open(sys.argv[1]).read())
feedback = sys.argv[3]
try:
    said = int(sys.stdin.read())
except ValueError:
    open(feedback + "/judgemessage.txt", "w").write("no number")
    sys.exit(43)
open(feedback + "judgemessage.txt", "w").write("answer file: " + open(sys.argv[2]).read())
open(feedback + "teammessage.txt", "w").write("you said %d" % said)
sys.exit(42 if said > number + sum(map(int, sys.argv[4:])) else 43)
)";

// testlib's protocol: a file for each; the output must hold the answer's number of letters.
constexpr const char* kTestlibChecker = R"(
#include <fstream>
#include <iostream>
#include <string>
int main(int argc, char** argv) {
  if (argc < 4) return 3;
  std::ifstream input(argv[1]), output(argv[2]), answer(argv[3]);
  std::size_t wanted = 0;
  std::string said, more;
  if (!(answer >> wanted)) { std::cerr << "FAIL no answer"; return 3; }
  if (!(output >> said)) { std::cerr << "unexpected end"; return 8; }
  if (output >> more) { std::cerr << "wrong output format"; return 2; }
  if (argc > 4 && said.size() < wanted) { std::cerr << "points " << said.size() << " some letters"; return 7; }
  std::cerr << said.size() << " letters";
  return said.size() == wanted ? 0 : 1;
}
)";

// The program has ten questions for a number up to 100: "higher", "lower", "found".
constexpr const char* kInteractor = R"(
import sys
secret = int(open(sys.argv[1]).read())
def refuse(why):
    open(sys.argv[3] + "judgemessage.txt", "w").write(why)
    sys.exit(43)
for question in range(10):
    line = sys.stdin.readline()
    try:
        guess = int(line)
    except ValueError:
        refuse("no number: " + repr(line[:20]))
    if guess == secret:
        print("found", flush=True)
        if sys.stdin.read().strip():
            refuse("talks on")
        sys.exit(42)
    print("higher" if guess < secret else "lower", flush=True)
refuse("too many questions")
)";

ProblemFolder guessing() {
  ProblemFolder folder;
  for (const auto* secret : {"50\n", "1\n", "100\n"}) folder.add_test(secret, "");
  folder.set_checker(CheckerProtocol::kattis, "python", kInteractor);
  folder.problem.checker.interactive = true;
  return folder;
}

constexpr const char* kGuesser = R"(
low, high = 1, 100
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    said = input()
    if said == "found": break
    if said == "higher": low = middle + 1
    else: high = middle - 1
)";

Submission asking_for_all() {
  Submission submission;
  submission.all_tests = true;
  submission.judge_messages = true;
  return submission;
}

}  // namespace

TEST_CASE("problem: a right program is accepted on all tests, each of which is told") {
  if (!boxes_work()) return;
  ProblemBench bench;
  const auto judged = bench.judge(doubling(), "python", kDouble);
  check(judged.report, Verdict::accepted);
  CHECK(judged.report.tests.size() == 4);
  REQUIRE(judged.progress.size() == 4);
  CHECK(judged.progress[3].done == 4);
  CHECK(judged.progress[3].of == 4);
  for (const auto& test : judged.report.tests) {
    CHECK(test.cpu_us > 0);
    CHECK(test.wall_us >= test.cpu_us / 2);
    CHECK(test.memory_kib > 0);
  }
  // Of the sample alone: what is printed on other tests could tell what they are.
  CHECK(judged.report.stdout_text == "2\n");
}

TEST_CASE("problem: the first failure ends it, all tests are judged where that is asked for") {
  if (!boxes_work()) return;
  ProblemBench bench;
  const std::string wrong_below_zero = "n = int(input())\nprint(n * 2 if n > 0 else 0)";
  auto judged = bench.judge(doubling(), "python", wrong_below_zero);
  check(judged.report, Verdict::wrong_answer);
  CHECK(verdicts(judged.report) == "accepted accepted wrong_answer");
  CHECK(judged.report.message == "3: wrong_answer");
  judged = bench.judge(doubling(), "python", wrong_below_zero, asking_for_all());
  CHECK(verdicts(judged.report) == "accepted accepted wrong_answer accepted");
  CHECK(judged.report.tests[2].judge_message == "token 1 is \"0\" where \"-10\" is expected");
}

TEST_CASE("problem: a program is compiled once, and not at all where it does not compile") {
  if (!boxes_work()) return;
  ProblemBench bench;
  const auto right = bench.judge(
      doubling(), "c", "#include <stdio.h>\nint main(void) { int n; scanf(\"%d\", &n); printf(\"%d\", n * 2); }");
  check(right.report, Verdict::accepted);
  CHECK(right.compilations == 1);
  const auto wrong = bench.judge(doubling(), "c", "int main(void) { return x; }");
  check(wrong.report, Verdict::compilation_error);
  CHECK(wrong.report.tests.empty());
  CHECK(wrong.progress.empty());
  CHECK_FALSE(wrong.report.compile_output.empty());
}

TEST_CASE("problem: each way to fail has its verdict") {
  if (!boxes_work()) return;
  ProblemBench bench;
  auto folder = doubling();
  folder.problem.limits.time_ms = 300;
  folder.problem.limits.output_kib = 64;
  folder.problem.limits.memory_kib = 64 << 10;
  check(bench.judge(folder, "python", "while True: pass").report, Verdict::time_limit_exceeded);
  check(bench.judge(folder, "python", "import time\ntime.sleep(60)").report, Verdict::wall_time_limit_exceeded);
  check(bench.judge(folder, "python", "while True: print('x' * 1000)").report, Verdict::output_limit_exceeded);
  const auto crashed = bench.judge(folder, "python", "import sys\nsys.exit(int(input()) + 6)");
  check(crashed.report, Verdict::runtime_error);
  CHECK(crashed.report.message == "1: Exited with error status 7");
  const auto large =
      bench.judge(folder, "python", "x = bytearray(200 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1");
  check(large.report, Verdict::memory_limit_exceeded);
}

TEST_CASE("problem: an exit code on a secret test is not told") {
  if (!boxes_work()) return;
  ProblemBench bench;
  const auto judged = bench.judge(doubling(), "python",
                                  "import sys\nn = int(input())\nprint(n * 2)\nsys.exit(0 if n == 1 else n % 256)");
  check(judged.report, Verdict::runtime_error);
  CHECK(judged.report.message == "2: Exited with an error status");
  CHECK_FALSE(judged.report.exit_code);
}

TEST_CASE("problem: the first sample that fails is shown with what the program printed") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.add_test("1\n", "2\n", true);
  folder.add_test("2\n", "4\n", true);
  folder.add_test("3\n", "6\n");
  ProblemBench bench;
  const auto judged = bench.judge(folder, "python",
                                  "import sys\nn = int(input())\nprint(n * 2 if n != 2 else 'five')\n"
                                  "print('saw', n, file=sys.stderr)",
                                  asking_for_all());
  check(judged.report, Verdict::wrong_answer);
  CHECK(judged.report.stdout_text == "five\n");
  CHECK(judged.report.stderr_text == "saw 2\n");
}

TEST_CASE("problem: a checker on the Kattis protocol decides, and tells judges and team apart") {
  if (!boxes_work()) return;
  auto folder = doubling();
  folder.set_checker(CheckerProtocol::kattis, "python", kKattisChecker);
  folder.problem.tests[3].checker_arguments = {"3", "4"};
  ProblemBench bench;
  auto judged = bench.judge(folder, "python", "print(int(input()) + 8)", asking_for_all());
  check(judged.report, Verdict::accepted);
  CHECK(judged.report.tests[1].message == "you said 29");
  CHECK(judged.report.tests[1].judge_message == "answer file: 42");

  judged = bench.judge(folder, "python", "print(int(input()) + 7)");
  check(judged.report, Verdict::wrong_answer);
  CHECK(verdicts(judged.report) == "accepted accepted accepted wrong_answer");
  for (const auto& test : judged.report.tests) CHECK(test.judge_message.empty());

  judged = bench.judge(folder, "python", "print('?')", asking_for_all());
  CHECK(judged.report.tests[0].judge_message == "no number");
  // Nothing printed is an empty input to the checker, and not none.
  check(bench.judge(folder, "python", "pass").report, Verdict::wrong_answer);
}

TEST_CASE("problem: a checker on testlib's protocol decides by its exit codes") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.add_test("x\n", "3\n");
  folder.set_checker(CheckerProtocol::testlib, "cpp", kTestlibChecker);
  ProblemBench bench;
  auto judged = bench.judge(folder, "python", "print('abc')", asking_for_all());
  check(judged.report, Verdict::accepted);
  CHECK(judged.report.tests[0].judge_message == "3 letters");
  check(bench.judge(folder, "python", "print('ab')").report, Verdict::wrong_answer);
  check(bench.judge(folder, "python", "print('a b')").report, Verdict::wrong_answer);
  check(bench.judge(folder, "python", "pass").report, Verdict::wrong_answer);

  folder.problem.tests[0].answer = folder.file("", "none").content;
  judged = bench.judge(folder, "python", "print('abc')", asking_for_all());
  check(judged.report, Verdict::internal_error);
  CHECK(judged.report.message.find("the jury is wrong") != std::string::npos);
  CHECK(judged.report.tests[0].judge_message == "FAIL no answer");
}

TEST_CASE("problem: a checker is compiled once for all submissions") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.add_test("x\n", "3\n");
  folder.set_checker(CheckerProtocol::testlib, "cpp", kTestlibChecker);
  ProblemBench bench;
  const auto version = digest_of(encode(folder.problem));
  CHECK_FALSE(bench.shelf.checker(version));
  CHECK(bench.judge(folder, "python", "print('abc')").wanted == 4);
  const auto checker = bench.shelf.checker(version);
  CHECK(checker);
  CHECK(bench.judge(folder, "python", "print('abcd')").wanted == 0);
  CHECK(bench.shelf.checker(version) == checker);
}

TEST_CASE("problem: points come from tests, checkers and factors") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.problem.scoring = true;
  folder.problem.groups[0].break_on_reject = false;
  folder.add_test("x\n", "3\n").accept_score = 10;
  folder.add_test("y\n", "5\n").accept_score = 20;
  folder.problem.tests[1].checker_arguments = {"points"};
  folder.set_checker(CheckerProtocol::testlib, "cpp", kTestlibChecker);
  ProblemBench bench;
  auto judged = bench.judge(folder, "python", "print('abc')");
  check(judged.report, Verdict::accepted);
  CHECK(judged.report.score == 13);
  CHECK(judged.report.score_max == 30);
  CHECK(judged.report.tests[1].score == 3);

  const auto with_feedback = [&](const std::string& writes) {
    folder.set_checker(CheckerProtocol::kattis, "python", "import sys\nf = sys.argv[3]\n" + writes + "\nsys.exit(42)");
    return bench.judge(folder, "python", "pass").report;
  };
  CHECK(with_feedback("open(f + 'score.txt', 'w').write(' 2.5\\n')").score == 5);
  CHECK(with_feedback("open(f + 'score_multiplier.txt', 'w').write('0.5')").score == 15);
  CHECK(with_feedback("pass").score == 30);
  for (const auto* broken : {"open(f + 'score.txt', 'w').write('many')", "open(f + 'score.txt', 'w').write('nan')",
                             "open(f + 'score_multiplier.txt', 'w').write('1.5')",
                             "[open(f + n + '.txt', 'w').write('1') for n in ('score', 'score_multiplier')]"}) {
    CAPTURE(broken);
    check(with_feedback(broken), Verdict::internal_error);
  }
}

TEST_CASE("problem: a checker that is broken is never the program's fault") {
  if (!boxes_work()) return;
  auto folder = doubling();
  folder.problem.limits.validation_ms = 300;
  folder.problem.limits.validation_memory_kib = 64 << 10;
  ProblemBench bench;
  struct Row {
    const char* source;
    const char* said;
  };
  for (const auto& row :
       {Row{"raise SystemExit(0)", "it ended with exit code 0"},
        Row{"import os\nos.abort()", "it was ended by signal 6"}, Row{"while True: pass", "it took too long"},
        Row{"import time\ntime.sleep(60)", "it took too long"},
        Row{"while True: print('x' * 1000)", "it printed too much"},
        Row{"import os\nos.mkfifo('feedback/nextpass.in')\nraise SystemExit(42)", "nextpass"}}) {
    CAPTURE(row.source);
    folder.set_checker(CheckerProtocol::kattis, "python", row.source);
    const auto judged = bench.judge(folder, "python", kDouble);
    check(judged.report, Verdict::internal_error);
    CHECK(judged.failure.empty());
    CHECK(judged.report.message.find(std::string(row.said) == "nextpass" ? "passes" : row.said) != std::string::npos);
  }
  folder.set_checker(CheckerProtocol::kattis, "c", "int main(void) { return y; }");
  auto judged = bench.judge(folder, "python", kDouble);
  check(judged.report, Verdict::internal_error);
  CHECK(judged.report.message == "the problem is broken: the checker cannot be compiled");
  judged = bench.judge(folder, "python", kDouble, asking_for_all());
  CHECK(judged.report.message.find("undeclared") != std::string::npos);
}

TEST_CASE("problem: what is missing of a problem is said, and asked for once") {
  if (!boxes_work()) return;
  auto folder = doubling();
  folder.files.erase(folder.problem.tests[2].input.digest);
  ProblemBench bench;
  const auto judged = bench.judge(folder, "python", kDouble);
  check(judged.report, Verdict::internal_error);
  CHECK(judged.report.message.find(to_hex(folder.problem.tests[2].input.digest)) != std::string::npos);
}

TEST_CASE("problem: programs in other languages, and too large ones, are refused where the problem says so") {
  if (!boxes_work()) return;
  auto folder = doubling();
  folder.problem.languages = {"c"};
  folder.problem.limits.code_kib = 1;
  ProblemBench bench;
  check(bench.judge(folder, "python", kDouble).report, Verdict::compilation_error);
  check(bench.judge(folder, "c", "int main(void) {} //" + std::string(1'024, 'x')).report, Verdict::compilation_error);
}

TEST_CASE("problem: a program of several files is compiled and run with all of them") {
  if (!boxes_work()) return;
  ProblemBench bench;
  Submission submission;
  submission.additional_files =
      zip_of({{"twice.cpp", "int twice(int n) { return n * 2; }"}, {"twice.h", "int twice(int n);"}});
  auto judged = bench.judge(doubling(), "cpp",
                            "#include <iostream>\n#include \"twice.h\"\n"
                            "int main() { int n; std::cin >> n; std::cout << twice(n); }",
                            submission);
  check(judged.report, Verdict::accepted);
  submission.additional_files = zip_of({{"twice.py", "def twice(n): return n * 2"}});
  judged = bench.judge(doubling(), "python", "from twice import twice\nprint(twice(int(input())))", submission);
  check(judged.report, Verdict::accepted);
}

TEST_CASE("problem: included files lie beside every program, and win over its own") {
  if (!boxes_work()) return;
  auto folder = doubling();
  folder.problem.included = {
      {"", folder.file("factor.txt", "3")},
      {"python", folder.file("factor.txt", "2")},
      {"python", folder.file("help.py", "def twice(n): return n * int(open('factor.txt').read())")}};
  ProblemBench bench;
  Submission submission;
  submission.additional_files = zip_of({{"help.py", "def twice(n): return 0"}});
  const auto judged = bench.judge(folder, "python", "from help import twice\nprint(twice(int(input())))", submission);
  check(judged.report, Verdict::accepted);
}

TEST_CASE("problem: files of a test lie beside the program") {
  if (!boxes_work()) return;
  auto folder = doubling();
  for (auto& test : folder.problem.tests) test.files = {folder.file("data/two.txt", "2")};
  ProblemBench bench;
  check(bench.judge(folder, "python", "print(int(input()) * int(open('data/two.txt').read()))").report,
        Verdict::accepted);
}

TEST_CASE("problem: an interactive program talks to its interactor") {
  if (!boxes_work()) return;
  ProblemBench bench;
  check(bench.judge(guessing(), "python", kGuesser).report, Verdict::accepted);
  struct Row {
    const char* what;
    const char* source;
    Verdict verdict;
    const char* judge_message;
  };
  const Row rows[] = {
      {"asks too often", "for n in range(20):\n  print(n, flush=True)\n  input()", Verdict::wrong_answer,
       "too many questions"},
      {"says nonsense", "print('hello', flush=True)\ninput()", Verdict::wrong_answer, "no number: 'hello\\n'"},
      {"leaves at once", "pass", Verdict::wrong_answer, "no number: ''"},
      {"talks on", "for n in (50, 50):\n  print(n, flush=True)\n", Verdict::wrong_answer, "talks on"},
      {"crashes by itself", "import os\nprint(1, flush=True)\ninput()\nos.abort()", Verdict::runtime_error, ""},
      {"loops", "print(1, flush=True)\nwhile True: pass", Verdict::time_limit_exceeded, ""},
      {"waits for ever", "input()", Verdict::wall_time_limit_exceeded, ""},
      {"does not care that it was refused", "print('x', flush=True)\nwhile True: pass", Verdict::wrong_answer,
       "no number: 'x\\n'"},
      {"floods", "while True: print('1' * 4096)", Verdict::wrong_answer, nullptr},
      {"is right, and then fails", "import os\nprint(50, flush=True)\ninput()\nos.abort()", Verdict::runtime_error, ""},
  };
  auto folder = guessing();
  folder.problem.limits.time_ms = 300;
  folder.problem.tests.resize(1);
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto judged = bench.judge(folder, "python", row.source, asking_for_all());
    check(judged.report, row.verdict);
    if (row.judge_message != nullptr) CHECK(judged.report.tests[0].judge_message == row.judge_message);
  }
}

TEST_CASE("problem: who ended first in a talk is told apart, however close they are") {
  if (!boxes_work()) return;
  auto folder = guessing();
  folder.problem.tests.resize(1);
  ProblemBench bench;
  const std::string crashes = "#include <stdio.h>\n#include <stdlib.h>\nint main(void) { puts(\"1\"); abort(); }";
  // It reads the end of what the interactor says, and breaks at once.
  const std::string is_refused =
      "#include <stdio.h>\n#include <stdlib.h>\n"
      "int main(void) { puts(\"x\"); fflush(stdout); if (getchar() == EOF) abort(); return 0; }";
  for (int i = 0; i < 20; ++i) {
    check(bench.judge(folder, "c", crashes).report, Verdict::runtime_error);
    check(bench.judge(folder, "c", is_refused).report, Verdict::wrong_answer);
  }
}

TEST_CASE("problem: an interactor that breaks is the jury's fault") {
  if (!boxes_work()) return;
  auto folder = guessing();
  folder.set_checker(CheckerProtocol::kattis, "python", "print('hello', flush=True)\nraise SystemExit(1)");
  folder.problem.checker.interactive = true;
  ProblemBench bench;
  check(bench.judge(folder, "python", "input()\ninput()").report, Verdict::internal_error);
  check(bench.judge(folder, "python", "while True: pass").report, Verdict::internal_error);
}

TEST_CASE("problem: an interactor on testlib's protocol reads and writes the talk and has files for the rest") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.add_test("7\n", "8\n");
  folder.set_checker(CheckerProtocol::testlib, "python", R"(
import sys
print(open(sys.argv[1]).read(), flush=True, end="")
said = sys.stdin.readline()
open(sys.argv[2], "w").write(said)
sys.exit(0 if said == open(sys.argv[3]).read() else 1)
)");
  folder.problem.checker.interactive = true;
  ProblemBench bench;
  check(bench.judge(folder, "python", "print(int(input()) + 1)").report, Verdict::accepted);
  check(bench.judge(folder, "python", "print(int(input()))").report, Verdict::wrong_answer);
}

TEST_CASE("problem: a program is run again with what the validator makes of its output") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.add_test("encode\nhello\n", "hello\n");
  folder.add_test("encode\nx\n", "x\n");
  folder.problem.limits.passes = 2;
  folder.set_checker(CheckerProtocol::kattis, "python", R"(
import os, sys
feedback = sys.argv[3]
said = sys.stdin.read().strip()
notes = feedback + "notes.txt"
if not os.path.exists(notes):
    if said == open(sys.argv[2]).read().strip(): sys.exit(43)
    open(notes, "w").write("first pass")
    open(feedback + "nextpass.in", "w").write("decode\n" + said + "\n")
    sys.exit(42)
if os.path.exists(feedback + "nextpass.in"): sys.exit(1)
open(feedback + "judgemessage.txt", "w").write(open(notes).read())
sys.exit(42 if said == open(sys.argv[2]).read().strip() else 43)
)");
  ProblemBench bench;
  const auto judged = bench.judge(folder, "python",
                                  "what, text = input(), input()\n"
                                  "print(text[::-1] + '!' if what == 'encode' else text[:-1][::-1])",
                                  asking_for_all());
  check(judged.report, Verdict::accepted);
  CHECK(judged.report.tests[0].judge_message == "first pass");
  check(bench.judge(folder, "python", "input()\nprint(input())").report, Verdict::wrong_answer);
  check(bench.judge(folder, "python", "what = input()\nprint('x' if what == 'encode' else 'y')").report,
        Verdict::wrong_answer);
  // The second pass has the limits to itself, and a failure of its own.
  check(bench.judge(folder, "python", "if input() == 'decode': raise SystemExit(3)\nprint('!')").report,
        Verdict::runtime_error);

  folder.set_checker(CheckerProtocol::kattis, "python",
                     "import sys\nopen(sys.argv[3] + 'nextpass.in', 'w').write('again')\nsys.exit(42)");
  check(bench.judge(folder, "python", "pass").report, Verdict::internal_error);
}

TEST_CASE("problem: lanes that are lent give the same report, in any number") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  for (int n = 0; n < 12; ++n) folder.add_test(std::to_string(n) + "\n", std::to_string(2 * n) + "\n");
  ProblemBench one(1);
  ProblemBench three(3);
  const auto names = [](const Report& report) {
    std::string text;
    for (const auto& test : report.tests) text += test.name + " " + std::string(to_string(test.verdict)) + ", ";
    return text;
  };
  for (const auto* source : {kDouble, "n = int(input())\nprint(n * 2 if n < 5 else 0)",
                             "n = int(input())\nprint(n * 2)\nif n == 3: raise SystemExit(1)"}) {
    const auto alone = one.judge(folder, "python", source);
    const auto shared = three.judge(folder, "python", source);
    CHECK(alone.report.verdict == shared.report.verdict);
    CHECK(names(alone.report) == names(shared.report));
    CHECK(alone.report.message == shared.report.message);
    CHECK(names(one.judge(folder, "python", source, asking_for_all()).report) ==
          names(three.judge(folder, "python", source, asking_for_all()).report));
  }
}

TEST_CASE("problem: a test that was late beside others is run once more by itself") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.problem.limits.time_ms = 300;
  for (int n = 0; n < 4; ++n) folder.add_test(std::to_string(n) + "\n", std::to_string(2 * n) + "\n");
  ProblemBench bench(2);
  const auto judged =
      bench.judge(folder, "python", "n = int(input())\nwhile n == 1: pass\nprint(n * 2)", asking_for_all());
  CHECK(verdicts(judged.report) == "accepted time_limit_exceeded accepted accepted");
  CHECK(judged.progress.size() == 4);
}

TEST_CASE("problem: all tests of a program that is too late are judged for the judges alone") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.problem.limits.time_ms = 300;
  for (int n = 0; n < 4; ++n) folder.add_test(std::to_string(n) + "\n", std::to_string(2 * n) + "\n");
  ProblemBench bench;
  const std::string source = "n = int(input())\nwhile n == 2: pass\nprint(n * 2 if n != 1 else 0)";
  CHECK(verdicts(bench.judge(folder, "python", source, asking_for_all()).report) ==
        "accepted wrong_answer time_limit_exceeded accepted");
  Submission anybody;
  anybody.all_tests = true;
  const auto judged = bench.judge(folder, "python", source, anybody);
  CHECK(verdicts(judged.report) == "accepted wrong_answer");
  check(judged.report, Verdict::wrong_answer);
}

TEST_CASE("problem: a submission that is dropped ends in all its lanes, and the next one is judged") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  for (int n = 0; n < 6; ++n) folder.add_test(std::to_string(n) + "\n", std::to_string(2 * n) + "\n");
  ProblemBench bench(3);
  CHECK_FALSE(
      bench.drop_midway(folder, "python", "import time\nn = int(input())\nif n > 0: time.sleep(5)\nprint(n * 2)"));
  check(bench.judge(folder, "python", kDouble).report, Verdict::accepted);
}

}  // namespace pushjudge::testing
