// Server-Sent Events: their text, and one stream of them over a real connection.

#include "api/event_stream.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <functional>

#include "api/sse_session.hpp"
#include "api/tcp.hpp"

using namespace pushjudge;
namespace asio = boost::asio;

namespace {

struct User final : SocketUser {
  explicit User(Socket& over) : socket(over) {}
  void on_open() override {
    for (const std::string& event : offered) socket.offer(make_chunk(event));
    for (const std::string& event : first) socket.send(make_chunk(event));
    if (close_code != 0) socket.close(close_code, "");
  }
  void on_message(bool, std::string) override {}
  void on_closed() override { ++closed; }

  Socket& socket;
  std::vector<std::string> offered;
  std::vector<std::string> first;
  std::uint16_t close_code = 0;
  int closed = 0;
};

// A gateway with one stream, and its reader.
struct Stream {
  explicit Stream(Config settings, std::vector<std::string> first = {}, std::uint16_t close_code = 0,
                  bool chunked = true, std::vector<std::string> offered = {})
      : config(std::move(settings)) {
    TcpAcceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    reader.connect(acceptor.local_endpoint());
    reader.non_blocking(true);
    const auto make_user = [&](Socket& socket) {
      user = std::make_shared<User>(socket);
      user->offered = std::move(offered);
      user->first = std::move(first);
      user->close_code = close_code;
      return user;
    };
    start_event_stream(acceptor.accept(), chunked, make_user, context);
  }
  ~Stream() {
    connections.cut();
    until([this] { return connections.empty(); });
  }

