#pragma once

// The events of all submissions as an event stream, the cursors of those who listen, and the public feed. Net thread.

#include <boost/asio/awaitable.hpp>

#include "api/admission.hpp"
#include "api/feed.hpp"
#include "api/listeners.hpp"
#include "api/router.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class EventsRoutes {
 public:
  EventsRoutes(CoreClient& core, Listeners& listeners, Feed& feed, const Admission& admission)
      : core_(core), listeners_(listeners), feed_(feed), admission_(admission) {}

  void add_to(Router& router);

 private:
  using Route = boost::asio::awaitable<Response> (EventsRoutes::*)(Request);
  // For those who may listen; others get a 403.
  Handler guarded(Route route);

  boost::asio::awaitable<Response> listen(Request request);
  boost::asio::awaitable<Response> cursors(Request request);
  boost::asio::awaitable<Response> acknowledge(Request request);
  boost::asio::awaitable<Response> remove(Request request);
  boost::asio::awaitable<Response> feed(Request request);

  CoreClient& core_;
  Listeners& listeners_;
  Feed& feed_;
  const Admission& admission_;
};

}  // namespace pushjudge
