#include "queue/event_cursor.hpp"

#include <algorithm>
#include <utility>

namespace pushjudge {
namespace {
// Beyond this, early events are dropped: they are fetched again when their turn comes.
constexpr std::size_t kEarlyMax = 10'000;
}  // namespace

void EventCursor::start(GlobalSeq top) {
  last_ = top;
  top_ = top;
  early_.clear();
}

void EventCursor::note_top(GlobalSeq top) {
  top_ = std::max(top_, top);
}

std::vector<EventCursor::EventPtr> EventCursor::offer(EventPtr event) {
  if (!last_ || event->global_seq <= *last_) return {};
  note_top(event->global_seq);
  if (early_.size() < kEarlyMax || event->global_seq == *last_ + 1) early_[event->global_seq] = std::move(event);
  return release();
}

std::vector<EventCursor::EventPtr> EventCursor::offer_fetched(std::vector<EventPtr> events) {
  if (!last_ || events.empty()) return {};
  if (events.front()->global_seq > *last_ + 1) last_ = events.front()->global_seq - 1;
  for (EventPtr& event : events) {
    if (event->global_seq <= *last_) continue;
    note_top(event->global_seq);
    early_[event->global_seq] = std::move(event);
  }
  return release();
}

std::vector<EventCursor::EventPtr> EventCursor::release() {
  std::vector<EventPtr> ready;
  for (auto next = early_.begin(); next != early_.end() && next->first <= *last_ + 1; next = early_.erase(next)) {
    if (next->first <= *last_) continue;
    last_ = next->first;
    ready.push_back(std::move(next->second));
  }
  return ready;
}

}  // namespace pushjudge
