#include "api/admission.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace pushjudge {
namespace {

constexpr std::size_t kNetworkBytes = 8;  // of an IPv6 address

// Whether they are the same, without an early end that would tell how much of it is right.
bool same(std::string_view secret, std::string_view given) {
  unsigned different = secret.size() == given.size() ? 0 : 1;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const char c = i < given.size() ? given[i] : '\0';
    different |= static_cast<unsigned char>(secret[i] ^ c);
  }
  return different == 0;
}

// The place of the token in the list, from 1 on.
std::optional<std::size_t> find_token(const std::vector<std::string>& tokens, const std::string* token) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (token != nullptr && same(tokens[i], *token)) found = i + 1;
  }
  return found;
}

std::string network_of(const std::string& address) {
  boost::system::error_code failed;
  auto parsed = boost::asio::ip::make_address(address, failed);
  if (failed || !parsed.is_v6()) return address;
  const auto v6 = parsed.to_v6();
  if (v6.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
  }
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + kNetworkBytes, bytes.end(), static_cast<unsigned char>(0));
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

bool any_contains(const std::vector<AddressRange>& ranges, const std::optional<AddressRange>& address) {
  return address && std::any_of(ranges.begin(), ranges.end(),
                                [&address](const AddressRange& range) { return range.contains(*address); });
}

}  // namespace

Admission::Admission(Options options) : options_(std::move(options)) {
  const std::vector<AddressRange> allowed = options_.addresses_allowed;
  const auto erase_those_in = [](const std::vector<AddressRange>& others) {
    return
        [&others](const AddressRange& range) { return std::find(others.begin(), others.end(), range) != others.end(); };
  };
  std::erase_if(options_.addresses_allowed, erase_those_in(options_.addresses_disallowed));
  std::erase_if(options_.addresses_disallowed, erase_those_in(allowed));
}

bool Admission::address_allowed(const std::string& address) const {
  if (options_.addresses_allowed.empty() && options_.addresses_disallowed.empty()) return true;
  const auto parsed = AddressRange::parse(address);
  if (any_contains(options_.addresses_disallowed, parsed)) return false;
  return options_.addresses_allowed.empty() || any_contains(options_.addresses_allowed, parsed);
}

bool Admission::may_administer(const std::string* token) const {
  return find_token(options_.admin_tokens, token).has_value();
}

std::optional<Caller> Admission::let_in(const std::string& address, const std::string* token) const {
  const auto listener = find_token(options_.events_tokens, token);
  const auto found = find_token(options_.tokens, token);
  if (listener) return Caller{"token events-" + std::to_string(*listener), true};
  if (options_.tokens.empty()) return Caller{"address " + network_of(address)};
  if (!found) return std::nullopt;
  return Caller{"token " + std::to_string(*found)};
}

std::optional<std::string_view> Admission::refuse_listening(const Caller& caller) const {
  if (caller.may_listen) return std::nullopt;
  if (options_.events_tokens.empty()) return "nobody may listen to all events: this gateway has no events token";
  return "listening to all events wants an events token";
}

std::string Admission::refuse_publishing() const {
  if (has_administrators()) return "this wants an administrator's token, in " + options_.admin_token_name;
  return "this wants an administrator, and there is none: start the gateway with --authz-token, and send the token "
         "in " +
         options_.admin_token_name +
         ". Until then only programs on this machine may, by its loopback address and through no proxy";
}

std::optional<std::chrono::milliseconds> Admission::too_soon(const Caller& caller, TimePoint now, std::size_t count) {
  if (options_.per_minute == 0) return std::nullopt;
  if (even_at_.size() >= forget_at_) forget_who_is_even(now);
  const auto each = std::chrono::duration_cast<TimePoint::duration>(std::chrono::minutes(1)) /
                    static_cast<TimePoint::duration::rep>(options_.per_minute);
  const auto ahead_max = each * static_cast<TimePoint::duration::rep>(options_.burst - std::min(count, options_.burst));
  TimePoint& even_at = even_at_.try_emplace(caller.name, now).first->second;
  even_at = std::max(even_at, now);
  const auto ahead = even_at - now;
  if (ahead > ahead_max) return std::chrono::ceil<std::chrono::milliseconds>(ahead - ahead_max);
  even_at += each * static_cast<TimePoint::duration::rep>(count);
  return std::nullopt;
}

void Admission::forget_who_is_even(TimePoint now) {
  std::erase_if(even_at_, [now](const auto& entry) { return entry.second <= now; });
  forget_at_ = 2 * even_at_.size() + 1'024;
}

std::string Admission::lane_of(const Caller& caller, const std::optional<std::string>& user) {
  // Of two callers with tokens each has users of its own. An address is a weaker name than a user's.
  if (!user) return caller.name;
  const bool known = caller.name.starts_with("token ");
  return (known ? caller.name + " " : std::string()) + "user " + *user;
}

}  // namespace pushjudge
