#include "tests/chaos/audit.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <string>

#include "proto/event.hpp"
#include "proto/ids.hpp"
#include "queue/engine.hpp"

namespace pushjudge::chaos {
namespace {

// Why a hand-out may be taken back here. A worker that fails by itself gives another reason.
constexpr std::array kFaults = {
    "the worker began anew without it", "the worker's connection broke", "the worker fell silent",
    "no worker came back with it",      "the worker did not confirm it", "the worker left before it began",
};
constexpr std::uint64_t kGivenUpOneIn = 20;

struct Happened {
  EventKind kind = EventKind::queued;
  std::string note;
};

struct Job {
  std::string key;
  std::string token;
  int state = 0;
  std::uint64_t attempt = 0;
  Seq seq = 0;
  std::string verdict;
  std::string stdout_text;
  std::string message;
  std::vector<Happened> events;
};

class Auditor {
 public:
  Auditor(const std::filesystem::path& path, Ledger& ledger)
      : path_(path), database_(path.string(), SQLite::OPEN_READONLY), ledger_(ledger) {}

  void whole() {
    SQLite::Statement check(database_, "PRAGMA integrity_check");
    while (check.executeStep()) {
      const std::string found = check.getColumn(0).getString();
      if (found != "ok") blame("integrity_check: " + found);
    }
    const std::int64_t count = database_.execAndGet("SELECT count(*) FROM event").getInt64();
    const std::int64_t top = database_.execAndGet("SELECT ifnull(max(gseq), 0) FROM event").getInt64();
    if (count != top) blame("the log has " + std::to_string(count) + " events, and the last is " + std::to_string(top));
    figures_.events = static_cast<std::uint64_t>(count);
  }

  void read() {
    SQLite::Statement rows(
        database_,
        "SELECT job.id, job.token, state, attempt, seq, ifnull(key, ''), ifnull(verdict, ''), ifnull(stdout, x''), "
        "ifnull(message, x'') FROM job LEFT JOIN idempotency ON idempotency.job = job.id "
        "LEFT JOIN job_result ON job_result.job = job.id");
    while (rows.executeStep()) {
      Job job;
      Uuid bytes{};
      const SQLite::Column token = rows.getColumn(1);
      std::memcpy(bytes.data(), token.getBlob(),
                  std::min<std::size_t>(bytes.size(), static_cast<std::size_t>(token.size())));
      job.token = Token::from_bytes(bytes).text();
      job.state = rows.getColumn(2).getInt();
      job.attempt = static_cast<std::uint64_t>(rows.getColumn(3).getInt64());
      job.seq = static_cast<Seq>(rows.getColumn(4).getInt64());
      job.key = rows.getColumn(5).getString();
      job.verdict = rows.getColumn(6).getString();
      job.stdout_text = rows.getColumn(7).getString();
      job.message = rows.getColumn(8).getString();
      if (!jobs_.emplace(rows.getColumn(0).getInt64(), std::move(job)).second) blame("one job has two keys");
    }
    SQLite::Statement events(database_, "SELECT job, seq, kind, note FROM event ORDER BY gseq");
    while (events.executeStep()) {
      Job& job = jobs_.at(events.getColumn(0).getInt64());
      const auto seq = static_cast<Seq>(events.getColumn(1).getInt64());
      if (seq != job.events.size() + 1) blame(job, "its events are not dense at seq " + std::to_string(seq));
      job.events.push_back({static_cast<EventKind>(events.getColumn(2).getInt()), events.getColumn(3).getString()});
    }
    figures_.jobs = jobs_.size();
    for (const auto& [id, job] : jobs_) by_token_[job.token] = &job;
  }

  void each_job() {
    for (const auto& [id, job] : jobs_) {
      if (job.events.empty() || job.events.front().kind != EventKind::queued) blame(job, "it does not begin as queued");
      if (job.seq != job.events.size()) blame(job, "its row says seq " + std::to_string(job.seq));
      if (job.attempt > kAttemptsMax) blame(job, std::to_string(job.attempt) + " attempts");
      if (job.attempt > 1) ++figures_.run_again;
      const auto last = [](const Happened& event) { return is_last(event.kind); };
      const auto lasts = std::count_if(job.events.begin(), job.events.end(), last);
      if (lasts != 1) blame(job, std::to_string(lasts) + " last events");
      if (job.events.empty() || !last(job.events.back())) {
        blame(job, "it is not finished");
        continue;
      }
      for (const Happened& event : job.events) {
        if (event.kind != EventKind::requeued) continue;
        ++figures_.requeued;
        if (!fault(event.note)) blame(job, "it was taken back because: " + event.note);
      }
      if (job.state != 2) blame(job, "its row says state " + std::to_string(job.state));
    }
  }

