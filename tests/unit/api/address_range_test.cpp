#include "api/address_range.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

TEST_CASE("address range: an address is in the range whose first bits it has") {
  struct Row {
    const char* range;
    const char* address;
    bool inside;
  };
  for (const Row& row : {Row{"10.0.0.7", "10.0.0.7", true}, Row{"10.0.0.7", "10.0.0.8", false},
                         Row{"10.0.0.7", "::ffff:10.0.0.7", true}, Row{"::ffff:10.0.0.7", "10.0.0.7", true},
                         Row{"10.1.2.3/8", "10.255.0.1", true}, Row{"10.0.0.0/8", "11.0.0.0", false},
                         Row{"192.168.4.0/22", "192.168.7.255", true}, Row{"192.168.4.0/22", "192.168.8.0", false},
                         Row{"0.0.0.0/0", "203.0.113.9", true}, Row{"0.0.0.0/0", "2001:db8::1", false},
                         Row{"::/0", "2001:db8::1", true}, Row{"2001:db8::/33", "2001:db8:7fff::1", true},
                         Row{"2001:db8::/33", "2001:db8:8000::1", false}, Row{"10.0.0.0/8", "nonsense", false}}) {
    CAPTURE(row.range);
    CAPTURE(row.address);
    const auto range = AddressRange::parse(row.range);
    REQUIRE(range);
    CHECK(range->contains(row.address) == row.inside);
    const auto address = AddressRange::parse(row.address);
    if (address) CHECK(range->contains(*address) == row.inside);
  }
}

TEST_CASE("address range: a range is in another when all of it is") {
  const AddressRange wide = *AddressRange::parse("10.0.0.0/8");
  const AddressRange narrow = *AddressRange::parse("10.1.0.0/16");
  CHECK(wide.contains(narrow));
  CHECK(wide.contains(wide));
  CHECK_FALSE(narrow.contains(wide));
  CHECK_FALSE(narrow.contains(*AddressRange::parse("10.2.0.0/16")));
}

TEST_CASE("address range: what is none is refused") {
  for (const char* text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/8/8", "::/129", "10.0.0", "a"}) {
    CAPTURE(text);
    CHECK_FALSE(AddressRange::parse(text));
  }
}
