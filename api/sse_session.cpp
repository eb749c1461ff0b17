#include "api/sse_session.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <random>
#include <vector>

#include "api/coroutine.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::milliseconds kCloseTimeout{3'000};
constexpr std::string_view kLastChunk = "0\r\n\r\n";

// How long the reader waits before it comes back, should the stream end: of what a browser takes by itself, seconds,
// the least. After a drain it is more, and not the same for all, who would else come back at once.
constexpr int kRetryMs = 1'000;
constexpr int kDrainRetryMsMax = 5'000;

SharedMessage retry_hint(int ms) {
  return make_text("retry: " + std::to_string(ms) + "\n\n");
}

// A comment: whoever reads passes over it.
const SharedMessage& ping() {
  static const SharedMessage text = make_text(":\n\n");
  return text;
}

class SseSession final : public Socket, public Connection, public std::enable_shared_from_this<SseSession> {
 public:
  SseSession(asio::ip::tcp::socket socket, bool chunked, const SessionContext& context)
      : socket_(std::move(socket)),
        wake_(socket_.get_executor()),
        deadline_(socket_.get_executor()),
        chunked_(chunked),
        context_(context) {
    context_.connections.add(*this);
  }
  ~SseSession() override { context_.connections.remove(*this); }

  void start(const MakeSocketUser& make_user);

  void send(SharedMessage message) override;
  void close(std::uint16_t code, std::string_view reason) override;
  void drain() override;
  void cut() override;

 private:
  // These keep the session alive; whichever ends last lets it go.
  static asio::awaitable<void> read_all(std::shared_ptr<SseSession> self);
  static asio::awaitable<void> write_all(std::shared_ptr<SseSession> self);
  asio::awaitable<void> wait_or_ping();
  asio::awaitable<bool> write_what_waits();
  asio::awaitable<void> write_end();
  void put(SharedMessage message);
  void end();
  void start_deadline(std::chrono::milliseconds time);
  void let_kernel_notice_the_dead();

  asio::ip::tcp::socket socket_;
  asio::steady_timer wake_;      // cancelled when there is something to write
  asio::steady_timer deadline_;  // of the write that is under way, or of the end
  const bool chunked_;
  const SessionContext& context_;
  std::shared_ptr<SocketUser> user_;
  std::vector<SharedMessage> outbox_;   // what waits
  std::vector<SharedMessage> writing_;  // what is being written, all of it at once
  std::size_t bytes_ = 0;               // of both
  bool closing_ = false;                // nothing more comes into the outbox
  bool ended_ = false;
};

void SseSession::start(const MakeSocketUser& make_user) {
  let_kernel_notice_the_dead();
  user_ = make_user(*this);
  put(retry_hint(kRetryMs));
  user_->on_open();
  if (context_.connections.draining()) drain();
  asio::co_spawn(socket_.get_executor(), read_all(shared_from_this()), LogAndDrop{"read an event stream"});
  asio::co_spawn(socket_.get_executor(), write_all(shared_from_this()), LogAndDrop{"write an event stream"});
}

// No pong answers our pings, so only TCP can tell that nobody is there any more; by itself it takes a quarter of an
// hour.
void SseSession::let_kernel_notice_the_dead() {
  const auto ms = static_cast<unsigned>(context_.config.write_timeout.count());
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
}

void SseSession::send(SharedMessage message) {
  if (closing_ || ended_) return;
  const bool alone = outbox_.empty() && writing_.empty();
  // A message that is larger than the whole bound still goes through alone.
  const bool too_many_bytes = !alone && bytes_ + message->payload().size() > context_.config.ws_outbox_bytes_max;
  if (outbox_.size() + writing_.size() >= context_.config.ws_outbox_frames_max || too_many_bytes) {
    close(kCloseTooSlow, "too slow: connect again and resume");
    return;
  }
  put(std::move(message));
}

void SseSession::put(SharedMessage message) {
  bytes_ += message->payload().size();
  outbox_.push_back(std::move(message));
  wake_.cancel();
}

