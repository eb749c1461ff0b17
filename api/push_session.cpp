#include "api/push_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>

#include "api/coroutine.hpp"
#include "api/push_protocol.hpp"
#include "api/resume.hpp"
#include "proto/codec.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;

class PushSession;

// An error of the core about one channel, as whoever named the channel is told of it.
SharedMessage channel_error(const Error& error, const Token& token) {
  const bool unknown = error.code == Errc::not_found;
  return error_message(unknown ? "unknown channel" : error.message, channel_of(token));
}

// One subscription of one socket.
class Channel final : public Hub::Subscriber {
 public:
  Channel(PushSession& session, Hub& hub, const Token& token, std::optional<Since> since)
      : Subscriber(hub, token), session_(session), resume_(std::move(since)) {}

  void on_event(const Event& event, const std::string& epoch, const SharedMessage& text) override;
  void on_progress(const Hub::ProgressMessages& messages) override;
  void on_epoch(const std::string& epoch) override;

  Resume& resume() { return resume_; }
  const Resume& resume() const { return resume_; }
  // The number of the question for its history that counts; answers to earlier ones are void.
  std::uint64_t question() const { return question_; }
  void set_question(std::uint64_t number) { question_ = number; }
  // Whether nothing follows what was, or will be, sent.
  void set_over() { over_ = true; }

 private:
  void start_over();

  PushSession& session_;
  Resume resume_;
  std::uint64_t question_ = 0;
  bool over_ = false;
};

// The one subscription of a socket to the events of all submissions.
class EventsChannel final : public Listener::Ear {
 public:
  EventsChannel(PushSession& session, Listeners& all, const asio::any_io_executor& executor, ListenFrame frame)
      : session_(session),
        listener_(std::make_shared<Listener>(all, *this, executor, std::move(frame.cursor), frame.from_beginning)) {}
  ~EventsChannel() override { listener_->stop(); }

  void start() { listener_->start(std::nullopt); }
  const Listener& listener() const { return *listener_; }

  void on_start(const std::string& epoch, GlobalSeq seq) override;
  void on_event(const Event& event, const std::string& epoch, const SharedMessage& message) override;
  void on_end(const Error& error) override;

 private:
  PushSession& session_;
  std::shared_ptr<Listener> listener_;
};

class FeedChannel final : public Feed::Reader {
 public:
  FeedChannel(PushSession& session, Feed& feed) : Reader(feed), session_(session) {}
  void on_feed(const Feed::Shared& message) override;

 private:
  PushSession& session_;
};

class PushSession final : public SocketUser, public std::enable_shared_from_this<PushSession> {
 public:
  PushSession(PushContext& context, Caller caller, Socket& socket)
      : context_(context), caller_(std::move(caller)), socket_(&socket) {}

  void on_open() override {}
  void on_message(bool binary, std::string data) override;
  void on_closed() override;

  void send(SharedMessage message);
  void offer(SharedMessage message);
  void close_too_slow();
  void forget_events_channel() { events_.reset(); }
  // Has the channel's history asked for, after the caller's own turn.
  void ask(Channel& channel);

 private:
  using Self = std::shared_ptr<PushSession>;

  void on_frame(SubscribeFrame frame);
  void on_frame(UnsubscribeFrame frame);
  void on_frame(CancelFrame frame);
  void on_frame(ListenFrame frame);
  void on_frame(StopListeningFrame frame);
  void on_frame(AcknowledgeFrame frame);
  void on_frame(FeedFrame frame);
  void on_frame(StopFeedFrame frame);
  void on_frame(PingFrame) { send(pong_message()); }
  void on_frame(SubmitFrame frame);
  void on_frame(BadFrame frame) { send(error_message(frame.error, frame.channel)); }

  // These keep the session alive until the core has answered, also when the socket is gone meanwhile.
  static asio::awaitable<void> run_history(Self self, Token token, std::uint64_t question);
  static asio::awaitable<void> run_cancel(Self self, Token token);
  static asio::awaitable<void> run_acknowledge(Self self, AcknowledgeFrame frame);
  static asio::awaitable<void> run_submit(Self self, AttributeValue id, Submission submission, std::string key);
  asio::awaitable<void> history(Token token, std::uint64_t question);
  // Whether the caller may listen; if not, it is told so.
  bool may_listen();
  // The channel, if it is still there and still waits for the answer to this question.
  Channel* waiting(const Token& token, std::uint64_t question);
  void begin(Channel& channel, HistoryPage page);

  void request_begins();
  void request_ends();

  PushContext& context_;
  const Caller caller_;
  Socket* socket_;  // null once it is closed
  std::unordered_map<Token, std::unique_ptr<Channel>> channels_;
  std::unique_ptr<EventsChannel> events_;
  std::unique_ptr<FeedChannel> feed_;
  std::uint64_t last_question_ = 0;
  std::size_t requests_ = 0;
};

