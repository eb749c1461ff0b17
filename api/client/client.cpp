#include "api/client/client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <nlohmann/json.hpp>

#include "api/admission.hpp"

namespace pushjudge::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::uint64_t kReplyBytesMax = 256 << 20;
constexpr std::size_t kEventBytesMax = 64 << 20;

beast::string_view to_beast(std::string_view text) {
  return {text.data(), text.size()};
}
std::string to_string(beast::string_view text) {
  return {text.data(), text.size()};
}

Error unreachable(const Url& url, const std::string& why) {
  return {Errc::unavailable, "http://" + url.host + ":" + url.port + ": " + why};
}

// Runs `io` until nothing is left to do; every operation in it has a deadline of its own.
void run(asio::io_context& io) {
  io.restart();
  io.run();
}

// Lets things happen until `done`, or until the time is over.
template <class Done>
bool run_until(asio::io_context& io, Done done, milliseconds max) {
  const auto deadline = std::chrono::steady_clock::now() + max;
  while (!done()) {
    io.restart();  // it has stopped if what it ran was the last it had, and `done` may have started more
    if (io.run_one_until(deadline) == 0) {
      if (std::chrono::steady_clock::now() >= deadline || io.stopped()) break;
    }
  }
  return done();
}

error_code connect(asio::io_context& io, beast::tcp_stream& stream, const Url& url, milliseconds timeout) {
  error_code result;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(url.host, url.port, result);
  if (result) return result;
  stream.expires_after(timeout);
  stream.async_connect(found, [&result](error_code failed, const tcp::endpoint&) { result = failed; });
  run(io);
  stream.expires_never();
  error_code ignored;
  if (!result) stream.socket().set_option(tcp::no_delay(true), ignored);
  return result;
}

std::string host_header(const Url& url) {
  const bool v6 = url.host.find(':') != std::string::npos;
  return (v6 ? "[" + url.host + "]" : url.host) + ":" + url.port;
}

// The words of a gateway that refuses: {"error":"…"}, or what is wrong with each attribute.
std::string refusal(const Reply& reply) {
  const json body = json::parse(reply.body, nullptr, false);
  if (body.is_object() && body.contains("error") && body["error"].is_string()) return body["error"];
  if (reply.status == 422 && body.is_object()) {
    std::string all;
    for (const auto& [attribute, messages] : body.items()) {
      for (const json& message : messages) {
        all += (all.empty() ? "" : "; ") + attribute + " " + (message.is_string() ? message.get<std::string>() : "");
      }
    }
    return all;
  }
  return "status " + std::to_string(reply.status);
}

Errc code_of(int status) {
  if (status == 404) return Errc::not_found;
  if (status == 503 || status == 429) return Errc::busy;
  return status < 500 ? Errc::invalid : Errc::unavailable;
}

Result<json> json_of(const Result<Reply>& reply) {
  if (!reply) return reply.error();
  if (reply->status < 200 || reply->status > 299) return Error{code_of(reply->status), refusal(*reply)};
  json body = json::parse(reply->body, nullptr, false);
  if (body.is_discarded()) return Error{Errc::unavailable, "the gateway's answer is no JSON"};
  return body;
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

http::request<http::string_body> message_for(const Url& url, std::string_view method, std::string_view target,
                                             const Headers& headers, std::string body) {
  http::request<http::string_body> message;
  message.version(11);
  message.method_string(to_beast(method));
  message.target(to_beast(target));
  message.set(http::field::host, host_header(url));
  message.set(http::field::user_agent, "pushjudge/" PJ_VERSION);
  if (!url.auth_token.empty()) message.set(to_beast(kTokenName), url.auth_token);
  if (!url.authz_token.empty()) message.set(to_beast(kAdminTokenName), url.authz_token);
  for (const auto& [name, value] : headers) message.insert(to_beast(name), to_beast(value));
  message.body() = std::move(body);
  message.prepare_payload();
  return message;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  const Error error{Errc::invalid,
                    "'" + std::string(text) + "' is no address of a gateway; expected http://HOST[:PORT]"};
  if (!text.starts_with(kScheme)) return error;
  std::string_view rest = text.substr(kScheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.empty() || rest.find_first_of("/?#@ ") != std::string_view::npos) return error;
  Url url;
  const std::size_t bracket = rest.rfind(']');
  const std::size_t colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  url.host = rest.substr(0, colon);
  url.port = colon == std::string_view::npos ? "80" : rest.substr(colon + 1);
  if (url.host.starts_with('[') && url.host.ends_with(']')) url.host = url.host.substr(1, url.host.size() - 2);
  const bool digits = url.port.find_first_not_of("0123456789") == std::string::npos;
  if (url.host.empty() || url.port.empty() || url.port.size() > 5 || !digits) return error;
  return url;
}

std::string Reply::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (beast::iequals(to_beast(key), to_beast(name))) return value;
  }
  return {};
}

