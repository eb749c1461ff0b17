#include "api/callback_guard.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "proto/submission.hpp"

namespace pushjudge {
namespace {

constexpr std::size_t kHostCharactersMax = 253;

struct Special {
  std::string_view range;
  std::string_view what;
};

// IANA's registries of special-purpose addresses (RFC 6890 and its updates), and what is no single host. Of version 6
// only 2000::/3 is given out at all, so what is not in it needs no row but for its name.
constexpr std::array kSpecial = {
    Special{"0.0.0.0/8", "an unspecified address"},
    Special{"10.0.0.0/8", "a private address"},
    Special{"100.64.0.0/10", "a carrier's shared address"},
    Special{"127.0.0.0/8", "a loopback address"},
    Special{"169.254.0.0/16", "a link-local address"},
    Special{"172.16.0.0/12", "a private address"},
    Special{"192.0.0.0/24", "an address reserved for protocols"},
    Special{"192.0.2.0/24", "an address for documentation"},
    Special{"192.88.99.0/24", "a relay's address"},
    Special{"192.168.0.0/16", "a private address"},
    Special{"198.18.0.0/15", "an address for benchmarks"},
    Special{"198.51.100.0/24", "an address for documentation"},
    Special{"203.0.113.0/24", "an address for documentation"},
    Special{"224.0.0.0/4", "a multicast address"},
    Special{"255.255.255.255/32", "a broadcast address"},
    Special{"240.0.0.0/4", "a reserved address"},
    Special{"::/128", "an unspecified address"},
    Special{"::1/128", "a loopback address"},
    Special{"::/96", "an address of version 4 in disguise"},
    Special{"64:ff9b:1::/48", "a private address"},
    Special{"2001:db8::/32", "an address for documentation"},
    Special{"2001::/32", "a tunnel's address"},
    Special{"2001::/23", "an address reserved for protocols"},
    Special{"2002::/16", "a tunnel's address"},
    Special{"3fff::/20", "an address for documentation"},
    Special{"fc00::/7", "a private address"},
    Special{"fe80::/10", "a link-local address"},
    Special{"fec0::/10", "a private address"},
    Special{"ff00::/8", "a multicast address"},
};
constexpr std::string_view kGivenOut = "2000::/3";
// An address of version 4 behind a translator, which is how a host without version 4 reaches the others.
constexpr std::string_view kTranslated = "64:ff9b::/96";

AddressRange known_range(std::string_view text) {
  auto range = AddressRange::parse(text);
  PJ_ASSERT(range);
  return *range;
}

bool is_in(const std::vector<AddressRange>& ranges, std::string_view address) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& range) { return range.contains(address); });
}

std::optional<std::string_view> special(const IpAddress& address) {
  struct Row {
    AddressRange range;
    std::string_view what;
  };
  static const std::vector<Row> kRows = [] {
    std::vector<Row> rows;
    for (const Special& row : kSpecial) rows.push_back({known_range(row.range), row.what});
    return rows;
  }();
  static const AddressRange kPublic = known_range(kGivenOut);
  static const AddressRange kBehindTranslator = known_range(kTranslated);
  const std::string text = address.text();
  if (kBehindTranslator.contains(text)) return special(IpAddress::from_v4(address.bytes.data() + 12));
  for (const Row& row : kRows) {
    if (row.range.contains(text)) return row.what;
  }
  if (!address.is_v4() && !kPublic.contains(text)) return "a reserved address";
  return std::nullopt;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

std::string_view without_final_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_name(std::string_view host) {
  if (host.empty() || host.size() > kHostCharactersMax || host.starts_with('.')) return false;
  if (host.find("..") != std::string_view::npos) return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '-' || c == '_';
  });
}

// Resolvers read a host whose last part is a number as an address and not as a name.
bool ends_in_number(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.starts_with("0x")) return true;
  return !last.empty() && std::all_of(last.begin(), last.end(), is_digit);
}

const Error kBadHost{Errc::invalid, "has a host that is neither a name nor an address"};

Result<void> read_host(std::string_view text, CallbackTarget& target) {
  if (text.starts_with('[') && text.ends_with(']')) {
    target.host = lower(text.substr(1, text.size() - 2));
    target.address = IpAddress::parse(target.host);
    // What is in brackets is of version 6.
    if (!target.address || target.host.find(':') == std::string::npos) return kBadHost;
    return {};
  }
  if (!is_name(text)) return kBadHost;
  target.host = lower(text);
  const std::string bare(without_final_dot(target.host));
  if (!ends_in_number(bare)) return {};
  in_addr address{};  // decimal, octal and hexadecimal, in one to four parts, as resolvers take them
  if (::inet_aton(bare.c_str(), &address) == 0) return kBadHost;
  target.address = IpAddress::from_v4(&address);
  return {};
}

