// Who dies, when; what is stored, who tries again, and what stops a double. One case for each row of the table of
// crashes, with real processes that kill themselves at the place that the row names.

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/e2e/listening.hpp"
#include "tests/fault/process_tree.hpp"
#include "tests/fault/scene.hpp"
#include "tests/fault/wire_tap.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;
using std::chrono::seconds;

namespace {

ClusterOptions nobody_works() {
  ClusterOptions options;
  options.workers = 0;
  // A core that dies and one that takes its place, on a machine that is busy, before a gateway gives up.
  options.gateway_arguments = {"--core-timeout-ms", "20000"};
  return options;
}

// The core is started again to die at `point`; a client posts; the core dies. Gives the answer once a sound core is
// there.
struct Died {
  std::size_t stored = 0;  // submissions, while no core was up
  client::Reply reply;
};
Died post_to_a_dying_core(Cluster& cluster, const std::string& point) {
  cluster.restart_core(dies_at(point));
  auto posted = post_later(cluster, echo(point), point);
  CHECK(cluster.core().wait() == kKilled);
  Died died;
  died.stored = sound_ledger(cluster).size();
  cluster.start_core();
  auto reply = posted.get();
  REQUIRE(reply);
  died.reply = *std::move(reply);
  CHECK(died.reply.status == 201);
  return died;
}

// Everything that was accepted was judged, by its first worker.
// What the first worker has below it, once a box is at work: the sandbox, the box's first process, the program.
ProcessTree running_box(Cluster& cluster) {
  std::optional<ProcessTree> tree;
  REQUIRE(eventually([&] {
    tree.emplace(cluster.worker(0).pid());
    return tree->size() >= 3;
  }));
  return *std::move(tree);
}

void check_all_judged(const Cluster& cluster, const std::vector<json>& accepted) {
  auto stream = cluster.stream();
  for (const json& one : accepted) {
    const Watched watched = watch(stream, one);
    CHECK(watched.kinds() == Kinds{"queued", "started", "finished"});
    CHECK(without_gap(watched));
    CHECK(watched.last().at("attempt") == 1);
  }
  const Ledger ledger = sound_ledger(cluster);
  CHECK(ledger.size() == accepted.size());
}

// A worker dies at `point` with a job; another one comes. What a subscriber saw.
Watched lose_a_worker_at(const std::string& point) {
  Cluster cluster(nobody_works());
  const std::size_t first = cluster.add_worker(dies_at(point));
  cluster.wait_for_workers(1);
  auto stream = cluster.stream();
  const json accepted = cluster.submit(echo("done"));
  Watched watched = watch_until(stream, accepted, "started");
  CHECK(cluster.worker(first).wait() == kKilled);
  cluster.add_worker();
  read_until_finished(stream, watched);
  CHECK(without_gap(watched));
  CHECK(watched.last().at("stdout") == "done\n");
  const Ledger ledger = sound_ledger(cluster);
  CHECK(ledger.size() == 1);
  CHECK(ledger.job(token_of(accepted)).kinds == watched.kinds());
  return watched;
}

const Kinds kOnce = {"queued", "started", "finished"};
const Kinds kTwice = {"queued", "started", "requeued", "started", "finished"};

}  // namespace

TEST_CASE("crash table: the gateway dies before SUBMIT reached the core: nothing is stored, the client posts again") {
  Cluster cluster;
  const int dying = cluster.add_gateway(dies_at("gateway.submit_received"));
  wait_for_gateway(cluster, dying);
  CHECK_FALSE(post(cluster, echo("1"), "key", dying));
  CHECK(cluster.gateway(dying).wait() == kKilled);
  CHECK(sound_ledger(cluster).size() == 0);

  const auto again = post(cluster, echo("1"), "key");
  REQUIRE(again);
  CHECK(again->status == 201);
  CHECK(again->header("Idempotent-Replayed").empty());
  check_all_judged(cluster, {json::parse(again->body)});
}

