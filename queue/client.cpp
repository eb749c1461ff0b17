#include "queue/client.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "proto/base/clock.hpp"
#include "proto/base/crash_point.hpp"
#include "proto/base/log.hpp"
#include "proto/endpoints.hpp"
#include "queue/event_cursor.hpp"
#include "queue/keys.hpp"
#include "queue/socket.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr milliseconds kPulse{100};
constexpr milliseconds kRetry{1'000};
constexpr milliseconds kConnectedFor{3'500};
constexpr std::uint32_t kFetchLimit = 1'000;
constexpr int kMessagesMax = 100'000;

using Answer = Result<std::string>;  // the frame, whole

// How much longer than others a frame may take to arrive and be stored: at 4 MB a second.
milliseconds extra_time(const std::string& frame) {
  return milliseconds(frame.size() / 4'096);
}

SocketOptions options_of(bool queue_before_connected) {
  SocketOptions options;
  options.messages_max = kMessagesMax;
  options.queue_before_connected = queue_before_connected;
  return options;
}

// The number of the request that a frame answers: it stands first in the body of each.
std::optional<std::uint64_t> request_of(std::string_view frame) {
  if (frame.size() < 2 + sizeof(std::uint64_t)) return std::nullopt;
  std::uint64_t request = 0;
  for (std::size_t i = 0; i < sizeof request; ++i) {
    request |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(frame[2 + i])) << (8 * i);
  }
  return request;
}

template <class T>
Result<T> read_answer(Answer answer) {
  if (!answer) return answer.error();
  if (auto refused = decode<Refused>(*answer)) return std::move(refused->error);
  auto message = decode<T>(*answer);
  if (!message) return Error{Errc::internal, "the core's answer cannot be read"};
  return *std::move(message);
}

}  // namespace

struct CoreClient::State {
  State(asio::io_context& io_context, CoreClientOptions client_options, CoreListener& core_listener)
      : context(io_context),
        options(std::move(client_options)),
        listener(core_listener),
        // Requests are sent again while they are wanted, so none may wait in the socket for a core that comes later.
        requests(sockets, SocketType::dealer, options_of(false)),
        events(sockets, SocketType::sub, options_of(true)),
        requests_ready(io_context),
        events_ready(io_context),
        pulse(io_context) {
    const auto endpoints = endpoints_of(options.queue);
    if (!endpoints) throw std::runtime_error(endpoints.error().message);
    const auto keys = client_keys(options.key_file, options.server_key);
    if (!keys) throw std::runtime_error(keys.error().message);
    // A folder is its own protection, and a core asks for no keys there.
    const bool with_keys = keys->has_value() && options.queue.starts_with("tcp://");
    for (const auto& [socket, endpoint] :
         {std::pair{&requests, &endpoints->submit}, std::pair{&events, &endpoints->events}}) {
      if (with_keys) socket->use_keys(**keys);
      const auto connected = socket->connect(*endpoint);
      if (!connected) throw std::runtime_error(connected.error().message);
    }
    const Uuid random = random_uuid();
    std::memcpy(&origin, random.data(), sizeof origin);
    requests_ready.assign(requests.descriptor());
    events_ready.assign(events.descriptor());
    watch(requests_ready, &State::read_answers);
    watch(events_ready, &State::read_events);
    tick();
  }

  ~State() {
    // ZeroMQ closes its descriptors itself.
    requests_ready.release();
    events_ready.release();
  }

  State(const State&) = delete;
  State& operator=(const State&) = delete;

  using Handler = std::function<void(Answer)>;
  struct Pending {
    std::shared_ptr<const std::string> frame;  // which those that were asked together share
    Handler handler;
    TimePoint sent;
    TimePoint deadline;
    bool own = false;  // the client's own question, which need not wait until the cursor stands
  };

  // ZMQ_FD is edge-triggered: whoever is woken reads until there is nothing, and whoever sends reads afterwards
  // (zmq_getsockopt(3)).
  void watch(asio::posix::stream_descriptor& descriptor, void (State::*read)()) {
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read, [this, &descriptor, read](error_code error) {
      if (error) return;
      (this->*read)();
      watch(descriptor, read);
    });
  }

  void read_answers() {
    while (const auto frame = requests.receive()) {
      heard = Steady::now();
      const auto request = request_of(*frame);
      const auto pending = request ? outstanding.find(*request) : outstanding.end();
      // Unknown: answered already, or given up.
      if (pending == outstanding.end()) continue;
      const Handler handler = std::move(pending->second.handler);
      outstanding.erase(pending);
      handler(*frame);
    }
  }

  void read_events() {
    while (const auto frame = events.receive()) {
      heard = Steady::now();
      if (auto notice = decode<EventNotice>(*frame)) {
        if (!same_epoch(notice->epoch)) continue;
        deliver(cursor.offer(std::make_shared<const Event>(std::move(notice->event))));
      } else if (const auto tick = decode<Tick>(*frame)) {
        if (!same_epoch(tick->epoch)) continue;
        cursor.note_top(tick->top);
        if (tick->languages_version != languages_version) ask_languages(tick->languages_version);
        queue_full = tick->queue_full;
      } else if (decode<CallbacksDue>(*frame)) {
        listener.on_callbacks_due();
      } else if (const auto erased = decode<Forget>(*frame)) {
        listener.on_forget(erased->token);
      } else if (const auto done = decode<TestDone>(*frame)) {
        listener.on_test_done(done->token, done->progress);
      } else if (const auto message = decode<Broadcast>(*frame)) {
        if (message->origin != origin) listener.on_broadcast(message->binary, message->data);
      } else {
        log::warn("malformed_frame_dropped", {{"socket", "events"}, {"bytes", frame->size()}});
      }
    }
    if (cursor.behind()) fetch();
  }

  // False when what follows is of a database that this client does not follow yet: it then starts anew from its top.
  bool same_epoch(const std::string& now) {
    if (now == epoch) return cursor.started();
    if (starting) return false;
    start();
    return false;
  }

  // Whether requests may go out. Until the cursor stands they wait: so what a client is told of the past, and what the
  // cursor lets through afterwards, leave no gap between them.
  bool ready() const { return cursor.started() && !starting; }

  // Learns where the log stands.
  void start() {
    starting = true;
    const std::uint64_t request = ++last_request;
    ask_until_answered(request, encode(Stats{request}), [this](Answer answer) {
      starting = false;
      const auto stats = read_answer<StatsReport>(std::move(answer));
      if (!stats) return;  // the pulse tries again
      const bool changed = !epoch.empty() && stats->epoch != epoch;
      epoch = stats->epoch;
      cursor.start(stats->top);
      if (changed) listener.on_epoch(epoch);
      send_what_waited();
      ask_languages(languages_version);
    });
  }

  void fetch() {
    if (fetching) return;
    fetching = true;
    const std::uint64_t request = ++last_request;
    ask_until_answered(request, encode(Fetch{request, cursor.last(), kFetchLimit}), [this](Answer answer) {
      fetching = false;
      auto fetched = read_answer<Fetched>(std::move(answer));
      if (!fetched || fetched->epoch != epoch) return;
      std::vector<EventCursor::EventPtr> found;
      for (Event& event : fetched->events) found.push_back(std::make_shared<const Event>(std::move(event)));
      const bool progress = !found.empty();
      log::info("events_fetched", {{"count", found.size()}, {"after", cursor.last()}});
      deliver(cursor.offer_fetched(std::move(found)));
      if (cursor.behind() && progress) fetch();
    });
  }

  void ask_languages(std::uint64_t version) {
    if (asking_languages) return;
    asking_languages = true;
    const std::uint64_t request = ++last_request;
    ask_until_answered(request, encode(Languages{request}), [this, version](Answer answer) {
      asking_languages = false;
      auto list = read_answer<LanguageList>(std::move(answer));
      if (!list) return;
      languages = std::make_shared<const std::vector<Language>>(std::move(list->languages));
      languages_version = version;
    });
  }

  void deliver(const std::vector<EventCursor::EventPtr>& ready) {
    for (const EventCursor::EventPtr& event : ready) listener.on_event(event, epoch);
  }

  void ask_until_answered(std::uint64_t request, std::string frame, Handler handler) {
    enlist(request, std::make_shared<const std::string>(std::move(frame)), std::move(handler), true);
  }

  void enlist(std::uint64_t request, std::shared_ptr<const std::string> frame, Handler handler, bool own) {
    const TimePoint now = Steady::now();
    if (own || ready()) to_send.push_back(request);
    const TimePoint deadline = now + options.request_timeout + extra_time(*frame);
    outstanding[request] = {std::move(frame), std::move(handler), now, deadline, own};
    if (sending) return;
    sending = true;
    asio::post(context, [this] { send_together(); });
  }

  // What was asked since the loop went round: sent in one go, ZeroMQ wakes its own thread, and that the core, once.
  void send_together() {
    sending = false;
    std::shared_ptr<const std::string> last;
    for (const std::uint64_t request : to_send) {
      const auto pending = outstanding.find(request);
      if (pending == outstanding.end() || pending->second.frame == last) continue;
      last = pending->second.frame;
      requests.send(*last);
      if (!pending->second.own) crash_point("gateway.request_sent");
    }
    to_send.clear();
    read_answers();
  }

  void send_what_waited() {
    const TimePoint now = Steady::now();
    std::set<std::shared_ptr<const std::string>> sent;
    for (auto& [request, pending] : outstanding) {
      if (pending.own) continue;
      pending.sent = now;
      if (sent.insert(pending.frame).second) requests.send(*pending.frame);
    }
  }

  // Completes with the frame that answers, or with an error.
  asio::awaitable<Answer> ask(std::uint64_t request, std::string frame) {
    Frames frames(1, std::make_shared<const std::string>(std::move(frame)));
    std::vector<Answer> answers = co_await ask_all(request, std::move(frames));
    co_return std::move(answers.front());
  }

  // The same of many, whose numbers rise from `first`. A frame that is answered many times stands there as often.
  using Frames = std::vector<std::shared_ptr<const std::string>>;
  asio::awaitable<std::vector<Answer>> ask_all(std::uint64_t first, Frames frames) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(std::vector<Answer>)>(
        [this](auto completion, std::uint64_t first_request, Frames asked_frames) {
          const std::size_t answers_wanted = asked_frames.size();
          struct Asked {
            decltype(completion) complete;
            std::vector<Answer> answers;
            std::size_t missing;
          };
          auto asked = std::make_shared<Asked>(
              Asked{std::move(completion), std::vector<Answer>(answers_wanted, Error{}), answers_wanted});
          const auto on_answer = [this, asked](std::size_t which, Answer answer) {
            asked->answers[which] = std::move(answer);
            if (--asked->missing > 0) return;
            asio::post(context, [asked]() mutable { asked->complete(std::move(asked->answers)); });
          };
          if (outstanding.size() + answers_wanted > options.outstanding_max) {
            for (std::size_t i = 0; i < answers_wanted; ++i) {
              on_answer(i, Error{Errc::busy, "too many requests wait for the core"});
            }
            return;
          }
          if (!cursor.started() && !starting) start();
          for (std::size_t i = 0; i < answers_wanted; ++i) {
            Handler handler = [on_answer, i](Answer answer) { on_answer(i, std::move(answer)); };
            enlist(first_request + i, std::move(asked_frames[i]), std::move(handler), false);
          }
        },
        asio::use_awaitable, first, std::move(frames));
  }

  // Asks a question that says its number itself.
  template <class T, class Question>
  asio::awaitable<Result<T>> ask_for(Question question) {
    question.request = ++last_request;
    std::string frame = encode(question);
    Answer answer = co_await ask(question.request, std::move(frame));
    co_return read_answer<T>(std::move(answer));
  }

  // Asks for something of which the rest comes as events. An answer from a database that this client does not follow
  // yet is asked for again: what happened there since is not on its way here.
  template <class T, class Question>
  asio::awaitable<Result<T>> ask_in_step(Question question) {
    for (;;) {
      auto answered = co_await ask_for<T>(question);
      if (!answered || answered->epoch == epoch) co_return answered;
      if (!starting) start();
    }
  }

  // Sends again what has not been answered, and gives up what has waited too long.
  void tick() {
    const TimePoint now = Steady::now();
    if (!cursor.started() && !starting) start();
    if (cursor.behind()) fetch();
    std::vector<Handler> late;
    std::set<std::shared_ptr<const std::string>> sent;
    for (auto pending = outstanding.begin(); pending != outstanding.end();) {
      if (now >= pending->second.deadline) {
        late.push_back(std::move(pending->second.handler));
        pending = outstanding.erase(pending);
        continue;
      }
      // Everything else waits for the first answer, so that one is asked for at each pulse.
      const bool due =
          ready() ? now - pending->second.sent >= kRetry + extra_time(*pending->second.frame) : pending->second.own;
      if (due) {
        pending->second.sent = now;
        if (sent.insert(pending->second.frame).second) requests.send(*pending->second.frame);
      }
      ++pending;
    }
    for (const Handler& handler : late) handler(Error{Errc::unavailable, "the core does not answer"});
    read_answers();
    pulse.expires_after(kPulse);
    pulse.async_wait([this](error_code error) {
      if (!error) tick();
    });
  }

  asio::io_context& context;
  CoreClientOptions options;
  CoreListener& listener;

  SocketContext sockets;  // before the sockets, which it outlives
  Socket requests;
  Socket events;
  asio::posix::stream_descriptor requests_ready;
  asio::posix::stream_descriptor events_ready;
  asio::steady_timer pulse;

  std::uint64_t origin = 0;  // this gateway, in the broadcast room
  std::uint64_t last_request = 0;
  std::unordered_map<std::uint64_t, Pending> outstanding;
  std::vector<std::uint64_t> to_send;
  bool sending = false;  // send_together() is posted

  std::string epoch;
  EventCursor cursor;
  std::shared_ptr<const std::vector<Language>> languages;
  std::uint64_t languages_version = 0;
  bool queue_full = false;
  bool starting = false;
  bool fetching = false;
  bool asking_languages = false;
  TimePoint heard{};
};

