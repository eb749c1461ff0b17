#pragma once

// Clients that each follow one submission, as a careful one does: whoever loses its gateway comes back to another one
// after a random pause, and goes on where it was. A thousand of them in one thread; nothing they get is passed over.
// Throws std::runtime_error when a gateway breaks the protocol.

#include <chrono>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "tests/support/wire_socket.hpp"

namespace pushjudge::testing {

struct Follower {
  std::string channel;
  std::string epoch;
  std::vector<std::uint64_t> seqs = {};  // of the events, as they came
  bool finished = false;                 // has seen the finished event
  bool subscribed = false;               // at the gateway where it is now
  bool recovered = true;                 // was never told that something may be missing
  std::size_t pongs = 0;
  // How each connection that it lost had ended: with a close frame's code, or without a word.
  std::vector<std::optional<std::uint16_t>> endings = {};
};

class Followers {
 public:
  // The gateways, by their ports on 127.0.0.1.
  explicit Followers(std::vector<std::uint16_t> gateways, unsigned seed = 1);

  // Follows what a POST answered, first at this gateway.
  void add(const nlohmann::json& accepted, std::size_t gateway);

  // Has them read, and come back, until `done`; false when it is not within `max`.
  bool run_until(const std::function<bool()>& done, std::chrono::milliseconds max = std::chrono::seconds(60));
  // The same until `done` of each.
  bool run_until_each(const std::function<bool(const Follower&)>& done);
  // Until each has got whatever its gateway had already sent to it.
  bool settle();

  std::size_t count(const std::function<bool(const Follower&)>& which) const;
  const std::vector<Follower>& all() const { return followers_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Place {
    std::size_t gateway = 0;
    std::optional<WireSocket> socket;
    std::optional<Clock::time_point> comes_back;
    bool asked = false;
  };

  void connect(std::size_t index);
  void leave(std::size_t index);
  void come_back();
  void read(std::size_t index);
  void take(Follower& follower, std::string_view text);

  std::vector<std::uint16_t> gateways_;
  std::mt19937 random_;
  UniqueFd epoll_;
  ReceiveBuffer buffer_;
  std::vector<Follower> followers_;
  std::vector<Place> places_;  // where each is
};

}  // namespace pushjudge::testing
