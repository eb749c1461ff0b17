// Disks that are full or broken, at each call that the store makes of them.

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/fault/ledger.hpp"
#include "tests/fault/power_cut_vfs.hpp"
#include "tests/support/process.hpp"
#include "tests/support/store.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;

namespace {

constexpr std::int32_t kLanguage = 54;
constexpr UnixMillis kNow = 1'700'000'000'000;
constexpr std::uint64_t kForGood = std::numeric_limits<std::uint64_t>::max();

Submission submission(Token token) {
  Submission made;
  made.token = token;
  made.language_id = kLanguage;
  made.source_code.assign(5'000, 'x');
  made.created_at = kNow;
  return made;
}

Demand demand(std::uint32_t slots) {
  return {1, "worker-1", {kLanguage}, slots};
}

// A store in which two submissions run and two wait, and a turn that does something of everything.
struct Scene {
  std::vector<Token> tokens;
  Scene() {
    for (int i = 0; i < 6; ++i) tokens.push_back(Token::make(kNow + i));
  }

  std::vector<Lease> set_up(Store& store) const {
    Turn turn;
    turn.now = kNow;
    for (std::size_t i = 0; i < 4; ++i) turn.submissions.push_back({submission(tokens[i]), ""});
    turn.demands.push_back(demand(2));
    auto outcome = store.commit(std::move(turn));
    REQUIRE(outcome);
    REQUIRE(outcome->leases.size() == 2);
    return outcome->leases;
  }

  Turn turn(const std::vector<Lease>& running) const {
    Turn turn;
    turn.now = kNow + 1;
    turn.submissions = {{submission(tokens[4]), "a key"}, {submission(tokens[5]), ""}};
    Report report;
    report.verdict = Verdict::accepted;
    report.stdout_text.assign(5'000, 'o');
    turn.settlements.push_back({running[0].ref, Settlement::Finished{std::move(report)}});
    turn.settlements.push_back({running[1].ref, Settlement::Lost{"the worker fell silent"}});
    turn.cancellations.push_back(tokens[2]);
    turn.demands.push_back(demand(2));
    turn.languages.push_back({kLanguage, "cpp", "C++", "a.cpp", "", ""});
    return turn;
  }
};

// All of an outcome but the fences, of which those of a turn that failed are never given out again.
struct Told {
  std::vector<Event> events;
  std::vector<std::pair<JobId, std::uint32_t>> leases;  // job and attempt
  std::vector<AckCode> settled;
  std::vector<bool> replayed;
  bool operator==(const Told&) const = default;
};

Told told(const TurnOutcome& outcome) {
  Told told{outcome.events, {}, outcome.settled, {}};
  for (const Lease& lease : outcome.leases) told.leases.emplace_back(lease.ref.job, lease.attempt);
  for (const Receipt& receipt : outcome.receipts) told.replayed.push_back(receipt.replayed);
  return told;
}

// Calls `attempt` with the first call failing, then the second, and so on, until it says that none failed any more. How
// many times one did.
int for_each_call(Fault fault, const std::function<bool(const Fault&)>& attempt) {
  int failing = 0;
  for (fault.first = 1;; ++fault.first, ++failing) {
    CAPTURE(fault.first);
    REQUIRE(fault.first < 1'000);
    if (!attempt(fault)) return failing;
  }
}

// What a turn that fails leaves behind, for each of its calls. How many calls could fail.
int check_turns(const Fault& kind) {
  const TemporaryFolder folder;
  PowerCutVfs vfs;
  const Scene scene;
  std::optional<Told> expected;
  {
    Store store(folder.file("reference.db"));
    const auto outcome = store.commit(scene.turn(scene.set_up(store)));
    REQUIRE(outcome);
    expected = told(*outcome);
    REQUIRE(expected->leases.size() == 2);
  }
  int refused = 0;
  const int failing = for_each_call(kind, [&](const Fault& fault) {
    const std::string path = folder.file("store-" + std::to_string(fault.first) + ".db");
    std::optional<Store> store(path);
    const auto running = scene.set_up(*store);
    // One that has just been opened has much to read.
    if (fault.calls == Calls::reads) {
      store.reset();
      store.emplace(path);
    }
    const auto before = store->events();
    const Depth depth = store->engine().depth();
    REQUIRE(before);

    vfs.inject(fault);
    auto outcome = store->commit(scene.turn(running));
    const bool failed = vfs.failed() > 0;
    if (!outcome) {
      ++refused;
      CHECK(outcome.error().code == Errc::unavailable);
      // Nothing of it happened, for those who read and for the engine's own memory.
      const auto meanwhile = store->events();
      REQUIRE(meanwhile);
      CHECK(*meanwhile == *before);
      CHECK(store->engine().depth().queued == depth.queued);
      CHECK(store->engine().depth().running == depth.running);
      CHECK(store->engine().top() == before->size());
      vfs.inject({});
      outcome = store->commit(scene.turn(running));
    }
    vfs.inject({});
    REQUIRE(outcome);
    CHECK(told(*outcome) == *expected);
    for (const Lease& lease : outcome->leases) CHECK(lease.ref.fence > running[1].ref.fence);

    auto log = *before;
    log.insert(log.end(), outcome->events.begin(), outcome->events.end());
    store.reset();
    store.emplace(path);
    const auto after = store->events();
    REQUIRE(after);
    CHECK(*after == log);
    CHECK(integrity_of(path) == "ok");
    return failed;
  });
  CHECK(refused == failing);
  return failing;
}

}  // namespace

TEST_CASE("failing disk: a turn that the disk has no room for did not happen, and can be made when there is room") {
  CHECK(check_turns({Calls::writes, 1, 1, true}) >= 10);
}

TEST_CASE("failing disk: a turn during which the disk becomes full for good did not happen") {
  CHECK(check_turns({Calls::writes, 1, kForGood, true}) >= 10);
}

TEST_CASE("failing disk: a turn that meets an I/O error did not happen, and can be made once it has passed") {
  CHECK(check_turns({Calls::writes, 1, 1, false}) >= 10);
}

TEST_CASE("failing disk: a turn that meets a read error did not happen either") {
  CHECK(check_turns({Calls::reads, 1, 1, false}) >= 2);
}

TEST_CASE("failing disk: a question that meets a read error is refused, and the next one sees all that was committed") {
  const TemporaryFolder folder;
  PowerCutVfs vfs;
  const Scene scene;
  int refused = 0;
  const int failing = for_each_call({Calls::reads, 1, 1, false}, [&](const Fault& fault) {
    Store store(folder.file("store-" + std::to_string(fault.first) + ".db"));
    const auto running = scene.set_up(store);
    vfs.inject(fault);
    const auto page = store.events();
    const auto record = store.get(scene.tokens[0]);
    const auto history = store.history(scene.tokens[0], 0);
    const bool failed = vfs.failed() > 0;
    vfs.inject({});
    if (!page) CHECK(page.error().code == Errc::unavailable);
    if (!record) CHECK(record.error().code == Errc::unavailable);
    if (!history) CHECK(history.error().code == Errc::unavailable);
    refused += page && record && history ? 0 : 1;

    const auto outcome = store.commit(scene.turn(running));
    REQUIRE(outcome);
    // In the order in which nothing that a failed question left open would be closed by the way.
    const auto found = store.get(scene.tokens[0]);
    REQUIRE(found);
    CHECK(found->snapshot.state == State::finished);
    const auto whole = store.history(scene.tokens[0], 0);
    REQUIRE(whole);
    CHECK(whole->events.size() == 3);
    const auto log = store.events();
    REQUIRE(log);
    CHECK(log->back() == outcome->events.back());
    return failed;
  });
  // Not each: the call may have been another thread's.
  CHECK(failing >= 5);
  CHECK(refused >= 5);
}

TEST_CASE("failing disk: what the log holds is copied into the database although the first attempt met a read error") {
  const TemporaryFolder folder;
  PowerCutVfs vfs;
  const Scene scene;
  Store store(folder.file("store.db"));
  scene.set_up(store);
  const auto copied = [&folder] { return std::filesystem::file_size(folder.path() / "store.db") > 64 << 10; };
  REQUIRE_FALSE(copied());
  vfs.inject({Calls::reads, 1, kForGood, false});
  REQUIRE(eventually([&vfs] { return vfs.failed() > 0; }));
  CHECK_FALSE(copied());
  vfs.inject({});
  CHECK(eventually(copied));
}

TEST_CASE("failing disk: a store that cannot be opened says so, and opens when the disk is well") {
  const TemporaryFolder folder;
  PowerCutVfs vfs;
  const Scene scene;
  const std::string path = folder.file("store.db");
  std::vector<Event> log;
  {
    Store store(path);
    REQUIRE(store.commit(scene.turn(scene.set_up(store))));
    log = *store.events();
  }
  std::uint32_t incarnation = 0;
  int refused = 0;
  for_each_call({Calls::writes, 1, kForGood, true}, [&](const Fault& fault) {
    vfs.inject(fault);
    try {
      const Store store(path);
    } catch (const std::runtime_error& e) {
      ++refused;
      CHECK(std::string(e.what()).find("cannot open the database") != std::string::npos);
    }
    const bool failed = vfs.failed() > 0;
    vfs.inject({});
    Store store(path);
    CHECK(*store.events() == log);
    CHECK(store.engine().incarnation() > incarnation);
    incarnation = store.engine().incarnation();
    return failed;
  });
  CHECK(refused >= 3);
}
