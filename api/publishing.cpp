#include "api/publishing.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>

#include "api/attributes.hpp"

namespace pushjudge {
namespace {

constexpr std::array<std::string_view, 6> kProxyHeaders = {"Forwarded",         "X-Forwarded-For", "X-Forwarded-Host",
                                                           "X-Forwarded-Proto", "X-Real-IP",       "Via"};

bool is_loopback(const std::string& address) {
  boost::system::error_code failed;
  const auto parsed = boost::asio::ip::make_address(address, failed);
  if (failed) return false;
  if (parsed.is_loopback()) return true;
  return parsed.is_v6() && parsed.to_v6().is_v4_mapped() &&
         boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, parsed.to_v6()).is_loopback();
}

// Of a Host header. A name that only leads here is another's: pages that are served under it could ask in our user's
// name.
bool names_this_machine(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (has_port) host = host.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return same_name(host, "localhost") || is_loopback(std::string(host));
}

bool from_this_machine(const Request& request) {
  if (!is_loopback(request.address)) return false;
  const bool proxied = std::any_of(kProxyHeaders.begin(), kProxyHeaders.end(),
                                   [&request](std::string_view name) { return request.header(name) != nullptr; });
  if (proxied) return false;
  const std::string* host = request.header("Host");
  if (host != nullptr && !names_this_machine(*host)) return false;
  const std::string* origin = request.header("Origin");
  return origin == nullptr || (host != nullptr && *origin == "http://" + *host);
}

}  // namespace

bool may_publish(const Request& request, const Admission& admission) {
  if (!admission.has_administrators()) return from_this_machine(request);
  const auto token = find_token(request, admission.admin_token_name());
  return admission.may_administer(token ? &*token : nullptr);
}

}  // namespace pushjudge
