#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/worker/sandbox/harness.hpp"

// The program by hand.
namespace pushjudge::sandbox::testing {

namespace {

using pushjudge::testing::Process;
using pushjudge::testing::TemporaryFolder;

struct Ran {
  int code;
  std::string said;
};

Ran run_by_hand(const TemporaryFolder& folder, std::vector<std::string> words) {
  words.insert(words.begin(), {PJ_SANDBOX_PROGRAM, "run"});
  const auto output = folder.path() / "output";
  std::filesystem::remove(output);
  Process process(std::move(words), output);
  const int code = process.wait();
  return {code, pushjudge::testing::read_file(output)};
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("command: a program of one's own is brought along, with its arguments and limits") {
  if (skip_without_boxes()) return;
  const TemporaryFolder folder;
  folder.write("greet", "#!/bin/sh\necho hello, $1 from $0\n");
  const auto ran = run_by_hand(folder, {"--cpu", "1s", "--memory", "64MB", "--", folder.file("greet"), "world"});
  // It was written without permission to execute, which it gets in the box.
  CHECK(ran.code == 0);
  CHECK_MESSAGE(contains(ran.said, "hello, world from ./greet\n"), ran.said);
  CHECK_MESSAGE(contains(ran.said, "-- exited 0; cpu "), ran.said);
}

TEST_CASE("command: the report says which limit was hit, also as JSON") {
  if (skip_without_boxes()) return;
  const TemporaryFolder folder;
  CHECK(contains(run_by_hand(folder, {"--wall", "50ms", "--", "sleep", "20"}).said, "-- wall_limit; "));
  const auto json = run_by_hand(folder, {"--json", "--output", "10B", "--", "sh", "-c", "echo 0123456789abc"});
  CHECK_MESSAGE(json.said.starts_with("{\"status\":\"output_limit\","), json.said);
  CHECK_MESSAGE(contains(json.said, "\"stdout\":\"0123456789\""), json.said);
}

TEST_CASE("command: what cannot be run is said") {
  if (skip_without_boxes()) return;
  const TemporaryFolder folder;
  CHECK(contains(run_by_hand(folder, {"--", folder.file("nothing")}).said, "exec_failed"));
  CHECK(run_by_hand(folder, {"--memory", "much", "--", "true"}).code == 2);
  CHECK(run_by_hand(folder, {"--no-such-option", "--", "true"}).code == 2);
  CHECK(run_by_hand(folder, {}).code == 2);
}

}  // namespace pushjudge::sandbox::testing
