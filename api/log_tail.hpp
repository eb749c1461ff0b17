#pragma once

// The youngest events of all submissions, as this gateway heard them: whoever listens to all and keeps up is told from
// here; whoever is further behind reads the core's log until it gets here. Net thread.

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include "api/message.hpp"
#include "proto/event.hpp"

namespace pushjudge {

class LogTail {
 public:
  struct Bounds {
    std::size_t events = 1'000;
    std::size_t bytes = 8 << 20;  // of the events and their messages, about
  };
  LogTail() : LogTail(Bounds()) {}
  explicit LogTail(Bounds bounds) : bounds_(bounds) {}

  // Each event once, in the order of global_seq. One of another epoch makes those before it void.
  void add(std::shared_ptr<const Event> event, const std::string& epoch);
  void clear();

  // The global_seq of the last; 0 when there is none.
  GlobalSeq top() const { return entries_.empty() ? 0 : entries_.back().event->global_seq; }

  struct Told {
    const Event* event;  // lives until the next add() or clear()
    SharedMessage message;
  };
  // The event that follows `after` in the log. Null event: it is not here, or has not happened.
  Told next(GlobalSeq after);

 private:
  struct Entry {
    std::shared_ptr<const Event> event;
    SharedMessage message;  // made when somebody is told
    std::size_t bytes = 0;
  };

  const Bounds bounds_;
  std::string epoch_;
  std::size_t bytes_ = 0;
  std::deque<Entry> entries_;
};

}  // namespace pushjudge
