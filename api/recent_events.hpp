#pragma once

// The events of submissions that are young, from their first on, as this gateway heard them: whoever subscribes right
// after a POST gets the past from here, without a question to the core. What is not here, the core knows. Net thread.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "proto/event.hpp"
#include "proto/ids.hpp"
#include "proto/messages.hpp"

namespace pushjudge {

// What an event takes in memory, about.
std::size_t bytes_of(const Event& event);

class RecentEvents {
 public:
  // Over `bytes_max` the submissions that came first are forgotten.
  explicit RecentEvents(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Each event once, in the order of global_seq. One of another epoch makes those before it void.
  void add(const std::shared_ptr<const Event>& event, const std::string& epoch);
  void clear();
  void forget(const Token& token);

  // The events after `after`, and the state as of the last, as the core would answer. Nothing: not all of them are
  // here, or the asker has seen more than was heard here.
  std::optional<HistoryPage> history(const Token& token, Seq after) const;

  // A submission whose last event was heard: the state in which it stays, as the core would tell it, without what was
  // sent. Nothing: the last event is not here, and the core may know more.
  std::optional<Got> ended(const Token& token) const;

 private:
  struct Channel {
    std::vector<std::shared_ptr<const Event>> events;  // seq 1, 2, …
    std::size_t bytes = 0;
  };

  const std::size_t bytes_max_;
  std::string epoch_;
  std::size_t bytes_ = 0;
  std::unordered_map<Token, Channel> channels_;
  std::deque<Token> in_order_;  // of arrival; may name some that are forgotten
};

}  // namespace pushjudge
