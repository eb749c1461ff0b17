#pragma once

// POST /submissions, and GET and DELETE /submissions/{token}. Net thread.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <unordered_set>

#include "api/hub.hpp"
#include "api/intake.hpp"
#include "api/router.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class SubmissionRoutes {
 public:
  SubmissionRoutes(CoreClient& core, Hub& hub, Intake& intake, Admission& admission, std::chrono::milliseconds wait_max)
      : core_(core), hub_(hub), intake_(intake), admission_(admission), wait_max_(wait_max) {}

  void add_to(Router& router);
  // Requests that wait for a result are answered with what there is now.
  void drain();

 private:
  class Waiter;

  boost::asio::awaitable<Response> create(Request request);
  boost::asio::awaitable<Response> show(Request request);
  boost::asio::awaitable<Response> cancel(Request request);
  boost::asio::awaitable<Response> show_finished(Token token, Fields fields, Encoding encoding);
  Result<nlohmann::ordered_json> view(const Got& got, const Fields& fields, Encoding encoding) const;

  CoreClient& core_;
  Hub& hub_;
  Intake& intake_;
  Admission& admission_;
  std::chrono::milliseconds wait_max_;
  std::unordered_set<Waiter*> waiters_;
  bool draining_ = false;
};

}  // namespace pushjudge
