#include "api/callback_guard.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "proto/submission.hpp"

using namespace pushjudge;

namespace {

CallbackGuard allowing(const std::vector<std::string>& ranges) {
  std::vector<AddressRange> allowed;
  for (const std::string& range : ranges) {
    auto parsed = AddressRange::parse(range);
    REQUIRE(parsed);
    allowed.push_back(*parsed);
  }
  return CallbackGuard(std::move(allowed));
}

// What the guard says to an address; "" where it has nothing against it.
std::string objection(const std::string& text, const CallbackGuard& guard = CallbackGuard()) {
  const auto address = IpAddress::parse(text);
  REQUIRE_MESSAGE(address, text);
  return std::string(guard.objection(*address).value_or(""));
}

std::string refusal(std::string_view url, const CallbackGuard& guard = CallbackGuard()) {
  const auto checked = check_callback_url(url, guard);
  return checked ? "" : checked.error().message;
}

constexpr const char* kBadHost = "has a host that is neither a name nor an address";
constexpr const char* kBadScheme = "must begin with http:// or https://";
constexpr const char* kBadPort = "has a port that is none";
constexpr const char* kBadCharacter = "may hold neither blanks, control characters, backslashes nor what is not ASCII";

}  // namespace

TEST_CASE("callback guard: addresses of the public internet may be called") {
  for (const char* address : {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",        "11.0.0.0",
                              "100.63.255.255",  "100.128.0.0",     "126.255.255.255",      "128.0.0.0",
                              "169.253.255.255", "169.255.0.0",     "172.15.255.255",       "172.32.0.0",
                              "192.0.1.0",       "192.167.255.255", "192.169.0.0",          "198.17.255.255",
                              "198.20.0.0",      "223.255.255.255", "::ffff:8.8.8.8",       "64:ff9b::8.8.8.8",
                              "2606:4700::1111", "2001:200::1",     "2001:4860:4860::8888", "2003::1",
                              "3ffe:ffff::1"}) {
    CAPTURE(address);
    CHECK(objection(address) == "");
  }
}

TEST_CASE("callback guard: addresses that lead inside, or to no single host, may not") {
  const std::vector<std::pair<const char*, std::string>> table = {
      {"0.0.0.0", "an unspecified address"},
      {"0.255.255.255", "an unspecified address"},
      {"10.0.0.0", "a private address"},
      {"10.255.255.255", "a private address"},
      {"100.64.0.0", "a carrier's shared address"},
      {"100.127.255.255", "a carrier's shared address"},
      {"127.0.0.1", "a loopback address"},
      {"127.255.255.255", "a loopback address"},
      {"169.254.169.254", "a link-local address"},
      {"172.16.0.0", "a private address"},
      {"172.31.255.255", "a private address"},
      {"192.0.0.8", "an address reserved for protocols"},
      {"192.0.2.1", "an address for documentation"},
      {"192.88.99.1", "a relay's address"},
      {"192.168.1.1", "a private address"},
      {"198.18.0.1", "an address for benchmarks"},
      {"198.19.255.255", "an address for benchmarks"},
      {"198.51.100.1", "an address for documentation"},
      {"203.0.113.1", "an address for documentation"},
      {"224.0.0.1", "a multicast address"},
      {"239.255.255.255", "a multicast address"},
      {"240.0.0.1", "a reserved address"},
      {"255.255.255.255", "a broadcast address"},
      {"::", "an unspecified address"},
      {"::1", "a loopback address"},
      {"::7f00:1", "an address of version 4 in disguise"},
      {"::8.8.8.8", "an address of version 4 in disguise"},
      {"::ffff:127.0.0.1", "a loopback address"},
      {"::ffff:a9fe:a9fe", "a link-local address"},
      {"::ffff:0:127.0.0.1", "a reserved address"},
      {"64:ff9b::127.0.0.1", "a loopback address"},
      {"64:ff9b::a00:1", "a private address"},
      {"64:ff9b::169.254.169.254", "a link-local address"},
      {"64:ff9b:1::1", "a private address"},
      {"100::1", "a reserved address"},
      {"2001::1", "a tunnel's address"},
      {"2001:0:7f00:1::", "a tunnel's address"},
      {"2001:2::1", "an address reserved for protocols"},
      {"2001:10::1", "an address reserved for protocols"},
      {"2001:20::1", "an address reserved for protocols"},
      {"2001:1ff:ffff::1", "an address reserved for protocols"},
      {"2001:db8::1", "an address for documentation"},
      {"2002:7f00:1::", "a tunnel's address"},
      {"3fff::1", "an address for documentation"},
      {"4000::1", "a reserved address"},
      {"5f00::1", "a reserved address"},
      {"fc00::1", "a private address"},
      {"fdff:ffff::1", "a private address"},
      {"fe80::1", "a link-local address"},
      {"febf::1", "a link-local address"},
      {"fec0::1", "a private address"},
      {"ff02::1", "a multicast address"},
  };
  for (const auto& [address, what] : table) {
    CAPTURE(address);
    CHECK(objection(address) == what);
  }
}

