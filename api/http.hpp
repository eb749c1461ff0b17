#pragma once

// A request and a response as handlers see them: no Beast, no sockets. And the small pure pieces around them: splitting
// a target, percent-decoding, parameters, errors as JSON. Values; any thread.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/admission.hpp"
#include "api/connections.hpp"
#include "proto/base/result.hpp"

namespace pushjudge {

class Socket;
class SocketUser;
// Makes the one who speaks over `socket`, which outlives it.
using MakeSocketUser = std::function<std::shared_ptr<SocketUser>(Socket& socket)>;

struct Header {
  std::string name;
  std::string value;
};

// Whether the two differ at most in the case of ASCII letters.
bool same_name(std::string_view a, std::string_view b);

// Names are compared without regard to case. Nothing when there is no such header.
const std::string* find_header(const std::vector<Header>& headers, std::string_view name);

struct QueryParameter {
  std::string name;
  std::string value;
};

// Decoded parameters in the order in which they were sent. Of two with one name the last counts, as in Rack.
class Parameters {
 public:
  void add(std::string name, std::string value) { all_.push_back({std::move(name), std::move(value)}); }
  const std::string* find(std::string_view name) const;
  bool is_true(std::string_view name) const;  // sent as exactly "true"
  const std::vector<QueryParameter>& all() const { return all_; }

 private:
  std::vector<QueryParameter> all_;
};

inline constexpr std::size_t kQueryParametersMax = 200;
inline constexpr std::size_t kSegmentsMax = 32;

// %XX becomes the byte; with `plus_is_blank` a '+' becomes a blank. Nothing when a '%' is not followed by two digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);

// "a=b&c=d", of a query or of a form. Errors: invalid for a bad escape or more than kQueryParametersMax parameters.
Result<Parameters> parse_parameters(std::string_view text);

struct Target {
  std::vector<std::string> segments;  // decoded parts of the path; a trailing slash is ignored; empty for "/"
  Parameters query;
};

// Origin form ("/a/b?c=d") or absolute form ("http://host/a/b?c=d", whose path may be empty). Errors: invalid.
Result<Target> parse_target(std::string_view target);
// The path of these segments, decoded as they are: "/a/b".
std::string path_of(const std::vector<std::string>& segments);

struct Request {
  std::string method;                 // upper case
  std::vector<std::string> segments;  // see Target
  bool whole_server = false;          // its target is "*", which stands for no path
  std::string address;                // of the peer, without its port
  Caller caller;                      // filled in by the router before a route's handler sees it
  std::string capture;                // what stands in the place of the route's {name}
  Parameters query;
  std::vector<Header> headers;
  std::string body;
  Budget::Share body_share;  // of the memory for bodies; to be given back by whoever lets go of the body before the end

  const std::string* header(std::string_view name) const { return find_header(headers, name); }
};

// In a header of this name, or in a parameter of the query; null: not at all.
const std::string* token_of(const Request& request, std::string_view name);

struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::shared_ptr<const std::string> body;  // none: no body at all
  // Set: the response goes on as a stream of events, and has no body of its own (event_stream.hpp).
  MakeSocketUser make_socket_user = nullptr;

  Response& with(std::string name, std::string value);
};

// What answers requests of one route. Called on the net thread.
using Handler = std::function<boost::asio::awaitable<Response>(Request)>;

std::string_view reason_of(int status);

Response text_response(int status, std::string text, std::string content_type = "text/plain; charset=utf-8");
// Bytes that are no UTF-8 are shown as U+FFFD; whoever must not lose them checks before.
Response json_response(int status, const nlohmann::ordered_json& json);

// {"status":404,"error":"Not Found"}, Judge0's form for whatever has no message of its own.
Response plain_error(int status);
Response error_response(int status, std::string_view message);
// 429, with Retry-After.
inline constexpr std::string_view kTooManySubmissions = "too many submissions";
Response too_many_submissions(std::chrono::milliseconds wait);
// The one place that knows which Errc is which status. With Retry-After where trying again helps.
Response error_response(const Error& error);

}  // namespace pushjudge
