#include "queue/sqlite_engine.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>

#include "proto/base/crash_point.hpp"
#include "proto/base/log.hpp"
#include "proto/base/unique_fd.hpp"
#include "queue/fair_queue.hpp"
#include "queue/sqlite_problems.hpp"
#include "queue/sqlite_schema.hpp"
#include "queue/sqlite_statement.hpp"
#include "queue/sqlite_taken.hpp"
#include "queue/task_thread.hpp"

namespace pushjudge {
namespace {

using namespace sql;

constexpr auto kCheckpointPause = std::chrono::seconds(1);
// A WAL of this many pages (48 MiB; the file is cut to journal_size_limit then) is begun anew by the writer itself:
// beside a writer that never rests, a checkpoint copies everything and yet never finds the moment to reset the file.
constexpr int kWalPagesMax = 12'288;
// One answer with events ends after the event that goes over this.
constexpr std::size_t kFetchBytesMax = 4 << 20;

// ---- rows

struct JobRow {
  JobId id = 0;
  Token token;
  std::int32_t language_id = 0;
  State state = State::queued;
  std::uint32_t attempt = 0;
  Fence fence = 0;
  Seq seq = 0;
  std::string worker;
  UnixMillis created_at = 0;
  std::optional<UnixMillis> started_at;
  std::optional<UnixMillis> finished_at;
  JobClass job_class = JobClass::interactive;
  std::string lane;
  std::optional<std::string> callback_url;
  bool erased = false;
  std::optional<std::string> problem;

