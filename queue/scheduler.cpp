#include "queue/scheduler.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace pushjudge {
namespace {

constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

std::vector<std::int32_t> ids_of(const std::vector<Language>& languages) {
  std::vector<std::int32_t> ids;
  for (const Language& language : languages) ids.push_back(language.id);
  return ids;
}

}  // namespace

Scheduler::Scheduler(const SchedulerTimes& times, std::uint32_t incarnation)
    : times_(times), last_session_(static_cast<SessionId>(incarnation) << 32) {}

void Scheduler::adopt(const std::vector<OpenLease>& leases, TimePoint now) {
  for (const OpenLease& lease : leases) {
    held_[lease.ref.job] = {lease.ref.fence, 0, now + times_.restart, 0, lease.token};
  }
}

Scheduler::Joined Scheduler::join(const Hello& hello, TimePoint now) {
  Joined joined;
  joined.session = ++last_session_;
  for (const auto& [id, session] : sessions_) {
    if (session.worker == hello.worker) joined.replaced = id;
  }
  for (const JobRef& ref : hello.running) {
    const auto held = held_.find(ref.job);
    // Not its job any more: it lapsed, was handed out again, or was settled.
    if (held == held_.end() || held->second.fence != ref.fence) {
      joined.dropped.push_back(ref);
      continue;
    }
    held->second = {ref.fence, joined.session, now + times_.lease, 0, held->second.token};
  }
  if (joined.replaced) {
    sessions_.erase(*joined.replaced);
    const bool remembers = hello.last_session == *joined.replaced;
    joined.lapsed = take_all(*joined.replaced, "the worker began anew without it", remembers ? hello.received : kAll);
  }
  Session session;
  session.id = joined.session;
  session.worker = hello.worker;
  session.name = hello.name;
  session.slots = hello.slots;
  session.languages = hello.languages;
  session.heard = now;
  sessions_.emplace(session.id, std::move(session));
  return joined;
}

bool Scheduler::heard(SessionId session, TimePoint now) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return false;
  found->second.heard = now;
  return true;
}

bool Scheduler::credit(const Credit& credit, TimePoint now) {
  if (!heard(credit.session, now)) return false;
  Session& session = sessions_.at(credit.session);
  session.max_seq = std::max(session.max_seq, credit.max_seq);
  return true;
}

bool Scheduler::beat(const Beat& beat, TimePoint now) {
  if (!credit({beat.session, beat.max_seq}, now)) return false;
  for (const JobRef& ref : beat.running) {
    const auto held = held_.find(ref.job);
    if (held == held_.end() || held->second.fence != ref.fence || held->second.session != beat.session) continue;
    held->second.deadline = now + times_.lease;
  }
  return true;
}

void Scheduler::drain(SessionId session) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end()) found->second.draining = true;
}

void Scheduler::connected(SessionId session) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end()) found->second.disconnected.reset();
}

void Scheduler::disconnected(SessionId session, TimePoint now) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end() && !found->second.disconnected) found->second.disconnected = now;
}

std::vector<Lapse> Scheduler::take_all(SessionId session, const std::string& reason, std::uint64_t received) {
  std::vector<Lapse> lapsed;
  for (auto held = held_.begin(); held != held_.end();) {
    if (held->second.session == session) {
      lapsed.push_back({{held->first, held->second.fence}, reason, held->second.pipe_seq <= received});
      held = held_.erase(held);
    } else {
      ++held;
    }
  }
  return lapsed;
}

std::vector<Lapse> Scheduler::leave(SessionId session, const std::string& reason, bool began) {
  if (sessions_.erase(session) == 0) return {};
  return take_all(session, reason, began ? kAll : 0);
}

std::vector<Demand> Scheduler::demands(TimePoint now) const {
  std::vector<Demand> demands;
  for (const auto& [id, session] : sessions_) {
    if (session.draining || session.disconnected || now - session.heard > times_.silence) continue;
    if (session.max_seq <= session.sent_seq) continue;
    // A worker may grant what it likes; it is given at most what its slots can hold.
    const std::uint64_t free = std::min<std::uint64_t>(session.max_seq - session.sent_seq, session.slots);
    demands.push_back({id, session.name, ids_of(session.languages), static_cast<std::uint32_t>(free)});
  }
  return demands;
}

std::optional<std::uint64_t> Scheduler::assign(const Lease& lease, TimePoint now) {
  const auto found = sessions_.find(lease.session);
  if (found == sessions_.end()) return std::nullopt;
  const std::uint64_t pipe_seq = ++found->second.sent_seq;
  held_[lease.ref.job] = {lease.ref.fence, lease.session, now + times_.lease, pipe_seq, lease.submission.token};
  return pipe_seq;
}

std::optional<SessionId> Scheduler::holder_of(JobRef ref) const {
  const auto held = held_.find(ref.job);
  if (held == held_.end() || held->second.fence != ref.fence) return std::nullopt;
  return held->second.session;
}

std::optional<Token> Scheduler::token_of(JobRef ref, SessionId session) const {
  if (session == 0 || holder_of(ref) != session) return std::nullopt;
  return held_.at(ref.job).token;
}

void Scheduler::settled(JobRef ref) {
  const auto held = held_.find(ref.job);
  if (held != held_.end() && held->second.fence == ref.fence) held_.erase(held);
}

Scheduler::Expired Scheduler::expire(TimePoint now) {
  Expired expired;
  for (auto session = sessions_.begin(); session != sessions_.end();) {
    const bool gone = session->second.disconnected && now - *session->second.disconnected >= times_.disconnected;
    const bool mute = now - session->second.heard >= times_.lease;
    if (!gone && !mute) {
      ++session;
      continue;
    }
    const SessionId id = session->first;
    session = sessions_.erase(session);
    expired.ended.push_back(id);
    for (Lapse& lapse : take_all(id, gone ? "the worker's connection broke" : "the worker fell silent", kAll)) {
      expired.lapsed.push_back(std::move(lapse));
    }
  }
  for (auto held = held_.begin(); held != held_.end();) {
    if (held->second.deadline <= now) {
      expired.lapsed.push_back(
          {{held->first, held->second.fence},
           held->second.session == 0 ? "no worker came back with it" : "the worker did not confirm it"});
      held = held_.erase(held);
    } else {
      ++held;
    }
  }
  return expired;
}

std::optional<TimePoint> Scheduler::next_deadline() const {
  std::optional<TimePoint> next;
  const auto consider = [&next](TimePoint at) {
    if (!next || at < *next) next = at;
  };
  for (const auto& [id, session] : sessions_) {
    if (session.disconnected) consider(*session.disconnected + times_.disconnected);
    consider(session.heard + times_.lease);
  }
  for (const auto& [job, held] : held_) consider(held.deadline);
  return next;
}

std::uint32_t Scheduler::running_of(SessionId session) const {
  return static_cast<std::uint32_t>(std::count_if(
      held_.begin(), held_.end(), [session](const auto& entry) { return entry.second.session == session; }));
}

std::uint32_t Scheduler::slots() const {
  std::uint32_t slots = 0;
  for (const auto& [id, session] : sessions_) slots += session.slots;
  return slots;
}

}  // namespace pushjudge
