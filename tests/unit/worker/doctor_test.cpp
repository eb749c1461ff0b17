// `pushjudge-worker doctor`, for real: as whoever runs the tests, and where that is root also as an ordinary user.

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/worker/box.hpp"

using namespace pushjudge;
namespace fs = std::filesystem;

namespace {

constexpr const char* kBash =
    "id: 46\nname: Bash ({version})\nversion:\n  command: /bin/bash --version\n  pattern: version ([0-9.]+)\n"
    "source_file: script.sh\nrun:\n  command: /bin/bash script.sh\n";
constexpr const char* kNowhere =
    "id: 900\nname: Nowhere ({version})\nversion:\n  command: /usr/bin/no-such-program -v\n  pattern: ([0-9.]+)\n"
    "source_file: script\nrun:\n  command: /usr/bin/no-such-program script\n";

const std::vector<std::string> kOrdinaryUser{"/usr/bin/setpriv", "--reuid=65533", "--regid=65533", "--clear-groups",
                                             "--"};

struct Ran {
  int code;
  std::string said;
};

void let_others_in(const testing::TemporaryFolder& folder) {
  fs::permissions(folder.path(), fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
}

Ran doctor(std::vector<std::string> as, const testing::TemporaryFolder& languages) {
  let_others_in(languages);
  // Copies: the programs may have been built where only their owner comes.
  const testing::TemporaryFolder programs;
  let_others_in(programs);
  const fs::path built = fs::path(testing::defaults().sandbox).parent_path();
  for (const char* name : {"pushjudge-worker", "pushjudge-sandbox", "pushjudge-unpack"}) {
    fs::copy_file(built / name, programs.path() / name);
  }
  const testing::TemporaryFolder folder;
  as.insert(as.end(), {programs.file("pushjudge-worker"), "doctor", "--languages", languages.path().string(),
                       "--sandbox", programs.file("pushjudge-sandbox")});
  testing::Process process(std::move(as), folder.path() / "output");
  const int code = process.wait();
  return {code, testing::read_file(folder.path() / "output")};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void check_both_tables(const std::vector<std::string>& as) {
  const testing::TemporaryFolder languages;
  languages.write("bash/language.yaml", kBash);
  languages.write("nowhere/language.yaml", kNowhere);
  languages.write("nowhere/packages", "nowhere libnowhere1-dev\n");
  const auto ran = doctor(as, languages);
  INFO(ran.said);
  CHECK(ran.code == 0);
  CHECK(contains(ran.said, "\nuser namespaces      enforced "));
  CHECK(contains(ran.said, "\ncontrol groups "));
  CHECK(contains(ran.said, "\nbash                 offered   Bash ("));
  CHECK(contains(ran.said, "; id 46\n"));
  CHECK(contains(ran.said, "\nadditional files: unpacked in a box\n"));
  CHECK(contains(ran.said, "\nnowhere              MISSING   /usr/bin/no-such-program is not installed\n"));
  CHECK(contains(ran.said, " fix: apt-get install nowhere libnowhere1-dev\n"));
}

}  // namespace

TEST_CASE("doctor: tables of what the host enforces and of the languages, with what mends them") {
  if (!testing::boxes_work()) return;
  check_both_tables({});
  if (::geteuid() == 0) check_both_tables(kOrdinaryUser);
}

TEST_CASE("doctor: without a language that works nothing can be judged, and what packages would not mend has no fix") {
  if (!testing::boxes_work()) return;
  const testing::TemporaryFolder languages;
  languages.write("nowhere/language.yaml", kNowhere);
  languages.write("nowhere/packages", "nowhere; reboot\n");
  languages.write("broken/language.yaml", "id: none\n");
  languages.write("broken/packages", "broken\n");
  const auto ran = doctor({}, languages);
  INFO(ran.said);
  CHECK(ran.code == 1);
  CHECK(contains(ran.said, "\nnowhere              MISSING "));
  CHECK(contains(ran.said, "\nbroken               MISSING "));
  CHECK_FALSE(contains(ran.said, "fix: apt-get"));
}