  FairQueue::Place place() const { return {job_class, lane, language_id}; }
};

Snapshot snapshot_of(const JobRow& row) {
  Snapshot snapshot;
  snapshot.token = row.token;
  snapshot.language_id = row.language_id;
  snapshot.problem = row.problem;
  snapshot.state = row.state;
  snapshot.seq = row.seq;
  snapshot.attempt = row.attempt;
  snapshot.worker = row.worker;
  snapshot.created_at = row.created_at;
  snapshot.started_at = row.started_at;
  snapshot.finished_at = row.finished_at;
  return snapshot;
}

State state_after(EventKind kind) {
  switch (kind) {
    case EventKind::queued:
    case EventKind::requeued:
      return State::queued;
    case EventKind::started:
    case EventKind::compiled:
      return State::running;
    case EventKind::finished:
    case EventKind::cancelled:
      return State::finished;
  }
  return State::queued;
}

constexpr auto kJobColumns =
    "SELECT id, token, language_id, state, attempt, fence, seq, worker, created_ms, started_ms, finished_ms, class, "
    "lane, callback_url, erased, problem FROM job ";
constexpr auto kEventColumns = "SELECT gseq, job, seq, kind, at_ms, attempt, worker, started_ms, note FROM event ";

JobRow job_row(SQLite::Statement& row) {
  JobRow job;
  job.id = number<JobId>(row, 0);
  job.token = token(row, 1);
  job.language_id = number<std::int32_t>(row, 2);
  job.state = number<State>(row, 3);
  job.attempt = number<std::uint32_t>(row, 4);
  job.fence = number<Fence>(row, 5);
  job.seq = number<Seq>(row, 6);
  job.worker = bytes(row, 7);
  job.created_at = number<UnixMillis>(row, 8);
  job.started_at = optional_number<UnixMillis>(row, 9);
  job.finished_at = optional_number<UnixMillis>(row, 10);
  job.job_class = number<JobClass>(row, 11);
  job.lane = bytes(row, 12);
  job.callback_url = optional_bytes(row, 13);
  job.erased = number<int>(row, 14) != 0;
  job.problem = optional_bytes(row, 15);
  return job;
}

// The queries that both the writer and the reader ask, on a connection of their own.
class Reads {
 public:
  explicit Reads(SQLite::Database& database)
      : by_token_(database, std::string(kJobColumns) + "WHERE token = ?"),
        by_id_(database, std::string(kJobColumns) + "WHERE id = ?"),
        body_(database,
              "SELECT source, stdin, expected_output, compiler_options, command_line_arguments, cpu_ms, cpu_extra_ms, "
              "wall_ms, memory_kib, stack_kib, file_kib, processes, number_of_runs, redirect_stderr, user, "
              "additional_files, enable_network, cpu_per_process, memory_per_process, problem_version, all_tests, "
              "judge_messages FROM job_body WHERE job = ?"),
        result_(database,
                "SELECT verdict, exit_code, exit_signal, cpu_us, wall_us, memory_kib, stdout, stderr, compile_output, "
                "message, accounting, grading FROM job_result WHERE job = ?"),
        events_of_job_(database, std::string(kEventColumns) + "WHERE job = ? AND seq > ? ORDER BY seq"),
        first_event_(database, "SELECT min(seq) FROM event WHERE job = ?"),
        events_(database, std::string(kEventColumns) + "WHERE gseq > ? ORDER BY gseq LIMIT ?"),
        cursors_(database, "SELECT name, gseq, moved_ms FROM cursor ORDER BY name"),
        list_(database, "SELECT token FROM job WHERE erased = 0 ORDER BY id DESC LIMIT ? OFFSET ?"),
        count_(database, "SELECT count(*) FROM job WHERE erased = 0"),
        days_(database,
              "SELECT created_ms / 86400000 AS day, count(*) FROM job WHERE erased = 0 AND created_ms >= ? "
              "GROUP BY day ORDER BY day"),
        by_language_(database,
                     "SELECT language_id, count(*) FROM job WHERE erased = 0 GROUP BY language_id ORDER BY 1"),
        by_outcome_(database,
                    "SELECT state, verdict, exit_signal, count(*) FROM job LEFT JOIN job_result ON job = id "
                    "WHERE erased = 0 GROUP BY state, verdict, exit_signal"),
        callbacks_(database, "SELECT count(due_ms), count(*) - count(due_ms) FROM callback"),
        size_(database, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") {}

  // Also one that was erased.
  std::optional<JobRow> job(const Token& token) { return one(with(by_token_, token)); }
  std::optional<JobRow> visible_job(const Token& token) {
    auto row = job(token);
    if (row && row->erased) row.reset();
    return row;
  }
  std::optional<JobRow> job(JobId id) { return one(with(by_id_, id)); }

  Submission submission(const JobRow& row) {
    SQLite::Statement& body = with(body_, row.id);
    PJ_ASSERT(body.executeStep());
    Submission submission;
    submission.token = row.token;
    submission.language_id = row.language_id;
    submission.created_at = row.created_at;
    submission.source_code = bytes(body, 0);
    submission.stdin_text = optional_bytes(body, 1);
    submission.expected_output = optional_bytes(body, 2);
    submission.compiler_options = optional_bytes(body, 3);
    submission.command_line_arguments = optional_bytes(body, 4);
    submission.limits.cpu_ms = number<std::uint64_t>(body, 5);
    submission.limits.cpu_extra_ms = number<std::uint64_t>(body, 6);
    submission.limits.wall_ms = number<std::uint64_t>(body, 7);
    submission.limits.memory_kib = number<std::uint64_t>(body, 8);
    submission.limits.stack_kib = number<std::uint64_t>(body, 9);
    submission.limits.file_kib = number<std::uint64_t>(body, 10);
    submission.limits.processes = number<std::uint32_t>(body, 11);
    submission.number_of_runs = number<std::uint32_t>(body, 12);
    submission.redirect_stderr_to_stdout = number<int>(body, 13) != 0;
    submission.user = optional_bytes(body, 14);
    submission.additional_files = optional_bytes(body, 15);
    submission.enable_network = number<int>(body, 16) != 0;
    submission.limits.cpu_per_process = number<int>(body, 17) != 0;
    submission.limits.memory_per_process = number<int>(body, 18) != 0;
    if (!body.getColumn(19).isNull()) submission.problem_version = digest(body, 19);
    submission.all_tests = number<int>(body, 20) != 0;
    submission.judge_messages = number<int>(body, 21) != 0;
    submission.problem = row.problem;
    submission.callback_url = row.callback_url;
    submission.job_class = row.job_class;
    submission.lane = row.lane;
    body.reset();
    return submission;
  }

  Snapshot snapshot(const JobRow& row) {
    Snapshot snapshot = snapshot_of(row);
    if (row.state == State::finished) snapshot.report = report(row.id);
    return snapshot;
  }

  std::vector<Event> events_of(const JobRow& row, Seq after) {
    std::vector<Event> events;
    SQLite::Statement& rows = with(events_of_job_, row.id, after);
    while (rows.executeStep()) events.push_back(event(rows, row));
    rows.reset();
    return events;
  }

  Seq first_seq(JobId job) {
    SQLite::Statement& row = with(first_event_, job);
    PJ_ASSERT(row.executeStep());
    const Seq seq = number<Seq>(row, 0);
    row.reset();
    return seq;
  }

  std::vector<Event> events(GlobalSeq after, std::uint32_t limit) {
    std::vector<Event> events;
    std::size_t bytes_read = 0;
    SQLite::Statement& rows = with(events_, after, limit);
    while (bytes_read < kFetchBytesMax && rows.executeStep()) {
      const auto row = job(number<JobId>(rows, 1));
      PJ_ASSERT(row.has_value());
      events.push_back(event(rows, *row));
      if (const auto& report = events.back().snapshot.report) bytes_read += bytes_of(*report);
    }
    rows.reset();
    return events;
  }

  std::vector<Cursor> cursors() {
    std::vector<Cursor> all;
    SQLite::Statement& rows = with(cursors_);
    while (rows.executeStep()) {
      all.push_back({bytes(rows, 0), number<GlobalSeq>(rows, 1), number<UnixMillis>(rows, 2)});
    }
    rows.reset();
    return all;
  }

  Listing list(std::uint64_t offset, std::uint32_t limit) {
    Listing listing;
    SQLite::Statement& rows = with(list_, limit, offset);
    while (rows.executeStep()) listing.tokens.push_back(token(rows, 0));
    rows.reset();
    listing.total = counted(with(count_), 0);
    count_.reset();
    return listing;
  }

  Statistics statistics(UnixMillis now) {
    constexpr UnixMillis kDay = 24LL * 60 * 60 * 1000;
    Statistics found;
    found.total = counted(with(count_), 0);
    count_.reset();
    found.days = counts(with(days_, (now / kDay - 30) * kDay));
    found.languages = counts(with(by_language_));
    std::map<int, std::uint64_t> by_status;
    SQLite::Statement& outcomes = with(by_outcome_);
    while (outcomes.executeStep()) by_status[status_of_row(outcomes)] += number<std::uint64_t>(outcomes, 3);
    outcomes.reset();
    for (const auto& [status, count] : by_status) found.statuses.push_back({status, count});
    SQLite::Statement& callbacks = with(callbacks_);
    found.callbacks_waiting = counted(callbacks, 0);
    found.callbacks_given_up = number<std::uint64_t>(callbacks, 1);
    callbacks.reset();
    found.database_bytes = counted(with(size_), 0);
    size_.reset();
    return found;
  }

  // After a query that failed half-way: a statement that was left in the middle would keep its view of the store open,
  // and everything asked afterwards would be answered from the past.
  void abandon() {
    for (SQLite::Statement* statement :
         {&by_token_, &by_id_, &body_, &result_, &events_of_job_, &first_event_, &events_, &cursors_, &list_, &count_,
          &days_, &by_language_, &by_outcome_, &callbacks_, &size_}) {
      statement->tryReset();
    }
  }

 private:
  static std::optional<JobRow> one(SQLite::Statement& query) {
    std::optional<JobRow> row;
    if (query.executeStep()) row = job_row(query);
    query.reset();
    return row;
  }

  static std::uint64_t counted(SQLite::Statement& row, int column) {
    PJ_ASSERT(row.executeStep());
    return number<std::uint64_t>(row, column);
  }

  static std::vector<Statistics::Count> counts(SQLite::Statement& rows) {
    std::vector<Statistics::Count> found;
    while (rows.executeStep()) found.push_back({number<std::int64_t>(rows, 0), number<std::uint64_t>(rows, 1)});
    rows.reset();
    return found;
  }

  static int status_of_row(SQLite::Statement& row) {
    const auto state = number<State>(row, 0);
    if (state != State::finished) return state == State::queued ? kStatusInQueue : kStatusProcessing;
    return status_id(parse_verdict(bytes(row, 1)).value_or(Verdict::internal_error), optional_number<int>(row, 2));
  }

  Report report(JobId job) {
    SQLite::Statement& row = with(result_, job);
    PJ_ASSERT(row.executeStep());
    Report report;
    report.verdict = parse_verdict(bytes(row, 0)).value_or(Verdict::internal_error);
    report.exit_code = optional_number<std::int32_t>(row, 1);
    report.exit_signal = optional_number<std::int32_t>(row, 2);
    report.cpu_us = optional_number<std::uint64_t>(row, 3);
    report.wall_us = optional_number<std::uint64_t>(row, 4);
    report.memory_kib = optional_number<std::uint64_t>(row, 5);
    report.stdout_text = bytes(row, 6);
    report.stderr_text = bytes(row, 7);
    report.compile_output = bytes(row, 8);
    report.message = bytes(row, 9);
    report.accounting = bytes(row, 10);
    if (!row.getColumn(11).isNull() && !decode_grading(bytes(row, 11), report)) {
      log::error("grading_unreadable", {{"job", job}});
    }
    row.reset();
    return report;
  }

  // The event as it was published: what the job's row has become since does not show.
  Event event(SQLite::Statement& stored, const JobRow& row) {
    Event event;
    event.global_seq = number<GlobalSeq>(stored, 0);
    event.job = row.id;
    event.kind = number<EventKind>(stored, 3);
    event.at = number<UnixMillis>(stored, 4);
    event.note = bytes(stored, 8);
    event.snapshot.token = row.token;
    event.snapshot.language_id = row.language_id;
    event.snapshot.problem = row.problem;
    event.snapshot.state = state_after(event.kind);
    event.snapshot.seq = number<Seq>(stored, 2);
    event.snapshot.attempt = number<std::uint32_t>(stored, 5);
    event.snapshot.worker = bytes(stored, 6);
    event.snapshot.created_at = row.created_at;
    event.snapshot.started_at = optional_number<UnixMillis>(stored, 7);
    if (is_last(event.kind)) {
      event.snapshot.finished_at = event.at;
      event.snapshot.report = report(row.id);
    }
    return event;
  }

  SQLite::Statement by_token_;
  SQLite::Statement by_id_;
  SQLite::Statement body_;
  SQLite::Statement result_;
  SQLite::Statement events_of_job_;
  SQLite::Statement first_event_;
  SQLite::Statement events_;
  SQLite::Statement cursors_;
  SQLite::Statement list_;
  SQLite::Statement count_;
  SQLite::Statement days_;
  SQLite::Statement by_language_;
  SQLite::Statement by_outcome_;
  SQLite::Statement callbacks_;
  SQLite::Statement size_;
};

// ---- the writer

struct Committed {
  TurnOutcome outcome;
  std::vector<OfferedLanguage> languages;  // all, when the turn named some; else empty
  std::optional<ProblemCatalog> problems;  // all, when the turn changed something of them
  Depth depth;
  GlobalSeq top = 0;
  std::optional<UnixMillis> next_callback;
};

// Turns Turns into transactions. Lives on the writer thread, but for its construction.
class Writer {
 public:
  explicit Writer(const std::string& path)
      : database_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE), prepared_(prepare(database_)) {
    SQLite::Statement running(database_, "SELECT id, fence, worker, token FROM job WHERE state = 1 ORDER BY id");
    while (running.executeStep()) {
      open_leases_.push_back(
          {{number<JobId>(running, 0), number<Fence>(running, 1)}, bytes(running, 2), token(running, 3)});
    }
    load_line();
  }

