// What every engine must do. Each case runs on each engine that this machine can start.

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "queue/problem_desk.hpp"
#include "tests/support/problems.hpp"
#include "tests/support/store.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;

namespace {

constexpr std::int32_t kCpp = 54;
constexpr std::int32_t kPython = 71;
constexpr UnixMillis kNow = 1'700'000'000'000;

// An engine whose calls are waited for, on a database that outlives it.
class Store {
 public:
  Store() { open(); }

  // As after kill -9 and a new start, as far as the file can tell.
  void reopen() {
    store_.reset();
    open();
  }

  const Engine& engine() const { return store_->engine(); }
  std::string path() const { return folder_.file("test.db"); }

  Result<TurnOutcome> try_commit(Turn turn) {
    turn.now = now_++;
    return store_->commit(std::move(turn));
  }
  TurnOutcome commit(Turn turn) {
    auto outcome = try_commit(std::move(turn));
    REQUIRE(outcome);
    return *std::move(outcome);
  }
  Result<Record> get(Token token) { return store_->get(token); }
  Result<HistoryView> history(Token token, Seq after) { return store_->history(token, after); }
  std::vector<Cursor> cursors() {
    auto found = store_->cursors();
    REQUIRE(found);
    return *std::move(found);
  }
  // One order in a turn of its own.
  CursorOutcome cursor(const std::string& name, decltype(CursorOrder::what) what) {
    Turn turn;
    turn.orders = {CursorOrder{name, what}};
    return std::get<CursorOutcome>(commit(std::move(turn)).orders.at(0));
  }
  // The same of any order, whose outcome is an Outcome.
  template <class Outcome>
  Outcome obey(Order order) {
    Turn turn;
    turn.orders.push_back(std::move(order));
    return std::get<Outcome>(commit(std::move(turn)).orders.at(0));
  }
  // Has it accepted, handed out and finished; gives what was handed out.
  Lease judge(const Submission& submission, Report report);
  Result<std::string> blob(const Digest& digest) { return store_->blob(digest); }
  Listing list(std::uint64_t offset, std::uint32_t limit) {
    auto found = store_->list(offset, limit);
    REQUIRE(found);
    return *std::move(found);
  }
  Statistics statistics(UnixMillis now) {
    auto found = store_->statistics(now);
    REQUIRE(found);
    return *std::move(found);
  }
  UnixMillis now() const { return now_; }  // of the next turn
  void wait_until(UnixMillis now) { now_ = now; }

  std::vector<Event> events(GlobalSeq after, std::uint32_t limit = 1'000) {
    auto found = store_->events(after, limit);
    REQUIRE(found);
    return *std::move(found);
  }

 private:
  void open() { store_.emplace(path()); }

  testing::TemporaryFolder folder_;
  std::optional<testing::Store> store_;
  UnixMillis now_ = kNow;
};

Submission submission(std::int32_t language = kCpp) {
  Submission made;
  made.token = Token::make(kNow);
  made.language_id = language;
  made.source_code = std::string("int main(){}\0\xff", 14);
  made.stdin_text = "";
  made.expected_output = "42\n";
  made.command_line_arguments = "-x 1";
  made.limits.cpu_ms = 1'234;
  made.number_of_runs = 3;
  made.redirect_stderr_to_stdout = true;
  made.additional_files = std::string("PK\0\xff", 4);
  made.enable_network = true;
  made.problem = "two-sum";
  made.problem_version = digest_of("a manifest");
  made.all_tests = true;
  made.judge_messages = true;
  made.callback_url = "https://example.org/done";
  made.limits.cpu_per_process = true;
  made.limits.memory_per_process = true;
  made.job_class = JobClass::rejudge;
  made.user = "Ada \xc3\x84";
  made.lane = "user Ada";
  made.created_at = kNow;
  return made;
}

Report report(Verdict verdict = Verdict::accepted) {
  Report made;
  made.verdict = verdict;
  made.exit_code = 0;
  made.cpu_us = 1'500;
  made.wall_us = 2'500;
  made.memory_kib = 376;
  made.stdout_text = std::string("42\n\0\xfe", 5);
  made.accounting = "cgroup1";
  return made;
}

// With all that a report may say of a problem.
Report graded_report() {
  Report made = report(Verdict::wrong_answer);
  made.score = 0.1;
  made.score_max = 100;
  made.tests = {{"sample/1", true, Verdict::accepted, 1, 2, 3, std::nullopt, "", ""},
                {"secret/1", false, Verdict::wrong_answer, 4, 5, 6, 0.5, "not 4", std::string("it is\0 5", 8)}};
  made.groups = {{"", Verdict::wrong_answer, 0.1, true}, {"secret", Verdict::accepted, std::nullopt, false}};
  return made;
}

StoreBlobOrder blob_order(const std::string& bytes) {
  auto order = order_to_store(bytes);
  REQUIRE(order);
  return *std::move(order);
}

AddProblemOrder problem_order(const Problem& problem, bool publish = true) {
  auto order = order_to_add(encode(problem), publish);
  REQUIRE(order);
  return *std::move(order);
}

Demand demand(SessionId session, std::uint32_t slots, std::vector<std::int32_t> languages = {kCpp}) {
  return {session, "worker-" + std::to_string(session), std::move(languages), slots};
}

Turn submit(std::vector<Submission> submissions) {
  Turn turn;
  for (Submission& one : submissions) turn.submissions.push_back({std::move(one), ""});
  return turn;
}

Turn claim(std::vector<Demand> demands) {
  Turn turn;
  turn.demands = std::move(demands);
  return turn;
}

Turn cancel(std::vector<Token> tokens) {
  Turn turn;
  turn.cancellations = std::move(tokens);
  return turn;
}

template <class What>
Turn settle(JobRef ref, What what) {
  Turn turn;
  turn.settlements.push_back({ref, std::move(what)});
  return turn;
}

std::vector<std::string> kinds(const std::vector<Event>& events) {
  std::vector<std::string> result;
  for (const Event& event : events) result.emplace_back(to_string(event.kind));
  return result;
}

using Kinds = std::vector<std::string>;

Lease Store::judge(const Submission& submission, Report report) {
  Turn turn = submit({submission});
  turn.demands = {demand(1, 1)};
  auto outcome = commit(std::move(turn));
  REQUIRE(outcome.leases.size() == 1);
  commit(settle(outcome.leases[0].ref, Settlement::Finished{std::move(report)}));
  return outcome.leases[0];
}

}  // namespace

