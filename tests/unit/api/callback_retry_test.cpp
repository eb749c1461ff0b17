#include "api/callback_retry.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using Kind = CallbackAnswer::Kind;
using Next = CallbackNext::Kind;

constexpr double kMiddle = 0.5;  // of the dice: the delay as it is

CallbackAnswer answered(int status, std::optional<seconds> retry_after = std::nullopt) {
  return {Kind::answered, status, retry_after, ""};
}

CallbackAnswer other(Kind kind) {
  return {kind, 0, std::nullopt, "why"};
}

milliseconds delay(std::uint32_t tries, double dice = kMiddle, CallbackRetry retry = {.tries_max = 100}) {
  const CallbackNext next = next_after(answered(500), tries, retry, dice);
  REQUIRE(next.kind == Next::retry);
  return next.after;
}

}  // namespace

TEST_CASE("callback retry: a status of success is delivered, and nothing else is") {
  for (const int status : {200, 201, 202, 204, 299}) {
    CHECK(next_after(answered(status), 1, {}, kMiddle).kind == Next::delivered);
    CHECK(next_after(answered(status), 8, {}, kMiddle).kind == Next::delivered);
  }
  for (const int status : {300, 301, 302, 304, 400, 401, 404, 429, 500, 503, 999}) {
    CHECK(next_after(answered(status), 1, {}, kMiddle).kind == Next::retry);
  }
  CHECK(next_after(other(Kind::failed), 1, {}, kMiddle).kind == Next::retry);
}

TEST_CASE("callback retry: what cannot get better is given up at once") {
  CHECK(next_after(answered(410), 1, {}, kMiddle).kind == Next::given_up);
  CHECK(next_after(other(Kind::blocked), 1, {}, kMiddle).kind == Next::given_up);
}

TEST_CASE("callback retry: the last try is given up when it fails") {
  const CallbackRetry retry{.tries_max = 3};
  CHECK(next_after(answered(500), 2, retry, kMiddle).kind == Next::retry);
  CHECK(next_after(answered(500), 3, retry, kMiddle).kind == Next::given_up);
  CHECK(next_after(other(Kind::failed), 4, retry, kMiddle).kind == Next::given_up);
  CHECK(next_after(answered(500), 1, {.tries_max = 1}, kMiddle).kind == Next::given_up);
}

TEST_CASE("callback retry: what the gateway broke off itself is tried again at once, however often it was tried") {
  const CallbackNext next = next_after(other(Kind::aborted), 8, {}, kMiddle);
  CHECK(next.kind == Next::retry);
  CHECK(next.after == milliseconds(0));
}

TEST_CASE("callback retry: each delay is four times the one before, up to an hour") {
  CHECK(delay(1) == milliseconds(1'000));
  CHECK(delay(2) == milliseconds(4'000));
  CHECK(delay(3) == milliseconds(16'000));
  CHECK(delay(6) == milliseconds(1'024'000));
  CHECK(delay(7) == kCallbackDelayMax);
  CHECK(delay(99) == kCallbackDelayMax);
  CHECK(delay(1, kMiddle, {.tries_max = 2, .backoff = milliseconds(50)}) == milliseconds(50));
  CHECK(delay(1, kMiddle, {.tries_max = 2, .backoff = std::chrono::hours(100)}) == kCallbackDelayMax);
}

TEST_CASE("callback retry: the dice spreads a delay by a fifth, and never over an hour") {
  CHECK(delay(1, 0.0) == milliseconds(800));
  CHECK(delay(1, 0.999) > milliseconds(1'190));
  CHECK(delay(1, 0.999) <= milliseconds(1'200));
  CHECK(delay(99, 0.999) == kCallbackDelayMax);
}

TEST_CASE("callback retry: Retry-After is waited for, within bounds") {
  const auto after = [](seconds asked) { return next_after(answered(503, asked), 1, {}, kMiddle).after; };
  CHECK(after(seconds(120)) == seconds(120));
  CHECK(after(seconds(0)) == milliseconds(1'000));
  CHECK(after(seconds(-5)) == milliseconds(1'000));
  CHECK(after(seconds(3'601)) == kCallbackDelayMax);
  CHECK(after(seconds::max()) == kCallbackDelayMax);
}

TEST_CASE("callback retry: what happened is told in words") {
  CHECK(answered(503).text() == "HTTP 503");
  CHECK(other(Kind::failed).text() == "why");
}
