#include "api/routes_submissions.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>
#include <optional>

#include "api/judge0.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using nlohmann::ordered_json;

Encoding encoding_of(bool base64) {
  return base64 ? Encoding::base64 : Encoding::plain;
}

// What Judge0 has words of its own for comes without a status.
Response judge0_error(int status, const std::string& message) {
  return json_response(status, {{"error", message}});
}

}  // namespace

// Parks a request until its submission is finished. Registered before the submission is sent, so nothing is missed.
class SubmissionRoutes::Waiter final : public Hub::Subscriber {
 public:
  Waiter(SubmissionRoutes& routes, const Token& token, const asio::any_io_executor& executor)
      : Subscriber(routes.hub_, token), routes_(routes), timer_(executor) {
    routes_.waiters_.insert(this);
  }
  ~Waiter() override { routes_.waiters_.erase(this); }

  void on_event(const Event& event, const std::string&, const SharedMessage&) override {
    if (is_last(event.kind)) give_up();
  }
  void on_epoch(const std::string&) override {}

  void give_up() {
    over_ = true;
    timer_.cancel();
  }

  asio::awaitable<void> wait(std::chrono::milliseconds max) {
    boost::system::error_code ignored;
    timer_.expires_after(max);
    if (!over_) co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

 private:
  SubmissionRoutes& routes_;
  asio::steady_timer timer_;
  bool over_ = false;
};

void SubmissionRoutes::add_to(Router& router) {
  router.add("POST", "/submissions", [this](Request request) { return create(std::move(request)); });
  router.add("GET", "/submissions/{token}", [this](Request request) { return show(std::move(request)); });
  router.add("DELETE", "/submissions/{token}", [this](Request request) { return cancel(std::move(request)); });
}

void SubmissionRoutes::drain() {
  draining_ = true;
  for (Waiter* waiter : waiters_) waiter->give_up();
}

asio::awaitable<Response> SubmissionRoutes::create(Request request) {
  const std::string* named = request.header("Idempotency-Key");
  if (named != nullptr && !valid_idempotency_key(*named)) co_return judge0_error(400, std::string(kIdempotencyKeyRule));
  std::string key = named != nullptr ? *named : std::string();
  if (const auto wait_for = admission_.too_soon(request.caller, Steady::now())) {
    co_return too_many_submissions(*wait_for);
  }
  auto body = attributes_from_body(request);
  if (const auto* error = std::get_if<BodyError>(&body)) co_return plain_error(error->status);
  request.body = std::string();  // its attributes are a copy; there may be megabytes of them
  Attributes attributes = std::get<Attributes>(std::move(body));
  attributes.overlay(request.query);
  const Encoding encoding = encoding_of(attributes.is_true_text("base64_encoded"));
  const bool wait = attributes.is_true_text("wait");
  const Scalar* names = attributes.find("fields");
  auto fields = parse_fields(names == nullptr ? std::string_view() : names->text);
  if (!fields) co_return judge0_error(400, fields.error().message);

  auto prepared = intake_.prepare(attributes, encoding, request.caller);
  if (const auto* errors = std::get_if<AttributeErrors>(&prepared)) co_return json_response(422, to_json(*errors));
  if (const auto* error = std::get_if<Error>(&prepared)) co_return error_response(*error);
  Submission submission = std::get<Submission>(std::move(prepared));
  std::optional<Waiter> waiter;
  const auto executor = co_await asio::this_coro::executor;
  if (wait) waiter.emplace(*this, submission.token, executor);

  const auto accepted = co_await intake_.accept(std::move(submission), std::move(key));
  if (!accepted && accepted.error().code == Errc::conflict) co_return judge0_error(422, accepted.error().message);
  if (!accepted) co_return error_response(accepted.error());
  const Token token = accepted->token;
  Response response;
  if (waiter) {
    if (accepted->replayed) {
      // Another one than was waited for, and it may be finished.
      waiter.emplace(*this, token, executor);
      const auto got = co_await core_.get(token);
      if (got && got->snapshot.state == State::finished) waiter->give_up();
    }
    if (!draining_) co_await waiter->wait(wait_max_);
    response = co_await show_finished(token, *std::move(fields), encoding);
  } else {
    const ordered_json answer = {
        {"token", token.text()}, {"channel", channel_of(token)}, {"epoch", accepted->epoch}, {"seq", accepted->seq}};
    response = json_response(201, answer);
  }
  if (accepted->replayed) response.with("Idempotent-Replayed", "true");
  co_return response;
}

// The answer to wait=true. The submission is accepted whatever happens here, so the token is always in it.
asio::awaitable<Response> SubmissionRoutes::show_finished(Token token, Fields fields, Encoding encoding) {
  const auto got = co_await core_.get(token);
  if (!got) {
    co_return json_response(201,
                            {{"token", token.text()}, {"channel", channel_of(token)}, {"error", got.error().message}});
  }
  const auto shown = view(*got, fields, encoding);
  if (!shown) co_return json_response(201, {{"error", shown.error().message}, {"token", token.text()}});
  co_return json_response(201, *shown);
}

asio::awaitable<Response> SubmissionRoutes::show(Request request) {
  const auto token = Token::parse(request.capture);
  if (!token) co_return plain_error(404);
  const std::string* names = request.query.find("fields");
  const auto fields = parse_fields(names == nullptr ? std::string_view() : *names);
  if (!fields) co_return judge0_error(400, fields.error().message);
  const auto got = co_await core_.get(*token);
  if (!got) co_return error_response(got.error());
  const Encoding encoding = encoding_of(request.query.is_true("base64_encoded"));
  const auto shown = view(*got, *fields, encoding);
  if (!shown) co_return judge0_error(400, shown.error().message);
  Response response = json_response(200, *shown);
  response.with("Cache-Control", "no-store");
  co_return response;
}

// What is not finished is cancelled; what is, stays (in Judge0's words, as where it does not allow to delete).
asio::awaitable<Response> SubmissionRoutes::cancel(Request request) {
  const auto token = Token::parse(request.capture);
  if (!token) co_return plain_error(404);
  const std::string* names = request.query.find("fields");
  const auto fields = parse_fields(names == nullptr ? std::string_view() : *names);
  if (!fields) co_return judge0_error(400, fields.error().message);
  const auto cancelled = co_await core_.cancel(*token);
  if (!cancelled && cancelled.error().code == Errc::conflict) co_return judge0_error(400, "delete not allowed");
  if (!cancelled) co_return error_response(cancelled.error());
  const auto got = co_await core_.get(*token);
  if (!got) co_return error_response(got.error());
  // As in Judge0, whose deletion shows everything for the last time: base64, which takes any bytes.
  const auto shown = view(*got, *fields, Encoding::base64);
  if (!shown) co_return judge0_error(400, shown.error().message);
  co_return json_response(200, *shown);
}

Result<ordered_json> SubmissionRoutes::view(const Got& got, const Fields& fields, Encoding encoding) const {
  const auto languages = core_.languages();
  const Language* language = languages ? find_language(*languages, got.submission.language_id) : nullptr;
  return view_of(got, fields, language, encoding);
}

}  // namespace pushjudge