TEST_CASE("engine: what was accepted is there, byte for byte, also after a restart") {
  Store store;
  const Submission sent = submission();
  const auto outcome = store.commit(submit({sent}));
  REQUIRE(outcome.receipts.size() == 1);
  CHECK(outcome.receipts[0].seq == 1);
  CHECK_FALSE(outcome.receipts[0].replayed);
  CHECK(kinds(outcome.events) == Kinds{"queued"});
  store.reopen();
  const auto record = store.get(sent.token);
  REQUIRE(record);
  CHECK(record->submission == sent);
  CHECK(record->snapshot.state == State::queued);
  CHECK(record->snapshot.seq == 1);
  CHECK(store.engine().depth().queued == 1);
}

TEST_CASE("engine: a submission sent twice is stored once, and the second receipt says so") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  const auto again = store.commit(submit({sent, sent}));
  REQUIRE(again.receipts.size() == 2);
  CHECK(again.receipts[0].replayed);
  CHECK(again.receipts[1].replayed);
  CHECK(again.events.empty());
  CHECK(store.engine().depth().queued == 1);
  const Submission twin = submission();
  const auto both = store.commit(submit({twin, twin}));
  CHECK_FALSE(both.receipts[0].replayed);
  CHECK(both.receipts[1].replayed);
}

TEST_CASE("engine: an unknown token is not found") {
  Store store;
  const auto record = store.get(Token::make(kNow));
  REQUIRE_FALSE(record);
  CHECK(record.error().code == Errc::not_found);
  CHECK(store.history(Token::make(kNow), 0).error().code == Errc::not_found);
}

TEST_CASE("engine: one turn can accept a submission and hand it out") {
  Store store;
  const Submission sent = submission();
  Turn turn = submit({sent});
  turn.demands = {demand(5, 1)};
  const auto outcome = store.commit(std::move(turn));
  REQUIRE(outcome.leases.size() == 1);
  CHECK(outcome.leases[0].session == 5);
  CHECK(outcome.leases[0].attempt == 1);
  CHECK(outcome.leases[0].submission == sent);
  CHECK(kinds(outcome.events) == Kinds{"queued", "started"});
  CHECK(outcome.receipts[0].seq == 1);
  CHECK(store.engine().depth().queued == 0);
  CHECK(store.engine().depth().running == 1);
}

TEST_CASE("engine: a hand-out from the store brings the whole submission") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  store.reopen();
  const auto outcome = store.commit(claim({demand(1, 1)}));
  REQUIRE(outcome.leases.size() == 1);
  CHECK(outcome.leases[0].submission == sent);
}

TEST_CASE("engine: the oldest come first, only in the languages asked for, and no more than there are slots") {
  Store store;
  const Submission first = submission(kPython);
  const Submission second = submission(kCpp);
  const Submission third = submission(kCpp);
  store.commit(submit({first, second, third}));
  const auto one = store.commit(claim({demand(1, 1)}));
  REQUIRE(one.leases.size() == 1);
  CHECK(one.leases[0].submission.token == second.token);
  const auto rest = store.commit(claim({demand(2, 5, {kCpp, kPython})}));
  REQUIRE(rest.leases.size() == 2);
  CHECK(rest.leases[0].submission.token == first.token);
  CHECK(rest.leases[1].submission.token == third.token);
}

TEST_CASE("engine: a flood in one lane is one job ahead of another lane, also after a restart") {
  Store store;
  std::vector<Submission> flood;
  for (int i = 0; i < 200; ++i) flood.push_back(submission());
  store.commit(submit(flood));
  const auto first = store.commit(claim({demand(1, 1)}));
  REQUIRE(first.leases.size() == 1);
  Submission single = submission();
  single.lane = "user Bob";
  store.commit(submit({single}));
  store.reopen();
  store.commit(settle(first.leases[0].ref, Settlement::Finished{report()}));
  const auto next = store.commit(claim({demand(1, 2)}));
  REQUIRE(next.leases.size() == 2);
  CHECK(next.leases[0].submission.token == single.token);
  CHECK(next.leases[1].submission.token == flood[1].token);
}

TEST_CASE("engine: a class goes before another by its weight, and a lane has no more than its share of slots") {
  Store store;
  std::vector<Submission> sent;
  for (int i = 0; i < 12; ++i) {
    sent.push_back(submission());
    sent.back().job_class = i < 6 ? JobClass::rejudge : JobClass::contest;
  }
  store.commit(submit(sent));
  Turn turn = claim({demand(1, 8)});
  turn.lane_running_max = 3;
  const auto outcome = store.commit(std::move(turn));
  // Three of each: a lane is of one class.
  REQUIRE(outcome.leases.size() == 6);
  const auto urgent = std::count_if(outcome.leases.begin(), outcome.leases.end(),
                                    [](const Lease& lease) { return lease.submission.job_class == JobClass::contest; });
  CHECK(urgent == 3);
}

