#pragma once

// Tells those whose submissions have ended, at the callback_url that came with them. What is to be told is the core's
// to keep: it is handed to this gateway when it is due, for a while, and comes back as delivered, to be tried again
// later, or given up. A gateway that dies says nothing, and another one delivers: so at least once, and now and then
// twice, under the same webhook-id. Net thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "api/callback_guard.hpp"
#include "api/callback_line.hpp"
#include "api/callback_retry.hpp"
#include "api/callback_sender.hpp"
#include "api/callback_signature.hpp"
#include "proto/base/clock.hpp"
#include "queue/client.hpp"

namespace pushjudge {

// A longer timeout is cut to this: a callback is ours for a minute.
inline constexpr double kCallbackTimeoutSecondsMax = 45;

struct CallbackOptions {
  bool enabled = true;  // false: what is due is left to other gateways
  CallbackSenderOptions sender;
  CallbackRetry retry;
  std::vector<CallbackSecret> secrets;  // each signs
  CallbackLine::Bounds line;
};

// What a receiver is sent of a submission that has ended: the same as GET /submissions/{token}?base64_encoded=true.
std::string callback_body(const Snapshot& snapshot, const std::string& epoch);

class Callbacks {
 public:
  // Throws std::runtime_error when libcurl does not start.
  Callbacks(boost::asio::any_io_executor executor, CoreClient& core, CallbackOptions options);

  void on_due();
  // Whether a submission with this callback_url can be taken in; see check_callback_url().
  Result<void> check_url(std::string_view url) const { return check_callback_url(url, options_.sender.guard); }

  // Takes nothing more, and gives back what has not begun. What is under way has until `max`, and is given back then.
  void drain(std::chrono::milliseconds max);
  // Nothing is held, and no question to the core is under way.
  bool quiet() const { return held_.empty() && !claiming_ && settling_ == 0; }

 private:
  // One that this gateway has been handed.
  struct Held {
    JobId job = 0;
    std::uint32_t tries = 0;
    std::string token;
    std::string origin;
    CallbackRequest request;
    std::size_t bytes = 0;
    TimePoint claimed_at{};
  };

  bool room() const;
  boost::asio::awaitable<void> claim();
  void take(const DueCallback& due, const std::string& epoch);
  void start_waiting();
  void start(std::uint64_t number, Held& held);
  void on_answer(std::uint64_t number, const CallbackAnswer& answer);
  void give_back(std::uint64_t number);
  // Lets go of it, and tells the core.
  void settle(const Held& held, const CallbackAnswer& answer);
  void settle(const Held& held, const CallbackNext& next, std::string failure);
  boost::asio::awaitable<void> tell_core(SettleCallback settled, TimePoint until);

  const boost::asio::any_io_executor executor_;
  CoreClient& core_;
  const CallbackOptions options_;
  CallbackSender sender_;
  CallbackLine line_;
  boost::asio::steady_timer drain_timer_;
  std::mt19937 dice_{std::random_device{}()};
  std::map<std::uint64_t, Held> held_;
  std::uint64_t last_number_ = 0;
  std::size_t held_bytes_ = 0;
  std::size_t settling_ = 0;  // questions to the core that are under way
  bool due_ = false;          // there may be more to claim
  bool claiming_ = false;
  bool draining_ = false;
};

}  // namespace pushjudge
