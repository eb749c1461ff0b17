#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/unit/worker/sandbox/harness.hpp"

// The peak of memory that a run is reported with, in the real sandbox.
namespace pushjudge::sandbox::testing {

namespace {

constexpr std::string_view kNothing = "int main(void) { return 0; }";

Fd compile_static(Sandbox& sandbox, std::string_view source) {
  const Fd text = file_of(source);
  auto spec = spec_of({"/usr/bin/gcc", "-static", "-O1", "-fno-builtin", "-o", "program", "program.c"});
  spec.files = {{"program.c", 0644, text.get()}};
  spec.collect = {"program"};
  auto outcome = sandbox.run(spec);
  REQUIRE(outcome.status == Status::exited);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE(outcome.collected.size() == 1);
  return std::move(outcome.collected[0].fd);
}

std::uint64_t peak_of(Sandbox& sandbox, const Fd& program) {
  auto spec = spec_of({"./program"});
  spec.files = {{"program", 0755, program.get()}};
  const auto outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::exited);
  CHECK(outcome.exit_code == 0);
  return outcome.memory_bytes;
}

}  // namespace

TEST_CASE("memory: a static program that does nothing has a small peak, about the same each time, and never none") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd program = compile_static(sandbox, kNothing);
  std::vector<std::uint64_t> peaks;
  for (int i = 0; i < 10; ++i) peaks.push_back(peak_of(sandbox, program));
  const auto [least, most] = std::minmax_element(peaks.begin(), peaks.end());
  CHECK(*least > kMiB / 4);
  CHECK(*most < 3 * kMiB);
  CHECK(*most - *least <= kMiB / 2);
}

TEST_CASE("memory: what a program touches is its peak") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd program = compile_static(sandbox,
                                    "#include <stdlib.h>\n#include <string.h>\n"
                                    "int main(void) { char* p = malloc(50 << 20); memset(p, 1, 50 << 20);"
                                    " return p[12345] - 1; }");
  for (int i = 0; i < 3; ++i) {
    const auto peak = peak_of(sandbox, program);
    CHECK(peak >= 50 * kMiB);
    CHECK(peak <= 60 * kMiB);
  }
  // The next program's peak is its own.
  CHECK(peak_of(sandbox, compile_static(sandbox, kNothing)) < 3 * kMiB);
}

TEST_CASE("memory: the size of whoever starts the sandbox is not in the peak") {
  if (skip_without_boxes()) return;
  const std::string ballast(100 * kMiB, 'x');
  Sandbox sandbox;
  CHECK(peak_of(sandbox, compile_static(sandbox, kNothing)) < 3 * kMiB);
  CHECK(ballast.back() == 'x');
}

}  // namespace pushjudge::sandbox::testing
