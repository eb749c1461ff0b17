#include "api/http_head.hpp"

#include <algorithm>
#include <array>

namespace pushjudge {
namespace {

constexpr int kNotImplemented = 501;
constexpr std::size_t kLengthDigitsMax = 18;  // fits 64 bits, and is more than any body may have

// Those that some server could have a route for. A tunnel (CONNECT) is none of a judge's business.
constexpr std::array<std::string_view, 8> kMethods = {"GET",   "HEAD",   "POST",    "PUT",
                                                      "PATCH", "DELETE", "OPTIONS", "TRACE"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::vector<std::string_view> values_of(const Request& head, std::string_view name) {
  std::vector<std::string_view> values;
  for (const Header& header : head.headers) {
    if (same_name(header.name, name)) values.push_back(header.value);
  }
  return values;
}

// RFC 3986: a registered name, an IPv4 address, or one of IPv6 in brackets; then perhaps a port. May be empty.
bool is_host(std::string_view host) {
  std::string_view name = host;
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const std::string_view port = host.substr(colon + 1);
    if (!std::all_of(port.begin(), port.end(), is_digit) || port.size() > 5) return false;
    name = host.substr(0, colon);
  }
  if (name.starts_with('[')) {
    if (name.size() < 3 || !name.ends_with(']')) return false;
    name = name.substr(1, name.size() - 2);
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == ':' || c == '.'; });
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("-._~!$&'()*+,;=%").find(c) != std::string_view::npos;
  });
}

bool right_host(const Request& head, unsigned version) {
  const auto hosts = values_of(head, "Host");
  if (hosts.empty()) return version == 10;
  return hosts.size() == 1 && is_host(hosts.front());
}

// A body is framed by a length, which is one number, or by the coding "chunked", alone and not in HTTP/1.0.
std::optional<int> refusal_of_framing(const Request& head, unsigned version) {
  const auto lengths = values_of(head, "Content-Length");
  const auto codings = values_of(head, "Transfer-Encoding");
  if (lengths.size() + codings.size() > 1) return 400;
  for (const std::string_view length : lengths) {
    const bool number = std::all_of(length.begin(), length.end(), is_digit);
    if (length.empty() || length.size() > kLengthDigitsMax || !number) return 400;
  }
  for (const std::string_view coding : codings) {
    if (version == 10) return 400;
    if (same_name(coding, "chunked")) continue;
    // Where the last coding is "chunked" the end can be found, only that what is in it cannot be read.
    const std::size_t comma = coding.rfind(',');
    const std::size_t last = coding.find_first_not_of(" \t", comma == std::string_view::npos ? 0 : comma + 1);
    const bool ends =
        comma != std::string_view::npos && last != std::string_view::npos && same_name(coding.substr(last), "chunked");
    const std::string_view first = coding.substr(0, coding.find_first_of(", \t"));
    return ends && !first.empty() && !same_name(first, "chunked") ? kNotImplemented : 400;
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> refusal_of(const Request& head, unsigned version) {
  if (!right_host(head, version)) return 400;
  if (const auto refusal = refusal_of_framing(head, version)) return refusal;
  if (std::find(kMethods.begin(), kMethods.end(), head.method) == kMethods.end()) return kNotImplemented;
  const auto expected = values_of(head, "Expect");
  // HTTP/1.0 knows no expectations: they are passed over.
  const bool knows = std::all_of(expected.begin(), expected.end(),
                                 [](std::string_view value) { return same_name(value, "100-continue"); });
  if (version != 10 && !knows) return 417;
  return std::nullopt;
}

int status_of_version(std::string_view request_line) {
  request_line = request_line.substr(0, request_line.find('\r'));
  const std::size_t last = request_line.rfind(' ');
  if (last == std::string_view::npos || std::count(request_line.begin(), request_line.end(), ' ') != 2) return 400;
  const std::string_view version = request_line.substr(last + 1);
  const bool named = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
                     is_digit(version[7]);
  return named && version != "HTTP/1.0" && version != "HTTP/1.1" ? 505 : 400;
}

bool has_websocket_key(const Request& head) {
  const auto keys = values_of(head, "Sec-WebSocket-Key");
  if (keys.size() != 1 || keys.front().size() != 24 || !keys.front().ends_with("==")) return false;
  const std::string_view digits = keys.front().substr(0, 22);
  return std::all_of(digits.begin(), digits.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '/'; });
}

}  // namespace pushjudge