// ---- Client

struct Client::State {
  Url url;
  milliseconds timeout;
  asio::io_context io{1};
  std::optional<beast::tcp_stream> stream;
  beast::flat_buffer buffer;

  Traffic of_the_past;  // over connections that are no more

  void drop() {
    of_the_past += traffic_of(stream->socket().native_handle());
    stream.reset();
  }

  // Whether a kept connection is still there. The other side may have closed it while nobody looked.
  bool alive() {
    if (!stream) return false;
    error_code failed;
    char byte = 0;
    stream->socket().non_blocking(true, failed);
    stream->socket().receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failed);
    return failed == asio::error::would_block;
  }

  error_code ensure() {
    if (alive()) return {};
    buffer.clear();
    if (stream) drop();
    stream.emplace(io);
    return connect(io, *stream, url, timeout);
  }
};

Client::Client(Url url, milliseconds timeout) : state_(std::make_unique<State>()) {
  state_->url = std::move(url);
  state_->timeout = timeout;
}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Reply> Client::request(std::string_view method, std::string_view target, const Headers& headers,
                              std::string body) {
  State& state = *state_;
  if (const error_code failed = state.ensure()) {
    state.drop();
    return unreachable(state.url, failed.message());
  }
  const auto message = message_for(state.url, method, target, headers, std::move(body));

  error_code result;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kReplyBytesMax);
  if (method == "HEAD") parser.skip(true);
  state.stream->expires_after(state.timeout);
  // A gateway may refuse before it has read all of the request, so the answer is read whatever becomes of the writing.
  http::async_write(*state.stream, message, [&](error_code, std::size_t) {
    http::async_read(*state.stream, state.buffer, parser, [&](error_code failed, std::size_t) { result = failed; });
  });
  run(state.io);
  if (result) {
    state.drop();
    return unreachable(state.url, result.message());
  }
  state.stream->expires_never();
  Reply reply;
  reply.status = static_cast<int>(parser.get().result_int());
  for (const auto& field : parser.get()) {
    reply.headers.emplace_back(to_string(field.name_string()), to_string(field.value()));
  }
  if (!parser.keep_alive()) state.drop();
  reply.body = std::move(parser.get().body());
  return reply;
}

Result<json> Client::submit(const json& attributes, bool wait) {
  const std::string target = wait ? "/submissions?wait=true" : "/submissions";
  return json_of(request("POST", target, {{"Content-Type", "application/json"}}, attributes.dump()));
}

Result<json> Client::get(std::string_view token, std::string_view fields, bool base64) {
  std::string target = "/submissions/" + std::string(token) + "?base64_encoded=" + (base64 ? "true" : "false");
  if (!fields.empty()) target += "&fields=" + std::string(fields);
  return json_of(request("GET", target));
}

Result<void> Client::cancel(std::string_view token) {
  const auto shown = json_of(request("POST", "/submissions/" + std::string(token) + "/cancel"));
  if (!shown) return shown.error();
  return {};
}

Result<std::vector<Language>> Client::languages() {
  const auto list = json_of(request("GET", "/languages"));
  if (!list) return list.error();
  std::vector<Language> languages;
  for (const json& entry : *list) {
    if (!entry.is_object()) continue;
    Language language;
    language.id = entry.value("id", 0);
    language.slug = text_at(entry, "language");
    language.name = text_at(entry, "name");
    language.source_file = text_at(entry, "source_file");
    languages.push_back(std::move(language));
  }
  return languages;
}

Traffic Client::traffic() const {
  Traffic all = state_->of_the_past;
  if (state_->stream) all += traffic_of(state_->stream->socket().native_handle());
  return all;
}

// ---- Stream

struct Stream::State {
  StreamOptions options;
  asio::io_context io{1};
  websocket::stream<beast::tcp_stream, false> ws{io};
  beast::flat_buffer buffer;
  bool reading = false;  // a read is under way; it goes on across calls of next()
  bool ended = false;
  std::optional<Message> arrived;
  std::size_t pongs = 0;

