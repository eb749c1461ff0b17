#pragma once

// The core: one loop that collects what workers and gateways sent, has the engine make one durable turn of it, and only
// then speaks. One thread owns it.

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "proto/endpoints.hpp"
#include "proto/messages.hpp"
#include "queue/engine.hpp"
#include "queue/gatekeeper.hpp"
#include "queue/mailbox.hpp"
#include "queue/problem_desk.hpp"
#include "queue/scheduler.hpp"
#include "queue/socket.hpp"

namespace pushjudge {

struct CoreOptions {
  std::vector<std::string> listen;  // addresses, as for endpoints_of()
  GateOptions gate;                 // who may come to those that are tcp
  SchedulerTimes times;
  std::size_t turn_items_max = 512;       // submissions and settlements in one transaction
  std::uint64_t queue_max = 100'000;      // submissions that may wait; over it the answer is "queue is full"
  std::uint32_t lane_share = 100;         // percent of all slots that one lane may hold; at least one slot
  std::chrono::milliseconds tick{1'000};  // how often gateways hear of the top of the log
  // How long a gateway has for a callback that it was handed, before another may have it.
  std::chrono::milliseconds callback_lease{60'000};
};

class Core {
 public:
  // The engine must post its callbacks to `mailbox`. Throws std::runtime_error when an address cannot be listened on.
  Core(CoreOptions options, Engine& engine, Mailbox& mailbox);

  // Returns when `stop_descriptor` has become readable and the turn under way is committed and spoken of.
  void run(int stop_descriptor);

 private:
  struct Pipe {
    Socket socket;
    SocketMonitor monitor;
  };
  // Who waits for what a turn says of a settlement.
  struct Origin {
    SessionId session = 0;  // 0: the core itself; nobody is told
    bool wants_ack = false;
  };
  struct Asker {
    std::string peer;
    std::uint64_t request = 0;
    auto operator<=>(const Asker&) const = default;
  };
  // What of a settlement makes it the same as one that was sent before: a report, or something else.
  using SettlementKey = std::pair<JobRef, std::size_t>;

  void listen();
  void open_doors(const std::vector<std::string>& addresses);
  void receive(TimePoint now);
  void receive_subscriptions(TimePoint now);
  void wait(int stop_descriptor, TimePoint now);
  void on_lobby(const Letter& letter, TimePoint now);
  void on_uplink(const Letter& letter, TimePoint now);
  void on_progress(Progress progress);
  void on_want_blob(const WantBlob& wanted);
  // Whether a worker's message is of its own session and job. If not it is dropped, and answered where that helps.
  bool is_its_own(const Letter& letter, TimePoint now);
  // The same of a hello: its session, and of the jobs it names those that it may not.
  bool may_join(const Hello& hello, const std::string& key, TimePoint now);
  std::vector<JobRef> take_others(Hello& hello, const std::string& key, TimePoint now);
  void on_gateway(const Letter& letter);
  // The request, or nothing, counted and logged, when the frame does not hold it.
  template <class T>
  std::optional<T> request_of(const Letter& letter);
  void on_submit(const Letter& letter);
  void on_submit_batch(const Letter& letter);
  // Takes one in, unless it is there already; the queue has room for it.
  void take_in(const Asker& asker, Submission submission, std::string idempotency_key);
  void on_cancel(const Letter& letter);
  // Each takes in what a gateway wants of its kind; false: the letter is about something else.
  bool on_cursor(const Letter& letter, MessageType type);
  bool on_administration(const Letter& letter, MessageType type);
  bool on_callback(const Letter& letter, MessageType type);
  bool on_problem(const Letter& letter, MessageType type);
  void on_store_blob(const Letter& letter);
  void on_add_problem(const Letter& letter);
  void on_get_problem(const Letter& letter);
  void order_cursor(const Asker& asker, CursorOrder order);
  bool order(const Asker& asker, Order order);  // false: there are too many, and it was told
  std::uint64_t waiting() const { return engine_.depth().queued + submissions_.size(); }
  bool may_take_submissions() const;
  // Whether the question may be put to the engine now. Not when it is there already, sent again.
  bool begin_read(const Asker& asker);
  // Puts a question to the engine and answers with what `reply` makes of what it found.
  template <class Found, class Ask, class Reply>
  void read(const Asker& asker, Ask ask, Reply reply);
  void end_read(const Asker& asker) { reads_.erase(asker); }
  void on_pipe_changes(TimePoint now);
  void on_door_changes(TimePoint now);
  void on_revoked_keys(TimePoint now);
  void on_timers(TimePoint now);

  Result<Pipe> open_pipe(const Hello& hello, const std::string& key, SessionId session, std::string& endpoint);
  void settle(SessionId session, bool wants_ack, Settlement settlement);
  void requeue(std::vector<Lapse> lapses);
  void end_session(SessionId session);

  void begin_turn(TimePoint now);
  // Who waits for a turn, and for what of it.
  struct Waiting {
    std::vector<Asker> submitters;  // one for each submission
    std::vector<Asker> cancellers;  // one for each cancellation
    std::vector<Settlement> settlements;
    std::vector<Origin> origins;  // one for each settlement
    std::vector<Language> languages;
    std::vector<std::pair<Asker, Order>> orders;
  };
  void end_turn(Result<TurnOutcome> outcome, Waiting waiting);
  void speak(const TurnOutcome& outcome, const Waiting& waiting);
  void answer_canceller(const Asker& asker, const Cancellation& cancellation);
  void answer_order(const Asker& asker, const Order& order, const OrderOutcome& outcome);
  void answer_cursor_asker(const Asker& asker, const CursorOutcome& outcome);
  void answer_adder(const Asker& asker, const AddProblemOrder& order, const AddProblemOutcome& outcome);
  void answer_eraser(const Asker& asker, const Token& token, EraseOutcome outcome);
  static std::vector<Asker> take_askers(const std::vector<Token>& tokens, std::unordered_map<Token, Asker>& askers);
  void withdraw(const Error& error, Waiting waiting);
  // Whether the worker was there to take it.
  bool send_job(const Lease& lease, TimePoint now);
  void answer(const std::string& peer, const std::string& frame);
  void refuse(const Asker& asker, Error error);
  void publish_tick();
  void publish_due_callbacks();
  std::vector<Language> offered() const;
  StatsReport stats(std::uint64_t request) const;
  std::chrono::milliseconds patience(TimePoint now) const;

  CoreOptions options_;
  Engine& engine_;
  Mailbox& mailbox_;
  Scheduler scheduler_;

  SocketContext context_;  // before the sockets, which it outlives
  Gatekeeper gate_;        // likewise
  Socket lobby_;
  Socket uplink_;
  Socket submit_;
  Socket events_;
  std::vector<std::pair<Door, SocketMonitor>> doors_;  // of the four
  std::map<SessionId, Pipe> pipes_;

  // What the next turn will hold.
  std::deque<Arrival> submissions_;
  std::size_t submission_bytes_ = 0;  // of their texts
  std::deque<Token> cancellations_;
  std::deque<Settlement> settlements_;
  std::deque<Origin> settlement_origins_;
  std::vector<Language> languages_;
  std::deque<std::pair<Asker, Order>> orders_;
  std::size_t order_bytes_ = 0;  // of their files and manifests

  // What waits for a turn or is in the one under way: a gateway or worker that says it again is not heard twice, and
  // the last of the askers gets the answer.
  std::unordered_map<Token, Asker> submitting_;
  std::unordered_map<Token, Asker> cancelling_;
  std::set<SettlementKey> settling_;
  std::set<Asker> reads_;    // questions that the engine has
  std::set<Asker> storing_;  // who wants a file stored
  WantedBlobs wanted_blobs_;

  bool turn_under_way_ = false;
  bool stopping_ = false;
  bool work_may_wait_ = true;  // a demand may find something: there is work, or a slot became free
  TimePoint retry_at_;         // after the store refused a turn
  TimePoint tick_at_;
  bool callbacks_were_due_ = false;  // and gateways have heard so
  TimePoint ping_at_;
  std::uint64_t languages_version_ = 0;
};

}  // namespace pushjudge
