#pragma once

// How far one listener has been told of the log, and how much more it may be sent before it acknowledges: so a slow one
// waits, and holds up nobody and no memory. Pure: no I/O, no clock.

#include <cstddef>
#include <deque>

#include "proto/ids.hpp"

namespace pushjudge {

class Flow {
 public:
  // Of what was sent and is not acknowledged. At least 1 each; an event that is larger than all the bytes goes alone.
  struct Bounds {
    std::size_t events = 1'000;
    std::size_t bytes = 4 << 20;
  };
  explicit Flow(Bounds bounds) : bounds_(bounds) {}

  // Told of everything up to `position`, and nothing of it waits to be acknowledged.
  void start(GlobalSeq position);

  // The last event that was sent. The next one is the first after it.
  GlobalSeq sent() const { return sent_; }
  // Whether an event of this size may be sent now.
  bool fits(std::size_t bytes) const;
  // It is sent. `seq` is above sent().
  void send(GlobalSeq seq, std::size_t bytes);
  // Those up to `seq` are acknowledged. Any number, in any order.
  void acknowledge(GlobalSeq seq);

  // How many events may be sent now, as far as their size allows.
  std::size_t room() const { return bounds_.events - unacknowledged_.size(); }
  // Whether there is room enough for reading the log: not for each event by itself.
  bool room_for_page() const;

 private:
  struct Sent {
    GlobalSeq seq;
    std::size_t bytes;
  };

  const Bounds bounds_;
  GlobalSeq sent_ = 0;
  std::deque<Sent> unacknowledged_;
  std::size_t bytes_ = 0;  // of these
};

}  // namespace pushjudge