  void start_reading() {
    if (reading || ended || arrived) return;
    reading = true;
    ws.async_read(buffer, [this](error_code failed, std::size_t) {
      reading = false;
      if (failed) {
        ended = true;
        return;
      }
      arrived.emplace();
      arrived->binary = ws.got_binary();
      arrived->data.assign(static_cast<const char*>(buffer.cdata().data()), buffer.size());
      buffer.consume(buffer.size());
    });
  }

  // Lets things happen until `done`, or until the time is over.
  template <class Done>
  bool run_until(Done done, milliseconds max) {
    return client::run_until(io, done, max);
  }

  // Starts an operation that completes with an error_code, and waits for it.
  template <class Start>
  Result<void> wait_for(Start start) {
    std::optional<error_code> result;
    start([&result](error_code failed) { result = failed; });
    if (!run_until([&result] { return result.has_value(); }, options.timeout)) {
      // The handler must not outlive `result`: closing completes it.
      beast::get_lowest_layer(ws).close();
      run_until([&result] { return result.has_value(); }, options.timeout);
      ended = true;
      return Error{Errc::unavailable, "the gateway does not read"};
    }
    if (*result) return Error{Errc::unavailable, result->message()};
    return {};
  }

  Result<void> send(std::string_view data, bool binary) {
    if (ended) return Error{Errc::unavailable, "the socket has ended"};
    start_reading();  // so that what the other side says does not stop it from reading us
    ws.binary(binary);
    return wait_for([&](auto handler) {
      ws.async_write(asio::buffer(data.data(), data.size()),
                     [handler](error_code failed, std::size_t) { handler(failed); });
    });
  }
};

Stream::Stream(std::unique_ptr<State> state) : state_(std::move(state)) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

Result<Stream> Stream::connect(const Url& url, StreamOptions options) {
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  auto& ws = state->ws;
  if (const error_code failed = client::connect(state->io, beast::get_lowest_layer(ws), url, state->options.timeout)) {
    return unreachable(url, failed.message());
  }
  state->io.restart();
  ws.set_option(websocket::stream_base::decorator(
      [origin = state->options.origin, token = url.auth_token](websocket::request_type& request) {
        request.set(http::field::user_agent, "pushjudge/" PJ_VERSION);
        if (!token.empty()) request.set(to_beast(kTokenName), token);
        if (!origin.empty()) request.set(http::field::origin, origin);
      }));
  ws.read_message_max(state->options.message_bytes_max);
  ws.auto_fragment(false);
  ws.control_callback([raw = state.get()](websocket::frame_type type, beast::string_view) {
    if (type == websocket::frame_type::pong) ++raw->pongs;
  });
  websocket::response_type response;
  const std::string host = host_header(url);
  error_code refused;
  const auto shaken = state->wait_for([&](auto handler) {
    ws.async_handshake(response, host, state->options.path, [handler, &refused](error_code failed) {
      refused = failed;
      handler(failed);
    });
  });
  if (refused == websocket::error::upgrade_declined) {
    return Error{Errc::invalid, "the gateway answers status " + std::to_string(response.result_int())};
  }
  if (!shaken) return unreachable(url, shaken.error().message);
  return Stream(std::move(state));
}

Result<void> Stream::send_text(std::string_view text) {
  return state_->send(text, false);
}
Result<void> Stream::send_binary(std::string_view bytes) {
  return state_->send(bytes, true);
}
Result<void> Stream::send(const json& message) {
  return send_text(message.dump());
}

Result<void> Stream::ping(std::string_view payload) {
  State& state = *state_;
  if (state.ended) return Error{Errc::unavailable, "the socket has ended"};
  state.start_reading();
  websocket::ping_data data;
  data.assign(payload.data(), std::min(payload.size(), data.max_size()));
  return state.wait_for(
      [&](auto handler) { state.ws.async_ping(data, [handler](error_code failed) { handler(failed); }); });
}

Result<void> Stream::subscribe(std::string_view channel) {
  return send(json{{"type", "subscribe"}, {"channel", channel}});
}

Result<void> Stream::subscribe(std::string_view channel, std::string_view epoch, std::uint64_t seq) {
  return send(json{{"type", "subscribe"}, {"channel", channel}, {"since", {{"epoch", epoch}, {"seq", seq}}}});
}

