#include "proto/messages.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace pushjudge;

namespace {

Submission submission() {
  Submission made;
  made.token = Token::make(1'700'000'000'000);
  made.language_id = 54;
  made.source_code = std::string("a\0b\xff", 4);
  made.stdin_text = "in";
  made.command_line_arguments = "x y";
  made.limits.memory_kib = 4'096;
  made.number_of_runs = 2;
  made.redirect_stderr_to_stdout = true;
  made.additional_files = std::string("PK\0\xff", 4);
  made.enable_network = true;
  made.callback_url = "https://example.org/done";
  made.problem = "two-sum";
  made.problem_version = digest_of("a manifest");
  made.all_tests = true;
  made.judge_messages = true;
  made.limits.cpu_per_process = true;
  made.limits.memory_per_process = true;
  made.job_class = JobClass::rejudge;
  made.user = "Ada";
  made.lane = "user Ada";
  made.created_at = 1'700'000'000'123;
  return made;
}

TestResult test_result() {
  TestResult made;
  made.name = "secret/1";
  made.sample = true;
  made.verdict = Verdict::wrong_answer;
  made.cpu_us = 1;
  made.wall_us = 2;
  made.memory_kib = 3;
  made.score = 0.5;
  made.message = "for the team";
  made.judge_message = "for the judges";
  return made;
}

Event event() {
  Event made;
  made.global_seq = 9;
  made.job = 3;
  made.kind = EventKind::finished;
  made.at = 1'700'000'000'456;
  made.note = "note";
  made.snapshot.token = submission().token;
  made.snapshot.state = State::finished;
  made.snapshot.seq = 4;
  made.snapshot.attempt = 2;
  made.snapshot.worker = "w";
  made.snapshot.started_at = 1;
  made.snapshot.finished_at = 2;
  Report report;
  report.verdict = Verdict::runtime_error;
  report.exit_signal = 11;
  report.exit_code = -1;
  report.cpu_us = 1;
  report.stdout_text = std::string("\0out", 4);
  report.score = 40;
  report.score_max = 100;
  report.tests = {test_result(), test_result()};
  report.groups = {{"secret", Verdict::wrong_answer, 40, true}, {"secret/b", Verdict::accepted, std::nullopt, false}};
  made.snapshot.problem = "two-sum";
  made.snapshot.report = report;
  return made;
}

// One frame of each type, with every field away from its default.
std::vector<std::string> frames() {
  Hello hello;
  hello.worker.fill(7);
  hello.name = "w";
  hello.queue = "ipc:///x";
  hello.slots = 3;
  hello.languages = {{54, "cpp", "C++", "main.cpp", "g++", "./main"}};
  hello.running = {{1, 2}};
  hello.last_session = 5;
  hello.received = 6;
  StatsReport stats;
  stats.request = 1;
  stats.epoch = "e";
  stats.workers = {{"w", 2, 1, true}};
  stats.refused_frames = 3;
  stats.refused_connections = 4;
  stats.cpu_us = 5;
  stats.queue_max = 6;
  return {
      encode(hello),
      encode(Welcome{1, 2, 3, 4, "tcp://x:1", {{5, 6}}}),
      encode(Job{1, {2, 3}, 4, submission()}),
      encode(Credit{1, 2}),
      encode(Beat{1, 2, {{3, 4}}}),
      encode(Compiled{1, {2, 3}, 4}),
      encode(Finished{1, {2, 3}, *event().snapshot.report}),
      encode(Failed{1, {2, 3}, "why"}),
      encode(Ack{{1, 2}, AckCode::stale}),
      encode(Drop{{1, 2}}),
      encode(Ping{1}),
      encode(Drain{1}),
      encode(Bye{1}),
      encode(Submit{1, submission(), "key"}),
      encode(SubmitBatch{1, {{submission(), "key"}, {submission(), ""}}}),
      encode(Submitted{1, "e", 2, true, submission().token}),
      encode(Cancel{1, submission().token}),
      encode(Cancelled{1, "e", 2, true}),
      encode(Get{1, submission().token}),
      encode(Got{1, "e", submission(), event().snapshot}),
      encode(History{1, submission().token, 2}),
      encode(HistoryPage{1, "e", false, event().snapshot, {event(), event()}}),
      encode(Fetch{1, 2, 3}),
      encode(Fetched{1, "e", {event()}}),
      encode(OpenCursor{1, "name", true}),
      encode(Acknowledge{1, "name", "e", 2}),
      encode(DeleteCursor{1, "name"}),
      encode(CursorAt{1, "e", 2, 3}),
      encode(ListCursors{1}),
      encode(CursorList{1, "e", 2, {{"name", 3, 4}, {"x", 5, 6}}}),
      encode(List{1, 2, 3}),
      encode(Listed{1, 2, {submission().token, submission().token}}),
      encode(Erase{1, submission().token}),
      encode(Erased{1}),
      encode(GetStatistics{1}),
      encode(Statistics{1, 2, {{3, 4}}, {{5, 6}, {7, 8}}, {{9, 10}}, 11, 12, 13}),
      encode(ClaimCallbacks{1, 2}),
      encode(CallbacksClaimed{1, "e", {{2, 3, "https://example.org", event().snapshot}}}),
      encode(SettleCallback{1, 2, 3, CallbackFate::retry, 4, "refused"}),
      encode(CallbackSettled{1}),
      encode(Languages{1}),
      encode(LanguageList{1, hello.languages}),
      encode(Stats{1}),
      encode(stats),
      encode(Refused{1, {Errc::busy, "queue is full"}}),
      encode(EventNotice{"e", event()}),
      encode(Tick{"e", 1, 2, true}),
      encode(Broadcast{1, true, "data"}),
      encode(CallbacksDue{"e"}),
      encode(Forget{submission().token}),
      encode(Progress{1, {2, 3}, {4, 5, test_result()}}),
      encode(WantBlob{1, digest_of("x")}),
      encode(BlobData{digest_of("x"), "x"}),
      encode(TestDone{submission().token, {4, 5, test_result()}}),
      encode(StoreBlob{1, "x"}),
      encode(BlobStored{1, digest_of("x")}),
      encode(AddProblem{1, "manifest", false}),
      encode(ProblemAdded{1, "two-sum", digest_of("x"), {digest_of("y")}}),
      encode(RemoveProblem{1, "two-sum"}),
      encode(ProblemRemoved{1}),
      encode(ListProblems{1}),
      encode(ProblemList{1, {{"two-sum", "Two Sum", digest_of("x"), 2, true, 100, 3, 4, 5}}}),
      encode(GetProblem{1, "two-sum"}),
      encode(ProblemGot{1, digest_of("x"), 2, "manifest"}),
  };
}

// Reads the frame as every type there is, and says how many took it and whether the taker's encoding is the frame
// again.
template <class... Types>
int takers(const std::string& frame) {
  int count = 0;
  const auto read = [&]<class T>(std::optional<T> message) {
    if (!message) return;
    ++count;
    CHECK(encode(*message) == frame);
  };
  (read(decode<Types>(frame)), ...);
  return count;
}

int takers_of_any(const std::string& frame) {
  return takers<Hello, Welcome, Job, Credit, Beat, Compiled, Finished, Failed, Ack, Drop, Ping, Drain, Bye, Submit,
                Submitted, Cancel, Cancelled, Get, Got, History, HistoryPage, Fetch, Fetched, OpenCursor, Acknowledge,
                DeleteCursor, CursorAt, ListCursors, CursorList, Languages, LanguageList, Stats, StatsReport, Refused,
                EventNotice, Tick, Broadcast, SubmitBatch, List, Listed, Erase, Erased, GetStatistics, Statistics,
                ClaimCallbacks, CallbacksClaimed, SettleCallback, CallbackSettled, CallbacksDue, Forget, Progress,
                WantBlob, BlobData, TestDone, StoreBlob, BlobStored, AddProblem, ProblemAdded, RemoveProblem,
                ProblemRemoved, ListProblems, ProblemList, GetProblem, ProblemGot>(frame);
}

// How long the frame would be without what was added to its type later, or last; such a frame is still read. Empty:
// nothing was.
std::vector<std::size_t> sizes_in_older_versions(const std::string& frame) {
  switch (*message_type(frame)) {
    case MessageType::submit:
      return {frame.size() - sizeof(std::uint32_t) - decode<Submit>(frame)->idempotency_key.size()};
    case MessageType::submitted:
      return {frame.size() - sizeof(Uuid)};
    case MessageType::stats_report:
      return {frame.size() - 4 * sizeof(std::uint64_t), frame.size() - 2 * sizeof(std::uint64_t),
              frame.size() - sizeof(std::uint64_t)};
    default:
      return {};
  }
}

}  // namespace

