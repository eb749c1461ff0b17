// Frames of the core, its workers and its gateways.

#include "proto/messages.hpp"
#include "tests/fuzz/target.hpp"

namespace pushjudge::fuzz {
namespace {

// What can be read says the same when it is written and read again.
template <class T>
void read_as(std::string_view frame) {
  const auto message = decode<T>(frame);
  if (!message) return;
  PJ_ASSERT(message_type(frame));
  const std::string written = encode(*message);
  PJ_ASSERT(message_type(written) == message_type(frame));
  const auto again = decode<T>(written);
  PJ_ASSERT(again);
  PJ_ASSERT(encode(*again) == written);
}

template <class... T>
struct Types {
  static void read(std::string_view frame) { (read_as<T>(frame), ...); }
  static void add_empty(std::vector<std::string>& seeds) { (seeds.push_back(encode(T{})), ...); }
};

using All = Types<Hello, Welcome, Job, Credit, Beat, Compiled, Finished, Failed, Ack, Drop, Ping, Drain, Bye, Submit,
                  SubmitBatch, Submitted, Cancel, Cancelled, Get, Got, History, HistoryPage, Fetch, Fetched, OpenCursor,
                  Acknowledge, DeleteCursor, CursorAt, ListCursors, CursorList, List, Listed, Erase, Erased,
                  GetStatistics, Statistics, ClaimCallbacks, CallbacksClaimed, SettleCallback, CallbackSettled,
                  Languages, LanguageList, Stats, StatsReport, Refused, EventNotice, Tick, Broadcast, CallbacksDue,
                  Forget, Progress, WantBlob, BlobData, TestDone, StoreBlob, BlobStored, AddProblem, ProblemAdded,
                  RemoveProblem, ProblemRemoved, ListProblems, ProblemList, GetProblem, ProblemGot>;

Submission submission() {
  Submission made;
  made.token = *Token::parse("018bcfe5-6800-4000-8000-0123456789ab");  // not a random one: runs are to be repeated
  made.language_id = 54;
  made.source_code = "int main() {}";
  made.stdin_text = "in";
  made.expected_output = "out";
  made.compiler_options = "-O2";
  made.command_line_arguments = "x y";
  made.additional_files = "PK";
  made.problem = "two-sum";
  made.problem_version = Digest{};
  made.callback_url = "https://example.org/done";
  made.user = "Ada";
  made.lane = "user Ada";
  return made;
}

Snapshot snapshot() {
  Snapshot made;
  made.token = submission().token;
  made.state = State::finished;
  made.seq = 4;
  made.worker = "w";
  made.started_at = 1;
  made.finished_at = 2;
  Report report;
  report.verdict = Verdict::runtime_error;
  report.exit_signal = 11;
  report.cpu_us = 1;
  report.stdout_text = "out";
  report.message = "Caught fatal signal 11";
  report.score = 1;
  report.score_max = 2;
  report.tests = {{"secret/1", true, Verdict::accepted, 1, 2, 3, 0.5, "team", "judge"}};
  report.groups = {{"secret", Verdict::wrong_answer, 1, false}};
  made.report = report;
  return made;
}

Event event() {
  Event made;
  made.global_seq = 9;
  made.job = 3;
  made.kind = EventKind::finished;
  made.note = "note";
  made.snapshot = snapshot();
  return made;
}

}  // namespace

void read_wire(std::string_view input) {
  (void)message_type(input);
  (void)uplink_subject(input);
  All::read(input);
}

std::vector<std::string> wire_seeds() {
  std::vector<std::string> seeds;
  All::add_empty(seeds);
  const Language language{54, "cpp", "C++ (GCC 12.2.0)", "main.cpp", "g++", "./a.out"};
  const JobRef ref{3, 1ULL << 32 | 1};
  Hello hello;
  hello.name = "host/1";
  hello.languages = {language};
  hello.running = {ref};
  const Report report = *snapshot().report;
  for (std::string frame : {
           encode(hello),
           encode(Job{1, ref, 1, submission()}),
           encode(Beat{7, 2, {ref, ref}}),
           encode(Finished{7, ref, report}),
           encode(Failed{7, ref, "no box"}),
           encode(Submit{1, submission(), "key"}),
           encode(SubmitBatch{1, {{submission(), "a"}, {submission(), ""}}}),
           encode(Got{1, "epoch", submission(), snapshot()}),
           encode(HistoryPage{1, "epoch", true, snapshot(), {event(), event()}}),
           encode(Fetched{1, "epoch", {event()}}),
           encode(CursorList{1, "epoch", 9, {{"board", 4, 1}}}),
           encode(Listed{1, 2, {submission().token}}),
           encode(Statistics{1, 2, {{3, 4}}, {{54, 1}}, {{3, 1}}, 4096, 1, 0}),
           encode(CallbacksClaimed{1, "epoch", {{3, 1, "https://example.org", snapshot()}}}),
           encode(SettleCallback{1, 3, 1, CallbackFate::retry, 1000, "500"}),
           encode(LanguageList{1, {language}}),
           encode(StatsReport{1, "epoch", 9, 1, 1, 0, {{"w", 2, 1, false}}, 0, 0, 5, 100}),
           encode(Refused{1, {Errc::busy, "queue is full"}}),
           encode(EventNotice{"epoch", event()}),
           encode(Broadcast{1, true, "data"}),
           encode(Progress{7, ref, {1, 2, report.tests[0]}}),
           encode(TestDone{submission().token, {1, 2, report.tests[0]}}),
           encode(BlobData{Digest{}, "bytes"}),
           encode(StoreBlob{1, "bytes"}),
           encode(ProblemAdded{1, "two-sum", Digest{}, {Digest{}}}),
           encode(ProblemList{1, {{"two-sum", "Two Sum", Digest{}, 1, true, 100, 1'000, 65'536, 3}}}),
           encode(ProblemGot{1, Digest{}, 1, "manifest"}),
       }) {
    seeds.push_back(std::move(frame));
  }
  return seeds;
}

}  // namespace pushjudge::fuzz
