#pragma once

// The frames between core, workers and gateways. Each message is one ZeroMQ frame: a type byte, a version byte, the
// body. encode() gives the whole frame; decode<T>() gives nothing for a frame of another type, an unknown version, or
// one that does not hold what it promises. How to add a field: proto/README.md. Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"
#include "proto/event.hpp"
#include "proto/ids.hpp"
#include "proto/language.hpp"
#include "proto/problem.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

inline constexpr std::uint8_t kWireVersion = 5;

// Over this a peer is closed by ZeroMQ (ZMQ_MAXMSGSIZE).
inline constexpr std::int64_t kFrameBytesMax = 48 << 20;

enum class MessageType : std::uint8_t {
  // workers and core
  hello = 1,
  welcome = 2,
  job = 3,
  credit = 4,
  beat = 5,
  progress = 6,
  compiled = 7,
  finished = 8,
  failed = 9,
  ack = 10,
  drop = 11,
  ping = 12,
  drain = 13,
  bye = 14,
  want_blob = 15,
  blob = 16,
  // gateways and core: requests and their answers
  submit = 32,
  submitted = 33,
  get = 34,
  got = 35,
  history = 36,
  history_page = 37,
  fetch = 38,
  fetched = 39,
  languages = 40,
  language_list = 41,
  stats = 42,
  stats_report = 43,
  refused = 44,
  cancel = 45,
  cancelled = 46,
  open_cursor = 47,
  acknowledge = 48,
  delete_cursor = 49,
  cursor_at = 50,
  list_cursors = 51,
  cursor_list = 52,
  list = 53,
  listed = 54,
  erase = 55,
  erased = 56,
  statistics = 57,
  statistics_report = 58,
  submit_batch = 59,
  claim_callbacks = 60,
  callbacks_claimed = 61,
  settle_callback = 62,
  callback_settled = 63,
  // core to every gateway
  event = 64,
  tick = 65,
  broadcast = 66,
  callbacks_due = 67,
  forget = 68,
  test_done = 69,
  // gateways and core, about problems
  store_blob = 80,
  blob_stored = 81,
  add_problem = 82,
  problem_added = 83,
  remove_problem = 84,
  problem_removed = 85,
  list_problems = 86,
  problem_list = 87,
  get_problem = 88,
  problem_got = 89,
};

std::optional<MessageType> message_type(std::string_view frame);

// ---- worker to core, lobby (REQ/ROUTER)

struct Hello {
  Uuid worker{};
  std::string name;         // for people; "host/pid" unless told
  std::string queue;        // the address the worker came by, so that the core answers with one it can reach
  std::uint32_t slots = 1;  // how many jobs it runs at once
  std::vector<Language> languages;
  std::vector<JobRef> running;     // jobs it runs, or has finished and holds the report of
  std::uint64_t last_session = 0;  // the one before, 0: none; and the highest pipe_seq that reached it there, so that
  std::uint64_t received = 0;      // what was still on its way is known never to have begun
};

struct Welcome {
  std::uint64_t session = 0;
  std::uint32_t incarnation = 0;  // of the core
  std::uint32_t lease_ms = 0;
  std::uint32_t beat_ms = 0;
  std::string pipe;             // where this worker's jobs come from
  std::vector<JobRef> dropped;  // said to be running, and no longer this worker's: end them and report nothing
};

// ---- core to worker, the worker's own pipe (PUSH/PULL)

struct Job {
  std::uint64_t pipe_seq = 0;  // 1, 2, 3, … on this pipe
  JobRef ref;
  std::uint32_t attempt = 0;
  Submission submission;
};

enum class AckCode : std::uint8_t { committed, duplicate, stale };

// The report is settled one way or another: the worker forgets it.
struct Ack {
  JobRef ref;
  AckCode code = AckCode::committed;
};

// The job is no longer the worker's: it was cancelled. End it and report nothing. When this is lost the job is run to
// its end in vain, and its report is a duplicate.
struct Drop {
  JobRef ref;
};

struct Ping {
  std::uint32_t incarnation = 0;
};

// The file that the worker asked for; nothing where the store has none of that digest.
struct BlobData {
  Digest digest;
  std::optional<std::string> bytes;
};

// ---- worker to core, uplink (PUSH/PULL)

// The highest pipe_seq the worker is willing to receive. Cumulative, so that a lost, doubled or late one does no harm.
struct Credit {
  std::uint64_t session = 0;
  std::uint64_t max_seq = 0;
};

struct Beat {
  std::uint64_t session = 0;
  std::uint64_t max_seq = 0;
  std::vector<JobRef> running;
};

