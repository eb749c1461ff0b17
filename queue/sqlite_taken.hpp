#pragma once

// The SQLite engine's counts of what accepted submissions to function problems took, and what share of them took more
// than another. An object belongs to the thread of its connection. Throws what SQLiteCpp throws, for the engine to
// catch.

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>

#include "proto/ids.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

class TakenCounts {
 public:
  explicit TakenCounts(SQLite::Database& database);

  // Sets the report's percentiles and counts it, where there is something to compare; else takes away what whoever made
  // the report may have set. Part of the transaction that is open; the job's body must be in it.
  void compare(JobId job, std::int32_t language_id, const std::optional<std::string>& problem, Report& report);

 private:
  enum class What : std::uint8_t { milliseconds, memory_steps };

  double percentile(const std::string& slug, std::int32_t language_id, What what, std::uint64_t value);

  SQLite::Statement comparable_;
  SQLite::Statement counts_;
  SQLite::Statement count_one_;
};

// To three digits, rounded down: however much may be taken, there are few different values to count.
std::uint64_t three_digits(std::uint64_t value);

}  // namespace pushjudge
