#pragma once

// The problems' part of the SQLite engine: their SQL. An object belongs to the thread of its connection. Throws what
// SQLiteCpp throws, for the engine to catch.

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>

#include "queue/engine.hpp"

namespace pushjudge {

class ProblemReads {
 public:
  explicit ProblemReads(SQLite::Database& database);

  // A file, or a manifest by its version.
  std::optional<std::string> blob(const Digest& digest);
  // After a query that failed half-way.
  void abandon();

 private:
  SQLite::Statement blob_;
  SQLite::Statement manifest_;
};

// Each is part of the transaction that is open.
class ProblemWrites {
 public:
  explicit ProblemWrites(SQLite::Database& database);

  StoreBlobOutcome obey(UnixMillis now, const StoreBlobOrder& order);
  AddProblemOutcome obey(UnixMillis now, const AddProblemOrder& order);
  RemoveProblemOutcome obey(const RemoveProblemOrder& order);
  ProblemCatalog catalog();

 private:
  std::optional<std::uint64_t> size_of(const Digest& digest);
  AddProblemOutcome look_for(const std::vector<Blob>& files);
  bool found(SQLite::Statement& query);
  std::size_t counted(SQLite::Statement& query);

  SQLite::Statement insert_blob_;
  SQLite::Statement size_;
  SQLite::Statement version_;
  SQLite::Statement published_;
  SQLite::Statement count_versions_;
  SQLite::Statement count_published_;
  SQLite::Statement insert_version_;
  SQLite::Statement insert_function_;
  SQLite::Statement publish_;
  SQLite::Statement remove_;
  SQLite::Statement versions_;
  SQLite::Statement cards_;
};

}  // namespace pushjudge
