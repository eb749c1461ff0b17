// RFC 6455 on the wire, frame by frame, against /ws/echo: what is right comes back as it came, what is wrong ends the
// connection with the code that the RFC names.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/conformance/site.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;

namespace {

constexpr unsigned kContinuation = 0x0, kText = 0x1, kBinary = 0x2, kClose = 0x8, kPing = 0x9, kPong = 0xa;
constexpr unsigned kFin = 0x80;
constexpr unsigned kMasked = 0x80;

std::string byte(unsigned value) {
  return std::string(1, static_cast<char>(value));
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text += byte(static_cast<unsigned>(value >> shift & 0xff));
  return text;
}

std::string masked(std::string payload) {
  const std::string key = "\x12\xf0\x9a\x05";
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ key[i % 4]);
  return key + payload;
}

// A frame as a client sends it. `first` is the first byte: FIN, the reserved bits and the opcode.
std::string frame(unsigned first, const std::string& payload = "") {
  std::string head = byte(first);
  if (payload.size() < 126) {
    head += byte(kMasked | static_cast<unsigned>(payload.size()));
  } else if (payload.size() < 65'536) {
    head += byte(kMasked | 126) + big_endian(payload.size(), 2);
  } else {
    head += byte(kMasked | 127) + big_endian(payload.size(), 8);
  }
  return head + masked(payload);
}

std::string text(const std::string& payload) {
  return frame(kFin | kText, payload);
}

std::string close(unsigned code, const std::string& reason = "") {
  return frame(kFin | kClose, big_endian(code, 2) + reason);
}

// What the server sent, to be read by people: "text(hi) pong(x) close(1000)". Says so where a frame is not as a
// server's must be.
std::string told(std::string_view bytes) {
  std::string all;
  const auto at = [&bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  while (!bytes.empty()) {
    if (bytes.size() < 2) return all + " TORN";
    const unsigned first = at(0);
    std::size_t length = at(1) & 0x7f;
    std::size_t head = 2;
    if ((at(1) & kMasked) != 0) return all + " MASKED";
    if (length >= 126) {
      const std::size_t more = length == 126 ? 2 : 8;
      length = 0;
      for (std::size_t i = 0; i < more && head + i < bytes.size(); ++i) length = length << 8 | at(head + i);
      head += more;
    }
    if (bytes.size() < head + length) return all + " TORN";
    std::string payload(bytes.substr(head, length));
    if (first == (kFin | kClose)) {
      payload = payload.size() < 2 ? "" : std::to_string(at(head) << 8 | at(head + 1));
    } else if (payload.size() > 40) {
      const bool same = std::all_of(payload.begin(), payload.end(), [&](char c) { return c == payload.front(); });
      payload = std::to_string(payload.size()) + (same ? " same" : " bytes");
    }
    const char* const names[] = {"continuation", "text", "binary", "?", "?", "?", "?", "?", "close", "ping", "pong"};
    const unsigned opcode = first & 0x0f;
    const bool known = (first & 0xf0) == kFin && opcode <= kPong;
    all += (all.empty() ? "" : " ") + std::string(known ? names[opcode] : "BAD") + "(" + payload + ")";
    bytes.remove_prefix(head + length);
  }
  return all;
}

std::string handshake(std::string_view path = "/ws/echo", const std::string& fields = "") {
  return "GET " + std::string(path) +
         " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         fields + "\r\n";
}

// A connection that has shaken hands, and said nothing yet.
RawConnection& shake_hands(RawConnection& connection) {
  REQUIRE(connection.send(handshake()));
  const std::string answer = connection.read_until("\r\n\r\n");
  REQUIRE(answer.starts_with("HTTP/1.1 101 "));
  REQUIRE(answer.ends_with("\r\n\r\n"));
  return connection;
}

// What comes back for `bytes` until the server closes.
std::string answer_to(const Site& site, const std::string& bytes) {
  RawConnection connection(site.url());
  shake_hands(connection).send(bytes);
  return told(connection.read_until_closed());
}

struct Row {
  std::string what;
  std::string sent;
  std::string answer;
};

void check(const Site& site, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(answer_to(site, row.sent) == row.answer);
  }
}

