#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "tests/unit/worker/sandbox/harness.hpp"

// Limits and counts of run after run in one box, in the real sandbox: nothing of one run may show in the next.
namespace pushjudge::sandbox::testing {

namespace {

// Touches so many megabytes, starts so many processes at a time, and burns so many milliseconds in each.
constexpr std::string_view kSource = R"(
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static void burn(long milliseconds) {
  struct timespec used;
  do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  while (used.tv_sec * 1000 + used.tv_nsec / 1000000 < milliseconds);
}
int main(int argc, char** argv) {
  const long bytes = atol(argv[1]) << 20, processes = atol(argv[2]), milliseconds = atol(argv[3]);
  char* area = malloc(bytes + 1);
  memset(area, 1, bytes + 1);
  for (long i = 0; i < processes; ++i) {
    const pid_t child = fork();
    if (child < 0) return 5;
    if (child == 0) {
      burn(milliseconds);
      _exit(0);
    }
  }
  while (wait(0) > 0) {
  }
  return argc == 4 ? 0 : 6;
}
)";

class Runs {
 public:
  Runs() : program_(compile_c(sandbox_, kSource).program) { REQUIRE(program_); }

  struct Use {
    int megabytes = 0;
    int processes = 0;
    int milliseconds = 0;
  };
  [[nodiscard]] Outcome run(const Use& use, std::uint64_t memory_mib, std::uint64_t processes = 64) {
    Spec spec = spec_of(
        {"./program", std::to_string(use.megabytes), std::to_string(use.processes), std::to_string(use.milliseconds)});
    spec.files = {{"program", 0755, program_.get(), true}};
    spec.limits.memory_bytes = memory_mib * kMiB;
    spec.limits.processes = processes;
    return sandbox_.run(spec);
  }

  [[nodiscard]] Sandbox& sandbox() { return sandbox_; }

 private:
  Sandbox sandbox_;
  Fd program_;
};

}  // namespace

TEST_CASE("meter: limits of memory hold for their own run, whatever those before had") {
  if (skip_without_boxes()) return;
  Runs runs;
  for (int i = 0; i < 3; ++i) {
    CHECK(runs.run({.megabytes = 60}, 40).status == Status::memory_limit);
    CHECK(runs.run({.megabytes = 60}, 100).status == Status::exited);
    CHECK(runs.run({.megabytes = 60}, 100).status == Status::exited);
    CHECK(runs.run({.megabytes = 130}, 100).status == Status::memory_limit);
    CHECK(runs.run({.megabytes = 130}, 300).status == Status::exited);
  }
}

TEST_CASE("meter: a peak is of its own run") {
  if (skip_without_boxes()) return;
  Runs runs;
  for (const int megabytes : {80, 3, 40, 3, 3, 120, 3}) {
    const auto outcome = runs.run({.megabytes = megabytes}, 300);
    CHECK(outcome.status == Status::exited);
    CHECK(outcome.memory_bytes >= static_cast<std::uint64_t>(megabytes) * kMiB);
    CHECK(outcome.memory_bytes <= static_cast<std::uint64_t>(megabytes + 5) * kMiB);
  }
}

TEST_CASE("meter: limits of processes hold for their own run, whatever those before had") {
  if (skip_without_boxes()) return;
  Runs runs;
  for (int i = 0; i < 2; ++i) {
    CHECK(runs.run({.processes = 6, .milliseconds = 50}, 100, 4).exit_code == 5);
    CHECK(runs.run({.processes = 6, .milliseconds = 50}, 100, 10).exit_code == 0);
  }
}

TEST_CASE("meter: CPU time of children is of its own run") {
  if (skip_without_boxes()) return;
  Runs runs;
  const auto busy = runs.run({.processes = 3, .milliseconds = 150}, 100).cpu_us;
  CHECK(busy >= 450'000);
  CHECK(runs.run({}, 100).cpu_us < busy / 2);
}

TEST_CASE("meter: files larger than the last run's limit of memory can be placed") {
  if (skip_without_boxes()) return;
  Runs runs;
  const Fd large = file_of(std::string(40 * kMiB, 'x'));
  for (int i = 0; i < 2; ++i) {
    CHECK(runs.run({}, 16).status == Status::exited);
    Spec spec = spec_of({"/usr/bin/wc", "-c", "large"});
    spec.files = {{"large", 0644, large.get()}};
    spec.limits.memory_bytes = 32 * kMiB;
    const auto outcome = runs.sandbox().run(spec);
    CHECK(outcome.status == Status::exited);
    CHECK(content_of(outcome.out.fd) == std::to_string(40 * kMiB) + " large\n");
  }
}

}  // namespace pushjudge::sandbox::testing
