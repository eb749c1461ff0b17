#include "api/resume.hpp"

#include <charconv>
#include <utility>

namespace pushjudge {

std::optional<Seq> parse_seq(std::string_view digits) {
  Seq seq = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, seq);
  if (failure != std::errc() || stop != end || seq > kSeqMax) return std::nullopt;
  return seq;
}

Seq Resume::ask_after() const {
  // Nothing is asked for that would not be sent.
  if (void_ || !since_) return kSeqMax;
  return since_->seq;
}

std::optional<NumberedText> Resume::live(const std::string& epoch, NumberedText event) {
  if (!begun_) {
    held_.push_back({epoch, std::move(event)});
    return std::nullopt;
  }
  if (epoch != epoch_ || event.seq <= last_) return std::nullopt;
  last_ = event.seq;
  return event;
}

Resume::Start Resume::begin(KeptEvents kept) {
  Start start;
  start.seq = kept.top;
  start.recovered = !void_;
  if (since_ && !void_) {
    const bool same_epoch = since_->epoch == kept.epoch || (since_->epoch.empty() && since_->seq == 0);
    // A seq above the top was never given out in this epoch.
    start.recovered = same_epoch && kept.complete && since_->seq <= kept.top;
    if (start.recovered) {
      Seq last = since_->seq;
      for (NumberedText& event : kept.events) {
        if (event.seq <= last) continue;
        last = event.seq;
        start.replay.push_back(std::move(event));
      }
    }
  }
  begun_ = true;
  epoch_ = std::move(kept.epoch);
  last_ = start.replay.empty() ? start.seq : std::max(start.seq, start.replay.back().seq);
  for (Held& held : std::exchange(held_, {})) {
    if (auto event = live(held.epoch, std::move(held.event))) start.replay.push_back(*std::move(event));
  }
  return start;
}

void Resume::start_over() {
  void_ = true;
  begun_ = false;
  held_.clear();
}

}  // namespace pushjudge
