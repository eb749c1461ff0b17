#pragma once

// The tables of the SQLite engine, as numbered steps. A change is a new step at the end; a step that has been released
// is never edited.

#include <array>
#include <string_view>

namespace pushjudge {

// For a database that takes another's place: workers may still hold jobs of that one, so its fences must be above all
// that any database gave out before. No core starts once a second for long, so the time in seconds is.
inline constexpr std::string_view kRaiseIncarnation =
    "UPDATE meta SET v = max(v, CAST(strftime('%s', 'now') AS INTEGER)) WHERE k = 'incarnation'";

inline constexpr std::array<std::string_view, 7> kSchemaSteps = {R"sql(
-- epoch: 32 hexadecimal digits, new with every database; incarnation: rises with every start of the core.
CREATE TABLE meta(k TEXT PRIMARY KEY, v ANY) STRICT;

-- The hot row, small. state: 0 queued, 1 running, 2 finished. seq: of its last event. Ids rise with acceptance, and tokens
-- with time, so that both indexes grow at their end.
CREATE TABLE job(
  id INTEGER PRIMARY KEY,
  token BLOB NOT NULL UNIQUE,
  language_id INTEGER NOT NULL,
  state INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  worker TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  started_ms INTEGER,
  finished_ms INTEGER) STRICT;
CREATE INDEX job_open ON job(state, id) WHERE state < 2;

-- Written once.
CREATE TABLE job_body(
  job INTEGER PRIMARY KEY REFERENCES job(id),
  source BLOB NOT NULL,
  stdin BLOB,
  expected_output BLOB,
  compiler_options BLOB,
  command_line_arguments BLOB,
  cpu_ms INTEGER NOT NULL,
  cpu_extra_ms INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  memory_kib INTEGER NOT NULL,
  stack_kib INTEGER NOT NULL,
  file_kib INTEGER NOT NULL,
  processes INTEGER NOT NULL,
  number_of_runs INTEGER NOT NULL,
  redirect_stderr INTEGER NOT NULL) STRICT;
CREATE TABLE job_result(
  job INTEGER PRIMARY KEY REFERENCES job(id),
  verdict TEXT NOT NULL,
  exit_code INTEGER,
  exit_signal INTEGER,
  cpu_us INTEGER,
  wall_us INTEGER,
  memory_kib INTEGER,
  stdout BLOB NOT NULL,
  stderr BLOB NOT NULL,
  compile_output BLOB NOT NULL,
  message BLOB NOT NULL,
  accounting TEXT NOT NULL) STRICT;

-- The event log, which is outbox and history in one. gseq is dense and in the order of commits: one writer, and a rollback
-- takes sqlite_sequence back too. (job, seq) is dense within a job.
CREATE TABLE event(
  gseq INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER NOT NULL REFERENCES job(id),
  seq INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  worker TEXT NOT NULL,
  started_ms INTEGER,
  note TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX event_job ON event(job, seq);

-- Every language that a worker has offered.
CREATE TABLE language(
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  source_file TEXT NOT NULL,
  compile_cmd TEXT NOT NULL,
  run_cmd TEXT NOT NULL,
  offered_ms INTEGER NOT NULL) STRICT;
)sql",
                                                                 R"sql(
-- Names that clients gave to submissions, so that they may send them again.
CREATE TABLE idempotency(
  key TEXT PRIMARY KEY,
  job INTEGER NOT NULL REFERENCES job(id)) STRICT, WITHOUT ROWID;
)sql",
                                                                 R"sql(
-- Where a job stands in line. class: 0 contest, 1 interactive, 2 rejudge.
ALTER TABLE job ADD COLUMN class INTEGER NOT NULL DEFAULT 1;
ALTER TABLE job ADD COLUMN lane TEXT NOT NULL DEFAULT '';
ALTER TABLE job_body ADD COLUMN user TEXT;
)sql",
                                                                 R"sql(
-- How far those who listen to all events have come: what is up to gseq they have acknowledged.
CREATE TABLE cursor(
  name TEXT PRIMARY KEY,
  gseq INTEGER NOT NULL,
  moved_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql",
                                                                 R"sql(
ALTER TABLE job_body ADD COLUMN additional_files BLOB;
ALTER TABLE job_body ADD COLUMN enable_network INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_body ADD COLUMN cpu_per_process INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_body ADD COLUMN memory_per_process INTEGER NOT NULL DEFAULT 0;

-- Beside what is read whenever the job moves on: whoever ends it must know.
ALTER TABLE job ADD COLUMN callback_url TEXT;

-- Its texts are gone: only what the log needs is left, and nobody finds it by its token.
ALTER TABLE job ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;

-- Who is to be told that a submission has ended, and has not been yet. Made by the transaction that ends it. due_ms: when to
-- try next, null once that was given up; tries: how often it was handed to a gateway.
CREATE TABLE callback(
  job INTEGER PRIMARY KEY REFERENCES job(id),
  url TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due_ms INTEGER,
  failure TEXT NOT NULL) STRICT;
CREATE INDEX callback_due ON callback(due_ms) WHERE due_ms IS NOT NULL;
)sql",
                                                                 R"sql(
-- Files of problems, by what they hold (SHA-256).
CREATE TABLE blob(
  digest BLOB PRIMARY KEY,
  stored_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL) STRICT;

-- Every problem that was ever added, by the digest of its manifest: what was judged by it names it. The manifest stands
-- last, so that whoever lists the problems does not read it.
CREATE TABLE problem_version(
  digest BLOB PRIMARY KEY,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  scoring INTEGER NOT NULL,
  score_max REAL,
  time_ms INTEGER NOT NULL,
  memory_kib INTEGER NOT NULL,
  tests INTEGER NOT NULL,
  added_ms INTEGER NOT NULL,
  manifest BLOB NOT NULL) STRICT;

-- What a slug names: those that are published.
CREATE TABLE problem(
  slug TEXT PRIMARY KEY,
  version BLOB NOT NULL REFERENCES problem_version(digest),
  published_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

ALTER TABLE job ADD COLUMN problem TEXT;
ALTER TABLE job_body ADD COLUMN problem_version BLOB;
ALTER TABLE job_body ADD COLUMN all_tests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_body ADD COLUMN judge_messages INTEGER NOT NULL DEFAULT 0;
-- What a report says of a problem (encode_grading); null where it says nothing.
ALTER TABLE job_result ADD COLUMN grading BLOB;
)sql",
                                                                 R"sql(
ALTER TABLE language ADD COLUMN code_style TEXT NOT NULL DEFAULT '';

-- Which versions are function problems. Beside them and not in their rows, where it would lie behind the manifest.
CREATE TABLE function_version(digest BLOB PRIMARY KEY REFERENCES problem_version(digest)) STRICT, WITHOUT ROWID;

-- What accepted submissions to function problems took, how many each; what: 0 milliseconds, 1 steps of 64 KiB, both
-- to three digits. It holds counts and nothing of a submission: one that is erased stays counted.
CREATE TABLE taken(
  slug TEXT NOT NULL,
  language_id INTEGER NOT NULL,
  what INTEGER NOT NULL,
  value INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY(slug, language_id, what, value)) STRICT, WITHOUT ROWID;
)sql"};

}  // namespace pushjudge
