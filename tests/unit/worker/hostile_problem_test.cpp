#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/zip_file.hpp"
#include "tests/unit/worker/box.hpp"
#include "tests/unit/worker/problem_bench.hpp"

// Programs that want a verdict they have not earned: by finding the answer, by speaking for the checker, by staying.
namespace pushjudge::testing {

namespace {

// Whose answer cannot be guessed, and whose checker says what it is.
constexpr const char* kAnswer = "7b1c0ffee-answer\n";
constexpr const char* kOtherInput = "input-of-another-test\n";

constexpr const char* kChecker = R"(
import sys
said = sys.stdin.buffer.read(1 << 20).strip()
sys.exit(42 if said == open(sys.argv[2], "rb").read().strip() else 43)
)";

ProblemFolder secret_problem(CheckerProtocol protocol = CheckerProtocol::compare) {
  ProblemFolder folder;
  folder.add_test("1\n", kAnswer);
  folder.add_test(kOtherInput, kAnswer);
  if (protocol != CheckerProtocol::compare) folder.set_checker(protocol, "python", kChecker);
  return folder;
}

// Looks for the answer wherever a program can look, and prints where it found it, or nothing.
constexpr const char* kSearcher = R"(
import os, sys
for descriptor in range(3, 256):
    try:
        os.fstat(descriptor)
        print("descriptor", descriptor)
    except OSError:
        pass
wanted = (b"7b1c0ffee" + b"-answer", b"input-of-" + b"another-test", b"sys.argv" + b"[2]")
mine = open("/box/script.py", "rb").read()
def look(path):
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        data = os.read(file, 4 << 20)
        os.close(file)
    except OSError:
        return
    if data != mine and any(word in data for word in wanted):
        print("found in", path)
for root in ("/box", "/tmp", "/dev", "/etc", "/run", "/var", "/proc/1", "/proc/self", "/"):
    for folder, folders, files in os.walk(root):
        if root == "/": folders[:] = []
        if folder.count("/") > 4 or folder.startswith("/etc/ssl"): folders[:] = []
        folders[:] = [f for f in folders if f not in ("task", "map_files")]
        for name in files:
            if name not in ("mem", "kmsg", "zero", "random", "urandom", "full", "pagemap"): look(os.path.join(folder, name))
for word in list(os.environ.values()) + sys.argv:
    if any(w.decode() in word for w in wanted): print("environment")
)";

std::string shown(const Report& report) {
  return report.stdout_text + report.stderr_text + report.message;
}

}  // namespace

TEST_CASE("hostile: neither answers, other tests nor the checker are in the program's reach") {
  if (!boxes_work()) return;
  for (const auto protocol : {CheckerProtocol::compare, CheckerProtocol::kattis}) {
    auto folder = secret_problem(protocol);
    // As a sample, so that what it found is shown.
    folder.problem.tests[0].sample = true;
    folder.problem.limits.time_ms = 20'000;
    ProblemBench bench;
    const auto judged = bench.judge(folder, "python", kSearcher);
    check(judged.report, Verdict::wrong_answer);
    CHECK(judged.report.stdout_text == "");
    CHECK(judged.report.stderr_text == "");
    // It does find what is there to be found.
    folder.problem.tests[0].files = {folder.file("a/planted", std::string("x") + kAnswer)};
    CHECK(bench.judge(folder, "python", kSearcher).report.stdout_text == "found in /box/a/planted\n");
  }
}