TEST_CASE("engine: a job's events are dense, and replaying them gives what was published") {
  Store store;
  const Submission sent = submission();
  std::vector<Event> published;
  const auto note = [&published](const TurnOutcome& outcome) {
    published.insert(published.end(), outcome.events.begin(), outcome.events.end());
  };
  note(store.commit(submit({sent})));
  const auto claimed = store.commit(claim({demand(1, 1)}));
  note(claimed);
  const JobRef first = claimed.leases.at(0).ref;
  note(store.commit(settle(first, Settlement::Lost{"the worker's connection broke"})));
  const auto again = store.commit(claim({demand(2, 1)}));
  note(again);
  const JobRef second = again.leases.at(0).ref;
  note(store.commit(settle(second, Settlement::Compiled{123'000})));
  note(store.commit(settle(second, Settlement::Finished{report()})));
  CHECK(kinds(published) == Kinds{"queued", "started", "requeued", "started", "compiled", "finished"});
  for (std::size_t i = 0; i < published.size(); ++i) {
    CHECK(published[i].snapshot.seq == i + 1);
    CHECK(published[i].global_seq == i + 1);
  }
  store.reopen();
  const auto history = store.history(sent.token, 0);
  REQUIRE(history);
  CHECK(history->complete);
  CHECK(history->events == published);
  CHECK(history->snapshot == published.back().snapshot);
  CHECK(store.events(0) == published);
  CHECK(store.history(sent.token, 4)->events == std::vector<Event>(published.begin() + 4, published.end()));
  CHECK(store.history(sent.token, 6)->events.empty());
  CHECK(store.events(2, 2) == std::vector<Event>(published.begin() + 2, published.begin() + 4));
}

TEST_CASE("engine: a position that the log has not reached is no complete history") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  CHECK_FALSE(store.history(sent.token, 2)->complete);
}

TEST_CASE("engine: a report is taken once; sent again it is a duplicate") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  const JobRef ref = store.commit(claim({demand(1, 1)})).leases.at(0).ref;
  CHECK(store.commit(settle(ref, Settlement::Finished{report()})).settled.at(0) == AckCode::committed);
  const auto again = store.commit(settle(ref, Settlement::Finished{report(Verdict::wrong_answer)}));
  CHECK(again.settled.at(0) == AckCode::duplicate);
  CHECK(again.events.empty());
  const auto record = store.get(sent.token);
  CHECK(record->snapshot.report == report());
  CHECK(store.engine().depth().running == 0);
}

TEST_CASE("engine: a late report from a worker that lost the job is stale") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  const JobRef old = store.commit(claim({demand(1, 1)})).leases.at(0).ref;
  store.commit(settle(old, Settlement::Lost{"silent"}));
  const JobRef current = store.commit(claim({demand(2, 1)})).leases.at(0).ref;
  CHECK(current.fence > old.fence);
  CHECK(store.commit(settle(old, Settlement::Finished{report()})).settled.at(0) == AckCode::stale);
  CHECK(store.get(sent.token)->snapshot.state == State::running);
  CHECK(store.commit(settle({999, 1}, Settlement::Finished{report()})).settled.at(0) == AckCode::stale);
}

TEST_CASE("engine: a late report for a job that nobody was given since is as good as any") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  const JobRef ref = store.commit(claim({demand(1, 1)})).leases.at(0).ref;
  store.commit(settle(ref, Settlement::Lost{"silent"}));
  CHECK(store.commit(settle(ref, Settlement::Finished{report()})).settled.at(0) == AckCode::committed);
  CHECK(store.engine().depth().queued == 0);
  CHECK(store.commit(claim({demand(2, 1)})).leases.empty());
  CHECK(kinds(store.history(sent.token, 0)->events) == Kinds{"queued", "started", "requeued", "finished"});
}

TEST_CASE("engine: a job that is lost three times ends as our own error, with one terminal event") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  for (std::uint32_t attempt = 1; attempt <= kAttemptsMax; ++attempt) {
    const auto claimed = store.commit(claim({demand(1, 1)}));
    REQUIRE(claimed.leases.size() == 1);
    CHECK(claimed.leases[0].attempt == attempt);
    store.commit(settle(claimed.leases[0].ref, Settlement::Lost{"the box broke"}));
  }
  CHECK(store.commit(claim({demand(1, 1)})).leases.empty());
  const auto record = store.get(sent.token);
  REQUIRE(record->snapshot.report);
  CHECK(record->snapshot.report->verdict == Verdict::internal_error);
  CHECK(record->snapshot.report->message == "not judged after 3 attempts; the last one: the box broke");
  const auto all = kinds(store.history(sent.token, 0)->events);
  CHECK(std::count(all.begin(), all.end(), "finished") == 1);
}

TEST_CASE("engine: a job given back before it began has not used an attempt") {
  Store store;
  store.commit(submit({submission()}));
  for (int round = 0; round < 5; ++round) {
    const auto claimed = store.commit(claim({demand(1, 1)}));
    REQUIRE(claimed.leases.size() == 1);
    CHECK(claimed.leases[0].attempt == 1);
    store.commit(settle(claimed.leases[0].ref, Settlement::Released{"drained"}));
  }
}

TEST_CASE("engine: a restart knows what was running, and its fences are above all earlier ones") {
  Store store;
  store.commit(submit({submission(), submission()}));
  const auto before = store.commit(claim({demand(1, 1)}));
  const JobRef running = before.leases.at(0).ref;
  const std::string epoch = store.engine().epoch();
  const std::uint32_t incarnation = store.engine().incarnation();
  const GlobalSeq top = store.engine().top();
  store.reopen();
  CHECK(store.engine().epoch() == epoch);
  CHECK(store.engine().incarnation() > incarnation);
  CHECK(store.engine().top() == top);
  REQUIRE(store.engine().open_leases().size() == 1);
  CHECK(store.engine().open_leases()[0].ref == running);
  CHECK(store.engine().open_leases()[0].worker == "worker-1");
  const auto after = store.commit(claim({demand(1, 1)}));
  CHECK(after.leases.at(0).ref.fence > running.fence);
  CHECK(store.commit(settle(running, Settlement::Finished{report()})).settled.at(0) == AckCode::committed);
}

TEST_CASE("engine: two databases have different epochs") {
  Store one;
  Store other;
  CHECK(one.engine().epoch() != other.engine().epoch());
  CHECK(one.engine().epoch().size() == 32);
}

TEST_CASE("engine: languages that workers offered are remembered, the newest description of each") {
  Store store;
  Language cpp{kCpp, "cpp", "C++ (GCC 11)", "main.cpp", "g++", "./main"};
  Turn turn;
  turn.languages = {cpp};
  store.commit(std::move(turn));
  cpp.name = "C++ (GCC 12)";
  Turn newer;
  newer.languages = {cpp};
  store.commit(std::move(newer));
  store.reopen();
  REQUIRE(store.engine().languages().size() == 1);
  CHECK(store.engine().languages()[0].language == cpp);
  CHECK(store.engine().languages()[0].offered_at == kNow + 1);
}

TEST_CASE("engine: a second one on the same database is refused while the first lives") {
  Store store;
  const auto open = [&] { testing::Store second(store.path()); };
  CHECK_THROWS_WITH_AS(open(), doctest::Contains("another core"), std::runtime_error);
}

