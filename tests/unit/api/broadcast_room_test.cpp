#include "api/broadcast_room.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <utility>

using namespace pushjudge;
namespace asio = boost::asio;

namespace {

using Messages = std::vector<std::pair<bool, std::string>>;

struct Wire final : Socket {
  void send(SharedText message, bool binary) override { sent.emplace_back(binary, *message); }
  void close(std::uint16_t, std::string_view) override {}
  Messages sent;
};

void say(SocketUser& user, bool binary, std::string data) {
  asio::io_context io;
  asio::co_spawn(io, user.on_message(binary, std::move(data)), asio::detached);
  io.run();
}

const std::pair<bool, std::string> kGreeting{false, "Hello! Message From Server!!"};

}  // namespace

TEST_CASE("broadcast: everybody is greeted, and hears each message with its type, the sender too") {
  BroadcastRoom room;
  Messages relayed;
  room.set_relay([&relayed](bool binary, const std::string& data) { relayed.emplace_back(binary, data); });
  Wire first;
  Wire second;
  const auto a = room.make_member(first);
  const auto b = room.make_member(second);
  a->on_open();
  b->on_open();
  say(*a, false, "text");
  say(*b, true, std::string("\0\xff", 2));
  const Messages expected = {kGreeting, {false, "text"}, {true, std::string("\0\xff", 2)}};
  CHECK(first.sent == expected);
  CHECK(second.sent == expected);
  CHECK(relayed == Messages{{false, "text"}, {true, std::string("\0\xff", 2)}});
}

TEST_CASE("broadcast: what comes from another gateway is told here and not passed on again") {
  BroadcastRoom room;
  int relayed = 0;
  room.set_relay([&relayed](bool, const std::string&) { ++relayed; });
  Wire wire;
  const auto member = room.make_member(wire);
  member->on_open();
  room.tell_all(false, "from afar");
  CHECK(wire.sent == Messages{kGreeting, {false, "from afar"}});
  CHECK(relayed == 0);
}

TEST_CASE("broadcast: whoever left hears no more") {
  BroadcastRoom room;
  Wire gone;
  Wire here;
  const auto a = room.make_member(gone);
  const auto b = room.make_member(here);
  a->on_open();
  b->on_open();
  a->on_closed();
  room.tell_all(false, "x");
  CHECK(gone.sent == Messages{kGreeting});
  CHECK(here.sent == Messages{kGreeting, {false, "x"}});
  CHECK(room.size() == 1);
}
