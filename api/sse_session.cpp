#include "api/sse_session.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "api/coroutine.hpp"
#include "api/gathered_socket.hpp"
#include "proto/base/result.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::string_view kComment = ":\n\n";  // whoever reads passes over it
constexpr std::string_view kLastChunk = "0\r\n\r\n";

// How long the reader waits before it comes back, should the stream end. By themselves browsers take some seconds.
// After a drain it is longer, and not the same for all, who would else come back at once.
constexpr int kRetryMs = 1'000;
constexpr int kDrainRetryMsMax = 5'000;

SharedMessage retry_hint(int ms) {
  return make_chunk("retry: " + std::to_string(ms) + "\n\n");
}

class SseSession final : public Socket, public Connection, public std::enable_shared_from_this<SseSession> {
 public:
  SseSession(TcpSocket socket, bool chunked, const SessionContext& context)
      : gathered_(std::make_shared<GatheredSocket>(std::move(socket), context.round)),
        ping_(gathered_->socket().get_executor()),
        chunked_(chunked),
        context_(context) {
    context_.connections.add(*this);
  }
  ~SseSession() override { context_.connections.remove(*this); }

  void start(const MakeSocketUser& make_user);

  void send(SharedMessage message) override;
  void offer(SharedMessage message) override;
  void close(std::uint16_t code, std::string_view reason) override;
  // What a reader of a stream says means nothing anyway.
  void pause_reading() override {}
  void resume_reading() override {}
  void drain() override;
  void cut() override { gathered_->close(); }

 private:
  static asio::awaitable<void> read_all(std::shared_ptr<SseSession> self);
  void put(const SharedMessage& message);
  void ping_later();
  void end();
  void let_kernel_notice_the_dead();

  std::shared_ptr<GatheredSocket> gathered_;
  asio::steady_timer ping_;
  const bool chunked_;
  const SessionContext& context_;
  std::shared_ptr<SocketUser> user_;
  bool silent_ = true;    // since ping_ was set
  bool open_ = true;      // until reading ends
  bool closing_ = false;  // nothing more is sent
};

void SseSession::start(const MakeSocketUser& make_user) {
  let_kernel_notice_the_dead();
  user_ = make_user(*this);
  user_->on_open();
  if (!closing_) put(retry_hint(kRetryMs));
  if (context_.connections.draining()) drain();
  ping_later();
  asio::co_spawn(ping_.get_executor(), read_all(shared_from_this()), LogAndDrop{"event stream"});
}

// No pong answers our pings, so only TCP can tell that what we wrote is not taken any more; by itself it tries for a
// quarter of an hour.
void SseSession::let_kernel_notice_the_dead() {
  const auto ms = static_cast<unsigned>(context_.config.write_timeout.count());
  ::setsockopt(gathered_->socket().native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
}

void SseSession::send(SharedMessage message) {
  if (!open_ || closing_) return;
  if (gathered_->full(context_.config)) return close(kCloseTooSlow, kTooSlowReason);
  put(message);
}

void SseSession::offer(SharedMessage message) {
  if (open_ && !closing_ && !gathered_->half_full(context_.config)) put(message);
}

// A chunk is the same for all readers; HTTP/1.0 has none.
void SseSession::put(const SharedMessage& message) {
  PJ_ASSERT(message->kind() == Message::Kind::chunk);
  silent_ = false;
  gathered_->send(chunked_ ? SharedBytes(message, &message->frame())
                           : std::make_shared<const std::string>(message->payload()));
}

void SseSession::close(std::uint16_t code, std::string_view) {
  if (!open_ || closing_) return;
  closing_ = true;
  if (code == kCloseTooSlow) {
    // No word of ours would reach him. Nor is what the kernel still holds for him worth its memory: he asks again for
    // what follows the last event that he saw.
    const Outbox& outbox = gathered_->outbox();
    log::info("event_stream_too_slow", {{"messages", outbox.size()}, {"bytes", outbox.bytes()}});
    error_code ignored;
    gathered_->socket().set_option(asio::socket_base::linger(true, 0), ignored);
    cut();
    return;
  }
  gathered_->close_soon();
  // Where there are no chunks something must still be the last, for us to be told that all is out.
  auto last = std::make_shared<const std::string>(chunked_ ? kLastChunk : kComment);
  gathered_->send_control(std::move(last), false, [gathered = gathered_](error_code) {
    error_code ignored;
    gathered->socket().shutdown(TcpSocket::shutdown_send, ignored);
  });
}

void SseSession::drain() {
  if (!open_ || closing_) return;
  thread_local std::minstd_rand dice(std::random_device{}());
  put(retry_hint(std::uniform_int_distribution(kRetryMs, kDrainRetryMsMax)(dice)));
  close(kCloseDrain, kDrainReason);
}

// Looks twice in the time after which a silent stream is pinged, so that no message has to set the timer anew.
void SseSession::ping_later() {
  ping_.expires_after(context_.config.sse_ping / 2);
  ping_.async_wait([self = shared_from_this()](error_code failed) {
    if (failed || self->closing_ || !self->open_) return;
    if (std::exchange(self->silent_, true) && self->gathered_->outbox().empty()) self->put(make_chunk(kComment));
    self->ping_later();
  });
}

// The reader of a stream says nothing; reading tells when he has gone.
asio::awaitable<void> SseSession::read_all(std::shared_ptr<SseSession> self) {
  std::array<char, 256> nothing{};
  const auto space = asio::buffer(nothing);
  error_code failed;
  while (!failed) {
    co_await self->gathered_->socket().async_read_some(space, asio::redirect_error(asio::use_awaitable, failed));
  }
  self->end();
}

void SseSession::end() {
  open_ = false;
  user_->on_closed();
  ping_.cancel();
  gathered_->close();
}

}  // namespace

void start_event_stream(TcpSocket socket, bool chunked, const MakeSocketUser& make_user,
                        const SessionContext& context) {
  std::make_shared<SseSession>(std::move(socket), chunked, context)->start(make_user);
}

}  // namespace pushjudge
