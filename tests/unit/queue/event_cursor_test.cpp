#include "queue/event_cursor.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace pushjudge;

namespace {

EventCursor::EventPtr event(GlobalSeq seq) {
  auto made = std::make_shared<Event>();
  made->global_seq = seq;
  return made;
}

std::vector<GlobalSeq> seqs(const std::vector<EventCursor::EventPtr>& events) {
  std::vector<GlobalSeq> result;
  for (const auto& one : events) result.push_back(one->global_seq);
  return result;
}

using Seqs = std::vector<GlobalSeq>;

}  // namespace

TEST_CASE("event cursor: before it starts nothing passes, and afterwards only what is new") {
  EventCursor cursor;
  CHECK(seqs(cursor.offer(event(5))).empty());
  cursor.start(5);
  CHECK(seqs(cursor.offer(event(5))).empty());
  CHECK(seqs(cursor.offer(event(6))) == Seqs{6});
  CHECK(seqs(cursor.offer(event(6))).empty());
}

TEST_CASE("event cursor: an event after a hole waits until the hole is fetched, and then comes once") {
  EventCursor cursor;
  cursor.start(10);
  CHECK(seqs(cursor.offer(event(13))).empty());
  CHECK(cursor.behind());
  CHECK(seqs(cursor.offer_fetched({event(11), event(12), event(13)})) == Seqs{11, 12, 13});
  CHECK_FALSE(cursor.behind());
  CHECK(seqs(cursor.offer(event(13))).empty());
}

TEST_CASE("event cursor: events that arrive in the wrong order leave in the right one") {
  EventCursor cursor;
  cursor.start(0);
  CHECK(cursor.offer(event(3)).empty());
  CHECK(cursor.offer(event(2)).empty());
  CHECK(seqs(cursor.offer(event(1))) == Seqs{1, 2, 3});
}

TEST_CASE("event cursor: a tick above the last event shows that the last one was lost") {
  EventCursor cursor;
  cursor.start(7);
  cursor.note_top(7);
  CHECK_FALSE(cursor.behind());
  cursor.note_top(8);
  CHECK(cursor.behind());
  CHECK(seqs(cursor.offer_fetched({event(8)})) == Seqs{8});
  CHECK_FALSE(cursor.behind());
}

TEST_CASE("event cursor: what was pruned before the first fetched event is passed over") {
  EventCursor cursor;
  cursor.start(1);
  cursor.note_top(9);
  CHECK(seqs(cursor.offer_fetched({event(8), event(9)})) == Seqs{8, 9});
  CHECK(cursor.last() == 9);
}

TEST_CASE("event cursor: a new start forgets what waited") {
  EventCursor cursor;
  cursor.start(10);
  CHECK(cursor.offer(event(12)).empty());
  cursor.start(0);
  CHECK_FALSE(cursor.behind());
  CHECK(seqs(cursor.offer(event(1))) == Seqs{1});
}
