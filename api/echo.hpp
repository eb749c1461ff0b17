#pragma once

// What speaks at /ws/echo: gives each message back as it came, text or binary, and says nothing by itself. For whoever
// tries a client or a network against us, and for the suites that do. Net thread.

#include <memory>

#include "api/socket.hpp"

namespace pushjudge {

std::shared_ptr<SocketUser> make_echo(Socket& socket);

}  // namespace pushjudge