CoreClient::CoreClient(asio::io_context& context, CoreClientOptions options, CoreListener& listener)
    : state_(std::make_unique<State>(context, std::move(options), listener)) {}
CoreClient::~CoreClient() = default;

asio::awaitable<Result<Submitted>> CoreClient::submit(Submission submission, std::string idempotency_key) {
  return state_->ask_for<Submitted>(Submit{0, std::move(submission), std::move(idempotency_key)});
}

asio::awaitable<std::vector<Result<Submitted>>> CoreClient::submit_batch(std::vector<SubmitBatch::Entry> entries) {
  const std::size_t count = entries.size();
  if (count == 0) co_return std::vector<Result<Submitted>>();
  SubmitBatch message{state_->last_request + 1, std::move(entries)};
  state_->last_request += count;
  State::Frames frames(count, std::make_shared<const std::string>(encode(message)));
  message.entries.clear();
  std::vector<Answer> answers = co_await state_->ask_all(message.first_request, std::move(frames));
  std::vector<Result<Submitted>> submitted;
  for (Answer& answer : answers) submitted.push_back(read_answer<Submitted>(std::move(answer)));
  co_return submitted;
}

asio::awaitable<Result<Cancelled>> CoreClient::cancel(Token token) {
  return state_->ask_for<Cancelled>(Cancel{0, token});
}

