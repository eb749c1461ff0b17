#include "api/feed_tally.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "proto/codec.hpp"

namespace pushjudge {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLatestMax = 10;

// Of one that ended, what public_outcome() and its language's name are made of: what is not to be said is neither kept
// nor copied.
Snapshot outcome_of(const Snapshot& snapshot) {
  Snapshot outcome;
  outcome.language_id = snapshot.language_id;
  outcome.finished_at = snapshot.finished_at;
  Report& report = outcome.report.emplace();
  report.verdict = snapshot.report->verdict;
  report.cpu_us = snapshot.report->cpu_us;
  report.memory_kib = snapshot.report->memory_kib;
  return outcome;
}

void keep_few(std::deque<Snapshot>& latest) {
  if (latest.size() > kLatestMax) latest.resize(kLatestMax);
}

ordered_json language_name(const std::vector<Language>* languages, std::int32_t id) {
  if (languages == nullptr) return nullptr;
  const auto found =
      std::find_if(languages->begin(), languages->end(), [id](const Language& one) { return one.id == id; });
  return found == languages->end() ? ordered_json(nullptr) : ordered_json(found->name);
}

}  // namespace

void FeedTally::add(const Event& event) {
  changed_ = true;
  if (!is_last(event.kind) || !event.snapshot.report) return;
  ++interval_[std::string(to_string(event.snapshot.report->verdict))];
  not_said_.push_front(outcome_of(event.snapshot));
  keep_few(not_said_);
}

std::string FeedTally::snapshot(const Now& now) const {
  return message("subscribed", now, since_, {}, said_, latest_);
}

std::string FeedTally::take(const Now& now) {
  const Counts finished = std::exchange(interval_, {});
  for (const auto& [verdict, count] : finished) said_[verdict] += count;
  const std::deque<Snapshot> fresh = std::exchange(not_said_, {});
  latest_.insert(latest_.begin(), fresh.begin(), fresh.end());
  keep_few(latest_);
  changed_ = false;
  return message("feed", now, since_, finished, said_, fresh);
}

std::string FeedTally::message(std::string_view type, const Now& now, UnixMillis since, const Counts& finished,
                               const Counts& totals, const std::deque<Snapshot>& latest) {
  ordered_json list = ordered_json::array();
  for (const Snapshot& one : latest) {
    ordered_json entry = {{"language", language_name(now.languages, one.language_id)}};
    entry.update(public_outcome(one));
    list.push_back(std::move(entry));
  }
  const ordered_json all = {
      {"type", type},
      {"channel", kFeedChannel},
      {"at", to_iso8601(now.at)},
      {"queued", now.queued},
      {"running", now.running},
      {"finished", ordered_json(finished)},
      {"totals", {{"since", to_iso8601(since)}, {"finished", ordered_json(totals)}}},
      {"latest", std::move(list)},
  };
  return all.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace pushjudge
