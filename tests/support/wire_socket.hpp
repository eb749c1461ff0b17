#pragma once

// The client's end of one WebSocket, for thousands of them in one thread: RFC 6455 over a plain non-blocking TCP
// socket, so light that the server is what bounds a load. All sockets read into one buffer; what a socket keeps is its
// descriptor and the piece of a frame that has come so far. The caller has the epoll and tells when there is something
// to read. Messages in several fragments, and extensions, are not spoken: our servers send none.
//
// One thread. Throws std::system_error when the system refuses, std::runtime_error when the server breaks the protocol.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/unique_fd.hpp"

namespace pushjudge::testing {

enum class Opcode : std::uint8_t { text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// One frame as a client sends it, masked.
std::string client_frame(Opcode opcode, std::string_view payload);

// What sockets read into, one after the other: of at least the size of the longest frame.
using ReceiveBuffer = std::vector<char>;
inline constexpr std::size_t kReceiveBytes = 256 << 10;

class WireSocket {
 public:
  // Connects to 127.0.0.1 and asks for the WebSocket at `path`; `open` tells when the answer has come.
  WireSocket(std::uint16_t port, std::string_view path);
  // Resets the connection, so that thousands of them leave no port in TIME_WAIT.
  ~WireSocket();
  WireSocket(WireSocket&&) noexcept = default;
  WireSocket& operator=(WireSocket&&) = delete;

  int fd() const { return fd_.get(); }
  bool open() const { return open_; }
  // The connection is gone, with the code of the server's close frame where there was one.
  bool ended() const { return ended_; }
  std::optional<std::uint16_t> close_code() const { return close_code_; }

  // Reads once, and calls on_message(Opcode, std::string_view payload) for each whole message; the payload lives during
  // the call. Answers pings and the close frame.
  template <class OnMessage>
  void receive(ReceiveBuffer& buffer, OnMessage on_message);

  // Frames made by client_frame(), one or several.
  void send(std::string_view frames);

 private:
  struct Frame {
    std::size_t size = 0;  // with its head; 0: not whole yet
    Opcode opcode = Opcode::text;
    std::string_view payload;
  };

  // What is there now: the kept piece and what came after it. Empty when nothing came.
  std::string_view read(ReceiveBuffer& buffer);
  // Takes the answer to the handshake off, once it is whole.
  void take_answer(std::string_view& bytes);
  static Frame first_frame(std::string_view bytes);
  void take_control(const Frame& frame);
  void keep(std::string_view bytes, const ReceiveBuffer& buffer);

  UniqueFd fd_;
  bool open_ = false;
  bool ended_ = false;
  std::optional<std::uint16_t> close_code_;
  std::string piece_;
};

template <class OnMessage>
void WireSocket::receive(ReceiveBuffer& buffer, OnMessage on_message) {
  std::string_view bytes = read(buffer);
  if (bytes.empty()) return;
  if (!open_) take_answer(bytes);
  while (open_ && !ended_) {
    const Frame frame = first_frame(bytes);
    if (frame.size == 0) break;
    bytes.remove_prefix(frame.size);
    if (frame.opcode == Opcode::text || frame.opcode == Opcode::binary) {
      on_message(frame.opcode, frame.payload);
    } else {
      take_control(frame);
    }
  }
  keep(bytes, buffer);
}

}  // namespace pushjudge::testing
