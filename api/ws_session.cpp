#include "api/ws_session.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <optional>

#include "api/gathered_socket.hpp"
#include "proto/base/log.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using UpgradeRequest = beast::http::request<beast::http::string_body>;

constexpr std::chrono::seconds kHandshakeTimeout{10};
constexpr int kClientWindowBits = 9;  // the least, where the client lets us choose: what it says is small
constexpr char kCloseFrame = static_cast<char>(0x88);  // how a close frame begins (RFC 6455, section 5.5.1)

// What Beast takes for its connection. Our data does not go through Beast at all, but into the same outbox, framed; so
// all that Beast writes here is the answer to the handshake and whole control frames, which go between our frames.
class BeastEnd {
 public:
  using executor_type = TcpSocket::executor_type;

  explicit BeastEnd(std::shared_ptr<GatheredSocket> gathered) : gathered_(std::move(gathered)) {}

  executor_type get_executor() { return gathered_->socket().get_executor(); }
  GatheredSocket& gathered() { return *gathered_; }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return gathered_->socket().async_read_some(buffers, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    auto bytes = std::make_shared<const std::string>(beast::buffers_to_string(buffers));
    return asio::async_initiate<Handler, void(error_code, std::size_t)>(
        [this](auto completion, SharedBytes piece) {
          // A std::function is copied, which a completion handler cannot be.
          auto shared = std::make_shared<decltype(completion)>(std::move(completion));
          const std::size_t size = piece->size();
          const auto done = [shared, size](error_code error) { (*shared)(error, error ? 0 : size); };
          // Nothing may follow a close frame, and what waits was promised; a pong need not wait.
          const bool before_others = piece->front() != kCloseFrame;
          gathered_->send_control(std::move(piece), before_others, done);
        },
        handler, std::move(bytes));
  }

 private:
  std::shared_ptr<GatheredSocket> gathered_;
};

// What Beast looks for by these names: how such a connection is ended in good order, and at once.
template <class Handler>
void async_teardown(beast::role_type role, BeastEnd& end, Handler&& handler) {
  websocket::async_teardown(role, end.gathered().socket(), std::forward<Handler>(handler));
}
void beast_close_socket(BeastEnd& end) {
  end.gathered().close();
}

// Whether the answer to a handshake grants compression with the window that our compressor needs.
bool grants_deflate(const websocket::response_type& response) {
  const auto extensions = response[beast::http::field::sec_websocket_extensions];
  return extensions.find("permessage-deflate") != beast::string_view::npos &&
         extensions.find("server_max_window_bits") == beast::string_view::npos;
}

// `kDeflates`: that permessage-deflate can be agreed upon. Beast's half of it costs each such socket some kilobytes.
template <bool kDeflates>
class WsSession final : public Socket, public Connection, public std::enable_shared_from_this<WsSession<kDeflates>> {
 public:
  WsSession(TcpSocket socket, const SessionContext& context)
      : gathered_(std::make_shared<GatheredSocket>(std::move(socket), context.round)),
        ws_(gathered_),
        context_(context) {
    context_.connections.add(*this);
  }
  ~WsSession() override { context_.connections.remove(*this); }

  void start(UpgradeRequest request, std::string path, SocketEntry entry);

  void send(SharedMessage message) override;
  void offer(SharedMessage message) override;
  void close(std::uint16_t code, std::string_view reason) override;
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;
  void drain() override { close(kCloseDrain, kDrainReason); }
  void cut() override;

 private:
  void open(const std::string& path, SocketEntry entry);
  // Reading goes by callbacks: the frames of a coroutine would be a third of what an idle socket takes.
  void read();
  void on_beginning(error_code failed, std::size_t bytes);
  void on_message(std::string data);
  void end();

  std::shared_ptr<GatheredSocket> gathered_;
  websocket::stream<BeastEnd, kDeflates> ws_;
  const SessionContext& context_;
  std::shared_ptr<SocketUser> user_;
  std::array<char, 128> beginning_;           // of a message; most are no longer
  std::unique_ptr<beast::flat_buffer> rest_;  // of one that is
  bool open_ = false;                         // between the handshake and the end of reading
  bool closing_ = false;                      // we have said that it ends
  bool paused_ = false;
  bool deflates_ = false;               // as was agreed
  std::shared_ptr<WsSession> resting_;  // itself, while nothing is being read that would keep it
};

template <bool kDeflates>
void WsSession<kDeflates>::send(SharedMessage message) {
  if (!open_ || closing_) return;
  if (gathered_->full(context_.config)) return close(kCloseTooSlow, kTooSlowReason);
  const std::string& frame = deflates_ ? message->deflated_frame() : message->frame();
  gathered_->send(SharedBytes(std::move(message), &frame));
}

template <bool kDeflates>
void WsSession<kDeflates>::offer(SharedMessage message) {
  if (!gathered_->half_full(context_.config)) send(std::move(message));
}