TEST_CASE("messages: what was added to a frame later is left at its default where it is missing") {
  for (const std::string& frame : frames()) {
    const std::vector<std::size_t> sizes = sizes_in_older_versions(frame);
    for (const std::size_t size : sizes) {
      CAPTURE(static_cast<int>(frame[0]));
      const std::string older = frame.substr(0, size);
      const auto submit = decode<Submit>(older);
      const auto submitted = decode<Submitted>(older);
      const auto stats = decode<StatsReport>(older);
      CHECK((submit || submitted || stats));
      if (submit) CHECK(submit->idempotency_key.empty());
      if (submit) CHECK(submit->submission.created_at == submission().created_at);
      if (submitted) CHECK(submitted->token == Token());
      if (stats) CHECK(stats->queue_max == 0);
      if (stats) CHECK(stats->cpu_us == (size == sizes.back() ? 5 : 0));
      if (stats) CHECK(stats->refused_frames == (size == sizes.front() ? 0 : 3));
      if (stats) CHECK(stats->refused_connections == (size == sizes.front() ? 0 : 4));
    }
  }
}

TEST_CASE("messages: each frame is read back whole by its own type and by no other") {
  for (const std::string& frame : frames()) {
    CAPTURE(static_cast<int>(frame[0]));
    CHECK(takers_of_any(frame) == 1);
  }
}

