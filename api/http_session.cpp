#include "api/http_session.hpp"

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <ctime>
#include <optional>

#include "api/http_head.hpp"
#include "api/publishing.hpp"
#include "api/sse_session.hpp"
#include "api/ws_session.hpp"
#include "proto/base/clock.hpp"
#include "proto/base/log.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t kReadBytes = 4 << 10;
constexpr std::size_t kBufferSlack = 64 << 10;     // what Beast reads ahead of a body
constexpr std::size_t kSmallBody = 64 << 10;       // needs no share of the budget for bodies
constexpr std::size_t kLingerBytesMax = 64 << 20;  // see linger()
constexpr std::chrono::seconds kLingerTime{2};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string_view from_beast(beast::string_view text) {
  return {text.data(), text.size()};
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[40];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc));
}

class HttpSession final : public Connection {
 public:
  HttpSession(TcpSocket socket, const SessionContext& context)
      : context_(context),
        config_(context.config),
        stream_(std::move(socket)),
        buffer_(config_.header_bytes_max + kBufferSlack) {
    context_.connections.add(*this);
    error_code gone;
    address_ = stream_.socket().remote_endpoint(gone).address().to_string();
  }
  ~HttpSession() override { context_.connections.remove(*this); }

  asio::awaitable<void> run();

  void drain() override {
    last_ = true;
    if (idle_) stream_.cancel();
  }
  void cut() override { stream_.close(); }

 private:
  // What became of reading one request.
  enum class Read { done, refused, ended };

  // What is to be known of a request's head besides the Request. Taken before the body is read, for a trailer behind
  // that must not change it.
  struct Framing {
    unsigned version = 11;
    bool keep_alive = false;
    bool wants_upgrade = false;
  };

  asio::awaitable<bool> wait_for_bytes();
  asio::awaitable<Read> read_request(Parser& parser, Request& request, Framing& framing);
  bool parse_what_is_here(Parser& parser, error_code& failed);
  asio::awaitable<bool> send_continue();
  asio::awaitable<bool> write(Response response, unsigned version, bool head_only, bool keep_alive);
  asio::awaitable<void> refuse(int status, const Request& request);
  asio::awaitable<bool> write_last(Response response, const Request& request);
  std::optional<int> status_of_head(const Parser& parser, error_code failed) const;
  asio::awaitable<void> linger();
  void upgrade(http::request<http::string_body> message, std::string path, const Request& request);
  asio::awaitable<void> stream(Response response, unsigned version);

  const SessionContext& context_;
  const Config& config_;
  beast::basic_stream<asio::ip::tcp, TcpSocket::executor_type> stream_;
  beast::flat_buffer buffer_;
  std::string address_;  // of the peer
  bool idle_ = false;    // waiting for the first byte of a request
  bool last_ = false;    // no request is read after this one
};

// The status for what Beast could not parse; nothing where there is nobody to tell.
std::optional<int> status_of(error_code failed) {
  if (failed == http::error::header_limit || failed == http::error::buffer_overflow) return 431;
  if (failed == http::error::body_limit) return 413;
  const bool bad = failed.category() == make_error_code(http::error::bad_method).category();
  if (bad && failed != http::error::end_of_stream && failed != http::error::partial_message) return 400;
  return std::nullopt;
}

void take_head(const http::request<http::string_body>& message, Request& request) {
  request.method = std::string(from_beast(message.method_string()));
  for (const auto& field : message) {
    request.headers.push_back({std::string(from_beast(field.name_string())), std::string(from_beast(field.value()))});
  }
}

// Errors: invalid.
Result<void> take_target(std::string_view target, Request& request) {
  request.whole_server = target == "*" && request.method == "OPTIONS";
  if (request.whole_server) return {};
  auto parsed = parse_target(target);
  if (!parsed) return parsed.error();
  request.segments = std::move(parsed->segments);
  request.query = std::move(parsed->query);
  return {};
}

