#pragma once

// The seam between a WebSocket, or an event stream, and what speaks over it. ws_session and sse_session own the wire; a
// SocketUser knows only these words. Net thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "api/message.hpp"

namespace pushjudge {

// Close codes of ours. 40xx: connect again and resume; 44xx: do not come back.
inline constexpr std::uint16_t kCloseDrain = 4001;
inline constexpr std::uint16_t kCloseTooSlow = 4008;
inline constexpr std::uint16_t kCloseToken = 4401;
inline constexpr std::uint16_t kCloseOrigin = 4403;

// What goes with two of them, wherever they are given.
inline constexpr std::string_view kDrainReason = "the gateway is stopping: connect again and resume";
inline constexpr std::string_view kTooSlowReason = "too slow: connect again and resume";

class Socket {
 public:
  virtual ~Socket() = default;
  // Puts a message into the outbox; when that is full the socket is closed with kCloseTooSlow. Returns at once and
  // calls nobody back. After close() it does nothing.
  virtual void send(SharedMessage message) = 0;
  // What may be missed: dropped where half of what may wait waits already, so that it never costs a slow peer the
  // socket.
  virtual void offer(SharedMessage message) = 0;
  // Sends what waits (but for kCloseTooSlow, where it is dropped), then the close frame. The first call counts.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  // Between the two the peer is not read any further than the message that is being handled.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
};

class SocketUser {
 public:
  virtual ~SocketUser() = default;
  virtual void on_open() = 0;
  virtual void on_message(bool binary, std::string data) = 0;
  // The socket is gone; it must not be used any more.
  virtual void on_closed() = 0;
};

}  // namespace pushjudge