TEST_CASE("hostile: a program cannot forge a verdict") {
  if (!boxes_work()) return;
  struct Row {
    const char* what;
    const char* source;
    Verdict verdict;
  };
  const Row rows[] = {
      {"the checker's exit code", "raise SystemExit(42)", Verdict::runtime_error},
      {"the checker's words", "print('accepted'); print('ok'); print('points 100')", Verdict::wrong_answer},
      {"feedback of its own",
       "import os\nos.makedirs('feedback', exist_ok=True)\n"
       "for n in ('score.txt', 'judgemessage.txt', 'nextpass.in'): open('feedback/' + n, 'w').write('1')",
       Verdict::wrong_answer},
      {"the checker's files", "for n in ('test.in', 'test.ans', 'team.out'): open(n, 'w').write('x')",
       Verdict::wrong_answer},
      {"links in the checker's way",
       "import os\nfor n in ('test.ans', 'feedback', 'script.py.bak'): os.symlink('/dev/zero', n)",
       Verdict::wrong_answer},
      {"leaving before the end", "import os\nos._exit(0)", Verdict::wrong_answer},
      {"an endless answer without an end", "import sys\nwhile True: sys.stdout.write('\\0' * 65536)",
       Verdict::output_limit_exceeded},
      {"a child that goes on printing",
       "import os, time\nif os.fork() == 0:\n  os.setsid()\n  while True: print('x' * 100, flush=True); "
       "time.sleep(0.01)",
       Verdict::wrong_answer},
      {"its own standard output, read", "import os\nprint(open('/proc/self/fd/1', 'rb', buffering=0))",
       Verdict::wrong_answer},
  };
  for (const auto protocol : {CheckerProtocol::compare, CheckerProtocol::kattis}) {
    auto folder = secret_problem(protocol);
    folder.problem.limits.output_kib = 256;
    ProblemBench bench;
    for (const auto& row : rows) {
      CAPTURE(row.what);
      const auto judged = bench.judge(folder, "python", row.source);
      CHECK(judged.failure.empty());
      // Whatever it did, it was not accepted, and neither did the checker break.
      CHECK(judged.report.verdict != Verdict::accepted);
      CHECK(judged.report.verdict != Verdict::internal_error);
      if (std::string(row.what).find("read") == std::string::npos) check(judged.report, row.verdict);
      CHECK(shown(judged.report).find("7b1c0ffee") == std::string::npos);
    }
  }
}

TEST_CASE("hostile: nothing stays from one test to the next") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  for (int n = 0; n < 3; ++n) folder.add_test("x\n", "0\n");
  ProblemBench bench;
  const auto judged = bench.judge(folder, "python", R"(
import glob, os, time
names = [n for n in glob.glob("/box/*") + glob.glob("/tmp/*") + glob.glob("/dev/shm/*") if not n.endswith("script.py")]
others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid())]
print(len(names) + len(others))
for folder in ("/box", "/tmp", "/dev/shm"): open(folder + "/left", "w").write("x")
if os.fork() == 0:
    os.setsid()
    time.sleep(30)
)");
  check(judged.report, Verdict::accepted);
}

TEST_CASE("hostile: an archive cannot put files where the judge puts its own") {
  if (!boxes_work()) return;
  auto folder = secret_problem(CheckerProtocol::kattis);
  folder.problem.included = {{"", folder.file("library.py", "WORD = 'ours'")}};
  ProblemBench bench;
  Submission submission;
  submission.additional_files =
      zip_of({{"test.ans", "mine"}, {"feedback/score.txt", "1"}, {"library.py", "WORD = 'mine'"}});
  check(
      bench.judge(folder, "python", "import library\nprint(open('test.ans').read(), library.WORD)", submission).report,
      Verdict::wrong_answer);
  submission.additional_files = zip_of({{"library.py/x", "a folder in the way"}});
  check(bench.judge(folder, "python", "pass", submission).report, Verdict::exec_format_error);
}

TEST_CASE("hostile: compiling sees nothing of the problem") {
  if (!boxes_work()) return;
  auto folder = secret_problem(CheckerProtocol::kattis);
  ProblemBench bench;
  for (const auto* name : {"test.ans", "/box/test.ans", "../box/test.in", "check", "/proc/1/environ"}) {
    CAPTURE(name);
    const auto judged =
        bench.judge(folder, "c", "char text[] = {\n#include \"" + std::string(name) + "\"\n};\nint main(void) {}");
    check(judged.report, Verdict::compilation_error);
    CHECK(judged.report.compile_output.find("7b1c0ffee") == std::string::npos);
  }
}

