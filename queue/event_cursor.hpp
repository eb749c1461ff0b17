#pragma once

// Puts the events that a gateway hears into the order of the log, each once, and says when some are missing. Pure: no
// I/O. Owned by one thread.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/event.hpp"

namespace pushjudge {

class EventCursor {
 public:
  using EventPtr = std::shared_ptr<const Event>;

  bool started() const { return last_.has_value(); }
  GlobalSeq last() const { return last_.value_or(0); }

  // From here on every event counts; those up to `top` are history.
  void start(GlobalSeq top);

  // An event from the wire. Gives those that are now next in order, this one among them or not.
  std::vector<EventPtr> offer(EventPtr event);

  // What was fetched after last(): the log's own answer. A hole before its first event is one that the log itself has.
  std::vector<EventPtr> offer_fetched(std::vector<EventPtr> events);

  // Whether events between last() and what is known to exist are missing.
  bool behind() const { return last_ && (top_ > *last_); }
  void note_top(GlobalSeq top);

 private:
  std::vector<EventPtr> release();

  std::optional<GlobalSeq> last_;
  GlobalSeq top_ = 0;
  std::map<GlobalSeq, EventPtr> early_;  // came before those that precede them
};

}  // namespace pushjudge
