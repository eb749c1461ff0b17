#include "api/gathered_socket.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "proto/base/crash_point.hpp"
#include "proto/base/result.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kPartsMax = 64;  // pieces in one system call
constexpr std::chrono::seconds kCloseTimeout{3};

}  // namespace

GatheredSocket::GatheredSocket(TcpSocket socket, WriteRound& round) : Writer(round), socket_(std::move(socket)) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
}

// The last message may go over the bound: else one that is larger than all of it could never be sent.
bool GatheredSocket::full(const Config& config) const {
  return outbox_.size() >= config.ws_outbox_frames_max || outbox_.bytes() > config.ws_outbox_bytes_max;
}

bool GatheredSocket::half_full(const Config& config) const {
  return outbox_.size() >= (config.ws_outbox_frames_max + 1) / 2 || outbox_.bytes() > config.ws_outbox_bytes_max / 2;
}

void GatheredSocket::send(SharedBytes piece) {
  if (failed_) return;
  outbox_.add(std::move(piece));
  if (!waiting_) enlist();
}

void GatheredSocket::send_control(SharedBytes piece, bool before_others, ControlWritten done) {
  PJ_ASSERT(!control_written_);
  control_written_ = std::move(done);
  if (failed_) return end_control(asio::error::broken_pipe);
  outbox_.add_control(std::move(piece), before_others);
  if (!waiting_) write_now();
}

void GatheredSocket::close() {
  close_deadline_.reset();
  error_code ignored;
  socket_.close(ignored);
  if (!failed_) fail(asio::error::operation_aborted);
}

// A peer that does not read would keep what waits for it, and the connection, forever.
void GatheredSocket::close_soon() {
  close_deadline_ = std::make_unique<asio::steady_timer>(socket_.get_executor(), kCloseTimeout);
  close_deadline_->async_wait([self = shared_from_this()](error_code failed) {
    if (!failed) self->close();
  });
}

void GatheredSocket::write_now() {
  std::array<iovec, kPartsMax> parts;
  while (!outbox_.empty() && !waiting_) {
    crash_point("gateway.before_write");
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = outbox_.gather(parts);
    const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      if (outbox_.written(static_cast<std::size_t>(sent)) != 0) end_control({});
    } else if (errno == EAGAIN) {
      wait_until_writable();
    } else if (errno != EINTR) {
      return fail({errno, boost::system::system_category()});
    }
  }
}

void GatheredSocket::wait_until_writable() {
  waiting_ = true;
  socket_.async_wait(TcpSocket::wait_write, [self = shared_from_this()](error_code error) {
    self->waiting_ = false;
    if (!error) self->write_now();
  });
}

// The session learns of it by its reads, which end too.
void GatheredSocket::fail(error_code error) {
  failed_ = true;
  outbox_.clear();
  error_code ignored;
  socket_.shutdown(TcpSocket::shutdown_both, ignored);
  end_control(error);
}

void GatheredSocket::end_control(error_code error) {
  if (!control_written_) return;
  asio::post(socket_.get_executor(), [done = std::exchange(control_written_, nullptr), error] { done(error); });
}

}  // namespace pushjudge