asio::awaitable<Result<Got>> CoreClient::get(Token token) {
  return state_->ask_for<Got>(Get{0, token});
}

asio::awaitable<std::vector<Result<Got>>> CoreClient::get_all(std::vector<Token> tokens) {
  if (tokens.empty()) co_return std::vector<Result<Got>>();
  const std::uint64_t first = state_->last_request + 1;
  State::Frames frames;
  for (const Token& token : tokens) {
    frames.push_back(std::make_shared<const std::string>(encode(Get{++state_->last_request, token})));
  }
  std::vector<Answer> answers = co_await state_->ask_all(first, std::move(frames));
  std::vector<Result<Got>> all;
  for (Answer& answer : answers) all.push_back(read_answer<Got>(std::move(answer)));
  co_return all;
}

asio::awaitable<Result<HistoryPage>> CoreClient::history(Token token, Seq after) {
  return state_->ask_in_step<HistoryPage>(History{0, token, after});
}

asio::awaitable<Result<StatsReport>> CoreClient::stats() {
  return state_->ask_for<StatsReport>(Stats{});
}

asio::awaitable<Result<Listed>> CoreClient::list(std::uint64_t offset, std::uint32_t limit) {
  return state_->ask_for<Listed>(List{0, offset, limit});
}

asio::awaitable<Result<Erased>> CoreClient::erase(Token token) {
  return state_->ask_for<Erased>(Erase{0, token});
}

