#pragma once

// Finds the handler of a request and sees to all that is the same for every route: who may call it, HEAD, OPTIONS and
// CORS, 404, 405 with Allow, and the one catch for a handler that throws. Filled at start-up, then read only; net
// thread.

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/http.hpp"

namespace pushjudge {

// Whose pages may use the API. Each is "https://example.org", or "example.org" for any scheme, or "*".
struct Origins {
  std::vector<std::string> allowed;  // empty: all, as in Judge0
  std::vector<std::string> disallowed;
};

// Who may call a route: everybody; whoever `admission` lets in (else an empty 401); and of these whoever may administer
// (else an empty 403), or whoever may publish (else a 403 that says how one may).
enum class Access { everybody, callers, administrators, publishers };

class Router {
 public:
  // Where an address is not allowed each route but those for everybody answers with an empty 403. The static files are
  // for all.
  Router(const Admission& admission, Origins origins = {}) : admission_(admission), origins_(std::move(origins)) {}

  // `pattern` is a path one of whose segments may be a "{name}", which stands for any one segment. Of two patterns that
  // fit, the one added first is taken.
  void add(std::string_view method, std::string_view pattern, Handler handler, Access access = Access::callers);
  // Asked where no route fits: the static files, which can be read. Nothing for a file that it does not have.
  void set_files(std::function<std::optional<Response>(const Request&)> files) { files_ = std::move(files); }

  struct RouteName {
    std::string method;
    std::string pattern;  // "/languages/{id}"
    auto operator<=>(const RouteName&) const = default;
  };
  // In the order in which they were added.
  std::vector<RouteName> routes() const;

  struct Match {
    const Handler* handler;
    Access access;
    std::string capture;
  };
  struct WrongMethod {
    std::string allow;  // the value of the Allow header
  };
  struct NoRoute {};
  std::variant<NoRoute, WrongMethod, Match> find(std::string_view method, std::span<const std::string> segments) const;

  // Never throws, and always completes with an answer. A response to HEAD keeps its body: whoever sends it leaves that
  // out.
  boost::asio::awaitable<Response> answer(Request request) const;

  // Says in `response` whether a page of this origin may read it. answer() has done so already.
  void add_cors(const std::string* origin, Response& response) const;

  // Whether a page of this origin may use the WebSocket. `host` is the request's own, which is always allowed.
  bool origin_allowed(const std::string* origin, const std::string* host) const;

 private:
  struct Route {
    std::string method;
    std::vector<std::string> pattern;
    Handler handler;
    Access access;
  };

  // Nothing: it may go on, and its caller is filled in.
  std::optional<Response> refuse(Request& request, Access access) const;
  boost::asio::awaitable<Response> dispatch(Request request) const;
  Response preflight(const Request& request) const;
  std::string allowed_for(const Request& request) const;

  const Admission& admission_;
  std::vector<Route> routes_;
  Origins origins_;
  std::function<std::optional<Response>(const Request&)> files_;
};

}  // namespace pushjudge
