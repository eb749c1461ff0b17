#include "api/routes_submissions.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>
#include <optional>

#include "api/event_stream.hpp"
#include "api/judge0.hpp"
#include "api/judge0_filters.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using nlohmann::ordered_json;

// What a GET that waits has seen. Errors: invalid.
Result<std::optional<Since>> seen_by(const Parameters& query) {
  const std::string* after = query.find("after");
  const std::string* epoch = query.find("epoch");
  const std::string* seq = query.find("seq");
  if (after == nullptr && epoch == nullptr && seq == nullptr) return std::optional<Since>();
  if (after == nullptr && (epoch == nullptr || seq == nullptr)) return Error{Errc::invalid, "epoch goes with seq"};
  auto since = parse_stream_id(after != nullptr ? *after : *epoch + ":" + *seq);
  if (!since) return Error{Errc::invalid, "after must be EPOCH:SEQ"};
  return std::optional<Since>(*std::move(since));
}

}  // namespace

// Parks a request until its submission has ended, or, where it says what was seen, until something happens after that.
// Registered before the submission is sent or looked up, so nothing is missed.
class SubmissionRoutes::Waiter final : public Hub::Subscriber {
 public:
  Waiter(SubmissionRoutes& routes, const Token& token, const asio::any_io_executor& executor,
         std::optional<Since> seen = std::nullopt)
      : Subscriber(routes.hub_, token), routes_(routes), seen_(std::move(seen)), timer_(executor) {
    routes_.waiters_.insert(this);
  }
  ~Waiter() override { routes_.waiters_.erase(this); }

  // Whether the asker waits for no more than this.
  bool enough(const Snapshot& snapshot, const std::string& epoch) const {
    return snapshot.state == State::finished || (seen_ && (epoch != seen_->epoch || snapshot.seq > seen_->seq));
  }

  void on_event(const Event& event, const std::string& epoch, const SharedMessage&) override {
    if (is_last(event.kind) || enough(event.snapshot, epoch)) give_up();
  }
  void on_progress(const Hub::ProgressMessages&) override {}  // nothing that is waited for
  void on_epoch(const std::string& epoch) override {
    if (seen_ && epoch != seen_->epoch) give_up();
  }

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
  const std::optional<Since> seen_;
  asio::steady_timer timer_;
  bool over_ = false;
};

void SubmissionRoutes::add_to(Router& router) {
  router.add("POST", "/submissions", [this](Request request) { return create(std::move(request)); });
  router.add("GET", "/submissions/{token}", [this](Request request) { return show(std::move(request)); });
  router.add("DELETE", "/submissions/{token}", [this](Request request) { return remove(std::move(request)); });
  router.add("POST", "/submissions/{token}/cancel", [this](Request request) { return cancel(std::move(request)); });
}

void SubmissionRoutes::drain() {
  draining_ = true;
  for (Waiter* waiter : waiters_) waiter->give_up();
}