  // False: it did not become true in time.
  bool until(const std::function<bool()>& condition) {
    for (const auto deadline = Steady::now() + std::chrono::seconds(20); !condition();) {
      if (Steady::now() > deadline) return false;
      io.restart();
      io.run_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  // Reads until the stream has ended or `enough` has come.
  std::string read(std::string_view enough = "") {
    std::string all;
    until([&] {
      std::array<char, 4096> buffer{};
      boost::system::error_code failed;
      all.append(buffer.data(), reader.read_some(asio::buffer(buffer), failed));
      broken = failed == asio::error::connection_reset;
      return failed == asio::error::eof || broken || (!enough.empty() && all.find(enough) != std::string::npos);
    });
    return all;
  }

  Config config;
  asio::io_context io;
  Connections connections{10};
  Budget bodies{0};
  WriteRound round{io.get_executor()};
  Admission admission{Admission::Options()};
  Router router{admission};
  SessionContext context{config, router, admission, connections, bodies, round, nullptr, nullptr};
  TcpSocket reader{io};
  std::shared_ptr<User> user;
  bool broken = false;
};

}  // namespace

TEST_CASE("event stream: an event is its id, its name and its data; ids say where one stands in the log") {
  CHECK(stream_event("e1:4", "finished", "{}") == "id: e1:4\nevent: finished\ndata: {}\n\n");
  CHECK(stream_event("", "ping", "1") == "event: ping\ndata: 1\n\n");
  CHECK(stream_id("9f3c", 17) == "9f3c:17");
  const auto since = parse_stream_id("9f3c:17");
  REQUIRE(since);
  CHECK(since->epoch == "9f3c");
  CHECK(since->seq == 17);
  CHECK(parse_stream_id("a:b:3")->epoch == "a:b");
  CHECK(parse_stream_id("0")->epoch.empty());
  for (const char* bad : {"", "9f3c", ":1", "9f3c:", "9f3c:-1", "9f3c:1x", "9f3c: 1", "9f3c:9223372036854775808"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_stream_id(bad));
  }
}

TEST_CASE("event stream: the header of a reader that comes back goes before the parameter of its first time") {
  Request request;
  CHECK_FALSE(last_event_id_of(request)->has_value());
  request.query.add("last_event_id", "e:1");
  CHECK((*last_event_id_of(request))->seq == 1);
  request.headers.push_back({"last-event-id", ""});
  CHECK((*last_event_id_of(request))->seq == 1);
  request.headers[0].value = "e:2";
  CHECK((*last_event_id_of(request))->seq == 2);
  request.headers[0].value = "nonsense";
  CHECK_FALSE(last_event_id_of(request));
}

TEST_CASE("event stream: close() ends the response after what waits") {
  SUBCASE("HTTP/1.1") {
    Stream stream({}, {"abc\n\n", "def\n\n"}, 1000);
    CHECK(stream.read() == "5\r\nabc\n\n\r\n5\r\ndef\n\n\r\n0\r\n\r\n");
    stream.reader.close();
    CHECK(stream.until([&] { return stream.user->closed == 1; }));
  }
  SUBCASE("HTTP/1.0") {
    Stream stream({}, {"abc\n\n", "def\n\n"}, 1000, false);
    CHECK(stream.read() == "abc\n\ndef\n\n:\n\n");
  }
}

TEST_CASE("event stream: a quiet one is kept open by comments") {
  Config config;
  config.sse_ping = std::chrono::milliseconds(5);
  Stream stream(config);
  CHECK(stream.read("3\r\n:\n\n\r\n3\r\n:\n\n\r\n").starts_with("d\r\nretry: 1000\n\n\r\n"));
  stream.user->socket.send(make_chunk("late\n\n"));
  stream.read("6\r\nlate\n\n\r\n");
}

TEST_CASE("event stream: whoever does not read is cut, and his user hears of it once") {
  Config config;
  SUBCASE("more messages than may wait") {
    config.ws_outbox_frames_max = 10;
  }
  SUBCASE("more bytes than may wait") {
    config.ws_outbox_bytes_max = 10'000;
  }
  Stream stream(config, std::vector<std::string>(20, std::string(1'000, 'x')));
  CHECK(stream.until([&] { return stream.connections.empty(); }));
  CHECK(stream.user->closed == 1);
  stream.user.reset();
  stream.read();
  CHECK(stream.broken);
}

TEST_CASE("event stream: what is only offered takes half of the room, and what is sent behind it still gets through") {
  Config config;
  std::size_t taken = 0;
  SUBCASE("of the messages that may wait") {
    config.ws_outbox_frames_max = 10;
    taken = 5;
  }
  SUBCASE("of the bytes that may wait") {
    config.ws_outbox_bytes_max = 10'000;
    taken = 5;
  }
  const std::vector<std::string> offered(20, std::string(1'000, 'x'));
  Stream stream(config, std::vector<std::string>(4, "sent\n\n"), 1000, true, offered);
  const std::string all = stream.read();
  CHECK(static_cast<std::size_t>(std::count(all.begin(), all.end(), 'x')) == taken * 1'000);
  CHECK(all.ends_with("6\r\nsent\n\n\r\n0\r\n\r\n"));
  CHECK_FALSE(stream.broken);
}

TEST_CASE("event stream: a write that the reader never takes has a deadline") {
  Config config;
  config.write_timeout = std::chrono::milliseconds(100);
  Stream stream(config, {std::string(16 << 20, 'x')});  // more than the kernel keeps; it goes through alone
  CHECK(stream.until([&] { return stream.connections.empty(); }));
  CHECK(stream.user->closed == 1);
}

TEST_CASE("event stream: a gateway that stops says when to come back, and ends") {
  Stream stream({});
  stream.read("1000\n\n");
  stream.connections.drain();
  stream.user->socket.send(make_chunk("too late\n\n"));
  const std::string end = stream.read();
  CHECK(end.find("retry: ") != std::string::npos);
  CHECK(end.find("late") == std::string::npos);
  CHECK(end.ends_with("\r\n0\r\n\r\n"));
}

TEST_CASE("event stream: a reader that goes away is noticed at once, and what it says before is not read") {
  Stream stream({});
  stream.reader.write_some(asio::buffer("GET / HTTP/1.1\r\n\r\n", 18));
  stream.user->socket.send(make_chunk("abc\n\n"));
  stream.read("abc");
  CHECK(stream.user->closed == 0);
  stream.reader.close();
  CHECK(stream.until([&] { return stream.connections.empty(); }));
  CHECK(stream.user->closed == 1);
}
