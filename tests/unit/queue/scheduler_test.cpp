#include "queue/scheduler.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pushjudge;
using std::chrono::milliseconds;

namespace {

const TimePoint kStart{};
constexpr SchedulerTimes kTimes{};

Hello hello(std::uint8_t worker, std::uint32_t slots = 2, std::vector<JobRef> running = {}) {
  Hello made;
  made.worker.fill(worker);
  made.name = "worker-" + std::to_string(worker);
  made.slots = slots;
  Language cpp;
  cpp.id = 54;
  made.languages = {cpp};
  made.running = std::move(running);
  return made;
}

Lease lease(SessionId session, JobId job, Fence fence) {
  Lease made;
  made.session = session;
  made.ref = {job, fence};
  made.attempt = 1;
  return made;
}

std::vector<JobId> jobs(const std::vector<Lapse>& lapses) {
  std::vector<JobId> result;
  for (const Lapse& lapse : lapses) result.push_back(lapse.ref.job);
  return result;
}

using Jobs = std::vector<JobId>;

// A scheduler with one worker of two slots that has granted its credit.
struct OneWorker {
  Scheduler scheduler{kTimes, 1};
  SessionId session = scheduler.join(hello(1), kStart).session;
  OneWorker() { CHECK(scheduler.credit({session, 2}, kStart)); }
};

}  // namespace

TEST_CASE("scheduler: a worker gets nothing before it grants credit, then as much as it grants") {
  Scheduler scheduler(kTimes, 1);
  const SessionId session = scheduler.join(hello(1), kStart).session;
  CHECK(scheduler.demands(kStart).empty());
  REQUIRE(scheduler.credit({session, 1}, kStart));
  const auto demands = scheduler.demands(kStart);
  REQUIRE(demands.size() == 1);
  CHECK(demands[0].slots == 1);
  CHECK(demands[0].languages == std::vector<std::int32_t>{54});
}

TEST_CASE("scheduler: credit is cumulative, so a late or doubled one grants nothing more") {
  OneWorker one;
  CHECK(one.scheduler.assign(lease(one.session, 7, 1), kStart) == 1);
  CHECK(one.scheduler.assign(lease(one.session, 8, 2), kStart) == 2);
  CHECK(one.scheduler.demands(kStart).empty());
  one.scheduler.credit({one.session, 2}, kStart);
  one.scheduler.credit({one.session, 1}, kStart);
  CHECK(one.scheduler.demands(kStart).empty());
  one.scheduler.credit({one.session, 3}, kStart);
  CHECK(one.scheduler.demands(kStart).at(0).slots == 1);
}

TEST_CASE("scheduler: a worker that grants more than its slots hold is given no more than those") {
  OneWorker one;
  one.scheduler.credit({one.session, 1'000'000}, kStart);
  CHECK(one.scheduler.demands(kStart).at(0).slots == 2);
}

TEST_CASE("scheduler: beats keep a lease; without them it lapses, once") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 1), kStart);
  const TimePoint later = kStart + kTimes.lease - milliseconds(1);
  CHECK(one.scheduler.expire(later).lapsed.empty());
  one.scheduler.beat({one.session, 2, {{7, 1}}}, later);
  CHECK(one.scheduler.expire(kStart + kTimes.lease).lapsed.empty());
  CHECK(jobs(one.scheduler.expire(later + kTimes.lease).lapsed) == Jobs{7});
  CHECK(one.scheduler.expire(later + kTimes.lease).lapsed.empty());
}

TEST_CASE("scheduler: a beat that does not name a job lets its lease run out, as a lost job frame must") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 1), kStart);
  for (TimePoint at = kStart; at < kStart + kTimes.lease; at += kTimes.beat)
    one.scheduler.beat({one.session, 2, {}}, at);
  const auto expired = one.scheduler.expire(kStart + kTimes.lease);
  CHECK(jobs(expired.lapsed) == Jobs{7});
  CHECK(expired.ended.empty());
}

TEST_CASE("scheduler: a silent worker gets no new jobs, long before its leases lapse") {
  OneWorker one;
  CHECK(one.scheduler.demands(kStart + kTimes.silence).size() == 1);
  CHECK(one.scheduler.demands(kStart + kTimes.silence + milliseconds(1)).empty());
}

TEST_CASE("scheduler: a broken connection costs the jobs after the grace, and nothing when it is back within it") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 1), kStart);
  one.scheduler.disconnected(one.session, kStart);
  CHECK(one.scheduler.demands(kStart).empty());
  CHECK(one.scheduler.expire(kStart + kTimes.disconnected - milliseconds(1)).lapsed.empty());
  one.scheduler.connected(one.session);
  CHECK(one.scheduler.expire(kStart + kTimes.disconnected).lapsed.empty());
  one.scheduler.disconnected(one.session, kStart);
  const auto expired = one.scheduler.expire(kStart + kTimes.disconnected);
  CHECK(jobs(expired.lapsed) == Jobs{7});
  CHECK(expired.ended == std::vector<SessionId>{one.session});
  CHECK(one.scheduler.sessions().empty());
}

TEST_CASE("scheduler: a worker that joins anew keeps what it still runs and loses the rest") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 1), kStart);
  one.scheduler.assign(lease(one.session, 8, 2), kStart);
  const auto joined = one.scheduler.join(hello(1, 2, {{8, 2}}), kStart);
  CHECK(joined.replaced == one.session);
  CHECK(jobs(joined.lapsed) == Jobs{7});
  CHECK(joined.dropped.empty());
  CHECK(one.scheduler.running_of(joined.session) == 1);
}

