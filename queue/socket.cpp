#include "queue/socket.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "proto/messages.hpp"

namespace pushjudge {
namespace {

constexpr int kHeartbeatMs = 2'000;
constexpr int kHeartbeatTimeoutMs = 6'000;
constexpr int kHandshakeMs = 5'000;
constexpr int kReconnectMs = 50;
constexpr int kReconnectMaxMs = 1'000;
constexpr int kSocketsMax = 20'000;

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + zmq_strerror(zmq_errno()));
}

void set(void* handle, int option, int value) {
  if (zmq_setsockopt(handle, option, &value, sizeof value) != 0) fail("zmq_setsockopt");
}

int zmq_type(SocketType type) {
  switch (type) {
    case SocketType::router:
      return ZMQ_ROUTER;
    case SocketType::dealer:
      return ZMQ_DEALER;
    case SocketType::push:
      return ZMQ_PUSH;
    case SocketType::pull:
      return ZMQ_PULL;
    case SocketType::pub:
      return ZMQ_PUB;
    case SocketType::sub:
      return ZMQ_SUB;
  }
  return -1;
}

// All parts of the next message; empty when there is none.
std::vector<zmq::message_t> parts_of_next(void* handle) {
  std::vector<zmq::message_t> parts;
  for (;;) {
    zmq::message_t part;
    // The first part may not be there yet; the others come with it (zmq_msg_recv(3)).
    if (zmq_msg_recv(part.handle(), handle, ZMQ_DONTWAIT) < 0) return parts;
    const bool more = part.more();
    parts.push_back(std::move(part));
    if (!more) return parts;
  }
}

bool send_part(void* handle, const std::string& bytes, int flags) {
  int sent = -1;
  do {
    sent = zmq_send(handle, bytes.data(), bytes.size(), ZMQ_DONTWAIT | flags);
  } while (sent < 0 && zmq_errno() == EINTR);
  return sent >= 0;
}

Error endpoint_error(const char* verb, const std::string& endpoint) {
  return Error{Errc::unavailable, std::string("cannot ") + verb + " " + endpoint + ": " + zmq_strerror(zmq_errno())};
}

}  // namespace

SocketContext::SocketContext() : handle_(zmq_ctx_new()) {
  if (handle_ == nullptr) fail("zmq_ctx_new");
  // One pipe for each worker, and a monitor for each pipe.
  zmq_ctx_set(handle_, ZMQ_MAX_SOCKETS, kSocketsMax);
}

SocketContext::~SocketContext() {
  while (zmq_ctx_term(handle_) != 0 && zmq_errno() == EINTR) {
  }
}

Socket::Socket(SocketContext& context, SocketType type, const SocketOptions& options)
    : handle_(zmq_socket(context.handle(), zmq_type(type))) {
  if (handle_ == nullptr) fail("zmq_socket");
  set(handle_, ZMQ_SNDHWM, options.messages_max);
  set(handle_, ZMQ_RCVHWM, options.messages_max);
  set(handle_, ZMQ_LINGER, static_cast<int>(options.linger.count()));
  set(handle_, ZMQ_IMMEDIATE, options.queue_before_connected ? 0 : 1);
  const std::int64_t bytes_max = kFrameBytesMax;
  if (zmq_setsockopt(handle_, ZMQ_MAXMSGSIZE, &bytes_max, sizeof bytes_max) != 0) fail("ZMQ_MAXMSGSIZE");
  // For hosts that vanish. A worker that hangs is noticed by the beats of its own loop, not by these.
  set(handle_, ZMQ_HEARTBEAT_IVL, kHeartbeatMs);
  set(handle_, ZMQ_HEARTBEAT_TIMEOUT, kHeartbeatTimeoutMs);
  set(handle_, ZMQ_HANDSHAKE_IVL, kHandshakeMs);
  set(handle_, ZMQ_RECONNECT_IVL, kReconnectMs);
  set(handle_, ZMQ_RECONNECT_IVL_MAX, kReconnectMaxMs);
  set(handle_, ZMQ_TCP_KEEPALIVE, 1);
  set(handle_, ZMQ_IPV6, 1);
  if (type == SocketType::sub && zmq_setsockopt(handle_, ZMQ_SUBSCRIBE, "", 0) != 0) fail("ZMQ_SUBSCRIBE");
}

Socket::Socket(Socket&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), malformed_(std::exchange(other.malformed_, 0)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(malformed_, other.malformed_);
  return *this;
}

Socket::~Socket() {
  if (handle_ != nullptr) zmq_close(handle_);
}

