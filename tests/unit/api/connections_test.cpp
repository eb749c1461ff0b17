#include "api/connections.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

namespace {

struct Fake final : Connection {
  void drain() override { ++drained; }
  void cut() override { ++cuts; }
  int drained = 0;
  int cuts = 0;
};

}  // namespace

TEST_CASE("connections: they are bounded, and told to end") {
  Connections connections(2);
  Fake first;
  Fake second;
  connections.add(first);
  CHECK_FALSE(connections.full());
  connections.add(second);
  CHECK(connections.full());
  connections.remove(second);
  connections.remove(second);
  CHECK(connections.size() == 1);
  connections.drain();
  connections.cut();
  CHECK(connections.draining());
  CHECK(first.drained == 1);
  CHECK(first.cuts == 1);
  CHECK(second.drained == 0);
}

TEST_CASE("budget: what is taken is missing until it is given back") {
  Budget budget(100);
  {
    Budget::Share first;
    Budget::Share second;
    CHECK(first.take(budget, 60));
    CHECK_FALSE(second.take(budget, 41));
    CHECK(second.take(budget, 40));
    CHECK(budget.left() == 0);
    CHECK(second.take(budget, 10));  // gives back what it held first
    CHECK(budget.left() == 30);
  }
  CHECK(budget.left() == 100);
}

TEST_CASE("budget: a share that is handed on is given back once, by its last holder") {
  Budget budget(100);
  {
    Budget::Share first;
    REQUIRE(first.take(budget, 60));
    Budget::Share second = std::move(first);
    first.give_back();
    CHECK(budget.left() == 40);
    Budget::Share third;
    REQUIRE(third.take(budget, 30));
    third = std::move(second);
    CHECK(budget.left() == 40);
  }
  CHECK(budget.left() == 100);
}
