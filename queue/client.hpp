#pragma once

// The gateway's end of the wire: asks the core, and hears every event.
//
// Owned by one thread, the one that runs the io_context given to the constructor; call and destroy it there. Requests
// are sent again once a second until they are answered or `request_timeout` has passed, so that a restart of the core
// costs time and nothing else: submit() is idempotent by the token. Nothing throws but the constructor
// (std::runtime_error for an address that is none, and for keys that cannot be read).

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "proto/base/result.hpp"
#include "proto/messages.hpp"

namespace pushjudge {

// What a gateway hears. Called on the owner's thread.
class CoreListener {
 public:
  virtual ~CoreListener() = default;
  // Every event of every submission, once each, in the order of global_seq, from the moment the gateway started: what
  // the wire lost is fetched before what follows is passed on.
  virtual void on_event(std::shared_ptr<const Event> event, const std::string& epoch) = 0;
  // The epoch changed (another database): whatever is remembered of sequence numbers is void.
  virtual void on_epoch(const std::string& epoch) = 0;
  // Callbacks are there to be claimed. Said again each second while it is so.
  virtual void on_callbacks_due() = 0;
  // The submission was erased: what is remembered of it is to be forgotten.
  virtual void on_forget(const Token& token) = 0;
  // A message of the broadcast room that another gateway took in.
  virtual void on_broadcast(bool binary, const std::string& data) = 0;
  // A test of the submission is done. Passing: some may be lost, and nobody says them again.
  virtual void on_test_done(const Token& token, const TestProgress& progress) = 0;
};

struct CoreClientOptions {
  std::string queue;  // the core's address, as for endpoints_of()
  // For a core that is reached by tcp and asks for keys: the file of our secret one, and the core's public one or its
  // file. Empty: without.
  std::string key_file;
  std::string server_key;
  std::chrono::milliseconds request_timeout{5'000};
  std::size_t outstanding_max = 20'000;  // requests waiting for the core; over it the answer is Errc::busy
};

class CoreClient {
 public:
  CoreClient(boost::asio::io_context& context, CoreClientOptions options, CoreListener& listener);
  ~CoreClient();
  CoreClient(const CoreClient&) = delete;
  CoreClient& operator=(const CoreClient&) = delete;

  // Errors of all: busy (too many outstanding), unavailable (no answer in time, or the store refuses).
  // Completes when the submission is durable. With a key that was used before, the answer is that of the first time, or
  // conflict where that was another submission.
  boost::asio::awaitable<Result<Submitted>> submit(Submission submission, std::string idempotency_key);
  // The same of several, with one answer for each, in order: all are taken in, or the queue has no room for all of them
  // and each answer is busy. At most kBatchMax.
  boost::asio::awaitable<std::vector<Result<Submitted>>> submit_batch(std::vector<SubmitBatch::Entry> entries);
  // Ends what is queued or runs; completes when that is durable.
  boost::asio::awaitable<Result<Cancelled>> cancel(Token token);  // + not_found, conflict (finished)
  boost::asio::awaitable<Result<Got>> get(Token token);           // + not_found
  // One answer for each, in order.
  boost::asio::awaitable<std::vector<Result<Got>>> get_all(std::vector<Token> tokens);
  boost::asio::awaitable<Result<HistoryPage>> history(Token token, Seq after);  // + not_found
  boost::asio::awaitable<Result<StatsReport>> stats();
  // Of all submissions the newest first, without the first `offset`, at most `limit` and kListMax.
  boost::asio::awaitable<Result<Listed>> list(std::uint64_t offset, std::uint32_t limit);
  // Takes away what a submission consisted of and what came of it; completes when that is durable.
  boost::asio::awaitable<Result<Erased>> erase(Token token);  // + not_found, conflict (not finished)
  boost::asio::awaitable<Result<Statistics>> statistics();

  // Hands callbacks to this gateway, to be settled soon; see ClaimCallbacks.
  boost::asio::awaitable<Result<CallbacksClaimed>> claim_callbacks(std::uint32_t limit);
  // `settled` without its number. Completes when it is durable.
  boost::asio::awaitable<Result<CallbackSettled>> settle_callback(SettleCallback settled);

  // The events of all submissions after `after`, in order: at most `limit`, and at most some megabytes. What follows
  // the last of them is in the next page, or comes to on_event().
  boost::asio::awaitable<Result<Fetched>> events_after(GlobalSeq after, std::uint32_t limit);
  // Makes the cursor where there is none, and says where it stands.
  boost::asio::awaitable<Result<CursorAt>> open_cursor(std::string name, bool from_beginning);  // + invalid, conflict
  // Completes when it is durable. Errors: + not_found, invalid (no such event yet), conflict (another epoch).
  boost::asio::awaitable<Result<CursorAt>> acknowledge(std::string name, std::string epoch, GlobalSeq seq);
  // + not_found, also where the answer to an earlier asking was lost.
  boost::asio::awaitable<Result<CursorAt>> delete_cursor(std::string name);
  boost::asio::awaitable<Result<CursorList>> cursors();

  // Keeps a file of a problem; completes when that is durable. One that is large has more than request_timeout.
  boost::asio::awaitable<Result<BlobStored>> store_blob(std::string bytes);  // + too_large
  // Keeps a problem, and publishes it. Where the answer names missing files nothing was done: store them and ask again.
  boost::asio::awaitable<Result<ProblemAdded>> add_problem(std::string manifest, bool publish);  // + invalid, conflict
  // + not_found, also where the answer to an earlier asking was lost.
  boost::asio::awaitable<Result<ProblemRemoved>> remove_problem(std::string slug);
  boost::asio::awaitable<Result<ProblemList>> problems();                     // those that are published
  boost::asio::awaitable<Result<ProblemGot>> problem(std::string reference);  // + not_found

  // The languages on offer, from memory; asked for again when a tick says that they changed. Null until the core has
  // answered for the first time.
  std::shared_ptr<const std::vector<Language>> languages() const;

  // Passes a message of the broadcast room to the other gateways. Lossy: with no core it reaches nobody else.
  void broadcast(bool binary, std::string data);

  // Whether the queue was full when the core was last heard of it: about a second ago at most.
  bool queue_full() const;

  // Whether the core has been heard in the last few seconds.
  bool connected() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pushjudge