// A test of a problem is done. Lossy: nothing is stored, and nobody says it again.
struct Progress {
  std::uint64_t session = 0;
  JobRef ref;
  TestProgress progress;
};

// The worker needs a file of a problem, the manifest too, which is asked for by the problem's version. Answered on its
// pipe; asked again where no answer comes.
struct WantBlob {
  std::uint64_t session = 0;
  Digest digest;
};

struct Compiled {
  std::uint64_t session = 0;
  JobRef ref;
  std::uint64_t wall_us = 0;
};

struct Finished {
  std::uint64_t session = 0;
  JobRef ref;
  Report report;
};

// The worker could not judge (its sandbox broke, its disk is full): not the program's fault; try elsewhere.
struct Failed {
  std::uint64_t session = 0;
  JobRef ref;
  std::string reason;
};

// The worker takes no more jobs; what it has it finishes.
struct Drain {
  std::uint64_t session = 0;
};

// The worker is gone. What it still has is given back.
struct Bye {
  std::uint64_t session = 0;
};

// What a worker's message on the uplink says of itself before it is read: whose session it speaks in, and which job it
// is about.
struct UplinkSubject {
  std::uint64_t session = 0;
  std::optional<JobRef> job;  // of a Progress, Compiled, Finished or Failed
  bool wants_ack = false;     // of the latter two
};
// Nothing for a frame of another kind, or one that ends too soon.
std::optional<UplinkSubject> uplink_subject(std::string_view frame);

// ---- gateway to core (DEALER/ROUTER); `request` is the gateway's number for the answer to come back with

// What the core says where more submissions wait than may.
inline constexpr std::string_view kQueueIsFull = "queue is full";

struct Submit {
  std::uint64_t request = 0;
  Submission submission;
  std::string idempotency_key;  // of the client's choice; empty: none. One key names one submission, for good
};

// Several at once: all are taken in, or the queue has no room for all of them and none is. Each is answered by itself,
// as if it had come alone, with the numbers `first_request`, `first_request` + 1, …
struct SubmitBatch {
  std::uint64_t first_request = 0;
  struct Entry {
    Submission submission;
    std::string idempotency_key;
  };
  std::vector<Entry> entries;
};

inline constexpr std::size_t kBatchMax = 1'000;

struct Submitted {
  std::uint64_t request = 0;
  std::string epoch;
  Seq seq = 0;
  bool replayed = false;  // nothing new was stored: a gateway asked twice, or a client with its key
  Token token;            // not the one that was sent where the key was known
};

// Ends a submission that is not finished. Asked twice it is done once.
struct Cancel {
  std::uint64_t request = 0;
  Token token;
};

struct Cancelled {
  std::uint64_t request = 0;
  std::string epoch;
  Seq seq = 0;            // of the event that says so
  bool replayed = false;  // it was cancelled before
};

struct Get {
  std::uint64_t request = 0;
  Token token;
};

struct Got {
  std::uint64_t request = 0;
  std::string epoch;
  Submission submission;
  Snapshot snapshot;
};

// The events of one submission after `after`.
struct History {
  std::uint64_t request = 0;
  Token token;
  Seq after = 0;
};

struct HistoryPage {
  std::uint64_t request = 0;
  std::string epoch;
  bool complete = true;       // false: events after `after` are gone; take the snapshot
  Snapshot snapshot;          // as of the last event
  std::vector<Event> events;  // seq rises without holes
};

// The events of all submissions after `after`, at most `limit`.
struct Fetch {
  std::uint64_t request = 0;
  GlobalSeq after = 0;
  std::uint32_t limit = 0;
};

struct Fetched {
  std::uint64_t request = 0;
  std::string epoch;
  std::vector<Event> events;
};

// Makes a cursor (proto/event.hpp) where there is none of that name. Asked twice it is done once.
struct OpenCursor {
  std::uint64_t request = 0;
  std::string name;
  bool from_beginning = false;  // a new one stands before the first event; else after the last
};

// Everything up to `seq` is dealt with. Moves a cursor forwards, never back.
struct Acknowledge {
  std::uint64_t request = 0;
  std::string name;
  std::string epoch;  // of the seq; another one than the core's is refused
  GlobalSeq seq = 0;
};

struct DeleteCursor {
  std::uint64_t request = 0;
  std::string name;
};

// The answer to these three: what was asked for is durable.
struct CursorAt {
  std::uint64_t request = 0;
  std::string epoch;
  GlobalSeq seq = 0;  // where it stands, or stood
  GlobalSeq top = 0;  // of the log
};

