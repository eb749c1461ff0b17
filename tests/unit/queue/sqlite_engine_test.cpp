// What is particular to the SQLite engine; what every engine must do is in tests/contract.

#include "queue/sqlite_engine.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>

#include "queue/mailbox.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;

TEST_CASE("sqlite engine: a WAL that has outgrown its bound is begun anew while turns go on") {
  const testing::TemporaryFolder folder;
  Mailbox mailbox;
  SqliteEngine engine(folder.file("test.db"), [&mailbox](std::function<void()> f) { mailbox.post(std::move(f)); });
  const auto commit = [&](std::size_t bytes) {
    Turn turn;
    Submission submission;
    submission.token = Token::make(1);
    submission.source_code.assign(bytes, 'x');
    turn.submissions.push_back({std::move(submission), ""});
    std::optional<bool> committed;
    engine.commit(std::move(turn), [&committed](Result<TurnOutcome> outcome) { committed = outcome.has_value(); });
    REQUIRE(testing::eventually([&] {
      mailbox.run();
      return committed.has_value();
    }));
    CHECK(*committed);
  };
  const auto wal_bytes = [&] { return std::filesystem::file_size(folder.path() / "test.db-wal"); };
  constexpr std::uintmax_t kBound = 64 << 20;
  while (wal_bytes() <= kBound) commit(4 << 20);
  CHECK(testing::eventually([&] {
    commit(1);
    return wal_bytes() <= kBound;
  }));
}
