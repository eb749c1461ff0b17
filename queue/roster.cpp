#include "queue/roster.hpp"

#include <algorithm>
#include <array>

namespace pushjudge {
namespace {

constexpr std::size_t kSessionsOfKeyMax = 64;
constexpr std::size_t kRevokedMax = 10'000;
constexpr std::array<std::string_view, 5> kDoors{"lobby", "uplink", "submit", "events", "pipe"};

Role role_at(Door door) {
  return door == Door::submit || door == Door::events ? Role::gateway : Role::worker;
}

}  // namespace

std::string_view to_string(Door door) {
  return kDoors.at(static_cast<std::size_t>(door));
}

std::string domain_of(Door door, const std::string& pipe_owner) {
  std::string domain(to_string(door));
  if (door == Door::pipe) domain += " " + pipe_owner;
  return domain;
}

std::vector<std::string> Roster::replace(Keyring ring) {
  std::vector<std::string> gone;
  for (const auto& [key, enrolled] : ring_) {
    const auto still = ring.find(key);
    if (still != ring.end() && still->second == enrolled) continue;
    gone.push_back(key);
    if (revoked_.size() < kRevokedMax) revoked_[key] = enrolled;
  }
  for (const auto& [key, enrolled] : ring) revoked_.erase(key);
  ring_ = std::move(ring);
  return gone;
}

bool Roster::knows(const std::string& key, const Enrolled& enrolled) const {
  const auto known = ring_.find(key);
  return known != ring_.end() && known->second == enrolled;
}

Roster::Answer Roster::may_connect(std::string_view domain, const std::string& key) const {
  const auto door = std::find_if(kDoors.begin(), kDoors.end(),
                                 [&](std::string_view name) { return domain.substr(0, domain.find(' ')) == name; });
  if (door == kDoors.end()) return {false, "there is no such door"};
  const auto which = static_cast<Door>(door - kDoors.begin());
  if (key.empty()) return {false, "it has no key"};
  const Answer answer = may_speak(which, key);
  if (answer.yes && which == Door::pipe && domain != domain_of(which, key)) return {false, "the pipe is another's"};
  return answer;
}

Roster::Answer Roster::may_speak(Door door, const std::string& key) const {
  if (key.empty()) return {true, ""};
  const auto enrolled = ring_.find(key);
  if (enrolled == ring_.end()) {
    return {false, revoked_.contains(key) ? "its key is revoked" : "its key is not enrolled"};
  }
  if (enrolled->second.role == role_at(door)) return {true, ""};
  return {false, enrolled->second.role == Role::gateway ? "it is a gateway's key" : "it is a worker's key"};
}

void Roster::open(std::uint64_t session, const std::string& key) {
  owners_[session] = key;
}

std::vector<std::uint64_t> Roster::sessions_of(const std::string& key) const {
  std::vector<std::uint64_t> sessions;
  for (const auto& [session, owner] : owners_) {
    if (owner == key) sessions.push_back(session);
  }
  return sessions;
}

bool Roster::may_open(const std::string& key) const {
  return key.empty() || sessions_of(key).size() < kSessionsOfKeyMax;
}

bool Roster::owns(std::uint64_t session, const std::string& key) const {
  const auto owner = owners_.find(session);
  return owner != owners_.end() && owner->second == key;
}

Roster::Verdict Roster::judge(const std::string& key, const UplinkSubject& subject,
                              std::optional<std::uint64_t> holder) const {
  const auto owner = owners_.find(subject.session);
  if (owner == owners_.end()) {
    // A report from a session of before is good if its fence is. Whose it was nobody can tell, so it is not taken from
    // those who must prove who they are: they send it again in their next session.
    return key.empty() ? Verdict::take : Verdict::drop;
  }
  if (owner->second != key) return Verdict::refused;
  if (key.empty() || !subject.job || holder == subject.session) return Verdict::take;
  // Its lease lapsed, or the job is settled. The fence alone, which can be guessed, proves nothing.
  if (!holder) return subject.wants_ack ? Verdict::stale : Verdict::drop;
  // Handed out again to another of its sessions: late, not wrong.
  if (owns(*holder, key)) return subject.wants_ack ? Verdict::stale : Verdict::drop;
  return Verdict::refused;
}

bool Roster::may_claim(JobRef ref, std::uint64_t holder, const std::string& key) const {
  if (holder != 0) return owns(holder, key);
  if (key.empty()) return true;
  const auto worker = before_.find(ref);
  const auto enrolled = ring_.find(key);
  if (worker == before_.end() || enrolled == ring_.end()) return false;
  return worker->second == enrolled->second.name || worker->second.starts_with(enrolled->second.name + "/");
}

std::string Roster::display_name(const std::string& key, const std::string& name) const {
  const auto enrolled = ring_.find(key);
  if (enrolled == ring_.end() || enrolled->second.name == name) return name;
  return enrolled->second.name + "/" + name;
}

std::string Roster::who(const std::string& key) const {
  if (key.empty()) return "-";
  for (const Keyring* ring : {&ring_, &revoked_}) {
    if (const auto found = ring->find(key); found != ring->end()) return found->second.name;
  }
  return key;
}

}  // namespace pushjudge