  void each_accepted() {
    const std::vector<Accepted> accepted = ledger_.accepted_from(0);
    for (const Accepted& told : accepted) {
      const auto found = by_token_.find(told.token);
      if (found == by_token_.end()) {
        blame("submission " + told.token + " was acknowledged, and is not there");
        continue;
      }
      const Job& job = *found->second;
      if (job.key != told.key) blame(job, "it was acknowledged as " + told.key);
      ended_right(job, told);
    }
    // Every client sent again until it was told; what is there beside is a submission that was taken twice.
    if (jobs_.size() != accepted.size()) {
      blame(std::to_string(jobs_.size()) + " submissions are there, and " + std::to_string(accepted.size()) +
            " were acknowledged");
    }
    if (figures_.given_up * kGivenUpOneIn > accepted.size()) {
      blame(std::to_string(figures_.given_up) + " of " + std::to_string(accepted.size()) +
            " submissions were given up");
    }
  }

  void each_follower(const Follower& follower) {
    const auto told = follower.told();
    if (told.size() != jobs_.size()) {
      blame(follower.name() + " heard of " + std::to_string(told.size()) + " of " + std::to_string(jobs_.size()) +
            " submissions");
    }
    for (const auto& [token, kinds] : told) {
      const auto found = by_token_.find(token);
      if (found == by_token_.end()) continue;  // reported already
      std::string stored;
      for (const Happened& event : found->second->events) stored += " " + std::string(to_string(event.kind));
      std::string heard;
      for (const std::string& kind : kinds) heard += " " + kind;
      if (stored != heard) blame(*found->second, follower.name() + " heard" + heard + "; stored are" + stored);
    }
  }

  const AuditFigures& figures() const { return figures_; }

 private:
  static bool fault(const std::string& reason) {
    return std::find(kFaults.begin(), kFaults.end(), reason) != kFaults.end();
  }

  void ended_right(const Job& job, const Accepted& told) {
    const CancelAnswer answer = ledger_.cancel_answer(job.token);
    const bool cancelled = job.verdict == "cancelled";
    if (answer == CancelAnswer::cancelled && !cancelled) blame(job, "it was said to be cancelled, and is not");
    if (answer == CancelAnswer::finished && cancelled) blame(job, "it was said to have finished, and is cancelled");
    if (cancelled) {
      if (answer == CancelAnswer::none) blame(job, "it is cancelled, and nobody asked for that");
      ++figures_.cancelled;
    } else if (job.verdict == "accepted") {
      if (job.stdout_text != told.stdout_text) blame(job, "its output is wrong");
      ++figures_.finished;
    } else if (job.verdict == "internal_error" && job.attempt == kAttemptsMax &&
               fault(job.message.substr(std::min(job.message.size(), job.message.find("; the last one: ") + 16)))) {
      ++figures_.given_up;
    } else {
      blame(job, "its verdict is '" + job.verdict + "': " + job.message);
    }
  }

  void blame(const std::string& what) { ledger_.violation(what + "; the database is " + path_.string()); }
  void blame(const Job& job, const std::string& what) {
    blame("submission " + job.token + " (key " + job.key + "): " + what);
  }

  std::filesystem::path path_;
  SQLite::Database database_;
  Ledger& ledger_;
  std::map<std::int64_t, Job> jobs_;  // by row
  std::map<std::string, const Job*> by_token_;
  AuditFigures figures_;
};

}  // namespace

AuditFigures audit(const std::filesystem::path& database, const std::vector<const Follower*>& followers,
                   Ledger& ledger) {
  Auditor auditor(database, ledger);
  auditor.whole();
  auditor.read();
  auditor.each_job();
  auditor.each_accepted();
  for (const Follower* follower : followers) auditor.each_follower(*follower);
  return auditor.figures();
}

}  // namespace pushjudge::chaos