TEST_CASE(
    "crash table: the gateway dies after SUBMIT, before 201: the client posts again and gets the same submission") {
  Cluster cluster;
  const int dying = cluster.add_gateway(dies_at("gateway.submitted"));
  wait_for_gateway(cluster, dying);
  CHECK_FALSE(post(cluster, echo("1"), "key", dying));
  CHECK(cluster.gateway(dying).wait() == kKilled);
  const Ledger stored = sound_ledger(cluster);
  REQUIRE(stored.size() == 1);

  const auto again = post(cluster, echo("1"), "key");
  REQUIRE(again);
  CHECK(again->status == 201);
  CHECK(again->header("Idempotent-Replayed") == "true");
  const json accepted = json::parse(again->body);
  CHECK(token_of(accepted) == stored.jobs().begin()->first);
  check_all_judged(cluster, {accepted});
}

TEST_CASE("crash table: the gateway dies while SUBMIT is on its way: stored or not, it is one submission in the end") {
  Cluster cluster;
  const int dying = cluster.add_gateway(dies_at("gateway.request_sent"));
  wait_for_gateway(cluster, dying);
  CHECK_FALSE(post(cluster, echo("1"), "key", dying));
  CHECK(cluster.gateway(dying).wait() == kKilled);
  const auto again = post(cluster, echo("1"), "key");
  REQUIRE(again);
  CHECK(again->status == 201);
  check_all_judged(cluster, {json::parse(again->body)});
}

TEST_CASE("crash table: the core dies before COMMIT: nothing is stored, the gateway sends SUBMIT to the next core") {
  Cluster cluster(nobody_works());
  let_worker_teach_languages(cluster);
  std::vector<json> accepted;
  for (const std::string point :
       {"core.submit_received", "engine.after_begin", "engine.after_accept", "engine.before_commit"}) {
    CAPTURE(point);
    const Died died = post_to_a_dying_core(cluster, point);
    CHECK(died.stored == accepted.size());
    CHECK(died.reply.header("Idempotent-Replayed").empty());
    accepted.push_back(json::parse(died.reply.body));
  }
  cluster.add_worker();
  check_all_judged(cluster, accepted);
}

TEST_CASE("crash table: the core dies after COMMIT, before SUBMITTED: the gateway asks again and is told of the same") {
  Cluster cluster(nobody_works());
  let_worker_teach_languages(cluster);
  std::vector<json> accepted;
  for (const std::string point : {"engine.after_commit", "core.before_submitted", "core.after_submitted"}) {
    CAPTURE(point);
    const Died died = post_to_a_dying_core(cluster, point);
    CHECK(died.stored == accepted.size() + 1);
    accepted.push_back(json::parse(died.reply.body));
    CHECK(accepted.back().at("seq") == 1);
  }
  cluster.add_worker();
  check_all_judged(cluster, accepted);
}

TEST_CASE("crash table: the core dies after the claim's COMMIT, before JOB is sent: the job is handed out again") {
  Cluster cluster(nobody_works());
  let_worker_teach_languages(cluster);
  cluster.restart_core(dies_at("core.before_job"));
  cluster.add_worker();
  cluster.wait_for_workers(1);
  auto posted = post_later(cluster, echo("done"), "key");
  CHECK(cluster.core().wait() == kKilled);
  const Ledger stored = sound_ledger(cluster);
  REQUIRE(stored.size() == 1);
  const StoredJob& claimed = stored.jobs().begin()->second;
  CHECK(claimed.running);

  cluster.start_core();
  const auto reply = posted.get();
  REQUIRE(reply);
  const json accepted = json::parse(reply->body);
  auto stream = cluster.stream();
  const Watched watched = watch(stream, accepted);
  CHECK(watched.kinds() == kTwice);
  CHECK(without_gap(watched));
  const StoredJob judged = sound_ledger(cluster).job(token_of(accepted));
  CHECK(judged.attempt == 2);
  // A fence of another core's: what the dead one gave out can never be taken for it.
  CHECK(judged.incarnation > claimed.incarnation);
}

