#include "api/admission.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pushjudge;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("admission: without tokens everybody is let in, and is known by the address") {
  const Admission admission({});
  CHECK(admission.let_in("10.0.0.7", nullptr)->name == "address 10.0.0.7");
  CHECK(admission.let_in("::ffff:10.0.0.7", nullptr)->name == "address 10.0.0.7");
  // One host has a whole network of version 6 to itself.
  CHECK(admission.let_in("2001:db8::1", nullptr)->name == "address 2001:db8::/64");
  CHECK(admission.let_in("2001:db8::ffff:2", nullptr)->name == "address 2001:db8::/64");
  const std::string sent = "anything";
  CHECK(admission.let_in("10.0.0.7", &sent)->name == "address 10.0.0.7");
}

TEST_CASE("admission: with tokens only who shows one of them is let in") {
  const Admission admission({{"first", "second"}});
  for (const std::string wrong : {"", "f", "firs", "first ", "firsT", "third", "firstsecond"}) {
    CAPTURE(wrong);
    CHECK_FALSE(admission.let_in("10.0.0.7", &wrong));
  }
  CHECK_FALSE(admission.let_in("10.0.0.7", nullptr));
  const std::string second = "second";
  CHECK(admission.let_in("10.0.0.7", &second)->name == "token 2");
  CHECK(admission.let_in("10.0.0.8", &second)->name == "token 2");
}

TEST_CASE("admission: an events token lets its bearer in, and listen; where there is none nobody may") {
  const std::string plain = "first";
  const std::string events = "loud";
  Admission::Options options;
  options.events_tokens = {events};
  const Admission open(options);
  CHECK(open.let_in("10.0.0.7", &plain)->name == "address 10.0.0.7");
  CHECK(open.refuse_listening(*open.let_in("10.0.0.7", nullptr)) == "listening to all events wants an events token");
  CHECK(open.let_in("10.0.0.7", &events)->name == "token events-1");
  CHECK_FALSE(open.refuse_listening(*open.let_in("10.0.0.7", &events)));

  options.tokens = {plain};
  const Admission closed(options);
  CHECK_FALSE(closed.let_in("10.0.0.7", nullptr));
  CHECK(closed.let_in("10.0.0.7", &plain)->name == "token 1");
  CHECK(closed.refuse_listening(*closed.let_in("10.0.0.7", &plain)));
  CHECK_FALSE(closed.refuse_listening(*closed.let_in("10.0.0.7", &events)));

  const Admission none({{plain}});
  CHECK(none.refuse_listening(*none.let_in("10.0.0.7", &plain)).value_or("").starts_with("nobody may listen"));
}

TEST_CASE("admission: a burst is taken, then the rate holds, and each caller has a bound of its own") {
  Admission admission({{}, 60, 3});
  const Caller one{"address 10.0.0.1"};
  const Caller other{"address 10.0.0.2"};
  const TimePoint start{};
  for (int i = 0; i < 3; ++i) CHECK_FALSE(admission.too_soon(one, start));
  const auto wait = admission.too_soon(one, start);
  REQUIRE(wait);
  CHECK(*wait == seconds(1));
  CHECK_FALSE(admission.too_soon(other, start));
  // What is refused is not counted: after the wait there is room for one.
  CHECK_FALSE(admission.too_soon(one, start + *wait));
  CHECK(admission.too_soon(one, start + *wait) == seconds(1));
  CHECK(admission.too_soon(one, start + *wait + milliseconds(400)) == milliseconds(600));
  for (int i = 0; i < 3; ++i) CHECK_FALSE(admission.too_soon(one, start + seconds(60)));
  CHECK(admission.too_soon(one, start + seconds(60)));
}

TEST_CASE("admission: a rate of nothing is no bound") {
  Admission admission({});
  for (int i = 0; i < 10'000; ++i) CHECK_FALSE(admission.too_soon({"address 10.0.0.1"}, TimePoint{}));
}

TEST_CASE("admission: each user that a caller names has a lane, and callers with tokens share none") {
  CHECK(Admission::lane_of({"address 10.0.0.1"}, std::nullopt) == "address 10.0.0.1");
  CHECK(Admission::lane_of({"address 10.0.0.1"}, "ada") == "user ada");
  CHECK(Admission::lane_of({"address 10.0.0.2"}, "ada") == "user ada");
  CHECK(Admission::lane_of({"token 1"}, "ada") == "token 1 user ada");
  CHECK(Admission::lane_of({"token 2"}, "ada") != Admission::lane_of({"token 1"}, "ada"));
  CHECK(Admission::lane_of({"token 1"}, std::nullopt) == "token 1");
}

TEST_CASE("admission: only who shows an administrator's token may administer; where there is none nobody may") {
  const std::string right = "right";
  const std::string wrong = "wrong";
  Admission::Options options;
  CHECK_FALSE(Admission(options).may_administer(&right));
  CHECK_FALSE(Admission(options).may_administer(nullptr));
  options.admin_tokens = {"other", right};
  const Admission admission(options);
  CHECK(admission.may_administer(&right));
  CHECK_FALSE(admission.may_administer(&wrong));
  CHECK_FALSE(admission.may_administer(nullptr));
}

TEST_CASE("admission: addresses are let in by two lists, and what stands in both counts in neither") {
  const auto range = [](const char* text) { return *AddressRange::parse(text); };
  const auto allowed = [](const std::vector<AddressRange>& yes, const std::vector<AddressRange>& no,
                          const std::string& address) {
    Admission::Options options;
    options.addresses_allowed = yes;
    options.addresses_disallowed = no;
    return Admission(options).address_allowed(address);
  };
  CHECK(allowed({}, {}, "10.0.0.1"));
  CHECK(allowed({range("10.0.0.1")}, {}, "10.0.0.1"));
  CHECK(allowed({range("10.0.0.1")}, {}, "::ffff:10.0.0.1"));
  CHECK_FALSE(allowed({range("10.0.0.1")}, {}, "10.0.0.2"));
  CHECK_FALSE(allowed({}, {range("10.0.0.0/8")}, "10.0.0.2"));
  CHECK(allowed({}, {range("10.0.0.0/8")}, "11.0.0.2"));
  CHECK_FALSE(allowed({range("10.0.0.0/8")}, {range("10.0.0.7")}, "10.0.0.7"));
  CHECK(allowed({range("10.0.0.7")}, {range("10.0.0.7")}, "10.0.0.7"));
  CHECK(allowed({range("10.0.0.7")}, {range("10.0.0.7")}, "10.0.0.8"));
}
