#pragma once

// Several submissions at once: POST and GET /submissions/batch, and the pages of GET /submissions. Net thread.

#include <boost/asio/awaitable.hpp>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "api/intake.hpp"
#include "api/judge0_settings.hpp"
#include "api/recent_events.hpp"
#include "api/router.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class BatchRoutes {
 public:
  BatchRoutes(CoreClient& core, const RecentEvents& recent, Intake& intake, Admission& admission,
              const Judge0Settings& settings)
      : core_(core), recent_(recent), intake_(intake), admission_(admission), settings_(settings) {}

  void add_to(Router& router);

 private:
  boost::asio::awaitable<Response> create(Request request);
  boost::asio::awaitable<Response> show(Request request);
  boost::asio::awaitable<Response> list(Request request);

  // What is to be shown of each, null for what there is not. Errors: invalid in Judge0's words, where a text is no
  // UTF-8; too_large; unavailable.
  boost::asio::awaitable<Result<nlohmann::ordered_json>> views(std::vector<Token> tokens, Fields fields,
                                                               Encoding encoding);

  // Says at the place of each what became of a batch of which none was taken in because some `problems` are not there;
  // empty: the submission names none.
  boost::asio::awaitable<Response> refuse_problems(nlohmann::ordered_json answers, std::vector<std::size_t> places,
                                                   std::vector<std::string> problems);

  CoreClient& core_;
  const RecentEvents& recent_;
  Intake& intake_;
  Admission& admission_;
  const Judge0Settings& settings_;
};

}  // namespace pushjudge