TEST_CASE("crash table: the core dies while JOB is on its way: the worker has it and goes on, or another run is made") {
  Cluster cluster(nobody_works());
  let_worker_teach_languages(cluster);
  cluster.restart_core(dies_at("core.after_job"));
  cluster.add_worker();
  cluster.wait_for_workers(1);
  auto posted = post_later(cluster, echo("done"), "key");
  CHECK(cluster.core().wait() == kKilled);
  cluster.start_core();
  const auto reply = posted.get();
  REQUIRE(reply);
  auto stream = cluster.stream();
  const Watched watched = watch(stream, json::parse(reply->body));
  CHECK((watched.kinds() == kOnce || watched.kinds() == kTwice));
  CHECK(without_gap(watched));
  CHECK(sound_ledger(cluster).size() == 1);
}

TEST_CASE("crash table: the core dies while jobs run: workers come back with them, and nothing is run again") {
  ClusterOptions options;
  options.slots = 2;
  Cluster cluster(options);
  auto stream = cluster.stream();
  auto other = cluster.stream();
  const json one = cluster.submit(sleeper("2"));
  const json two = cluster.submit(sleeper("2"));
  Watched watched = watch_until(stream, one, "started");
  Watched also = watch_until(other, two, "started");
  const std::uint32_t incarnation = sound_ledger(cluster).job(token_of(one)).incarnation;
  cluster.restart_core();
  read_until_finished(stream, watched);
  read_until_finished(other, also);
  for (const Watched* seen : {&watched, &also}) {
    CHECK(seen->kinds() == kOnce);
    CHECK(without_gap(*seen));
    CHECK(seen->last().at("attempt") == 1);
  }
  const Ledger ledger = sound_ledger(cluster);
  // The fence is the one of the core that died.
  CHECK(ledger.job(token_of(one)).incarnation == incarnation);
  CHECK(ledger.job(token_of(two)).incarnation == incarnation);
}

TEST_CASE("crash table: a worker dies before it runs its job: another one runs it, and the attempt is counted") {
  const Watched watched = lose_a_worker_at("link.job_received");
  CHECK(watched.kinds() == kTwice);
  CHECK(watched.last().at("attempt") == 2);
  CHECK(watched.last().at("worker") == "worker-1");
}

TEST_CASE("crash table: a worker dies as its box starts: another one runs the job, and the attempt is counted") {
  const Watched watched = lose_a_worker_at("worker.box_started");
  CHECK(watched.kinds() == kTwice);
  CHECK(watched.last().at("attempt") == 2);
}

TEST_CASE("crash table: a worker dies with the report unsent: the lease lapses and the job is run again") {
  const Watched watched = lose_a_worker_at("link.before_result");
  CHECK(watched.kinds() == kTwice);
  CHECK(watched.last().at("attempt") == 2);
}

TEST_CASE("crash table: a worker dies while RESULT is on its way: it arrived or the job is run again, and ends once") {
  const Watched watched = lose_a_worker_at("link.after_result");
  CHECK((watched.kinds() == kOnce || watched.kinds() == kTwice));
}

TEST_CASE("crash table: a worker dies after RESULT was committed, before it takes the ACK: nobody runs it again") {
  Cluster cluster(nobody_works());
  const std::size_t first = cluster.add_worker(dies_at("link.ack_received"));
  cluster.wait_for_workers(1);
  auto stream = cluster.stream();
  const json accepted = cluster.submit(sleeper("0"));
  const Watched watched = watch(stream, accepted);
  CHECK(cluster.worker(first).wait() == kKilled);
  cluster.add_worker();
  // By then the other one has had its chance.
  auto other = cluster.stream();
  CHECK(watch(other, cluster.submit(echo("next"))).last().at("stdout") == "next\n");
  CHECK(watched.kinds() == kOnce);
  const StoredJob stored = sound_ledger(cluster).job(token_of(accepted));
  CHECK(stored.kinds == kOnce);
  CHECK(stored.attempt == 1);
  CHECK(*cluster.client().get(token_of(accepted)) == watched.last());
}

TEST_CASE("crash table: a worker dies as it joins: the core is as if it had not come") {
  Cluster cluster(nobody_works());
  const std::size_t first = cluster.add_worker(dies_at("link.welcomed"));
  CHECK(cluster.worker(first).wait() == kKilled);
  cluster.add_worker();
  cluster.wait_for_workers(1);
  check_all_judged(cluster, {cluster.submit(echo("1")), cluster.submit(echo("2"))});
}

