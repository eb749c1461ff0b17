#include "queue/socket.hpp"

#include <sys/socket.h>

#include <array>
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
constexpr std::size_t kKeyCharacters = 40;
constexpr std::size_t kKeyBytes = 32;
// Where ZeroMQ looks for whoever decides (RFC 27).
constexpr const char* kZapEndpoint = "inproc://zeromq.zap.01";

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + zmq_strerror(zmq_errno()));
}

void set(void* handle, int option, int value) {
  if (zmq_setsockopt(handle, option, &value, sizeof value) != 0) fail("zmq_setsockopt");
}

void set(void* handle, int option, const std::string& value) {
  if (zmq_setsockopt(handle, option, value.data(), value.size()) != 0) fail("zmq_setsockopt");
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
      return ZMQ_XPUB;
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

// What ZeroMQ knows of the connection that a message came by.
Sender sender_of(zmq::message_t& message) {
  Sender sender;
  if (const char* key = zmq_msg_gets(message.handle(), "User-Id")) sender.key = key;
  sender.connection = zmq_msg_get(message.handle(), ZMQ_SRCFD);
  return sender;
}

// The other end's address and port; empty when the descriptor is no connection.
std::string peer_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "";
  return std::string(reinterpret_cast<const char*>(&address), size);
}

std::string_view refusal(std::uint16_t event, std::uint32_t value) {
  if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) return "its key is not let in";
  if (event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL) return "it ended the handshake";
  if (value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH) return "one side has keys and the other has none";
  if (value == ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC) return "it has another key of the core's";
  return "it does not keep to the protocol";
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

KeyPair make_keys() {
  std::array<char, kKeyCharacters + 1> open{};
  std::array<char, kKeyCharacters + 1> secret{};
  if (zmq_curve_keypair(open.data(), secret.data()) != 0) fail("zmq_curve_keypair");
  return {open.data(), secret.data()};
}

bool is_key(std::string_view text) {
  // Checked here: ZeroMQ's decoder looks characters up in a table before it knows that they are in it.
  constexpr std::string_view kLetters =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
  if (text.size() != kKeyCharacters || text.find_first_not_of(kLetters) != std::string_view::npos) return false;
  std::array<std::uint8_t, kKeyBytes> bytes{};
  return zmq_z85_decode(bytes.data(), std::string(text).c_str()) != nullptr;
}

std::string public_key_of(const std::string& secret_key) {
  std::array<char, kKeyCharacters + 1> open{};
  if (zmq_curve_public(open.data(), secret_key.c_str()) != 0) fail("zmq_curve_public");
  return open.data();
}

Socket::Socket(SocketContext& context, SocketType type, const SocketOptions& options)
    : handle_(zmq_socket(context.handle(), zmq_type(type))), type_(type) {
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
  // Each subscription is told of, not only the first of its kind.
  if (type == SocketType::pub) set(handle_, ZMQ_XPUB_VERBOSE, 1);
}

Socket::Socket(Socket&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      type_(other.type_),
      malformed_(std::exchange(other.malformed_, 0)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(type_, other.type_);
  std::swap(malformed_, other.malformed_);
  return *this;
}

Socket::~Socket() {
  if (handle_ != nullptr) zmq_close(handle_);
}

void Socket::require_keys(const std::string& secret_key, const std::string& domain) {
  set(handle_, ZMQ_CURVE_SERVER, 1);
  set(handle_, ZMQ_CURVE_SECRETKEY, secret_key);
  set(handle_, ZMQ_ZAP_DOMAIN, domain);
}

void Socket::use_keys(const ClientKeys& keys) {
  set(handle_, ZMQ_CURVE_SERVERKEY, keys.server);
  set(handle_, ZMQ_CURVE_PUBLICKEY, keys.own.public_key);
  set(handle_, ZMQ_CURVE_SECRETKEY, keys.own.secret_key);
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
  const bool named = type_ == SocketType::router;
  for (;;) {
    auto parts = parts_of_next(handle_);
    if (parts.empty()) return std::nullopt;
    if (parts.size() == (named ? 2 : 1)) {
      zmq::message_t& frame = parts.back();
      return Letter{named ? parts[0].to_string() : std::string(), frame.to_string(), sender_of(frame)};
    }
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
  constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
                          ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                          ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
  if (zmq_socket_monitor(watched.handle(), endpoint.c_str(), kEvents) != 0) fail("zmq_socket_monitor");
  handle_ = zmq_socket(context.handle(), ZMQ_PAIR);
  if (handle_ == nullptr) fail("zmq_socket");
  set(handle_, ZMQ_LINGER, 0);
  // ZeroMQ's I/O thread waits for room when there is none: a flood of connections would stop it, and with it us.
  set(handle_, ZMQ_RCVHWM, 0);
  if (zmq_connect(handle_, endpoint.c_str()) != 0) fail("zmq_connect");
}

SocketMonitor::SocketMonitor(SocketMonitor&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), watched_(other.watched_), why_(other.why_) {}

SocketMonitor& SocketMonitor::operator=(SocketMonitor&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(watched_, other.watched_);
  std::swap(why_, other.why_);
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
    std::uint32_t value = 0;
    if (parts[0].size() < sizeof event + sizeof value) continue;
    std::memcpy(&event, parts[0].data(), sizeof event);
    std::memcpy(&value, parts[0].data<char>() + sizeof event, sizeof value);
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) return Change::connected;
    if (event == ZMQ_EVENT_DISCONNECTED) return Change::disconnected;
    why_ = refusal(event, value);
    return Change::refused;
  }
}

ZapPort::ZapPort(SocketContext& context) : handle_(zmq_socket(context.handle(), ZMQ_REP)) {
  if (handle_ == nullptr) fail("zmq_socket");
  set(handle_, ZMQ_LINGER, 0);
  if (zmq_bind(handle_, kZapEndpoint) != 0) fail("zmq_bind");
}

ZapPort::~ZapPort() {
  zmq_close(handle_);
}

std::optional<ZapPort::Request> ZapPort::next() {
  const auto parts = parts_of_next(handle_);
  if (parts.empty()) return std::nullopt;
  // Version, request id, domain, address, routing id, mechanism, and what that one needs: the key's 32 bytes for CURVE.
  PJ_ASSERT(parts.size() >= 6);
  Request request{parts[2].to_string(), parts[3].to_string(), ""};
  if (parts[5].to_string() == "CURVE" && parts.size() == 7 && parts[6].size() == kKeyBytes) {
    std::array<char, kKeyCharacters + 1> key{};
    if (zmq_z85_encode(key.data(), parts[6].data<std::uint8_t>(), kKeyBytes) == nullptr) fail("zmq_z85_encode");
    request.key = key.data();
  }
  id_ = parts[1].to_string();
  return request;
}

void ZapPort::answer(const Request& request, Answer answer) {
  const bool let_in = answer == Answer::let_in;
  const char* status = let_in ? "200" : answer == Answer::refuse ? "400" : "300";
  const std::array<std::string, 6> parts{"1.0", id_, status, "", let_in ? request.key : "", ""};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!send_part(handle_, parts[i], i + 1 < parts.size() ? ZMQ_SNDMORE : 0)) fail("zmq_send");
  }
}

Connection::Connection(int descriptor) : descriptor_(descriptor), peer_(peer_of(descriptor)) {}

void Connection::cut() const {
  // The descriptor may be another's by now. What is cut off in error comes back.
  if (!peer_.empty() && peer_of(descriptor_) == peer_) ::shutdown(descriptor_, SHUT_RDWR);
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
