#include "queue/ready_queue.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace pushjudge;

namespace {
constexpr std::int32_t kCpp = 54;
constexpr std::int32_t kPython = 71;
}  // namespace

TEST_CASE("ready queue: the oldest job in any of the languages comes first") {
  ReadyQueue queue;
  queue.add(3, kCpp);
  queue.add(1, kPython);
  queue.add(2, kCpp);
  const std::vector<std::int32_t> both = {kCpp, kPython};
  CHECK(queue.take(both) == JobId{1});
  CHECK(queue.take(both) == JobId{2});
  CHECK(queue.take(both) == JobId{3});
  CHECK_FALSE(queue.take(both).has_value());
}

TEST_CASE("ready queue: a job in a language that is not offered stays") {
  ReadyQueue queue;
  queue.add(1, kPython);
  const std::vector<std::int32_t> cpp = {kCpp};
  CHECK_FALSE(queue.take(cpp).has_value());
  CHECK(queue.size() == 1);
}

TEST_CASE("ready queue: a job that comes back takes its old place") {
  ReadyQueue queue;
  queue.add(1, kCpp);
  queue.add(2, kCpp);
  const std::vector<std::int32_t> cpp = {kCpp};
  CHECK(queue.take(cpp) == JobId{1});
  queue.add(1, kCpp);
  CHECK(queue.take(cpp) == JobId{1});
}

TEST_CASE("ready queue: adding twice and removing what is not there change nothing") {
  ReadyQueue queue;
  queue.add(1, kCpp);
  queue.add(1, kCpp);
  CHECK(queue.size() == 1);
  queue.remove(2, kCpp);
  queue.remove(1, kPython);
  CHECK(queue.size() == 1);
  queue.remove(1, kCpp);
  CHECK(queue.size() == 0);
}
