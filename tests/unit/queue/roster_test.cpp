#include "queue/roster.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

using namespace pushjudge;

namespace {

const std::string kAnna = "key of anna";
const std::string kBert = "key of bert";
const std::string kGate = "key of gate";
const std::string kStranger = "key of nobody";

Keyring everybody() {
  return {{kAnna, {"anna", Role::worker}}, {kBert, {"bert", Role::worker}}, {kGate, {"gate", Role::gateway}}};
}

Roster roster() {
  Roster made;
  made.replace(everybody());
  return made;
}

UplinkSubject says(std::uint64_t session) {
  return {session, std::nullopt, false};
}
UplinkSubject reports(std::uint64_t session) {
  return {session, JobRef{5, 6}, true};
}

}  // namespace

TEST_CASE("roster: a key opens the sockets of its role and no others") {
  const Roster known = roster();
  struct Row {
    Door door;
    bool worker;
    bool gateway;
  };
  for (const Row row : {Row{Door::lobby, true, false}, Row{Door::uplink, true, false}, Row{Door::submit, false, true},
                        Row{Door::events, false, true}}) {
    CAPTURE(std::string(to_string(row.door)));
    CHECK(known.may_connect(domain_of(row.door), kAnna).yes == row.worker);
    CHECK(known.may_connect(domain_of(row.door), kGate).yes == row.gateway);
    CHECK(known.may_speak(row.door, kAnna).yes == row.worker);
    CHECK(known.may_speak(row.door, kGate).yes == row.gateway);
    CHECK(known.may_connect(domain_of(row.door), kStranger).why == "its key is not enrolled");
    CHECK(known.may_connect(domain_of(row.door), "").why == "it has no key");
  }
  CHECK(known.may_connect("lobby", kGate).why == "it is a gateway's key");
  CHECK(known.may_connect("submit", kAnna).why == "it is a worker's key");
  for (const auto* domain : {"", "lobb", "lobbyx", "LOBBY", " lobby"})
    CHECK_FALSE(known.may_connect(domain, kAnna).yes);
}

TEST_CASE("roster: a pipe opens to its worker alone") {
  const Roster known = roster();
  const std::string pipe = domain_of(Door::pipe, kAnna);
  CHECK(known.may_connect(pipe, kAnna).yes);
  CHECK(known.may_connect(pipe, kBert).why == "the pipe is another's");
  CHECK(known.may_connect(pipe, kGate).why == "it is a gateway's key");
  CHECK_FALSE(known.may_connect("pipe", kAnna).yes);
  CHECK_FALSE(known.may_connect(domain_of(Door::pipe, kGate), kGate).yes);
}

TEST_CASE("roster: what was revoked is told, stays out, and comes back only when it is enrolled again") {
  Roster known = roster();
  CHECK(known.replace(everybody()).empty());
  Keyring fewer = everybody();
  fewer.erase(kAnna);
  CHECK(known.replace(fewer) == std::vector{kAnna});
  CHECK(known.may_connect("lobby", kAnna).why == "its key is revoked");
  CHECK(known.may_speak(Door::uplink, kAnna).why == "its key is revoked");
  CHECK(known.who(kAnna) == "anna");
  CHECK(known.replace(everybody()).empty());
  CHECK(known.may_connect("lobby", kAnna).yes);
}

TEST_CASE("roster: a key whose role or name changed is revoked as what it was") {
  Roster known = roster();
  Keyring other = everybody();
  other[kAnna].role = Role::gateway;
  CHECK(known.replace(other) == std::vector{kAnna});
  CHECK(known.may_speak(Door::uplink, kAnna).why == "it is a gateway's key");
  other[kBert].name = "bertha";
  CHECK(known.replace(other) == std::vector{kBert});
}

TEST_CASE("roster: nobody speaks in another's session") {
  Roster known = roster();
  known.open(1, kAnna);
  known.open(2, kBert);
  known.open(3, "");
  using Verdict = Roster::Verdict;
  CHECK(known.judge(kAnna, says(1), std::nullopt) == Verdict::take);
  CHECK(known.judge(kBert, says(1), std::nullopt) == Verdict::refused);
  CHECK(known.judge("", says(1), std::nullopt) == Verdict::refused);
  CHECK(known.judge(kAnna, says(3), std::nullopt) == Verdict::refused);
  CHECK(known.judge("", says(3), std::nullopt) == Verdict::take);
  CHECK(known.may_replace(1, kAnna));
  CHECK_FALSE(known.may_replace(1, kBert));
  CHECK_FALSE(known.may_replace(1, ""));
  known.close(1);
  CHECK(known.judge(kAnna, reports(1), std::nullopt) == Verdict::drop);
  CHECK(known.judge("", reports(1), std::nullopt) == Verdict::take);
}

TEST_CASE("roster: a report counts from whoever was given the job, and the sender of a late one is told") {
  Roster known = roster();
  known.open(1, kAnna);
  known.open(2, kBert);
  known.open(3, "");
  known.open(4, kAnna);
  using Verdict = Roster::Verdict;
  CHECK(known.judge(kAnna, reports(1), 1) == Verdict::take);
  CHECK(known.judge(kAnna, reports(1), 2) == Verdict::refused);
  CHECK(known.judge(kAnna, reports(1), 0) == Verdict::refused);
  CHECK(known.judge(kAnna, reports(1), 4) == Verdict::stale);
  CHECK(known.judge(kAnna, reports(1), std::nullopt) == Verdict::stale);
  const UplinkSubject compiled{1, JobRef{5, 6}, false};
  CHECK(known.judge(kAnna, compiled, std::nullopt) == Verdict::drop);
  CHECK(known.judge(kAnna, compiled, 2) == Verdict::refused);
  // Without keys the fence decides, in the store.
  CHECK(known.judge("", reports(3), 2) == Verdict::take);
}

TEST_CASE("roster: a hello claims its own jobs and no others") {
  Roster known = roster();
  known.open(1, kAnna);
  known.open(2, kBert);
  known.remember({30, 1}, "anna/second");
  known.remember({31, 1}, "bert");
  known.remember({32, 1}, "annabel");
  const auto holder_of = [](JobRef ref) -> std::optional<std::uint64_t> {
    if (ref.job >= 30) return 0;
    if (ref.job >= 20) return std::nullopt;
    return ref.job >= 10 ? 2 : 1;
  };
  const std::vector<JobRef> claimed{{1, 1}, {10, 1}, {20, 1}, {30, 1}, {31, 1}, {32, 1}};
  CHECK(known.others(claimed, kAnna, holder_of) == std::vector<JobRef>{{10, 1}, {31, 1}, {32, 1}});
  CHECK(known.others(claimed, "", holder_of) == std::vector<JobRef>{{1, 1}, {10, 1}});
}

TEST_CASE("roster: a worker is called after its key") {
  const Roster known = roster();
  CHECK(known.display_name(kAnna, "anna") == "anna");
  CHECK(known.display_name(kAnna, "bert") == "anna/bert");
  CHECK(known.display_name("", "bert") == "bert");
}

TEST_CASE("roster: one key has a bounded number of sessions") {
  Roster known = roster();
  std::uint64_t session = 0;
  while (known.may_open(kAnna) && session < 10'000) known.open(++session, kAnna);
  CHECK(session == 64);
  CHECK(known.may_open(kBert));
  known.close(1);
  CHECK(known.may_open(kAnna));
}