Result<std::string> Socket::bind(const std::string& endpoint) {
  if (zmq_bind(handle_, endpoint.c_str()) != 0) return endpoint_error("listen on", endpoint);
  char bound[512];
  std::size_t size = sizeof bound;
  if (zmq_getsockopt(handle_, ZMQ_LAST_ENDPOINT, bound, &size) != 0) return endpoint_error("name", endpoint);
  return std::string(bound);
}

Result<void> Socket::connect(const std::string& endpoint) {
  if (zmq_connect(handle_, endpoint.c_str()) != 0) return endpoint_error("connect to", endpoint);
  return {};
}

bool Socket::send(const std::string& frame) {
  return send_part(handle_, frame, 0);
}

bool Socket::send(const std::string& peer, const std::string& frame) {
  return send_part(handle_, peer, ZMQ_SNDMORE) && send_part(handle_, frame, 0);
}

std::optional<std::string> Socket::receive() {
  for (;;) {
    const auto parts = parts_of_next(handle_);
    if (parts.empty()) return std::nullopt;
    if (parts.size() == 1) return parts[0].to_string();
    ++malformed_;
  }
}

std::optional<Letter> Socket::receive_letter() {
  for (;;) {
    const auto parts = parts_of_next(handle_);
    if (parts.empty()) return std::nullopt;
    if (parts.size() == 2) return Letter{parts[0].to_string(), parts[1].to_string()};
    ++malformed_;
  }
}

std::uint64_t Socket::take_malformed() {
  return std::exchange(malformed_, 0);
}

int Socket::descriptor() const {
  int descriptor = -1;
  std::size_t size = sizeof descriptor;
  if (zmq_getsockopt(handle_, ZMQ_FD, &descriptor, &size) != 0) fail("ZMQ_FD");
  return descriptor;
}

SocketMonitor::SocketMonitor(SocketContext& context, Socket& watched) : watched_(watched.handle()) {
  static std::atomic<std::uint64_t> made = 0;
  const std::string endpoint = "inproc://monitor." + std::to_string(++made);
  if (zmq_socket_monitor(watched.handle(), endpoint.c_str(), ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED) !=
      0) {
    fail("zmq_socket_monitor");
  }
  handle_ = zmq_socket(context.handle(), ZMQ_PAIR);
  if (handle_ == nullptr) fail("zmq_socket");
  set(handle_, ZMQ_LINGER, 0);
  if (zmq_connect(handle_, endpoint.c_str()) != 0) fail("zmq_connect");
}

SocketMonitor::SocketMonitor(SocketMonitor&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), watched_(other.watched_) {}

SocketMonitor& SocketMonitor::operator=(SocketMonitor&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(watched_, other.watched_);
  return *this;
}

SocketMonitor::~SocketMonitor() {
  if (handle_ == nullptr) return;
  // Stopped before it is closed: ZeroMQ's I/O thread would wait for ever to tell a listener that is gone of a peer that
  // goes, and nothing would be sent or received any more.
  zmq_socket_monitor(watched_, nullptr, 0);
  zmq_close(handle_);
}

std::optional<SocketMonitor::Change> SocketMonitor::next() {
  for (;;) {
    const auto parts = parts_of_next(handle_);
    if (parts.empty()) return std::nullopt;
    // A 16-bit event number and a 32-bit value, in the order of this machine (zmq_socket_monitor(3)).
    std::uint16_t event = 0;
    if (parts[0].size() < sizeof event) continue;
    std::memcpy(&event, parts[0].data(), sizeof event);
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) return Change::connected;
    if (event == ZMQ_EVENT_DISCONNECTED) return Change::disconnected;
  }
}

void poll(std::span<void* const> sockets, std::span<pollfd> descriptors, std::chrono::milliseconds max) {
  std::vector<zmq_pollitem_t> items;
  items.reserve(sockets.size() + descriptors.size());
  for (void* socket : sockets) items.push_back({socket, 0, ZMQ_POLLIN, 0});
  for (const pollfd& descriptor : descriptors) items.push_back({nullptr, descriptor.fd, ZMQ_POLLIN, 0});
  const int ready = zmq_poll(items.data(), static_cast<int>(items.size()), max.count());
  if (ready < 0 && zmq_errno() != EINTR) fail("zmq_poll");
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    const short events = ready > 0 ? items[sockets.size() + i].revents : static_cast<short>(0);
    descriptors[i].revents = static_cast<short>(((events & ZMQ_POLLIN) != 0 ? POLLIN : 0) |
                                                ((events & ZMQ_POLLERR) != 0 ? POLLERR | POLLHUP : 0));
  }
}

}  // namespace pushjudge
