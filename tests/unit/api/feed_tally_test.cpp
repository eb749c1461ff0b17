#include "api/feed_tally.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace pushjudge;
using nlohmann::json;

namespace {

Event finished(Verdict verdict, GlobalSeq seq = 1) {
  Event event;
  event.global_seq = seq;
  event.kind = EventKind::finished;
  event.note = "secret note";
  event.snapshot.token = Token::make(1);
  event.snapshot.language_id = 46;
  event.snapshot.worker = "secret worker";
  event.snapshot.state = State::finished;
  event.snapshot.finished_at = 1'712'576'572'000;
  event.snapshot.report.emplace();
  event.snapshot.report->verdict = verdict;
  event.snapshot.report->cpu_us = 4'000;
  event.snapshot.report->memory_kib = 1'316;
  event.snapshot.report->stdout_text = "secret output";
  event.snapshot.report->stderr_text = "secret errors";
  event.snapshot.report->compile_output = "secret source";
  event.snapshot.report->message = "secret message";
  return event;
}

const std::vector<Language> kLanguages = {{46, "bash", "Bash", "", "", ""}};
const FeedTally::Now kNow = {1'712'576'573'000, 3, 2, &kLanguages};

}  // namespace

TEST_CASE("feed tally: a message counts what ended since the one before, and the totals are their sum") {
  FeedTally tally(0);
  CHECK_FALSE(tally.changed());
  tally.add(finished(Verdict::accepted));
  tally.add(finished(Verdict::accepted));
  tally.add(finished(Verdict::wrong_answer));
  CHECK(tally.changed());
  const json before = json::parse(tally.snapshot(kNow));
  CHECK(before["type"] == "subscribed");
  CHECK(before["totals"]["finished"] == json::object());
  const json first = json::parse(tally.take(kNow));
  CHECK_FALSE(tally.changed());
  CHECK(first["type"] == "feed");
  CHECK(first["channel"] == "feed");
  CHECK(first["queued"] == 3);
  CHECK(first["running"] == 2);
  CHECK(first["finished"] == json{{"accepted", 2}, {"wrong_answer", 1}});
  CHECK(first["totals"]["finished"] == first["finished"]);
  tally.add(finished(Verdict::accepted));
  const json second = json::parse(tally.take(kNow));
  CHECK(second["finished"] == json{{"accepted", 1}});
  CHECK(second["totals"]["finished"] == json{{"accepted", 3}, {"wrong_answer", 1}});
  const json after = json::parse(tally.snapshot(kNow));
  CHECK(after["finished"] == json::object());
  CHECK(after["totals"] == second["totals"]);
}

TEST_CASE("feed tally: what moves but does not end is a change without a verdict") {
  FeedTally tally(0);
  Event event = finished(Verdict::accepted);
  event.kind = EventKind::started;
  tally.add(event);
  CHECK(tally.changed());
  const json message = json::parse(tally.take(kNow));
  CHECK(message["finished"] == json::object());
  CHECK(message["latest"] == json::array());
}

TEST_CASE("feed tally: the last few are shown, the youngest first, with verdict and cost and nothing else") {
  FeedTally tally(0);
  for (int i = 0; i < 25; ++i) tally.add(finished(i < 20 ? Verdict::accepted : Verdict::time_limit_exceeded));
  const std::string text = tally.take(kNow);
  CHECK(text.find("secret") == std::string::npos);
  CHECK(text.find(finished(Verdict::accepted).snapshot.token.text().substr(9)) == std::string::npos);
  const json message = json::parse(text);
  CHECK(message["latest"].size() == 10);
  CHECK(message["latest"][0] == json{{"language", "Bash"},
                                     {"verdict", "time_limit_exceeded"},
                                     {"time", "0.004"},
                                     {"memory", 1'316},
                                     {"finished_at", "2024-04-08T11:42:52.000Z"}});
  CHECK(message["latest"][9]["verdict"] == "accepted");
  tally.add(finished(Verdict::accepted));
  CHECK(json::parse(tally.take(kNow))["latest"].size() == 1);
  CHECK(json::parse(tally.snapshot(kNow))["latest"].size() == 10);
}