TEST_CASE("engine: a file that is no database is refused with its name") {
  testing::TemporaryFolder folder;
  const std::string path = folder.file("bad.db");
  FILE* file = std::fopen(path.c_str(), "w");
  REQUIRE(file != nullptr);
  for (int i = 0; i < 1'000; ++i) std::fputs("this is no database\n", file);
  std::fclose(file);
  const auto open = [&] { testing::Store store(path); };
  CHECK_THROWS_WITH_AS(open(), doctest::Contains("bad.db"), std::runtime_error);
}

TEST_CASE("engine: what is queued is cancelled once, for good, and handed out to nobody") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  Turn turn = cancel({sent.token, sent.token, Token::make(kNow)});
  turn.demands = {demand(1, 1)};
  const auto outcome = store.commit(std::move(turn));
  REQUIRE(outcome.cancelled.size() == 3);
  CHECK(outcome.cancelled[0].code == Cancellation::Code::done);
  CHECK(outcome.cancelled[0].seq == 2);
  CHECK_FALSE(outcome.cancelled[0].running);
  CHECK(outcome.cancelled[1].code == Cancellation::Code::before);
  CHECK(outcome.cancelled[1].seq == 2);
  CHECK(outcome.cancelled[2].code == Cancellation::Code::unknown);
  CHECK(outcome.leases.empty());
  CHECK(kinds(outcome.events) == Kinds{"cancelled"});
  CHECK(store.engine().depth().queued == 0);
  store.reopen();
  CHECK(store.commit(claim({demand(1, 1)})).leases.empty());
  CHECK(store.commit(cancel({sent.token})).cancelled[0].code == Cancellation::Code::before);
  const auto record = store.get(sent.token);
  REQUIRE(record);
  CHECK(record->snapshot.state == State::finished);
  REQUIRE(record->snapshot.report);
  CHECK(record->snapshot.report->verdict == Verdict::cancelled);
  CHECK(record->snapshot.finished_at);
  CHECK(store.history(sent.token, 0)->events.back() == outcome.events.back());
}

TEST_CASE("engine: a submission can be accepted and cancelled by one turn") {
  Store store;
  const Submission sent = submission();
  Turn turn = submit({sent});
  turn.cancellations = {sent.token};
  turn.demands = {demand(1, 1)};
  const auto outcome = store.commit(std::move(turn));
  CHECK(outcome.cancelled.at(0).code == Cancellation::Code::done);
  CHECK(kinds(outcome.events) == Kinds{"queued", "cancelled"});
  CHECK(outcome.leases.empty());
}

TEST_CASE(
    "engine: what runs is cancelled with the name of its hand-out, and the report that comes later is a duplicate") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  const JobRef ref = store.commit(claim({demand(1, 1)})).leases.at(0).ref;
  const auto outcome = store.commit(cancel({sent.token}));
  CHECK(outcome.cancelled.at(0).code == Cancellation::Code::done);
  CHECK(outcome.cancelled[0].running == ref);
  CHECK(store.engine().depth().running == 0);
  for (const auto& late : {settle(ref, Settlement::Finished{report()}), settle(ref, Settlement::Lost{"gone"}),
                           settle(ref, Settlement::Compiled{1})}) {
    const auto settled = store.commit(late);
    CHECK(settled.settled.at(0) == AckCode::duplicate);
    CHECK(settled.events.empty());
  }
  CHECK(kinds(store.history(sent.token, 0)->events) == Kinds{"queued", "started", "cancelled"});
}

TEST_CASE("engine: of a report and a cancellation in one turn the report wins") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  const JobRef ref = store.commit(claim({demand(1, 1)})).leases.at(0).ref;
  Turn turn = settle(ref, Settlement::Finished{report()});
  turn.cancellations = {sent.token};
  const auto outcome = store.commit(std::move(turn));
  CHECK(outcome.settled.at(0) == AckCode::committed);
  CHECK(outcome.cancelled.at(0).code == Cancellation::Code::finished);
  CHECK(kinds(outcome.events) == Kinds{"finished"});
}

TEST_CASE("engine: a key names one submission for good, and whoever sends it again gets the same receipt") {
  Store store;
  const Submission sent = submission();
  Submission again = sent;
  again.token = Token::make(kNow);
  again.created_at = kNow + 1;
  Submission other = again;
  other.token = Token::make(kNow);
  other.stdin_text = "something else";

  Turn turn;
  turn.submissions = {{sent, "mine"}, {again, "mine"}, {other, "mine"}, {other, "another key"}};
  const auto outcome = store.commit(std::move(turn));
  REQUIRE(outcome.receipts.size() == 4);
  CHECK_FALSE(outcome.receipts[0].replayed);
  CHECK(outcome.receipts[1].replayed);
  CHECK(outcome.receipts[1].token == sent.token);
  CHECK(outcome.receipts[1].seq == 1);
  CHECK(outcome.receipts[2].other);
  CHECK_FALSE(outcome.receipts[3].replayed);
  CHECK_FALSE(outcome.receipts[3].other);
  CHECK(kinds(outcome.events) == Kinds{"queued", "queued"});
  CHECK_FALSE(store.get(again.token));

  store.reopen();
  Turn late;
  late.submissions = {{again, "mine"}};
  const auto replayed = store.commit(std::move(late));
  CHECK(replayed.receipts.at(0).replayed);
  CHECK(replayed.receipts[0].token == sent.token);
  CHECK(replayed.events.empty());
}

TEST_CASE("engine: a cursor is made once, after what its turn says or before all, and is there after a restart") {
  using Open = CursorOrder::Open;
  Store store;
  store.commit(submit({submission()}));
  CHECK(store.cursor("all", Open{true}).seq == 0);
  Turn turn = submit({submission()});
  turn.orders = {CursorOrder{"now", Open{false}}};
  const auto outcome = store.commit(std::move(turn));
  const auto& made = std::get<CursorOutcome>(outcome.orders.at(0));
  CHECK(made.code == CursorOutcome::Code::done);
  CHECK(made.seq == outcome.events.at(0).global_seq);
  store.commit(submit({submission()}));
  CHECK(store.cursor("now", Open{false}).seq == 2);
  CHECK(store.cursor("now", Open{true}).seq == 2);
  store.reopen();
  const auto cursors = store.cursors();
  REQUIRE(cursors.size() == 2);
  CHECK(cursors[0].name == "all");
  CHECK(cursors[0].seq == 0);
  CHECK(cursors[1].name == "now");
  CHECK(cursors[1].seq == 2);
}

