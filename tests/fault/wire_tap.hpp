#pragma once

// Stands between gateways and a core's socket for events, as a network that breaks would: passes on what comes either
// way until it is cut, and then lets nobody through until it is mended. Has a thread of its own; call it from one
// other.

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "proto/base/unique_fd.hpp"

namespace pushjudge::testing {

class WireTap {
 public:
  // `core` is the folder of a core's socket files. `folder` becomes one that looks the same to a gateway. Throws
  // std::system_error.
  WireTap(const std::string& core, const std::string& folder);
  ~WireTap();
  WireTap(const WireTap&) = delete;
  WireTap& operator=(const WireTap&) = delete;

  // Breaks the connections; those that are made while it is cut break at once.
  void cut();
  void mend();
  std::size_t connections() const { return connections_; }

 private:
  enum class Order : char { cut = 'c', mend = 'm', end = 'e' };
  using Pair = std::pair<UniqueFd, UniqueFd>;  // the gateway's end and the core's

  void give(Order order);
  void loop();
  void accept_one();
  static bool pass(int from, int to);

  std::string target_;
  UniqueFd listening_;
  UniqueFd orders_in_;
  UniqueFd orders_out_;
  UniqueFd done_in_;
  UniqueFd done_out_;
  std::atomic<std::size_t> connections_ = 0;
  bool broken_ = false;      // the thread's
  std::vector<Pair> pairs_;  // the thread's
  std::thread thread_;       // last: it uses the members above
};

}  // namespace pushjudge::testing
