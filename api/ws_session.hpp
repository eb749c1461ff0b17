#pragma once

// One WebSocket: the handshake, reading, the bounded outbox, pings, the close. What is said over it is the
// SocketUser's. Included by http_session only. Net thread.

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "api/session_context.hpp"
#include "api/tcp.hpp"

namespace pushjudge {

// Who comes in, and whether they may.
struct SocketEntry {
  bool origin_allowed = true;
  std::optional<Caller> caller;  // nothing: without a right access token
};

// Begins a session that keeps itself until the socket has ended, however it ended. Whoever may not use it is let in
// only to be told so by a close code, since a script cannot see the status of a refused handshake.
void serve_websocket(TcpSocket socket, boost::beast::http::request<boost::beast::http::string_body> request,
                     std::string path, SocketEntry entry, const SessionContext& context);

}  // namespace pushjudge
