// The judge and the languages with the real sandbox.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "tests/support/zip_file.hpp"
#include "tests/unit/worker/box.hpp"
#include "worker/catalogue.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
namespace fs = std::filesystem;

namespace {

const Result<Catalogue>& catalogue() {
  static const Result<Catalogue> read = Catalogue::read(PJ_LANGUAGES_DIR, defaults().sandbox);
  return read;
}

}  // namespace

TEST_CASE("languages: a toolchain that is installed answers inside a box") {
  if (!boxes_work()) return;
  const auto recipes = read_recipes(PJ_LANGUAGES_DIR);
  REQUIRE(recipes);
  for (const auto& recipe : recipes->recipes) {
    const auto& left_out = catalogue()->left_out();
    const auto found = std::ranges::find(left_out, recipe.slug, &LeftOut::slug);
    if (found == left_out.end()) continue;
    if (fs::exists(recipe.version.command.expand({})[0])) {
      FAIL_CHECK(recipe.slug << ": " << found->reason);
    } else {
      MESSAGE("skipped: " << recipe.slug << ": " << found->reason);
    }
  }
}

TEST_CASE("languages: the hello program of each reads a name and greets it, within the usual limits") {
  if (!boxes_work()) return;
  Box box;
  for (const auto& offered : catalogue()->languages()) {
    const auto& recipe = *catalogue()->find(offered.id);
    if (recipe.id != offered.id) continue;   // another id of the same
    if (recipe.source_executable) continue;  // comes from a compiler
    CAPTURE(recipe.slug);
    const auto hello = fs::path(PJ_LANGUAGES_DIR) / recipe.slug / "hello";
    Submission submission;
    if (recipe.run.scripts.empty()) {
      submission.source_code = text_of(hello.string() + fs::path(recipe.source_file).extension().string());
    } else {
      submission.additional_files = zip_of_folder(hello);
    }
    submission.stdin_text = "world\n";
    submission.expected_output = "hello, world\n";
    const auto begin = Steady::now();
    const auto report = box.report_on(submission, recipe);
    check(report, Verdict::accepted);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begin);
    MESSAGE(offered.name << ": " << took.count() << " ms in all, run " << report.wall_us.value_or(0) / 1000 << " ms, "
                         << report.memory_kib.value_or(0) << " KiB");
  }
}

TEST_CASE("languages: a source that is wrong is a compilation error that names the line") {
  if (!boxes_work()) return;
  struct Case {
    const char* slug;
    const char* source;
    const char* said;
  };
  const Case cases[] = {
      {"c", "int main(void) {\n  return x;\n}\n", "main.c:2:"},
      {"cpp", "int main() {\n  return x;\n}\n", "main.cpp:2:"},
      {"cpp-clang", "int main() {\n  return x;\n}\n", "main.cpp:2:"},
      {"java", "public class Main {\n  int x = y;\n}\n", "Main.java:2:"},
      {"java", "class Main {}\n", "no class has a method public static void main"},
      {"typescript", "const x: number = 1;\nconst y: string = x;\n", "script.ts(2,7)"},
      {"go", "package main\n\nfunc main() { x() }\n", "main.go:3:"},
      {"rust", "fn main() {\n  x();\n}\n", "main.rs:2:"},
  };
  Box box;
  for (const auto& wrong : cases) {
    const auto* recipe = language(wrong.slug);
    if (recipe == nullptr) continue;
    CAPTURE(std::string(wrong.slug));
    const auto report = box.report_on(submission_of(wrong.source), *recipe);
    check(report, Verdict::compilation_error);
    CHECK(report.compile_output.find(wrong.said) != std::string::npos);
    CHECK_FALSE(report.wall_us);
  }
}

TEST_CASE("languages: a program that fails is a runtime error with its exit code or signal, and what it said") {
  if (!boxes_work()) return;
  struct Case {
    const char* slug;
    const char* source;
    const char* message;
    const char* said;
  };
  const Case cases[] = {
      {"c", "int main(void) { return 3; }", "Exited with error status 3", ""},
      {"cpp", "#include <stdexcept>\nint main() { throw std::runtime_error(\"sorry\"); }", "Caught fatal signal 6",
       "sorry"},
      {"cpp", "int main() { *(volatile int*)0 = 1; }", "Caught fatal signal 11", ""},
      {"python", "print(1 / 0)", "Exited with error status 1", "ZeroDivisionError"},
      {"python", "def (", "Exited with error status 1", "SyntaxError"},
      {"java", "class Main { public static void main(String[] a) { throw new RuntimeException(\"sorry\"); } }",
       "Exited with error status 1", "sorry"},
      {"java", "class Main { public static void main(String[] a) { System.exit(7); } }", "Exited with error status 7",
       ""},
      {"javascript", "throw new Error('sorry')", "Exited with error status 1", "sorry"},
      {"go", "package main\nfunc main() { panic(\"sorry\") }", "Exited with error status 2", "sorry"},
      {"rust", "fn main() { panic!(\"sorry\") }", "Exited with error status 101", "sorry"},
      {"bash", "exit 9", "Exited with error status 9", ""},
      {"sqlite", "SELECT * FROM nothing;", "Exited with error status 1", "nothing"},
  };
  Box box;
  for (const auto& failing : cases) {
    const auto* recipe = language(failing.slug);
    if (recipe == nullptr) continue;
    CAPTURE(std::string(failing.slug));
    const auto report = box.report_on(submission_of(failing.source), *recipe);
    check(report, Verdict::runtime_error);
    CHECK(report.message == failing.message);
    CHECK(report.stderr_text.find(failing.said) != std::string::npos);
  }
}

