#pragma once

// Thousands of clients of one broadcast room in one thread, that count what they get. While deliveries are due they
// poll instead of sleeping: so the server does not pay for waking them, as it does not for clients on other machines.
//
// One thread. Throws std::runtime_error when the server does not do in time what it should, or sends something else.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "tests/bench/fanout/histogram.hpp"
#include "tests/support/wire_socket.hpp"

namespace pushjudge::bench {

// What one client sends in one write: `messages` text messages, each with this payload.
struct Burst {
  Burst(std::string payload, std::size_t messages);

  std::string payload;
  std::size_t messages;
  std::string frames;
};

class Swarm {
 public:
  Swarm(std::uint16_t port, std::string path);

  // Connects until there are so many, each of which has been greeted by one message.
  void grow(std::size_t clients);
  std::size_t size() const { return clients_.size(); }

  // The first client sends the burst. Returns when each client has got each of its messages; the times since the
  // sending go into `latencies`.
  void broadcast(const Burst& burst, Histogram& latencies);

  // How long broadcast() has had messages to take, all in all. Where that is near the whole time, it is the clients
  // that bound the rate.
  std::chrono::nanoseconds busy() const { return busy_; }

  // Throws unless each client has got each message since the last grow() once.
  void check_shares() const;

 private:
  struct Client {
    testing::WireSocket socket;
    bool greeted = false;
    std::uint64_t messages = 0;  // since the last grow()
  };

  // Reads what there is, sleeping at most `patience_ms` for it; calls on_message(Client&, payload).
  template <class OnMessage>
  void poll(int patience_ms, OnMessage on_message);
  void connect();

  std::uint16_t port_;
  std::string path_;
  UniqueFd epoll_;
  testing::ReceiveBuffer buffer_;
  std::vector<Client> clients_;
  std::uint64_t sent_ = 0;  // since the last grow()
  std::chrono::nanoseconds busy_{0};
};

}  // namespace pushjudge::bench
