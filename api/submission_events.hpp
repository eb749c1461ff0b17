#pragma once

// GET /submissions/{token}/events: what happens to a submission, as Server-Sent Events. The same log as over /ws, for
// whoever gets no WebSocket through. Net thread.
//
//   id: EPOCH:SEQ     event: snapshot                                        data: the message "subscribed" of /ws
//   id: EPOCH:SEQ     event: queued, started, compiled, requeued, …          data: the message "event" of /ws
//
//                   event: progress                                        data: the message "progress" of /ws
//
// Without a last event's id the snapshot comes first, and then what happens from now on; with one, the events that
// followed it, or the snapshot when they cannot be given ("recovered": false). The response ends after the event
// "finished" or "cancelled"; a reader that comes back with that one's id gets 204, after which a browser stays away.
// When the epoch changes the response ends, and the reader comes back to be given the snapshot.

#include <boost/asio/awaitable.hpp>

#include "api/hub.hpp"
#include "api/past_events.hpp"
#include "api/router.hpp"

namespace pushjudge {

class SubmissionEvents {
 public:
  SubmissionEvents(Hub& hub, const PastEvents& past) : hub_(hub), past_(past) {}

  void add_to(Router& router);

 private:
  boost::asio::awaitable<Response> open(Request request);

  Hub& hub_;
  const PastEvents& past_;
};

}  // namespace pushjudge
