#pragma once

// Who calls, whether they are let in, and how much they may send. Net thread; no clock, the caller passes `now`.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/address_range.hpp"
#include "proto/base/clock.hpp"

namespace pushjudge {

// Where tokens stand in a request unless it is told otherwise: in a header of this name, or in a parameter (as in
// Judge0).
inline constexpr std::string_view kTokenName = "X-Auth-Token";
inline constexpr std::string_view kAdminTokenName = "X-Auth-User";

struct Caller {
  // "token 2", by its place in the list, or "token events-1"; without tokens "address 10.0.0.7", of IPv6 the network
  // ("address 2001:db8::/64"), where one host has addresses without end.
  std::string name;
  bool may_listen = false;   // to the events of all submissions
  bool may_publish = false;  // problems, and read what is for judges alone (publishing.hpp)
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
    // Whoever shows one of these, besides being let in, may do what Judge0 keeps for those who are authorized.
    std::vector<std::string> admin_tokens = {};
    std::string token_name = std::string(kTokenName);  // of the first two kinds
    std::string admin_token_name = std::string(kAdminTokenName);
    // What stands in both lists counts in neither.
    std::vector<AddressRange> addresses_allowed = {};  // empty: all
    std::vector<AddressRange> addresses_disallowed = {};
  };
  explicit Admission(Options options);

  // The names under which requests carry tokens.
  const std::string& token_name() const { return options_.token_name; }
  const std::string& admin_token_name() const { return options_.admin_token_name; }

  // Whether it matters what token is shown.
  bool wants_token() const { return !options_.tokens.empty() || !options_.events_tokens.empty(); }

  // Whether there may be answers to this address at all.
  bool address_allowed(const std::string& address) const;

  // `address` is the peer's, as inet_ntop(3) writes it; `token` is null where none was sent. Nothing: not let in. Takes
  // as long whichever token is right.
  std::optional<Caller> let_in(const std::string& address, const std::string* token) const;

  // Whether the token, which stood under admin_token_name(), is one of an administrator. Where none is configured
  // nobody is one. Takes as long whichever is right.
  bool may_administer(const std::string* token) const;
  bool has_administrators() const { return !options_.admin_tokens.empty(); }

  // Nothing: the caller may listen; else why not.
  std::optional<std::string_view> refuse_listening(const Caller& caller) const;

  // What whoever may not publish is told.
  std::string refuse_publishing() const;

  // Counts `count` submissions. Nothing: they are in the bound; else none is counted, and they may come after this
  // time. More than may come at once are let in as if they were so many, and take their time afterwards.
  std::optional<std::chrono::milliseconds> too_soon(const Caller& caller, TimePoint now, std::size_t count = 1);

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
