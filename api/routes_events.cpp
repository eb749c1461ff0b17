#include "api/routes_events.hpp"

#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>

#include "api/event_stream.hpp"
#include "api/push_protocol.hpp"
#include "api/socket.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using nlohmann::ordered_json;

// One who listens over an event stream. Each event's id says where its reader stands.
class StreamListener final : public SocketUser, public Listener::Ear {
 public:
  StreamListener(Listeners& all, const asio::any_io_executor& executor, const ListenFrame& frame,
                 std::optional<Since> since, Socket& socket)
      : socket_(socket),
        since_(std::move(since)),
        listener_(std::make_shared<Listener>(all, *this, executor, frame.cursor, frame.from_beginning)) {}
  ~StreamListener() override { listener_->stop(); }

  void on_open() override { listener_->start(std::move(since_)); }
  void on_message(bool, std::string) override {}
  void on_closed() override { listener_->stop(); }

  void on_start(const std::string& epoch, GlobalSeq seq) override {
    const SharedMessage message = listening_message(listener_->cursor(), epoch, seq, listener_->window());
    socket_.send(make_chunk(stream_event(stream_id(epoch, seq), "subscribed", message->payload())));
  }
  void on_event(const Event& event, const std::string& epoch, const SharedMessage& message) override {
    const std::string id = stream_id(epoch, event.global_seq);
    socket_.send(make_chunk(stream_event(id, to_string(event.kind), message->payload())));
  }
  void on_end(const Error& error) override {
    const SharedMessage message = error_message(error.message, std::string(kEventsChannel));
    // Not "error", by which a browser calls the end of the connection.
    socket_.send(make_chunk(stream_event("", "end", message->payload())));
    socket_.close(kCloseDrain, error.message);
  }

 private:
  Socket& socket_;
  std::optional<Since> since_;
  std::shared_ptr<Listener> listener_;
};

class StreamFeedReader final : public SocketUser, public Feed::Reader {
 public:
  StreamFeedReader(Feed& feed, Socket& socket) : Reader(feed), socket_(&socket) {}

  void on_open() override {}
  void on_message(bool, std::string) override {}
  void on_closed() override { socket_ = nullptr; }
  void on_feed(const Feed::Shared& message) override {
    if (socket_ != nullptr) socket_->send(message.stream);
  }

 private:
  Socket* socket_;  // null once it is closed
};

}  // namespace

void EventsRoutes::add_to(Router& router) {
  router.add("GET", "/events", guarded(&EventsRoutes::listen));
  router.add("GET", "/cursors", guarded(&EventsRoutes::cursors));
  router.add("POST", "/cursors/{name}/ack", guarded(&EventsRoutes::acknowledge));
  router.add("DELETE", "/cursors/{name}", guarded(&EventsRoutes::remove));
  router.add("GET", "/feed", [this](Request request) { return feed(std::move(request)); });
}

Handler EventsRoutes::guarded(Route route) {
  struct Refusal {
    static asio::awaitable<Response> make(std::string why) { co_return error_response(403, why); }
  };
  return [this, route](Request request) {
    const auto why_not = admission_.refuse_listening(request.caller);
    if (why_not) return Refusal::make(std::string(*why_not));
    return (this->*route)(std::move(request));
  };
}

asio::awaitable<Response> EventsRoutes::listen(Request request) {
  const std::string* cursor = request.query.find("cursor");
  if (cursor == nullptr || !is_cursor_name(*cursor)) co_return error_response(400, kCursorNameRule);
  const auto beginning = from_beginning(request.query.find("from"));
  if (!beginning) co_return error_response(beginning.error());
  const ListenFrame frame{*cursor, *beginning};
  auto since = last_event_id_of(request);
  if (!since) co_return error_response(since.error());
  if (request.method != "HEAD") {
    // So that what is refused has a status. The listener opens it itself, which changes nothing any more.
    const auto at = co_await core_.open_cursor(frame.cursor, frame.from_beginning);
    if (!at) co_return error_response(at.error());
  }
  const auto executor = co_await asio::this_coro::executor;
  co_return event_stream_response([this, executor, frame, since = *std::move(since)](Socket& socket) {
    return std::make_shared<StreamListener>(listeners_, executor, frame, since, socket);
  });
}

asio::awaitable<Response> EventsRoutes::cursors(Request) {
  const auto list = co_await core_.cursors();
  if (!list) co_return error_response(list.error());
  ordered_json all = ordered_json::array();
  for (const Cursor& cursor : list->cursors) {
    // An answer is not of one moment: what was acknowledged may be younger than the top.
    const GlobalSeq lag = list->top > cursor.seq ? list->top - cursor.seq : 0;
    all.push_back(
        {{"name", cursor.name}, {"seq", cursor.seq}, {"lag", lag}, {"moved_at", to_iso8601(cursor.moved_at)}});
  }
  Response response = json_response(200, {{"epoch", list->epoch}, {"top", list->top}, {"cursors", std::move(all)}});
  response.with("Cache-Control", "no-store");
  co_return response;
}

asio::awaitable<Response> EventsRoutes::acknowledge(Request request) {
  auto parsed = parse_acknowledgement(request.body, request.capture);
  if (!parsed) co_return error_response(parsed.error());
  const std::string name = parsed->cursor;
  const auto at = co_await listeners_.acknowledge(name, parsed->epoch, parsed->seq);
  if (!at) co_return error_response(at.error());
  co_return json_response(200, {{"name", name}, {"epoch", at->epoch}, {"seq", at->seq}});
}

asio::awaitable<Response> EventsRoutes::remove(Request request) {
  const auto at = co_await core_.delete_cursor(request.capture);
  if (!at) co_return error_response(at.error());
  co_return json_response(200, {{"name", request.capture}, {"epoch", at->epoch}, {"seq", at->seq}});
}

asio::awaitable<Response> EventsRoutes::feed(Request) {
  co_return event_stream_response([this](Socket& socket) { return std::make_shared<StreamFeedReader>(feed_, socket); });
}

}  // namespace pushjudge
