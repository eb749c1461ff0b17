#pragma once

// An address, or a range of addresses in CIDR form. Pure; any thread.

#include <array>
#include <optional>
#include <string_view>

namespace pushjudge {

class AddressRange {
 public:
  // "10.0.0.7", "10.0.0.0/8", "2001:db8::/32". Nothing: it is none of them. IPv4 and its form within IPv6 are the same.
  static std::optional<AddressRange> parse(std::string_view text);

  // `address` is a peer's, as inet_ntop(3) writes it. What is no address is in no range.
  bool contains(std::string_view address) const;
  // Whether all of the other is in this one.
  bool contains(const AddressRange& other) const;

  bool operator==(const AddressRange&) const = default;

 private:
  std::array<unsigned char, 16> bytes_{};  // those behind the prefix are 0
  unsigned prefix_ = 128;                  // bits
};

}  // namespace pushjudge
