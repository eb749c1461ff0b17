#include "queue/sqlite_problems.hpp"

#include <utility>

#include "queue/sqlite_statement.hpp"

namespace pushjudge {

using namespace sql;

ProblemReads::ProblemReads(SQLite::Database& database)
    : blob_(database, "SELECT bytes FROM blob WHERE digest = ?"),
      manifest_(database, "SELECT manifest FROM problem_version WHERE digest = ?") {}

std::optional<std::string> ProblemReads::blob(const Digest& digest) {
  std::optional<std::string> found;
  for (SQLite::Statement* query : {&blob_, &manifest_}) {
    SQLite::Statement& row = with(*query, digest);
    if (row.executeStep()) found = bytes(row, 0);
    row.reset();
    if (found) break;
  }
  return found;
}

void ProblemReads::abandon() {
  blob_.tryReset();
  manifest_.tryReset();
}

ProblemWrites::ProblemWrites(SQLite::Database& database)
    : insert_blob_(database, "INSERT OR IGNORE INTO blob(digest, stored_ms, bytes) VALUES (?, ?, ?)"),
      size_(database, "SELECT length(bytes) FROM blob WHERE digest = ?"),
      version_(database, "SELECT 1 FROM problem_version WHERE digest = ?"),
      published_(database, "SELECT 1 FROM problem WHERE slug = ?"),
      count_versions_(database, "SELECT count(*) FROM problem_version"),
      count_published_(database, "SELECT count(*) FROM problem"),
      insert_version_(database, "INSERT OR IGNORE INTO problem_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      insert_function_(database, "INSERT OR IGNORE INTO function_version VALUES (?)"),
      // Published again it stays as it was, whoever asks: its time is that of the first asking.
      publish_(
          database,
          "INSERT INTO problem(slug, version, published_ms) VALUES (?, ?, ?) ON CONFLICT(slug) DO UPDATE "
          "SET version = excluded.version, published_ms = excluded.published_ms WHERE version <> excluded.version"),
      remove_(database, "DELETE FROM problem WHERE slug = ?"),
      versions_(database, "SELECT digest, slug FROM problem_version"),
      cards_(database,
             "SELECT problem.slug, title, version, published_ms, scoring, score_max, time_ms, memory_kib, tests "
             "FROM problem JOIN problem_version ON digest = version") {}

StoreBlobOutcome ProblemWrites::obey(UnixMillis now, const StoreBlobOrder& order) {
  execute(insert_blob_, order.digest, now, Bytes{*order.bytes});
  return {};
}

AddProblemOutcome ProblemWrites::obey(UnixMillis now, const AddProblemOrder& order) {
  using Code = AddProblemOutcome::Code;
  AddProblemOutcome outcome = look_for(order.files);
  if (outcome.code != Code::done) return outcome;
  const ProblemCard& card = order.card;
  const bool one_more = !found(with(version_, card.version));
  const bool one_more_slug = order.publish && !found(with(published_, card.slug));
  if ((one_more && counted(count_versions_) >= kProblemVersionsMax) ||
      (one_more_slug && counted(count_published_) >= kProblemsMax)) {
    return {Code::too_many, {}};
  }
  execute(insert_version_, card.version, card.slug, card.title, card.scoring, card.score_max, card.time_ms,
          card.memory_kib, card.tests, now, Bytes{*order.manifest});
  if (order.function) execute(insert_function_, card.version);
  if (order.publish) execute(publish_, card.slug, card.version, now);
  return outcome;
}

RemoveProblemOutcome ProblemWrites::obey(const RemoveProblemOrder& order) {
  if (!found(with(published_, order.slug))) return RemoveProblemOutcome::unknown;
  execute(remove_, order.slug);
  return RemoveProblemOutcome::done;
}

AddProblemOutcome ProblemWrites::look_for(const std::vector<Blob>& files) {
  using Code = AddProblemOutcome::Code;
  AddProblemOutcome outcome;
  for (const Blob& file : files) {
    const auto size = size_of(file.digest);
    if (!size) outcome.files.push_back(file.digest);
    if (size && *size != file.size) return {Code::other_size, {file.digest}};
  }
  if (!outcome.files.empty()) outcome.code = Code::missing;
  return outcome;
}

std::optional<std::uint64_t> ProblemWrites::size_of(const Digest& digest) {
  SQLite::Statement& row = with(size_, digest);
  std::optional<std::uint64_t> size;
  if (row.executeStep()) size = number<std::uint64_t>(row, 0);
  row.reset();
  return size;
}

bool ProblemWrites::found(SQLite::Statement& query) {
  const bool found = query.executeStep();
  query.reset();
  return found;
}

std::size_t ProblemWrites::counted(SQLite::Statement& query) {
  SQLite::Statement& row = with(query);
  PJ_ASSERT(row.executeStep());
  const auto count = number<std::size_t>(row, 0);
  row.reset();
  return count;
}

ProblemCatalog ProblemWrites::catalog() {
  ProblemCatalog catalog;
  SQLite::Statement& versions = with(versions_);
  while (versions.executeStep()) catalog.versions.emplace(digest(versions, 0), bytes(versions, 1));
  versions.reset();
  SQLite::Statement& cards = with(cards_);
  while (cards.executeStep()) {
    ProblemCard card;
    card.slug = bytes(cards, 0);
    card.title = bytes(cards, 1);
    card.version = digest(cards, 2);
    card.published_at = number<UnixMillis>(cards, 3);
    card.scoring = number<int>(cards, 4) != 0;
    if (!cards.getColumn(5).isNull()) card.score_max = cards.getColumn(5).getDouble();
    card.time_ms = number<std::uint64_t>(cards, 6);
    card.memory_kib = number<std::uint64_t>(cards, 7);
    card.tests = number<std::uint32_t>(cards, 8);
    catalog.published.emplace(card.slug, std::move(card));
  }
  cards.reset();
  return catalog;
}

}  // namespace pushjudge
