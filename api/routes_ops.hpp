#pragma once

// What the server says of itself and its machine: languages, statuses, settings, workers, health; and whether a token
// is a right one. Net thread.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>

#include "api/judge0_settings.hpp"
#include "api/router.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class OpsRoutes {
 public:
  OpsRoutes(CoreClient& core, const Judge0Settings& settings) : core_(core), settings_(settings) {}

  void add_to(Router& router);

 private:
  boost::asio::awaitable<Response> languages(Request request);
  boost::asio::awaitable<Response> all_languages(Request request);
  boost::asio::awaitable<Response> language(Request request);
  boost::asio::awaitable<Response> workers(Request request);
  boost::asio::awaitable<Response> health(Request request);
  boost::asio::awaitable<Response> config_info(Request request);
  boost::asio::awaitable<Response> system_info(Request request);
  boost::asio::awaitable<Response> statistics(Request request);

  CoreClient& core_;
  const Judge0Settings& settings_;
  // Counting looks at every submission there is, so what was counted is told for a while.
  struct Counted;
  std::shared_ptr<const Counted> counted_;
  std::uint64_t queue_max_ = 100'000;  // of the core, as it said last; before, what it has unless it is told otherwise
};

}  // namespace pushjudge
