#pragma once

// One TCP connection: reads requests, has the router answer them one after the other, in order, and hands the
// connection over when it becomes a WebSocket. With ws_session the only place in the gateway that knows Beast. Net
// thread.

#include <boost/asio/awaitable.hpp>

#include "api/session_context.hpp"
#include "api/tcp.hpp"

namespace pushjudge {

// Completes when the connection has ended, however it ended. `context` outlives it.
boost::asio::awaitable<void> serve_http(TcpSocket socket, const SessionContext& context);

}  // namespace pushjudge
