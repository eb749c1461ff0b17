// Submissions that bring files, with the real sandbox: beside a source, as the whole program, and a program itself.

#include <doctest/doctest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "tests/support/zip_file.hpp"
#include "tests/unit/worker/box.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;

namespace {

Submission submission_with(const std::vector<ZipEntry>& files, std::string source = "") {
  auto submission = submission_of(std::move(source));
  submission.additional_files = zip_of(files);
  return submission;
}

}  // namespace

TEST_CASE("files: what unpacks them is tried in a box before anybody relies on it") {
  if (!boxes_work()) return;
  SandboxRunner runner(defaults().sandbox);
  CHECK(try_unpacker(unpacker(), runner));
  const auto other = read_unpacker("/bin/false", 10);
  REQUIRE(other);
  CHECK_FALSE(try_unpacker(*other, runner));
}

TEST_CASE("files: those that come with a script can be imported and read, in folders too") {
  if (!boxes_work()) return;
  const auto* python = language("python");
  if (python == nullptr) return;
  Box box;
  auto submission = submission_with(
      {{"lib/__init__.py", ""}, {"lib/deep/er/a.py", "x = 3"}, {"data.txt", std::string(50'000, 'd'), 0100644, true}},
      "import lib.deep.er.a, os, sys\n"
      "print(lib.deep.er.a.x, len(open('data.txt').read()), sorted(os.listdir('.')))\n"
      "open('data.txt', 'a').write('!')\n"
      "os.mkdir('mine'); open('lib/deep/new', 'w').close()\n");
  submission.expected_output = "3 50000 ['data.txt', 'lib', 'script.py']";
  submission.number_of_runs = 3;  // each finds them as they came
  check(box.report_on(submission, *python), Verdict::accepted);
}

TEST_CASE("files: those that come with a source can be included, and are there for the run") {
  if (!boxes_work()) return;
  Box box;
  if (const auto* c = language("c")) {
    auto submission =
        submission_with({{"inc/answer.h", "#define ANSWER 42\n"},
                         {"more.c", "int more(void) { return 1; }"},
                         {"data", "from the file"}},
                        "#include <stdio.h>\n#include \"inc/answer.h\"\nint more(void);\n"
                        "int main(void) { char line[99] = \"\"; FILE* f = fopen(\"data\", \"r\");\n"
                        "  return !f || !fgets(line, 99, f) || printf(\"%d %s\", ANSWER + more(), line) < 0; }");
    submission.compiler_options = "more.c";
    submission.expected_output = "43 from the file";
    submission.number_of_runs = 2;
    check(box.report_on(submission, *c), Verdict::accepted);
  }
  if (const auto* typescript = language("typescript")) {
    auto submission = submission_with({{"lib/twice.ts", "export const twice = (x: number): number => 2 * x;"}},
                                      "import { twice } from './lib/twice';\nconsole.log(twice(21));");
    submission.expected_output = "42";
    check(box.report_on(submission, *typescript), Verdict::accepted);
  }
  if (const auto* java = language("java")) {
    auto submission = submission_with(
        {{"lib/Twice.java", "package lib; public class Twice { public static int of(int x) { return 2 * x; } }"}},
        "import lib.Twice;\nclass Main { public static void main(String[] a) "
        "{ System.out.println(Twice.of(21)); } }");
    submission.expected_output = "42";
    check(box.report_on(submission, *java), Verdict::accepted);
  }
}

TEST_CASE("files: the source is never the archive's") {
  if (!boxes_work()) return;
  Box box;
  if (const auto* python = language("python")) {
    auto submission = submission_with({{"script.py", "print('the archive')"}}, "print('the source')");
    submission.expected_output = "the source";
    check(box.report_on(submission, *python), Verdict::accepted);
    for (const auto* name : {"script.py/x", "script.py/"}) {
      const auto report = box.report_on(submission_with({{name, ""}}, "print(1)"), *python);
      check(report, Verdict::exec_format_error);
      CHECK(report.message.starts_with("additional_files: the archive's folders are in the way of the file script.py"));
    }
  }
  if (const auto* c = language("c")) {
    auto submission = submission_with({{"main.c", "int main(void) { return 1; }"}, {"main", "a text", 0100755}},
                                      "int main(void) { return 0; }");
    check(box.report_on(submission, *c), Verdict::accepted);
  }
}

TEST_CASE("multi-file: what compiling leaves is what every run begins with") {
  if (!boxes_work()) return;
  const auto* multi_file = language("multi-file");
  if (multi_file == nullptr) return;
  Box box;
  auto submission = submission_with(
      {{"compile",
        "set -e; echo 1 > bin/made; mkdir -p out/deep empty; echo built > out/deep/text; printf 'echo ran' > program; "
        "chmod +x program\n"
        "date +%N > stamp; ln -s /etc/passwd link; mkfifo fifo; echo to-stdout; echo to-stderr >&2; rm gone\n"
        "chmod 0600 private\n"},
       {"run", "cat out/deep/text; ./program; cat private; ls; touch empty/x; echo more >> out/deep/text; rm stamp\n"},
       {"private", "p"},
       {"bin/", "", 040755},
       {"gone", ""}});
  submission.number_of_runs = 3;
  submission.expected_output = "built\nran\npbin\ncompile\nempty\nout\nprivate\nprogram\nrun\nstamp";
  const auto report = box.report_on(submission, *multi_file);
  check(report, Verdict::accepted);
  CHECK(report.compile_output == "to-stdout\nto-stderr\n");
}

TEST_CASE("multi-file: scripts with a suffix are preferred, need no bit, and get options and arguments as words") {
  if (!boxes_work()) return;
  const auto* multi_file = language("multi-file");
  if (multi_file == nullptr) return;
  Box box;
  auto submission = submission_with({{"compile.sh", "printf '%s\\n' \"$@\"", 0100000},
                                     {"compile", "exit 1"},
                                     {"run.sh", "cat; printf '%s\\n' \"$@\"; pwd", 0},
                                     {"run", "exit 1"}});
  submission.compiler_options = "-O 'a b' $(id)";
  submission.command_line_arguments = "'one two' ;id $HOME";
  submission.stdin_text = "input\n";
  submission.expected_output = "input\none two\n;id\n$HOME\n/box\n";
  const auto report = box.report_on(submission, *multi_file);
  check(report, Verdict::accepted);
  CHECK(report.compile_output == "-O\na b\n$(id)\n");
}

TEST_CASE("multi-file: what fails says which step it was") {
  if (!boxes_work()) return;
  const auto* multi_file = language("multi-file");
  if (multi_file == nullptr) return;
  Box box;
  auto report = box.report_on(submission_with({{"compile", "echo no >&2; exit 3"}, {"run", "echo ran"}}), *multi_file);
  check(report, Verdict::compilation_error);
  CHECK(report.compile_output == "no\n");
  report = box.report_on(submission_with({{"run", "echo ran; exit 3"}}), *multi_file);
  check(report, Verdict::runtime_error);
  CHECK(report.exit_code == 3);
  report = box.report_on(submission_with({{"run", "kill -SEGV $$"}}), *multi_file);
  check(report, Verdict::runtime_error);
  CHECK(report.exit_signal == SIGSEGV);
  report = box.report_on(submission_with({{"compile", "true"}}), *multi_file);
  check(report, Verdict::exec_format_error);
  CHECK(report.message == "There is nothing to run: additional_files holds no file run.sh or run");
  report = box.report_on(submission_of(""), *multi_file);
  check(report, Verdict::exec_format_error);
  report = box.report_on(submission_with({{"compile", "echo 'echo made' > run"}}), *multi_file);
  check(report, Verdict::accepted);
  CHECK(report.stdout_text == "made\n");
}

TEST_CASE("executable: a program is run as it was sent, with its files; what is none cannot be started") {
  if (!boxes_work()) return;
  const auto* executable = language("executable");
  if (executable == nullptr) return;
  Box box;
  auto submission = submission_of(text_of("/bin/cat"));
  submission.command_line_arguments = "text -";
  submission.stdin_text = "input\n";
  submission.additional_files = zip_of({{"text", "of the archive\n"}, {"a.out", "not this"}});
  submission.expected_output = "of the archive\ninput\n";
  submission.number_of_runs = 2;
  check(box.report_on(submission, *executable), Verdict::accepted);
  submission.additional_files.reset();
  submission.command_line_arguments.reset();
  submission.expected_output = "input\n";
  check(box.report_on(submission, *executable), Verdict::accepted);
  auto script = submission_of("#!/bin/sh\nread -r line; echo \"got $line\"");
  script.stdin_text = "it";
  script.expected_output = "got it";
  check(box.report_on(script, *executable), Verdict::accepted);
  check(box.report_on(submission_of("no program"), *executable), Verdict::exec_format_error);
  check(box.report_on(submission_of(""), *executable), Verdict::exec_format_error);
}
