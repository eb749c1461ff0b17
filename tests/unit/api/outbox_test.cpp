#include "api/outbox.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace pushjudge;

namespace {

SharedBytes piece(std::string bytes) {
  return std::make_shared<const std::string>(std::move(bytes));
}

// As if the kernel took `bytes` of what waits; and what those were.
std::string take(Outbox& outbox, std::size_t bytes, std::size_t* controls = nullptr) {
  std::array<iovec, 8> parts;
  const std::size_t filled = outbox.gather(parts);
  std::string all;
  for (std::size_t i = 0; i < filled; ++i) all.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  CHECK(all.size() >= bytes);
  const std::size_t ended = outbox.written(bytes);
  if (controls != nullptr) *controls += ended;
  return all.substr(0, bytes);
}

}  // namespace

TEST_CASE("outbox: pieces go out in order, however the kernel cuts them") {
  for (std::size_t cut = 1; cut <= 9; ++cut) {
    Outbox outbox;
    for (const char* text : {"abc", "d", "efghi"}) outbox.add(piece(text));
    std::string out;
    while (!outbox.empty()) out += take(outbox, std::min(cut, outbox.bytes()));
    CHECK(out == "abcdefghi");
    CHECK(outbox.size() == 0);
    CHECK(outbox.bytes() == 0);
  }
}

TEST_CASE("outbox: a control piece goes before what waits, and never into a piece that has begun") {
  for (std::size_t begun = 0; begun <= 4; ++begun) {
    Outbox outbox;
    outbox.add(piece("[ab]"));
    outbox.add(piece("[cd]"));
    std::size_t controls = 0;
    std::string out = take(outbox, begun, &controls);
    outbox.add_control(piece("PONG"), true);
    CHECK(controls == 0);
    while (!outbox.empty()) out += take(outbox, 1, &controls);
    CHECK(out == (begun == 0 ? "PONG[ab][cd]" : "[ab]PONG[cd]"));
    CHECK(controls == 1);
  }
}

TEST_CASE("outbox: a close goes behind all that waits") {
  Outbox outbox;
  outbox.add(piece("[ab]"));
  outbox.add_control(piece("CLOSE"), false);
  std::size_t controls = 0;
  CHECK(take(outbox, 8, &controls) == "[ab]CLOS");
  CHECK(controls == 0);
  CHECK(take(outbox, 1, &controls) == "E");
  CHECK(controls == 1);
}

TEST_CASE("outbox: what is dropped is what has not begun, and no control piece") {
  Outbox outbox;
  outbox.add(piece("[ab]"));
  outbox.add(piece("[cd]"));
  std::string out = take(outbox, 1);
  outbox.add_control(piece("PONG"), true);
  outbox.add(piece("[ef]"));
  outbox.drop_waiting();
  CHECK(outbox.size() == 2);
  CHECK(outbox.bytes() == 7);
  out += take(outbox, outbox.bytes());
  CHECK(out == "[ab]PONG");
}

TEST_CASE("outbox: no more is gathered than there is room for") {
  Outbox outbox;
  for (int i = 0; i < 20; ++i) outbox.add(piece("xy"));
  std::array<iovec, 3> parts;
  CHECK(outbox.gather(parts) == 3);
  CHECK(outbox.written(5) == 0);
  CHECK(outbox.bytes() == 35);
  CHECK(outbox.size() == 18);
}

TEST_CASE(
    "outbox: a reader who is always a piece behind gets all in order, also what was dropped and added meanwhile") {
  Outbox outbox;
  std::string out;
  std::string expected;
  std::size_t controls = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string text = "[" + std::to_string(i) + "]";
    outbox.add(piece(text));
    expected += text;
    if (i == 150) {
      outbox.add_control(piece("PONG"), false);
      outbox.add(piece("[dropped]"));
      out += take(outbox, 1, &controls);  // what has begun stays
      outbox.drop_waiting();
      expected = expected.substr(0, expected.size() - text.size()) + "PONG";
    }
    while (outbox.size() > 1) out += take(outbox, 1, &controls);
  }
  out += take(outbox, outbox.bytes(), &controls);
  CHECK(out == expected);
  CHECK(controls == 1);
  CHECK(outbox.empty());
}
