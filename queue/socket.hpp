#pragma once

// ZeroMQ, as much of it as we use; the only place that knows its API.
//
// A Socket belongs to one thread. Everything is non-blocking: what cannot be sent or received at once says so, and
// poll() waits. Bounds: a message over kFrameBytesMax closes its peer, a queue over its high-water mark refuses or
// (events) drops.

#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "proto/base/result.hpp"

namespace pushjudge {

// The I/O thread that the sockets of one process share. Outlives them.
class SocketContext {
 public:
  SocketContext();
  ~SocketContext();
  SocketContext(const SocketContext&) = delete;
  SocketContext& operator=(const SocketContext&) = delete;
  void* handle() const { return handle_; }

 private:
  void* handle_;
};

enum class SocketType { router, dealer, push, pull, pub, sub };

struct SocketOptions {
  int messages_max = 10'000;            // high-water mark of each direction
  std::chrono::milliseconds linger{0};  // how long what is not sent yet may hold up the end of the process
  bool queue_before_connected = true;   // false: messages wait only for peers that are connected (ZMQ_IMMEDIATE)
};

// What a peer of a ROUTER sent, and how to answer it.
struct Letter {
  std::string peer;
  std::string frame;
};

class Socket {
 public:
  Socket(SocketContext& context, SocketType type, const SocketOptions& options);
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;
  ~Socket();

  // The endpoint it was bound to, with the port that a wildcard became.
  Result<std::string> bind(const std::string& endpoint);
  Result<void> connect(const std::string& endpoint);

  bool send(const std::string& frame);                           // false: full, or nobody is connected
  bool send(const std::string& peer, const std::string& frame);  // by a ROUTER; false: full. Lost when the peer is gone
  // Nothing when there is none. A message of more parts than it should have is skipped and counted.
  std::optional<std::string> receive();
  std::optional<Letter> receive_letter();  // by a ROUTER

  // How many messages were skipped since the last call.
  std::uint64_t take_malformed();

  // For an event loop other than poll(): a descriptor that turns readable when something may have changed, after which
  // receive() must be called until it gives nothing. Edge-triggered: check receive() after each send too
  // (zmq_getsockopt(3), ZMQ_FD). Owned by the socket.
  int descriptor() const;

  void* handle() const { return handle_; }

 private:
  void* handle_ = nullptr;
  std::uint64_t malformed_ = 0;
};

// Reports peers that come to and go from a socket, which must outlive it.
class SocketMonitor {
 public:
  SocketMonitor(SocketContext& context, Socket& watched);
  SocketMonitor(SocketMonitor&&) noexcept;
  SocketMonitor& operator=(SocketMonitor&&) noexcept;
  ~SocketMonitor();

  enum class Change { connected, disconnected };
  std::optional<Change> next();
  void* handle() const { return handle_; }

 private:
  void* handle_ = nullptr;
  void* watched_ = nullptr;
};

// Waits until one of the sockets or descriptors can be read, or `max` has passed. `descriptors` get their revents.
void poll(std::span<void* const> sockets, std::span<pollfd> descriptors, std::chrono::milliseconds max);

}  // namespace pushjudge
