#include "queue/sqlite_backup.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

#include "tests/support/store.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;

namespace {

Token submit(testing::Store& store, const std::string& source) {
  Submission submission;
  submission.token = Token::make(wall_now());
  submission.source_code = source;
  const Token token = submission.token;
  Turn turn;
  turn.submissions.push_back({std::move(submission), ""});
  REQUIRE(store.commit(std::move(turn)));
  return token;
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("backup: a copy made beside a core that writes holds all that was committed, and takes a lost one's place") {
  const testing::TemporaryFolder folder;
  const std::string copy = folder.file("copy.db");
  std::string epoch;
  std::uint32_t incarnation = 0;
  Token before;
  Token after;
  Fence fence = 0;
  {
    testing::Store store(folder.file("lost.db"));
    before = submit(store, "print(1)");
    Turn turn;
    turn.demands.push_back({1, "worker", {0}, 1});
    const auto outcome = store.commit(std::move(turn));
    REQUIRE(outcome);
    REQUIRE(outcome->leases.size() == 1);
    fence = outcome->leases[0].ref.fence;
    back_up(folder.file("lost.db"), copy);
    after = submit(store, "print(2)");
    epoch = store.engine().epoch();
    incarnation = store.engine().incarnation();
  }
  struct stat status {};
  REQUIRE(::stat(copy.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);

  const UnixMillis restored_at = wall_now();
  restore(copy, folder.file("new.db"));
  testing::Store store(folder.file("new.db"));
  // What clients remember of the lost database is void, and so is what its workers bring.
  CHECK(store.engine().epoch() != epoch);
  CHECK(store.engine().incarnation() > restored_at / 1'000);
  CHECK(store.engine().incarnation() >= incarnation);
  const auto leases = store.engine().open_leases();
  REQUIRE(leases.size() == 1);
  CHECK(leases[0].ref.fence == fence);
  const auto record = store.get(before);
  REQUIRE(record);
  CHECK(record->submission.source_code == "print(1)");
  CHECK(store.get(after).error().code == Errc::not_found);
  // The copy is as it was: it can be used again.
  restore(copy, folder.file("third.db"));
}

TEST_CASE("backup: nothing that exists is written over, and what is no database is refused") {
  const testing::TemporaryFolder folder;
  const std::string database = folder.file("test.db");
  {
    testing::Store store(database);
    submit(store, "1");
  }
  const std::string copy = folder.file("copy.db");
  back_up(database, copy);
  CHECK(refusal([&] { back_up(database, copy); }) == copy + ": the file exists");
  CHECK(refusal([&] { restore(copy, database); }) == database + ": the file exists");
  CHECK(refusal([&] { back_up(folder.file("none.db"), folder.file("x")); }).find("there is no database") !=
        std::string::npos);
  CHECK(refusal([&] { restore(folder.file("none.db"), folder.file("x")); }).find("there is no such file") !=
        std::string::npos);
  std::ofstream(folder.file("text")) << std::string(10'000, 'x');
  CHECK(refusal([&] { restore(folder.file("text"), folder.file("x")); }).find("not a database") != std::string::npos);
  std::ofstream(folder.file("y-wal")) << "x";
  CHECK(refusal([&] { restore(copy, folder.file("y")); }).find("y-wal") != std::string::npos);
  // A damaged copy: what is wrong is found before it is used.
  std::fstream damaged(copy, std::ios::in | std::ios::out | std::ios::binary);
  damaged.seekp(4'096 + 8);
  damaged << std::string(3'000, '\xff');
  damaged.close();
  CHECK_FALSE(refusal([&] { restore(copy, folder.file("z")); }).empty());
  for (const char* name : {"x", "y", "z"}) CHECK_FALSE(std::filesystem::exists(folder.file(name)));
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    CHECK(entry.path().extension() != ".unfinished");
  }
}
