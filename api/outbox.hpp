#pragma once

// What waits to be written to one connection, in pieces that must not be mixed: a WebSocket's frames, the events of a
// stream. Pure: no I/O. Net thread.
//
// A piece that has begun is finished before another begins. That is what lets Beast's own control frames and our data
// share a connection.

#include <sys/uio.h>

#include <cstddef>
#include <span>
#include <vector>

#include "api/message.hpp"

namespace pushjudge {

class Outbox {
 public:
  // Behind all that waits.
  void add(SharedBytes piece) { put(pieces_.size(), std::move(piece), false); }
  // Answered for: written() says when it is out. Behind all that waits, or before all that has not begun.
  void add_control(SharedBytes piece, bool before_others);

  bool empty() const { return first_ == pieces_.size(); }
  std::size_t size() const { return pieces_.size() - first_; }
  std::size_t bytes() const { return bytes_; }  // what is still to be written

  // Fills `parts` with what is to be written next; how many it filled.
  std::size_t gather(std::span<iovec> parts) const;
  // The first `bytes` of that are written. How many control pieces that brought to their end.
  std::size_t written(std::size_t bytes);

  // Forgets what has not begun, but for control pieces.
  void drop_waiting();
  // Forgets everything.
  void clear();

 private:
  struct Piece {
    SharedBytes bytes;
    bool control;
  };

  void put(std::size_t at, SharedBytes piece, bool control);
  void forget_written();

  // A connection is idle most of the time, and there are many: no more than an empty vector then.
  std::vector<Piece> pieces_;
  std::size_t first_ = 0;  // of pieces_ that is not written yet
  std::size_t begun_ = 0;  // bytes of that one that are written
  std::size_t bytes_ = 0;
};

}  // namespace pushjudge
