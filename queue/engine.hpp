#pragma once

// The durable store behind the core, as an interface. Whatever keeps it must pass tests/contract.
//
// A *turn* is everything the core learned since the last one: it becomes one durable transaction, and only when that is
// on the disk does the core answer anybody ("commit, then speak"). A turn is all or nothing. Inside a turn the order
// is: submissions are accepted, settlements applied, submissions cancelled, demands served, orders done; so a
// submission can be accepted and handed out by one transaction, and a report that came in time wins over a
// cancellation.
//
// Where a settlement is the report of an accepted submission to a function problem, the same transaction sets its
// percentiles and counts it for those that follow; but not of a trial, nor of one that names the version itself, as
// authors do who try a problem out. One that is erased later stays counted.
//
// Thread-compatible: one owner thread calls everything. Callbacks are run on the owner's thread, through the `post`
// function that the engine was made with, or before the call returns. One turn at a time may be under way; reads run
// beside it.

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "proto/base/clock.hpp"
#include "proto/base/result.hpp"
#include "proto/event.hpp"
#include "proto/ids.hpp"
#include "proto/language.hpp"
#include "proto/messages.hpp"
#include "proto/problem.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

using SessionId = std::uint64_t;  // a worker's session at the core; 0 is nobody

// Over it no cursor is made.
inline constexpr std::size_t kCursorsMax = 4'096;

// Over them no problem is added.
inline constexpr std::size_t kProblemsMax = 10'000;  // that are published
inline constexpr std::size_t kProblemVersionsMax = 50'000;

// How often a job may be handed out before the fault is ours: it then ends as internal_error.
inline constexpr std::uint32_t kAttemptsMax = 3;

// ---- what goes into a turn

// Something about a job that was handed out. Applied only if `ref` is its latest hand-out.
struct Settlement {
  struct Compiled {
    std::uint64_t wall_us = 0;
  };
  struct Finished {
    Report report;
  };
  struct Lost {  // the worker failed or vanished: again, up to kAttemptsMax
    std::string reason;
  };
  struct Released {  // the worker gave it back before it began: again, and the attempt is not counted
    std::string reason;
  };
  JobRef ref;
  std::variant<Compiled, Finished, Lost, Released> what;
};

// A worker with free slots. Served with submissions in languages that it offers, in the order of FairQueue.
struct Demand {
  SessionId session = 0;
  std::string worker;  // its name
  std::vector<std::int32_t> languages;
  std::uint32_t slots = 0;
};

// A submission that came in, with the key by which its sender may send it again (empty: none). One that names a problem
// without its version comes too late or for nothing: it is a submission only where it is known from before.
struct Arrival {
  Submission submission;
  std::string idempotency_key;
};

// What else is to be done in a turn. Each may be asked for again and is done once.
//
// What is to become of a cursor.
struct CursorOrder {
  struct Open {  // makes it where there is none: before the first event, or after the last of this turn
    bool from_beginning = false;
  };
  struct Acknowledge {  // moves it to `seq`, never back
    GlobalSeq seq = 0;
  };
  struct Delete {};
  std::string name;
  std::variant<Open, Acknowledge, Delete> what;
};

// Takes away what a submission consisted of and what came of it, once it is finished.
struct EraseOrder {
  Token token;
};

// Hands out callbacks that are due, those first that have waited longest.
struct ClaimOrder {
  std::uint32_t limit = 0;
  UnixMillis until = 0;  // what is not settled then is due again
};

// What became of one that was handed out. Nothing happens if `tries` is not that of its latest hand-out.
struct SettleOrder {
  JobId job = 0;
  std::uint32_t tries = 0;
  CallbackFate fate = CallbackFate::delivered;
  UnixMillis retry_at = 0;
  std::string failure;
};

// Keeps a file of a problem. `digest` is that of the bytes: whoever makes the order has seen to it.
struct StoreBlobOrder {
  Digest digest;
  std::shared_ptr<const std::string> bytes;
};

// Keeps a problem, if all its files are there, and has its slug name it.
struct AddProblemOrder {
  ProblemCard card;  // of the manifest, but for published_at
  std::vector<Blob> files;
  std::shared_ptr<const std::string> manifest;
  bool publish = true;    // else its slug names what it named before
  bool function = false;  // it is a function problem: what accepted submissions take is compared
};

// Has a slug name nothing any more.
struct RemoveProblemOrder {
  std::string slug;
};

using Order =
    std::variant<CursorOrder, EraseOrder, ClaimOrder, SettleOrder, StoreBlobOrder, AddProblemOrder, RemoveProblemOrder>;

struct Turn {
  UnixMillis now = 0;
  std::vector<Arrival> submissions;
  std::vector<Settlement> settlements;
  std::vector<Token> cancellations;  // submissions to be ended unless they are finished
  std::vector<Demand> demands;
  std::uint32_t lane_running_max = std::numeric_limits<std::uint32_t>::max();  // jobs of one lane that run at once
  std::vector<Language> languages;  // offered by workers that joined; remembered
  std::vector<Order> orders;

  bool empty() const {
    return submissions.empty() && settlements.empty() && cancellations.empty() && demands.empty() &&
           languages.empty() && orders.empty();
  }
};

// ---- what comes out of it

