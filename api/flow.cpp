#include "api/flow.hpp"

#include "proto/base/result.hpp"

namespace pushjudge {
namespace {
constexpr std::size_t kPageShare = 4;  // one of so many parts of the window is room enough for a page
}

void Flow::start(GlobalSeq position) {
  sent_ = position;
  unacknowledged_.clear();
  bytes_ = 0;
}

bool Flow::fits(std::size_t bytes) const {
  if (unacknowledged_.empty()) return true;
  return unacknowledged_.size() < bounds_.events && bytes_ + bytes <= bounds_.bytes;
}

void Flow::send(GlobalSeq seq, std::size_t bytes) {
  PJ_ASSERT(seq > sent_);
  sent_ = seq;
  unacknowledged_.push_back({seq, bytes});
  bytes_ += bytes;
}

void Flow::acknowledge(GlobalSeq seq) {
  while (!unacknowledged_.empty() && unacknowledged_.front().seq <= seq) {
    bytes_ -= unacknowledged_.front().bytes;
    unacknowledged_.pop_front();
  }
}

bool Flow::room_for_page() const {
  if (unacknowledged_.empty()) return true;
  const auto enough = [](std::size_t used, std::size_t of) { return used <= of - of / kPageShare; };
  return room() > 0 && enough(unacknowledged_.size(), bounds_.events) && enough(bytes_, bounds_.bytes);
}

}  // namespace pushjudge