TEST_CASE("engine: an acknowledgement moves its own cursor, forwards, to an event that is there, and is durable") {
  using Code = CursorOutcome::Code;
  using Acknowledge = CursorOrder::Acknowledge;
  Store store;
  store.commit(submit({submission(), submission(), submission()}));
  CHECK(store.cursor("a", Acknowledge{1}).code == Code::unknown);
  store.cursor("a", CursorOrder::Open{true});
  store.cursor("b", CursorOrder::Open{true});
  CHECK(store.cursor("a", Acknowledge{2}).seq == 2);
  const UnixMillis moved_at = store.cursors()[0].moved_at;
  const CursorOutcome back = store.cursor("a", Acknowledge{1});
  CHECK(back.code == Code::done);
  CHECK(back.seq == 2);
  CHECK(store.cursor("a", Acknowledge{4}).code == Code::beyond_top);
  CHECK(store.cursors()[0] == Cursor{"a", 2, moved_at});
  store.reopen();
  CHECK(store.cursors()[0] == Cursor{"a", 2, moved_at});
  CHECK(store.cursors()[1].seq == 0);
  // Events of the same turn count, and many orders about one cursor do.
  Turn turn = submit({submission()});
  turn.orders = {CursorOrder{"a", Acknowledge{4}}, CursorOrder{"a", Acknowledge{3}}, CursorOrder{"b", Acknowledge{3}}};
  const auto outcome = store.commit(std::move(turn));
  REQUIRE(outcome.orders.size() == 3);
  CHECK(std::get<CursorOutcome>(outcome.orders[0]).seq == 4);
  CHECK(std::get<CursorOutcome>(outcome.orders[1]).seq == 4);
  CHECK(std::get<CursorOutcome>(outcome.orders[2]).seq == 3);
}

TEST_CASE("engine: a cursor that is deleted is gone, and one of its name begins anew") {
  using Code = CursorOutcome::Code;
  Store store;
  store.commit(submit({submission()}));
  store.cursor("a", CursorOrder::Open{false});
  const CursorOutcome deleted = store.cursor("a", CursorOrder::Delete{});
  CHECK(deleted.code == Code::done);
  CHECK(deleted.seq == 1);
  CHECK(store.cursors().empty());
  CHECK(store.cursor("a", CursorOrder::Delete{}).code == Code::unknown);
  CHECK(store.cursor("a", CursorOrder::Open{true}).seq == 0);
}

TEST_CASE("engine: there are at most so many cursors, and those that are there are opened all the same") {
  using Code = CursorOutcome::Code;
  Store store;
  Turn turn;
  for (std::size_t i = 0; i <= kCursorsMax; ++i) {
    turn.orders.push_back(CursorOrder{std::to_string(i), CursorOrder::Open{true}});
  }
  const auto outcome = store.commit(std::move(turn));
  CHECK(std::get<CursorOutcome>(outcome.orders.at(kCursorsMax - 1)).code == Code::done);
  CHECK(std::get<CursorOutcome>(outcome.orders.at(kCursorsMax)).code == Code::too_many);
  CHECK(store.cursors().size() == kCursorsMax);
  CHECK(store.cursor("0", CursorOrder::Open{false}).code == Code::done);
  store.cursor("1", CursorOrder::Delete{});
  CHECK(store.cursor("new", CursorOrder::Open{false}).code == Code::done);
}

TEST_CASE("engine: what was erased is not found by its token, and of it nothing is left but its place in the log") {
  Store store;
  Submission sent = submission();
  sent.callback_url = "https://example.org/";
  Report found = report();
  found.stderr_text = "secret";
  found.compile_output = "secret";
  found.message = "secret";
  found.tests = graded_report().tests;
  Turn turn = submit({sent});
  turn.submissions[0].idempotency_key = "key";
  store.commit(std::move(turn));
  CHECK(store.obey<EraseOutcome>(EraseOrder{sent.token}) == EraseOutcome::unfinished);
  const auto leases = store.commit(claim({demand(1, 1)})).leases;
  store.commit(settle(leases.at(0).ref, Settlement::Finished{found}));
  CHECK(store.obey<EraseOutcome>(EraseOrder{Token::make(kNow)}) == EraseOutcome::unknown);
  CHECK(store.get(sent.token));

  CHECK(store.obey<EraseOutcome>(EraseOrder{sent.token}) == EraseOutcome::done);
  CHECK(store.obey<EraseOutcome>(EraseOrder{sent.token}) == EraseOutcome::done);
  store.reopen();
  CHECK(store.get(sent.token).error().code == Errc::not_found);
  CHECK(store.history(sent.token, 0).error().code == Errc::not_found);
  CHECK(store.list(0, 10).tokens.empty());
  CHECK(store.list(0, 10).total == 0);
  CHECK(store.statistics(kNow).total == 0);
  CHECK_FALSE(store.engine().next_callback());
  const auto outcome = store.commit(cancel({sent.token}));
  CHECK(outcome.cancelled.at(0).code == Cancellation::Code::unknown);

  const auto events = store.events(0);
  REQUIRE(kinds(events) == Kinds{"queued", "started", "finished"});
  Report left = report();
  left.stdout_text.clear();
  CHECK(events[2].snapshot.report == left);
  CHECK_FALSE(events[2].snapshot.problem);
  // Its names are taken all the same: by its token nothing new is made, and its key stands for nothing else.
  CHECK(store.commit(submit({sent})).receipts.at(0).replayed);
  Turn again = submit({submission()});
  again.submissions[0].idempotency_key = "key";
  CHECK(store.commit(std::move(again)).receipts.at(0).other);
}

TEST_CASE("engine: the newest submissions are listed first, a page at a time, and all are counted") {
  Store store;
  std::vector<Token> newest_first;
  for (int i = 0; i < 5; ++i) {
    const Submission sent = submission();
    store.commit(submit({sent}));
    newest_first.insert(newest_first.begin(), sent.token);
  }
  using Tokens = std::vector<Token>;
  CHECK(store.list(0, 10).tokens == newest_first);
  CHECK(store.list(1, 2).tokens == Tokens{newest_first[1], newest_first[2]});
  CHECK(store.list(4, 2).tokens == Tokens{newest_first[4]});
  CHECK(store.list(5, 2).tokens.empty());
  CHECK(store.list(5, 2).total == 5);
}