asio::awaitable<void> HttpSession::run() {
  error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  while (!last_) {
    const bool readable = co_await wait_for_bytes();
    if (!readable) break;

    Parser parser;
    Framing framing;
    Request request;
    const Read read = co_await read_request(parser, request, framing);
    if (read == Read::ended) co_return;
    if (read == Read::refused) break;

    http::request<http::string_body> message = parser.release();
    if (auto taken = take_target(from_beast(message.target()), request); !taken) {
      Response response = error_response(taken.error());
      const bool sent = co_await write_last(std::move(response), request);
      if (sent) break;
      co_return;
    }
    request.address = address_;
    std::string path = path_of(request.segments);
    if (framing.wants_upgrade && context_.is_socket_path(path)) {
      const bool too_early = buffer_.size() != 0;  // it speaks before it was let in
      if (too_early || !has_websocket_key(request)) {
        co_await refuse(400, request);
        break;
      }
      if (!context_.admission.address_allowed(address_)) {
        Response response{403, {}, nullptr, nullptr};
        const bool sent = co_await write_last(std::move(response), request);
        if (sent) break;
        co_return;
      }
      upgrade(std::move(message), std::move(path), request);
      co_return;
    }
    request.body = std::move(message.body());

    const auto started = Steady::now();
    const std::string method = request.method;
    const bool head_only = method == "HEAD";
    stream_.expires_never();
    Response response = co_await context_.router.answer(std::move(request));
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - started);
    log::debug("request", {{"method", method}, {"path", path}, {"status", response.status}, {"us", took.count()}});
    const bool streams = response.make_socket_user && !head_only;
    if (streams) {
      co_await stream(std::move(response), framing.version);
      co_return;
    }
    if (!framing.keep_alive) last_ = true;
    const bool sent = co_await write(std::move(response), framing.version, head_only, !last_);
    if (!sent) co_return;
  }
  co_await linger();
}

// Waits for the next request. False: none will come. An empty line before it is passed over (RFC 9112, 2.2): there are
// clients that send one behind a body.
asio::awaitable<bool> HttpSession::wait_for_bytes() {
  for (bool passed = false;;) {
    const std::string_view here(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    if (!passed && here.starts_with("\r\n")) {
      buffer_.consume(2);
      passed = true;
    }
    if (buffer_.size() != 0) co_return true;
    error_code failed;
    idle_ = true;
    stream_.expires_after(config_.idle_timeout);
    const auto space = buffer_.prepare(kReadBytes);
    const std::size_t bytes =
        co_await stream_.async_read_some(space, asio::redirect_error(asio::use_awaitable, failed));
    idle_ = false;
    if (failed) co_return false;
    buffer_.commit(bytes);
  }
}

// Whether that brought the header, or after it the body, to its end. Most requests come in one piece, and to read them
// as if they did not costs more than the parsing.
bool HttpSession::parse_what_is_here(Parser& parser, error_code& failed) {
  const bool header = !parser.is_header_done();
  if (buffer_.size() > 0) {
    buffer_.consume(parser.put(buffer_.data(), failed));
    if (failed == http::error::need_more) failed = {};
  }
  return header ? parser.is_header_done() : parser.is_done();
}

// One deadline for the whole header and one for the whole body: a peer that sends a byte now and then is cut.
asio::awaitable<HttpSession::Read> HttpSession::read_request(Parser& parser, Request& request, Framing& framing) {
  parser.header_limit(static_cast<std::uint32_t>(config_.header_bytes_max));
  parser.body_limit(config_.body_bytes_max);
  error_code failed;
  if (!parse_what_is_here(parser, failed) && !failed) {
    stream_.expires_after(config_.header_timeout);
    co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, failed));
  }
  if (!failed) {
    take_head(parser.get(), request);
    framing = {parser.get().version(), parser.keep_alive(), beast::websocket::is_upgrade(parser.get())};
    if (const auto refusal = refusal_of(request, framing.version)) {
      co_await refuse(*refusal, request);
      co_return Read::refused;
    }
  }
  if (!failed && !parser.is_done()) {
    const std::size_t length =
        parser.chunked() ? config_.body_bytes_max : static_cast<std::size_t>(parser.content_length().value_or(0));
    if (length > kSmallBody && !request.body_share.take(context_.bodies, length)) {
      co_await refuse(503, request);
      co_return Read::refused;
    }
    const bool expects = framing.version != 10 && request.header("Expect") != nullptr;
    if (expects && buffer_.size() == 0) {
      const bool sent = co_await send_continue();
      if (!sent) co_return Read::ended;
    }
    parser.eager(true);
    if (!parse_what_is_here(parser, failed) && !failed) {
      stream_.expires_after(config_.body_timeout);
      co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, failed));
    }
  }
  if (!failed) co_return Read::done;
  // Also a head that is refused says whose page asks. What was not reached is missing in it.
  if (request.method.empty()) take_head(parser.get(), request);
  const auto status = parser.is_header_done() ? status_of(failed) : status_of_head(parser, failed);
  if (!status) co_return Read::ended;
  co_await refuse(*status, request);
  co_return Read::refused;
}

