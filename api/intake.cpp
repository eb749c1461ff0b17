#include "api/intake.hpp"

#include "proto/base/clock.hpp"
#include "proto/base/log.hpp"

namespace pushjudge {

std::variant<Submission, AttributeErrors, Error> Intake::prepare(const Attributes& attributes,
                                                                 Encoding encoding) const {
  const auto languages = core_.languages();
  if (!languages) return Error{Errc::unavailable, "the core has not answered yet"};
  auto parsed = parse_submission(attributes, *languages, encoding);
  if (auto* errors = std::get_if<AttributeErrors>(&parsed)) return std::move(*errors);
  Submission submission = std::get<Submission>(std::move(parsed));
  submission.created_at = wall_now();
  submission.token = Token::make(submission.created_at);
  return submission;
}

boost::asio::awaitable<Result<Accepted>> Intake::accept(Submission submission) {
  const Token token = submission.token;
  const std::int32_t language_id = submission.language_id;
  const std::size_t bytes = submission.source_code.size();
  const auto started = Steady::now();
  const auto submitted = co_await core_.submit(std::move(submission));
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - started);
  if (!submitted) {
    log::warn("submission_refused",
              {{"token", token.text()}, {"reason", submitted.error().message}, {"us", took.count()}});
    co_return submitted.error();
  }
  log::info("submission_accepted",
            {{"token", token.text()}, {"language_id", language_id}, {"source_bytes", bytes}, {"us", took.count()}});
  co_return Accepted{token, submitted->epoch, submitted->seq};
}

}  // namespace pushjudge
