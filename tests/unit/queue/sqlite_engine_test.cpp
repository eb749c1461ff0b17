// What is particular to the SQLite engine; what every engine must do is in tests/contract.

#include "queue/sqlite_engine.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "queue/mailbox.hpp"
#include "queue/problem_desk.hpp"
#include "queue/sqlite_schema.hpp"
#include "tests/support/problems.hpp"
#include "tests/support/process.hpp"
#include "tests/support/store.hpp"
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

TEST_CASE("sqlite engine: a database from before there were problems is brought up to date, and loses nothing") {
  const testing::TemporaryFolder folder;
  const Token queued = Token::make(1);
  const Token finished = Token::make(2);
  constexpr std::size_t kStepsBefore = 5;
  {
    SQLite::Database old(folder.file("test.db"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (std::size_t step = 0; step < kStepsBefore; ++step) old.exec(std::string(kSchemaSteps.at(step)));
    old.exec("PRAGMA user_version=" + std::to_string(kStepsBefore));
    old.exec("INSERT INTO meta(k, v) VALUES ('incarnation', 7), ('epoch', '00000000000000000000000000000001')");
    for (const Token& token : {queued, finished}) {
      const bool ended = token == finished;
      SQLite::Statement job(old,
                            "INSERT INTO job(token, language_id, state, attempt, fence, seq, worker, created_ms, "
                            "finished_ms) VALUES (?, 54, ?, 0, 0, 1, '', 1, 1)");
      job.bind(1, token.bytes().data(), static_cast<int>(token.bytes().size()));
      job.bind(2, ended ? 2 : 0);
      job.exec();
    }
    old.exec(
        "INSERT INTO job_body(job, source, cpu_ms, cpu_extra_ms, wall_ms, memory_kib, stack_kib, file_kib, processes, "
        "number_of_runs, redirect_stderr) SELECT id, CAST('main' AS BLOB), 1, 1, 1, 1, 1, 1, 1, 1, 0 FROM job");
    old.exec(
        "INSERT INTO job_result SELECT id, 'accepted', 0, NULL, 1, 1, 1, x'', x'', x'', x'', 'cgroup2' FROM job "
        "WHERE state = 2");
    old.exec(
        "INSERT INTO event(job, seq, kind, at_ms, attempt, worker, started_ms, note) "
        "SELECT id, 1, CASE state WHEN 2 THEN 3 ELSE 0 END, 1, 0, '', NULL, '' FROM job");
  }
  testing::Store store(folder.file("test.db"));
  CHECK(store.engine().epoch() == "00000000000000000000000000000001");
  CHECK(store.engine().incarnation() == 8);
  CHECK(store.engine().depth().queued == 1);
  CHECK(store.engine().problems().versions.empty());
  const auto waiting = store.get(queued);
  REQUIRE(waiting);
  CHECK(waiting->submission.source_code == "main");
  CHECK_FALSE(waiting->submission.problem);
  CHECK_FALSE(waiting->submission.problem_version);
  CHECK_FALSE(waiting->submission.all_tests);
  CHECK_FALSE(waiting->submission.judge_messages);
  const auto judged = store.get(finished);
  REQUIRE(judged);
  REQUIRE(judged->snapshot.report);
  CHECK(judged->snapshot.report->verdict == Verdict::accepted);
  CHECK(judged->snapshot.report->tests.empty());

  // And problems can be kept in it.
  Turn turn;
  const auto file = order_to_store("x");
  const auto problem = order_to_add(encode(testing::small_problem("sum", "x", "x")), true);
  REQUIRE(file);
  REQUIRE(problem);
  turn.orders = {*file, *problem};
  const auto outcome = store.commit(std::move(turn));
  REQUIRE(outcome);
  CHECK(std::get<AddProblemOutcome>(outcome->orders.at(1)).code == AddProblemOutcome::Code::done);
  CHECK(store.engine().problems().published.contains("sum"));
}
