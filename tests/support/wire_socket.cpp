#include "tests/support/wire_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "tests/support/loopback.hpp"

namespace pushjudge::testing {
namespace {

constexpr std::size_t kShortPayloadMax = 125;
constexpr unsigned kTwoBytesOfLength = 126;
constexpr unsigned kEightBytesOfLength = 127;
constexpr std::size_t kAnswerBytesMax = 8 << 10;
// A mask keeps intermediaries from mistaking a payload for a request. There are none here, so that one for all will do;
// it is not zero, so that servers have to unmask.
constexpr std::array<unsigned char, 4> kMask = {0x5a, 0xc3, 0x17, 0x88};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

UniqueFd connect_to(std::uint16_t port) {
  UniqueFd fd = connect_to_loopback(port);
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  if (::fcntl(fd.get(), F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
  return fd;
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

std::string client_frame(Opcode opcode, std::string_view payload) {
  std::string frame;
  frame.push_back(static_cast<char>(0x80U | static_cast<unsigned>(opcode)));
  unsigned length_bytes = 0;
  if (payload.size() <= kShortPayloadMax) {
    frame.push_back(static_cast<char>(0x80U | payload.size()));
  } else {
    length_bytes = payload.size() < 1 << 16 ? 2 : 8;
    frame.push_back(static_cast<char>(0x80U | (length_bytes == 2 ? kTwoBytesOfLength : kEightBytesOfLength)));
  }
  for (unsigned i = length_bytes; i > 0; --i) frame.push_back(static_cast<char>(payload.size() >> 8 * (i - 1)));
  frame.append(reinterpret_cast<const char*>(kMask.data()), kMask.size());
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame.push_back(static_cast<char>(static_cast<unsigned char>(payload[i]) ^ kMask[i % kMask.size()]));
  }
  return frame;
}

WireSocket::WireSocket(std::uint16_t port, std::string_view path) : fd_(connect_to(port)) {
  const std::string request = "GET " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                              "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: c3dhcm0gb2Ygc29ja2V0cw==\r\n\r\n";
  send(request);
}

WireSocket::~WireSocket() = default;

void WireSocket::send(std::string_view frames) {
  while (!frames.empty() && !ended_) {
    const ssize_t sent = ::send(fd_.get(), frames.data(), frames.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) {
      ended_ = true;
      return;
    }
    // What clients send here is little, and fits unless the server has stopped reading.
    if (sent < 0) fail("send");
    frames.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string_view WireSocket::read(ReceiveBuffer& buffer) {
  std::memcpy(buffer.data(), piece_.data(), piece_.size());
  ssize_t got = 0;
  do {
    got = ::recv(fd_.get(), buffer.data() + piece_.size(), buffer.size() - piece_.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got > 0) return {buffer.data(), piece_.size() + static_cast<std::size_t>(got)};
  if (got == 0 || errno == ECONNRESET) {
    ended_ = true;
  } else if (errno != EAGAIN) {
    fail("recv");
  }
  return {};
}

void WireSocket::take_answer(std::string_view& bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() > kAnswerBytesMax) throw std::runtime_error("the answer to a handshake does not end");
    return;
  }
  if (!bytes.starts_with("HTTP/1.1 101 ")) {
    throw std::runtime_error("no WebSocket: " + std::string(bytes.substr(0, bytes.find('\r'))));
  }
  open_ = true;
  bytes.remove_prefix(end + 4);
}

WireSocket::Frame WireSocket::first_frame(std::string_view bytes) {
  if (bytes.size() < 2) return {};
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  if ((first & 0xf0U) != 0x80U || (second & 0x80U) != 0) {
    throw std::runtime_error("a frame that is a fragment, extended or masked");
  }
  std::size_t head = 2;
  std::uint64_t length = second;
  if (second >= kTwoBytesOfLength) {
    head += second == kTwoBytesOfLength ? 2 : 8;
    if (bytes.size() < head) return {};
    length = big_endian(bytes.substr(2, head - 2));
  }
  if (bytes.size() - head < length) return {};
  return {.size = head + length, .opcode = static_cast<Opcode>(first & 0x0fU), .payload = bytes.substr(head, length)};
}

void WireSocket::take_control(const Frame& frame) {
  if (frame.opcode == Opcode::ping) {
    send(client_frame(Opcode::pong, frame.payload));
  } else if (frame.opcode == Opcode::close) {
    if (frame.payload.size() >= 2) close_code_ = static_cast<std::uint16_t>(big_endian(frame.payload.substr(0, 2)));
    send(client_frame(Opcode::close, frame.payload.substr(0, 2)));
    ended_ = true;
  } else if (frame.opcode != Opcode::pong) {
    throw std::runtime_error("a frame of an unknown kind");
  }
}

void WireSocket::keep(std::string_view bytes, const ReceiveBuffer& buffer) {
  if (bytes.size() == buffer.size()) throw std::runtime_error("a frame that is larger than the buffer");
  piece_.assign(bytes);
}

}  // namespace pushjudge::testing