TEST_CASE("languages: options reach the compiler as words, arguments the program, and neither a shell") {
  if (!boxes_work()) return;
  Box box;
  if (const auto* cpp = language("cpp")) {
    auto submission = submission_of(
        "#include <cstdio>\n#include <thread>\n"
        "int main(int n, char** a) { std::thread([&] { for (int i = 1; i < n; ++i) std::puts(a[i]); }).join();"
        " std::puts(X); }");
    submission.compiler_options = "'-DX=\"a b;$(id)\"' -Wall";
    submission.command_line_arguments = "'one two' $HOME";
    submission.expected_output = "one two\n$HOME\na b;$(id)\n";
    check(box.report_on(submission, *cpp), Verdict::accepted);
    submission.compiler_options = "-o elsewhere";
    const auto report = box.report_on(submission, *cpp);
    check(report, Verdict::compilation_error);
  }
  if (const auto* java = language("java")) {
    auto submission = submission_of("class Main { public static void main(String[] a) { System.out.print(a[0]); } }");
    submission.command_line_arguments = "'one two'";
    submission.expected_output = "one two";
    check(box.report_on(submission, *java), Verdict::accepted);
    submission.compiler_options = "-nonsense";
    check(box.report_on(submission, *java), Verdict::compilation_error);
  }
}

TEST_CASE("judge: a program is compiled once, however often it runs, with the limits of compiling") {
  if (!boxes_work()) return;
  const auto* c = language("c");
  if (c == nullptr) return;
  Box box;
  auto submission = submission_of("int main(void) { return 0; }");
  submission.number_of_runs = 20;
  submission.limits.memory_kib = 4'096;  // no compiler has enough in that
  submission.limits.cpu_ms = 20;
  check(box.report_on(submission, *c), Verdict::accepted);
  CHECK(box.compilations == 1);
}

TEST_CASE("judge: each run has a clean box") {
  if (!boxes_work()) return;
  const auto* bash = language("bash");
  if (bash == nullptr) return;
  Box box;
  auto submission = submission_of(
      "[ -e trace ] || [ -e /tmp/trace ] && exit 1\n"
      "touch trace /tmp/trace\necho 'echo forged' > script.sh\n[ \"$(ls)\" = $'script.sh\\ntrace' ] && echo clean");
  submission.number_of_runs = 4;
  submission.expected_output = "clean";
  check(box.report_on(submission, *bash), Verdict::accepted);
}

TEST_CASE("judge: standard error joins standard output when asked to") {
  if (!boxes_work()) return;
  const auto* bash = language("bash");
  if (bash == nullptr) return;
  Box box;
  auto submission = submission_of("echo one; echo two >&2; echo three");
  submission.redirect_stderr_to_stdout = true;
  submission.expected_output = "one\ntwo\nthree";
  const auto report = box.report_on(submission, *bash);
  check(report, Verdict::accepted);
  CHECK(report.stderr_text.empty());
}

TEST_CASE("judge: the expected output is nowhere in the box") {
  if (!boxes_work()) return;
  const auto* bash = language("bash");
  if (bash == nullptr) return;
  Box box;
  auto submission = submission_of("grep -rqs 'very ''secret' /box /tmp /dev/shm /proc/self/environ && echo found");
  submission.expected_output = "very secret";
  const auto report = box.report_on(submission, *bash);
  check(report, Verdict::runtime_error);  // grep found nothing
  CHECK(report.stdout_text.empty());
}

TEST_CASE("judge: a job dropped while it runs ends soon, and the slot judges the next one") {
  if (!boxes_work()) return;
  const auto* bash = language("bash");
  if (bash == nullptr) return;
  Box box;
  REQUIRE(std::holds_alternative<std::monostate>(box.judge.start(submission_of("sleep 1000"), *bash)));
  box.judge.drop();
  const auto begin = Steady::now();
  while (!box.judge.idle()) CHECK(std::holds_alternative<std::monostate>(take_end(box.judge, box.runner)));
  CHECK(Steady::now() - begin < std::chrono::seconds(8));
  check(box.report_on(submission_of("true"), *bash), Verdict::accepted);
}

TEST_CASE("judge: a sandbox that is killed fails the job, and the next one has a new sandbox") {
  if (!boxes_work()) return;
  const auto* bash = language("bash");
  if (bash == nullptr) return;
  Box box;
  check(box.report_on(submission_of("true"), *bash), Verdict::accepted);
  REQUIRE(std::holds_alternative<std::monostate>(box.judge.start(submission_of("sleep 1000"), *bash)));
  REQUIRE(::kill(box.runner.pid(), SIGKILL) == 0);
  const auto news = take_end(box.judge, box.runner);
  REQUIRE(std::holds_alternative<Judge::Failed>(news));
  CHECK(std::get<Judge::Failed>(news).reason == "the sandbox died");
  check(box.report_on(submission_of("true"), *bash), Verdict::accepted);
}

TEST_CASE("runner: a sandbox program that is not there is an error, not a crash") {
  const auto read = Catalogue::read(PJ_LANGUAGES_DIR, "/nowhere/pushjudge-sandbox");
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Errc::unavailable);
}