void Channel::on_event(const Event& event, const std::string& epoch, const SharedMessage& text) {
  // Another epoch than that of the history: it changed between the two.
  if (resume_.begun() && epoch != resume_.epoch()) start_over();
  if (resume_.held() >= kHeldMax) return session_.close_too_slow();
  if (is_last(event.kind)) set_over();
  if (auto now = resume_.live(epoch, {event.snapshot.seq, text})) session_.send(std::move(now->text));
}

// Only between "subscribed" and the last event: whoever sees it knows what it is about, and after the last event
// nothing follows.
void Channel::on_progress(const Hub::ProgressMessages& messages) {
  if (resume_.begun() && !over_) session_.offer(messages.socket);
}

void Channel::on_epoch(const std::string& epoch) {
  // Before its history is here a subscription knows no epoch; the page will tell.
  if (!resume_.begun() || epoch == resume_.epoch()) return;
  start_over();
}

void Channel::start_over() {
  resume_.start_over();
  over_ = false;
  session_.ask(*this);
}

void FeedChannel::on_feed(const Feed::Shared& message) {
  session_.send(message.socket);
}

void EventsChannel::on_start(const std::string& epoch, GlobalSeq seq) {
  session_.send(listening_message(listener_->cursor(), epoch, seq, listener_->window()));
}

void EventsChannel::on_event(const Event&, const std::string&, const SharedMessage& message) {
  session_.send(message);
}

void EventsChannel::on_end(const Error& error) {
  session_.send(error_message(error.message, std::string(kEventsChannel)));
  session_.forget_events_channel();
}

void PushSession::on_message(bool binary, std::string data) {
  if (binary) return send(error_message("binary messages mean nothing here", {}));
  ClientFrame frame = parse_client_frame(data);
  std::visit([this](auto& parsed) { on_frame(std::move(parsed)); }, frame);
}

void PushSession::on_closed() {
  socket_ = nullptr;
  channels_.clear();
  events_.reset();
  feed_.reset();
}

void PushSession::send(SharedMessage message) {
  if (socket_ != nullptr) socket_->send(std::move(message));
}

void PushSession::offer(SharedMessage message) {
  if (socket_ != nullptr) socket_->offer(std::move(message));
}

void PushSession::close_too_slow() {
  if (socket_ != nullptr) socket_->close(kCloseTooSlow, kTooSlowReason);
}

Channel* PushSession::waiting(const Token& token, std::uint64_t question) {
  const auto found = channels_.find(token);
  return found == channels_.end() || found->second->question() != question ? nullptr : found->second.get();
}

void PushSession::request_begins() {
  ++requests_;
  ++context_.requests;
  // Whoever asks faster than the core answers is not read any further.
  if (socket_ != nullptr && requests_ >= context_.config.ws_requests_max) socket_->pause_reading();
}

void PushSession::request_ends() {
  --requests_;
  --context_.requests;
  if (socket_ != nullptr && requests_ < context_.config.ws_requests_max) socket_->resume_reading();
}

void PushSession::on_frame(SubscribeFrame frame) {
  const std::string channel = channel_of(frame.token);
  // Subscribing again is how a client repairs a hole: it starts from the new `since`.
  const bool again = channels_.erase(frame.token) != 0;
  if (!again && channels_.size() >= context_.config.ws_subscriptions_max) {
    return send(error_message("too many subscriptions", channel));
  }
  auto subscription = std::make_unique<Channel>(*this, context_.hub, frame.token, std::move(frame.since));
  Channel& made = *subscription;
  channels_.emplace(frame.token, std::move(subscription));
  ask(made);
}

void PushSession::on_frame(UnsubscribeFrame frame) {
  const std::string channel = channel_of(frame.token);
  if (channels_.erase(frame.token) == 0) return send(error_message("not subscribed", channel));
  send(unsubscribed_message(channel));
}

void PushSession::on_frame(SubmitFrame frame) {
  if (frame.idempotency_key && !valid_idempotency_key(*frame.idempotency_key)) {
    return send(submit_error_message(frame.id, kIdempotencyKeyRule));
  }
  if (context_.config.judge0.maintenance_mode) {
    return send(submit_error_message(frame.id, context_.config.judge0.maintenance_message));
  }
  if (context_.admission.too_soon(caller_, Steady::now())) {
    return send(submit_error_message(frame.id, kTooManySubmissions));
  }
  auto prepared = context_.intake.prepare(frame.attributes, frame.encoding, caller_);
  if (auto* errors = std::get_if<AttributeErrors>(&prepared)) return send(submit_error_message(frame.id, *errors));
  if (auto* error = std::get_if<Error>(&prepared)) return send(submit_error_message(frame.id, error->message));
  Submission submission = std::get<Submission>(std::move(prepared));
  if (asks_too_much(submission, caller_)) {
    return send(submit_error_message(frame.id, context_.admission.refuse_publishing()));
  }
  request_begins();
  auto work = run_submit(shared_from_this(), std::move(frame.id), std::move(submission),
                         std::move(frame.idempotency_key).value_or(""));
  asio::co_spawn(context_.executor, std::move(work), LogAndDrop{"submit over a socket"});
}

