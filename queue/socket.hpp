#pragma once

// ZeroMQ, as much of it as we use; the only place that knows its API.
//
// A Socket belongs to one thread. Everything is non-blocking: what cannot be sent or received at once says so, and
// poll() waits. Bounds: a message over kFrameBytesMax closes its peer, a queue over its high-water mark refuses or
// (events) drops.

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

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

// A `pub` hears who subscribes: receive_letter() gives a frame of one byte, 1 for a subscription and 0 for its end.
enum class SocketType { router, dealer, push, pull, pub, sub };

// A pair of keys (CURVE), each 40 characters of Z85.
struct KeyPair {
  std::string public_key;
  std::string secret_key;
};
KeyPair make_keys();
bool is_key(std::string_view text);
std::string public_key_of(const std::string& secret_key);  // of one that is_key()

// What whoever connects proves itself with, and expects of the other side.
struct ClientKeys {
  KeyPair own;
  std::string server;  // public
};

struct SocketOptions {
  int messages_max = 10'000;            // high-water mark of each direction
  std::chrono::milliseconds linger{0};  // how long what is not sent yet may hold up the end of the process
  bool queue_before_connected = true;   // false: messages wait only for peers that are connected (ZMQ_IMMEDIATE)
};

// Who sent a message, as far as its connection proved it.
struct Sender {
  std::string key;      // the public key that it was let in with; empty: it needed none
  int connection = -1;  // its descriptor, at the time of receiving
};

// What a peer sent, and how a ROUTER answers it.
struct Letter {
  std::string peer;  // at a ROUTER
  std::string frame;
  Sender sender;
};

class Socket {
 public:
  Socket(SocketContext& context, SocketType type, const SocketOptions& options);
  Socket(Socket&&) noexcept;
  Socket& operator=(Socket&&) noexcept;
  ~Socket();

  // What is bound from now on asks for keys: only whom the ZapPort of the context lets in, by `domain`, gets through.
  void require_keys(const std::string& secret_key, const std::string& domain);
  // What is connected from now on has these.
  void use_keys(const ClientKeys& keys);

  // The endpoint it was bound to, with the port that a wildcard became.
  Result<std::string> bind(const std::string& endpoint);
  Result<void> connect(const std::string& endpoint);

  bool send(const std::string& frame);                           // false: full, or nobody is connected
  bool send(const std::string& peer, const std::string& frame);  // by a ROUTER; false: full. Lost when the peer is gone
  // Nothing when there is none. A message of more parts than it should have is skipped and counted.
  std::optional<std::string> receive();
  std::optional<Letter> receive_letter();  // with its sender

  // How many messages were skipped since the last call.
  std::uint64_t take_malformed();

  // For an event loop other than poll(): a descriptor that turns readable when something may have changed, after which
  // receive() must be called until it gives nothing. Edge-triggered: check receive() after each send too
  // (zmq_getsockopt(3), ZMQ_FD). Owned by the socket.
  int descriptor() const;

  void* handle() const { return handle_; }

 private:
  void* handle_ = nullptr;
  SocketType type_;
  std::uint64_t malformed_ = 0;
};

// Reports peers that come to and go from a socket, which must outlive it.
class SocketMonitor {
 public:
  SocketMonitor(SocketContext& context, Socket& watched);
  SocketMonitor(SocketMonitor&&) noexcept;
  SocketMonitor& operator=(SocketMonitor&&) noexcept;
  ~SocketMonitor();

  // refused: a connection ended before it was one, for want of the right key or of the protocol; why() says more.
  // A peer that ZeroMQ cuts off for a message that is too long, or that speaks another protocol from its first byte on,
  // is `disconnected` like one that left.
  enum class Change { connected, disconnected, refused };
  std::optional<Change> next();
  std::string_view why() const { return why_; }  // of the last `refused`
  void* handle() const { return handle_; }

 private:
  void* handle_ = nullptr;
  void* watched_ = nullptr;
  std::string_view why_;
};

// Where ZeroMQ asks whether to let a peer in (RFC 27). One for each context, made before any socket that requires keys
// is bound and destroyed after it: without one ZeroMQ lets everybody in.
class ZapPort {
 public:
  explicit ZapPort(SocketContext& context);  // throws std::runtime_error
  ~ZapPort();
  ZapPort(const ZapPort&) = delete;
  ZapPort& operator=(const ZapPort&) = delete;

  struct Request {
    std::string domain;   // as given to require_keys()
    std::string address;  // of the peer
    std::string key;      // its public key, of which it has proved to hold the secret; empty when it came without
  };
  // Each is to be answered before the next one is asked for.
  std::optional<Request> next();
  // refuse: the peer is told, and its socket never tries again. put_off: it is told nothing, and its socket tries again
  // every few seconds.
  enum class Answer { let_in, refuse, put_off };
  void answer(const Request& request, Answer answer);
  void* handle() const { return handle_; }

 private:
  void* handle_;
  std::string id_;  // of the request that waits for its answer
};

// A peer's tcp connection, for ending it.
class Connection {
 public:
  explicit Connection(int descriptor);
  // Ends it if the descriptor is still of the same connection. The socket it belongs to finds the peer gone.
  void cut() const;

 private:
  int descriptor_;
  std::string peer_;
};

// Waits until one of the sockets or descriptors can be read, or `max` has passed. `descriptors` get their revents.
void poll(std::span<void* const> sockets, std::span<pollfd> descriptors, std::chrono::milliseconds max);

}  // namespace pushjudge
