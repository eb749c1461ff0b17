#include "tests/fault/ledger.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstring>

#include "proto/event.hpp"
#include "proto/ids.hpp"

namespace pushjudge::testing {
namespace {

std::string token_of(const SQLite::Column& column) {
  Uuid bytes{};
  std::memcpy(bytes.data(), column.getBlob(), bytes.size());
  return Token::from_bytes(bytes).text();
}

}  // namespace

Ledger::Ledger(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READONLY);
  database.setBusyTimeout(5'000);
  const SQLite::Transaction one_state(database);
  std::map<std::int64_t, std::string> tokens;
  SQLite::Statement jobs(database,
                         "SELECT id, token, state, attempt, fence, seq, worker, (SELECT count(*) FROM job_result WHERE "
                         "job = id) FROM job");
  SQLite::Statement cursors(database, "SELECT name, gseq FROM cursor");
  while (cursors.executeStep()) {
    cursors_[cursors.getColumn(0).getString()] = static_cast<std::uint64_t>(cursors.getColumn(1).getInt64());
  }
  std::map<std::string, std::uint64_t> seqs;
  while (jobs.executeStep()) {
    const std::string token = token_of(jobs.getColumn(1));
    tokens[jobs.getColumn(0).getInt64()] = token;
    StoredJob& job = jobs_[token];
    job.running = jobs.getColumn(2).getInt() == 1;
    job.finished = jobs.getColumn(2).getInt() == 2;
    job.attempt = jobs.getColumn(3).getUInt();
    job.incarnation = static_cast<std::uint32_t>(static_cast<std::uint64_t>(jobs.getColumn(4).getInt64()) >> 32);
    job.worker = jobs.getColumn(6).getString();
    seqs[token] = static_cast<std::uint64_t>(jobs.getColumn(5).getInt64());
    if (jobs.getColumn(7).getInt() != (job.finished ? 1 : 0)) breaches_.push_back(token + ": not one result");
  }

  std::int64_t last = 0;
  SQLite::Statement events(database, "SELECT gseq, job, seq, kind FROM event ORDER BY gseq");
  while (events.executeStep()) {
    if (events.getColumn(0).getInt64() != ++last) breaches_.push_back("a hole before " + std::to_string(last));
    const auto token = tokens.find(events.getColumn(1).getInt64());
    if (token == tokens.end()) {
      breaches_.push_back("an event of no job: " + std::to_string(last));
      continue;
    }
    StoredJob& job = jobs_.at(token->second);
    job.kinds.emplace_back(to_string(static_cast<EventKind>(events.getColumn(3).getInt())));
    if (events.getColumn(2).getInt64() != static_cast<std::int64_t>(job.kinds.size())) {
      breaches_.push_back(token->second + ": its numbers have a hole");
    }
  }
  for (const auto& [name, seq] : cursors_) {
    if (seq > static_cast<std::uint64_t>(last)) breaches_.push_back(name + ": a cursor past the log");
  }
  for (const auto& [token, job] : jobs_) {
    std::size_t ends = 0;
    for (const std::string& kind : job.kinds) ends += is_last(*parse_event_kind(kind)) ? 1 : 0;
    if (ends != (job.finished ? 1U : 0U)) breaches_.push_back(token + ": has " + std::to_string(ends) + " ends");
    if (seqs[token] != job.kinds.size()) breaches_.push_back(token + ": its number is not that of its last event");
  }
  const std::string integrity = integrity_of(path);
  if (integrity != "ok") breaches_.push_back(integrity);
}

std::string integrity_of(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READONLY);
  return database.execAndGet("PRAGMA integrity_check").getString();
}

}  // namespace pushjudge::testing