struct Receipt {
  JobId job = 0;
  Seq seq = 0;
  bool replayed = false;  // the token or the key was known; nothing new was stored
  bool other = false;     // the key is another submission's: nothing was stored, and `token` is not given away
  Token token{};          // of what is stored
  std::optional<std::string>
      no_problem{};  // the problem that it names, of which it says no version: nothing was stored
};

struct Cancellation {
  enum class Code : std::uint8_t { done, before, finished, unknown };
  Code code = Code::unknown;
  Seq seq = 0;                    // done, before: of the event that says so
  std::optional<JobRef> running;  // done: the hand-out that this ends
};

struct CursorOutcome {
  enum class Code : std::uint8_t { done, unknown, beyond_top, too_many };
  Code code = Code::done;
  GlobalSeq seq = 0;  // done: where it stands, or stood when it was deleted
};

// unfinished: nothing happened. done, also where it was erased before and its place in the log is known.
enum class EraseOutcome : std::uint8_t { done, unfinished, unknown };

using ClaimOutcome = std::vector<DueCallback>;
struct SettleOutcome {};

struct StoreBlobOutcome {};

// But for done, nothing happened.
struct AddProblemOutcome {
  enum class Code : std::uint8_t { done, missing, other_size, too_many };
  Code code = Code::done;
  std::vector<Digest> files;  // missing; other_size: whose size is not what the manifest says
};

enum class RemoveProblemOutcome : std::uint8_t { done, unknown };

using OrderOutcome = std::variant<CursorOutcome, EraseOutcome, ClaimOutcome, SettleOutcome, StoreBlobOutcome,
                                  AddProblemOutcome, RemoveProblemOutcome>;

struct Lease {
  SessionId session = 0;
  JobRef ref;
  std::uint32_t attempt = 0;
  Submission submission;
};

struct TurnOutcome {
  std::vector<Receipt> receipts;        // one for each submission, in order
  std::vector<AckCode> settled;         // one for each settlement, in order
  std::vector<Cancellation> cancelled;  // one for each cancellation, in order
  std::vector<Lease> leases;
  std::vector<Event> events;         // in the order of global_seq
  std::vector<OrderOutcome> orders;  // one for each, in order; of the same kind
};

// A job that was handed out when the core last stopped.
struct OpenLease {
  JobRef ref;
  std::string worker;
  Token token{};
};

struct OfferedLanguage {
  Language language;
  UnixMillis offered_at = 0;  // when a turn last named it
};

// About how much memory its texts take.
inline std::size_t bytes_of(const Report& report) {
  std::size_t sum = report.stdout_text.size() + report.stderr_text.size() + report.compile_output.size();
  for (const TestResult& test : report.tests) {
    sum += sizeof test + test.name.size() + test.message.size() + test.judge_message.size();
    if (const auto& shown = test.shown) {
      sum += shown->input.size() + shown->expected.size() + shown->answer.size() + shown->stdout_text.size();
    }
  }
  return sum;
}

struct Record {
  Submission submission;
  Snapshot snapshot;
};

struct HistoryView {
  bool complete = true;  // false: the log does not hold all events after `after`
  Snapshot snapshot;
  std::vector<Event> events;
};

struct Listing {
  std::vector<Token> tokens;
  std::uint64_t total = 0;
};

// The problems there are.
struct ProblemCatalog {
  std::map<std::string, ProblemCard, std::less<>> published;  // by slug
  std::map<Digest, std::string> versions;                     // all, with their slugs
};

struct Depth {
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
};

template <class T>
using Callback = std::function<void(Result<T>)>;

class Engine {
 public:
  virtual ~Engine() = default;

  // Error: `unavailable` (disk full, I/O error): nothing of the turn happened.
  virtual void commit(Turn turn, Callback<TurnOutcome> done) = 0;

  // Reads, each of one committed state. Errors: not_found, unavailable.
  virtual void get(Token token, Callback<Record> done) = 0;
  virtual void history(Token token, Seq after, Callback<HistoryView> done) = 0;
  virtual void events(GlobalSeq after, std::uint32_t limit, Callback<std::vector<Event>> done) = 0;
  virtual void cursors(Callback<std::vector<Cursor>> done) = 0;  // by name
  // These look at everything, and keep none of the others waiting.
  virtual void list(std::uint64_t offset, std::uint32_t limit, Callback<Listing> done) = 0;  // the newest first
  virtual void statistics(UnixMillis now, Callback<Statistics> done) = 0;

  // A file of a problem; also a manifest, by the problem's version.
  virtual void blob(Digest digest, Callback<std::string> done) = 0;

  // Known without asking the disk. Owner's thread.
  virtual std::vector<OpenLease> open_leases() const = 0;      // as found when the engine was opened
  virtual std::vector<OfferedLanguage> languages() const = 0;  // all that were ever offered, by id
  virtual const ProblemCatalog& problems() const = 0;          // good until the next callback
  virtual Depth depth() const = 0;
  virtual std::optional<UnixMillis> next_callback() const = 0;  // when one is due; nothing: there is none
  virtual GlobalSeq top() const = 0;                            // global_seq of the last committed event
  virtual const std::string& epoch() const = 0;   // changes with the database: every seq a client holds is then void
  virtual std::uint32_t incarnation() const = 0;  // rises with every start of the core
};

}  // namespace pushjudge
