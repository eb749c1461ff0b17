#pragma once

// Takes submissions in, by whatever way they came: attributes in, a durable submission out. Net thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <variant>

#include "api/attributes.hpp"
#include "api/judge0.hpp"
#include "proto/base/result.hpp"
#include "queue/client.hpp"

namespace pushjudge {

struct Accepted {
  Token token;
  std::string epoch;
  Seq seq = 0;
};

class Intake {
 public:
  explicit Intake(CoreClient& core) : core_(core) {}

  // A submission with a token of its own, not yet known to anybody. Error: unavailable, while no core has said which
  // languages there are.
  std::variant<Submission, AttributeErrors, Error> prepare(const Attributes& attributes, Encoding encoding) const;

  // Completes when the submission is durable. Errors: busy, unavailable.
  boost::asio::awaitable<Result<Accepted>> accept(Submission submission);

 private:
  CoreClient& core_;
};

}  // namespace pushjudge