asio::awaitable<Result<Statistics>> CoreClient::statistics() {
  return state_->ask_for<Statistics>(GetStatistics{});
}

asio::awaitable<Result<CallbacksClaimed>> CoreClient::claim_callbacks(std::uint32_t limit) {
  return state_->ask_for<CallbacksClaimed>(ClaimCallbacks{0, limit});
}

asio::awaitable<Result<CallbackSettled>> CoreClient::settle_callback(SettleCallback settled) {
  return state_->ask_for<CallbackSettled>(std::move(settled));
}

asio::awaitable<Result<Fetched>> CoreClient::events_after(GlobalSeq after, std::uint32_t limit) {
  return state_->ask_in_step<Fetched>(Fetch{0, after, limit});
}

asio::awaitable<Result<CursorAt>> CoreClient::open_cursor(std::string name, bool from_beginning) {
  return state_->ask_in_step<CursorAt>(OpenCursor{0, std::move(name), from_beginning});
}

asio::awaitable<Result<CursorAt>> CoreClient::acknowledge(std::string name, std::string epoch, GlobalSeq seq) {
  Acknowledge message{++state_->last_request, std::move(name), std::move(epoch), seq};
  std::string frame = encode(message);
  Answer answer = co_await state_->ask(message.request, std::move(frame));
  crash_point("gateway.cursor_at");
  co_return read_answer<CursorAt>(std::move(answer));
}

