#pragma once

// Who calls, whether they are let in, and how much they may send. Net thread; no clock, the caller passes `now`.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/base/clock.hpp"

namespace pushjudge {

// Where an access token stands in a request: in this header, or in a parameter of this name (as in Judge0).
inline constexpr std::string_view kTokenName = "X-Auth-Token";

struct Caller {
  // "token 2", by its place in the list, or "token events-1"; without tokens "address 10.0.0.7", of IPv6 the network
  // ("address 2001:db8::/64"), where one host has addresses without end.
  std::string name;
  bool may_listen = false;  // to the events of all submissions
};

class Admission {
 public:
  struct Options {
    std::vector<std::string> tokens;  // empty: everybody is let in
    std::size_t per_minute = 0;       // submissions of one caller; 0: no bound
    std::size_t burst = 10;           // of them, how many may come at once; at least 1
    // Whoever has one of these is let in too, and may listen. A submission's token is what lets somebody see it, so to
    // hear of all is a right of its own.
    std::vector<std::string> events_tokens = {};
  };
  explicit Admission(Options options) : options_(std::move(options)) {}

  // `address` is the peer's, as inet_ntop(3) writes it; `token` is null where none was sent. Nothing: not let in. Takes
  // as long whichever token is right.
  std::optional<Caller> let_in(const std::string& address, const std::string* token) const;

  // Nothing: the caller may listen; else why not.
  std::optional<std::string_view> refuse_listening(const Caller& caller) const;

  // Counts one submission. Nothing: it is in the bound; else it is not counted, and may come after this time.
  std::optional<std::chrono::milliseconds> too_soon(const Caller& caller, TimePoint now);

  // The lane that a submission of this caller stands in; each user that the caller names has one.
  static std::string lane_of(const Caller& caller, const std::optional<std::string>& user);

 private:
  void forget_who_is_even(TimePoint now);

  Options options_;
  // The generic cell rate algorithm: when each caller would be even, had they kept to the rate (ITU-T I.371, annex A).
  std::unordered_map<std::string, TimePoint> even_at_;
  std::size_t forget_at_ = 1'024;
};

}  // namespace pushjudge