asio::awaitable<Response> SubmissionRoutes::create(Request request) {
  if (auto refusal = reception_.refuse(request)) co_return *std::move(refusal);
  std::string key = Reception::key_of(request);
  auto body = attributes_from_body(request);
  if (const auto* error = std::get_if<BodyError>(&body)) co_return plain_error(error->status);
  request.body = std::string();  // its attributes are a copy; there may be megabytes of them
  Attributes attributes = std::get<Attributes>(std::exchange(body, Attributes()));
  attributes.overlay(request.query);
  const Encoding encoding = encoding_of(attributes, settings_);
  const bool wait = attributes.is_true_text("wait");
  if (auto refusal = refuse_wait(settings_, wait)) co_return *std::move(refusal);
  auto fields = fields_of(attributes);
  if (!fields) co_return reception_.unless_full(judge0_error(400, fields.error().message));

  auto prepared = reception_.prepare(attributes, encoding, request.caller);
  if (auto* refusal = std::get_if<Response>(&prepared)) co_return std::move(*refusal);
  Submission submission = std::get<Submission>(std::move(prepared));
  const std::string problem = submission.problem.value_or("");
  attributes = Attributes();  // the submission is another copy, which goes to the core
  request.body_share.give_back();
  std::optional<Waiter> waiter;
  const auto executor = co_await asio::this_coro::executor;
  if (wait) waiter.emplace(*this, submission.token, executor);

  const auto accepted = co_await reception_.accept(std::move(submission), std::move(key));
  if (!accepted) co_return Reception::refusal(accepted.error(), problem);
  const Token token = accepted->token;
  Response response;
  if (waiter) {
    if (accepted->replayed) {
      // Another one than was waited for, and it may be finished.
      waiter.emplace(*this, token, executor);
      const auto got = co_await core_.get(token);
      if (got && waiter->enough(got->snapshot, got->epoch)) waiter->give_up();
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
  const auto got = co_await look_up(token, fields);
  if (!got) {
    co_return json_response(201,
                            {{"token", token.text()}, {"channel", channel_of(token)}, {"error", got.error().message}});
  }
  const auto shown = view(*got, fields, encoding);
  if (!shown) co_return json_response(201, {{"error", shown.error().message}, {"token", token.text()}});
  co_return json_response(201, *shown);
}

asio::awaitable<Response> SubmissionRoutes::show(Request request) {
  const Attributes parameters = parameters_of(request);
  const auto fields = fields_of(parameters);
  if (!fields) co_return judge0_error(400, fields.error().message);
  const auto token = Token::parse(request.capture);
  if (!token) co_return plain_error(404);
  auto seen = seen_by(request.query);
  if (!seen) co_return judge0_error(400, seen.error().message);
  const std::string* wait = request.query.find("wait");
  std::optional<Waiter> waiter;
  const auto executor = co_await asio::this_coro::executor;
  // Whoever says what it has seen waits for more, if it does not say that it does not.
  if (wait != nullptr ? *wait == "true" : seen->has_value()) waiter.emplace(*this, *token, executor, *seen);
  auto got = co_await look_up(*token, *fields);
  const bool waits = got && waiter && !waiter->enough(got->snapshot, got->epoch) && !draining_;
  if (waits) {
    co_await waiter->wait(wait_max_);
    got = co_await look_up(*token, *fields);
  }
  if (!got) co_return error_response(got.error());
  const Encoding encoding = encoding_of(parameters, settings_);
  const auto shown = view(*got, *fields, encoding);
  if (!shown) co_return judge0_error(400, shown.error().message);
  Response response = json_response(200, *shown);
  response.with("Cache-Control", "no-store");
  co_return response;
}

// Judge0 has no word for ending what is not finished, and lets nobody delete who is not authorized, or where nobody can
// be. There the right to end is in the token.
asio::awaitable<Response> SubmissionRoutes::remove(Request request) {
  const auto token = find_token(request, admission_.admin_token_name());
  if (admission_.may_administer(token ? &*token : nullptr)) {
    Response erased = co_await erase(std::move(request));
    co_return erased;
  }
  if (!admission_.has_administrators()) {
    Response cancelled = co_await cancel(std::move(request));
    if (cancelled.status != 409) co_return cancelled;
  }
  Response forbidden;
  forbidden.status = 403;
  co_return forbidden;
}

asio::awaitable<Response> SubmissionRoutes::erase(Request request) {
  if (auto refusal = refuse_maintenance(settings_)) co_return *std::move(refusal);
  const Attributes parameters = parameters_of(request);
  const auto fields = fields_of(parameters);
  if (!fields) co_return judge0_error(400, fields.error().message);
  if (auto refusal = refuse_delete(settings_)) co_return *std::move(refusal);
  const auto token = Token::parse(request.capture);
  if (!token) co_return plain_error(404);
  // Everything is shown for the last time: base64, which takes any bytes.
  const auto got = co_await core_.get(*token);
  if (!got) co_return error_response(got.error());
  const auto shown = view(*got, *fields, Encoding::base64);
  if (!shown) co_return judge0_error(400, shown.error().message);
  if (got->snapshot.state != State::finished) {
    const Status& status = status_of(got->snapshot.state == State::queued ? kStatusInQueue : kStatusProcessing);
    co_return judge0_error(400, "submission cannot be deleted because its status is " + std::to_string(status.id) +
                                    " (" + std::string(status.description) + ")");
  }
  const auto erased = co_await core_.erase(*token);
  if (!erased) co_return error_response(erased.error());
  recent_.forget(*token);  // the core tells every gateway so, by another way than its answer
  co_return json_response(200, *shown);
}

// Ends what is queued or runs.
asio::awaitable<Response> SubmissionRoutes::cancel(Request request) {
  const Attributes parameters = parameters_of(request);
  const auto fields = fields_of(parameters);
  if (!fields) co_return judge0_error(400, fields.error().message);
  const auto token = Token::parse(request.capture);
  if (!token) co_return plain_error(404);
  const auto cancelled = co_await core_.cancel(*token);
  if (!cancelled) co_return error_response(cancelled.error());
  const auto got = co_await core_.get(*token);
  if (!got) co_return error_response(got.error());
  const auto shown = view(*got, *fields, Encoding::base64);
  if (!shown) co_return judge0_error(400, shown.error().message);
  co_return json_response(200, *shown);
}

// What has ended never changes again, so where its end was heard here the core is asked only for what no event holds.
asio::awaitable<Result<Got>> SubmissionRoutes::look_up(Token token, const Fields& fields) {
  if (fields.kind == Fields::Kind::standard) {
    if (auto ended = recent_.ended(token)) co_return *std::move(ended);
  }
  co_return co_await core_.get(token);
}

Result<ordered_json> SubmissionRoutes::view(const Got& got, const Fields& fields, Encoding encoding) const {
  const auto languages = core_.languages();
  const Language* language = languages ? find_language(*languages, got.submission.language_id) : nullptr;
  return view_of(got, fields, language, encoding);
}

}  // namespace pushjudge
