#pragma once

// What the database says when everything has ended, held against what clients were told and followers saw. One thread.

#include <cstdint>
#include <filesystem>
#include <vector>

#include "tests/chaos/follower.hpp"
#include "tests/chaos/ledger.hpp"

namespace pushjudge::chaos {

struct AuditFigures {
  std::uint64_t jobs = 0;
  std::uint64_t finished = 0;  // accepted, with the right output
  std::uint64_t cancelled = 0;
  std::uint64_t given_up = 0;  // internal_error after the last attempt was lost to a fault
  std::uint64_t events = 0;
  std::uint64_t requeued = 0;   // hand-outs that were taken back
  std::uint64_t run_again = 0;  // submissions that needed more than one attempt
};

// Reports violations to the ledger. Throws SQLite::Exception when the database cannot be read.
//
// With this many kills a submission may lose its worker three times, and then ends as an internal error, as designed.
// That counts as right if its log shows three hand-outs, and as a violation otherwise; so does more than one in twenty.
AuditFigures audit(const std::filesystem::path& database, const std::vector<const Follower*>& followers,
                   Ledger& ledger);

}  // namespace pushjudge::chaos
