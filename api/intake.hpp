#pragma once

// Takes submissions in, by whatever way they came: attributes in, a durable submission out. Net thread.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "api/admission.hpp"
#include "api/attributes.hpp"
#include "api/judge0.hpp"
#include "proto/base/result.hpp"
#include "queue/client.hpp"

namespace pushjudge {

// The name that a client gives to a submission, so that sending it again stores nothing new. Whoever knows the key of
// another gets nothing but its token, and only for the same submission.
bool valid_idempotency_key(std::string_view key);
inline constexpr std::string_view kIdempotencyKeyRule = "an idempotency key has 1 to 255 printable ASCII characters";

// What is wrong with a submission that the core refused with not_found: there is no such problem.
AttributeErrors unknown_problem(const std::string& name);

// What is wrong with a submission to `problem` that was refused with this error, where it is one of its attributes.
std::optional<AttributeErrors> refused_attributes(const Error& error, const std::string& problem);

// Whether it is to say what checkers tell the judges, and comes from somebody who may not hear that.
bool asks_too_much(const Submission& submission, const Caller& caller);

// The tests of a trial are read by the net thread, which others wait for.
inline constexpr std::size_t kTrialBytesMax = 1 << 20;

struct Accepted {
  Token token;
  std::string epoch;
  Seq seq = 0;
  bool replayed = false;  // it was there already, by its key; `token` is not that of the submission that was sent now
};

class Intake {
 public:
  Intake(CoreClient& core, const Judge0Settings& settings, CheckCallbackUrl check_callback_url)
      : core_(core), settings_(settings), check_callback_url_(std::move(check_callback_url)) {}

  // A submission with a token of its own, not yet known to anybody. Errors: unavailable, while no core has said which
  // languages there are.
  std::variant<Submission, AttributeErrors, Error> prepare(const Attributes& attributes, Encoding encoding,
                                                           const Caller& caller) const;

  // Completes when the submission is durable. Errors: busy, unavailable; conflict for a key (empty: none) that was used
  // with another submission; not_found for a problem that is not there; invalid for a trial, with what is wrong with
  // its tests.
  boost::asio::awaitable<Result<Accepted>> accept(Submission submission, std::string idempotency_key);
  // Whether a submission that brings its own input to a problem is a trial that can be judged: the problem is a
  // function, it is known what is right, and the input is tests for it. Others pass. Errors: as above.
  boost::asio::awaitable<Result<void>> check_trial(const Submission& submission);
  // Like accept(), but for check_trial(), of several, with one answer for each, in order: see
  // CoreClient::submit_batch(). Where one names a problem that is not there, none is taken in.
  boost::asio::awaitable<std::vector<Result<Accepted>>> accept_batch(std::vector<SubmitBatch::Entry> entries);

 private:
  CoreClient& core_;
  const Judge0Settings& settings_;
  const CheckCallbackUrl check_callback_url_;
};

}  // namespace pushjudge