void SseSession::close(std::uint16_t code, std::string_view) {
  if (closing_ || ended_) return;
  closing_ = true;
  if (code == kCloseTooSlow) {
    // No word of ours would reach him. Nor is what the kernel still holds for him worth its memory: he asks again for
    // what follows the last event that he saw.
    log::info("event_stream_too_slow", {{"messages", outbox_.size() + writing_.size()}, {"bytes", bytes_}});
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    cut();
    return;
  }
  start_deadline(kCloseTimeout);
  wake_.cancel();
}

void SseSession::drain() {
  if (closing_ || ended_) return;
  thread_local std::minstd_rand dice(std::random_device{}());
  put(retry_hint(std::uniform_int_distribution(kRetryMs, kDrainRetryMsMax)(dice)));
  close(kCloseDrain, "the gateway is stopping: connect again and resume");
}

void SseSession::cut() {
  error_code ignored;
  socket_.close(ignored);
  wake_.cancel();
}

void SseSession::start_deadline(std::chrono::milliseconds time) {
  deadline_.expires_after(time);
  deadline_.async_wait([self = shared_from_this()](error_code failed) {
    if (!failed) self->cut();
  });
}

// Whatever way it ends, the user hears of it once, and so does the writer.
void SseSession::end() {
  ended_ = true;
  user_->on_closed();
  deadline_.cancel();
  cut();
}

// The reader of a stream says nothing; reading tells when he has gone.
asio::awaitable<void> SseSession::read_all(std::shared_ptr<SseSession> self) {
  std::array<char, 256> nothing{};
  const auto space = asio::buffer(nothing);
  error_code failed;
  while (!failed) {
    co_await self->socket_.async_read_some(space, asio::redirect_error(asio::use_awaitable, failed));
  }
  self->end();
}

asio::awaitable<void> SseSession::write_all(std::shared_ptr<SseSession> self) {
  while (!self->ended_) {
    if (!self->outbox_.empty()) {
      const bool written = co_await self->write_what_waits();
      if (!written) break;
    } else if (self->closing_) {
      co_await self->write_end();
      co_return;  // the peer closes now, or the deadline does; either ends the reader
    } else {
      co_await self->wait_or_ping();
    }
  }
  self->cut();
}

asio::awaitable<void> SseSession::wait_or_ping() {
  error_code cancelled;
  wake_.expires_after(context_.config.sse_ping);
  co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  if (!cancelled && outbox_.empty() && !closing_) put(ping());
}

// All of it in one write, and in one chunk.
asio::awaitable<bool> SseSession::write_what_waits() {
  writing_.swap(outbox_);
  std::array<char, 20> head{};  // 16 digits and CRLF
  char* head_end = std::to_chars(head.data(), head.data() + 16, bytes_, 16).ptr;
  *head_end++ = '\r';
  *head_end++ = '\n';
  std::vector<asio::const_buffer> buffers;
  buffers.reserve(writing_.size() + 2);
  if (chunked_) buffers.push_back(asio::buffer(head.data(), static_cast<std::size_t>(head_end - head.data())));
  for (const SharedMessage& message : writing_) {
    buffers.push_back(asio::buffer(message->payload().data(), message->payload().size()));
  }
  if (chunked_) buffers.push_back(asio::buffer("\r\n", 2));
  error_code failed;
  if (!closing_) start_deadline(context_.config.write_timeout);
  co_await asio::async_write(socket_, buffers, asio::redirect_error(asio::use_awaitable, failed));
  if (!closing_) deadline_.cancel();
  for (const SharedMessage& message : writing_) bytes_ -= message->payload().size();
  writing_.clear();
  co_return !failed;
}

asio::awaitable<void> SseSession::write_end() {
  error_code ignored;
  const auto bytes = asio::buffer(kLastChunk.data(), kLastChunk.size());
  if (chunked_) co_await asio::async_write(socket_, bytes, asio::redirect_error(asio::use_awaitable, ignored));
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

}  // namespace

void start_event_stream(asio::ip::tcp::socket socket, bool chunked, const MakeSocketUser& make_user,
                        const SessionContext& context) {
  std::make_shared<SseSession>(std::move(socket), chunked, context)->start(make_user);
}

}  // namespace pushjudge
