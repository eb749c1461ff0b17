#include "api/intake.hpp"

#include <algorithm>

#include "proto/base/clock.hpp"
#include "proto/base/crash_point.hpp"
#include "proto/base/log.hpp"
#include "proto/function_values.hpp"
#include "proto/problem.hpp"

namespace pushjudge {
namespace {

// Why these tests cannot be tried with the problem.
std::optional<std::string> refuse_tests(const Problem& problem, const std::string& tests) {
  if (!problem.function) return std::string(kProblemSaysIt);
  if (!problem.function->reference) {
    return "can't be tried: the problem has no reference solution that says what is right";
  }
  if (tests.size() > kTrialBytesMax) {
    return "is too long (maximum is " + std::to_string(kTrialBytesMax) + " bytes with a problem)";
  }
  const auto parsed = parse_tests(problem.function->signature, tests, kTrialTestsMax);
  return parsed ? std::nullopt : std::optional("is no test of the problem: " + parsed.error().message);
}

}  // namespace

bool valid_idempotency_key(std::string_view key) {
  return !key.empty() && key.size() <= kIdempotencyKeyCharactersMax &&
         std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

AttributeErrors unknown_problem(const std::string& name) {
  return {{"problem", {"there is no problem " + name}}};
}

std::optional<AttributeErrors> refused_attributes(const Error& error, const std::string& problem) {
  if (error.code == Errc::not_found) return unknown_problem(problem);
  if (error.code == Errc::invalid) return AttributeErrors{{"stdin", {error.message}}};
  return std::nullopt;
}

bool asks_too_much(const Submission& submission, const Caller& caller) {
  return submission.judge_messages && !caller.may_publish;
}

std::variant<Submission, AttributeErrors, Error> Intake::prepare(const Attributes& attributes, Encoding encoding,
                                                                 const Caller& caller) const {
  const auto languages = core_.languages();
  if (!languages) return Error{Errc::unavailable, "the core has not answered yet"};
  auto parsed = parse_submission(attributes, *languages, encoding, settings_, check_callback_url_);
  if (auto* errors = std::get_if<AttributeErrors>(&parsed)) return std::move(*errors);
  Submission submission = std::get<Submission>(std::move(parsed));
  submission.lane = Admission::lane_of(caller, submission.user);
  submission.created_at = wall_now();
  submission.token = Token::make(submission.created_at);
  return submission;
}

boost::asio::awaitable<Result<void>> Intake::check_trial(const Submission& submission) {
  if (!submission.problem || !submission.stdin_text) co_return Result<void>();
  const auto got = co_await core_.problem(*submission.problem);
  if (!got) co_return got.error();
  const auto problem = decode_problem(got->manifest);
  if (!problem) {
    log::error("manifest_unreadable", {{"problem", *submission.problem}, {"reason", problem.error().message}});
    co_return Error{Errc::unavailable, "the problem cannot be read"};
  }
  if (auto refusal = refuse_tests(*problem, *submission.stdin_text)) co_return Error{Errc::invalid, *refusal};
  co_return Result<void>();
}

boost::asio::awaitable<Result<Accepted>> Intake::accept(Submission submission, std::string idempotency_key) {
  const auto checked = co_await check_trial(submission);
  if (!checked) co_return checked.error();
  const Token token = submission.token;
  const std::int32_t language_id = submission.language_id;
  const std::size_t bytes = submission.source_code.size();
  const auto started = Steady::now();
  crash_point("gateway.submit_received");
  const auto submitted = co_await core_.submit(std::move(submission), std::move(idempotency_key));
  crash_point("gateway.submitted");
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - started);
  if (!submitted) {
    log::warn("submission_refused",
              {{"token", token.text()}, {"reason", submitted.error().message}, {"us", took.count()}});
    co_return submitted.error();
  }
  const bool replayed = submitted->token != token;
  // The core says at info of each submission that it was accepted.
  log::debug(replayed ? "submission_replayed" : "submission_accepted", {{"token", submitted->token.text()},
                                                                        {"language_id", language_id},
                                                                        {"source_bytes", bytes},
                                                                        {"us", took.count()}});
  Accepted accepted{submitted->token, submitted->epoch, submitted->seq, replayed};
  co_return accepted;
}

boost::asio::awaitable<std::vector<Result<Accepted>>> Intake::accept_batch(std::vector<SubmitBatch::Entry> entries) {
  std::vector<Token> tokens;
  for (const SubmitBatch::Entry& entry : entries) tokens.push_back(entry.submission.token);
  const auto submitted = co_await core_.submit_batch(std::move(entries));
  std::vector<Result<Accepted>> accepted;
  for (std::size_t i = 0; i < submitted.size(); ++i) {
    if (submitted[i]) {
      const Submitted& one = *submitted[i];
      accepted.emplace_back(Accepted{one.token, one.epoch, one.seq, one.token != tokens[i]});
    } else {
      log::warn("submission_refused", {{"token", tokens[i].text()}, {"reason", submitted[i].error().message}});
      accepted.emplace_back(submitted[i].error());
    }
  }
  co_return accepted;
}

}  // namespace pushjudge
