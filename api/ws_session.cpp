#include "api/ws_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <optional>

#include "api/coroutine.hpp"
#include "proto/base/crash_point.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using UpgradeRequest = beast::http::request<beast::http::string_body>;

constexpr std::chrono::seconds kHandshakeTimeout{10};
constexpr std::chrono::seconds kCloseTimeout{3};

class WsSession final : public Socket, public Connection, public std::enable_shared_from_this<WsSession> {
 public:
  WsSession(beast::tcp_stream stream, const SessionContext& context)
      : ws_(std::move(stream)), wake_(ws_.get_executor()), close_deadline_(ws_.get_executor()), context_(context) {
    wake_.expires_at(asio::steady_timer::time_point::max());
    context_.connections.add(*this);
  }
  ~WsSession() override { context_.connections.remove(*this); }

  asio::awaitable<void> run(UpgradeRequest request, std::string path, SocketEntry entry);

  void send(SharedText message, bool binary) override;
  void close(std::uint16_t code, std::string_view reason) override;
  void drain() override { close(kCloseDrain, "the gateway is stopping: connect again and resume"); }
  void cut() override;

 private:
  struct Frame {
    SharedText data;
    bool binary;
  };

  // Whatever way the reader ends, the user hears of it, and so does whoever waits.
  class Ending {
   public:
    explicit Ending(WsSession& session) : session_(session) {}
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;
    ~Ending() {
      session_.ended_ = true;
      session_.user_->on_closed();
      session_.close_deadline_.cancel();
      session_.wake_.cancel();
    }

   private:
    WsSession& session_;
  };

  asio::awaitable<bool> accept(const UpgradeRequest& request);
  asio::awaitable<void> read_all();
  // Keeps `self` alive: the reader may end while a write is still on its way.
  static asio::awaitable<void> write_all(std::shared_ptr<WsSession> self);
  asio::awaitable<void> write_outbox();
  void start_close_deadline();

  websocket::stream<beast::tcp_stream, false> ws_;
  asio::steady_timer wake_;  // cancelled when there is something to write
  asio::steady_timer close_deadline_;
  const SessionContext& context_;
  std::shared_ptr<SocketUser> user_;
  std::deque<Frame> outbox_;  // what waits; the frame that is being written is not in it
  std::size_t outbox_bytes_ = 0;
  std::optional<websocket::close_reason> close_reason_;
  bool ended_ = false;
};

void WsSession::send(SharedText message, bool binary) {
  if (close_reason_ || ended_) return;
  // A message that is larger than the whole bound still goes through alone.
  const bool too_many_bytes = !outbox_.empty() && outbox_bytes_ + message->size() > context_.config.ws_outbox_bytes_max;
  if (outbox_.size() >= context_.config.ws_outbox_frames_max || too_many_bytes) {
    close(kCloseTooSlow, "too slow: connect again and resume");
    return;
  }
  outbox_bytes_ += message->size();
  outbox_.push_back({std::move(message), binary});
  wake_.cancel();
}

void WsSession::close(std::uint16_t code, std::string_view reason) {
  if (close_reason_ || ended_) return;
  close_reason_.emplace(static_cast<websocket::close_code>(code), beast::string_view(reason.data(), reason.size()));
  if (code == kCloseTooSlow) {
    log::info("websocket_too_slow", {{"frames", outbox_.size()}, {"bytes", outbox_bytes_}});
    outbox_.clear();
  }
  start_close_deadline();
  wake_.cancel();
}

// A peer that does not read would keep the close frame, and the socket, waiting forever.
void WsSession::start_close_deadline() {
  close_deadline_.expires_after(kCloseTimeout);
  close_deadline_.async_wait([self = shared_from_this()](error_code failed) {
    if (!failed) self->cut();
  });
}

void WsSession::cut() {
  beast::get_lowest_layer(ws_).close();
}

asio::awaitable<void> WsSession::run(UpgradeRequest request, std::string path, SocketEntry entry) {
  const bool accepted = co_await accept(request);
  if (!accepted) co_return;
  user_ = context_.make_socket_user(path, entry.caller.value_or(Caller()), *this);
  asio::co_spawn(ws_.get_executor(), write_all(shared_from_this()), LogAndDrop{"write_all"});
  if (!entry.caller) close(kCloseToken, "an access token is missing or wrong");
  if (!entry.origin_allowed) close(kCloseOrigin, "pages of this origin may not connect");
  if (context_.connections.draining()) drain();
  user_->on_open();
  const Ending ending(*this);
  co_await read_all();
}

asio::awaitable<bool> WsSession::accept(const UpgradeRequest& request) {
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = kHandshakeTimeout;
  timeouts.idle_timeout = context_.config.ws_idle_timeout;
  timeouts.keep_alive_pings = true;
  ws_.set_option(timeouts);
  ws_.set_option(websocket::stream_base::decorator(
      [](websocket::response_type& response) { response.set(beast::http::field::server, "pushjudge/" PJ_VERSION); }));
  ws_.read_message_max(context_.config.ws_message_bytes_max);
  ws_.auto_fragment(false);
  error_code failed;
  co_await ws_.async_accept(request, asio::redirect_error(asio::use_awaitable, failed));
  co_return !failed;
}

asio::awaitable<void> WsSession::read_all() {
  beast::flat_buffer buffer;
  error_code failed;
  while (true) {
    co_await ws_.async_read(buffer, asio::redirect_error(asio::use_awaitable, failed));
    if (failed) break;
    std::string data(static_cast<const char*>(buffer.cdata().data()), buffer.size());
    buffer.consume(buffer.size());
    const bool binary = ws_.got_binary();
    if (close_reason_) continue;  // what comes now is not answered any more
    co_await user_->on_message(binary, std::move(data));
  }
}

asio::awaitable<void> WsSession::write_all(std::shared_ptr<WsSession> self) {
  co_await self->write_outbox();
}

asio::awaitable<void> WsSession::write_outbox() {
  error_code failed;
  while (!ended_) {
    if (outbox_.empty()) {
      if (close_reason_) break;
      co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, failed));
      continue;
    }
    const Frame frame = std::move(outbox_.front());
    outbox_.pop_front();
    outbox_bytes_ -= frame.data->size();
    ws_.binary(frame.binary);
    crash_point("gateway.before_frame");
    const auto bytes = asio::buffer(*frame.data);
    co_await ws_.async_write(bytes, asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return;  // the reader fails too, and ends the session
  }
  if (ended_ || !close_reason_) co_return;
  co_await ws_.async_close(*close_reason_, asio::redirect_error(asio::use_awaitable, failed));
}

}  // namespace

asio::awaitable<void> serve_websocket(beast::tcp_stream stream, UpgradeRequest request, std::string path,
                                      SocketEntry entry, const SessionContext& context) {
  const auto session = std::make_shared<WsSession>(std::move(stream), context);
  co_await session->run(std::move(request), std::move(path), std::move(entry));
}

}  // namespace pushjudge