TEST_CASE("hostile: a talk is all that a program has of its interactor") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.add_test("1\n", kAnswer);
  folder.set_checker(CheckerProtocol::kattis, "python", R"(
import sys
print("say it", flush=True)
said = sys.stdin.buffer.readline(1 << 16)
while sys.stdin.buffer.read(1 << 16): pass
sys.exit(42 if said.strip() == open(sys.argv[2], "rb").read().strip() else 43)
)");
  folder.problem.checker.interactive = true;
  folder.problem.limits.time_ms = 500;
  ProblemBench bench;
  for (const auto* source : {
           // The pipes, opened anew in the other direction.
           "import os\nfor fd, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY)):\n"
           "  try:\n    other = os.open('/proc/self/fd/%d' % fd, mode | os.O_NONBLOCK)\n"
           "    print(os.read(other, 100) if fd else os.write(other, b'x'), flush=True)\n"
           "  except OSError as e: print(e, flush=True)\n",
           // Whoever is at the other end is in another world.
           "import os, signal\nprint(input(), flush=True)\nfor p in range(2, 400):\n"
           "  try: os.kill(p, signal.SIGKILL)\n  except OSError: pass\n",
           "import fcntl\ntry: fcntl.fcntl(1, 1031, 4096)\nexcept OSError: pass\nprint('x')\n",
           "import os\nos.close(0)\nos.close(1)\n",
           "import os\nif os.fork() == 0:\n  while True: print('x', flush=True)\n",
       }) {
    CAPTURE(source);
    const auto judged = bench.judge(folder, "python", source);
    CHECK(judged.failure.empty());
    CHECK(judged.report.verdict != Verdict::accepted);
    CHECK(judged.report.verdict != Verdict::internal_error);
  }
  check(bench.judge(folder, "python", "input()\nprint('7b1c0ffee-answer', flush=True)").report, Verdict::accepted);
}

TEST_CASE("hostile: no submission and no problem makes a box fail") {
  if (!boxes_work()) return;
  ProblemBench bench;
  SUBCASE("an archive of more sources than a compiler can be told of") {
    std::vector<ZipEntry> entries;
    for (int n = 0; n < 600; ++n) entries.push_back({"part" + std::to_string(n) + ".c", ""});
    auto folder = secret_problem();
    Submission submission;
    submission.additional_files = zip_of(entries);
    const auto judged = bench.judge(folder, "c", "int main(void) { return 0; }", submission);
    CHECK(judged.failure == "");
    check(judged.report, Verdict::compilation_error);
  }
  SUBCASE("an archive with folders where a test has files") {
    auto folder = secret_problem();
    folder.problem.tests[0].files = {folder.file("data.txt", "1")};
    Submission submission;
    submission.additional_files = zip_of({{"data.txt/x", "a folder in the way"}});
    const auto judged = bench.judge(folder, "python", "pass", submission);
    CHECK(judged.failure == "");
    check(judged.report, Verdict::exec_format_error);
  }
  SUBCASE("a compile script that makes folders where included files belong") {
    auto folder = secret_problem();
    folder.problem.tests[0].files = {folder.file("data.txt", "1")};
    folder.problem.included = {{"", folder.file("library.py", "WORD = 'ours'")}};
    for (const auto* name : {"library.py", "data.txt"}) {
      Submission submission;
      submission.additional_files =
          zip_of({{"compile", "#!/bin/sh\nrm -f " + std::string(name) + "\nmkdir " + name + "\ntouch " + name + "/x\n"},
                  {"run", "#!/bin/sh\n"}});
      const auto judged = bench.judge(folder, "multi-file", "", submission);
      CHECK(judged.failure == "");
      CHECK(judged.report.verdict != Verdict::internal_error);
    }
  }
  SUBCASE("files that have no place beside each other") {
    auto folder = secret_problem(CheckerProtocol::kattis);
    folder.problem.included = {{"", folder.file("a", "x")}};
    folder.problem.tests[0].files = {folder.file("a/b", "x")};
    auto judged = bench.judge(folder, "python", "pass");
    CHECK(judged.failure == "");
    check(judged.report, Verdict::internal_error);
    folder.problem.tests[0].files.clear();
    folder.problem.included[0].file.name = "main.c/x";
    judged = bench.judge(folder, "c", "int main(void) { return 0; }");
    CHECK(judged.failure == "");
    check(judged.report, Verdict::internal_error);
    folder.problem.included.clear();
    folder.problem.checker.files.push_back(folder.file("test.in/x", "x"));
    judged = bench.judge(folder, "python", "pass");
    CHECK(judged.failure == "");
    check(judged.report, Verdict::internal_error);
  }
  SUBCASE("files that have no place beside an interactor, while the program waits for it") {
    auto folder = secret_problem(CheckerProtocol::kattis);
    folder.problem.checker.interactive = true;
    folder.problem.checker.files.push_back(folder.file("test.in/x", "x"));
    const auto judged = bench.judge(folder, "python", "input()");
    CHECK(judged.failure == "");
    check(judged.report, Verdict::internal_error);
    CHECK(judged.report.message.find("no place in a box") != std::string::npos);
  }
  SUBCASE("a checker in a language that nobody has") {
    auto folder = secret_problem(CheckerProtocol::kattis);
    folder.problem.checker.language = "no-such-language";
    const auto only_python = [](const std::string& slug) { return slug == "python" ? language(slug) : nullptr; };
    ProblemSite site({defaults().sandbox, 1}, unpacker(), only_python);
    const auto judged = site.judge(folder, "python", "pass");
    CHECK(judged.failure == "");
    check(judged.report, Verdict::internal_error);
  }
  SUBCASE("limits within which nothing can be started") {
    auto folder = secret_problem(CheckerProtocol::kattis);
    folder.problem.limits.compilation_memory_kib = 1'024;
    auto judged = bench.judge(folder, "c", "int main(void) { return 0; }");
    CHECK(judged.failure == "");
    folder.problem.limits.memory_kib = 1'024;
    folder.problem.limits.validation_memory_kib = 1'024;
    judged = bench.judge(folder, "python", "pass");
    CHECK(judged.failure == "");
    folder.problem.limits.memory_kib = 256 << 10;
    judged = bench.judge(folder, "python", "pass");
    CHECK(judged.failure == "");
    check(judged.report, Verdict::internal_error);
  }
  SUBCASE("more output than a box has room for") {
    auto folder = secret_problem(CheckerProtocol::testlib);
    folder.problem.limits.output_kib = 256 << 10;
    folder.problem.limits.memory_kib = 1 << 20;
    folder.problem.limits.time_ms = 10'000;
    folder.problem.tests[0].sample = true;
    const auto judged =
        bench.judge(folder, "python", "import sys\nfor n in range(256): sys.stdout.write('x' * (1 << 20))");
    CHECK(judged.failure == "");
    CHECK(judged.report.stdout_text.size() <= 2 << 20);
    CHECK(judged.report.message == "1: the problem is broken: the checker gave no verdict: it ended with exit code 43");
  }
}

