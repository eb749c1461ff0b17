#pragma once

// What went over a TCP connection, as the kernel counts it: without the headers of TCP and IP, and what was sent again
// once. Any thread.

#include <cstdint>

namespace pushjudge::client {

struct Traffic {
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;

  Traffic& operator+=(const Traffic& other) {
    sent_bytes += other.sent_bytes;
    received_bytes += other.received_bytes;
    return *this;
  }
};

// Since `socket` was connected; nothing for what is no TCP connection.
Traffic traffic_of(int socket);

}  // namespace pushjudge::client
