#include "api/reception.hpp"

#include <nlohmann/json.hpp>

#include "api/judge0.hpp"
#include "api/judge0_filters.hpp"

namespace pushjudge {

std::optional<Response> Reception::refuse(const Request& request) {
  const std::string* key = request.header("Idempotency-Key");
  if (key != nullptr && !valid_idempotency_key(*key)) return judge0_error(400, std::string(kIdempotencyKeyRule));
  if (auto refusal = refuse_maintenance(settings_)) return refusal;
  if (const auto wait_for = admission_.too_soon(request.caller, Steady::now())) return too_many_submissions(*wait_for);
  return std::nullopt;
}

std::string Reception::key_of(const Request& request) {
  const std::string* key = request.header("Idempotency-Key");
  return key == nullptr ? std::string() : *key;
}

std::variant<Submission, Response> Reception::prepare(const Attributes& attributes, Encoding encoding,
                                                      const Caller& caller) const {
  auto prepared = intake_.prepare(attributes, encoding, caller);
  if (const auto* errors = std::get_if<AttributeErrors>(&prepared)) {
    return unless_full(json_response(422, to_json(*errors)));
  }
  if (const auto* error = std::get_if<Error>(&prepared)) return error_response(*error);
  Submission submission = std::get<Submission>(std::move(prepared));
  if (asks_too_much(submission, caller)) return error_response(403, admission_.refuse_publishing());
  return submission;
}

boost::asio::awaitable<Result<Accepted>> Reception::accept(Submission submission, std::string idempotency_key) {
  return intake_.accept(std::move(submission), std::move(idempotency_key));
}

Response Reception::refusal(const Error& error, const std::string& problem) {
  if (const auto errors = refused_attributes(error, problem)) return json_response(422, to_json(*errors));
  if (error.code == Errc::conflict) return judge0_error(422, error.message);
  return error_response(error);
}

Response Reception::unless_full(Response refusal) const {
  return core_.queue_full() ? error_response(Error{Errc::busy, std::string(kQueueIsFull)}) : std::move(refusal);
}

}  // namespace pushjudge
