#pragma once

// POST /submissions, GET and DELETE /submissions/{token}, and POST /submissions/{token}/cancel. Net thread.
//
// With wait=true POST and GET are answered when the submission has ended; a GET with after=EPOCH:SEQ (or epoch=EPOCH
// and seq=SEQ) as soon as something happened after that event. After `wait_max` the answer is what there is.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <unordered_set>

#include "api/hub.hpp"
#include "api/judge0_settings.hpp"
#include "api/recent_events.hpp"
#include "api/reception.hpp"
#include "api/resume.hpp"
#include "api/router.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class SubmissionRoutes {
 public:
  SubmissionRoutes(CoreClient& core, Hub& hub, RecentEvents& recent, Reception& reception, Admission& admission,
                   const Judge0Settings& settings, std::chrono::milliseconds wait_max)
      : core_(core),
        hub_(hub),
        recent_(recent),
        reception_(reception),
        admission_(admission),
        settings_(settings),
        wait_max_(wait_max) {}

  void add_to(Router& router);
  // Requests that wait for a result are answered with what there is now.
  void drain();

 private:
  class Waiter;

  boost::asio::awaitable<Response> create(Request request);
  boost::asio::awaitable<Response> show(Request request);
  boost::asio::awaitable<Response> remove(Request request);
  boost::asio::awaitable<Response> erase(Request request);
  boost::asio::awaitable<Response> cancel(Request request);
  boost::asio::awaitable<Response> show_finished(Token token, Fields fields, Encoding encoding);
  boost::asio::awaitable<Result<Got>> look_up(Token token, const Fields& fields);
  Result<nlohmann::ordered_json> view(const Got& got, const Fields& fields, Encoding encoding) const;

  CoreClient& core_;
  Hub& hub_;
  RecentEvents& recent_;
  Reception& reception_;
  Admission& admission_;
  const Judge0Settings& settings_;
  std::chrono::milliseconds wait_max_;
  std::unordered_set<Waiter*> waiters_;
  bool draining_ = false;
};

}  // namespace pushjudge
