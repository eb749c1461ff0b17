#include <doctest/doctest.h>
#include <unistd.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/worker/sandbox/harness.hpp"

// `pushjudge-sandbox check` on this host, whatever that offers.
namespace pushjudge::sandbox::testing {

namespace {

using pushjudge::testing::Process;
using pushjudge::testing::TemporaryFolder;

struct Table {
  int code;
  std::string text;

  // What the table says of `what`; empty without such a row.
  [[nodiscard]] std::string standing(std::string_view what) const {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with(what) || line.size() <= what.size() || line[what.size()] != ' ') continue;
      std::string standing;
      std::istringstream(line.substr(what.size())) >> standing;
      return standing;
    }
    return "";
  }

  [[nodiscard]] bool says(std::string_view words) const { return text.find(words) != std::string::npos; }
};

Table check(std::vector<std::string> as = {}) {
  const TemporaryFolder folder;
  as.insert(as.end(), {PJ_SANDBOX_PROGRAM, "check"});
  const auto output = folder.path() / "output";
  Process process(std::move(as), output);
  const int code = process.wait();
  return {code, pushjudge::testing::read_file(output)};
}

void holds_in_every_box(const Table& table) {
  INFO(table.text);
  CHECK(table.code == 0);
  for (const char* what : {"user namespaces", "other namespaces", "privileges", "seccomp"}) {
    CHECK_MESSAGE(table.standing(what) == "enforced", what);
  }
  for (const char* what : {"/proc", "files shown", "ids of the host", "control groups", "CPU time", "memory",
                           "memory peak", "core dumps", "address layout", "open files", "timing: swap"}) {
    const auto standing = table.standing(what);
    const bool known = standing == "enforced" || standing == "weaker";
    CHECK_MESSAGE(known, what);
  }
  CHECK_FALSE(table.says("MISSING"));
}

}  // namespace

TEST_CASE("check: a row for each thing that this host enforces or does not") {
  if (skip_without_boxes()) return;
  holds_in_every_box(check());
}

TEST_CASE("check: an ordinary user reads what is weaker than as root, and what mends it") {
  if (skip_without_boxes() || ::geteuid() != 0) return;
  CHECK(check().standing("ids of the host") == "enforced");
  const auto table = check({"/usr/bin/setpriv", "--reuid=65533", "--regid=65533", "--clear-groups", "--"});
  holds_in_every_box(table);
  CHECK(table.standing("ids of the host") == "weaker");
  CHECK(table.says("fix: sudo pushjudge-worker"));
}

}  // namespace pushjudge::sandbox::testing
