#pragma once

// The client library: what a program needs to talk to a gateway. Used by the command `pushjudge`, the tests and the
// benchmarks. Blocking, with a deadline on everything; no exception leaves it.
//
// One thread at a time may use a Client, a Stream or an EventStream; different objects are independent of each other.

#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/client/server_events.hpp"
#include "api/client/traffic.hpp"
#include "proto/base/result.hpp"
#include "proto/language.hpp"

namespace pushjudge::client {

// Where a gateway is, "http://HOST[:PORT]" without TLS and without a path, and what it wants to see.
struct Url {
  std::string host;
  std::string port;
  std::string auth_token = {};   // goes with every request; empty: none does. Not part of the text
  std::string authz_token = {};  // so does that of an administrator
};
Result<Url> parse_url(std::string_view text);

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  int status = 0;
  Headers headers;
  std::string body;

  // Without regard to case; empty when there is no such header.
  std::string header(std::string_view name) const;
};

// One HTTP request after the other over a connection that is kept. Errors of all: unavailable when the gateway cannot
// be reached, does not answer in time, or answers what is no HTTP.
class Client {
 public:
  explicit Client(Url url, std::chrono::milliseconds timeout = std::chrono::seconds(30));
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // Any status is a Reply, not an error.
  Result<Reply> request(std::string_view method, std::string_view target, const Headers& headers = {},
                        std::string body = {});

  // What POST /submissions answers. Errors: + invalid with the gateway's own words for what it refuses, busy for 503
  // and 429.
  Result<nlohmann::json> submit(const nlohmann::json& attributes, bool wait = false);
  // GET /submissions/{token}; `fields` as in Judge0, empty for the standard ones. Errors: + not_found, invalid.
  Result<nlohmann::json> get(std::string_view token, std::string_view fields = {}, bool base64 = false);
  // Ends what is queued or runs. Errors: + not_found, invalid for what is finished.
  Result<void> cancel(std::string_view token);
  // The languages on offer: id, slug, name and source_file.
  Result<std::vector<Language>> languages();

  // Over all connections so far.
  Traffic traffic() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct Message {
  bool binary = false;
  std::string data;
};

struct StreamOptions {
  std::string path = "/ws";
  std::string origin;                         // sent as the Origin header, as a browser does; empty: none
  std::chrono::milliseconds timeout{10'000};  // for connecting, and for each sending
  std::size_t message_bytes_max = 64 << 20;
};

// One WebSocket.
class Stream {
 public:
  // Errors: unavailable; invalid when the gateway answers the handshake with another status.
  static Result<Stream> connect(const Url& url, StreamOptions options = {});
  ~Stream();
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;

  // Errors: unavailable when the socket has ended.
  Result<void> send_text(std::string_view text);
  Result<void> send_binary(std::string_view bytes);
  Result<void> send(const nlohmann::json& message);
  Result<void> ping(std::string_view payload = {});

  // Asks for the events of a channel: from now, or those after `seq` of `epoch`.
  Result<void> subscribe(std::string_view channel);
  Result<void> subscribe(std::string_view channel, std::string_view epoch, std::uint64_t seq);

  // The next message. Nothing: none came in time, or the socket has ended; see ended().
  std::optional<Message> next(std::chrono::milliseconds max);
  // The next text message as JSON; binary ones, and texts that are no JSON, are passed over.
  std::optional<nlohmann::json> next_json(std::chrono::milliseconds max);

  bool ended() const;
  // The code the other side closed with; nothing while open, and where it vanished without a word.
  std::optional<std::uint16_t> close_code() const;
  std::string close_reason() const;
  // How many pongs have come so far.
  std::size_t pongs() const;
  // So far, the handshake included; nothing once the socket is closed.
  Traffic traffic() const;

  // Closes from this side and waits for the answer, at most `timeout` of the options.
  void close(std::uint16_t code = 1000);

 private:
  struct State;
  explicit Stream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// One response of Server-Sent Events.
class EventStream {
 public:
  // `last_id`: of the last event that was seen; empty: of none. A 204 is a stream that has ended. Errors: unavailable;
  // as Client's for any other status.
  static Result<EventStream> connect(const Url& url, std::string_view target, std::string_view last_id = {},
                                     std::chrono::milliseconds timeout = std::chrono::seconds(10));
  ~EventStream();
  EventStream(EventStream&&) noexcept;
  EventStream& operator=(EventStream&&) noexcept;

  // The next event. Nothing: none came in time, or the response has ended; see ended().
  std::optional<ServerEvent> next(std::chrono::milliseconds max);
  bool ended() const;
  Traffic traffic() const;  // so far, the head included

 private:
  struct State;
  explicit EventStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pushjudge::client