const std::string kEnd = close(1000);

}  // namespace

TEST_CASE("frames: messages come back as they came, however they were cut") {
  const Site site;
  check(
      site,
      {
          {"text", text("hello") + kEnd, "text(hello) close(1000)"},
          {"empty text", text("") + kEnd, "text() close(1000)"},
          {"binary", frame(kFin | kBinary, "\xff\xfe") + kEnd, "binary(\xff\xfe) close(1000)"},
          {"empty binary", frame(kFin | kBinary) + kEnd, "binary() close(1000)"},
          {"125 bytes", text(std::string(125, 'a')) + kEnd, "text(125 same) close(1000)"},
          {"126 bytes", text(std::string(126, 'a')) + kEnd, "text(126 same) close(1000)"},
          {"65535 bytes", text(std::string(65'535, 'a')) + kEnd, "text(65535 same) close(1000)"},
          {"65536 bytes", frame(kFin | kBinary, std::string(65'536, '\0')) + kEnd, "binary(65536 same) close(1000)"},
          {"fragments", frame(kText, "a") + frame(kContinuation, "b") + frame(kFin | kContinuation, "c") + kEnd,
           "text(abc) close(1000)"},
          {"empty fragments", frame(kText) + frame(kContinuation) + frame(kFin | kContinuation) + kEnd,
           "text() close(1000)"},
          {"empty fragments around one",
           frame(kBinary) + frame(kContinuation, "x") + frame(kFin | kContinuation) + kEnd, "binary(x) close(1000)"},
          {"pings between fragments",
           frame(kText, "a") + frame(kFin | kPing, "1") + frame(kFin | kPong) + frame(kFin | kContinuation, "b") + kEnd,
           "pong(1) text(ab) close(1000)"},
          {"a character cut in the middle",
           frame(kText, "\xce") + frame(kContinuation, "\xba\xf0\x9f") + frame(kFin | kContinuation, "\x98\x80") + kEnd,
           "text(\xce\xba\xf0\x9f\x98\x80) close(1000)"},
          {"control characters", text("a\x01z") + kEnd, "text(a\x01z) close(1000)"},
      });
}

TEST_CASE("frames: a ping is answered with what it holds, a pong that nobody asked for is passed over") {
  const Site site;
  check(site, {
                  {"empty", frame(kFin | kPing) + kEnd, "pong() close(1000)"},
                  {"bytes", frame(kFin | kPing, "\x01\xff") + kEnd, "pong(\x01\xff) close(1000)"},
                  {"125 bytes", frame(kFin | kPing, std::string(125, 'p')) + kEnd, "pong(125 same) close(1000)"},
                  {"pong", frame(kFin | kPong, "x") + text("a") + kEnd, "text(a) close(1000)"},
                  {"nothing follows a close", kEnd + frame(kFin | kPing, "late") + text("late"), "close(1000)"},
              });
  // One after the other, each answered before the next is sent: a server may answer only the last of many.
  RawConnection connection(site.url());
  shake_hands(connection);
  for (const char* payload : {"first", "second"}) {
    connection.send(frame(kFin | kPing, payload));
    CHECK(told(connection.read_until(payload)) == "pong(" + std::string(payload) + ")");
  }
}

TEST_CASE("frames: what is no frame ends the connection with 1002") {
  const Site site;
  std::vector<Row> rows = {
      {"not masked", "\x81\x02hi", "close(1002)"},
      {"empty and not masked", std::string("\x81\x00", 2), "close(1002)"},
      {"RSV1", frame(kFin | 0x40 | kText, "a"), "close(1002)"},
      {"RSV2", frame(kFin | 0x20 | kText, "a"), "close(1002)"},
      {"RSV3", frame(kFin | 0x10 | kText, "a"), "close(1002)"},
      {"RSV1 on a continuation", frame(kText, "a") + frame(kFin | 0x40, "b"), "close(1002)"},
      {"RSV2 on a ping", frame(kFin | 0x20 | kPing), "close(1002)"},
      {"continuation of nothing", frame(kFin | kContinuation, "a"), "close(1002)"},
      {"continuation of nothing, more to come", frame(kContinuation, "a"), "close(1002)"},
      {"continuation after the end", text("a") + frame(kFin | kContinuation, "b"), "text(a) close(1002)"},
      {"a message within another", frame(kText, "a") + text("b"), "close(1002)"},
      {"a binary within a text", frame(kText, "a") + frame(kFin | kBinary, "b"), "close(1002)"},
      {"a ping in fragments", frame(kPing, "a"), "close(1002)"},
      {"a pong in fragments", frame(kPong, "a"), "close(1002)"},
      {"a close in fragments", frame(kClose, big_endian(1000, 2)), "close(1002)"},
      {"a ping of 126 bytes", frame(kFin | kPing, std::string(126, 'a')), "close(1002)"},
      {"a pong of 126 bytes", frame(kFin | kPong, std::string(126, 'a')), "close(1002)"},
      {"a close of 126 bytes", frame(kFin | kClose, big_endian(1000, 2) + std::string(124, 'a')), "close(1002)"},
      {"125 bytes with two bytes of length",
       byte(kFin | kBinary) + byte(kMasked | 126) + big_endian(125, 2) + masked(std::string(125, 'a')), "close(1002)"},
      {"65535 bytes with eight bytes of length",
       byte(kFin | kBinary) + byte(kMasked | 127) + big_endian(65'535, 8) + "mask", "close(1002)"},
      {"5 bytes with eight bytes of length",
       byte(kFin | kText) + byte(kMasked | 127) + big_endian(5, 8) + masked("hello"), "close(1002)"},
  };
  for (const unsigned opcode : {3u, 4u, 5u, 6u, 7u, 0xbu, 0xcu, 0xdu, 0xeu, 0xfu}) {
    rows.push_back({"reserved opcode", text("a") + frame(kFin | opcode, "b"), "text(a) close(1002)"});
  }
  check(site, rows);
}

TEST_CASE("frames: a close is answered with its code where it has one that may be sent, else with 1002") {
  const Site site;
  CHECK(answer_to(site, frame(kFin | kClose)).starts_with("close("));
  for (const unsigned code :
       {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u, 3000u, 3999u, 4000u, 4999u}) {
    CAPTURE(code);
    CHECK(answer_to(site, close(code, "why")) == "close(" + std::to_string(code) + ")");
  }
  for (const unsigned code : {0u, 1u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u}) {
    CAPTURE(code);
    CHECK(answer_to(site, close(code)) == "close(1002)");
  }
  check(site, {
                  {"half a code", frame(kFin | kClose, "\x03"), "close(1002)"},
                  {"the longest reason", close(1000, std::string(123, 'r')), "close(1000)"},
                  {"in the middle of a message", frame(kText, "a") + kEnd, "close(1000)"},
              });
}

TEST_CASE("frames: a reason that is no UTF-8 is refused") {
  const Site site;
  // 1007 speaks of messages, 1002 of everything; the RFC asks for neither.
  const std::string answer = answer_to(site, close(1000, "\xc3\x28"));
  CHECK((answer == "close(1002)" || answer == "close(1007)"));
}

TEST_CASE("frames: text that is no UTF-8 ends the connection with 1007, as soon as that is sure") {
  const Site site;
  std::vector<Row> rows = {
      {"cut at the end of the message", text("a\xce"), "close(1007)"},
      {"cut at the end of the last fragment", frame(kText, "a\xf0\x9f") + frame(kFin | kContinuation, "\x98"),
       "close(1007)"},
      {"continued wrongly in the next fragment", frame(kText, "\xce") + frame(kFin | kContinuation, "a"),
       "close(1007)"},
      {"the message is not at its end", frame(kText, "\xff"), "close(1007)"},
      {"the frame is not at its end", frame(kFin | kText, std::string("\xff") + std::string(99, 'a')).substr(0, 20),
       "close(1007)"},
      {"binary may hold anything", frame(kFin | kBinary, "\xc0\xaf") + kEnd, "binary(\xc0\xaf) close(1000)"},
      {"the last character of all", text("\xf4\x8f\xbf\xbf") + kEnd, "text(\xf4\x8f\xbf\xbf) close(1000)"},
      {"beside the surrogates", text("\xed\x9f\xbf\xee\x80\x80") + kEnd, "text(\xed\x9f\xbf\xee\x80\x80) close(1000)"},
  };
  for (const char* bad : {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                          "\xed\xbf\xbf", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff"}) {
    rows.push_back({bad, text(std::string("ok ") + bad), "close(1007)"});
  }
  check(site, rows);
}

TEST_CASE("frames: a message over the limit ends the connection with 1009, before it is read") {
  const Site site({"--ws-message-bytes-max", "1000"});
  const std::string head_of_1001 = byte(kFin | kBinary) + byte(kMasked | 126) + big_endian(1'001, 2) + "mask";
  const std::string head_of_2_to_62 = byte(kFin | kBinary) + byte(kMasked | 127) + big_endian(1ull << 62, 8) + "mask";
  check(site, {
                  {"at the limit", text(std::string(1'000, 'a')) + kEnd, "text(1000 same) close(1000)"},
                  {"its head says so", head_of_1001, "close(1009)"},
                  {"its head says much more", head_of_2_to_62, "close(1009)"},
                  {"by its second fragment",
                   frame(kText, std::string(600, 'a')) + frame(kContinuation, std::string(600, 'a')), "close(1009)"},
                  {"at the limit, in fragments",
                   frame(kText, std::string(600, 'a')) + frame(kFin | kContinuation, std::string(400, 'a')) + kEnd,
                   "text(1000 same) close(1000)"},
              });
  // The top bit of a length must be 0: no such frame exists, and it is too big.
  const std::string impossible =
      answer_to(site, byte(kFin | kBinary) + byte(kMasked | 127) + big_endian(~0ull, 8) + "mask");
  CHECK((impossible == "close(1002)" || impossible == "close(1009)"));
}

TEST_CASE("frames: bytes may come one by one, and many frames at once") {
  const Site site;
  const std::string conversation =
      frame(kText, "he") + frame(kFin | kPing, "?") + frame(kFin | kContinuation, "llo") + kEnd;
  RawConnection slow(site.url());
  shake_hands(slow);
  for (const char each : conversation) REQUIRE(slow.send({&each, 1}));
  CHECK(told(slow.read_until_closed()) == "pong(?) text(hello) close(1000)");

  std::string many;
  std::string expected;
  for (int i = 0; i < 500; ++i) {
    many += text(std::to_string(i));
    expected += "text(" + std::to_string(i) + ") ";
  }
  CHECK(answer_to(site, many + kEnd) == expected + "close(1000)");
}

TEST_CASE("frames: messages as large as they may be come back whole") {
  const Site site({"--ws-message-bytes-max", "20000000"});
  RawConnection connection(site.url());
  shake_hands(connection);
  const std::string large(20'000'000, 'x');
  const std::string whole = frame(kFin | kBinary, large);
  REQUIRE(connection.send(whole + kEnd));
  CHECK(told(connection.read_until_closed()) == "binary(20000000 same) close(1000)");
}

TEST_CASE("frames: a handshake is accepted only as RFC 6455 has it") {
  const Site site;
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const std::string version = "Sec-WebSocket-Version: 13\r\n";
  const std::string upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
  struct Handshake {
    std::string what;
    std::string line;
    std::string fields;
    std::string answer;
  };
  const std::string get = "GET /ws/echo HTTP/1.1\r\nHost: x\r\n";
  for (const Handshake& row : {
           Handshake{"as it should be", get, upgrade + version + key, "101"},
           {"names in lower case", get, "upgrade: WebSocket\r\nconnection: upgrade\r\n" + version + key, "101"},
           {"one of several", get, "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" + version + key, "101"},
           {"with a subprotocol and an extension that we do not speak", get,
            upgrade + version + key + "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: x-unknown\r\n", "101"},
           {"no key", get, upgrade + version, "400"},
           {"two keys", get, upgrade + version + key + key, "400"},
           {"a short key", get, upgrade + version + "Sec-WebSocket-Key: c2hvcnQ=\r\n", "400"},
           {"a key that is no base64", get, upgrade + version + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub2!jZQ==\r\n",
            "400"},
           {"no version", get, upgrade + key, "4"},
           {"version 8", get, upgrade + key + "Sec-WebSocket-Version: 8\r\n", "426"},
           {"version 14", get, upgrade + key + "Sec-WebSocket-Version: 14\r\n", "426"},
           {"no Upgrade", get, "Connection: Upgrade\r\n" + version + key, "426"},
           {"Upgrade to something else", get, "Upgrade: h2c\r\nConnection: Upgrade\r\n" + version + key, "426"},
           {"no Connection", get, "Upgrade: websocket\r\n" + version + key, "426"},
           {"Connection without Upgrade", get, "Upgrade: websocket\r\nConnection: keep-alive\r\n" + version + key,
            "426"},
           {"POST", "POST /ws/echo HTTP/1.1\r\nHost: x\r\n", upgrade + version + key, "405"},
           {"HTTP/1.0", "GET /ws/echo HTTP/1.0\r\nHost: x\r\n", upgrade + version + key, "426"},
           {"no Host", "GET /ws/echo HTTP/1.1\r\n", upgrade + version + key, "400"},
           {"another path", "GET /ws/nowhere HTTP/1.1\r\nHost: x\r\n", upgrade + version + key, "404"},
           {"frames before the answer", get, upgrade + version + key + "\r\n" + text("early"), "400"},
       }) {
    CAPTURE(row.what);
    const RawConnection connection(site.url());
    connection.send(row.line + row.fields + "\r\n");
    const std::string answer = connection.read_until("\r\n\r\n");
    REQUIRE(answer.starts_with("HTTP/1."));
    CHECK(answer.substr(9).starts_with(row.answer));
    if (row.answer == "426") {
      const bool says = answer.find("Sec-WebSocket-Version: 13") != std::string::npos ||
                        answer.find("Upgrade: websocket") != std::string::npos;
      CHECK(says);
    }
    if (row.answer != "101") continue;
    CHECK(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != std::string::npos);
    CHECK(answer.find("Sec-WebSocket-Protocol") == std::string::npos);
    CHECK(answer.find("Sec-WebSocket-Extensions") == std::string::npos);
    connection.send(text("hi") + kEnd);
    CHECK(told(connection.read_until_closed()) == "text(hi) close(1000)");
  }
}

TEST_CASE("frames: compression is agreed upon where the gateway was told so, and each message may use it or not") {
  const Site site({"--ws-deflate", "1"});
  const std::string long_one(2'000, 'x');
  const std::string hello("\0\x05\0\xfa\xffHello\0", 11);  // of RFC 7692, section 7.2.3.3
  const auto shake = [&site](RawConnection& connection, const std::string& offer) {
    connection.send(handshake("/ws/echo", offer.empty() ? "" : "Sec-WebSocket-Extensions: " + offer + "\r\n"));
    return connection.read_until("\r\n\r\n");
  };
  SUBCASE("agreed") {
    RawConnection connection(site.url());
    const std::string answer = shake(connection, "permessage-deflate; client_max_window_bits");
    CHECK(answer.find("permessage-deflate") != std::string::npos);
    CHECK(answer.find("server_no_context_takeover") != std::string::npos);
    connection.send(text(long_one) + frame(kFin | 0x40 | kText, hello) + kEnd);
    const std::string all = connection.read_until_closed();
    CHECK(static_cast<unsigned char>(all.at(0)) == 0xc1);
    CHECK(static_cast<unsigned char>(all.at(1)) < 60);
    CHECK(told(all.substr(2 + static_cast<unsigned char>(all.at(1)))) == "text(Hello) close(1000)");
  }
  SUBCASE("not offered") {
    RawConnection connection(site.url());
    CHECK(shake(connection, "").find("permessage-deflate") == std::string::npos);
    connection.send(text(long_one) + frame(kFin | 0x40 | kText, hello));
    CHECK(told(connection.read_until_closed()) == "text(2000 same) close(1002)");
  }
  SUBCASE("with a smaller window than ours: granted, and not used by us") {
    RawConnection connection(site.url());
    const std::string answer =
        shake(connection, "permessage-deflate; client_max_window_bits; server_max_window_bits=10");
    CHECK(answer.find("server_max_window_bits=10") != std::string::npos);
    connection.send(text(long_one) + kEnd);
    CHECK(told(connection.read_until_closed()) == "text(2000 same) close(1000)");
  }
}
