#pragma once

// A client that subscribes to every accepted submission, from its first event on, and writes down what it is told. When
// its connection breaks it goes on at another gateway from the last event it has. It drops nothing itself: an event
// that comes twice, or after a hole, is a violation. One thread runs it.
//
// A restless one also breaks its connection for no reason, which makes many resumes. A patient one does not, and so
// finds out about an event that its gateway never passes on, which resuming would mend.

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/client/client.hpp"
#include "proto/base/clock.hpp"
#include "proto/ids.hpp"
#include "tests/chaos/dice.hpp"
#include "tests/chaos/ledger.hpp"

namespace pushjudge::chaos {

class Follower {
 public:
  enum class Temper { restless, patient };
  Follower(std::string name, Temper temper, std::vector<client::Url> gateways, Ledger& ledger, Dice dice);
  ~Follower();

  // Until `all_accepted` is asked for and the last event of each submission is here, or until `give_up`.
  void run(const std::stop_token& all_accepted, const std::stop_token& give_up);

  // What it was told, by token: the events by their names, in order, the first with seq 1. After run().
  std::map<std::string, std::vector<std::string>> told() const;
  // Submissions whose last event has not come.
  std::vector<std::string> unfinished() const;
  const std::string& name() const { return name_; }

 private:
  struct Channel {
    Accepted accepted;
    std::vector<std::string> events;
    bool ended = false;
    bool asked = false;       // on this connection
    bool subscribed = false;  // and answered
    bool left = false;        // unsubscribed from
    std::optional<TimePoint> ask_again;

    Seq last() const { return events.size(); }
  };

  void take_accepted();
  bool connect();
  void disconnect();
  void ask();
  void leave_some();
  bool alive();
  void listen();
  void on_message(const nlohmann::json& message);
  void on_event(Channel& channel, const nlohmann::json& message);
  void blame(const std::string& token, const std::string& what);

  std::string name_;
  Temper temper_;
  std::vector<client::Url> gateways_;
  Ledger& ledger_;
  Dice dice_;

  std::map<std::string, Channel> channels_;  // by token
  std::size_t taken_ = 0;                    // of the ledger's
  std::size_t unfinished_ = 0;
  std::deque<std::string> to_ask_;    // tokens
  std::deque<std::string> to_leave_;  // tokens of ended ones, the longest ended first
  std::size_t subscriptions_ = 0;

  std::optional<client::Stream> stream_;
  TimePoint pinged_;
  TimePoint ponged_;
  TimePoint leave_at_;  // when a restless one breaks the connection
  std::size_t pongs_ = 0;
};

}  // namespace pushjudge::chaos