TEST_CASE("callback guard: the operator opens ranges, and only those") {
  const auto guard = allowing({"127.0.0.0/8", "10.1.0.0/16", "fd00::/8", "192.168.7.9"});
  CHECK(objection("127.0.0.1", guard) == "");
  CHECK(objection("::ffff:127.0.0.1", guard) == "");
  CHECK(objection("10.1.255.255", guard) == "");
  CHECK(objection("10.2.0.0", guard) == "a private address");
  CHECK(objection("fd12::1", guard) == "");
  CHECK(objection("fc12::1", guard) == "a private address");
  CHECK(objection("192.168.7.9", guard) == "");
  CHECK(objection("192.168.7.8", guard) == "a private address");
  // Another way to the same host is another address.
  CHECK(objection("64:ff9b::127.0.0.1", guard) == "a loopback address");
  CHECK(objection("::1", guard) == "a loopback address");
  CHECK(objection("10.2.0.0", allowing({"0.0.0.0/0"})) == "");
  CHECK(objection("::1", allowing({"0.0.0.0/0"})) == "a loopback address");
  CHECK(objection("::1", allowing({"::/0"})) == "");
}

TEST_CASE("callback guard: an ordinary URL is taken, and its parts are told") {
  for (const char* url : {"http://example.org", "https://example.org/", "HTTPS://Example.ORG:8443/hook?token=a%20b#c",
                          "http://a_b.test./", "http://example.org?x=http://user@127.0.0.1/", "http://8.8.8.8:80/",
                          "http://[2606:4700::1111]:8080/x", "http://example.org/@me", "http://localhost.example.org/",
                          "http://127.0.0.1.example.org/"}) {
    CAPTURE(url);
    CHECK(refusal(url) == "");
  }
  const auto target = parse_callback_url("HTTPS://Example.ORG:8443/hook?token=secret");
  REQUIRE(target);
  CHECK(target->origin() == "https://example.org:8443");
  CHECK(!target->address);
  CHECK(parse_callback_url("http://a")->port == 80);
  CHECK(parse_callback_url("https://a")->port == 443);
  CHECK(parse_callback_url("http://[2606:4700::1]/")->origin() == "http://[2606:4700::1]:80");
}