template <bool kDeflates>
void WsSession<kDeflates>::close(std::uint16_t code, std::string_view reason) {
  if (!open_ || closing_) return;
  closing_ = true;
  if (code == kCloseTooSlow) {
    const Outbox& outbox = gathered_->outbox();
    log::info("websocket_too_slow", {{"frames", outbox.size()}, {"bytes", outbox.bytes()}});
    gathered_->drop_waiting();
  }
  gathered_->close_soon();
  resume_reading();  // for the peer's own close frame
  const websocket::close_reason why(static_cast<websocket::close_code>(code),
                                    beast::string_view(reason.data(), reason.size()));
  ws_.async_close(why, [self = this->shared_from_this()](error_code) {});
}

template <bool kDeflates>
void WsSession<kDeflates>::start(UpgradeRequest request, std::string path, SocketEntry entry) {
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = kHandshakeTimeout;
  timeouts.idle_timeout = context_.config.ws_idle_timeout;
  timeouts.keep_alive_pings = true;
  ws_.set_option(timeouts);
  // The answer is made before async_accept() returns, with `this` alive.
  ws_.set_option(websocket::stream_base::decorator([this](websocket::response_type& response) {
    response.set(beast::http::field::server, "pushjudge/" PJ_VERSION);
    deflates_ = grants_deflate(response);
  }));
  if constexpr (kDeflates) {
    // Without takeover what we send does not depend on what was sent before, and is the same for all.
    websocket::permessage_deflate options;
    options.server_enable = true;
    options.server_no_context_takeover = true;
    options.client_no_context_takeover = true;
    options.client_max_window_bits = kClientWindowBits;
    options.memLevel = 1;
    ws_.set_option(options);
  }
  ws_.read_message_max(context_.config.ws_message_bytes_max);
  const auto asked = std::make_shared<UpgradeRequest>(std::move(request));
  ws_.async_accept(*asked, [self = this->shared_from_this(), asked, path = std::move(path),
                            entry = std::move(entry)](error_code failed) mutable {
    if (!failed) self->open(path, std::move(entry));
  });
}

template <bool kDeflates>
void WsSession<kDeflates>::open(const std::string& path, SocketEntry entry) {
  open_ = true;
  user_ = context_.make_socket_user(path, entry.caller.value_or(Caller()), *this);
  if (!entry.caller) close(kCloseToken, "an access token is missing or wrong");
  if (!entry.origin_allowed) close(kCloseOrigin, "pages of this origin may not connect");
  if (context_.connections.draining()) drain();
  user_->on_open();
  read();
}

template <bool kDeflates>
void WsSession<kDeflates>::read() {
  ws_.async_read_some(
      asio::buffer(beginning_),
      [self = this->shared_from_this()](error_code failed, std::size_t bytes) { self->on_beginning(failed, bytes); });
}

template <bool kDeflates>
void WsSession<kDeflates>::on_beginning(error_code failed, std::size_t bytes) {
  if (failed) return end();
  std::string data(beginning_.data(), bytes);
  if (ws_.is_message_done()) return on_message(std::move(data));
  rest_ = std::make_unique<beast::flat_buffer>();
  ws_.async_read(*rest_,
                 [self = this->shared_from_this(), data = std::move(data)](error_code broken, std::size_t) mutable {
                   const auto rest = std::exchange(self->rest_, nullptr);
                   if (broken) return self->end();
                   data.append(static_cast<const char*>(rest->cdata().data()), rest->size());
                   self->on_message(std::move(data));
                 });
}

template <bool kDeflates>
void WsSession<kDeflates>::on_message(std::string data) {
  // What comes after our close is not answered any more.
  if (!closing_) {
    try {
      user_->on_message(ws_.got_binary(), std::move(data));
    } catch (const std::exception& error) {  // our own fault; it ends this socket only
      log::error("message_handler_threw", {{"what", error.what()}});
      return end();
    }
  }
  if (paused_ && !closing_) {
    resting_ = this->shared_from_this();
  } else {
    read();
  }
}

template <bool kDeflates>
void WsSession<kDeflates>::resume_reading() {
  paused_ = false;
  // Kept until the read keeps it.
  if (const auto self = std::exchange(resting_, nullptr)) read();
}

template <bool kDeflates>
void WsSession<kDeflates>::cut() {
  gathered_->close();
  resume_reading();  // which ends now
}

template <bool kDeflates>
void WsSession<kDeflates>::end() {
  open_ = false;
  user_->on_closed();
  gathered_->close();
}

}  // namespace

void serve_websocket(TcpSocket socket, UpgradeRequest request, std::string path, SocketEntry entry,
                     const SessionContext& context) {
  const bool deflates = context.config.ws_deflate != 0 && request[beast::http::field::sec_websocket_extensions].find(
                                                              "permessage-deflate") != beast::string_view::npos;
  if (deflates) {
    const auto session = std::make_shared<WsSession<true>>(std::move(socket), context);
    session->start(std::move(request), std::move(path), std::move(entry));
  } else {
    const auto session = std::make_shared<WsSession<false>>(std::move(socket), context);
    session->start(std::move(request), std::move(path), std::move(entry));
  }
}

}  // namespace pushjudge
