#pragma once

// What RFC 9110 and RFC 9112 have a server refuse in the head of a request although its parser lets it through. Whoever
// disagrees with a proxy about where a request ends lets one client speak for another. Pure; any thread.

#include <optional>
#include <string_view>

#include "api/http.hpp"

namespace pushjudge {

// The status with which a request of this head (its method and headers) is refused before its body is read; `version`
// is 10 or 11. Nothing: it may come in.
std::optional<int> refusal_of(const Request& head, unsigned version);

// The status for a request line that names another version than HTTP/1.0 or 1.1: 505 where it names one at all.
int status_of_version(std::string_view request_line);

// Whether there is one Sec-WebSocket-Key, of 16 bytes in base64 (RFC 6455, 4.2.1).
bool has_websocket_key(const Request& head);

}  // namespace pushjudge
