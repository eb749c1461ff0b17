#pragma once

// Where callbacks may go: to the public internet, and to whatever ranges the operator opens. A submission names any URL
// that its sender likes, and the gateway stands where others cannot reach, so an address inside is refused: when the
// submission is taken in as far as the text shows it, and for good when the connection is made, by the address that is
// really connected to. Pure; any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/address_range.hpp"
#include "proto/base/result.hpp"

namespace pushjudge {

// An address of the internet, of either version: 16 bytes in network order, those of version 4 as ::ffff:a.b.c.d.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  // The usual form only: four decimal numbers, or that of version 6 without brackets and zone. Nothing for others.
  static std::optional<IpAddress> parse(std::string_view text);
  static IpAddress from_v4(const void* four_bytes);
  static IpAddress from_v6(const void* sixteen_bytes);
  bool is_v4() const;
  std::string text() const;

  bool operator==(const IpAddress&) const = default;
};

class CallbackGuard {
 public:
  explicit CallbackGuard(std::vector<AddressRange> allowed = {}) : allowed_(std::move(allowed)) {}

  // What the address is that no callback may go to, as "a loopback address". Nothing: it may.
  std::optional<std::string_view> objection(const IpAddress& address) const;
  // The same for a name that needs no asking: localhost and what is below it.
  std::optional<std::string_view> objection_to_name(std::string_view host) const;

 private:
  std::vector<AddressRange> allowed_;
};

// The parts of a callback's URL that say with whom to speak.
struct CallbackTarget {
  std::string scheme;  // "http" or "https"
  std::string host;    // in lower case, without brackets
  std::uint16_t port = 0;
  std::optional<IpAddress> address;  // where the host is one, in whatever way it is written

  std::string origin() const;  // "https://example.org:443": what a log may tell of the URL
};

// Errors: invalid, with what is wrong, to be read after the name of the attribute: "must begin with http:// or …".
Result<CallbackTarget> parse_callback_url(std::string_view url);

// Whether a submission with this callback_url can be taken in: its form, and whether its host can be seen to be one
// that no callback may go to. Errors as above.
Result<void> check_callback_url(std::string_view url, const CallbackGuard& guard);

// What is wrong with a target, in the words of check_callback_url().
Result<void> check_callback_target(const CallbackTarget& target, const CallbackGuard& guard);

}  // namespace pushjudge
