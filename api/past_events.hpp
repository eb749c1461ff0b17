#pragma once

// What happened to a submission so far: from memory where all that is asked for was heard here, else from the core. Net
// thread.

#include <boost/asio/awaitable.hpp>

#include "api/hub.hpp"
#include "api/recent_events.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class PastEvents {
 public:
  // All three outlive it.
  PastEvents(CoreClient& core, const RecentEvents& recent, const Hub& hub) : core_(core), recent_(recent), hub_(hub) {}

  // The events after `after`. Whoever is registered with the hub before asking misses none. Errors: those of
  // CoreClient::history().
  boost::asio::awaitable<Result<HistoryPage>> after(Token token, Seq after) const;

 private:
  CoreClient& core_;
  const RecentEvents& recent_;
  const Hub& hub_;
};

}  // namespace pushjudge