  const std::string& epoch() const { return epoch_; }
  std::uint32_t incarnation() const { return incarnation_; }
  const std::vector<OpenLease>& open_leases() const { return open_leases_; }
  Depth depth() const { return {line_.waiting(), line_.running()}; }
  GlobalSeq top() const { return top_; }
  std::optional<UnixMillis> next_callback() const { return next_callback_; }
  ProblemCatalog problems() { return problems_.catalog(); }

  std::vector<OfferedLanguage> languages() {
    std::vector<OfferedLanguage> all;
    SQLite::Statement rows(
        database_,
        "SELECT id, slug, name, source_file, compile_cmd, run_cmd, offered_ms, code_style FROM language ORDER BY id");
    while (rows.executeStep()) {
      all.push_back({{number<std::int32_t>(rows, 0), bytes(rows, 1), bytes(rows, 2), bytes(rows, 3), bytes(rows, 4),
                      bytes(rows, 5), bytes(rows, 7)},
                     number<UnixMillis>(rows, 6)});
    }
    return all;
  }

  // Between turns: has the next commit begin the WAL anew. Everything in it must be in the database file for that, so
  // it copies what the checkpointer has not yet.
  void restart_wal() {
    const int code =
        sqlite3_wal_checkpoint_v2(database_.getHandle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    if (code != SQLITE_OK && code != SQLITE_BUSY) log::warn("wal_not_restarted", {{"code", code}});
  }

  Result<Committed> commit(const Turn& turn) {
    try {
      // After a turn that failed, memory may be ahead of the store.
      if (!in_step_) load_line();
      in_step_ = false;
      Committed committed;
      SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
      crash_point("engine.after_begin");
      accept(turn, committed.outcome);
      crash_point("engine.after_accept");
      settle(turn, committed.outcome);
      cancel(turn, committed.outcome);
      serve(turn, committed.outcome);
      for (const Language& language : turn.languages) {
        execute(insert_language_, language.id, language.slug, language.name, language.source_file, language.compile_cmd,
                language.run_cmd, turn.now, language.code_style);
      }
      if (!turn.languages.empty()) committed.languages = languages();
      for (const Order& order : turn.orders) {
        committed.outcome.orders.push_back(
            std::visit([this, &turn](const auto& one) -> OrderOutcome { return obey(turn.now, one); }, order));
      }
      if (std::exchange(problems_changed_, false)) committed.problems = problems_.catalog();
      if (callbacks_changed_) next_callback_ = first_due();
      crash_point("engine.before_commit");
      transaction.commit();
      crash_point("engine.after_commit");
      in_step_ = true;
      committed.depth = depth();
      committed.top = top_;
      committed.next_callback = next_callback_;
      return committed;
    } catch (const SQLite::Exception& e) {
      log::error("turn_rolled_back", {{"code", e.getErrorCode()}, {"why", e.what()}});
      return Error{Errc::unavailable, "the store cannot write at the moment"};
    }
  }

 private:
  // Brings the file to the newest schema and starts a new incarnation. Runs before the statements are prepared.
  bool prepare(SQLite::Database& database) {
    database.setBusyTimeout(5'000);
    database.exec(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; "
        "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-65536;");
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const auto version = static_cast<std::size_t>(database.execAndGet("PRAGMA user_version").getInt());
    if (version > kSchemaSteps.size()) {
      throw std::runtime_error("the database was written by a newer version of pushjudge");
    }
    for (std::size_t step = version; step < kSchemaSteps.size(); ++step) {
      database.exec(std::string(kSchemaSteps[step]));
    }
    database.exec("PRAGMA user_version=" + std::to_string(kSchemaSteps.size()));
    if (version == 0) {
      SQLite::Statement insert(database, "INSERT INTO meta(k, v) VALUES ('incarnation', 0), ('epoch', ?)");
      const std::string epoch = to_hex(random_uuid());
      execute(insert, epoch);
      database.exec(std::string(kRaiseIncarnation));
    }
    database.exec("UPDATE meta SET v = v + 1 WHERE k = 'incarnation'");
    epoch_ = database.execAndGet("SELECT v FROM meta WHERE k = 'epoch'").getString();
    incarnation_ = database.execAndGet("SELECT v FROM meta WHERE k = 'incarnation'").getUInt();
    top_ = static_cast<GlobalSeq>(
        database.execAndGet("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0)").getInt64());
    transaction.commit();
    return true;
  }

  void load_line() {
    line_.clear();
    SQLite::Statement rows(database_, std::string(kJobColumns) + "WHERE state < 2 ORDER BY id");
    while (rows.executeStep()) {
      const JobRow row = job_row(rows);
      if (row.state == State::queued) {
        line_.add(row.id, row.place());
      } else {
        line_.adopt(row.id, row.place());
      }
    }
    top_ = static_cast<GlobalSeq>(
        database_.execAndGet("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0)").getInt64());
    next_callback_ = first_due();
    in_step_ = true;
  }

  void accept(const Turn& turn, TurnOutcome& outcome) {
    accepted_.clear();
    for (const auto& [submission, key] : turn.submissions) {
      if (const auto known = reads_.job(submission.token)) {
        outcome.receipts.push_back({known->id, known->seq, true, false, known->token});
        continue;
      }
      if (const auto named = key.empty() ? std::nullopt : job_of_key(key)) {
        const bool same = !named->erased && same_content(reads_.submission(*named), submission);
        outcome.receipts.push_back({named->id, named->seq, same, !same, named->token});
        continue;
      }
      if (submission.problem && !submission.problem_version) {
        outcome.receipts.push_back({0, 0, false, false, submission.token, submission.problem});
        continue;
      }
      JobRow row;
      row.token = submission.token;
      row.language_id = submission.language_id;
      row.created_at = submission.created_at;
      row.job_class = submission.job_class;
      row.lane = submission.lane;
      row.callback_url = submission.callback_url;
      row.problem = submission.problem;
      execute(insert_job_, row.token, row.language_id, row.created_at, row.job_class, row.lane, row.callback_url,
              row.problem);
      row.id = static_cast<JobId>(database_.getLastInsertRowid());
      const Limits& limits = submission.limits;
      execute(insert_body_, row.id, Bytes{submission.source_code}, OptionalBytes{submission.stdin_text},
              OptionalBytes{submission.expected_output}, OptionalBytes{submission.compiler_options},
              OptionalBytes{submission.command_line_arguments}, limits.cpu_ms, limits.cpu_extra_ms, limits.wall_ms,
              limits.memory_kib, limits.stack_kib, limits.file_kib, limits.processes, submission.number_of_runs,
              submission.redirect_stderr_to_stdout, submission.user, OptionalBytes{submission.additional_files},
              submission.enable_network, limits.cpu_per_process, limits.memory_per_process, submission.problem_version,
              submission.all_tests, submission.judge_messages);
      if (!key.empty()) execute(insert_key_, key, row.id);
      append(turn.now, row, EventKind::queued, "", outcome);
      line_.add(row.id, row.place());
      accepted_[row.id] = &submission;
      outcome.receipts.push_back({row.id, row.seq, false, false, row.token});
    }
  }

  std::optional<JobRow> job_of_key(const std::string& key) {
    SQLite::Statement& found = with(job_of_key_, key);
    std::optional<JobId> id;
    if (found.executeStep()) id = number<JobId>(found, 0);
    found.reset();
    return id ? reads_.job(*id) : std::nullopt;
  }

  // Whether somebody sent the same thing again: everything but what the gateway and the core gave it. A problem may
  // have another version by then.
  static bool same_content(Submission stored, const Submission& sent) {
    stored.token = sent.token;
    stored.created_at = sent.created_at;
    stored.lane = sent.lane;
    stored.problem_version = sent.problem_version;
    return stored == sent;
  }

  void settle(const Turn& turn, TurnOutcome& outcome) {
    for (const Settlement& settlement : turn.settlements) {
      outcome.settled.push_back(settle_one(turn.now, settlement, outcome));
    }
  }

  AckCode settle_one(UnixMillis now, const Settlement& settlement, TurnOutcome& outcome) {
    auto row = reads_.job(settlement.ref.job);
    // A late word from a worker we gave up on: its hand-out is not the latest. Dropping it is what makes handing the
    // job out again safe.
    if (!row || row->fence != settlement.ref.fence) return AckCode::stale;
    if (row->state == State::finished) return AckCode::duplicate;
    if (const auto* finished = std::get_if<Settlement::Finished>(&settlement.what)) {
      // A report for a job that was given up but not handed out again is as good as any, and saves a run.
      finish(now, *row, EventKind::finished, finished->report, outcome);
      return AckCode::committed;
    }
    if (row->state != State::running) return AckCode::stale;
    if (const auto* compiled = std::get_if<Settlement::Compiled>(&settlement.what)) {
      append(now, *row, EventKind::compiled, std::to_string(compiled->wall_us / 1000) + " ms", outcome);
      return AckCode::committed;
    }
    if (const auto* released = std::get_if<Settlement::Released>(&settlement.what)) {
      row->attempt -= 1;
      requeue(now, *row, released->reason, outcome);
      return AckCode::committed;
    }
    const std::string& reason = std::get<Settlement::Lost>(settlement.what).reason;
    if (row->attempt < kAttemptsMax) {
      requeue(now, *row, reason, outcome);
      return AckCode::committed;
    }
    Report report;
    report.verdict = Verdict::internal_error;
    report.message = "not judged after " + std::to_string(row->attempt) + " attempts; the last one: " + reason;
    finish(now, *row, EventKind::finished, std::move(report), outcome);
    return AckCode::committed;
  }

  void cancel(const Turn& turn, TurnOutcome& outcome) {
    for (const Token& token : turn.cancellations) {
      Cancellation cancelled;
      auto row = reads_.visible_job(token);
      if (row && row->state == State::finished) {
        const auto known = reads_.snapshot(*row).report;
        const bool before = known && known->verdict == Verdict::cancelled;
        cancelled = {before ? Cancellation::Code::before : Cancellation::Code::finished, row->seq, std::nullopt};
      } else if (row) {
        if (row->state == State::running) cancelled.running = JobRef{row->id, row->fence};
        Report report;
        report.verdict = Verdict::cancelled;
        report.message = "Cancelled";
        finish(turn.now, *row, EventKind::cancelled, std::move(report), outcome);
        cancelled.code = Cancellation::Code::done;
        cancelled.seq = row->seq;
      }
      outcome.cancelled.push_back(cancelled);
    }
  }

  void finish(UnixMillis now, JobRow& row, EventKind kind, Report report, TurnOutcome& outcome) {
    if (row.state == State::queued) {
      line_.remove(row.id, row.place());
    } else {
      leave_slot(now, row);
    }
    taken_.compare(row.id, row.language_id, row.problem, report);
    const std::string verdict(to_string(report.verdict));
    std::optional<std::string> grading;
    if (report.score || report.score_max || !report.tests.empty() || !report.groups.empty() ||
        report.runtime_percentile || report.memory_percentile) {
      grading = encode_grading(report);
    }
    execute(insert_result_, row.id, verdict, report.exit_code, report.exit_signal, report.cpu_us, report.wall_us,
            report.memory_kib, Bytes{report.stdout_text}, Bytes{report.stderr_text}, Bytes{report.compile_output},
            Bytes{report.message}, report.accounting, OptionalBytes{grading});
    row.finished_at = now;
    if (row.callback_url) {
      execute(insert_callback_, row.id, *row.callback_url, now);
      callbacks_changed_ = true;
    }
    append(now, row, kind, "", outcome);
    outcome.events.back().snapshot.report = std::move(report);
  }

  void leave_slot(UnixMillis now, const JobRow& row) {
    // Wall-clock time may have been set back.
    const auto held = std::max<UnixMillis>(now - row.started_at.value_or(now), 0);
    line_.left(row.id, std::chrono::milliseconds(held));
  }

  void requeue(UnixMillis now, JobRow& row, const std::string& reason, TurnOutcome& outcome) {
    leave_slot(now, row);
    line_.add(row.id, row.place());
    row.worker.clear();
    row.started_at.reset();
    append(now, row, EventKind::requeued, reason, outcome);
  }

  void serve(const Turn& turn, TurnOutcome& outcome) {
    for (const Demand& demand : turn.demands) {
      for (std::uint32_t slot = 0; slot < demand.slots; ++slot) {
        const auto job = line_.take(demand.languages, turn.lane_running_max);
        if (!job) break;
        auto row = reads_.job(*job);
        PJ_ASSERT(row.has_value() && row->state == State::queued);
        row->attempt += 1;
        row->fence = static_cast<Fence>(incarnation_) << 32 | ++fences_;
        row->worker = demand.worker;
        row->started_at = turn.now;
        append(turn.now, *row, EventKind::started, "", outcome);
        const auto accepted = accepted_.find(*job);
        outcome.leases.push_back({demand.session,
                                  {*job, row->fence},
                                  row->attempt,
                                  accepted == accepted_.end() ? reads_.submission(*row) : *accepted->second});
      }
    }
  }

  EraseOutcome obey(UnixMillis, const EraseOrder& order) {
    const auto row = reads_.job(order.token);
    if (!row) return EraseOutcome::unknown;
    if (row->erased) return EraseOutcome::done;
    if (row->state != State::finished) return EraseOutcome::unfinished;
    execute(erase_body_, row->id);
    execute(erase_result_, row->id);
    execute(delete_callback_, row->id);
    execute(erase_job_, row->id);
    callbacks_changed_ = true;
    return EraseOutcome::done;
  }

  StoreBlobOutcome obey(UnixMillis now, const StoreBlobOrder& order) { return problems_.obey(now, order); }
  AddProblemOutcome obey(UnixMillis now, const AddProblemOrder& order) {
    problems_changed_ = true;
    return problems_.obey(now, order);
  }
  RemoveProblemOutcome obey(UnixMillis, const RemoveProblemOrder& order) {
    problems_changed_ = true;
    return problems_.obey(order);
  }

  ClaimOutcome obey(UnixMillis now, const ClaimOrder& order) {
    ClaimOutcome claimed;
    SQLite::Statement& due = with(due_callbacks_, now, order.limit);
    while (due.executeStep()) {
      DueCallback callback;
      callback.job = number<JobId>(due, 0);
      callback.tries = number<std::uint32_t>(due, 1) + 1;
      callback.url = bytes(due, 2);
      claimed.push_back(std::move(callback));
    }
    due.reset();
    // What one frame can carry: the rest stays due.
    std::size_t taken = 0;
    for (std::size_t bytes_read = 0; taken < claimed.size() && bytes_read < kFetchBytesMax; ++taken) {
      DueCallback& callback = claimed[taken];
      const auto row = reads_.job(callback.job);
      PJ_ASSERT(row.has_value());
      callback.snapshot = reads_.snapshot(*row);
      if (const auto& report = callback.snapshot.report) bytes_read += bytes_of(*report);
      execute(claim_callback_, callback.tries, order.until, callback.job);
    }
    claimed.resize(taken);
    callbacks_changed_ = true;
    return claimed;
  }

  SettleOutcome obey(UnixMillis, const SettleOrder& order) {
    callbacks_changed_ = true;
    if (order.fate == CallbackFate::delivered) {
      execute(delivered_callback_, order.job, order.tries);
      return {};
    }
    const auto retry_at = order.fate == CallbackFate::retry ? std::optional(order.retry_at) : std::nullopt;
    execute(settle_callback_, retry_at, order.failure, order.job, order.tries);
    return {};
  }

  std::optional<UnixMillis> first_due() {
    callbacks_changed_ = false;
    SQLite::Statement& row = with(first_due_);
    PJ_ASSERT(row.executeStep());
    const auto due = optional_number<UnixMillis>(row, 0);
    row.reset();
    return due;
  }

  CursorOutcome obey(UnixMillis now, const CursorOrder& order) {
    using Code = CursorOutcome::Code;
    const auto known = cursor_seq(order.name);
    if (const auto* open = std::get_if<CursorOrder::Open>(&order.what)) {
      if (known) return {Code::done, *known};
      if (count_cursors() >= kCursorsMax) return {Code::too_many, 0};
      const GlobalSeq seq = open->from_beginning ? 0 : top_;
      execute(insert_cursor_, order.name, seq, now);
      return {Code::done, seq};
    }
    if (!known) return {Code::unknown, 0};
    if (const auto* acknowledge = std::get_if<CursorOrder::Acknowledge>(&order.what)) {
      if (acknowledge->seq > top_) return {Code::beyond_top, 0};
      if (acknowledge->seq <= *known) return {Code::done, *known};
      execute(update_cursor_, acknowledge->seq, now, order.name);
      return {Code::done, acknowledge->seq};
    }
    execute(delete_cursor_, order.name);
    return {Code::done, *known};
  }

  std::optional<GlobalSeq> cursor_seq(const std::string& name) {
    SQLite::Statement& row = with(cursor_seq_, name);
    std::optional<GlobalSeq> seq;
    if (row.executeStep()) seq = number<GlobalSeq>(row, 0);
    row.reset();
    return seq;
  }

  std::size_t count_cursors() {
    SQLite::Statement& row = with(count_cursors_);
    PJ_ASSERT(row.executeStep());
    const auto count = number<std::size_t>(row, 0);
    row.reset();
    return count;
  }

  // One more event of the job, which moves it to the state that the event says.
  void append(UnixMillis now, JobRow& row, EventKind kind, const std::string& note, TurnOutcome& outcome) {
    row.state = state_after(kind);
    row.seq += 1;
    execute(update_job_, row.state, row.attempt, row.fence, row.seq, row.worker, row.started_at, row.finished_at,
            row.id);
    execute(insert_event_, row.id, row.seq, kind, now, row.attempt, row.worker, row.started_at, note);
    top_ = static_cast<GlobalSeq>(database_.getLastInsertRowid());
    outcome.events.push_back({top_, row.id, kind, now, note, snapshot_of(row)});
  }

  SQLite::Database database_;
  std::string epoch_;
  std::uint32_t incarnation_ = 0;
  GlobalSeq top_ = 0;
  [[maybe_unused]] bool prepared_;  // after what prepare() fills in, before the statements, which need the tables

  Reads reads_{database_};
  ProblemWrites problems_{database_};
  TakenCounts taken_{database_};
  SQLite::Statement insert_job_{database_,
                                "INSERT INTO job(token, language_id, state, attempt, fence, seq, worker, created_ms, "
                                "class, lane, callback_url, problem) VALUES (?, ?, 0, 0, 0, 0, '', ?, ?, ?, ?, ?)"};
  SQLite::Statement insert_body_{
      database_, "INSERT INTO job_body VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  SQLite::Statement insert_result_{database_, "INSERT INTO job_result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  SQLite::Statement insert_key_{database_, "INSERT INTO idempotency(key, job) VALUES (?, ?)"};
  SQLite::Statement job_of_key_{database_, "SELECT job FROM idempotency WHERE key = ?"};
  SQLite::Statement update_job_{
      database_,
      "UPDATE job SET state = ?, attempt = ?, fence = ?, seq = ?, worker = ?, started_ms = ?, "
      "finished_ms = ? WHERE id = ?"};
  SQLite::Statement insert_event_{database_,
                                  "INSERT INTO event(job, seq, kind, at_ms, attempt, worker, started_ms, note) "
                                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
  SQLite::Statement cursor_seq_{database_, "SELECT gseq FROM cursor WHERE name = ?"};
  SQLite::Statement count_cursors_{database_, "SELECT count(*) FROM cursor"};
  SQLite::Statement insert_cursor_{database_, "INSERT INTO cursor(name, gseq, moved_ms) VALUES (?, ?, ?)"};
  SQLite::Statement update_cursor_{database_, "UPDATE cursor SET gseq = ?, moved_ms = ? WHERE name = ?"};
  SQLite::Statement delete_cursor_{database_, "DELETE FROM cursor WHERE name = ?"};
  SQLite::Statement insert_callback_{database_,
                                     "INSERT INTO callback(job, url, tries, due_ms, failure) "
                                     "VALUES (?, ?, 0, ?, '')"};
  SQLite::Statement due_callbacks_{database_,
                                   "SELECT job, tries, url FROM callback WHERE due_ms <= ? ORDER BY due_ms LIMIT ?"};
  SQLite::Statement first_due_{database_, "SELECT min(due_ms) FROM callback WHERE due_ms IS NOT NULL"};
  SQLite::Statement claim_callback_{database_, "UPDATE callback SET tries = ?, due_ms = ? WHERE job = ?"};
  SQLite::Statement delivered_callback_{database_, "DELETE FROM callback WHERE job = ? AND tries = ?"};
  SQLite::Statement settle_callback_{database_,
                                     "UPDATE callback SET due_ms = ?, failure = ? WHERE job = ? AND tries = ?"};
  SQLite::Statement delete_callback_{database_, "DELETE FROM callback WHERE job = ?"};
  SQLite::Statement erase_body_{database_, "DELETE FROM job_body WHERE job = ?"};
  SQLite::Statement erase_result_{
      database_,
      "UPDATE job_result SET stdout = x'', stderr = x'', compile_output = x'', message = x'', grading = NULL "
      "WHERE job = ?"};
  SQLite::Statement erase_job_{
      database_, "UPDATE job SET erased = 1, lane = '', callback_url = NULL, problem = NULL WHERE id = ?"};
  SQLite::Statement insert_language_{database_, "INSERT OR REPLACE INTO language VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};

  std::vector<OpenLease> open_leases_;
  FairQueue line_;
  std::uint32_t fences_ = 0;
  std::optional<UnixMillis> next_callback_;
  bool callbacks_changed_ = false;                         // in this turn
  bool problems_changed_ = false;                          // likewise
  bool in_step_ = true;                                    // memory agrees with the store
  std::unordered_map<JobId, const Submission*> accepted_;  // in this turn; so that handing out need not read them back
};

// Copies the WAL back into the database file, beside the writer and never in its way.
class Checkpointer {
 public:
  // `on_long_wal` is called, on this object's thread, when the WAL has outgrown its bound.
  Checkpointer(const std::string& path, std::function<void()> on_long_wal)
      : database_(path, SQLite::OPEN_READWRITE), on_long_wal_(std::move(on_long_wal)), thread_([this] { loop(); }) {}
  ~Checkpointer() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

 private:
  void loop() {
    bool has_read = false;
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kCheckpointPause, [this] { return ending_; })) {
      crash_point("engine.before_checkpoint");
      // A connection that has read nothing knows of no WAL, and its checkpoints do nothing and report success.
      if (!has_read) has_read = database_.tryExec("SELECT k FROM meta LIMIT 1") == SQLITE_OK;
      int pages = 0;
      int copied = 0;
      const int code =
          sqlite3_wal_checkpoint_v2(database_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
      // Busy is no failure: somebody reads, and the next round goes further.
      if (code != SQLITE_OK && code != SQLITE_BUSY) log::warn("checkpoint_failed", {{"code", code}});
      if (pages > kWalPagesMax) on_long_wal_();
    }
  }

  SQLite::Database database_;
  std::function<void()> on_long_wal_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;  // guarded by mutex_
  std::thread thread_;
};

// Two cores on one database would hand every job out twice, so the first one takes a lock that dies with its process.
UniqueFd lock_for_one_core(const std::string& path) {
  UniqueFd lock(::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) throw std::runtime_error("cannot open " + path + ".lock: " + std::strerror(errno));
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(lock.get(), F_OFD_SETLK, &whole) != 0) {
    throw std::runtime_error("another core has " + path + " open");
  }
  return lock;
}

}  // namespace

struct SqliteEngine::State {
  State(const std::string& path, Post post_function)
      : lock(lock_for_one_core(path)),
        writer(path),
        quick(path),
        thorough(path),
        files(path),
        post(std::move(post_function)),
        all_languages(writer.languages()),
        problems(writer.problems()),
        depth(writer.depth()),
        top(writer.top()),
        next_callback(writer.next_callback()),
        checkpointer(path, [this] { writer_thread.run([this] { writer.restart_wal(); }); }) {}

  // A connection to read by, and the thread that reads.
  struct Reader {
    explicit Reader(const std::string& path)
        : database(path, SQLite::OPEN_READONLY), reads(database), problems(database) {
      database.setBusyTimeout(5'000);
    }
    SQLite::Database database;
    Reads reads;
    ProblemReads problems;
    TaskThread thread;
  };

  // Runs `ask` in one read transaction, on the reader's thread, and gives what it found to `done` on the owner's.
  template <class T>
  void read(Reader& reader, Callback<T> done, std::function<Result<T>(Reader&)> ask) {
    reader.thread.run([this, &reader, done = std::move(done), ask = std::move(ask)] {
      auto found = std::make_shared<Result<T>>(Error{Errc::unavailable, "the store cannot read at the moment"});
      try {
        SQLite::Transaction transaction(reader.database, SQLite::TransactionBehavior::DEFERRED);
        *found = ask(reader);
        transaction.commit();
      } catch (const SQLite::Exception& e) {
        reader.reads.abandon();
        reader.problems.abandon();
        log::error("read_failed", {{"code", e.getErrorCode()}, {"why", e.what()}});
      }
      post([done, found] { done(std::move(*found)); });
    });
  }

  UniqueFd lock;
  Writer writer;
  Reader quick;     // for what looks at one thing or a page
  Reader thorough;  // for what looks at everything
  Reader files;     // for files of problems, which are large
  Post post;

  // The owner's thread.
  std::vector<OfferedLanguage> all_languages;
  ProblemCatalog problems;
  Depth depth;
  GlobalSeq top = 0;
  std::optional<UnixMillis> next_callback;

  TaskThread writer_thread;   // uses all of the above
  Checkpointer checkpointer;  // last: it uses the writer's thread
};

SqliteEngine::SqliteEngine(const std::string& path, Post post) {
  try {
    state_ = std::make_shared<State>(path, std::move(post));
  } catch (const SQLite::Exception& e) {
    throw std::runtime_error("cannot open the database " + path + ": " + e.what());
  }
}

SqliteEngine::~SqliteEngine() = default;

void SqliteEngine::commit(Turn turn, Callback<TurnOutcome> done) {
  State* state = state_.get();
  state->writer_thread.run([state, turn = std::make_shared<Turn>(std::move(turn)), done = std::move(done)] {
    auto committed = std::make_shared<Result<Committed>>(state->writer.commit(*turn));
    state->post([state, committed, done] {
      if (!*committed) {
        done(committed->error());
        return;
      }
      state->depth = (*committed)->depth;
      state->top = (*committed)->top;
      state->next_callback = (*committed)->next_callback;
      if ((*committed)->problems) state->problems = *std::move((*committed)->problems);
      if (!(*committed)->languages.empty()) state->all_languages = std::move((*committed)->languages);
      done(std::move((*committed)->outcome));
    });
  });
}

void SqliteEngine::get(Token token, Callback<Record> done) {
  state_->read<Record>(state_->quick, std::move(done), [token](State::Reader& reader) -> Result<Record> {
    const auto row = reader.reads.visible_job(token);
    if (!row) return Error{Errc::not_found, "no such submission"};
    return Record{reader.reads.submission(*row), reader.reads.snapshot(*row)};
  });
}

void SqliteEngine::history(Token token, Seq after, Callback<HistoryView> done) {
  state_->read<HistoryView>(state_->quick, std::move(done),
                            [token, after](State::Reader& reader) -> Result<HistoryView> {
                              const auto row = reader.reads.visible_job(token);
                              if (!row) return Error{Errc::not_found, "no such submission"};
                              HistoryView view;
                              view.complete = after <= row->seq && reader.reads.first_seq(row->id) <= after + 1;
                              view.snapshot = reader.reads.snapshot(*row);
                              view.events = reader.reads.events_of(*row, after);
                              return view;
                            });
}

void SqliteEngine::events(GlobalSeq after, std::uint32_t limit, Callback<std::vector<Event>> done) {
  state_->read<std::vector<Event>>(state_->quick, std::move(done),
                                   [after, limit](State::Reader& reader) -> Result<std::vector<Event>> {
                                     return reader.reads.events(after, limit);
                                   });
}

void SqliteEngine::cursors(Callback<std::vector<Cursor>> done) {
  state_->read<std::vector<Cursor>>(
      state_->quick, std::move(done),
      [](State::Reader& reader) -> Result<std::vector<Cursor>> { return reader.reads.cursors(); });
}

void SqliteEngine::list(std::uint64_t offset, std::uint32_t limit, Callback<Listing> done) {
  state_->read<Listing>(state_->thorough, std::move(done), [offset, limit](State::Reader& reader) -> Result<Listing> {
    return reader.reads.list(offset, limit);
  });
}

void SqliteEngine::statistics(UnixMillis now, Callback<Statistics> done) {
  state_->read<Statistics>(state_->thorough, std::move(done),
                           [now](State::Reader& reader) -> Result<Statistics> { return reader.reads.statistics(now); });
}

void SqliteEngine::blob(Digest digest, Callback<std::string> done) {
  state_->read<std::string>(state_->files, std::move(done), [digest](State::Reader& reader) -> Result<std::string> {
    auto found = reader.problems.blob(digest);
    if (!found) return Error{Errc::not_found, "no such file"};
    return *std::move(found);
  });
}

std::vector<OpenLease> SqliteEngine::open_leases() const {
  return state_->writer.open_leases();
}
std::vector<OfferedLanguage> SqliteEngine::languages() const {
  return state_->all_languages;
}
const ProblemCatalog& SqliteEngine::problems() const {
  return state_->problems;
}
Depth SqliteEngine::depth() const {
  return state_->depth;
}
std::optional<UnixMillis> SqliteEngine::next_callback() const {
  return state_->next_callback;
}
GlobalSeq SqliteEngine::top() const {
  return state_->top;
}
const std::string& SqliteEngine::epoch() const {
  return state_->writer.epoch();
}
std::uint32_t SqliteEngine::incarnation() const {
  return state_->writer.incarnation();
}

}  // namespace pushjudge
