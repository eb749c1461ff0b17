#include "api/router.hpp"

#include <algorithm>
#include <exception>

#include "api/attributes.hpp"
#include "api/publishing.hpp"
#include "proto/base/log.hpp"

namespace pushjudge {
namespace {

constexpr std::string_view kMethods = "GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD";

bool is_capture(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

bool fits(std::span<const std::string> pattern, std::span<const std::string> segments) {
  return std::equal(pattern.begin(), pattern.end(), segments.begin(), segments.end(),
                    [](const std::string& expected, const std::string& segment) {
                      return is_capture(expected) ? !segment.empty() : expected == segment;
                    });
}

bool lists(const std::vector<std::string>& origins, const std::string& origin) {
  const std::string_view host = std::string_view(origin).substr(std::min(origin.find("://"), origin.size()));
  return std::any_of(origins.begin(), origins.end(), [&origin, host](const std::string& listed) {
    return listed == "*" || listed == origin || (!host.empty() && host.substr(3) == listed);
  });
}

}  // namespace

void Router::add(std::string_view method, std::string_view pattern, Handler handler, Access access) {
  auto target = parse_target(pattern);
  PJ_ASSERT(target);
  routes_.push_back({std::string(method), std::move(target->segments), std::move(handler), access});
}

std::vector<Router::RouteName> Router::routes() const {
  std::vector<RouteName> names;
  for (const Route& route : routes_) names.push_back({route.method, path_of(route.pattern)});
  return names;
}

std::variant<Router::NoRoute, Router::WrongMethod, Router::Match> Router::find(
    std::string_view method, std::span<const std::string> segments) const {
  std::vector<std::string> allowed;
  for (const Route& route : routes_) {
    if (!fits(route.pattern, segments)) continue;
    if (route.method == method || (method == "HEAD" && route.method == "GET")) {
      const auto capture = std::find_if(route.pattern.begin(), route.pattern.end(), is_capture);
      if (capture == route.pattern.end()) return Match{&route.handler, route.access, {}};
      const auto at = static_cast<std::size_t>(capture - route.pattern.begin());
      return Match{&route.handler, route.access, segments[at]};
    }
    for (const std::string& name :
         route.method == "GET" ? std::vector<std::string>{"GET", "HEAD"} : std::vector<std::string>{route.method}) {
      if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) allowed.push_back(name);
    }
  }
  if (allowed.empty()) return NoRoute{};
  std::string allow;
  for (const std::string& name : allowed) allow += name + ", ";
  return WrongMethod{allow + "OPTIONS"};
}

boost::asio::awaitable<Response> Router::answer(Request request) const {
  const std::string* origin_header = request.header("Origin");
  const std::optional<std::string> origin = origin_header ? std::optional(*origin_header) : std::nullopt;
  const std::string path = path_of(request.segments);
  Response response;
  try {
    response = co_await dispatch(std::move(request));
  } catch (const std::exception& error) {
    log::error("handler_threw", {{"path", path}, {"what", error.what()}});
    response = plain_error(500);
  }
  add_cors(origin ? &*origin : nullptr, response);
  co_return response;
}

std::optional<Response> Router::refuse(Request& request, Access access) const {
  if (access == Access::everybody) return std::nullopt;
  if (!admission_.address_allowed(request.address)) return Response{403, {}, nullptr, nullptr};
  const auto token = admission_.wants_token() ? find_token(request, admission_.token_name()) : std::nullopt;
  auto caller = admission_.let_in(request.address, token ? &*token : nullptr);
  if (!caller) return Response{401, {}, nullptr, nullptr};
  request.caller = *std::move(caller);
  request.caller.may_publish = may_publish(request, admission_);
  if (access == Access::callers) return std::nullopt;
  if (access == Access::publishers) {
    if (request.caller.may_publish) return std::nullopt;
    return error_response(403, admission_.refuse_publishing());
  }
  const auto admin_token = find_token(request, admission_.admin_token_name());
  if (!admission_.may_administer(admin_token ? &*admin_token : nullptr)) return Response{403, {}, nullptr, nullptr};
  return std::nullopt;
}

boost::asio::awaitable<Response> Router::dispatch(Request request) const {
  if (request.method == "OPTIONS") co_return preflight(request);
  auto found = find(request.method, request.segments);
  if (auto* match = std::get_if<Match>(&found)) {
    if (auto refusal = refuse(request, match->access)) co_return *std::move(refusal);
    request.capture = std::move(match->capture);
    const Handler& handler = *match->handler;
    co_return co_await handler(std::move(request));
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (files_ && reads) {
    if (auto file = files_(request)) co_return *std::move(file);
  }
  const std::string allowed = allowed_for(request);
  if (allowed.empty()) co_return plain_error(404);
  Response response = plain_error(405);
  response.with("Allow", allowed);
  co_return response;
}

// The methods that the request's target takes, as the value of an Allow header. Empty: there is no such target.
std::string Router::allowed_for(const Request& request) const {
  if (request.whole_server) return std::string(kMethods);
  const auto found = find("", request.segments);
  if (const auto* known = std::get_if<WrongMethod>(&found)) return known->allow;
  return files_ && files_(request) ? "GET, HEAD, OPTIONS" : "";
}

Response Router::preflight(const Request& request) const {
  Response response;
  response.status = 204;
  if (request.header("Access-Control-Request-Method") != nullptr) {
    const std::string* asked = request.header("Access-Control-Request-Headers");
    response.with("Access-Control-Allow-Methods", std::string(kMethods));
    if (asked != nullptr) response.with("Access-Control-Allow-Headers", *asked);
    response.with("Access-Control-Max-Age", "7200");
    return response;
  }
  const std::string allowed = allowed_for(request);
  if (allowed.empty()) return plain_error(404);
  response.with("Allow", allowed);
  return response;
}

void Router::add_cors(const std::string* origin, Response& response) const {
  if (origins_.allowed.empty() && origins_.disallowed.empty()) {
    response.with("Access-Control-Allow-Origin", "*");
    return;
  }
  response.with("Vary", "Origin");
  if (origin != nullptr && origin_allowed(origin, nullptr)) response.with("Access-Control-Allow-Origin", *origin);
}

bool Router::origin_allowed(const std::string* origin, const std::string* host) const {
  if (origin == nullptr) return true;
  if (host != nullptr && (*origin == "http://" + *host || *origin == "https://" + *host)) return true;
  const bool allowed = lists(origins_.allowed, *origin);
  // What stands in both lists is allowed.
  if (!allowed && lists(origins_.disallowed, *origin)) return false;
  return allowed || origins_.allowed.empty();
}

}  // namespace pushjudge
