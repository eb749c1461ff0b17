#include "api/write_round.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>

using namespace pushjudge;
namespace asio = boost::asio;

namespace {

class Pen final : public WriteRound::Writer {
 public:
  using Writer::Writer;
  void add() {
    ++waiting;
    enlist();
  }
  int waiting = 0;
  std::vector<int> written;  // how much, at each write

 private:
  void write_now() override { written.push_back(std::exchange(waiting, 0)); }
};

}  // namespace

TEST_CASE("write round: what handlers bring one after the other is written together") {
  asio::io_context io;
  WriteRound round(io.get_executor());
  Pen pen(round);
  // As a reader does that has several messages at hand: each handler posts the next.
  std::function<void(int)> read = [&](int left) {
    pen.add();
    if (left > 1) asio::post(io, [&read, left] { read(left - 1); });
  };
  asio::post(io, [&read] { read(16); });
  io.run();
  CHECK(pen.written == std::vector<int>{16});
}

TEST_CASE("write round: an endless stream of news does not hold writing back forever") {
  asio::io_context io;
  WriteRound round(io.get_executor());
  Pen pen(round);
  std::function<void()> read = [&] {
    pen.add();
    if (pen.written.empty()) asio::post(io, read);
  };
  asio::post(io, read);
  io.run();
  REQUIRE(!pen.written.empty());
  CHECK(pen.written.front() > 1);
}

TEST_CASE("write round: preparations come first, and may bring writers") {
  asio::io_context io;
  WriteRound round(io.get_executor());
  Pen pen(round);
  round.before_writing([&pen] { pen.add(); });
  CHECK(pen.waiting == 0);
  io.run();
  CHECK(pen.written == std::vector<int>{1});
}

TEST_CASE("write round: whoever is gone before it is not written to") {
  asio::io_context io;
  WriteRound round(io.get_executor());
  auto gone = std::make_unique<Pen>(round);
  Pen here(round);
  gone->add();
  here.add();
  gone.reset();
  io.run();
  CHECK(here.written == std::vector<int>{1});
}
