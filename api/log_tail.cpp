#include "api/log_tail.hpp"

#include <algorithm>

#include "api/recent_events.hpp"
#include "proto/codec.hpp"

namespace pushjudge {

void LogTail::add(std::shared_ptr<const Event> event, const std::string& epoch) {
  if (epoch != epoch_) {
    clear();
    epoch_ = epoch;
  }
  // Once as it is, and once more in the message.
  const std::size_t bytes = 2 * bytes_of(*event);
  bytes_ += bytes;
  entries_.push_back({std::move(event), nullptr, bytes});
  while (entries_.size() > bounds_.events || (bytes_ > bounds_.bytes && entries_.size() > 1)) {
    bytes_ -= entries_.front().bytes;
    entries_.pop_front();
  }
}

void LogTail::clear() {
  entries_.clear();
  bytes_ = 0;
}

LogTail::Told LogTail::next(GlobalSeq after) {
  if (entries_.empty() || entries_.front().event->global_seq > after + 1) return {nullptr, nullptr};
  const auto found = std::upper_bound(entries_.begin(), entries_.end(), after,
                                      [](GlobalSeq seq, const Entry& entry) { return seq < entry.event->global_seq; });
  if (found == entries_.end()) return {nullptr, nullptr};
  if (!found->message) found->message = make_text(log_message(*found->event, epoch_));
  return {found->event.get(), found->message};
}

}  // namespace pushjudge
