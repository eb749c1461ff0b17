#include "tests/fault/workload.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace pushjudge::testing {
namespace {

constexpr std::int32_t kLanguage = 54;

}  // namespace

Workload::Workload(std::uint64_t seed, const std::vector<OpenLease>& open) : random_(seed) {
  for (const OpenLease& lease : open) running_.push_back(lease.ref);
}

Submission Workload::submission() {
  Submission made;
  made.token = Token::make(now_);
  made.language_id = kLanguage;
  made.source_code.assign(below(6'000), static_cast<char>('a' + below(26)));
  made.created_at = now_;
  return made;
}

Settlement Workload::settlement(JobRef ref) {
  switch (below(6)) {
    case 0:
      return {ref, Settlement::Compiled{below(1'000'000)}};
    case 1:
      return {ref, Settlement::Lost{"the worker fell silent"}};
    case 2:
      return {ref, Settlement::Released{"the worker left before it began"}};
    default: {
      Report report;
      report.verdict = Verdict::accepted;
      report.stdout_text.assign(below(3'000), 'o');
      return {ref, Settlement::Finished{std::move(report)}};
    }
  }
}

Turn Workload::next() {
  Turn turn;
  turn.now = ++now_;
  const std::uint64_t arrivals = 1 + below(3);
  for (std::uint64_t i = 0; i < arrivals; ++i) {
    turn.submissions.push_back({submission(), below(4) == 0 ? "key-" + std::to_string(random_()) : ""});
  }
  for (const JobRef ref : running_) {
    if (below(3) != 0) turn.settlements.push_back(settlement(ref));
  }
  if (!tokens_.empty() && below(4) == 0) turn.cancellations.push_back(tokens_[below(tokens_.size())]);
  if (opened_ && top_ > 0) {
    turn.orders.push_back(CursorOrder{kListener, CursorOrder::Acknowledge{1 + below(top_)}});
  } else {
    turn.orders.push_back(CursorOrder{kListener, CursorOrder::Open{true}});
  }
  turn.demands.push_back({1, "worker-1", {kLanguage}, static_cast<std::uint32_t>(1 + below(3))});
  return turn;
}

void Workload::committed(const TurnOutcome& outcome) {
  for (const Receipt& receipt : outcome.receipts) tokens_.push_back(receipt.token);
  for (const Event& event : outcome.events) {
    if (event.kind == EventKind::started || event.kind == EventKind::compiled) continue;
    std::erase_if(running_, [&event](const JobRef& ref) { return ref.job == event.job; });
  }
  for (const Lease& lease : outcome.leases) running_.push_back(lease.ref);
  opened_ = true;
  if (!outcome.events.empty()) top_ = outcome.events.back().global_seq;
}

}  // namespace pushjudge::testing
