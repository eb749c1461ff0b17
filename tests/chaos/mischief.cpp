#include "tests/chaos/mischief.hpp"

#include <algorithm>
#include <utility>

#include "proto/endpoints.hpp"

namespace pushjudge::chaos {

using std::chrono::milliseconds;

Mischief::Mischief(Site& site, Dice dice) : site_(site), dice_(dice), next_(Steady::now()) {}

void Mischief::step(TimePoint now) {
  // Taken out before they are done, so that a repair may ask for another.
  const auto due = std::partition(repairs_.begin(), repairs_.end(), [now](const Repair& r) { return r.at > now; });
  const std::vector<Repair> repairs(due, repairs_.end());
  repairs_.erase(due, repairs_.end());
  for (const Repair& repair : repairs) repair.mend();
  if (now < next_) return;
  next_ = now + milliseconds(dice_.between(100, 700));
  strike(now);
}

void Mischief::end() {
  for (const Repair& repair : std::exchange(repairs_, {})) repair.mend();
}

void Mischief::strike(TimePoint now) {
  const int lease = static_cast<int>(site_.options().lease.count());
  const std::uint16_t port = site_.first_port();
  const auto ports = [port](int first, int last) {
    return Ports{static_cast<std::uint16_t>(port + first), static_cast<std::uint16_t>(port + last)};
  };
  const auto any_of = [this](std::vector<Actor>& actors) -> Actor& { return actors[dice_.index(actors.size())]; };
  const int what = dice_.between(1, 100);
  if (what <= 12) {
    kill(site_.core(), "core", 2'000, now);
  } else if (what <= 32) {
    kill(any_of(site_.workers()), "worker", 1'000, now);
  } else if (what <= 40) {
    kill(any_of(site_.gateways()), "gateway", 1'000, now);
  } else if (what <= 47) {
    freeze(any_of(site_.workers()), "worker past its lease", lease + 300, lease + 2'500, now);
  } else if (what <= 50) {
    freeze(any_of(site_.gateways()), "gateway", 200, 4'000, now);
  } else if (what <= 52) {
    freeze(site_.core(), "core", 200, 2'000, now);
  } else if (what <= 69) {
    // All, the uplink, the pipes.
    disturb(site_.ways_of_workers(), "worker to core", {Ports{}, ports(1, 1), ports(kPipePortOffset, 65'535 - port)},
            now);
  } else if (what <= 88) {
    // All, the questions, the events; the last twice, for what is published meanwhile is lost and must be fetched.
    disturb(site_.ways_of_gateways(), "gateway to core", {Ports{}, ports(2, 2), ports(3, 3), ports(3, 3)}, now);
  } else {
    disturb(site_.ways_to_gateways(), "client to gateway", {Ports{}}, now);
  }
}

void Mischief::kill(Actor& actor, const std::string& what, int down_ms_max, TimePoint now) {
  if (!actor.up()) return;
  ++done_["kill -9: " + what];
  actor.kill();
  if (dice_.percent(50)) {
    actor.start();
    return;
  }
  later(now + milliseconds(dice_.between(0, down_ms_max)), [&actor] {
    // It may have been seen down, and started, by whoever looks after the site.
    if (!actor.up()) actor.start();
  });
}

void Mischief::freeze(Actor& actor, const std::string& what, int least_ms, int most_ms, TimePoint now) {
  if (!actor.up() || actor.frozen()) return;
  ++done_["SIGSTOP: " + what];
  actor.freeze();
  later(now + milliseconds(dice_.between(least_ms, most_ms)), [&actor] {
    if (actor.up() && actor.frozen()) actor.thaw();
  });
}

void Mischief::disturb(const std::vector<std::unique_ptr<Proxy>>& ways, const std::string& what,
                       std::vector<Ports> parts, TimePoint now) {
  Proxy& way = *ways[dice_.index(ways.size())];
  const Ports part = parts[dice_.index(parts.size())];
  const int fault = dice_.between(1, 100);
  const int long_ms = dice_.between(300, 8'000);
  const int short_ms = dice_.between(100, 2'000);
  if (!disturbed_.insert(&way).second) return;
  const auto until = [this, &way, now](int ms) {
    later(now + milliseconds(ms), [this, &way] {
      way.mend();
      disturbed_.erase(&way);
    });
  };
  if (fault <= 30) {
    ++done_["cut: " + what];
    way.cut(part);
    until(0);
  } else if (fault <= 45) {
    ++done_["refused: " + what];
    way.refuse(part);
    until(short_ms);
  } else if (fault <= 70) {
    ++done_["stalled: " + what];
    way.stall(part);
    until(long_ms);
  } else {
    ++done_["half-open: " + what];
    way.half_open(part, dice_.percent(50) ? Proxy::Side::near : Proxy::Side::far);
    until(long_ms);
  }
}

void Mischief::later(TimePoint at, std::function<void()> mend) {
  repairs_.push_back({at, std::move(mend)});
}

}  // namespace pushjudge::chaos