TEST_CASE("scheduler: what was on its way to a worker that joins anew has not begun; what reached it has") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 70), kStart);
  one.scheduler.assign(lease(one.session, 8, 80), kStart);
  Hello again = hello(1);
  again.last_session = one.session;
  again.received = 1;
  const auto joined = one.scheduler.join(again, kStart);
  REQUIRE(jobs(joined.lapsed) == Jobs{7, 8});
  CHECK(joined.lapsed[0].began);
  CHECK_FALSE(joined.lapsed[1].began);
}

TEST_CASE("scheduler: of a worker that remembers another session everything may have begun") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 70), kStart);
  Hello again = hello(1);
  again.last_session = one.session + 1;
  const auto joined = one.scheduler.join(again, kStart);
  REQUIRE(jobs(joined.lapsed) == Jobs{7});
  CHECK(joined.lapsed[0].began);
}

TEST_CASE("scheduler: a worker that comes back with a job of an old fence is told to drop it") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 2), kStart);
  const auto joined = one.scheduler.join(hello(2, 1, {{7, 1}, {9, 1}}), kStart);
  CHECK(joined.dropped == std::vector<JobRef>{{7, 1}, {9, 1}});
  CHECK(one.scheduler.running_of(one.session) == 1);
}

TEST_CASE("scheduler: after a restart of the core a job goes on with the worker that claims it, and lapses unclaimed") {
  Scheduler scheduler(kTimes, 1);
  scheduler.adopt({{{7, 1}, "worker-1"}, {{8, 2}, "worker-2"}}, kStart);
  const auto joined = scheduler.join(hello(1, 2, {{7, 1}}), kStart);
  CHECK(joined.dropped.empty());
  CHECK(scheduler.expire(kStart + kTimes.restart - milliseconds(1)).lapsed.empty());
  CHECK(jobs(scheduler.expire(kStart + kTimes.restart).lapsed) == Jobs{8});
}

TEST_CASE("scheduler: a draining worker gets nothing and keeps what it has") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 1), kStart);
  one.scheduler.drain(one.session);
  CHECK(one.scheduler.demands(kStart).empty());
  CHECK(one.scheduler.running_of(one.session) == 1);
}

TEST_CASE("scheduler: a worker that leaves gives back what it has") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 1), kStart);
  CHECK(jobs(one.scheduler.leave(one.session, "bye", false)) == Jobs{7});
  CHECK_FALSE(one.scheduler.heard(one.session, kStart));
}

TEST_CASE("scheduler: a hand-out committed for a worker that has left is held by nobody") {
  OneWorker one;
  one.scheduler.leave(one.session, "bye", false);
  CHECK_FALSE(one.scheduler.assign(lease(one.session, 7, 1), kStart).has_value());
  CHECK(one.scheduler.expire(kStart + kTimes.lease).lapsed.empty());
}

TEST_CASE("scheduler: sessions of different cores never have the same number") {
  Scheduler first(kTimes, 1);
  Scheduler second(kTimes, 2);
  const SessionId old = first.join(hello(1), kStart).session;
  CHECK(second.join(hello(2), kStart).session != old);
  CHECK_FALSE(second.credit({old, 37}, kStart));
}

TEST_CASE("scheduler: a settled job no longer lapses, and an old fence settles nothing") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 2), kStart);
  one.scheduler.settled({7, 1});
  CHECK(one.scheduler.running_of(one.session) == 1);
  one.scheduler.settled({7, 2});
  CHECK(one.scheduler.running_of(one.session) == 0);
}

TEST_CASE("scheduler: the next deadline is never later than what expires first") {
  OneWorker one;
  one.scheduler.assign(lease(one.session, 7, 1), kStart);
  REQUIRE(one.scheduler.next_deadline() == kStart + kTimes.lease);
  one.scheduler.disconnected(one.session, kStart);
  CHECK(one.scheduler.next_deadline() == kStart + kTimes.disconnected);
  CHECK_FALSE(Scheduler(kTimes, 1).next_deadline().has_value());
}

TEST_CASE("scheduler: whoever has a hand-out, and nobody else, may speak of its submission") {
  OneWorker one;
  Lease handed_out = lease(one.session, 7, 2);
  handed_out.submission.token = Token::make(1);
  one.scheduler.assign(handed_out, kStart);
  const SessionId other = one.scheduler.join(hello(2), kStart).session;
  CHECK(one.scheduler.token_of({7, 2}, one.session) == handed_out.submission.token);
  CHECK_FALSE(one.scheduler.token_of({7, 1}, one.session));
  CHECK_FALSE(one.scheduler.token_of({8, 2}, one.session));
  CHECK_FALSE(one.scheduler.token_of({7, 2}, other));
  // In its next session it is the same.
  const SessionId next = one.scheduler.join(hello(1, 2, {{7, 2}}), kStart).session;
  CHECK_FALSE(one.scheduler.token_of({7, 2}, one.session));
  CHECK(one.scheduler.token_of({7, 2}, next) == handed_out.submission.token);
  one.scheduler.settled({7, 2});
  CHECK_FALSE(one.scheduler.token_of({7, 2}, next));
}

TEST_CASE("scheduler: of what ran before a restart of the core the submission is known once somebody claims it") {
  Scheduler scheduler(kTimes, 1);
  const Token token = Token::make(1);
  scheduler.adopt({{{7, 1}, "worker-1", token}}, kStart);
  CHECK_FALSE(scheduler.token_of({7, 1}, 0));
  const SessionId session = scheduler.join(hello(1, 2, {{7, 1}}), kStart).session;
  CHECK(scheduler.token_of({7, 1}, session) == token);
}
