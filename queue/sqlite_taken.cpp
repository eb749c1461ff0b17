#include "queue/sqlite_taken.hpp"

#include "proto/problem.hpp"
#include "queue/sqlite_statement.hpp"

namespace pushjudge {

using namespace sql;

namespace {

constexpr std::uint64_t kMemoryStepKib = 64;

}  // namespace

TakenCounts::TakenCounts(SQLite::Database& database)
    : comparable_(database,
                  "SELECT 1 FROM job_body JOIN function_version ON digest = problem_version "
                  "WHERE job = ? AND stdin IS NULL"),
      counts_(database,
              "SELECT total(count), total(count) FILTER (WHERE value > ?1) FROM taken "
              "WHERE slug = ?2 AND language_id = ?3 AND what = ?4"),
      count_one_(database,
                 "INSERT INTO taken(slug, language_id, what, value, count) VALUES (?, ?, ?, ?, 1) "
                 "ON CONFLICT(slug, language_id, what, value) DO UPDATE SET count = count + 1") {}

void TakenCounts::compare(JobId job, std::int32_t language_id, const std::optional<std::string>& problem,
                          Report& report) {
  report.runtime_percentile.reset();
  report.memory_percentile.reset();
  // A problem by its slug alone was published when the submission was accepted.
  if (report.verdict != Verdict::accepted || !problem || !is_slug(*problem)) return;
  SQLite::Statement& row = with(comparable_, job);
  const bool comparable = row.executeStep();
  row.reset();
  if (!comparable) return;
  if (report.cpu_us) {
    report.runtime_percentile = percentile(*problem, language_id, What::milliseconds, *report.cpu_us / 1'000);
  }
  if (report.memory_kib) {
    report.memory_percentile =
        percentile(*problem, language_id, What::memory_steps, *report.memory_kib / kMemoryStepKib);
  }
}

double TakenCounts::percentile(const std::string& slug, std::int32_t language_id, What what, std::uint64_t value) {
  value = three_digits(value);
  SQLite::Statement& row = with(counts_, value, slug, language_id, what);
  PJ_ASSERT(row.executeStep());
  const double all = row.getColumn(0).getDouble();
  const double more = row.getColumn(1).getDouble();
  row.reset();
  execute(count_one_, slug, language_id, what, value);
  return all > 0 ? 100 * more / all : 100;
}

std::uint64_t three_digits(std::uint64_t value) {
  std::uint64_t unit = 1;
  while (value / unit >= 1'000) unit *= 10;
  return value / unit * unit;
}

}  // namespace pushjudge