TEST_CASE("engine: statistics count by day, language and status") {
  using Counts = std::vector<Statistics::Count>;
  constexpr UnixMillis kDay = 24LL * 60 * 60 * 1000;
  Store store;
  Submission old = submission();
  old.created_at = kNow - 31 * kDay;
  Submission yesterday = submission();
  yesterday.created_at = kNow - kDay;
  store.judge(old, report());
  Report crashed = report(Verdict::runtime_error);
  crashed.exit_signal = 11;
  store.judge(yesterday, crashed);
  store.judge(submission(), report(Verdict::wrong_answer));
  store.commit(submit({submission(kCpp + 1)}));
  const Statistics found = store.statistics(kNow);
  CHECK(found.total == 4);
  CHECK(found.days == Counts{{kNow / kDay - 1, 1}, {kNow / kDay, 2}});
  CHECK(found.languages == Counts{{kCpp, 3}, {kCpp + 1, 1}});
  CHECK(found.statuses == Counts{{1, 1}, {3, 1}, {4, 1}, {7, 1}});
  CHECK(found.database_bytes > 10'000);
}

TEST_CASE("engine: a callback is due from the turn that ends its submission on, and is handed out for a while") {
  Store store;
  Submission sent = submission();
  sent.callback_url = "https://example.org/a";
  store.judge(submission(), report());
  CHECK(store.engine().next_callback().has_value());  // of the sample, which has one too
  const UnixMillis due = store.now() - 1;
  const auto first = store.obey<ClaimOutcome>(ClaimOrder{10, due + 1'000});
  REQUIRE(first.size() == 1);
  CHECK(store.obey<EraseOutcome>(EraseOrder{first[0].snapshot.token}) == EraseOutcome::done);
  CHECK_FALSE(store.engine().next_callback());

  store.commit(submit({sent}));
  CHECK_FALSE(store.engine().next_callback());
  store.commit(cancel({sent.token}));
  CHECK(store.engine().next_callback() == store.now() - 1);
  store.reopen();
  CHECK(store.engine().next_callback() == store.now() - 1);
  const UnixMillis until = store.now() + 1'000;
  const auto claimed = store.obey<ClaimOutcome>(ClaimOrder{10, until});
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].tries == 1);
  CHECK(claimed[0].url == "https://example.org/a");
  CHECK(claimed[0].snapshot.token == sent.token);
  CHECK(claimed[0].snapshot.report->verdict == Verdict::cancelled);
  CHECK(store.engine().next_callback() == until);
  CHECK(store.obey<ClaimOutcome>(ClaimOrder{10, until}).empty());

  // Nobody said what became of it: another may have it, and what the first says then is void.
  store.wait_until(until);
  const auto again = store.obey<ClaimOutcome>(ClaimOrder{10, until + 1'000});
  REQUIRE(again.size() == 1);
  CHECK(again[0].tries == 2);
  store.obey<SettleOutcome>(SettleOrder{claimed[0].job, 1, CallbackFate::delivered, 0, ""});
  CHECK(store.engine().next_callback() == until + 1'000);
  store.obey<SettleOutcome>(SettleOrder{again[0].job, 2, CallbackFate::delivered, 0, ""});
  CHECK_FALSE(store.engine().next_callback());
}

TEST_CASE("engine: a callback that failed is due again when it was told to, until it is given up") {
  Store store;
  store.judge(submission(), report());
  store.judge(submission(), report());
  const auto claimed = store.obey<ClaimOutcome>(ClaimOrder{1, store.now() + 1'000});
  REQUIRE(claimed.size() == 1);
  store.obey<SettleOutcome>(SettleOrder{claimed[0].job, 1, CallbackFate::retry, store.now() + 5'000, "refused"});
  // The one that waited longer comes first.
  const auto other = store.obey<ClaimOutcome>(ClaimOrder{10, store.now() + 9'000});
  REQUIRE(other.size() == 1);
  CHECK(other[0].job != claimed[0].job);
  store.wait_until(*store.engine().next_callback());
  const auto again = store.obey<ClaimOutcome>(ClaimOrder{10, store.now() + 1'000});
  REQUIRE(again.size() == 1);
  CHECK(again[0].job == claimed[0].job);
  CHECK(again[0].tries == 2);
  store.obey<SettleOutcome>(SettleOrder{again[0].job, 2, CallbackFate::given_up, 0, "refused"});
  store.obey<SettleOutcome>(SettleOrder{other[0].job, 1, CallbackFate::delivered, 0, ""});
  CHECK_FALSE(store.engine().next_callback());
  CHECK(store.statistics(kNow).callbacks_given_up == 1);
  CHECK(store.statistics(kNow).callbacks_waiting == 0);
}

TEST_CASE("engine: callbacks are handed out in portions that a frame can carry, and what is too much stays due") {
  Store store;
  Report large = report();
  large.stdout_text = std::string(3 << 20, 'x');
  constexpr std::size_t kAll = 5;
  for (std::size_t i = 0; i < kAll; ++i) store.judge(submission(), large);
  std::set<JobId> jobs;
  while (jobs.size() < kAll) {
    const auto claimed = store.obey<ClaimOutcome>(ClaimOrder{10, store.now() + 60'000});
    REQUIRE_FALSE(claimed.empty());
    REQUIRE(claimed.size() <= 2);
    for (const DueCallback& callback : claimed) {
      CHECK(callback.tries == 1);
      CHECK(callback.snapshot.report == large);
      CHECK(jobs.insert(callback.job).second);
    }
  }
}

TEST_CASE(
    "engine: what a report says of a problem is there, in the event, the record and the log, also after a restart") {
  Store store;
  const Submission sent = submission();
  const Report graded = graded_report();
  store.judge(sent, graded);
  store.reopen();
  const auto record = store.get(sent.token);
  REQUIRE(record);
  CHECK(record->submission == sent);
  CHECK(record->snapshot.problem == "two-sum");
  CHECK(record->snapshot.report == graded);
  const auto events = store.events(0);
  REQUIRE(events.size() == 3);
  for (const Event& event : events) CHECK(event.snapshot.problem == "two-sum");
  CHECK(events[2].snapshot.report == graded);
  CHECK(store.engine().open_leases().empty());
}

TEST_CASE("engine: a restart knows of which submission what was running is") {
  Store store;
  const Submission sent = submission();
  store.commit(submit({sent}));
  store.commit(claim({demand(1, 1)}));
  store.reopen();
  REQUIRE(store.engine().open_leases().size() == 1);
  CHECK(store.engine().open_leases()[0].token == sent.token);
}

TEST_CASE("engine: a key names the same submission also when its problem has another version since") {
  Store store;
  Submission sent = submission();
  Turn turn = submit({sent});
  turn.submissions[0].idempotency_key = "key";
  store.commit(std::move(turn));
  Submission again = sent;
  again.token = Token::make(kNow);
  again.problem_version = digest_of("another manifest");
  turn = submit({again});
  turn.submissions[0].idempotency_key = "key";
  CHECK(store.commit(std::move(turn)).receipts.at(0).replayed);
  again.problem = "three-sum";
  turn = submit({again});
  turn.submissions[0].idempotency_key = "key";
  CHECK(store.commit(std::move(turn)).receipts.at(0).other);
}

TEST_CASE("engine: a submission that names a problem without its version is none, unless it is known") {
  Store store;
  Submission sent = submission();
  sent.problem_version.reset();
  const auto refused = store.commit(submit({sent}));
  CHECK(refused.receipts.at(0).no_problem == "two-sum");
  CHECK(refused.events.empty());
  CHECK_FALSE(store.get(sent.token));

  Submission known = submission();
  Turn turn = submit({known});
  turn.submissions[0].idempotency_key = "key";
  CHECK_FALSE(store.commit(std::move(turn)).receipts.at(0).no_problem);
  known.problem_version.reset();
  CHECK(store.commit(submit({known})).receipts.at(0).replayed);
  known.token = Token::make(kNow);
  turn = submit({known});
  turn.submissions[0].idempotency_key = "key";
  const auto again = store.commit(std::move(turn));
  CHECK(again.receipts.at(0).replayed);
  CHECK_FALSE(again.receipts.at(0).no_problem);
}

TEST_CASE("engine: a file is kept by its digest, byte for byte, however often it is stored") {
  Store store;
  const std::string bytes("\0 1\n\xff", 5);
  CHECK(store.blob(digest_of(bytes)).error().code == Errc::not_found);
  Turn turn;
  turn.orders = {blob_order(bytes), blob_order(""), blob_order(bytes)};
  CHECK(store.commit(std::move(turn)).orders.size() == 3);
  store.obey<StoreBlobOutcome>(blob_order(bytes));
  store.reopen();
  const auto found = store.blob(digest_of(bytes));
  REQUIRE(found);
  CHECK(*found == bytes);
  const auto empty = store.blob(digest_of(""));
  REQUIRE(empty);
  CHECK(empty->empty());
}

TEST_CASE("engine: a file as large as one may be is kept") {
  Store store;
  const std::string bytes(kBlobBytesMax, 'x');
  store.obey<StoreBlobOutcome>(blob_order(bytes));
  const auto found = store.blob(digest_of(bytes));
  REQUIRE(found);
  CHECK((*found == bytes));
}

TEST_CASE("engine: a problem is added when its files are there, and what is missing is said") {
  using Code = AddProblemOutcome::Code;
  Store store;
  const Problem problem = testing::small_problem("two-sum", "1 2\n", "3\n");
  const AddProblemOrder order = problem_order(problem);
  auto outcome = store.obey<AddProblemOutcome>(order);
  CHECK(outcome.code == Code::missing);
  CHECK(outcome.files.size() == 2);
  store.obey<StoreBlobOutcome>(blob_order("3\n"));
  outcome = store.obey<AddProblemOutcome>(order);
  CHECK(outcome.code == Code::missing);
  CHECK(outcome.files == std::vector{digest_of("1 2\n")});
  CHECK(store.engine().problems().versions.empty());
  CHECK(store.blob(order.card.version).error().code == Errc::not_found);

  // In one turn, files first.
  const UnixMillis published_at = store.now();
  Turn turn;
  turn.orders = {blob_order("1 2\n"), order};
  CHECK(std::get<AddProblemOutcome>(store.commit(std::move(turn)).orders.at(1)).code == Code::done);
  for (const bool reopened : {false, true}) {
    if (reopened) store.reopen();
    const ProblemCatalog& catalog = store.engine().problems();
    REQUIRE(catalog.published.size() == 1);
    const ProblemCard& card = catalog.published.at("two-sum");
    CHECK(card.slug == "two-sum");
    CHECK(card.title == problem.title);
    CHECK(card.version == digest_of(encode(problem)));
    CHECK(card.published_at == published_at);
    CHECK_FALSE(card.scoring);
    CHECK_FALSE(card.score_max);
    CHECK(card.time_ms == problem.limits.time_ms);
    CHECK(card.memory_kib == problem.limits.memory_kib);
    CHECK(card.tests == 1);
    CHECK(catalog.versions == std::map<Digest, std::string>{{card.version, "two-sum"}});
    const auto manifest = store.blob(card.version);
    REQUIRE(manifest);
    CHECK(*manifest == encode(problem));
  }
}

TEST_CASE("engine: a manifest that says another size of a file is told so, and changes nothing") {
  Store store;
  Problem problem = testing::small_problem("two-sum", "in", "out");
  store.obey<StoreBlobOutcome>(blob_order("in"));
  store.obey<StoreBlobOutcome>(blob_order("out"));
  problem.tests[0].input.size = 1;
  const auto outcome = store.obey<AddProblemOutcome>(problem_order(problem));
  CHECK(outcome.code == AddProblemOutcome::Code::other_size);
  CHECK(outcome.files == std::vector{digest_of("in")});
  CHECK(store.engine().problems().versions.empty());
}

TEST_CASE("engine: a slug names the version that was published last, and the others stay as they are") {
  Store store;
  store.obey<StoreBlobOutcome>(blob_order("in"));
  store.obey<StoreBlobOutcome>(blob_order("out"));
  Problem first = testing::small_problem("sum", "in", "out");
  Problem second = first;
  second.scoring = true;
  second.tests[0].accept_score = 12.5;
  const AddProblemOrder one = problem_order(first);
  const AddProblemOrder draft = problem_order(second, false);

  const UnixMillis published_at = store.now();
  store.obey<AddProblemOutcome>(one);
  store.obey<AddProblemOutcome>(draft);
  store.obey<AddProblemOutcome>(one);  // again, which changes nothing
  CHECK(store.engine().problems().versions.size() == 2);
  CHECK(store.engine().problems().published.at("sum").version == one.card.version);
  CHECK(store.engine().problems().published.at("sum").published_at == published_at);

  store.obey<AddProblemOutcome>(problem_order(second));
  store.reopen();
  const ProblemCard card = store.engine().problems().published.at("sum");
  CHECK(card.version == draft.card.version);
  CHECK(card.published_at > published_at);
  CHECK(card.scoring);
  CHECK(card.score_max == 12.5);
  CHECK(store.blob(one.card.version));

  // Back to the first.
  store.obey<AddProblemOutcome>(one);
  CHECK(store.engine().problems().published.at("sum").version == one.card.version);
  CHECK(store.engine().problems().versions.size() == 2);
}

TEST_CASE("engine: a problem that is removed is named by its version alone") {
  Store store;
  store.obey<StoreBlobOutcome>(blob_order("x"));
  const AddProblemOrder order = problem_order(testing::small_problem("sum", "x", "x"));
  CHECK(store.obey<RemoveProblemOutcome>(RemoveProblemOrder{"sum"}) == RemoveProblemOutcome::unknown);
  store.obey<AddProblemOutcome>(order);
  CHECK(store.obey<RemoveProblemOutcome>(RemoveProblemOrder{"sum"}) == RemoveProblemOutcome::done);
  CHECK(store.obey<RemoveProblemOutcome>(RemoveProblemOrder{"sum"}) == RemoveProblemOutcome::unknown);
  store.reopen();
  CHECK(store.engine().problems().published.empty());
  CHECK(store.engine().problems().versions.contains(order.card.version));
  CHECK(store.blob(order.card.version));
  CHECK(store.blob(digest_of("x")));
}

namespace {

Problem function_problem() {
  Problem problem = testing::small_problem("double-it", "4\n", "8\n");
  FunctionTask task;
  task.signature.function = {"doubleIt", {{"n", Type{Scalar::integer, {}}}}, Type{Scalar::integer, {}}};
  problem.function = std::move(task);
  return problem;
}

// Of the problem, as it is published, and no trial.
Submission solution(const Problem& problem, std::int32_t language = kCpp) {
  Submission made = submission(language);
  made.problem = problem.slug;
  made.problem_version = digest_of(encode(problem));
  made.stdin_text.reset();
  return made;
}

Report took(std::uint64_t cpu_ms, std::uint64_t memory_kib) {
  Report made = report();
  made.cpu_us = cpu_ms * 1'000 + 999;
  made.memory_kib = memory_kib;
  made.tests = {{"secret/1", false, Verdict::accepted, 1, 2, 3, std::nullopt, "", ""}};
  return made;
}

// What the submission is told that a report like this came of.
Report told(Store& store, const Submission& sent, Report found) {
  const GlobalSeq before = store.engine().top();
  store.judge(sent, std::move(found));
  const auto record = store.get(sent.token);
  REQUIRE(record);
  REQUIRE(record->snapshot.report);
  const auto events = store.events(before);
  REQUIRE(!events.empty());
  CHECK(events.back().snapshot.report == record->snapshot.report);
  return *record->snapshot.report;
}

}  // namespace

TEST_CASE("engine: an accepted solution of a function problem hears what share of those before took more") {
  Store store;
  const Problem problem = function_problem();
  store.obey<StoreBlobOutcome>(blob_order("4\n"));
  store.obey<StoreBlobOutcome>(blob_order("8\n"));
  store.obey<AddProblemOutcome>(problem_order(problem));

  Report first = told(store, solution(problem), took(10, 640));
  CHECK(first.runtime_percentile == 100);
  CHECK(first.memory_percentile == 100);
  Report second = told(store, solution(problem), took(5, 700));
  CHECK(second.runtime_percentile == 100);
  CHECK(second.memory_percentile == 0);
  // As fast as the first, to the millisecond, which is not more; and one step of 64 KiB less than both.
  const Submission third_sent = solution(problem);
  Report third = told(store, third_sent, took(10, 639));
  CHECK(third.runtime_percentile == 0);
  CHECK(third.memory_percentile == 100);
  Report fourth = told(store, solution(problem), took(7, 641));
  CHECK(fourth.runtime_percentile == doctest::Approx(100.0 * 2 / 3));
  CHECK(fourth.memory_percentile == 0);

  // One that is erased stays counted, and so does everything after a restart.
  CHECK(store.obey<EraseOutcome>(EraseOrder{third_sent.token}) == EraseOutcome::done);
  store.reopen();
  CHECK(told(store, solution(problem), took(9, 1)).runtime_percentile == 50);

  // Those in another language are not compared with these.
  const Submission slow = solution(problem, kPython);
  Turn offer = submit({slow});
  offer.demands = {demand(1, 1, {kPython})};
  const auto handed_out = store.commit(std::move(offer));
  store.commit(settle(handed_out.leases.at(0).ref, Settlement::Finished{took(12'345, 1)}));
  CHECK(store.get(slow.token)->snapshot.report->runtime_percentile == 100);
}

TEST_CASE("engine: only what is comparable is counted, and no worker says a percentile") {
  Store store;
  const Problem problem = function_problem();
  Problem other = testing::small_problem("two-sum", "4\n", "8\n");
  store.obey<StoreBlobOutcome>(blob_order("4\n"));
  store.obey<StoreBlobOutcome>(blob_order("8\n"));
  store.obey<AddProblemOutcome>(problem_order(problem));
  store.obey<AddProblemOutcome>(problem_order(other));

  const auto told_nothing = [&](const Submission& sent, Report found) {
    found.runtime_percentile = 99;
    found.memory_percentile = 99;
    const Report heard = told(store, sent, std::move(found));
    CHECK_FALSE(heard.runtime_percentile);
    CHECK_FALSE(heard.memory_percentile);
  };
  Report wrong = took(1, 1);
  wrong.verdict = Verdict::wrong_answer;
  told_nothing(solution(problem), wrong);
  told_nothing(solution(other), took(1, 1));
  Submission trial = solution(problem);
  trial.stdin_text = "5";
  told_nothing(trial, took(1, 1));
  Submission by_version = solution(problem);
  by_version.problem = problem.slug + "@" + to_hex(*by_version.problem_version);
  told_nothing(by_version, took(1, 1));
  Submission alone = submission();
  alone.problem.reset();
  alone.problem_version.reset();
  told_nothing(alone, took(1, 1));

  // None of them was counted: this is the first.
  CHECK(told(store, solution(problem), took(1, 1)).runtime_percentile == 100);
  CHECK(told(store, solution(problem), took(1, 1)).runtime_percentile == 0);
}

TEST_CASE("engine: how a language writes functions is remembered with it") {
  Store store;
  Turn turn;
  turn.languages = {{kCpp, "cpp", "C++", "main.cpp", "g++", "./a.out", "cpp"}};
  store.commit(std::move(turn));
  store.reopen();
  REQUIRE(store.engine().languages().size() == 1);
  CHECK(store.engine().languages()[0].language.code_style == "cpp");
}
