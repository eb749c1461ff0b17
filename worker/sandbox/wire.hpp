#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "worker/sandbox/fd.hpp"

// One message of a SOCK_SEQPACKET socket: bytes and descriptors (SCM_RIGHTS). The same two functions serve the client,
// the keeper and the box's init, so they neither allocate nor throw.
namespace pushjudge::sandbox {

inline constexpr std::size_t kMessageBytesMax = 64 * 1024;
inline constexpr std::size_t kMessageFdsMax = 128;

// The descriptors that came with a message; what is not taken is closed. All are close-on-exec.
class ReceivedFds {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  // The descriptor at `index`, or an empty Fd when there is none or it was taken.
  [[nodiscard]] Fd take(std::size_t index) { return index < size_ ? std::move(fds_[index]) : Fd(); }
  void clear();

 private:
  friend long receive_message(int socket, std::span<std::byte> buffer, ReceivedFds& fds, int flags);
  std::array<Fd, kMessageFdsMax> fds_;
  std::size_t size_ = 0;
};

// Sends one message; returns 0 or an errno (EAGAIN when a non-blocking socket is full, EPIPE when the peer is gone).
[[nodiscard]] int send_message(int socket, std::span<const std::byte> bytes, std::span<const int> fds, int flags = 0);

// Receives one message into `buffer`. Returns its size, 0 at the end of the stream, or -errno (-EAGAIN when there is
// none yet; -EMSGSIZE when bytes or descriptors did not fit). An empty message cannot be told from the end: send none.
[[nodiscard]] long receive_message(int socket, std::span<std::byte> buffer, ReceivedFds& fds, int flags = 0);

// The bytes of a plain struct, to be sent or received.
template <typename T>
[[nodiscard]] std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

}  // namespace pushjudge::sandbox
