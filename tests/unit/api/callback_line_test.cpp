#include "api/callback_line.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace pushjudge;

namespace {

using Numbers = std::vector<std::uint64_t>;

Numbers all_next(CallbackLine& line) {
  Numbers numbers;
  while (const auto number = line.next()) numbers.push_back(*number);
  return numbers;
}

}  // namespace

TEST_CASE("callback line: as many are sent at a time as may, and the others in the order in which they came") {
  CallbackLine line({.running = 2});
  CHECK(!line.next());
  for (std::uint64_t number = 1; number <= 4; ++number) CHECK(line.add(number, "host " + std::to_string(number)));
  CHECK(all_next(line) == Numbers{1, 2});
  line.ended("host 2");
  CHECK(all_next(line) == Numbers{3});
  line.ended("host 1");
  line.ended("host 3");
  CHECK(all_next(line) == Numbers{4});
  line.ended("host 4");
  CHECK(!line.next());
}

TEST_CASE("callback line: a host that is slow does not hold up who stands behind it") {
  CallbackLine line({.running = 10, .running_of_host = 2, .waiting_of_host = 10});
  for (std::uint64_t number = 1; number <= 4; ++number) CHECK(line.add(number, "slow"));
  CHECK(line.add(5, "quick"));
  CHECK(all_next(line) == Numbers{1, 2, 5});
  line.ended("quick");
  CHECK(!line.next());
  line.ended("slow");
  CHECK(all_next(line) == Numbers{3});
}

TEST_CASE("callback line: only so many wait for one host, and for another one there is room") {
  CallbackLine line({.running = 10, .running_of_host = 1, .waiting_of_host = 2});
  CHECK(line.add(1, "slow"));
  CHECK(line.add(2, "slow"));
  CHECK(!line.add(3, "slow"));
  CHECK(line.add(4, "quick"));
  CHECK(all_next(line) == Numbers{1, 4});
  CHECK(line.add(5, "slow"));
  CHECK(!line.add(6, "slow"));
}

TEST_CASE("callback line: what waits can be taken out, and what runs goes on") {
  CallbackLine line({.running = 1});
  for (std::uint64_t number = 1; number <= 3; ++number) CHECK(line.add(number, "host"));
  CHECK(all_next(line) == Numbers{1});
  CHECK(line.clear_waiting() == Numbers{2, 3});
  line.ended("host");
  CHECK(!line.next());
  CHECK(line.add(4, "host"));
  CHECK(all_next(line) == Numbers{4});
}
