#include "api/broadcast_room.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <utility>

using namespace pushjudge;
namespace asio = boost::asio;

namespace {

using Messages = std::vector<std::pair<bool, std::string>>;

struct Wire final : Socket {
  void send(SharedMessage message) override { sent.emplace_back(message->binary(), message->payload()); }
  void close(std::uint16_t, std::string_view) override {}
  void pause_reading() override {}
  void resume_reading() override {}
  Messages sent;
};

// Runs what is at hand, and so the round in which all is written.
void run(asio::io_context& io) {
  io.run();
  io.restart();
}

void say(asio::io_context& io, SocketUser& user, bool binary, std::string data) {
  user.on_message(binary, std::move(data));
  run(io);
}

const std::pair<bool, std::string> kGreeting{false, "Hello! Message From Server!!"};

}  // namespace

TEST_CASE("broadcast: everybody is greeted, and hears each message with its type, the sender too") {
  asio::io_context io;
  WriteRound round(io.get_executor());
  BroadcastRoom room(round);
  Messages relayed;
  room.set_relay([&relayed](bool binary, const std::string& data) { relayed.emplace_back(binary, data); });
  Wire first;
  Wire second;
  const auto a = room.make_member(first);
  const auto b = room.make_member(second);
  a->on_open();
  b->on_open();
  say(io, *a, false, "text");
  say(io, *b, true, std::string("\0\xff", 2));
  const Messages expected = {kGreeting, {false, "text"}, {true, std::string("\0\xff", 2)}};
  CHECK(first.sent == expected);
  CHECK(second.sent == expected);
  CHECK(relayed == Messages{{false, "text"}, {true, std::string("\0\xff", 2)}});
}

TEST_CASE("broadcast: what comes from another gateway is told here and not passed on again") {
  asio::io_context io;
  WriteRound round(io.get_executor());
  BroadcastRoom room(round);
  int relayed = 0;
  room.set_relay([&relayed](bool, const std::string&) { ++relayed; });
  Wire wire;
  const auto member = room.make_member(wire);
  member->on_open();
  room.tell_all(false, "from afar");
  run(io);
  CHECK(wire.sent == Messages{kGreeting, {false, "from afar"}});
  CHECK(relayed == 0);
}

TEST_CASE("broadcast: whoever left hears no more") {
  asio::io_context io;
  WriteRound round(io.get_executor());
  BroadcastRoom room(round);
  Wire gone;
  Wire here;
  const auto a = room.make_member(gone);
  const auto b = room.make_member(here);
  a->on_open();
  b->on_open();
  a->on_closed();
  room.tell_all(false, "x");
  run(io);
  CHECK(gone.sent == Messages{kGreeting});
  CHECK(here.sent == Messages{kGreeting, {false, "x"}});
  CHECK(room.size() == 1);
}

TEST_CASE("broadcast: whoever comes hears nothing that was said before") {
  asio::io_context io;
  WriteRound round(io.get_executor());
  BroadcastRoom room(round);
  Wire early;
  Wire late;
  const auto a = room.make_member(early);
  const auto b = room.make_member(late);
  a->on_open();
  room.tell_all(false, "before");
  b->on_open();
  room.tell_all(false, "after");
  run(io);
  CHECK(early.sent == Messages{kGreeting, {false, "before"}, {false, "after"}});
  CHECK(late.sent == Messages{kGreeting, {false, "after"}});
}
