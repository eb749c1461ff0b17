#include "api/log_tail.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace pushjudge;

namespace {

std::shared_ptr<const Event> event(GlobalSeq seq, std::size_t text_bytes = 0) {
  Event made;
  made.global_seq = seq;
  made.kind = EventKind::finished;
  made.snapshot.token = Token::make(1);
  made.snapshot.seq = 3;
  made.snapshot.report.emplace();
  made.snapshot.report->stdout_text.assign(text_bytes, 'x');
  return std::make_shared<const Event>(std::move(made));
}

GlobalSeq next(LogTail& tail, GlobalSeq after) {
  const auto told = tail.next(after);
  return told.event == nullptr ? 0 : told.event->global_seq;
}

}  // namespace

TEST_CASE("log tail: what follows is here from the first on, and before that it is not") {
  LogTail tail;
  CHECK(tail.top() == 0);
  CHECK(next(tail, 0) == 0);
  for (GlobalSeq seq = 5; seq <= 8; ++seq) tail.add(event(seq), "e");
  CHECK(tail.top() == 8);
  CHECK(next(tail, 3) == 0);  // 4 may be there, and was not heard
  CHECK(next(tail, 4) == 5);
  CHECK(next(tail, 7) == 8);
  CHECK(next(tail, 8) == 0);
  CHECK(next(tail, 100) == 0);
}

TEST_CASE("log tail: a hole that the log itself has is passed over") {
  LogTail tail;
  tail.add(event(5), "e");
  tail.add(event(9), "e");
  CHECK(next(tail, 5) == 9);
  CHECK(next(tail, 7) == 9);
}

TEST_CASE("log tail: the oldest go first, by number and by size, and the youngest stays") {
  LogTail by_number({3, 1 << 20});
  for (GlobalSeq seq = 1; seq <= 5; ++seq) by_number.add(event(seq), "e");
  CHECK(next(by_number, 1) == 0);
  CHECK(next(by_number, 2) == 3);
  LogTail by_size({100, 50'000});
  for (GlobalSeq seq = 1; seq <= 5; ++seq) by_size.add(event(seq, 10'000), "e");
  CHECK(next(by_size, 2) == 0);
  CHECK(next(by_size, 3) == 4);
  by_size.add(event(6, 100'000), "e");
  CHECK(next(by_size, 4) == 0);
  CHECK(next(by_size, 5) == 6);
}

TEST_CASE("log tail: another epoch makes what was there void") {
  LogTail tail;
  tail.add(event(5), "e");
  tail.add(event(2), "f");
  CHECK(next(tail, 4) == 0);
  CHECK(next(tail, 1) == 2);
  tail.clear();
  CHECK(tail.top() == 0);
}

TEST_CASE("log tail: a message is made once, and is the event's in the channel of all") {
  LogTail tail;
  tail.add(event(5), "e");
  const auto told = tail.next(4);
  CHECK(tail.next(4).message == told.message);
  const auto message = nlohmann::json::parse(told.message->payload());
  CHECK(message["type"] == "event");
  CHECK(message["channel"] == "events");
  CHECK(message["seq"] == 5);
  CHECK(message["event"] == "finished");
  CHECK(message["submission"]["channel"] == channel_of(told.event->snapshot.token));
  CHECK(message["submission"]["seq"] == 3);
  CHECK(message["submission"]["epoch"] == "e");
}
