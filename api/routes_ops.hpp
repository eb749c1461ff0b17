#pragma once

// What the server says of itself: languages, statuses, settings, workers, health. Net thread.

#include <boost/asio/awaitable.hpp>

#include "api/router.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class OpsRoutes {
 public:
  explicit OpsRoutes(CoreClient& core) : core_(core) {}

  void add_to(Router& router);

 private:
  boost::asio::awaitable<Response> languages(Request request);
  boost::asio::awaitable<Response> all_languages(Request request);
  boost::asio::awaitable<Response> language(Request request);
  boost::asio::awaitable<Response> workers(Request request);
  boost::asio::awaitable<Response> health(Request request);

  CoreClient& core_;
};

}  // namespace pushjudge
