#pragma once

// One response that goes on as a stream of Server-Sent Events: the bounded outbox, pings, the end. What is said is the
// SocketUser's, in texts of stream_event(). Net thread.

#include "api/session_context.hpp"
#include "api/tcp.hpp"

namespace pushjudge {

// Takes over the connection, whose head has been written; lives until the stream has ended, however it ended. `chunked`
// as in HTTP/1.1, where the reader can then tell a stream that ended from one that broke, and so can a proxy; false for
// HTTP/1.0, where the end of the connection is the end of the stream. The connection is used for nothing else
// afterwards: whoever reads a stream comes back seldom, and what it sends meanwhile is not read as requests.
void start_event_stream(TcpSocket socket, bool chunked, const MakeSocketUser& make_user, const SessionContext& context);

}  // namespace pushjudge