TEST_CASE("messages: a frame cut anywhere is refused, never half read") {
  for (const std::string& frame : frames()) {
    CAPTURE(static_cast<int>(frame[0]));
    const std::vector<std::size_t> older = sizes_in_older_versions(frame);
    for (std::size_t size = 0; size < frame.size(); ++size) {
      if (std::find(older.begin(), older.end(), size) != older.end()) continue;
      CHECK(takers_of_any(frame.substr(0, size)) == 0);
    }
  }
}

TEST_CASE("messages: what goes up the uplink says whose it is before it is read") {
  const auto finished = uplink_subject(encode(Finished{7, {2, 3}, *event().snapshot.report}));
  REQUIRE(finished);
  CHECK(finished->session == 7);
  CHECK(finished->job == JobRef{2, 3});
  CHECK(finished->wants_ack);
  CHECK(uplink_subject(encode(Failed{7, {2, 3}, "why"}))->wants_ack);
  const auto compiled = uplink_subject(encode(Compiled{7, {2, 3}, 4}));
  REQUIRE(compiled);
  CHECK(compiled->job == JobRef{2, 3});
  CHECK_FALSE(compiled->wants_ack);
  for (const std::string& frame :
       {encode(Credit{7, 2}), encode(Beat{7, 2, {{3, 4}}}), encode(Drain{7}), encode(Bye{7})}) {
    const auto subject = uplink_subject(frame);
    REQUIRE(subject);
    CHECK(subject->session == 7);
    CHECK_FALSE(subject->job);
    CHECK_FALSE(uplink_subject(frame.substr(0, 9)));
  }
  CHECK_FALSE(uplink_subject(""));
  CHECK_FALSE(uplink_subject(encode(Ack{{1, 2}, AckCode::stale}).substr(0, 9)));
  CHECK_FALSE(uplink_subject(encode(Stats{7})));
}

TEST_CASE("messages: a frame of another version is refused") {
  for (std::string frame : frames()) {
    frame[1] = static_cast<char>(kWireVersion + 1);
    CHECK(takers_of_any(frame) == 0);
  }
}

TEST_CASE("messages: what a newer peer appends is left unread") {
  const std::string frame = encode(Credit{1, 2}) + "more";
  const auto credit = decode<Credit>(frame);
  REQUIRE(credit);
  CHECK(credit->max_seq == 2);
}

TEST_CASE("messages: a count that the frame cannot hold is refused before anything is allocated") {
  std::string frame = encode(Beat{1, 2, {{3, 4}}});
  for (std::size_t i = 18; i < 22; ++i) frame[i] = '\xff';
  CHECK_FALSE(decode<Beat>(frame));
}

TEST_CASE("messages: an event with nothing but its numbers is read back, also as the only one of a page") {
  const auto fetched = decode<Fetched>(encode(Fetched{1, "", {Event{}}}));
  REQUIRE(fetched);
  CHECK(fetched->events == std::vector<Event>{Event{}});
}

TEST_CASE("messages: states and kinds that do not exist are refused") {
  Event wrong = event();
  wrong.kind = static_cast<EventKind>(200);
  CHECK_FALSE(decode<EventNotice>(encode(EventNotice{"e", wrong})));
  wrong = event();
  wrong.snapshot.state = static_cast<State>(9);
  CHECK_FALSE(decode<EventNotice>(encode(EventNotice{"e", wrong})));
}

TEST_CASE("grading: what is stored of a function problem is read again, and what was stored before there were any") {
  Report report;
  report.tests.resize(3);
  report.tests[1].name = "secret/2";
  report.tests[1].verdict = Verdict::wrong_answer;
  report.tests[1].shown = ShownTest{"[1]\n", "2", "3", "hi"};
  report.tests_total = 7;
  report.runtime_percentile = 62.5;
  report.memory_percentile = 0;
  Report read;
  REQUIRE(decode_grading(encode_grading(report), read));
  CHECK(read == report);

  Report plain;
  plain.tests.resize(2);
  auto bytes = encode_grading(plain);
  constexpr std::size_t kFunctionPartBytes = 4 + 1 + 1 + 4;  // when there is nothing in it
  bytes.resize(bytes.size() - kFunctionPartBytes);
  Report before;
  REQUIRE(decode_grading(bytes, before));
  CHECK(before == plain);
  // Cut anywhere in it, it is damaged.
  CHECK_FALSE(decode_grading(encode_grading(plain).substr(0, bytes.size() + 3), before));
}
