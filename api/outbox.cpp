#include "api/outbox.hpp"

#include <algorithm>
#include <utility>

namespace pushjudge {
namespace {
constexpr std::size_t kRoomKept = 32;  // pieces; what a larger burst took is given back
}  // namespace

void Outbox::put(std::size_t at, SharedBytes piece, bool control) {
  if (piece->empty()) return;
  bytes_ += piece->size();
  pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(at), Piece{std::move(piece), control});
}

void Outbox::add_control(SharedBytes piece, bool before_others) {
  const std::size_t next = begun_ == 0 ? first_ : first_ + 1;
  put(before_others ? next : pieces_.size(), std::move(piece), true);
}

std::size_t Outbox::gather(std::span<iovec> parts) const {
  std::size_t filled = 0;
  std::size_t skip = begun_;
  for (std::size_t i = first_; i < pieces_.size() && filled < parts.size(); ++i) {
    const std::string& bytes = *pieces_[i].bytes;
    // An iovec serves reading too and so is not const; writing does not change it.
    parts[filled++] = {const_cast<char*>(bytes.data()) + skip, bytes.size() - skip};
    skip = 0;
  }
  return filled;
}

std::size_t Outbox::written(std::size_t bytes) {
  std::size_t controls = 0;
  bytes_ -= bytes;
  while (first_ < pieces_.size()) {
    Piece& piece = pieces_[first_];
    const std::size_t left = piece.bytes->size() - begun_;
    if (bytes < left) {
      begun_ += bytes;
      break;
    }
    bytes -= left;
    begun_ = 0;
    if (piece.control) ++controls;
    piece.bytes.reset();
    ++first_;
  }
  forget_written();
  return controls;
}

// Also while something waits: the places of all that was ever sent to a reader who is always a little behind would else
// add up. Not for a few: what waits is moved.
void Outbox::forget_written() {
  if (!empty() && (first_ <= kRoomKept || first_ <= size())) return;
  pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
  if (pieces_.empty() && pieces_.capacity() > kRoomKept) pieces_.shrink_to_fit();
}

void Outbox::drop_waiting() {
  const auto waiting = pieces_.begin() + static_cast<std::ptrdiff_t>(begun_ == 0 ? first_ : first_ + 1);
  const auto dropped = std::remove_if(waiting, pieces_.end(), [this](const Piece& piece) {
    if (!piece.control) bytes_ -= piece.bytes->size();
    return !piece.control;
  });
  pieces_.erase(dropped, pieces_.end());
}

void Outbox::clear() {
  pieces_.clear();
  first_ = 0;
  begun_ = 0;
  bytes_ = 0;
}

}  // namespace pushjudge
