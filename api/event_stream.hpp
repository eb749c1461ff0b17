#pragma once

// Server-Sent Events (HTML standard, 9.2) as text: an event, where in a log it stands, and the response that goes on as
// a stream of them. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "api/http.hpp"
#include "api/resume.hpp"

namespace pushjudge {

// "id: ID\nevent: NAME\ndata: DATA\n\n"; without an id where it is empty. None of the three holds a line break: data is
// JSON as we write it. The browser calls who listens for `name`, and comes back with the id that it saw last.
std::string stream_event(std::string_view id, std::string_view name, std::string_view data);

// "EPOCH:SEQ", an id that says where its reader stands.
std::string stream_id(std::string_view epoch, Seq seq);
// Also "0": before everything that is kept. Errors: invalid.
Result<Since> parse_stream_id(std::string_view id);

// Where the asker stands: the header Last-Event-ID, which a browser sends when it comes back, else the parameter
// last_event_id, for its first time. Nothing: neither was sent. Errors: invalid.
Result<std::optional<Since>> last_event_id_of(const Request& request);

// A response with status 200 that stays open. `make_user` is asked, once the head has left, for the one who sends
// events as make_chunk() of stream_event() over the socket that it is given; no message ever comes in. close() ends the
// response after what was sent; the close codes cannot be seen.
Response event_stream_response(MakeSocketUser make_user);

}  // namespace pushjudge