TEST_CASE("crash table: the core dies with RESULT received and not committed: the worker sends it again") {
  Cluster cluster(nobody_works());
  let_worker_teach_languages(cluster);
  cluster.restart_core(dies_at("core.result_received"));
  cluster.add_worker();
  cluster.wait_for_workers(1);
  auto stream = cluster.stream();
  const json accepted = cluster.submit(echo("done"));
  Watched watched = watch_until(stream, accepted, "started");
  CHECK(cluster.core().wait() == kKilled);
  CHECK(sound_ledger(cluster).job(token_of(accepted)).running);
  cluster.start_core();
  read_until_finished(stream, watched);
  CHECK(watched.kinds() == kOnce);
  CHECK(without_gap(watched));
  CHECK(watched.last().at("attempt") == 1);
  CHECK(sound_ledger(cluster).job(token_of(accepted)).kinds == kOnce);
}

TEST_CASE("crash table: the core dies after COMMIT, before EVENT is published: gateways fetch what they missed") {
  Cluster cluster(nobody_works());
  let_worker_teach_languages(cluster);
  cluster.add_worker();
  for (const std::string point : {"core.before_ack", "core.after_ack"}) {
    CAPTURE(point);
    cluster.restart_core(dies_at(point));
    cluster.wait_for_workers(1);
    auto stream = cluster.stream();
    const json accepted = cluster.submit(echo("done"));
    Watched watched = watch_until(stream, accepted, "started");
    CHECK(cluster.core().wait() == kKilled);
    const StoredJob stored = sound_ledger(cluster).job(token_of(accepted));
    CHECK(stored.finished);
    CHECK(stored.kinds == kOnce);
    cluster.start_core();
    read_until_finished(stream, watched);
    CHECK(watched.kinds() == kOnce);
    CHECK(without_gap(watched));
    CHECK(sound_ledger(cluster).job(token_of(accepted)).kinds == kOnce);
  }
  CHECK(cluster.log("api-0").find("events_fetched") != std::string::npos);
}

TEST_CASE("crash table: the core dies between two EVENTs of a turn: a subscriber sees both, each once") {
  Cluster cluster(nobody_works());
  let_worker_teach_languages(cluster);
  cluster.add_worker();
  // Accepted and handed out by one transaction, so that its two events are published one after the other.
  cluster.restart_core(dies_at("core.after_event"));
  cluster.wait_for_workers(1);
  auto stream = cluster.stream();
  auto posted = post_later(cluster, echo("done"), "key");
  CHECK(cluster.core().wait() == kKilled);
  cluster.start_core();
  const auto reply = posted.get();
  REQUIRE(reply);
  const json accepted = json::parse(reply->body);
  const Watched watched = watch(stream, accepted);
  CHECK((watched.kinds() == kOnce || watched.kinds() == kTwice));
  CHECK(without_gap(watched));
  CHECK(sound_ledger(cluster).job(token_of(accepted)).kinds == watched.kinds());
}

TEST_CASE("crash table: PUB drops events: the gateway hears of a later one, or of the top, and fetches them") {
  Cluster cluster;
  const std::string folder = (cluster.folder() / "tap").string();
  WireTap tap((cluster.folder() / "run").string(), folder);
  const int gateway = cluster.add_gateway({}, "ipc://" + folder);
  wait_for_gateway(cluster, gateway);
  REQUIRE(eventually([&tap] { return tap.connections() == 1; }));
  auto stream = cluster.stream(gateway);
  const json accepted = cluster.submit(sleeper("2"), gateway);
  // From here on the subscriber hears what the gateway hears: its past has been told.
  Watched watched = watch_until(stream, accepted, "started");

  // The last event, which no later one tells of, and all those of another submission, while nobody is at the other end.
  tap.cut();
  const json unheard = cluster.submit(echo("unheard"), 0);
  REQUIRE(eventually([&] {
    const Ledger ledger = sound_ledger(cluster);
    return ledger.job(token_of(accepted)).finished && ledger.job(token_of(unheard)).finished;
  }));
  CHECK(watched.kinds() == Kinds{"queued", "started"});
  tap.mend();
  read_until_finished(stream, watched);
  CHECK(watched.kinds() == kOnce);
  CHECK(without_gap(watched));
  CHECK(eventually([&] { return cluster.log("api-1").find("events_fetched") != std::string::npos; }));
}