std::optional<Message> Stream::next(milliseconds max) {
  State& state = *state_;
  state.start_reading();
  state.run_until([&state] { return state.arrived || state.ended; }, max);
  std::optional<Message> message;
  message.swap(state.arrived);
  return message;
}

std::optional<json> Stream::next_json(milliseconds max) {
  const auto deadline = std::chrono::steady_clock::now() + max;
  while (true) {
    const auto left = deadline - std::chrono::steady_clock::now();
    auto message = next(std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(left)));
    if (!message) return std::nullopt;
    if (message->binary) continue;
    json parsed = json::parse(message->data, nullptr, false);
    if (!parsed.is_discarded()) return parsed;
  }
}

bool Stream::ended() const {
  return state_->ended && !state_->arrived;
}

std::optional<std::uint16_t> Stream::close_code() const {
  const auto& reason = state_->ws.reason();
  if (!state_->ended || reason.code == websocket::close_code::none) return std::nullopt;
  return reason.code;
}

std::string Stream::close_reason() const {
  const auto& reason = state_->ws.reason().reason;
  return std::string(reason.data(), reason.size());
}

std::size_t Stream::pongs() const {
  return state_->pongs;
}

Traffic Stream::traffic() const {
  return traffic_of(beast::get_lowest_layer(state_->ws).socket().native_handle());
}

void Stream::close(std::uint16_t code) {
  State& state = *state_;
  if (state.ended) return;
  const websocket::close_reason reason(static_cast<websocket::close_code>(code));
  const auto closed = state.wait_for([&](auto handler) { state.ws.async_close(reason, handler); });
  if (closed) state.run_until([&state] { return !state.reading; }, state.options.timeout);
  state.ended = true;
}

// ---- EventStream

struct EventStream::State {
  asio::io_context io{1};
  beast::tcp_stream stream{io};
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  ServerEventReader events;
  bool reading = false;  // a read is under way; it goes on across calls of next()
  bool ended = false;

  void start_reading() {
    if (reading || ended) return;
    reading = true;
    http::async_read_some(stream, buffer, parser, [this](error_code failed, std::size_t) {
      reading = false;
      std::string& body = parser.get().body();
      events.add(body);
      body.clear();
      ended = failed || parser.is_done() || events.waiting_bytes() > kEventBytesMax;
    });
  }
};

EventStream::EventStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
EventStream::~EventStream() = default;
EventStream::EventStream(EventStream&&) noexcept = default;
EventStream& EventStream::operator=(EventStream&&) noexcept = default;

Result<EventStream> EventStream::connect(const Url& url, std::string_view target, std::string_view last_id,
                                         milliseconds timeout) {
  auto state = std::make_unique<State>();
  if (const error_code failed = client::connect(state->io, state->stream, url, timeout)) {
    return unreachable(url, failed.message());
  }
  Headers headers = {{"Accept", "text/event-stream"}};
  if (!last_id.empty()) headers.emplace_back("Last-Event-ID", last_id);
  const auto message = message_for(url, "GET", target, headers, {});
  state->parser.body_limit(boost::none);
  error_code result;
  state->stream.expires_after(timeout);
  http::async_write(state->stream, message, [&](error_code, std::size_t) {
    http::async_read_header(state->stream, state->buffer, state->parser,
                            [&](error_code failed, std::size_t) { result = failed; });
  });
  run(state->io);
  if (result) return unreachable(url, result.message());
  state->stream.expires_never();
  const int status = static_cast<int>(state->parser.get().result_int());
  if (status != 200 && status != 204) {
    return Error{code_of(status), "the gateway answers status " + std::to_string(status)};
  }
  state->ended = state->parser.is_done();
  return EventStream(std::move(state));
}

std::optional<ServerEvent> EventStream::next(milliseconds max) {
  State& state = *state_;
  std::optional<ServerEvent> event = state.events.next();
  const auto one_is_there = [&] {
    if (!event) event = state.events.next();
    if (!event) state.start_reading();
    return event || state.ended;
  };
  run_until(state.io, one_is_there, max);
  if (!event) event = state.events.next();
  return event;
}

bool EventStream::ended() const {
  return state_->ended;
}

Traffic EventStream::traffic() const {
  return traffic_of(state_->stream.socket().native_handle());
}

}  // namespace pushjudge::client
