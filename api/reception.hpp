#pragma once

// What every request that brings a submission goes through, whatever form it has: what is refused before its body is
// looked at, and how each refusal is answered. Net thread.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <variant>

#include "api/http.hpp"
#include "api/intake.hpp"
#include "api/judge0_settings.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class Reception {
 public:
  Reception(CoreClient& core, Intake& intake, Admission& admission, const Judge0Settings& settings)
      : core_(core), intake_(intake), admission_(admission), settings_(settings) {}

  // Nothing: it may go on, and counts as one more of its caller's.
  std::optional<Response> refuse(const Request& request);
  // By which it may be sent again; empty: none.
  static std::string key_of(const Request& request);

  std::variant<Submission, Response> prepare(const Attributes& attributes, Encoding encoding,
                                             const Caller& caller) const;
  // See Intake::accept().
  boost::asio::awaitable<Result<Accepted>> accept(Submission submission, std::string idempotency_key);
  // What is answered where that went wrong.
  static Response refusal(const Error& error, const std::string& problem);

  // Judge0 looks at its queue before it looks at what it was sent, so where the queue is full that is what is said.
  Response unless_full(Response refusal) const;

 private:
  CoreClient& core_;
  Intake& intake_;
  Admission& admission_;
  const Judge0Settings& settings_;
};

}  // namespace pushjudge