struct ListCursors {
  std::uint64_t request = 0;
};

struct CursorList {
  std::uint64_t request = 0;
  std::string epoch;
  GlobalSeq top = 0;
  std::vector<Cursor> cursors;  // by name
};

// The submissions there are, the newest first, without the first `offset`: at most `limit`.
struct List {
  std::uint64_t request = 0;
  std::uint64_t offset = 0;
  std::uint32_t limit = 0;
};

inline constexpr std::uint32_t kListMax = 1'000;

struct Listed {
  std::uint64_t request = 0;
  std::uint64_t total = 0;
  std::vector<Token> tokens;
};

// Takes away what a submission consisted of and what came of it. Only its place in the log stays, with its verdict and
// what it cost; its token names nothing any more.
struct Erase {
  std::uint64_t request = 0;
  Token token;
};

struct Erased {
  std::uint64_t request = 0;
};

struct GetStatistics {
  std::uint64_t request = 0;
};

// Of all submissions but those that were erased.
struct Statistics {
  struct Count {
    std::int64_t key = 0;
    std::uint64_t count = 0;
    bool operator==(const Count&) const = default;
  };
  std::uint64_t request = 0;
  std::uint64_t total = 0;
  std::vector<Count> days;       // days since 1970-01-01 (UTC) on which they came in, of the last 31; rising
  std::vector<Count> languages;  // ids, rising
  std::vector<Count> statuses;   // Judge0's ids, rising
  std::uint64_t database_bytes = 0;
  std::uint64_t callbacks_waiting = 0;
  std::uint64_t callbacks_given_up = 0;
};

// Somebody is to be told that a submission has ended, and has not been yet.
struct DueCallback {
  JobId job = 0;
  std::uint32_t tries = 0;  // how often it was handed out, this time included
  std::string url;
  Snapshot snapshot;
};

// Hands out callbacks that are due. Each is the gateway's for a while (CoreOptions::callback_lease); what is not
// settled by then is handed out again.
struct ClaimCallbacks {
  std::uint64_t request = 0;
  std::uint32_t limit = 0;
};

inline constexpr std::uint32_t kClaimMax = 100;

struct CallbacksClaimed {
  std::uint64_t request = 0;
  std::string epoch;
  std::vector<DueCallback> callbacks;
};

enum class CallbackFate : std::uint8_t { delivered, retry, given_up };

// What became of a callback that was handed out. Asked twice it is done once; ignored when it was handed out again
// since.
struct SettleCallback {
  std::uint64_t request = 0;
  JobId job = 0;
  std::uint32_t tries = 0;  // of the hand-out that is meant
  CallbackFate fate = CallbackFate::delivered;
  std::uint64_t retry_after_ms = 0;  // with retry
  std::string failure;               // why it was not delivered
};

struct CallbackSettled {
  std::uint64_t request = 0;
};

struct Languages {
  std::uint64_t request = 0;
};

struct LanguageList {
  std::uint64_t request = 0;
  std::vector<Language> languages;  // by id
};

struct Stats {
  std::uint64_t request = 0;
};

struct WorkerStats {
  std::string name;
  std::uint32_t slots = 0;
  std::uint32_t running = 0;
  bool draining = false;
};

struct StatsReport {
  std::uint64_t request = 0;
  std::string epoch;
  GlobalSeq top = 0;
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
  std::uint64_t malformed_frames = 0;  // dropped since the core started
  std::vector<WorkerStats> workers;
  std::uint64_t refused_frames = 0;       // dropped because the sender's key gives no right to them
  std::uint64_t refused_connections = 0;  // that failed to prove themselves, or did not keep to the protocol
  std::uint64_t cpu_us = 0;               // CPU time that the core has used since it started; 0: it does not say
  std::uint64_t queue_max = 0;            // how many submissions may wait
};

struct Refused {
  std::uint64_t request = 0;
  Error error;
};

// ---- core to every gateway (PUB/SUB)

struct EventNotice {
  std::string epoch;
  Event event;
};

// Once a second, so that the loss of the last event is noticed too.
struct Tick {
  std::string epoch;
  GlobalSeq top = 0;
  std::uint64_t languages_version = 0;  // changes when the list of languages may have
  bool queue_full = false;              // the core takes no submission at the moment
};

// A message of the broadcast room: from a gateway to the core, and from there to every gateway.
struct Broadcast {
  std::uint64_t origin = 0;  // the gateway that took it in, and has passed it to its own clients already
  bool binary = false;
  std::string data;
};

// Callbacks are there to be claimed. Said again while it is so.
struct CallbacksDue {
  std::string epoch;
};

