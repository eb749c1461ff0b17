#include "queue/complaints.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pushjudge;
using std::chrono::milliseconds;

TEST_CASE("complaints: each kind is said at once, and then once a second with what went unsaid") {
  Complaints complaints;
  TimePoint now{};
  CHECK(complaints.may_say("a", now) == 0);
  for (int i = 0; i < 7; ++i) CHECK_FALSE(complaints.may_say("a", now + milliseconds(i)));
  CHECK(complaints.may_say("b", now) == 0);
  now += milliseconds(1'000);
  CHECK(complaints.may_say("a", now) == 7);
  CHECK_FALSE(complaints.may_say("a", now));
}

TEST_CASE("complaints: as many kinds as a stranger can think of are a few lines a second") {
  Complaints complaints;
  TimePoint now{};
  for (int second = 0; second < 3; ++second) {
    int said = 0;
    for (int i = 0; i < 10'000; ++i) {
      if (complaints.may_say(std::to_string(second) + "/" + std::to_string(i), now)) ++said;
    }
    CHECK(said > 0);
    CHECK(said <= 257);
    now += milliseconds(1'000);
  }
}