Result<void> read_port(std::string_view text, CallbackTarget& target) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), target.port);
  if (failed != std::errc{} || end != text.data() + text.size() || target.port == 0) {
    return Error{Errc::invalid, "has a port that is none"};
  }
  return {};
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::strlen(terminated.c_str())) return std::nullopt;
  in6_addr v6{};
  if (::inet_pton(AF_INET6, terminated.c_str(), &v6) == 1) return from_v6(&v6);
  in_addr v4{};
  if (::inet_pton(AF_INET, terminated.c_str(), &v4) == 1) return from_v4(&v4);
  return std::nullopt;
}

IpAddress IpAddress::from_v4(const void* four_bytes) {
  IpAddress address;
  address.bytes[10] = 0xff;
  address.bytes[11] = 0xff;
  std::memcpy(address.bytes.data() + 12, four_bytes, 4);
  return address;
}

IpAddress IpAddress::from_v6(const void* sixteen_bytes) {
  IpAddress address;
  std::memcpy(address.bytes.data(), sixteen_bytes, address.bytes.size());
  return address;
}

bool IpAddress::is_v4() const {
  const bool zeros = std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t byte) { return byte == 0; });
  return zeros && bytes[10] == 0xff && bytes[11] == 0xff;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const bool v4 = is_v4();
  ::inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data() + (v4 ? 12 : 0), buffer.data(), buffer.size());
  return buffer.data();
}

std::optional<std::string_view> CallbackGuard::objection(const IpAddress& address) const {
  if (is_in(allowed_, address.text())) return std::nullopt;
  return special(address);
}

std::optional<std::string_view> CallbackGuard::objection_to_name(std::string_view host) const {
  const std::string name = lower(without_final_dot(host));
  if (name != "localhost" && !name.ends_with(".localhost")) return std::nullopt;
  const auto objection_to_loopback = objection(*IpAddress::parse("127.0.0.1"));
  return objection_to_loopback ? objection(*IpAddress::parse("::1")) : std::nullopt;
}

std::string CallbackTarget::origin() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return scheme + "://" + (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<CallbackTarget> parse_callback_url(std::string_view url) {
  if (url.size() > kCallbackUrlBytesMax) {
    return Error{Errc::invalid, "is too long (maximum is " + std::to_string(kCallbackUrlBytesMax) + " characters)"};
  }
  // A backslash is a slash to some who read URLs, and a part of the host to others.
  if (!std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c <= '~' && c != '\\'; })) {
    return Error{Errc::invalid, "may hold neither blanks, control characters, backslashes nor what is not ASCII"};
  }
  CallbackTarget target;
  const std::size_t colon = url.find("://");
  target.scheme = lower(url.substr(0, colon));
  if (colon == std::string_view::npos || (target.scheme != "http" && target.scheme != "https")) {
    return Error{Errc::invalid, "must begin with http:// or https://"};
  }
  std::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.find('@') != std::string_view::npos) {
    return Error{Errc::invalid, "may not hold a user name or password"};
  }
  target.port = target.scheme == "https" ? 443 : 80;
  // The colons of an address of version 6 are within brackets.
  const std::size_t port_colon = rest.find(':', rest.starts_with('[') ? std::min(rest.find(']'), rest.size()) : 0);
  if (auto read = read_host(rest.substr(0, port_colon), target); !read) return read.error();
  if (port_colon == std::string_view::npos) return target;
  if (auto read = read_port(rest.substr(port_colon + 1), target); !read) return read.error();
  return target;
}

Result<void> check_callback_target(const CallbackTarget& target, const CallbackGuard& guard) {
  const auto objection = target.address ? guard.objection(*target.address) : guard.objection_to_name(target.host);
  if (!objection) return {};
  return Error{Errc::invalid, "leads to " + (target.address ? target.address->text() : target.host) + ", which is " +
                                  std::string(*objection)};
}

Result<void> check_callback_url(std::string_view url, const CallbackGuard& guard) {
  auto target = parse_callback_url(url);
  if (!target) return target.error();
  return check_callback_target(*target, guard);
}

}  // namespace pushjudge