// Of what is wrong with a head, two things have a status of their own beside those of status_of().
std::optional<int> HttpSession::status_of_head(const Parser& parser, error_code failed) const {
  const auto status = status_of(failed);
  if (failed == http::error::bad_version) {
    return status_of_version({static_cast<const char*>(buffer_.data().data()), buffer_.size()});
  }
  // The parser goes on to the fields only once it has the whole request line.
  if (status == 431 && parser.get().target().empty()) return 414;
  return status;
}

asio::awaitable<bool> HttpSession::send_continue() {
  error_code failed;
  stream_.expires_after(config_.write_timeout);
  const auto bytes = asio::buffer(kContinue.data(), kContinue.size());
  co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, failed));
  co_return !failed;
}

// Answers what could not be read, or not be let in.
asio::awaitable<void> HttpSession::refuse(int status, const Request& request) {
  Response response = plain_error(status);
  if (status == 503) response.with("Retry-After", "1");
  co_await write_last(std::move(response), request);
}

// An answer that is not the router's, of which as much is known as could be read. The connection ends afterwards, for
// nobody knows where the next request begins.
asio::awaitable<bool> HttpSession::write_last(Response response, const Request& request) {
  context_.router.add_cors(request.header("Origin"), response);
  last_ = true;
  const bool head_only = request.method == "HEAD";
  co_return co_await write(std::move(response), 11, head_only, false);
}

bool bodiless(const Response& response) {
  return response.status == 204 || response.status == 304;
}

// Written out here and not by Beast, whose serializer takes longer over a small answer than all else does.
std::string head_of(const Response& response, unsigned version, bool keep_alive) {
  std::string head = version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  const auto line = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  head.append(std::to_string(response.status)).append(" ").append(reason_of(response.status)).append("\r\n");
  line("Server", "pushjudge/" PJ_VERSION);
  line("Date", http_date());
  for (const Header& field : response.headers) line(field.name, field.value);
  if (response.make_socket_user) {
    if (version != 10) line("Transfer-Encoding", "chunked");
  } else if (!bodiless(response)) {
    line("Content-Length", std::to_string(response.body ? response.body->size() : 0));
  }
  // What either version does unless it is told otherwise is not said.
  if (keep_alive && version == 10) line("Connection", "keep-alive");
  if (!keep_alive && version != 10) line("Connection", "close");
  head.append("\r\n");
  return head;
}

asio::awaitable<bool> HttpSession::write(Response response, unsigned version, bool head_only, bool keep_alive) {
  const std::string head = head_of(response, version, keep_alive);
  const bool with_body = response.body && !head_only && !bodiless(response);
  const std::string_view body = with_body ? std::string_view(*response.body) : std::string_view();
  const std::array<asio::const_buffer, 2> bytes = {asio::buffer(head), asio::buffer(body.data(), body.size())};
  error_code failed;
  stream_.expires_after(config_.write_timeout);
  co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, failed));
  co_return !failed;
}

// Closing while the peer still sends would have the kernel throw away our last answer with a reset. So: say that we are
// done, and read on for a moment.
asio::awaitable<void> HttpSession::linger() {
  error_code failed;
  stream_.socket().shutdown(TcpSocket::shutdown_send, failed);
  stream_.expires_after(kLingerTime);
  buffer_.clear();
  const auto space = buffer_.prepare(kReadBytes);
  std::size_t total = 0;
  while (!failed && total < kLingerBytesMax) {
    total += co_await stream_.async_read_some(space, asio::redirect_error(asio::use_awaitable, failed));
  }
}

void HttpSession::upgrade(http::request<http::string_body> message, std::string path, const Request& request) {
  SocketEntry entry;
  entry.origin_allowed = context_.router.origin_allowed(request.header("Origin"), request.header("Host"));
  entry.caller = context_.admission.let_in(address_, token_of(request, context_.admission.token_name()));
  if (entry.caller) entry.caller->may_publish = may_publish(request, context_.admission);
  context_.connections.remove(*this);  // from here on the WebSocket stands for this connection
  serve_websocket(stream_.release_socket(), std::move(message), std::move(path), std::move(entry), context_);
}

// The head says that the connection ends with the stream, so what was sent behind the request is not read.
asio::awaitable<void> HttpSession::stream(Response response, unsigned version) {
  const MakeSocketUser make_user = response.make_socket_user;
  const bool sent = co_await write(std::move(response), version, false, false);
  if (!sent) co_return;
  context_.connections.remove(*this);  // from here on the stream stands for this connection
  start_event_stream(stream_.release_socket(), version != 10, make_user, context_);
}

}  // namespace

asio::awaitable<void> serve_http(TcpSocket socket, const SessionContext& context) {
  HttpSession session(std::move(socket), context);
  co_await session.run();
}

}  // namespace pushjudge
