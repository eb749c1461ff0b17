#pragma once

// One WebSocket: the handshake, reading, the bounded outbox, pings, the close. What is said over it is the
// SocketUser's. Included by http_session only. Net thread.

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "api/session_context.hpp"

namespace pushjudge {

// Completes when the socket has ended, however it ended. A page of an origin that is not allowed is let in only to be
// told so by a close code, since a script cannot see the status of a refused handshake.
boost::asio::awaitable<void> serve_websocket(boost::beast::tcp_stream stream,
                                             boost::beast::http::request<boost::beast::http::string_body> request,
                                             std::string path, bool origin_allowed, const SessionContext& context);

}  // namespace pushjudge
