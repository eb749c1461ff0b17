#pragma once

// Finds the handler of a request and sees to all that is the same for every route: HEAD, OPTIONS and CORS, 404, 405
// with Allow, and the one catch for a handler that throws. Filled at start-up, then read only; net thread.

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/http.hpp"

namespace pushjudge {

class Router {
 public:
  // `origins_allowed` empty: any origin may read the answers, as in Judge0. Whoever `admission` does not let in gets
  // from every route an empty 401; the static files are for all.
  Router(const Admission& admission, std::vector<std::string> origins_allowed = {})
      : admission_(admission), origins_allowed_(std::move(origins_allowed)) {}

  // `pattern` is a path one of whose segments may be a "{name}", which stands for any one segment. Of two patterns that
  // fit, the one added first is taken.
  void add(std::string_view method, std::string_view pattern, Handler handler);
  // Asked where no route fits: the static files, which can be read. Nothing for a file that it does not have.
  void set_files(std::function<std::optional<Response>(const Request&)> files) { files_ = std::move(files); }

  struct Match {
    const Handler* handler;
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
  };

  boost::asio::awaitable<Response> dispatch(Request request) const;
  Response preflight(const Request& request) const;
  std::string allowed_for(const Request& request) const;

  const Admission& admission_;
  std::vector<Route> routes_;
  std::vector<std::string> origins_allowed_;
  std::function<std::optional<Response>(const Request&)> files_;
};

}  // namespace pushjudge