TEST_CASE("callback guard: a URL that is none, or tries a trick, is refused") {
  const std::vector<std::pair<std::string_view, std::string>> table = {
      {"", kBadScheme},
      {"example.org", kBadScheme},
      {"//example.org", kBadScheme},
      {"http:/example.org", kBadScheme},
      {"http:example.org", kBadScheme},
      {"ftp://example.org", kBadScheme},
      {"file:///etc/passwd", kBadScheme},
      {"gopher://127.0.0.1:6379/_FLUSHALL", kBadScheme},
      {"javascript://example.org", kBadScheme},
      {"http+unix://x", kBadScheme},
      {"http://", kBadHost},
      {"http:///example.org", kBadHost},
      {"http://:80/", kBadHost},
      {"http://.example.org", kBadHost},
      {"http://example..org", kBadHost},
      {"http://exa%6dple.org", kBadHost},
      {"http://exam,ple.org", kBadHost},
      {"http://{a,b}.org", kBadHost},
      {"http://[::1", kBadHost},
      {"http://[]/", kBadHost},
      {"http://[127.0.0.1]/", kBadHost},
      {"http://[fe80::1%25eth0]/", kBadHost},
      {"http://[v1.a]/", kBadHost},
      {"http://[::1]x/", kBadHost},
      {"http://1.2.3.4.5/", kBadHost},
      {"http://example.123/", kBadHost},
      {"http://256.1.1.1/", kBadHost},
      {"http://4294967296/", kBadHost},
      {"http://0xzz/", kBadHost},
      {"http://example.org:/", kBadPort},
      {"http://example.org:0/", kBadPort},
      {"http://example.org:65536/", kBadPort},
      {"http://example.org:+80/", kBadPort},
      {"http://example.org:80:80/", kBadPort},
      {"http://example.org:8o/", kBadPort},
      {"http://good@127.0.0.1/", "may not hold a user name or password"},
      {"http://user:password@example.org/", "may not hold a user name or password"},
      {"http://127.0.0.1:80@example.org/", "may not hold a user name or password"},
      {"http://example.org/\r\nX-Header: 1", kBadCharacter},
      {"http://example.org\n", kBadCharacter},
      {" http://example.org", kBadCharacter},
      {"http://exam ple.org", kBadCharacter},
      {"http://example.org\\@127.0.0.1/", kBadCharacter},
      {"http:\\\\127.0.0.1/", kBadCharacter},
      {"http://127\xe3\x80\x82"
       "0.0.1/",
       kBadCharacter},
      {"http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1/", kBadCharacter},
      {std::string_view("http://example.org\0.evil", 24), kBadCharacter},
      {"http://example.org\t", kBadCharacter},
      {"http://example.org/\x7f", kBadCharacter},
  };
  for (const auto& [url, why] : table) {
    CAPTURE(url);
    CHECK(refusal(url) == why);
  }
  const std::string longest = "http://a/" + std::string(kCallbackUrlBytesMax - 9, 'x');
  CHECK(refusal(longest) == "");
  CHECK(refusal(longest + "x") == "is too long (maximum is 2048 characters)");
}

TEST_CASE("callback guard: a literal address inside is refused however it is written") {
  for (const char* host : {"127.0.0.1",         "127.1",
                           "127.0.1",           "2130706433",
                           "0x7f000001",        "0X7F.1",
                           "0x7f.0.0.1",        "0177.0.0.1",
                           "017700000001",      "127.0.0.1.",
                           "127.0.0.0x1",       "[::1]",
                           "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
                           "[::ffff:7f00:1]",   "[64:ff9b::7f00:1]",
                           "localhost",         "LOCALHOST",
                           "localhost.",        "a.localhost"}) {
    const std::string url = std::string("http://") + host + ":8080/hook";
    CAPTURE(url);
    CHECK(refusal(url).ends_with("which is a loopback address"));
  }
  CHECK(refusal("http://0.0.0.0/") == "leads to 0.0.0.0, which is an unspecified address");
  CHECK(refusal("http://0/") == "leads to 0.0.0.0, which is an unspecified address");
  CHECK(refusal("http://169.254.169.254/latest") == "leads to 169.254.169.254, which is a link-local address");
  CHECK(refusal("http://0xa9fea9fe/latest") == "leads to 169.254.169.254, which is a link-local address");
  CHECK(refusal("http://10.0.0.1/") == "leads to 10.0.0.1, which is a private address");
  CHECK(refusal("http://[fd00::1]/") == "leads to fd00::1, which is a private address");
  CHECK(refusal("http://localhost/") == "leads to localhost, which is a loopback address");
}

TEST_CASE("callback guard: what is opened is taken by any of its names") {
  const auto guard = allowing({"127.0.0.0/8"});
  for (const char* url : {"http://127.0.0.1/", "http://localhost:3000/", "http://2130706433/", "http://127.1:80/x"}) {
    CAPTURE(url);
    CHECK(refusal(url, guard) == "");
  }
  CHECK(refusal("http://[::1]/", guard) != "");
  CHECK(refusal("http://10.0.0.1/", guard) != "");
  CHECK(refusal("http://localhost/", allowing({"::1"})) == "");
  CHECK(refusal("http://localhost/", allowing({"10.0.0.0/8"})) != "");
}