asio::awaitable<void> PushSession::run_submit(Self self, AttributeValue id, Submission submission, std::string key) {
  const std::string problem = submission.problem.value_or("");
  const auto accepted = co_await self->context_.intake.accept(std::move(submission), std::move(key));
  self->request_ends();
  if (accepted) {
    self->send(submitted_message(id, accepted->token, accepted->epoch, accepted->seq));
  } else if (const auto errors = refused_attributes(accepted.error(), problem)) {
    self->send(submit_error_message(id, *errors));
  } else {
    self->send(submit_error_message(id, accepted.error().message));
  }
}

void PushSession::on_frame(CancelFrame frame) {
  request_begins();
  auto work = run_cancel(shared_from_this(), frame.token);
  asio::co_spawn(context_.executor, std::move(work), LogAndDrop{"cancel over a socket"});
}

asio::awaitable<void> PushSession::run_cancel(Self self, Token token) {
  const auto cancelled = co_await self->context_.core.cancel(token);
  self->request_ends();
  if (cancelled) {
    self->send(cancelled_message(token, cancelled->epoch, cancelled->seq));
  } else {
    self->send(channel_error(cancelled.error(), token));
  }
}

bool PushSession::may_listen() {
  const auto why_not = context_.admission.refuse_listening(caller_);
  if (why_not) send(error_message(*why_not, std::string(kEventsChannel)));
  return !why_not;
}

void PushSession::on_frame(ListenFrame frame) {
  if (!may_listen()) return;
  events_.reset();
  events_ = std::make_unique<EventsChannel>(*this, context_.listeners, context_.executor, std::move(frame));
  events_->start();
}

void PushSession::on_frame(StopListeningFrame) {
  const std::string channel(kEventsChannel);
  if (!events_) return send(error_message("not subscribed", channel));
  events_.reset();
  send(unsubscribed_message(channel));
}

void PushSession::on_frame(AcknowledgeFrame frame) {
  if (!may_listen()) return;
  if (frame.epoch.empty() && events_) frame.epoch = events_->listener().epoch();
  if (frame.epoch.empty()) return send(error_message("not subscribed: say the epoch", std::string(kEventsChannel)));
  request_begins();
  asio::co_spawn(context_.executor, run_acknowledge(shared_from_this(), std::move(frame)), LogAndDrop{"acknowledge"});
}

void PushSession::on_frame(FeedFrame) {
  // Again: the snapshot comes again.
  feed_.reset();
  feed_ = std::make_unique<FeedChannel>(*this, context_.feed);
}

void PushSession::on_frame(StopFeedFrame) {
  const std::string channel(kFeedChannel);
  if (!feed_) return send(error_message("not subscribed", channel));
  feed_.reset();
  send(unsubscribed_message(channel));
}

asio::awaitable<void> PushSession::run_acknowledge(Self self, AcknowledgeFrame frame) {
  const auto at = co_await self->context_.listeners.acknowledge(frame.cursor, frame.epoch, frame.seq);
  self->request_ends();
  if (at) {
    self->send(acknowledged_message(frame.cursor, at->epoch, at->seq));
  } else {
    self->send(error_message(at.error().message, std::string(kEventsChannel)));
  }
}

void PushSession::ask(Channel& channel) {
  channel.set_question(++last_question_);
  request_begins();
  auto work = run_history(shared_from_this(), channel.token(), channel.question());
  asio::co_spawn(context_.executor, std::move(work), LogAndDrop{"history of a channel"});
}

asio::awaitable<void> PushSession::run_history(Self self, Token token, std::uint64_t question) {
  // Not within the hub's own call, where subscribers may not go away.
  co_await asio::post(self->context_.executor, asio::use_awaitable);
  co_await self->history(token, question);
  self->request_ends();
}

asio::awaitable<void> PushSession::history(Token token, std::uint64_t question) {
  const Channel* asking = waiting(token, question);
  if (asking == nullptr) co_return;
  const Seq after = asking->resume().ask_after();
  auto page = co_await context_.past.after(token, after);
  Channel* channel = waiting(token, question);
  if (channel == nullptr) co_return;
  if (!page) {
    send(channel_error(page.error(), token));
    channels_.erase(token);
    co_return;
  }
  begin(*channel, *std::move(page));
}

void PushSession::begin(Channel& channel, HistoryPage page) {
  KeptEvents kept{page.epoch, page.snapshot.seq, page.complete, {}};
  for (const Event& event : page.events) {
    kept.events.push_back({event.snapshot.seq, make_text(event_message(event, page.epoch))});
  }
  Resume::Start start = channel.resume().begin(std::move(kept));
  if (page.snapshot.state == State::finished) channel.set_over();
  send(subscribed_message(page.snapshot, page.epoch, start.recovered));
  for (NumberedText& event : start.replay) send(std::move(event.text));
}

}  // namespace

std::shared_ptr<SocketUser> make_push_session(PushContext& context, Caller caller, Socket& socket) {
  return std::make_shared<PushSession>(context, std::move(caller), socket);
}

}  // namespace pushjudge
