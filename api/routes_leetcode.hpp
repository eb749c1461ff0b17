#pragma once

// LeetCode's three requests, for clients that speak them: POST /problems/{slug}/submit and
// /problems/{slug}/interpret_solution, GET /submissions/detail/{id}/check. Net thread.

#include <boost/asio/awaitable.hpp>

#include "api/leetcode.hpp"
#include "api/reception.hpp"
#include "api/router.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class LeetCodeRoutes {
 public:
  LeetCodeRoutes(CoreClient& core, Reception& reception) : core_(core), reception_(reception) {}

  void add_to(Router& router);

 private:
  boost::asio::awaitable<Response> create(LeetCodeKind kind, Request request);
  boost::asio::awaitable<Response> check(Request request);

  CoreClient& core_;
  Reception& reception_;
};

}  // namespace pushjudge
