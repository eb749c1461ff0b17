#pragma once

// Who works for us, how many jobs each is willing to receive, and which leases run out when. Pure: no I/O, no clock, no
// logging; the caller passes `now`. Owned by the core's thread. What it decides becomes true only when the engine has
// committed it.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/clock.hpp"
#include "proto/messages.hpp"
#include "queue/engine.hpp"

namespace pushjudge {

struct SchedulerTimes {
  std::chrono::milliseconds lease{15'000};        // without a beat that names it, a job is handed out again after this
  std::chrono::milliseconds beat{2'000};          // how often a worker is to be heard
  std::chrono::milliseconds silence{6'000};       // a worker not heard for this long gets no new jobs
  std::chrono::milliseconds disconnected{1'000};  // how long a worker whose connection broke may take to come back
  std::chrono::milliseconds restart{5'000};       // how long workers may take to come back after the core started
};

// A job to be taken from its worker.
struct Lapse {
  JobRef ref;
  std::string reason;
  bool began = true;  // or may have, as far as we know
};

class Scheduler {
 public:
  // `incarnation` of the core makes the numbers of its sessions, so that what a worker says in a session of an earlier
  // core is never taken for another's.
  Scheduler(const SchedulerTimes& times, std::uint32_t incarnation);

  // What was running when the core last stopped: kept for the workers to claim, until `restart` has passed.
  void adopt(const std::vector<OpenLease>& leases, TimePoint now);

  struct Joined {
    SessionId session = 0;
    std::optional<SessionId> replaced;  // the worker's session before this one
    std::vector<JobRef> dropped;        // the worker believes it has these, and it has not
    std::vector<Lapse> lapsed;          // it had these, and lost them
  };
  Joined join(const Hello& hello, TimePoint now);

  // Each answers whether the session is known. A worker that is told nothing joins anew.
  bool beat(const Beat& beat, TimePoint now);
  bool credit(const Credit& credit, TimePoint now);
  bool heard(SessionId session, TimePoint now);

  void drain(SessionId session);  // it gets no more jobs

  void connected(SessionId session);
  void disconnected(SessionId session, TimePoint now);
  // The session ends; what it had is to be given back. `began`: whether the worker may have begun it.
  std::vector<Lapse> leave(SessionId session, const std::string& reason, bool began);

  // Free slots by worker. Whoever asks serves them before asking again.
  std::vector<Demand> demands(TimePoint now) const;
  // The number of the job on its session's pipe; nothing, and nothing is held, when the session is gone.
  std::optional<std::uint64_t> assign(const Lease& lease, TimePoint now);
  void settled(JobRef ref);
  // Who has the hand-out; nothing when nobody does.
  std::optional<SessionId> holder_of(JobRef ref) const;
  // Of the submission that the hand-out is of; nothing where the session has not got it.
  std::optional<Token> token_of(JobRef ref, SessionId session) const;

  struct Expired {
    std::vector<Lapse> lapsed;
    std::vector<SessionId> ended;  // sessions that are over
  };
  Expired expire(TimePoint now);
  // When expire() may next find something; never later than that.
  std::optional<TimePoint> next_deadline() const;

  struct Session {
    SessionId id = 0;
    Uuid worker{};
    std::string name;
    std::uint32_t slots = 0;
    std::vector<Language> languages;
    std::uint64_t max_seq = 0;   // credit, cumulative
    std::uint64_t sent_seq = 0;  // used
    TimePoint heard;
    std::optional<TimePoint> disconnected;
    bool draining = false;
  };
  const std::map<SessionId, Session>& sessions() const { return sessions_; }
  std::uint32_t running_of(SessionId session) const;
  std::uint32_t slots() const;  // of all sessions

 private:
  struct Held {
    Fence fence = 0;
    SessionId session = 0;  // 0: nobody has claimed it since the core started
    TimePoint deadline;
    std::uint64_t pipe_seq = 0;  // its number on the session's pipe; 0: it came with the worker
    Token token;
  };

  // What came to the session as number `received` or before has begun.
  std::vector<Lapse> take_all(SessionId session, const std::string& reason, std::uint64_t received);

  SchedulerTimes times_;
  SessionId last_session_;
  std::map<SessionId, Session> sessions_;
  std::map<JobId, Held> held_;
};

}  // namespace pushjudge