// What is remembered of a submission is to be forgotten: it was erased.
struct Forget {
  Token token;
};

// To every gateway: a test of a submission is done.
struct TestDone {
  Token token;
  TestProgress progress;
};

// ---- gateway to core, about problems

// Keeps a file by its digest; done once, however often it is asked for.
struct StoreBlob {
  std::uint64_t request = 0;
  std::string bytes;
};
struct BlobStored {
  std::uint64_t request = 0;
  Digest digest;
};

// Keeps a problem, and makes it the one that its slug names unless it is a draft: that can be named by its version
// alone. Refused as invalid for what is no manifest.
struct AddProblem {
  std::uint64_t request = 0;
  std::string manifest;
  bool publish = true;
};
struct ProblemAdded {
  std::uint64_t request = 0;
  std::string slug;
  Digest version;
  std::vector<Digest> missing;  // files that are to be stored first; where there are any, nothing was done
};

// The slug names nothing any more; what was submitted stays as it is. Refused as not_found.
struct RemoveProblem {
  std::uint64_t request = 0;
  std::string slug;
};
struct ProblemRemoved {
  std::uint64_t request = 0;
};

struct ListProblems {
  std::uint64_t request = 0;
};
// A published one, without its texts.
struct ProblemCard {
  std::string slug;
  std::string title;
  Digest version;
  UnixMillis published_at = 0;
  bool scoring = false;
  std::optional<double> score_max;
  std::uint64_t time_ms = 0;
  std::uint64_t memory_kib = 0;
  std::uint32_t tests = 0;
};
struct ProblemList {
  std::uint64_t request = 0;
  std::vector<ProblemCard> problems;  // by slug
};

// By a ProblemReference. Refused as not_found.
struct GetProblem {
  std::uint64_t request = 0;
  std::string reference;
};
struct ProblemGot {
  std::uint64_t request = 0;
  Digest version;
  UnixMillis published_at = 0;  // 0: a draft
  std::string manifest;
};

std::string encode(const Hello&);
std::string encode(const Welcome&);
std::string encode(const Job&);
std::string encode(const Credit&);
std::string encode(const Beat&);
std::string encode(const Compiled&);
std::string encode(const Finished&);
std::string encode(const Failed&);
std::string encode(const Ack&);
std::string encode(const Drop&);
std::string encode(const Ping&);
std::string encode(const Drain&);
std::string encode(const Bye&);
std::string encode(const Submit&);
std::string encode(const SubmitBatch&);
std::string encode(const Submitted&);
std::string encode(const Cancel&);
std::string encode(const Cancelled&);
std::string encode(const Get&);
std::string encode(const Got&);
std::string encode(const History&);
std::string encode(const HistoryPage&);
std::string encode(const Fetch&);
std::string encode(const Fetched&);
std::string encode(const OpenCursor&);
std::string encode(const Acknowledge&);
std::string encode(const DeleteCursor&);
std::string encode(const CursorAt&);
std::string encode(const ListCursors&);
std::string encode(const CursorList&);
std::string encode(const List&);
std::string encode(const Listed&);
std::string encode(const Erase&);
std::string encode(const Erased&);
std::string encode(const GetStatistics&);
std::string encode(const Statistics&);
std::string encode(const ClaimCallbacks&);
std::string encode(const CallbacksClaimed&);
std::string encode(const SettleCallback&);
std::string encode(const CallbackSettled&);
std::string encode(const Languages&);
std::string encode(const LanguageList&);
std::string encode(const Stats&);
std::string encode(const StatsReport&);
std::string encode(const Refused&);
std::string encode(const EventNotice&);
std::string encode(const Tick&);
std::string encode(const Broadcast&);
std::string encode(const CallbacksDue&);
std::string encode(const Forget&);
std::string encode(const Progress&);
std::string encode(const WantBlob&);
std::string encode(const BlobData&);
std::string encode(const TestDone&);
std::string encode(const StoreBlob&);
std::string encode(const BlobStored&);
std::string encode(const AddProblem&);
std::string encode(const ProblemAdded&);
std::string encode(const RemoveProblem&);
std::string encode(const ProblemRemoved&);
std::string encode(const ListProblems&);
std::string encode(const ProblemList&);
std::string encode(const GetProblem&);
std::string encode(const ProblemGot&);

// What a report says of a problem (from `score` on), for whoever stores it; the rest is left as it is.
std::string encode_grading(const Report& report);
bool decode_grading(std::string_view bytes, Report& report);

// Defined for each of the types above.
template <class T>
std::optional<T> decode(std::string_view frame);

}  // namespace pushjudge
