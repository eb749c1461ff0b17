#include "api/flow.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

TEST_CASE("flow: as many events are sent as may be unacknowledged, and each acknowledgement makes room") {
  Flow flow({3, 1'000});
  flow.start(10);
  CHECK(flow.sent() == 10);
  for (GlobalSeq seq = 11; seq <= 13; ++seq) {
    CHECK(flow.fits(1));
    flow.send(seq, 1);
  }
  CHECK_FALSE(flow.fits(1));
  CHECK(flow.room() == 0);
  CHECK_FALSE(flow.room_for_page());
  flow.acknowledge(10);  // of before
  CHECK_FALSE(flow.fits(1));
  flow.acknowledge(12);
  CHECK(flow.room() == 2);
  CHECK(flow.fits(1));
  flow.acknowledge(11);  // late
  CHECK(flow.room() == 2);
  flow.acknowledge(99);  // from elsewhere, of events that were not sent here
  CHECK(flow.room() == 3);
  CHECK(flow.sent() == 13);
}

TEST_CASE("flow: bytes are bounded likewise, and what is larger than the bound goes alone") {
  Flow flow({100, 10});
  flow.start(0);
  CHECK(flow.fits(50));
  flow.send(1, 6);
  CHECK(flow.fits(4));
  CHECK_FALSE(flow.fits(5));
  flow.acknowledge(1);
  CHECK(flow.fits(50));
  flow.send(2, 50);
  CHECK_FALSE(flow.fits(1));
  CHECK_FALSE(flow.room_for_page());
  flow.acknowledge(2);
  CHECK(flow.room_for_page());
}

TEST_CASE("flow: the log is read when a quarter of the window is free, or all of a small one") {
  Flow flow({8, 1'000});
  flow.start(0);
  CHECK(flow.room_for_page());
  for (GlobalSeq seq = 1; seq <= 7; ++seq) flow.send(seq, 1);
  CHECK_FALSE(flow.room_for_page());
  flow.acknowledge(1);
  CHECK(flow.room_for_page());
  Flow smallest({1, 1'000});
  smallest.start(0);
  CHECK(smallest.room_for_page());
  smallest.send(1, 1);
  CHECK_FALSE(smallest.room_for_page());
  smallest.acknowledge(1);
  CHECK(smallest.room_for_page());
}

TEST_CASE("flow: a new start forgets what was sent") {
  Flow flow({2, 10});
  flow.start(0);
  flow.send(1, 5);
  flow.send(2, 5);
  flow.start(1);
  CHECK(flow.sent() == 1);
  CHECK(flow.room() == 2);
  CHECK(flow.fits(10));
}
