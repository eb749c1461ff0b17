#include "queue/link.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "proto/base/clock.hpp"
#include "proto/base/crash_point.hpp"
#include "proto/base/log.hpp"
#include "proto/endpoints.hpp"
#include "queue/keys.hpp"
#include "queue/socket.hpp"

namespace pushjudge {
namespace {

using std::chrono::milliseconds;

// How long a hello may stay unanswered: the first often goes to a core that is about to end and lost with it, so the
// second follows soon; those after it leave a slow network more and more time.
constexpr milliseconds kHelloRetryMin{250};
constexpr milliseconds kHelloRetryMax{2'000};
constexpr milliseconds kReportRetry{1'000};
// How long the answer with a file may take. Each time longer: a large one on a slow network is only delayed by asking.
constexpr milliseconds kBlobRetryMin{2'000};
constexpr milliseconds kBlobRetryMax{16'000};
constexpr std::size_t kBlobsAskedMax = 8;  // the core reads no more at once for one session
constexpr int kSilentBeatsMax = 3;
// The core's pings wait behind a file that is on its way.
constexpr int kSilentBeatsMaxWithBlobs = 15;
constexpr int kPipeMessagesMax = 2'048;

Socket make_uplink(SocketContext& context) {
  SocketOptions options;
  options.linger = milliseconds(500);
  // What is said while no core listens is old when one does: reports are kept here and sent again instead.
  options.queue_before_connected = false;
  return Socket(context, SocketType::push, options);
}

Endpoints endpoints_or_throw(const std::string& queue) {
  auto endpoints = endpoints_of(queue);
  if (!endpoints) throw std::runtime_error(endpoints.error().message);
  return *std::move(endpoints);
}

std::optional<ClientKeys> keys_or_throw(const LinkOptions& options) {
  auto keys = client_keys(options.key_file, options.server_key);
  if (!keys) throw std::runtime_error(keys.error().message);
  // A folder is its own protection, and a core asks for no keys there.
  if (!options.queue.starts_with("tcp://")) return std::nullopt;
  return *std::move(keys);
}

void connect_or_throw(Socket& socket, const std::string& endpoint) {
  const auto connected = socket.connect(endpoint);
  if (!connected) throw std::runtime_error(connected.error().message);
}

}  // namespace

struct Link::State {
  State(LinkOptions link_options, LinkHandler& link_handler)
      : options(std::move(link_options)),
        handler(link_handler),
        endpoints(endpoints_or_throw(options.queue)),
        keys(keys_or_throw(options)),
        worker(random_uuid()),
        uplink(make_uplink(context)) {
    say_hello(Steady::now());
  }

  // A session at the core: its pipe, and what was agreed.
  struct Session {
    Session(SocketContext& context, const Welcome& welcome, const std::optional<ClientKeys>& keys, TimePoint now)
        : id(welcome.session),
          incarnation(welcome.incarnation),
          beat(std::max<std::uint32_t>(welcome.beat_ms, 1)),
          pipe(context, SocketType::pull, pipe_options()),
          monitor(context, pipe),
          heard(now),
          beat_at(now + beat) {
      if (keys) pipe.use_keys(*keys);
    }

    static SocketOptions pipe_options() {
      SocketOptions options;
      options.messages_max = kPipeMessagesMax;
      return options;
    }

    std::uint64_t id;
    std::uint32_t incarnation;
    milliseconds beat;
    Socket pipe;
    SocketMonitor monitor;
    std::uint64_t received = 0;  // the highest pipe_seq
    TimePoint heard;
    TimePoint beat_at;
    bool open = false;  // the core has been heard on it
  };

  // What became of a job, until the core has settled it. Built anew for each sending: the session changes.
  struct Held {
    std::optional<Report> report;  // else it failed
    std::string reason;
    TimePoint sent;
  };

  // A file that is to come.
  struct WantedBlob {
    Digest digest;
    bool asked = false;  // in this session
    TimePoint sent{};
    milliseconds retry = kBlobRetryMin;
  };

  void say_hello(TimePoint now) {
    hello_at = now + hello_retry;
    hello_retry = std::min(2 * hello_retry, kHelloRetryMax);
    // Anew: ZeroMQ gives up a connection that was refused, and the key may have been enrolled since.
    uplink = make_uplink(context);
    if (keys) uplink.use_keys(*keys);
    connect_or_throw(uplink, endpoints.uplink);
    lobby_monitor.reset();
    lobby.emplace(context, SocketType::dealer, SocketOptions{});
    lobby_monitor.emplace(context, *lobby);
    if (keys) lobby->use_keys(*keys);
    connect_or_throw(*lobby, endpoints.lobby);
    Hello hello;
    hello.worker = worker;
    hello.name = options.name;
    hello.queue = options.queue;
    hello.slots = options.slots;
    hello.languages = options.languages;
    hello.running = mine();
    hello.last_session = last_session;
    hello.received = last_received;
    // Waits in the socket until a core listens.
    if (!lobby->send(encode(hello))) log::warn("hello_not_sent");
  }

  // Everything the core may believe to be with us: what runs, and what is finished but not settled.
  std::vector<JobRef> mine() const {
    std::vector<JobRef> refs(running.begin(), running.end());
    for (const auto& [ref, held] : held_reports) refs.push_back(ref);
    return refs;
  }

  void on_welcome(const Welcome& welcome, TimePoint now) {
    crash_point("link.welcomed");
    lobby_monitor.reset();
    lobby.reset();
    session.emplace(context, welcome, keys, now);
    last_session = welcome.session;
    last_received = 0;
    for (WantedBlob& wanted : wanted_blobs) wanted = {wanted.digest};
    const auto connected = session->pipe.connect(welcome.pipe);
    if (!connected) {
      log::error("pipe_not_connected", {{"why", connected.error().message}});
      session.reset();
      hello_at = now + kHelloRetryMax;
      return;
    }
    log::info("joined", {{"session", welcome.session}, {"core_incarnation", welcome.incarnation}});
    for (const JobRef& ref : welcome.dropped) drop(ref);
    handler.on_joined(!joined_before);
    joined_before = true;
    refusal_said = false;
    hello_retry = kHelloRetryMin;
  }

  void drop(JobRef ref) {
    held_reports.erase(ref);
    if (running.erase(ref) > 0) handler.on_drop(ref);
  }

  void rejoin(TimePoint now, const char* why) {
    log::warn("session_lost", {{"session", session->id}, {"why", why}});
    session.reset();
    say_hello(now);
  }

  std::uint64_t max_seq() const {
    const std::size_t free = draining || running.size() >= options.slots ? 0 : options.slots - running.size();
    return session->received + free;
  }

  // Said once for all jobs that came and went since the last wait.
  void grant_if_due() {
    if (!std::exchange(credit_due, false)) return;
    if (session && session->open) uplink.send(encode(Credit{session->id, max_seq()}));
  }

  void send(JobRef ref, Held& held, TimePoint now) {
    held.sent = now;
    if (!session) return;
    uplink.send(held.report ? encode(Finished{session->id, ref, *held.report})
                            : encode(Failed{session->id, ref, held.reason}));
  }

  void hold(JobRef ref, Held held) {
    // Dropped while it was being judged: nobody wants to know.
    if (running.erase(ref) == 0) return;
    crash_point("link.before_result");
    send(ref, held_reports[ref] = std::move(held), Steady::now());
    crash_point("link.after_result");
    credit_due = true;
  }

  bool may_ask() const { return session && session->open; }

  std::size_t asked_blobs() const {
    return static_cast<std::size_t>(std::ranges::count_if(wanted_blobs, &WantedBlob::asked));
  }

  // Asks for as many files as may be asked for at once, and again for those that have not come in time.
  void ask_blobs(TimePoint now) {
    if (!may_ask()) return;
    std::size_t asked = asked_blobs();
    for (WantedBlob& wanted : wanted_blobs) {
      if (wanted.asked ? now - wanted.sent < wanted.retry : asked >= kBlobsAskedMax) continue;
      if (wanted.asked) {
        wanted.retry = std::min(2 * wanted.retry, kBlobRetryMax);
      } else {
        wanted.asked = true;
        ++asked;
      }
      wanted.sent = now;
      uplink.send(encode(WantBlob{session->id, wanted.digest}));
    }
  }

  void on_blob(BlobData file, TimePoint now) {
    const auto wanted = std::ranges::find(wanted_blobs, file.digest, &WantedBlob::digest);
    if (wanted == wanted_blobs.end()) return;  // sent twice, as it was asked for twice
    // The wire damages nothing: it lies so in the store, and would come so again.
    if (file.bytes && digest_of(*file.bytes) != file.digest) {
      log::error("blob_damaged", {{"digest", to_hex(file.digest)}, {"bytes", file.bytes->size()}});
      file.bytes.reset();
    }
    wanted_blobs.erase(wanted);
    ask_blobs(now);
    handler.on_blob(file.digest, std::move(file.bytes));
  }

  milliseconds silence_max() const {
    return (asked_blobs() > 0 ? kSilentBeatsMaxWithBlobs : kSilentBeatsMax) * session->beat;
  }

  void on_pipe(const std::string& frame, TimePoint now) {
    session->heard = now;
    if (auto job = decode<Job>(frame)) {
      session->received = std::max(session->received, job->pipe_seq);
      last_received = session->received;
      if (held_reports.contains(job->ref) || !running.insert(job->ref).second) return;
      crash_point("link.job_received");
      handler.on_job(*std::move(job));
      return;
    }
    if (const auto ack = decode<Ack>(frame)) {
      if (ack->code != AckCode::committed) {
        log::warn("report_not_taken",
                  {{"job", ack->ref.job}, {"code", ack->code == AckCode::stale ? "stale" : "duplicate"}});
      }
      crash_point("link.ack_received");
      held_reports.erase(ack->ref);
      return;
    }
    if (auto file = decode<BlobData>(frame)) {
      on_blob(*std::move(file), now);
      return;
    }
    if (const auto dropped = decode<Drop>(frame)) {
      drop(dropped->ref);
      credit_due = true;
      return;
    }
    if (const auto ping = decode<Ping>(frame)) {
      if (ping->incarnation != session->incarnation) {
        rejoin(now, "another core answers");
        return;
      }
      if (!session->open) {
        session->open = true;
        for (auto& [ref, held] : held_reports) send(ref, held, now);
        if (draining) uplink.send(encode(Drain{session->id}));
        ask_blobs(now);
      }
      // Said again with each ping, so that a credit that was lost does not leave a slot idle.
      credit_due = true;
      return;
    }
    log::warn("malformed_frame_dropped", {{"socket", "pipe"}, {"bytes", frame.size()}});
  }

  void receive(TimePoint now) {
    if (lobby) {
      while (const auto change = lobby_monitor->next()) {
        if (*change != SocketMonitor::Change::refused || refusal_said) continue;
        refusal_said = true;
        log::warn("core_refuses_us",
                  {{"queue", options.queue},
                   {"with_key", keys.has_value()},
                   {"why", "our key is not enrolled, or the core's is another; its log says which"}});
      }
      while (const auto frame = lobby->receive()) {
        const auto welcome = decode<Welcome>(*frame);
        if (!welcome) {
          log::warn("malformed_frame_dropped", {{"socket", "lobby"}, {"bytes", frame->size()}});
          continue;
        }
        on_welcome(*welcome, now);
        break;
      }
    }
    if (!session) return;
    // Before the pipe: what it brings after it broke may come from another core at the same address.
    while (const auto change = session->monitor.next()) {
      if (*change == SocketMonitor::Change::disconnected && session->open) {
        rejoin(now, "the connection broke");
        return;
      }
    }
    while (session) {
      const auto frame = session->pipe.receive();
      if (!frame) break;
      on_pipe(*frame, now);
    }
  }

  void on_timers(TimePoint now) {
    if (!session) {
      if (now >= hello_at) say_hello(now);
      return;
    }
    if (now - session->heard > silence_max()) {
      rejoin(now, "the core is silent");
      return;
    }
    if (session->open && now >= session->beat_at) {
      session->beat_at = now + session->beat;
      uplink.send(encode(Beat{session->id, max_seq(), mine()}));
    }
    for (auto& [ref, held] : held_reports) {
      if (session->open && now - held.sent >= kReportRetry) send(ref, held, now);
    }
    ask_blobs(now);
  }

  milliseconds patience(TimePoint now, milliseconds max) const {
    TimePoint until = now + max;
    if (session) {
      until = std::min(until, session->heard + silence_max() + milliseconds(1));
      if (session->open) {
        until = std::min(until, session->beat_at);
        for (const auto& [ref, held] : held_reports) until = std::min(until, held.sent + kReportRetry);
        for (const WantedBlob& wanted : wanted_blobs) {
          if (wanted.asked) until = std::min(until, wanted.sent + wanted.retry);
        }
      }
    } else {
      until = std::min(until, hello_at);
    }
    return until <= now ? milliseconds(0) : std::chrono::ceil<milliseconds>(until - now);
  }

  LinkOptions options;
  LinkHandler& handler;
  Endpoints endpoints;
  std::optional<ClientKeys> keys;
  Uuid worker;

  SocketContext context;  // before the sockets, which it outlives
  Socket uplink;
  std::optional<Socket> lobby;  // while joining
  std::optional<SocketMonitor> lobby_monitor;
  bool refusal_said = false;  // since the last session
  std::optional<Session> session;
  TimePoint hello_at;
  milliseconds hello_retry = kHelloRetryMin;
  std::uint64_t last_session = 0;   // the last one, also when it is over
  std::uint64_t last_received = 0;  // its highest pipe_seq
  bool joined_before = false;
  bool draining = false;
  bool credit_due = false;

  std::set<JobRef> running;
  std::map<JobRef, Held> held_reports;
  std::vector<WantedBlob> wanted_blobs;  // in the order in which they were wanted
};

Link::Link(LinkOptions options, LinkHandler& handler) : state_(std::make_unique<State>(std::move(options), handler)) {}
Link::~Link() = default;

void Link::wait(std::span<pollfd> extra, milliseconds max) {
  state_->grant_if_due();
  std::vector<void*> sockets;
  if (state_->lobby) {
    sockets.push_back(state_->lobby->handle());
    sockets.push_back(state_->lobby_monitor->handle());
  }
  if (state_->session) {
    sockets.push_back(state_->session->pipe.handle());
    sockets.push_back(state_->session->monitor.handle());
  }
  poll(sockets, extra, state_->patience(Steady::now(), max));
  const TimePoint now = Steady::now();
  state_->receive(now);
  state_->on_timers(now);
  state_->grant_if_due();
}

void Link::compiled(JobRef ref, std::chrono::microseconds wall) {
  if (!state_->session || !state_->running.contains(ref)) return;
  state_->uplink.send(encode(Compiled{state_->session->id, ref, static_cast<std::uint64_t>(wall.count())}));
}

void Link::progress(JobRef ref, TestProgress progress) {
  if (!state_->may_ask() || !state_->running.contains(ref)) return;
  state_->uplink.send(encode(Progress{state_->session->id, ref, std::move(progress)}));
}

void Link::want_blob(const Digest& digest) {
  if (std::ranges::find(state_->wanted_blobs, digest, &State::WantedBlob::digest) != state_->wanted_blobs.end()) return;
  state_->wanted_blobs.push_back({digest});
  state_->ask_blobs(Steady::now());
}

void Link::finished(JobRef ref, Report report) {
  state_->hold(ref, {std::move(report), "", {}});
}

void Link::failed(JobRef ref, std::string reason) {
  state_->hold(ref, {std::nullopt, std::move(reason), {}});
}

void Link::drain() {
  state_->draining = true;
  if (state_->session) state_->uplink.send(encode(Drain{state_->session->id}));
}

bool Link::idle() const {
  return state_->running.empty() && state_->held_reports.empty();
}

void Link::leave() {
  if (state_->session) state_->uplink.send(encode(Bye{state_->session->id}));
  state_->session.reset();
}

}  // namespace pushjudge
