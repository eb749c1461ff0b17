#include "api/address_range.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <string>

namespace pushjudge {
namespace {

namespace ip = boost::asio::ip;

constexpr unsigned kMappedBits = 96;  // before an IPv4 address within IPv6

using Bytes = std::array<unsigned char, 16>;

struct Address {
  Bytes bytes{};
  bool v4 = false;
};

std::optional<Address> parse_address(std::string_view text) {
  boost::system::error_code failed;
  const auto parsed = ip::make_address(std::string(text), failed);
  if (failed) return std::nullopt;
  if (parsed.is_v4()) return Address{ip::make_address_v6(ip::v4_mapped, parsed.to_v4()).to_bytes(), true};
  return Address{parsed.to_v6().to_bytes(), false};
}

Bytes masked(Bytes bytes, unsigned prefix) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned before = static_cast<unsigned>(i) * 8;
    const unsigned kept = prefix <= before ? 0 : std::min(prefix - before, 8U);
    bytes[i] = static_cast<unsigned char>(bytes[i] & (0xff00U >> kept));
  }
  return bytes;
}

}  // namespace

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  AddressRange range;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (failure != std::errc() || end != digits.data() + digits.size() || bits > (address->v4 ? 32 : 128)) {
      return std::nullopt;
    }
    range.prefix_ = address->v4 ? kMappedBits + bits : bits;
  }
  range.bytes_ = masked(address->bytes, range.prefix_);
  return range;
}

bool AddressRange::contains(std::string_view address) const {
  const auto parsed = parse_address(address);
  return parsed && masked(parsed->bytes, prefix_) == bytes_;
}

bool AddressRange::contains(const AddressRange& other) const {
  return prefix_ <= other.prefix_ && masked(other.bytes_, prefix_) == bytes_;
}

}  // namespace pushjudge
