#include "queue/core.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "proto/base/clock.hpp"
#include "proto/base/crash_point.hpp"
#include "proto/base/log.hpp"
#include "proto/codec.hpp"

namespace pushjudge {
namespace {

using std::chrono::milliseconds;

// How many messages of one socket are read before the others get their turn.
constexpr int kMessagesARound = 1'024;
// Beyond this many waiting for a turn, the submit socket is left unread and ZeroMQ holds the gateways back.
constexpr std::size_t kSubmissionsWaitingMax = 16'384;
constexpr std::uint32_t kFetchMax = 1'000;
constexpr std::uint32_t kSlotsMax = 1'024;
constexpr std::size_t kLanguagesMax = 500;
constexpr std::size_t kNameCharactersMax = 64;
// Of submissions and orders together.
constexpr std::size_t kBytesWaitingMax = 256 << 20;
constexpr std::size_t kTurnBytesMax = 64 << 20;
constexpr std::size_t kReadsMax = 4'096;
constexpr std::size_t kTestNameBytesMax = 1'024;
constexpr std::size_t kReferenceBytesMax = 1'024;
constexpr std::size_t kOrdersMax = 4'096;
// A gateway that is told to try again never tries later than this.
constexpr std::uint64_t kCallbackRetryMaxMs = 24ULL * 60 * 60 * 1000;
constexpr std::size_t kSessionsMax = 4'096;
constexpr milliseconds kStoreRetry{250};
constexpr milliseconds kStoppingPause{1'000};
// How long what arrives during a turn may lie before it is looked at. Nobody could be answered before the turn is over,
// but for readers, who wait so much longer; and to look at each message by itself costs more than the message does.
constexpr milliseconds kGatheringPause{1};
constexpr UnixMillis kOfferKeptMs = 24LL * 60 * 60 * 1000;
constexpr int kEventsWaitingMax = 100'000;
constexpr int kAnswersWaitingMax = 50'000;
constexpr int kUplinkWaitingMax = 10'000;

SocketOptions options_of(int messages_max) {
  SocketOptions options;
  options.messages_max = messages_max;
  options.linger = milliseconds(500);
  return options;
}

// What a worker calls itself goes into logs and JSON.
std::string printable(std::string_view name) {
  std::string text;
  for (const char c : name.substr(0, kNameCharactersMax)) text += c > ' ' && c < 127 ? c : '_';
  return text.empty() ? "worker" : text;
}

bool sound(const Language& language) {
  return language.id > 0 && is_utf8(language.slug) && is_utf8(language.name) && is_utf8(language.source_file) &&
         is_utf8(language.compile_cmd) && is_utf8(language.run_cmd);
}

bool too_large(const Submission& submission) {
  const auto over = [](const std::optional<std::string>& text, std::size_t max) { return text && text->size() > max; };
  return submission.source_code.size() > kSourceBytesMax || over(submission.stdin_text, kStdinBytesMax) ||
         over(submission.expected_output, kExpectedBytesMax) ||
         over(submission.compiler_options, 4 * kOptionCharactersMax) ||
         over(submission.command_line_arguments, 4 * kOptionCharactersMax) ||
         over(submission.additional_files, kAdditionalFilesBytesMax) ||
         over(submission.callback_url, kCallbackUrlBytesMax) || over(submission.user, 4 * kUserCharactersMax) ||
         submission.lane.size() > kLaneBytesMax || over(submission.problem, kReferenceBytesMax);
}

std::size_t bytes_of(const Submission& submission) {
  const auto size_of = [](const std::optional<std::string>& text) { return text ? text->size() : 0; };
  return submission.source_code.size() + size_of(submission.stdin_text) + size_of(submission.expected_output) +
         size_of(submission.additional_files);
}

std::size_t bytes_of(const Settlement& settlement) {
  const auto* finished = std::get_if<Settlement::Finished>(&settlement.what);
  if (finished == nullptr) return 0;
  return bytes_of(finished->report);
}

std::size_t bytes_of(const Order& order) {
  if (const auto* stored = std::get_if<StoreBlobOrder>(&order)) return stored->bytes->size();
  if (const auto* added = std::get_if<AddProblemOrder>(&order)) return added->manifest->size();
  return 0;
}

// What a worker says of a test goes to every gateway.
bool too_large(const TestResult& test) {
  return test.name.size() > kTestNameBytesMax || test.message.size() > kTestMessageBytesMax ||
         test.judge_message.size() > kTestMessageBytesMax;
}

}  // namespace

Core::Core(CoreOptions options, Engine& engine, Mailbox& mailbox)
    : options_(std::move(options)),
      engine_(engine),
      mailbox_(mailbox),
      scheduler_(options_.times, engine_.incarnation()),
      gate_(context_, options_.gate),
      lobby_(context_, SocketType::router, options_of(kUplinkWaitingMax)),
      uplink_(context_, SocketType::pull, options_of(kUplinkWaitingMax)),
      submit_(context_, SocketType::router, options_of(kAnswersWaitingMax)),
      events_(context_, SocketType::pub, options_of(kEventsWaitingMax)) {
  listen();
  const TimePoint now = Steady::now();
  scheduler_.adopt(engine_.open_leases(), now);
  for (const OpenLease& lease : engine_.open_leases()) gate_.roster().remember(lease.ref, lease.worker);
  tick_at_ = now;
  ping_at_ = now;
  retry_at_ = now;
}

void Core::listen() {
  if (options_.listen.empty()) throw std::runtime_error("no address to listen on");
  std::vector<std::string> local = options_.listen;
  const auto remote = std::stable_partition(local.begin(), local.end(),
                                            [](const std::string& address) { return !address.starts_with("tcp://"); });
  const std::vector<std::string> by_tcp(remote, local.end());
  local.erase(remote, local.end());
  const auto sockets = {std::pair{Door::lobby, &lobby_}, std::pair{Door::uplink, &uplink_},
                        std::pair{Door::submit, &submit_}, std::pair{Door::events, &events_}};
  for (const auto& [door, socket] : sockets) doors_.emplace_back(door, SocketMonitor(context_, *socket));
  open_doors(local);
  if (by_tcp.empty()) return;
  // From here on, and so not for the folders, which only we can enter.
  for (const auto& [door, socket] : sockets) gate_.protect(*socket, door);
  open_doors(by_tcp);
}

void Core::open_doors(const std::vector<std::string>& addresses) {
  for (const std::string& address : addresses) {
    const auto endpoints = endpoints_of(address);
    if (!endpoints) throw std::runtime_error(endpoints.error().message);
    for (const auto& [socket, endpoint] :
         {std::pair{&lobby_, &endpoints->lobby}, std::pair{&uplink_, &endpoints->uplink},
          std::pair{&submit_, &endpoints->submit}, std::pair{&events_, &endpoints->events}}) {
      const auto bound = socket->bind(*endpoint);
      if (!bound) throw std::runtime_error(bound.error().message);
    }
    log::info("listening", {{"address", address}});
    if (address.starts_with("tcp://") && !gate_.keys_needed()) {
      log::warn("listening_without_keys",
                {{"address", address}, {"why", "whoever reaches it may submit, read and judge everything"}});
    }
  }
}

void Core::run(int stop_descriptor) {
  log::info("core_started", {{"epoch", engine_.epoch()},
                             {"incarnation", engine_.incarnation()},
                             {"queued", engine_.depth().queued},
                             {"running", engine_.depth().running}});
  while (!stopping_ || turn_under_way_) {
    const TimePoint now = Steady::now();
    if (!stopping_) {
      receive(now);
      on_timers(now);
      begin_turn(now);
    }
    wait(stop_descriptor, now);
    mailbox_.run();
  }
  log::info("core_stopped");
}

void Core::wait(int stop_descriptor, TimePoint now) {
  if (turn_under_way_ && !stopping_) {
    std::vector<pollfd> turn_over = {{mailbox_.descriptor(), POLLIN, 0}};
    poll({}, turn_over, kGatheringPause);
    if (turn_over[0].revents != 0) return;
  }
  std::vector<void*> sockets = {lobby_.handle(), uplink_.handle(), events_.handle(), gate_.handle()};
  for (const auto& [door, monitor] : doors_) sockets.push_back(monitor.handle());
  if (may_take_submissions()) sockets.push_back(submit_.handle());
  for (const auto& [session, pipe] : pipes_) sockets.push_back(pipe.monitor.handle());
  // While stopping, nothing is read any more, and what waits to be read must not keep us awake.
  if (stopping_) sockets.clear();
  std::vector<pollfd> descriptors = {{mailbox_.descriptor(), POLLIN, 0}};
  if (!stopping_) descriptors.push_back({stop_descriptor, POLLIN, 0});
  // While stopping there is nothing to wait for but the end of the turn, which the mailbox tells.
  poll(sockets, descriptors, stopping_ ? kStoppingPause : patience(now));
  if (!stopping_ && descriptors[1].revents != 0) stopping_ = true;
}

milliseconds Core::patience(TimePoint now) const {
  TimePoint until = std::min(tick_at_, ping_at_);
  if (const auto deadline = scheduler_.next_deadline()) until = std::min(until, *deadline);
  if (gate_.keys_needed()) until = std::min(until, gate_.next_look());
  if (retry_at_ > now) until = std::min(until, retry_at_);
  if (until <= now) return milliseconds(0);
  return std::chrono::ceil<milliseconds>(until - now);
}

// ---- collecting

void Core::receive(TimePoint now) {
  gate_.let_in(now);
  for (int i = 0; i < kMessagesARound; ++i) {
    const auto letter = lobby_.receive_letter();
    if (!letter) break;
    if (gate_.may_speak(Door::lobby, *letter, now)) on_lobby(*letter, now);
  }
  for (int i = 0; i < kMessagesARound; ++i) {
    const auto letter = uplink_.receive_letter();
    if (!letter) break;
    if (gate_.may_speak(Door::uplink, *letter, now) && is_its_own(*letter, now)) on_uplink(*letter, now);
  }
  for (int i = 0; i < kMessagesARound && may_take_submissions(); ++i) {
    const auto letter = submit_.receive_letter();
    if (!letter) break;
    if (gate_.may_speak(Door::submit, *letter, now)) on_gateway(*letter);
  }
  receive_subscriptions(now);
  on_pipe_changes(now);
  on_door_changes(now);
  gate_.drop_malformed(
      lobby_.take_malformed() + uplink_.take_malformed() + submit_.take_malformed() + events_.take_malformed(), now);
}

// Nothing is to be done for a subscription: ZeroMQ has seen to it. It is the one word that a listener says, by which we
// know who listens.
void Core::receive_subscriptions(TimePoint now) {
  for (int i = 0; i < kMessagesARound; ++i) {
    const auto letter = events_.receive_letter();
    if (!letter) return;
    if (!gate_.may_speak(Door::events, *letter, now)) continue;
    if (letter->frame != "\1" && letter->frame != std::string_view("\0", 1)) {
      gate_.drop_malformed(Door::events, *letter, now);
    }
  }
}

bool Core::may_join(const Hello& hello, const std::string& key, TimePoint now) {
  std::string_view why;
  for (const auto& [id, session] : scheduler_.sessions()) {
    if (session.worker != hello.worker) continue;
    if (gate_.roster().may_replace(id, key)) return true;
    why = "it says it is another's worker";
  }
  if (why.empty() && !gate_.roster().may_open(key)) why = "too many workers come with its key";
  if (why.empty()) return true;
  gate_.refuse_frame(Door::lobby, key, why, now);
  return false;
}

std::vector<JobRef> Core::take_others(Hello& hello, const std::string& key, TimePoint now) {
  const auto holder_of = [this](JobRef ref) { return scheduler_.holder_of(ref); };
  auto others = gate_.roster().others(hello.running, key, holder_of);
  for (const JobRef& ref : others) std::erase(hello.running, ref);
  if (!others.empty()) gate_.refuse_frame(Door::lobby, key, "it says it has another's job", now);
  return others;
}

bool Core::is_its_own(const Letter& letter, TimePoint now) {
  const auto subject = uplink_subject(letter.frame);
  if (!subject) return true;  // malformed, which whoever reads it finds
  const std::string key = gate_.key_of(letter);
  const auto holder = subject->job ? scheduler_.holder_of(*subject->job) : std::nullopt;
  switch (gate_.roster().judge(key, *subject, holder)) {
    case Roster::Verdict::take:
      return true;
    case Roster::Verdict::drop:
      return false;
    case Roster::Verdict::stale:
      if (const auto pipe = pipes_.find(subject->session); pipe != pipes_.end()) {
        pipe->second.socket.send(encode(Ack{*subject->job, AckCode::stale}));
      }
      return false;
    case Roster::Verdict::refused:
      gate_.refuse_frame(Door::uplink, key, "it speaks of another's session or job", now);
      return false;
  }
  return false;
}

void Core::on_lobby(const Letter& letter, TimePoint now) {
  auto hello = decode<Hello>(letter.frame);
  if (!hello) {
    gate_.drop_malformed(Door::lobby, letter, now);
    return;
  }
  const std::string key = gate_.key_of(letter);
  if (!may_join(*hello, key, now)) return;
  const auto others = take_others(*hello, key, now);
  hello->name = gate_.roster().display_name(key, printable(hello->name));
  hello->slots = std::clamp<std::uint32_t>(hello->slots, 1, kSlotsMax);
  if (hello->languages.size() > kLanguagesMax) hello->languages.resize(kLanguagesMax);
  std::erase_if(hello->languages, [](const Language& language) { return !sound(language); });

  auto joined = scheduler_.join(*hello, now);
  if (joined.replaced) end_session(*joined.replaced);
  requeue(std::move(joined.lapsed));
  joined.dropped.insert(joined.dropped.end(), others.begin(), others.end());

  std::string endpoint;
  auto pipe = open_pipe(*hello, key, joined.session, endpoint);
  if (!pipe) {
    log::error("pipe_not_opened", {{"worker", hello->name}, {"why", pipe.error().message}});
    requeue(scheduler_.leave(joined.session, "its pipe could not be opened", true));
    return;
  }
  pipes_.emplace(joined.session, *std::move(pipe));
  gate_.roster().open(joined.session, key);
  languages_.insert(languages_.end(), hello->languages.begin(), hello->languages.end());
  ++languages_version_;
  publish_tick();
  work_may_wait_ = true;
  log::info("worker_joined", {{"worker", hello->name},
                              {"session", joined.session},
                              {"slots", hello->slots},
                              {"languages", hello->languages.size()},
                              {"running", hello->running.size()}});

  Welcome welcome;
  welcome.session = joined.session;
  welcome.incarnation = engine_.incarnation();
  welcome.lease_ms = static_cast<std::uint32_t>(options_.times.lease.count());
  welcome.beat_ms = static_cast<std::uint32_t>(options_.times.beat.count());
  welcome.pipe = endpoint;
  welcome.dropped = std::move(joined.dropped);
  // A welcome that does not arrive is asked for again.
  if (!lobby_.send(letter.peer, encode(welcome))) log::warn("welcome_not_sent", {{"worker", hello->name}});
}

Result<Core::Pipe> Core::open_pipe(const Hello& hello, const std::string& key, SessionId session,
                                   std::string& endpoint) {
  // Whoever has a key came by tcp, and where keys are needed nobody else did, whatever they say.
  const bool by_tcp = gate_.keys_needed() ? !key.empty() : hello.queue.starts_with("tcp://");
  const auto listened =
      std::find_if(options_.listen.begin(), options_.listen.end(),
                   [by_tcp](const std::string& address) { return address.starts_with("tcp://") == by_tcp; });
  if (listened == options_.listen.end()) return Error{Errc::invalid, "it came by an address we do not listen on"};
  if (pipes_.size() >= kSessionsMax) return Error{Errc::busy, "there are too many workers"};
  SocketOptions options;
  options.messages_max = static_cast<int>(kSlotsMax) + 16;
  options.linger = milliseconds(500);
  std::optional<Pipe> pipe;
  try {
    Socket socket(context_, SocketType::push, options);
    SocketMonitor monitor(context_, socket);
    pipe.emplace(Pipe{std::move(socket), std::move(monitor)});
  } catch (const std::runtime_error& e) {
    return Error{Errc::unavailable, e.what()};  // out of descriptors: a worker less, not the end of the core
  }
  if (by_tcp) gate_.protect(pipe->socket, Door::pipe, key);
  if (!by_tcp) {
    auto bound = pipe->socket.bind(ipc_pipe_endpoint(*listened, session));
    if (!bound) return bound.error();
    endpoint = *bound;
    return *std::move(pipe);
  }
  const auto address = parse_tcp(*listened);
  PJ_ASSERT(address.has_value());
  Error last{Errc::unavailable, "no port is free for a pipe"};
  for (int i = 0; i < kPipePortCount; ++i) {
    const int port =
        address->port + kPipePortOffset + static_cast<int>((session + static_cast<std::uint64_t>(i)) % kPipePortCount);
    if (port > 65535) continue;
    auto bound = pipe->socket.bind("tcp://" + address->host + ":" + std::to_string(port));
    if (bound) {
      endpoint = with_host_of(*bound, hello.queue);
      return *std::move(pipe);
    }
    last = bound.error();
  }
  return last;
}

void Core::on_uplink(const Letter& letter, TimePoint now) {
  const std::string& frame = letter.frame;
  if (const auto beat = decode<Beat>(frame)) {
    if (scheduler_.beat(*beat, now)) work_may_wait_ = true;
    return;
  }
  if (const auto credit = decode<Credit>(frame)) {
    if (scheduler_.credit(*credit, now)) work_may_wait_ = true;
    return;
  }
  if (auto finished = decode<Finished>(frame)) {
    scheduler_.heard(finished->session, now);
    settle(finished->session, true, {finished->ref, Settlement::Finished{std::move(finished->report)}});
    crash_point("core.result_received");
    return;
  }
  if (const auto compiled = decode<Compiled>(frame)) {
    scheduler_.heard(compiled->session, now);
    settle(compiled->session, false, {compiled->ref, Settlement::Compiled{compiled->wall_us}});
    return;
  }
  if (auto failed = decode<Failed>(frame)) {
    scheduler_.heard(failed->session, now);
    settle(failed->session, true, {failed->ref, Settlement::Lost{printable(failed->reason)}});
    return;
  }
  if (auto progress = decode<Progress>(frame); progress && !too_large(progress->progress.test)) {
    scheduler_.heard(progress->session, now);
    on_progress(*std::move(progress));
    return;
  }
  if (const auto wanted = decode<WantBlob>(frame)) {
    scheduler_.heard(wanted->session, now);
    on_want_blob(*wanted);
    return;
  }
  if (const auto drain = decode<Drain>(frame)) {
    scheduler_.drain(drain->session);
    return;
  }
  if (const auto bye = decode<Bye>(frame)) {
    const auto session = scheduler_.sessions().find(bye->session);
    if (session == scheduler_.sessions().end()) return;
    log::info("worker_left", {{"worker", session->second.name}, {"session", bye->session}});
    languages_.insert(languages_.end(), session->second.languages.begin(), session->second.languages.end());
    requeue(scheduler_.leave(bye->session, "the worker left before it began", false));
    end_session(bye->session);
    return;
  }
  gate_.drop_malformed(Door::uplink, letter, now);
}

// Nobody could undo it, and nothing is stored: told at once, without a turn.
void Core::on_progress(Progress progress) {
  const auto token = scheduler_.token_of(progress.ref, progress.session);
  if (token) events_.send(encode(TestDone{*token, std::move(progress.progress)}));
}

void Core::on_want_blob(const WantBlob& wanted) {
  if (!pipes_.contains(wanted.session) || !wanted_blobs_.add(wanted.session, wanted.digest)) return;
  engine_.blob(wanted.digest, [this, wanted](Result<std::string> found) {
    wanted_blobs_.remove(wanted.session, wanted.digest);
    const auto pipe = pipes_.find(wanted.session);
    if (pipe == pipes_.end()) return;
    BlobData file{wanted.digest, std::nullopt};
    if (found) {
      file.bytes = *std::move(found);
    } else if (found.error().code != Errc::not_found) {
      return;  // the store cannot read just now; the worker asks again
    }
    pipe->second.socket.send(encode(file));
  });
}

template <class T>
std::optional<T> Core::request_of(const Letter& letter) {
  auto request = decode<T>(letter.frame);
  if (!request) gate_.drop_malformed(Door::submit, letter, Steady::now());
  return request;
}

void Core::on_gateway(const Letter& letter) {
  const auto type = message_type(letter.frame);
  if (type == MessageType::submit) {
    on_submit(letter);
    return;
  }
  if (type == MessageType::cancel) {
    on_cancel(letter);
    return;
  }
  if (type == MessageType::submit_batch) {
    on_submit_batch(letter);
    return;
  }
  if (type && (on_cursor(letter, *type) || on_administration(letter, *type) || on_callback(letter, *type) ||
               on_problem(letter, *type))) {
    return;
  }
  if (type == MessageType::broadcast) {
    // Passed on as it is; gateways drop what they sent themselves.
    if (decode<Broadcast>(letter.frame)) {
      events_.send(letter.frame);
    } else {
      gate_.drop_malformed(Door::submit, letter, Steady::now());
    }
    return;
  }
  if (type == MessageType::get) {
    if (const auto get = request_of<Get>(letter)) {
      read<Record>(
          {letter.peer, get->request}, [this, get](auto done) { engine_.get(get->token, std::move(done)); },
          [this](std::uint64_t request, Record record) {
            return encode(Got{request, engine_.epoch(), std::move(record.submission), std::move(record.snapshot)});
          });
    }
    return;
  }
  if (type == MessageType::history) {
    if (const auto history = request_of<History>(letter)) {
      read<HistoryView>(
          {letter.peer, history->request},
          [this, history](auto done) { engine_.history(history->token, history->after, std::move(done)); },
          [this](std::uint64_t request, HistoryView view) {
            return encode(
                HistoryPage{request, engine_.epoch(), view.complete, std::move(view.snapshot), std::move(view.events)});
          });
    }
    return;
  }
  if (type == MessageType::fetch) {
    if (const auto fetch = request_of<Fetch>(letter)) {
      read<std::vector<Event>>(
          {letter.peer, fetch->request},
          [this, fetch](auto done) {
            engine_.events(fetch->after, std::min(fetch->limit, kFetchMax), std::move(done));
          },
          [this](std::uint64_t request, std::vector<Event> events) {
            return encode(Fetched{request, engine_.epoch(), std::move(events)});
          });
    }
    return;
  }
  if (type == MessageType::languages) {
    if (const auto request = request_of<Languages>(letter)) {
      answer(letter.peer, encode(LanguageList{request->request, offered()}));
    }
    return;
  }
  if (type == MessageType::stats) {
    if (const auto request = request_of<Stats>(letter)) {
      answer(letter.peer, encode(stats(request->request)));
    }
    return;
  }
  gate_.drop_malformed(Door::submit, letter, Steady::now());
}

void Core::on_submit(const Letter& letter) {
  auto submit = request_of<Submit>(letter);
  if (!submit) return;
  const Asker asker{letter.peer, submit->request};
  if (too_large(submit->submission) || submit->idempotency_key.size() > kIdempotencyKeyCharactersMax) {
    refuse(asker, {Errc::too_large, "the submission is too large"});
    return;
  }
  if (waiting() >= options_.queue_max && !submitting_.contains(submit->submission.token)) {
    refuse(asker, {Errc::busy, std::string(kQueueIsFull)});
    return;
  }
  // Where there is no such problem the turn refuses it, unless it was taken in before, when there was one.
  resolve_problem(engine_.problems(), submit->submission);
  take_in(asker, std::move(submit->submission), std::move(submit->idempotency_key));
}

void Core::on_submit_batch(const Letter& letter) {
  auto batch = request_of<SubmitBatch>(letter);
  if (!batch) return;
  std::uint64_t unknown = 0;
  std::optional<Error> error;
  if (batch->entries.size() > kBatchMax) error = Error{Errc::too_large, "there are too many submissions in the batch"};
  for (std::size_t i = 0; i < batch->entries.size() && !error; ++i) {
    auto& [submission, key] = batch->entries[i];
    if (!submitting_.contains(submission.token)) ++unknown;
    if (too_large(submission) || key.size() > kIdempotencyKeyCharactersMax) {
      error = Error{Errc::too_large, "a submission is too large"};
    } else if (!resolve_problem(engine_.problems(), submission)) {
      error = no_problem(*submission.problem);
      error->message += " (submission " + std::to_string(i) + " of the batch, counted from 0)";
    }
  }
  if (!error && waiting() + unknown > options_.queue_max) error = Error{Errc::busy, std::string(kQueueIsFull)};
  std::uint64_t request = batch->first_request;
  for (auto& [submission, key] : batch->entries) {
    const Asker asker{letter.peer, request++};
    if (error) {
      refuse(asker, *error);
    } else {
      take_in(asker, std::move(submission), std::move(key));
    }
  }
}

void Core::take_in(const Asker& asker, Submission submission, std::string idempotency_key) {
  // Sent again while it waits: the last asker gets the answer.
  if (!submitting_.insert_or_assign(submission.token, asker).second) return;
  submission_bytes_ += bytes_of(submission);
  submissions_.push_back({std::move(submission), std::move(idempotency_key)});
  crash_point("core.submit_received");
}

void Core::on_cancel(const Letter& letter) {
  const auto cancel = request_of<Cancel>(letter);
  if (!cancel) return;
  const Asker asker{letter.peer, cancel->request};
  if (cancellations_.size() >= kReadsMax) {
    refuse(asker, {Errc::busy, "too many submissions are being cancelled"});
    return;
  }
  // Asked again: the last asker gets the answer.
  if (cancelling_.insert_or_assign(cancel->token, asker).second) cancellations_.push_back(cancel->token);
}

bool Core::on_cursor(const Letter& letter, MessageType type) {
  if (type == MessageType::open_cursor) {
    if (auto open = request_of<OpenCursor>(letter)) {
      order_cursor({letter.peer, open->request}, {std::move(open->name), CursorOrder::Open{open->from_beginning}});
    }
    return true;
  }
  if (type == MessageType::acknowledge) {
    auto acknowledge = request_of<Acknowledge>(letter);
    if (!acknowledge) return true;
    const Asker asker{letter.peer, acknowledge->request};
    if (acknowledge->epoch != engine_.epoch()) {
      refuse(asker, {Errc::conflict, "the seq is of another epoch"});
    } else {
      order_cursor(asker, {std::move(acknowledge->name), CursorOrder::Acknowledge{acknowledge->seq}});
    }
    return true;
  }
  if (type == MessageType::delete_cursor) {
    if (auto gone = request_of<DeleteCursor>(letter)) {
      order_cursor({letter.peer, gone->request}, {std::move(gone->name), CursorOrder::Delete{}});
    }
    return true;
  }
  if (type == MessageType::list_cursors) {
    if (const auto list = request_of<ListCursors>(letter)) {
      read<std::vector<Cursor>>(
          {letter.peer, list->request}, [this](auto done) { engine_.cursors(std::move(done)); },
          [this](std::uint64_t request, std::vector<Cursor> cursors) {
            return encode(CursorList{request, engine_.epoch(), engine_.top(), std::move(cursors)});
          });
    }
    return true;
  }
  return false;
}

bool Core::on_administration(const Letter& letter, MessageType type) {
  if (type == MessageType::list) {
    if (const auto list = request_of<List>(letter)) {
      read<Listing>(
          {letter.peer, list->request},
          [this, list](auto done) { engine_.list(list->offset, std::min(list->limit, kListMax), std::move(done)); },
          [](std::uint64_t request, Listing found) {
            return encode(Listed{request, found.total, std::move(found.tokens)});
          });
    }
    return true;
  }
  if (type == MessageType::statistics) {
    if (const auto asked = request_of<GetStatistics>(letter)) {
      read<Statistics>(
          {letter.peer, asked->request}, [this](auto done) { engine_.statistics(wall_now(), std::move(done)); },
          [](std::uint64_t request, Statistics found) {
            found.request = request;
            return encode(found);
          });
    }
    return true;
  }
  if (type == MessageType::erase) {
    if (const auto erase = request_of<Erase>(letter)) order({letter.peer, erase->request}, EraseOrder{erase->token});
    return true;
  }
  return false;
}

bool Core::on_callback(const Letter& letter, MessageType type) {
  if (type == MessageType::claim_callbacks) {
    if (const auto claim = request_of<ClaimCallbacks>(letter)) {
      order({letter.peer, claim->request},
            ClaimOrder{std::min(claim->limit, kClaimMax), wall_now() + options_.callback_lease.count()});
    }
    return true;
  }
  if (type == MessageType::settle_callback) {
    if (auto settled = request_of<SettleCallback>(letter)) {
      const auto pause = static_cast<UnixMillis>(std::min(settled->retry_after_ms, kCallbackRetryMaxMs));
      order({letter.peer, settled->request},
            SettleOrder{settled->job, settled->tries, settled->fate, wall_now() + pause, std::move(settled->failure)});
    }
    return true;
  }
  return false;
}

bool Core::on_problem(const Letter& letter, MessageType type) {
  if (type == MessageType::store_blob) {
    on_store_blob(letter);
    return true;
  }
  if (type == MessageType::add_problem) {
    on_add_problem(letter);
    return true;
  }
  if (type == MessageType::remove_problem) {
    if (auto gone = request_of<RemoveProblem>(letter)) {
      order({letter.peer, gone->request}, RemoveProblemOrder{std::move(gone->slug)});
    }
    return true;
  }
  if (type == MessageType::list_problems) {
    if (const auto list = request_of<ListProblems>(letter)) {
      ProblemList problems{list->request, {}};
      for (const auto& [slug, card] : engine_.problems().published) problems.problems.push_back(card);
      answer(letter.peer, encode(problems));
    }
    return true;
  }
  if (type == MessageType::get_problem) {
    on_get_problem(letter);
    return true;
  }
  return false;
}

void Core::on_store_blob(const Letter& letter) {
  auto store = request_of<StoreBlob>(letter);
  if (!store) return;
  const Asker asker{letter.peer, store->request};
  // Sent again while it waits: it is large, and once is enough.
  if (storing_.contains(asker)) return;
  auto wanted = order_to_store(std::move(store->bytes));
  if (!wanted) return refuse(asker, wanted.error());
  if (order(asker, *std::move(wanted))) storing_.insert(asker);
}

void Core::on_add_problem(const Letter& letter) {
  auto add = request_of<AddProblem>(letter);
  if (!add) return;
  const Asker asker{letter.peer, add->request};
  auto wanted = order_to_add(std::move(add->manifest), add->publish);
  if (!wanted) return refuse(asker, wanted.error());
  order(asker, *std::move(wanted));
}

void Core::on_get_problem(const Letter& letter) {
  const auto get = request_of<GetProblem>(letter);
  if (!get) return;
  const Asker asker{letter.peer, get->request};
  const ProblemCatalog& catalog = engine_.problems();
  const auto version = resolve(catalog, get->reference);
  if (!version) return refuse(asker, version.error());
  const auto published = catalog.published.find(catalog.versions.at(*version));
  const bool draft = published == catalog.published.end() || published->second.version != *version;
  const UnixMillis published_at = draft ? 0 : published->second.published_at;
  read<std::string>(
      asker, [this, version](auto done) { engine_.blob(*version, std::move(done)); },
      [version, published_at](std::uint64_t request, std::string manifest) {
        return encode(ProblemGot{request, *version, published_at, std::move(manifest)});
      });
}

void Core::order_cursor(const Asker& asker, CursorOrder cursor_order) {
  if (!is_cursor_name(cursor_order.name)) {
    return refuse(asker, {Errc::invalid, std::string(kCursorNameRule)});
  }
  order(asker, std::move(cursor_order));
  crash_point("core.cursor_received");
}

// What a gateway asks again while it waits here is done again, which changes nothing; of the answers it takes one.
bool Core::order(const Asker& asker, Order order) {
  if (orders_.size() >= kOrdersMax) {
    refuse(asker, {Errc::busy, "too much is asked for at once"});
    return false;
  }
  order_bytes_ += bytes_of(order);
  orders_.emplace_back(asker, std::move(order));
  return true;
}

bool Core::may_take_submissions() const {
  return submissions_.size() < kSubmissionsWaitingMax && submission_bytes_ + order_bytes_ < kBytesWaitingMax;
}

bool Core::begin_read(const Asker& asker) {
  if (reads_.size() >= kReadsMax) {
    refuse(asker, {Errc::busy, "too many questions wait for the store"});
    return false;
  }
  return reads_.insert(asker).second;
}

template <class Found, class Ask, class Reply>
void Core::read(const Asker& asker, Ask ask, Reply reply) {
  if (!begin_read(asker)) return;
  ask([this, asker, reply](Result<Found> found) {
    end_read(asker);
    if (!found) return refuse(asker, found.error());
    answer(asker.peer, reply(asker.request, *std::move(found)));
  });
}

void Core::on_pipe_changes(TimePoint now) {
  for (auto& [session, pipe] : pipes_) {
    while (const auto change = pipe.monitor.next()) {
      if (*change == SocketMonitor::Change::connected) {
        scheduler_.connected(session);
        // The worker grants credit when it hears this: before it, a job would find nobody at the other end.
        pipe.socket.send(encode(Ping{engine_.incarnation()}));
      } else if (*change == SocketMonitor::Change::disconnected) {
        scheduler_.disconnected(session, now);
      } else {
        gate_.refuse_connection(Door::pipe, pipe.monitor.why(), now);
      }
    }
  }
}

void Core::on_door_changes(TimePoint now) {
  for (auto& [door, monitor] : doors_) {
    while (const auto change = monitor.next()) {
      if (*change == SocketMonitor::Change::refused) gate_.refuse_connection(door, monitor.why(), now);
      if (*change == SocketMonitor::Change::disconnected) gate_.note_end(door, now);
    }
  }
}

void Core::on_revoked_keys(TimePoint now) {
  for (const std::string& key : gate_.look_for_changes(now)) {
    for (const SessionId session : gate_.roster().sessions_of(key)) {
      log::warn("worker_revoked", {{"session", session}});
      requeue(scheduler_.leave(session, "the worker's key was revoked", true));
      end_session(session);
    }
  }
}

void Core::on_timers(TimePoint now) {
  on_revoked_keys(now);
  auto expired = scheduler_.expire(now);
  for (const SessionId session : expired.ended) {
    log::warn("worker_lost", {{"session", session}});
    end_session(session);
  }
  requeue(std::move(expired.lapsed));
  if (now >= ping_at_) {
    ping_at_ = now + options_.times.beat;
    const std::string ping = encode(Ping{engine_.incarnation()});
    // A pipe that takes no ping is a worker that is gone, of which its monitor tells.
    for (auto& [session, pipe] : pipes_) pipe.socket.send(ping);
  }
  if (now >= tick_at_) {
    tick_at_ = now + options_.tick;
    publish_tick();
    callbacks_were_due_ = false;  // whoever came since has not heard
  }
  publish_due_callbacks();
}

void Core::settle(SessionId session, bool wants_ack, Settlement settlement) {
  if (!settling_.insert({settlement.ref, settlement.what.index()}).second) return;
  settlements_.push_back(std::move(settlement));
  settlement_origins_.push_back({session, wants_ack});
}

void Core::requeue(std::vector<Lapse> lapses) {
  for (Lapse& lapse : lapses) {
    Settlement settlement{lapse.ref, Settlement::Lost{lapse.reason}};
    if (!lapse.began) settlement.what = Settlement::Released{std::move(lapse.reason)};
    settle(0, false, std::move(settlement));
  }
}

void Core::end_session(SessionId session) {
  pipes_.erase(session);
  gate_.roster().close(session);
}

// ---- one turn

void Core::begin_turn(TimePoint now) {
  if (turn_under_way_ || now < retry_at_) return;
  Turn turn;
  turn.now = wall_now();
  Waiting waiting;
  std::vector<Token> tokens;
  std::size_t bytes = 0;
  while (!submissions_.empty() && turn.submissions.size() < options_.turn_items_max && bytes < kTurnBytesMax) {
    const Submission& submission = submissions_.front().submission;
    const std::size_t size = bytes_of(submission);
    bytes += size;
    submission_bytes_ -= size;
    tokens.push_back(submission.token);
    turn.submissions.push_back(std::move(submissions_.front()));
    submissions_.pop_front();
  }
  bytes = 0;
  while (!settlements_.empty() && turn.settlements.size() < options_.turn_items_max && bytes < kTurnBytesMax) {
    bytes += bytes_of(settlements_.front());
    turn.settlements.push_back(std::move(settlements_.front()));
    settlements_.pop_front();
    waiting.origins.push_back(settlement_origins_.front());
    settlement_origins_.pop_front();
  }
  while (!cancellations_.empty() && turn.cancellations.size() < options_.turn_items_max) {
    turn.cancellations.push_back(cancellations_.front());
    cancellations_.pop_front();
  }
  bytes = 0;
  while (!orders_.empty() && turn.orders.size() < options_.turn_items_max && bytes < kTurnBytesMax) {
    const std::size_t size = bytes_of(orders_.front().second);
    bytes += size;
    order_bytes_ -= size;
    turn.orders.push_back(orders_.front().second);
    waiting.orders.push_back(std::move(orders_.front()));
    orders_.pop_front();
  }
  turn.languages = std::move(languages_);
  languages_.clear();
  const bool work = engine_.depth().queued > 0 && work_may_wait_;
  if (work || !turn.empty()) turn.demands = scheduler_.demands(now);
  if (turn.empty()) return;
  turn.lane_running_max = std::max<std::uint32_t>(1, scheduler_.slots() * options_.lane_share / 100);

  work_may_wait_ = false;
  turn_under_way_ = true;
  std::size_t demanded = 0;
  for (const Demand& demand : turn.demands) demanded += demand.slots;
  waiting.settlements = turn.settlements;
  waiting.languages = turn.languages;
  auto cancelled = turn.cancellations;
  engine_.commit(std::move(turn), [this, demanded, waiting = std::move(waiting), tokens = std::move(tokens),
                                   cancelled = std::move(cancelled)](Result<TurnOutcome> outcome) mutable {
    // Somebody still has room, and there was more than room for: ask again.
    if (outcome && outcome->leases.size() == demanded) work_may_wait_ = true;
    // Not before: whoever asked again meanwhile is answered, and not the first one.
    waiting.submitters = take_askers(tokens, submitting_);
    waiting.cancellers = take_askers(cancelled, cancelling_);
    end_turn(std::move(outcome), std::move(waiting));
  });
}

void Core::end_turn(Result<TurnOutcome> outcome, Waiting waiting) {
  turn_under_way_ = false;
  for (const Settlement& settlement : waiting.settlements) {
    settling_.erase({settlement.ref, settlement.what.index()});
  }
  for (const auto& [asker, order] : waiting.orders) storing_.erase(asker);
  if (outcome) {
    speak(*outcome, waiting);
  } else {
    withdraw(outcome.error(), std::move(waiting));
  }
}

std::vector<Core::Asker> Core::take_askers(const std::vector<Token>& tokens, std::unordered_map<Token, Asker>& askers) {
  std::vector<Asker> taken;
  for (const Token& token : tokens) {
    const auto waiting = askers.find(token);
    PJ_ASSERT(waiting != askers.end());
    taken.push_back(std::move(waiting->second));
    askers.erase(waiting);
  }
  return taken;
}

void Core::speak(const TurnOutcome& outcome, const Waiting& waiting) {
  const log::Gathering lines;
  const TimePoint now = Steady::now();
  if (!waiting.submitters.empty()) crash_point("core.before_submitted");
  for (std::size_t i = 0; i < waiting.submitters.size(); ++i) {
    const Asker& asker = waiting.submitters[i];
    const Receipt& receipt = outcome.receipts[i];
    if (receipt.other) {
      refuse(asker, {Errc::conflict, "the idempotency key was used with another submission"});
      continue;
    }
    if (receipt.no_problem) {
      refuse(asker, no_problem(*receipt.no_problem));
      continue;
    }
    answer(asker.peer, encode(Submitted{asker.request, engine_.epoch(), receipt.seq, receipt.replayed, receipt.token}));
    crash_point("core.after_submitted");
  }
  for (std::size_t i = 0; i < waiting.cancellers.size(); ++i) {
    answer_canceller(waiting.cancellers[i], outcome.cancelled[i]);
  }
  for (std::size_t i = 0; i < waiting.orders.size(); ++i) {
    answer_order(waiting.orders[i].first, waiting.orders[i].second, outcome.orders[i]);
  }
  for (const Lease& lease : outcome.leases) {
    if (send_job(lease, now)) continue;
    // The worker left while this was being committed: nobody began it, so no attempt was used.
    settle(0, false, {lease.ref, Settlement::Released{"the worker left before it began"}});
  }
  for (std::size_t i = 0; i < waiting.settlements.size(); ++i) {
    const Settlement& settlement = waiting.settlements[i];
    const Origin& origin = waiting.origins[i];
    if (!std::holds_alternative<Settlement::Compiled>(settlement.what)) scheduler_.settled(settlement.ref);
    if (!origin.wants_ack) continue;
    const auto pipe = pipes_.find(origin.session);
    crash_point("core.before_ack");
    // Without a pipe the worker is joining anew; it sends its report again then.
    if (pipe != pipes_.end()) pipe->second.socket.send(encode(Ack{settlement.ref, outcome.settled[i]}));
    crash_point("core.after_ack");
  }
  for (const Event& event : outcome.events) {
    events_.send(encode(EventNotice{engine_.epoch(), event}));
    crash_point("core.after_event");
    log::info("event", {{"token", event.snapshot.token.text()},
                        {"event", to_string(event.kind)},
                        {"seq", event.snapshot.seq},
                        {"attempt", event.snapshot.attempt},
                        {"worker", event.snapshot.worker},
                        {"verdict", event.snapshot.report ? to_string(event.snapshot.report->verdict) : "-"},
                        {"note", event.note}});
  }
}

void Core::answer_canceller(const Asker& asker, const Cancellation& cancellation) {
  using Code = Cancellation::Code;
  if (cancellation.running) {
    crash_point("core.before_drop");
    const auto session = scheduler_.holder_of(*cancellation.running);
    const auto pipe = session ? pipes_.find(*session) : pipes_.end();
    // A worker that is away hears of it when it joins again.
    if (pipe != pipes_.end()) pipe->second.socket.send(encode(Drop{*cancellation.running}));
    scheduler_.settled(*cancellation.running);
    work_may_wait_ = true;
  }
  if (cancellation.code == Code::unknown) return refuse(asker, {Errc::not_found, "no such submission"});
  if (cancellation.code == Code::finished) return refuse(asker, {Errc::conflict, "the submission is finished"});
  const bool before = cancellation.code == Code::before;
  answer(asker.peer, encode(Cancelled{asker.request, engine_.epoch(), cancellation.seq, before}));
}

void Core::answer_order(const Asker& asker, const Order& order, const OrderOutcome& outcome) {
  if (const auto* cursor = std::get_if<CursorOutcome>(&outcome)) return answer_cursor_asker(asker, *cursor);
  if (const auto* erased = std::get_if<EraseOutcome>(&outcome)) {
    return answer_eraser(asker, std::get<EraseOrder>(order).token, *erased);
  }
  if (const auto* claimed = std::get_if<ClaimOutcome>(&outcome)) {
    return answer(asker.peer, encode(CallbacksClaimed{asker.request, engine_.epoch(), *claimed}));
  }
  if (std::holds_alternative<StoreBlobOutcome>(outcome)) {
    return answer(asker.peer, encode(BlobStored{asker.request, std::get<StoreBlobOrder>(order).digest}));
  }
  if (const auto* added = std::get_if<AddProblemOutcome>(&outcome)) {
    return answer_adder(asker, std::get<AddProblemOrder>(order), *added);
  }
  if (const auto* removed = std::get_if<RemoveProblemOutcome>(&outcome)) {
    if (*removed == RemoveProblemOutcome::done) return answer(asker.peer, encode(ProblemRemoved{asker.request}));
    return refuse(asker, no_problem(std::get<RemoveProblemOrder>(order).slug));
  }
  answer(asker.peer, encode(CallbackSettled{asker.request}));
}

void Core::answer_adder(const Asker& asker, const AddProblemOrder& order, const AddProblemOutcome& outcome) {
  using Code = AddProblemOutcome::Code;
  switch (outcome.code) {
    case Code::done:
    case Code::missing:
      return answer(asker.peer,
                    encode(ProblemAdded{asker.request, order.card.slug, order.card.version, outcome.files}));
    case Code::other_size:
      return refuse(asker, {Errc::invalid,
                            "the file " + to_hex(outcome.files.front()) + " has another size than the manifest says"});
    case Code::too_many:
      return refuse(asker, {Errc::conflict, "there are too many problems"});
  }
}

void Core::answer_eraser(const Asker& asker, const Token& token, EraseOutcome outcome) {
  if (outcome == EraseOutcome::unknown) return refuse(asker, {Errc::not_found, "no such submission"});
  if (outcome == EraseOutcome::unfinished) return refuse(asker, {Errc::conflict, "the submission is not finished"});
  // Before the answer: whoever asks a gateway afterwards is told of nothing that it remembers.
  events_.send(encode(Forget{token}));
  answer(asker.peer, encode(Erased{asker.request}));
}

void Core::answer_cursor_asker(const Asker& asker, const CursorOutcome& outcome) {
  using Code = CursorOutcome::Code;
  switch (outcome.code) {
    case Code::done:
      crash_point("core.before_cursor_at");
      return answer(asker.peer, encode(CursorAt{asker.request, engine_.epoch(), outcome.seq, engine_.top()}));
    case Code::unknown:
      return refuse(asker, {Errc::not_found, "no such cursor"});
    case Code::beyond_top:
      return refuse(asker, {Errc::invalid, "there is no such event yet"});
    case Code::too_many:
      return refuse(asker, {Errc::conflict, "there are too many cursors: delete one"});
  }
}

// The store refused the turn; nothing of it happened. Gateways are told. Workers keep their reports and send them
// again; what the core decided itself it must remember.
void Core::withdraw(const Error& error, Waiting waiting) {
  for (const Asker& asker : waiting.submitters) refuse(asker, error);
  for (const Asker& asker : waiting.cancellers) refuse(asker, error);
  for (const auto& [asker, order] : waiting.orders) refuse(asker, error);
  for (std::size_t i = 0; i < waiting.settlements.size(); ++i) {
    // What the sender would not say again.
    const Origin& origin = waiting.origins[i];
    if (!origin.wants_ack) settle(origin.session, false, std::move(waiting.settlements[i]));
  }
  languages_.insert(languages_.end(), waiting.languages.begin(), waiting.languages.end());
  work_may_wait_ = true;
  retry_at_ = Steady::now() + kStoreRetry;
}

bool Core::send_job(const Lease& lease, TimePoint now) {
  const auto pipe_seq = scheduler_.assign(lease, now);
  if (!pipe_seq) return false;
  const auto pipe = pipes_.find(lease.session);
  PJ_ASSERT(pipe != pipes_.end());
  log::debug("job_assigned",
             {{"token", lease.submission.token.text()}, {"attempt", lease.attempt}, {"session", lease.session}});
  crash_point("core.before_job");
  const bool sent = pipe->second.socket.send(encode(Job{*pipe_seq, lease.ref, lease.attempt, lease.submission}));
  crash_point("core.after_job");
  // Full or unconnected, which a pipe with credit cannot be unless its worker is gone.
  if (!sent) scheduler_.disconnected(lease.session, now);
  return true;
}

// ---- speaking

void Core::answer(const std::string& peer, const std::string& frame) {
  // A gateway that does not read its answers asks again.
  if (!submit_.send(peer, frame)) log::warn("answer_not_sent", {{"bytes", frame.size()}});
}

void Core::refuse(const Asker& asker, Error error) {
  answer(asker.peer, encode(Refused{asker.request, std::move(error)}));
}

void Core::publish_tick() {
  events_.send(encode(Tick{engine_.epoch(), engine_.top(), languages_version_, waiting() >= options_.queue_max}));
}

// Said when there are some, and once a tick while there are.
void Core::publish_due_callbacks() {
  const auto next = engine_.next_callback();
  const bool due = next && *next <= wall_now();
  if (due && !callbacks_were_due_) events_.send(encode(CallbacksDue{engine_.epoch()}));
  callbacks_were_due_ = due;
}

// What connected workers offer, and what any offered in the last day: a worker that is restarted must not make its
// languages unknown in the meantime.
std::vector<Language> Core::offered() const {
  std::map<std::int32_t, const Language*> by_id;
  const std::vector<OfferedLanguage> remembered = engine_.languages();
  for (const OfferedLanguage& offer : remembered) {
    if (wall_now() - offer.offered_at < kOfferKeptMs) by_id[offer.language.id] = &offer.language;
  }
  for (const auto& [id, session] : scheduler_.sessions()) {
    for (const Language& language : session.languages) by_id[language.id] = &language;
  }
  std::vector<Language> languages;
  for (const auto& [id, language] : by_id) languages.push_back(*language);
  return languages;
}

StatsReport Core::stats(std::uint64_t request) const {
  StatsReport report;
  report.request = request;
  report.epoch = engine_.epoch();
  report.top = engine_.top();
  report.queued = engine_.depth().queued;
  report.running = engine_.depth().running;
  report.malformed_frames = gate_.malformed_frames();
  report.refused_frames = gate_.refused_frames();
  report.refused_connections = gate_.refused_connections();
  report.cpu_us = static_cast<std::uint64_t>(cpu_used().count());
  report.queue_max = options_.queue_max;
  for (const auto& [id, session] : scheduler_.sessions()) {
    report.workers.push_back({session.name, session.slots, scheduler_.running_of(id), session.draining});
  }
  return report;
}

}  // namespace pushjudge
