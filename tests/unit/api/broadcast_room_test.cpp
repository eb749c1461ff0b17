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
  void offer(SharedMessage message) override { send(std::move(message)); }
  void close(std::uint16_t, std::string_view) override {}
  void pause_reading() override {}
  void resume_reading() override {}
  Messages sent;
};

struct Site {
  // Runs what is at hand, and so the round in which all is written.
  void run() {
    io.run();
    io.restart();
  }
  void say(SocketUser& user, bool binary, std::string data) {
    user.on_message(binary, std::move(data));
    run();
  }

  asio::io_context io;
  WriteRound round{io.get_executor()};
  BroadcastRoom room{round};
};

const std::pair<bool, std::string> kGreeting{false, "Hello! Message From Server!!"};

}  // namespace

TEST_CASE("broadcast: everybody is greeted, and hears each message with its type, the sender too") {
  Site site;
  Messages relayed;
  site.room.set_relay([&relayed](bool binary, const std::string& data) { relayed.emplace_back(binary, data); });
  Wire first;
  Wire second;
  const auto a = site.room.make_member(first);
  const auto b = site.room.make_member(second);
  a->on_open();
  b->on_open();
  site.say(*a, false, "text");
  site.say(*b, true, std::string("\0\xff", 2));
  const Messages expected = {kGreeting, {false, "text"}, {true, std::string("\0\xff", 2)}};
  CHECK(first.sent == expected);
  CHECK(second.sent == expected);
  CHECK(relayed == Messages{{false, "text"}, {true, std::string("\0\xff", 2)}});
}

TEST_CASE("broadcast: what comes from another gateway is told here and not passed on again") {
  Site site;
  int relayed = 0;
  site.room.set_relay([&relayed](bool, const std::string&) { ++relayed; });
  Wire wire;
  const auto member = site.room.make_member(wire);
  member->on_open();
  site.room.tell_all(false, "from afar");
  site.run();
  CHECK(wire.sent == Messages{kGreeting, {false, "from afar"}});
  CHECK(relayed == 0);
}

TEST_CASE("broadcast: whoever left hears no more") {
  Site site;
  Wire gone;
  Wire here;
  const auto a = site.room.make_member(gone);
  const auto b = site.room.make_member(here);
  a->on_open();
  b->on_open();
  a->on_closed();
  site.room.tell_all(false, "x");
  site.run();
  CHECK(gone.sent == Messages{kGreeting});
  CHECK(here.sent == Messages{kGreeting, {false, "x"}});
  CHECK(site.room.size() == 1);
}

TEST_CASE("broadcast: whoever comes hears nothing that was said before") {
  Site site;
  Wire early;
  Wire late;
  const auto a = site.room.make_member(early);
  const auto b = site.room.make_member(late);
  a->on_open();
  site.room.tell_all(false, "before");
  b->on_open();
  site.room.tell_all(false, "after");
  site.run();
  CHECK(early.sent == Messages{kGreeting, {false, "before"}, {false, "after"}});
  CHECK(late.sent == Messages{kGreeting, {false, "after"}});
}
