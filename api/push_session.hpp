#pragma once

// What is said over one socket of /ws: subscriptions that resume, and submissions. The messages are push_protocol's,
// the order of events is resume's; here they meet the core, the hub and the socket. Net thread.

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <memory>

#include "api/config.hpp"
#include "api/feed.hpp"
#include "api/hub.hpp"
#include "api/intake.hpp"
#include "api/listeners.hpp"
#include "api/past_events.hpp"
#include "api/socket.hpp"
#include "queue/client.hpp"

namespace pushjudge {

struct PushContext {
  boost::asio::any_io_executor executor;
  const Config& config;
  CoreClient& core;
  Hub& hub;
  const PastEvents& past;
  Intake& intake;
  Admission& admission;
  Listeners& listeners;
  Feed& feed;
  std::size_t requests = 0;  // of all sockets, waiting for the core
};

// `context` outlives it and every request that it has under way.
std::shared_ptr<SocketUser> make_push_session(PushContext& context, Caller caller, Socket& socket);

}  // namespace pushjudge