TEST_CASE("hostile: a program that leaves what its interactor says unread is wrong, and at once") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.add_test("1\n", kAnswer);
  folder.set_checker(CheckerProtocol::kattis, "python", R"(
import sys
for n in range(64): sys.stdout.write("x" * (1 << 16) + "\n")
sys.stdout.flush()
sys.exit(42 if sys.stdin.readline() == "ok\n" else 43)
)");
  folder.problem.checker.interactive = true;
  folder.problem.limits.time_ms = 500;
  folder.problem.limits.validation_ms = 1'000;
  ProblemBench bench;
  check(bench.judge(folder, "python", "pass").report, Verdict::wrong_answer);
}

TEST_CASE("hostile: what a checker writes is cut, and a score that cannot be read is no score") {
  if (!boxes_work()) return;
  ProblemFolder folder;
  folder.add_test("1\n", kAnswer).accept_score = 100;
  folder.problem.scoring = true;
  ProblemBench bench;
  Submission submission;
  submission.judge_messages = true;
  folder.set_checker(CheckerProtocol::kattis, "python", R"(
import sys
for name in ("teammessage.txt", "judgemessage.txt"): open(sys.argv[3] + name, "w").write("x" * 5000)
sys.exit(42)
)");
  auto judged = bench.judge(folder, "python", "pass", submission);
  check(judged.report, Verdict::accepted);
  CHECK(judged.report.tests.at(0).message.size() <= kTestMessageBytesMax);
  CHECK(judged.report.tests.at(0).judge_message.size() <= kTestMessageBytesMax);
  for (const auto* making : {"os.mkfifo(name)", "os.symlink('/dev/zero', name)", "os.mkdir(name)",
                             "os.truncate(os.open(name, os.O_RDWR | os.O_CREAT), 40 << 20)"}) {
    CAPTURE(making);
    folder.set_checker(CheckerProtocol::kattis, "python",
                       "import os, sys\nname = sys.argv[3] + 'score.txt'\n" + std::string(making) + "\nsys.exit(42)\n");
    judged = bench.judge(folder, "python", "pass");
    CHECK(judged.failure == "");
    check(judged.report, Verdict::internal_error);
  }
}

}  // namespace pushjudge::testing
