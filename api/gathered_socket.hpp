#pragma once

// A TCP connection that is written to in rounds: what waits goes out with few system calls, and only when the kernel
// takes no more is it waited for. The one place that writes to a connection once it is not plain HTTP any more. Net
// thread.

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "api/config.hpp"
#include "api/outbox.hpp"
#include "api/tcp.hpp"
#include "api/write_round.hpp"

namespace pushjudge {

// Held by shared pointers: it may outlive its session for as long as the kernel is waited for.
class GatheredSocket final : public std::enable_shared_from_this<GatheredSocket>, private WriteRound::Writer {
 public:
  using ControlWritten = std::function<void(boost::system::error_code)>;

  GatheredSocket(TcpSocket socket, WriteRound& round);

  TcpSocket& socket() { return socket_; }
  const Outbox& outbox() const { return outbox_; }
  // Whether as much waits as may.
  bool full(const Config& config) const;
  // Whether half of that waits.
  bool half_full(const Config& config) const;

  // To be written in the next round. After close(), or when the peer is gone, it does nothing.
  void send(SharedBytes piece);
  // To be written now, before all that has not begun or behind all that waits. `done` is called once, from the loop.
  // One at a time.
  void send_control(SharedBytes piece, bool before_others, ControlWritten done);
  // Forgets what has not begun.
  void drop_waiting() { outbox_.drop_waiting(); }
  // Ends the connection at once. Reads end with an error.
  void close();
  // The same after a few seconds, if nobody has done it by then.
  void close_soon();

 private:
  void write_now() override;
  void wait_until_writable();
  void fail(boost::system::error_code error);
  void end_control(boost::system::error_code error);

  TcpSocket socket_;
  Outbox outbox_;
  ControlWritten control_written_;
  std::unique_ptr<boost::asio::steady_timer> close_deadline_;
  bool waiting_ = false;  // for the kernel to take more
  bool failed_ = false;
};

}  // namespace pushjudge