asio::awaitable<Result<CursorAt>> CoreClient::delete_cursor(std::string name) {
  return state_->ask_for<CursorAt>(DeleteCursor{0, std::move(name)});
}

asio::awaitable<Result<CursorList>> CoreClient::cursors() {
  return state_->ask_for<CursorList>(ListCursors{});
}

asio::awaitable<Result<BlobStored>> CoreClient::store_blob(std::string bytes) {
  return state_->ask_for<BlobStored>(StoreBlob{0, std::move(bytes)});
}

asio::awaitable<Result<ProblemAdded>> CoreClient::add_problem(std::string manifest, bool publish) {
  return state_->ask_for<ProblemAdded>(AddProblem{0, std::move(manifest), publish});
}

asio::awaitable<Result<ProblemRemoved>> CoreClient::remove_problem(std::string slug) {
  return state_->ask_for<ProblemRemoved>(RemoveProblem{0, std::move(slug)});
}

asio::awaitable<Result<ProblemList>> CoreClient::problems() {
  return state_->ask_for<ProblemList>(ListProblems{});
}

asio::awaitable<Result<ProblemGot>> CoreClient::problem(std::string reference) {
  return state_->ask_for<ProblemGot>(GetProblem{0, std::move(reference)});
}

std::shared_ptr<const std::vector<Language>> CoreClient::languages() const {
  return state_->languages;
}

void CoreClient::broadcast(bool binary, std::string data) {
  // Lossy by contract: where no core listens there is no other gateway to reach.
  state_->requests.send(encode(Broadcast{state_->origin, binary, std::move(data)}));
}

bool CoreClient::queue_full() const {
  return state_->queue_full;
}

bool CoreClient::connected() const {
  return Steady::now() - state_->heard < kConnectedFor;
}

}  // namespace pushjudge
