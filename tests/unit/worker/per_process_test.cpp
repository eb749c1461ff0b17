// Limits that are each process's and not the box's together, with the real sandbox.

#include <doctest/doctest.h>
#include <signal.h>

#include <string>

#include "tests/unit/worker/box.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;

namespace {

// Starts CHILDREN children, each of which does WORK, and ends as the worst of them did.
std::string family(int children, const std::string& work) {
  return "#define _GNU_SOURCE\n#include <signal.h>\n#include <stdlib.h>\n#include <string.h>\n#include <sys/wait.h>\n"
         "#include <time.h>\n#include <unistd.h>\n"
         "static void spin(double s) { while (clock() < s * CLOCKS_PER_SEC) {} }\n"
         "static void eat(long mb) { volatile char* p = malloc(mb << 20); if (!p) _exit(9);"
         " for (long i = 0; i < mb << 20; i += 4096) p[i] = 1; sleep(1); }\n"
         "int main(void) {\n  for (int i = 0; i < " +
         std::to_string(children) + "; ++i) if (fork() == 0) { " + work +
         "; _exit(0); }\n"
         "  int worst = 0;\n  for (int s; wait(&s) > 0;) if (s > worst) worst = s;\n"
         "  if (WIFSIGNALED(worst)) { signal(WTERMSIG(worst), SIG_DFL); raise(WTERMSIG(worst)); }\n"
         "  return WEXITSTATUS(worst); }\n";
}

Submission family_submission(int children, const std::string& work) {
  auto submission = submission_of(family(children, work));
  submission.limits.cpu_ms = 1'000;
  submission.limits.cpu_extra_ms = 0;
  submission.limits.wall_ms = 20'000;
  submission.limits.memory_kib = 64 << 10;
  return submission;
}

}  // namespace

TEST_CASE("per process: CPU time is counted for each, and who uses it up is too late") {
  if (!boxes_work()) return;
  const auto* c = language("c");
  if (c == nullptr) return;
  Box box;
  auto submission = family_submission(3, "spin(0.6)");
  check(box.report_on(submission, *c), Verdict::time_limit_exceeded);
  submission.limits.cpu_per_process = true;
  const auto report = box.report_on(submission, *c);
  check(report, Verdict::accepted);
  CHECK(report.cpu_us.value_or(0) > 1'000'000);

  for (const char* work : {"spin(100)", "signal(SIGXCPU, SIG_IGN); spin(100)"}) {
    CAPTURE(std::string(work));
    submission = family_submission(1, work);
    submission.limits.cpu_per_process = true;
    const auto late = box.report_on(submission, *c);
    check(late, Verdict::time_limit_exceeded);
    CHECK(late.message == "Time limit exceeded");
  }
  submission = family_submission(1, "raise(SIGXCPU)");
  submission.limits.cpu_per_process = true;
  const auto itself = box.report_on(submission, *c);
  check(itself, Verdict::runtime_error);
  CHECK(itself.exit_signal == SIGXCPU);
}

TEST_CASE("per process: memory is that of each, and none gets more") {
  if (!boxes_work()) return;
  const auto* c = language("c");
  if (c == nullptr) return;
  Box box;
  auto submission = family_submission(3, "eat(40)");
  const auto together = box.report_on(submission, *c);
  if (counted(together)) check(together, Verdict::memory_limit_exceeded);
  submission.limits.memory_per_process = true;
  check(box.report_on(submission, *c), Verdict::accepted);
  submission = family_submission(1, "eat(70)");
  submission.limits.memory_per_process = true;
  const auto refused = box.report_on(submission, *c);
  check(refused, Verdict::runtime_error);
  CHECK(refused.exit_code == 9);
}

TEST_CASE("per process: every hello program has room enough") {
  if (!boxes_work()) return;
  Box box;
  for (const auto* slug :
       {"c", "cpp", "python", "java", "javascript", "typescript", "go", "rust", "ruby", "php", "bash"}) {
    const auto* recipe = language(slug);
    if (recipe == nullptr) continue;
    CAPTURE(std::string(slug));
    const auto folder = std::filesystem::path(PJ_LANGUAGES_DIR) / slug;
    auto submission = submission_of(
        text_of(folder / ("hello" + std::filesystem::path(recipe->source_file).extension().string())), "world\n");
    submission.expected_output = "hello, world\n";
    submission.limits.cpu_per_process = true;
    submission.limits.memory_per_process = true;
    check(box.report_on(submission, *recipe), Verdict::accepted);
  }
}
