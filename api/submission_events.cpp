#include "api/submission_events.hpp"

#include "api/event_stream.hpp"
#include "api/push_protocol.hpp"
#include "api/resume.hpp"
#include "proto/codec.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;

SharedMessage framed(std::string_view epoch, Seq seq, std::string_view name, std::string_view data) {
  return make_chunk(stream_event(stream_id(epoch, seq), name, data));
}

// One reader of one submission's events. Hears them from before the past is asked for, holds them until the response
// has begun.
class Follower final : public SocketUser, public Hub::Subscriber {
 public:
  Follower(Hub& hub, const Token& token, std::optional<Since> since)
      : Subscriber(hub, token), since_given_(since.has_value()), resume_(std::move(since)) {}

  Seq ask_after() const { return resume_.ask_after(); }
  void set_past(HistoryPage page) { page_ = std::move(page); }

  void on_open() override { begin(); }
  void on_message(bool, std::string) override {}
  void on_closed() override { socket_ = nullptr; }

  void on_event(const Event& event, const std::string& epoch, const SharedMessage& text) override;
  void on_progress(const Hub::ProgressMessages& messages) override;
  void on_epoch(const std::string& epoch) override;

  void speak_over(Socket& socket) { socket_ = &socket; }

 private:
  void begin();
  void end();

  const bool since_given_;
  Resume resume_;
  HistoryPage page_;
  Socket* socket_ = nullptr;  // null before the response begins, and after it has ended
  bool void_ = false;         // what was asked for is not what would be sent
  bool over_ = false;         // the last event was heard
};

void Follower::on_event(const Event& event, const std::string& epoch, const SharedMessage& text) {
  const Seq seq = event.snapshot.seq;
  if (resume_.begun() && epoch != resume_.epoch()) return end();
  if (resume_.held() >= kHeldMax) {
    void_ = true;
    return;
  }
  if (is_last(event.kind)) over_ = true;
  auto now = resume_.live(epoch, {seq, framed(epoch, seq, to_string(event.kind), text->payload())});
  if (!now || socket_ == nullptr) return;
  socket_->send(std::move(now->text));
  if (over_) end();
}

void Follower::on_progress(const Hub::ProgressMessages& messages) {
  if (socket_ != nullptr && resume_.begun() && !over_) socket_->offer(messages.stream);
}

void Follower::on_epoch(const std::string& epoch) {
  // Empty: the past is still to come, and will be of the new epoch.
  const std::string& known = resume_.begun() ? resume_.epoch() : page_.epoch;
  if (known.empty() || epoch == known) return;
  void_ = true;
  end();
}

void Follower::end() {
  if (socket_ != nullptr) socket_->close(1000, "");
}

void Follower::begin() {
  if (void_) return end();
  const std::string epoch = page_.epoch;
  const Seq top = page_.snapshot.seq;
  KeptEvents kept{epoch, top, page_.complete, {}};
  for (const Event& event : page_.events) {
    const Seq seq = event.snapshot.seq;
    kept.events.push_back({seq, framed(epoch, seq, to_string(event.kind), event_message(event, epoch))});
  }
  Resume::Start start = resume_.begin(std::move(kept));
  if (!since_given_ || !start.recovered) {
    const SharedMessage message = subscribed_message(page_.snapshot, epoch, start.recovered);
    socket_->send(framed(epoch, top, "snapshot", message->payload()));
  }
  for (NumberedText& event : start.replay) socket_->send(std::move(event.text));
  if (over_ || page_.snapshot.state == State::finished) end();
  page_ = HistoryPage();
}

}  // namespace

void SubmissionEvents::add_to(Router& router) {
  router.add("GET", "/submissions/{token}/events", [this](Request request) { return open(std::move(request)); });
}

asio::awaitable<Response> SubmissionEvents::open(Request request) {
  const auto token = Token::parse(request.capture);
  if (!token) co_return plain_error(404);
  auto since = last_event_id_of(request);
  if (!since) co_return error_response(since.error());
  auto follower = std::make_shared<Follower>(hub_, *token, *since);
  auto page = co_await past_.after(*token, follower->ask_after());
  if (!page) co_return error_response(page.error());
  const bool has_all = *since && (*since)->epoch == page->epoch && (*since)->seq == page->snapshot.seq;
  if (has_all && page->snapshot.state == State::finished) {
    Response nothing_follows;
    nothing_follows.status = 204;
    co_return nothing_follows;
  }
  follower->set_past(*std::move(page));
  const MakeSocketUser make_user = [follower](Socket& socket) {
    follower->speak_over(socket);
    return follower;
  };
  co_return event_stream_response(make_user);
}

}  // namespace pushjudge
