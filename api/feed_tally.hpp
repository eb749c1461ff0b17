#pragma once

// What the public feed says, as a value: how many submissions ended how, and the last few. Counts and verdicts; no
// token, no user, nothing that a program said. Pure: no I/O, no clock.

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/clock.hpp"
#include "proto/event.hpp"
#include "proto/language.hpp"

namespace pushjudge {

inline constexpr std::string_view kFeedChannel = "feed";

class FeedTally {
 public:
  // `since`: from when on its totals count.
  explicit FeedTally(UnixMillis since) : since_(since) {}

  void add(const Event& event);
  // Whether there is anything that was not said.
  bool changed() const { return changed_; }

  struct Now {
    UnixMillis at = 0;
    std::uint64_t queued = 0;
    std::uint64_t running = 0;
    const std::vector<Language>* languages = nullptr;  // null: nobody has said which there are
  };
  // For whoever comes: {"type":"subscribed","channel":"feed",…} as of what was said last, so that the totals in it and
  // what is `finished` in each message from then on add up.
  std::string snapshot(const Now& now) const;
  // {"type":"feed","channel":"feed","at":…,"queued":…,"running":…,"finished":{VERDICT:N},"totals":{"since":…,
  // "finished":{VERDICT:N}},"latest":[{"language":…,"verdict":…,"time":…,"memory":…,"finished_at":…}]}: what happened
  // since the last one. It is said thereby.
  std::string take(const Now& now);

 private:
  using Counts = std::map<std::string, std::uint64_t>;

  const UnixMillis since_;
  Counts said_;                    // totals as of the last message
  Counts interval_;                // since then
  std::deque<Snapshot> latest_;    // as of the last message, the youngest first, no more than is said
  std::deque<Snapshot> not_said_;  // since then, likewise
  bool changed_ = false;

  static std::string message(std::string_view type, const Now& now, UnixMillis since, const Counts& finished,
                             const Counts& totals, const std::deque<Snapshot>& latest);
};

}  // namespace pushjudge
