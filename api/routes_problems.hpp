#pragma once

// GET /problems and /problems/{slug}, for all who are let in; and for those who may publish (publishing.hpp) PUT
// /blobs/{sha256}, POST /problems and DELETE /problems/{slug}. Net thread.

#include <boost/asio/awaitable.hpp>

#include "api/router.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class ProblemRoutes {
 public:
  ProblemRoutes(CoreClient& core, const Admission& admission) : core_(core), admission_(admission) {}

  void add_to(Router& router);

 private:
  boost::asio::awaitable<Response> list(Request request);
  boost::asio::awaitable<Response> show(Request request);
  boost::asio::awaitable<Response> store(Request request);
  boost::asio::awaitable<Response> add(Request request);
  boost::asio::awaitable<Response> remove(Request request);

  CoreClient& core_;
  const Admission& admission_;
};

}  // namespace pushjudge