TEST_CASE("crash table: a gateway dies with live sockets: its clients go on at another one, with `since`") {
  ClusterOptions options;
  options.gateways = 2;
  Cluster cluster(options);
  // Written: the answer to the handshake, and what was there when it subscribed.
  const int dying = cluster.add_gateway(dies_at("gateway.before_write:3"));
  wait_for_gateway(cluster, dying);
  std::vector<std::uint64_t> seen;
  const json accepted = cluster.submit(sleeper("1"));
  const std::string channel = accepted.at("channel");
  const std::string epoch = accepted.at("epoch");
  {
    auto stream = cluster.stream(dying);
    REQUIRE(stream.subscribe(channel, epoch, 0));
    while (const auto message = stream.next_json(seconds(20))) {
      if (message->at("type") == "event") seen.push_back(message->at("seq"));
    }
    CHECK(stream.ended());
  }
  CHECK(cluster.gateway(dying).wait() == kKilled);
  REQUIRE(!seen.empty());

  auto stream = cluster.stream(1);
  REQUIRE(stream.subscribe(channel, epoch, seen.back()));
  Watched rest;
  read_until_finished(stream, rest);
  CHECK(rest.subscribed.at("recovered") == true);
  CHECK(rest.kinds().back() == "finished");
  for (const std::uint64_t seq : rest.seqs()) seen.push_back(seq);
  CHECK(seen == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("crash table: a gateway wrote and the client did not process: an older `since` gets it once more") {
  ClusterOptions options;
  options.gateways = 2;
  Cluster cluster(options);
  const json accepted = cluster.submit(sleeper("1"));
  auto first = cluster.stream(0);
  const Watched read = watch_until(first, accepted, "started");
  REQUIRE(read.seqs() == std::vector<std::uint64_t>{1, 2});
  cluster.gateway(0).kill();
  // Of the two it has processed one.
  auto second = cluster.stream(1);
  REQUIRE(second.subscribe(accepted.at("channel").get<std::string>(), accepted.at("epoch").get<std::string>(), 1));
  Watched rest;
  read_until_finished(second, rest);
  CHECK(rest.seqs() == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("crash table: a worker paused past its lease: its late report is void, and the box it had is put away") {
  ClusterOptions options;
  options.queue_arguments = {"--lease-ms", "1500", "--beat-ms", "200"};
  Cluster cluster(options);
  auto stream = cluster.stream();
  // Each run prints something else, so that the result tells whose it is.
  const json accepted = cluster.submit(sleeper("1"));
  Watched watched = watch_until(stream, accepted, "started");
  (void)running_box(cluster);
  cluster.worker(0).signal(SIGSTOP);
  cluster.add_worker();
  read_until_finished(stream, watched);
  CHECK(watched.kinds() == kTwice);
  CHECK(without_gap(watched));
  CHECK(watched.last().at("worker") == "worker-1");

  cluster.worker(0).signal(SIGCONT);
  cluster.wait_for_workers(2);
  // It has its report, and is told that it is nobody's; then its slot is of use.
  REQUIRE(eventually([&] {
    const std::string log = cluster.log("worker-0");
    return log.find("verdict=accepted") != std::string::npos || log.find("job_dropped") != std::string::npos;
  }));
  cluster.worker(1).signal(SIGTERM);
  CHECK(cluster.worker(1).wait() == 0);
  auto other = cluster.stream();
  CHECK(watch(other, cluster.submit(echo("next"))).last().at("worker") == "worker-0");
  CHECK(*cluster.client().get(token_of(accepted)) == watched.last());
  CHECK(sound_ledger(cluster).job(token_of(accepted)).kinds == kTwice);
}

TEST_CASE("crash table: a cancellation races the result: whoever is committed first wins, and there is one end") {
  ClusterOptions options;
  options.slots = 2;
  Cluster cluster(options);
  std::vector<json> accepted;
  int cancelled = 0;
  for (int i = 0; i < 16; ++i) {
    accepted.push_back(cluster.submit(echo(std::to_string(i))));
    // Later and later in the life of a submission, from where it waits to where it is finished.
    auto stream = cluster.stream();
    if (i % 4 == 1) (void)watch_until(stream, accepted.back(), "started");
    if (i % 4 == 2) std::this_thread::yield();
    if (i % 4 == 3) (void)watch(stream, accepted.back());
    cancelled += cluster.client().cancel(token_of(accepted.back())) ? 1 : 0;
  }
  REQUIRE(eventually([&] {
    const Ledger ledger(cluster.database());
    return std::all_of(ledger.jobs().begin(), ledger.jobs().end(),
                       [](const auto& item) { return item.second.finished; });
  }));
  const Ledger ledger = sound_ledger(cluster);
  CHECK(ledger.size() == accepted.size());
  const auto ended_by_cancel = std::count_if(ledger.jobs().begin(), ledger.jobs().end(),
                                             [](const auto& item) { return item.second.kinds.back() == "cancelled"; });
  CHECK(ended_by_cancel == cancelled);
  CHECK(cancelled > 0);
  CHECK(cancelled < 16);
}

TEST_CASE("crash table: the core dies with a cancellation committed, before the worker knows: its box is ended later") {
  Cluster cluster(nobody_works());
  let_worker_teach_languages(cluster);
  cluster.restart_core(dies_at("core.before_drop"));
  const std::size_t worker = cluster.add_worker();
  cluster.wait_for_workers(1);
  auto stream = cluster.stream();
  const json accepted = cluster.submit(endless());
  Watched watched = watch_until(stream, accepted, "started");
  auto answer = std::async(std::launch::async, [&] { return cluster.client().cancel(token_of(accepted)); });
  CHECK(cluster.core().wait() == kKilled);
  CHECK(sound_ledger(cluster).job(token_of(accepted)).finished);
  cluster.start_core();
  CHECK(answer.get());  // sent again: it is done
  read_until(stream, watched, "cancelled");
  CHECK(watched.kinds() == Kinds{"queued", "started", "cancelled"});
  CHECK(without_gap(watched));
  // One slot, so it was cleared: the endless program would be in it for longer than this waits.
  auto other = cluster.stream();
  const Watched next = watch(other, cluster.submit(echo("next")), seconds(10));
  CHECK(next.last().at("worker") == "worker-" + std::to_string(worker));
  CHECK(sound_ledger(cluster).job(token_of(accepted)).kinds == watched.kinds());
}

TEST_CASE("crash table: a sandbox is orphaned by kill -9 of its worker: nothing of it lives on") {
  Cluster cluster;
  auto stream = cluster.stream();
  const json accepted = cluster.submit(endless());
  Watched watched = watch_until(stream, accepted, "started");
  const ProcessTree tree = running_box(cluster);
  cluster.worker(0).kill();
  CHECK(eventually([&] { return tree.left().empty(); }, seconds(10)));
  for (const std::string& left : tree.left()) FAIL_CHECK(left);
  read_until(stream, watched, "requeued");
  CHECK(without_gap(watched));
  CHECK(cluster.client().cancel(token_of(accepted)));
}

TEST_CASE(
    "crash table: a worker and its sandbox are killed at once: the box dies with them, and what stands is swept") {
  Cluster cluster;
  auto stream = cluster.stream();
  const json accepted = cluster.submit(endless());
  Watched watched = watch_until(stream, accepted, "started");
  const ProcessTree tree = running_box(cluster);
  cluster.worker(0).signal(SIGSTOP);  // it must not tell the sandbox anything, nor see it end
  for (const pid_t sandbox : tree.children()) ::kill(sandbox, SIGKILL);
  cluster.worker(0).kill();
  CHECK(eventually(
      [&] {
        const auto left = tree.left();
        return std::none_of(left.begin(), left.end(),
                            [](const std::string& one) { return one.starts_with("process"); });
      },
      seconds(10)));
  // Nobody is there who could remove the groups; the next worker's first box does.
  cluster.add_worker();
  read_until(stream, watched, "requeued");
  read_until(stream, watched, "started");
  CHECK(eventually([&] { return tree.left().empty(); }, seconds(10)));
  for (const std::string& left : tree.left()) FAIL_CHECK(left);
  CHECK(cluster.client().cancel(token_of(accepted)));
}

TEST_CASE("crash table: who dies with an acknowledgement on its way: what was said to be acknowledged stays so") {
  struct Row {
    const char* point;
    std::uint64_t stored;  // where the cursor stands when the core is dead
  };
  // Each point is passed for the opening of the cursor first.
  for (const Row& row : {Row{"core.cursor_received:2", 0}, Row{"core.before_cursor_at:2", 2}}) {
    CAPTURE(row.point);
    ClusterOptions options = with_listeners();
    options.workers = 0;
    Cluster cluster(options);
    let_worker_teach_languages(cluster);
    for (int i = 0; i < 3; ++i) cluster.submit(echo("1"));
    cluster.restart_core(dies_at(row.point));
    Listening listening(cluster, "x", "beginning");
    listening.read(3);
    auto acknowledged = std::async(std::launch::async, [&listening] { return listening.acknowledge(2); });
    CHECK(cluster.core().wait() == kKilled);
    CHECK(sound_ledger(cluster).cursors().at("x") == row.stored);
    // The gateway asks the next core; its listener is told once, and hears on.
    cluster.start_core();
    CHECK(acknowledged.get().at("seq") == 2);
    CHECK(sound_ledger(cluster).cursors().at("x") == 2);
    cluster.submit(echo("2"));
    listening.read(1);
    CHECK(listening.seqs() == numbers(1, 4));
    const Listening again(cluster, "x");
    CHECK(again.subscribed().at("seq") == 2);
  }
}

TEST_CASE("crash table: the gateway dies before its client hears that it is acknowledged: it is all the same") {
  ClusterOptions options = with_listeners();
  options.workers = 0;
  Cluster cluster(options);
  let_worker_teach_languages(cluster);
  for (int i = 0; i < 3; ++i) cluster.submit(echo("1"));
  const int dying = cluster.add_gateway(dies_at("gateway.cursor_at"));
  wait_for_gateway(cluster, dying);
  auto stream = cluster.stream(dying);
  REQUIRE(stream.send({{"type", "subscribe"}, {"channel", "events"}, {"cursor", "x"}, {"from", "beginning"}}));
  REQUIRE(stream.next_json(seconds(10)));
  REQUIRE(stream.send({{"type", "ack"}, {"channel", "events"}, {"cursor", "x"}, {"seq", 2}}));
  CHECK(cluster.gateway(dying).wait() == kKilled);
  CHECK(sound_ledger(cluster).cursors().at("x") == 2);
  Listening again(cluster, "x");
  again.read(1);
  CHECK(again.seqs() == numbers(3, 3));
}

TEST_CASE("crash table: the core dies at a checkpoint: all that was acknowledged is there") {
  Cluster cluster(nobody_works());
  let_worker_teach_languages(cluster);
  cluster.restart_core(dies_at("engine.before_checkpoint"));
  std::vector<json> accepted;
  for (int i = 0; i < 3; ++i) {
    auto posted = post_later(cluster, echo(std::to_string(i)), "key-" + std::to_string(i));
    // Once a second there is one.
    if (i == 0) CHECK(cluster.core().wait() == kKilled);
    if (i == 0) cluster.start_core();
    const auto reply = posted.get();
    REQUIRE(reply);
    CHECK(reply->status == 201);
    accepted.push_back(json::parse(reply->body));
  }
  cluster.add_worker();
  check_all_judged(cluster, accepted);
}

TEST_CASE("crash table: the disk is lost: a new database has a new epoch, and clients are told that theirs is void") {
  Cluster cluster;
  auto stream = cluster.stream();
  const json before = cluster.submit(echo("before"));
  (void)watch(stream, before);
  cluster.kill_core();
  std::filesystem::remove_all(std::filesystem::path(cluster.database()).parent_path());
  cluster.start_core();
  cluster.wait_for_workers(1);
  std::optional<json> after;
  REQUIRE(eventually([&] {
    auto accepted = cluster.client().submit(echo("after"));
    if (accepted) after = *std::move(accepted);
    return after.has_value();
  }));
  CHECK(after->at("epoch") != before.at("epoch"));
  // Whoever still follows a submission of the lost one is told that there is none.
  const auto void_now = stream.next_json(seconds(10));
  REQUIRE(void_now);
  CHECK(void_now->at("type") == "error");
  CHECK(void_now->at("channel") == before.at("channel"));
  // Asked with numbers of the lost one, the new one does not pretend to go on where they end.
  REQUIRE(stream.subscribe(after->at("channel").get<std::string>(), before.at("epoch").get<std::string>(), 2));
  Watched watched;
  read_until_finished(stream, watched);
  CHECK(watched.subscribed.at("recovered") == false);
  CHECK(watched.subscribed.at("epoch") == after->at("epoch"));
  CHECK(sound_ledger(cluster).size() == 1);
}

TEST_CASE("crash table: the disk is lost and a copy takes its place: what was in it goes on, the rest is void") {
  Cluster cluster(with_listeners());
  auto stream = cluster.stream();
  const json judged = cluster.submit(echo("judged"));
  (void)watch(stream, judged);
  const json running = cluster.submit(endless());
  (void)watch_until(stream, running, "started");
  const json waiting = cluster.submit(echo("waiting"));
  Listening listening(cluster, "x", "beginning");
  listening.read(6);
  listening.acknowledge(3);
  const std::string data = std::filesystem::path(cluster.database()).parent_path();
  const std::string copy = cluster.folder() / "copy.db";
  cluster.queue_command({"backup", copy, "--data", data});
  listening.acknowledge(5);
  const json later = cluster.submit(echo("later"));
  REQUIRE(cluster.client().cancel(token_of(running)));
  cluster.kill_core();
  std::filesystem::remove_all(data);

  cluster.queue_command({"restore", copy, "--data", data});
  cluster.start_core();
  REQUIRE(eventually([&] { return cluster.client().cancel(token_of(running)).has_value(); }));
  // Asked with numbers of the lost one, it begins anew.
  auto again = cluster.stream();
  REQUIRE(again.subscribe(waiting.at("channel").get<std::string>(), judged.at("epoch").get<std::string>(), 1));
  Watched watched;
  const auto told = again.next_json(seconds(30));
  REQUIRE(told);
  CHECK(told->at("type") == "subscribed");
  CHECK(told->at("recovered") == false);
  CHECK(told->at("epoch") != judged.at("epoch"));
  if (told->at("submission").at("state") != "finished") read_until_finished(again, watched);
  // Whoever listens is told too, and goes on where the copy has its cursor; what it acknowledged later is void.
  const json anew = listening.await_subscribed();
  CHECK(anew.at("epoch") == told->at("epoch"));
  CHECK(anew.at("seq") == 3);
  listening.read(1);
  CHECK(listening.last_seq() == 4);
  const json refused = listening.ask(
      {{"type", "ack"}, {"channel", "events"}, {"cursor", "x"}, {"epoch", judged.at("epoch")}, {"seq", 4}});
  CHECK(refused.value("error", "") == "the seq is of another epoch");
  CHECK(cluster.client().get(token_of(waiting))->at("stdout") == "waiting\n");
  CHECK(cluster.client().get(token_of(judged))->at("stdout") == "judged\n");
  CHECK(cluster.client().get(token_of(later)).error().code == Errc::not_found);
  CHECK(sound_ledger(cluster).size() == 3);
}

TEST_CASE("crash table: CRASH_AT with a name that is none keeps each program from starting") {
  const TemporaryFolder folder;
  for (const std::string program : {"pushjudge-queue", "pushjudge-api", "pushjudge-worker"}) {
    for (const std::string setting : {"core.nowhere", "core.after_ack:0", "core.after_ack:x"}) {
      CAPTURE(program);
      const std::string log = folder.file(program + ".log");
      Process process({std::string(PJ_BIN_DIR) + "/" + program, "--queue", "ipc://" + folder.file("run")}, log,
                      {"CRASH_AT=" + setting});
      if (program == "pushjudge-queue") {
        process = Process({std::string(PJ_BIN_DIR) + "/" + program, "--data", folder.file("data")}, log,
                          {"CRASH_AT=" + setting});
      }
      CHECK(process.wait() == 2);
      CHECK(read_file(log).find("CRASH_AT") != std::string::npos);
    }
  }
}
