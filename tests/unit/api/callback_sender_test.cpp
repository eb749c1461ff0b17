#include "api/callback_sender.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/support/http_receiver.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using std::chrono::milliseconds;

namespace {

namespace asio = boost::asio;
using Kind = CallbackAnswer::Kind;

CallbackSenderOptions to_loopback() {
  CallbackSenderOptions options;
  options.guard = CallbackGuard({*AddressRange::parse("127.0.0.1")});
  return options;
}

CallbackSenderOptions impatient() {
  CallbackSenderOptions options = to_loopback();
  options.timeout = milliseconds(300);
  return options;
}

CallbackRequest request_to(const std::string& url) {
  return {url, {"webhook-id: 1"}, R"({"token":"t"})"};
}

// The answers to these, in the order in which they were sent.
std::vector<CallbackAnswer> send_all(std::vector<CallbackRequest> requests, const CallbackSenderOptions& options) {
  asio::io_context io;
  CallbackSender sender(io.get_executor(), options);
  std::vector<CallbackAnswer> answers(requests.size());
  std::size_t answered = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    sender.send(std::move(requests[i]), [&, i](CallbackAnswer answer) {
      answers[i] = std::move(answer);
      ++answered;
    });
  }
  io.run_for(std::chrono::seconds(30));  // ends when all is answered
  REQUIRE(answered == answers.size());
  return answers;
}

CallbackAnswer send_to(const std::string& url, const CallbackSenderOptions& options = to_loopback()) {
  return send_all({request_to(url)}, options).front();
}

HttpReceiver::Script always(GivenAnswer answer) {
  return [answer](const ReceivedRequest&, std::size_t) { return answer; };
}

// A port of the loopback on which nobody listens.
std::uint16_t closed_port() {
  return HttpReceiver(always({})).port();
}

}  // namespace

TEST_CASE("callback sender: it is a PUT of the body with the headers, and the status is the answer") {
  HttpReceiver receiver(always({.status = 204}));
  const auto answer = send_to(receiver.url("/hook/../x?a=b%20c#part"));
  CHECK(answer.kind == Kind::answered);
  CHECK(answer.status == 204);
  REQUIRE(receiver.requests().size() == 1);
  const auto received = receiver.requests()[0];
  CHECK(received.method == "PUT");
  CHECK(received.target == "/hook/../x?a=b%20c");
  CHECK(received.body == R"({"token":"t"})");
  CHECK(received.header("Content-Type") == "application/json");
  CHECK(received.header("User-Agent") == "pushjudge/" PJ_VERSION);
  CHECK(received.header("webhook-id") == "1");
  CHECK(received.header("Expect") == "");
  CHECK(received.header("Host") == "127.0.0.1:" + std::to_string(receiver.port()));
}

TEST_CASE("callback sender: a body of megabytes arrives whole") {
  HttpReceiver receiver(always({}));
  CallbackRequest request = request_to(receiver.url("/"));
  request.body = std::string(8 << 20, 'b');
  CHECK(send_all({request}, to_loopback()).front().status == 200);
  CHECK(receiver.requests().at(0).body == request.body);
}

TEST_CASE("callback sender: what a receiver says of when to come again is told") {
  HttpReceiver receiver(always({.status = 503, .headers = {"Retry-After: 120"}}));
  const auto answer = send_to(receiver.url("/"));
  CHECK(answer.status == 503);
  CHECK(answer.retry_after == std::chrono::seconds(120));
  HttpReceiver nonsense(always({.status = 503, .headers = {"Retry-After: soon"}}));
  CHECK(!send_to(nonsense.url("/")).retry_after);
}

TEST_CASE("callback sender: who does not listen, hangs up, or speaks something else is no answer") {
  const auto refused = send_to("http://127.0.0.1:" + std::to_string(closed_port()) + "/");
  CHECK(refused.kind == Kind::failed);
  CHECK(refused.reason == "Couldn't connect to server");
  HttpReceiver rude(always({.manner = Manner::hang_up}));
  CHECK(send_to(rude.url("/")).kind == Kind::failed);
  CHECK(send_to("http://no-such-host.invalid/").kind == Kind::failed);
}

TEST_CASE("callback sender: a receiver that says nothing, or its head a byte at a time, has until the timeout") {
  for (const Manner manner : {Manner::silence, Manner::slow_head}) {
    HttpReceiver receiver(always({.manner = manner}));
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = send_to(receiver.url("/"), impatient());
    CHECK(answer.kind == Kind::failed);
    CHECK(answer.reason == "Timeout was reached");
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
  }
}

TEST_CASE("callback sender: a head without end is cut off long before the timeout") {
  HttpReceiver receiver(always({.manner = Manner::endless_head}));
  const auto answer = send_to(receiver.url("/"));
  CHECK(answer.kind == Kind::failed);
  CHECK(answer.reason == "the head of the response is too long");
}

TEST_CASE("callback sender: whoever has answered with its head has answered, however its body goes on") {
  for (const Manner manner : {Manner::endless_body, Manner::slow_body}) {
    HttpReceiver receiver(always({.status = 201, .manner = manner}));
    const auto answer = send_to(receiver.url("/"), impatient());
    CHECK(answer.kind == Kind::answered);
    CHECK(answer.status == 201);
  }
  // Cut off by its length, and not by the time.
  HttpReceiver receiver(always({.status = 500, .manner = Manner::endless_body}));
  auto patient = to_loopback();
  patient.timeout = std::chrono::seconds(60);
  CHECK(send_to(receiver.url("/"), patient).status == 500);
}

TEST_CASE("callback sender: a slow receiver holds nobody else up") {
  HttpReceiver slow(always({.manner = Manner::silence}));
  HttpReceiver quick(always({}));
  asio::io_context io;
  CallbackSender sender(io.get_executor(), to_loopback());
  std::vector<std::string> order;
  sender.send(request_to(slow.url("/")), [&](const CallbackAnswer&) { order.emplace_back("slow"); });
  REQUIRE(slow.wait_for(1));
  sender.send(request_to(quick.url("/")), [&](const CallbackAnswer&) {
    order.emplace_back("quick");
    sender.abort();
  });
  io.run_for(std::chrono::seconds(30));
  CHECK(order == std::vector<std::string>{"quick", "slow"});
}

TEST_CASE("callback sender: one receiver is called again over the same connection, also where that has ended since") {
  HttpReceiver receiver([](const ReceivedRequest&, std::size_t number) {
    return GivenAnswer{.headers =
                           number == 2 ? std::vector<std::string>{"Connection: close"} : std::vector<std::string>{}};
  });
  asio::io_context io;
  CallbackSender sender(io.get_executor(), to_loopback());
  for (int i = 0; i < 4; ++i) {
    int status = 0;
    sender.send(request_to(receiver.url("/")), [&](const CallbackAnswer& answer) { status = answer.status; });
    io.restart();
    io.run_for(std::chrono::seconds(30));
    CHECK(status == 200);
  }
  CHECK(receiver.requests().size() == 4);
  CHECK(receiver.connections() == 2);
}

TEST_CASE("callback sender: an address that the guard does not like is never connected to, whatever it is called") {
  HttpReceiver receiver(always({}));
  const std::string port = ":" + std::to_string(receiver.port()) + "/";
  const CallbackSenderOptions guarded;
  for (const char* host : {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
                           "017700000001", "127.0.0.1.", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::]",
                           "good@127.0.0.1", "user:password@127.0.0.1", "[::ffff:7f00:1]"}) {
    CAPTURE(host);
    const auto answer = send_to("http://" + (host + port), guarded);
    CHECK(answer.kind != Kind::answered);
  }
  for (const char* host : {"127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"}) {
    CAPTURE(host);
    const auto answer = send_to("http://" + (host + port), guarded);
    CHECK(answer.kind == Kind::blocked);
    CHECK(answer.reason.ends_with("which is a loopback address"));
  }
  CHECK(send_to("http://169.254.169.254/latest/meta-data", guarded).reason ==
        "leads to 169.254.169.254, which is a link-local address");
  CHECK(receiver.connections() == 0);
}

TEST_CASE("callback sender: a name is judged by what it leads to when the connection is made") {
  // The machine's own name, which leads to an address of its own.
  std::array<char, 256> name{};
  REQUIRE(::gethostname(name.data(), name.size() - 1) == 0);
  HttpReceiver receiver(always({}));
  const auto answer = send_to(receiver.url("/", name.data()), CallbackSenderOptions());
  CHECK(answer.kind != Kind::answered);
  CHECK(receiver.connections() == 0);
}

TEST_CASE("callback sender: other protocols are not spoken") {
  TemporaryFolder folder;
  folder.write("file", "there");
  for (const std::string& url :
       {"file://" + folder.file("file"), std::string("gopher://127.0.0.1/"), std::string("ftp://127.0.0.1/"),
        std::string("ldap://127.0.0.1/"), std::string("dict://127.0.0.1/"), std::string("")}) {
    CAPTURE(url);
    CHECK(send_to(url).kind == Kind::failed);
  }
}

TEST_CASE("callback sender: a proxy of the environment is not used") {
  HttpReceiver proxy(always({}));
  HttpReceiver receiver(always({.status = 202}));
  ::setenv("http_proxy", proxy.url("/").c_str(), 1);
  ::setenv("all_proxy", proxy.url("/").c_str(), 1);
  CHECK(send_to(receiver.url("/")).status == 202);
  ::unsetenv("http_proxy");
  ::unsetenv("all_proxy");
  CHECK(proxy.connections() == 0);
}

TEST_CASE("callback sender: a redirect is an answer, and not followed") {
  HttpReceiver inner(always({}));
  HttpReceiver outer(always({.status = 302, .headers = {"Location: " + inner.url("/")}}));
  CHECK(send_to(outer.url("/")).status == 302);
  CHECK(inner.connections() == 0);
}

TEST_CASE("callback sender: where redirects are followed, each is asked about, and there is an end to them") {
  auto options = to_loopback();
  options.follow_redirects = true;
  HttpReceiver last(always({.status = 202}));
  for (const int status : {301, 302, 307, 308}) {
    const std::size_t before = last.requests().size();
    HttpReceiver first(always({.status = status, .headers = {"Location: " + last.url("/b")}}));
    CHECK(send_to(first.url("/a"), options).status == 202);
    REQUIRE(last.requests().size() == before + 1);
    CHECK(last.requests().back().method == "PUT");
    CHECK(last.requests().back().body == R"({"token":"t"})");
  }
  const auto led_to = [&](const std::string& location) {
    HttpReceiver first(always({.status = 307, .headers = {"Location: " + location}}));
    return send_to(first.url("/"), options);
  };
  const auto inside = led_to("http://169.254.169.254/latest");
  CHECK(inside.kind == Kind::blocked);
  CHECK(inside.reason == "leads to 169.254.169.254, which is a link-local address");
  CHECK(led_to("http://[::1]:" + std::to_string(last.port()) + "/").kind == Kind::blocked);
  CHECK(led_to("file:///etc/passwd").kind == Kind::failed);
  CHECK(led_to("gopher://127.0.0.1/").kind == Kind::failed);

  HttpReceiver circle(always({.status = 302, .headers = {"Location: /"}}));
  const auto lost = send_to(circle.url("/"), options);
  CHECK(lost.kind == Kind::failed);
  CHECK(lost.reason == "Number of redirects hit maximum amount");
  CHECK(circle.requests().size() == 6);
}

TEST_CASE("callback sender: a certificate that nobody vouches for, or of another host, is no answer") {
  const TlsIdentity identity("localhost");
  HttpReceiver receiver(always({}), 0, &identity);
  const auto stranger = send_to(receiver.url("/", "localhost"));
  CHECK(stranger.kind == Kind::failed);
  CHECK(stranger.reason == "SSL peer certificate or SSH remote key was not OK");
  TemporaryFolder folder;
  folder.write("ca.pem", identity.certificate());
  auto trusting = to_loopback();
  trusting.ca_file = folder.file("ca.pem");
  CHECK(send_to(receiver.url("/", "127.0.0.1"), trusting).kind == Kind::failed);
  CHECK(receiver.requests().empty());
  CHECK(send_to(receiver.url("/", "localhost"), trusting).status == 200);
}

TEST_CASE("callback sender: a secure callback is not led to a plain one") {
  const TlsIdentity identity("localhost");
  HttpReceiver plain(always({}));
  HttpReceiver secure(always({.status = 307, .headers = {"Location: " + plain.url("/")}}), 0, &identity);
  TemporaryFolder folder;
  folder.write("ca.pem", identity.certificate());
  auto options = to_loopback();
  options.ca_file = folder.file("ca.pem");
  options.follow_redirects = true;
  CHECK(send_to(secure.url("/", "localhost"), options).kind == Kind::failed);
  CHECK(plain.connections() == 0);
}

TEST_CASE("callback sender: abort answers what is under way, and what comes later is sent") {
  HttpReceiver silent(always({.manner = Manner::silence}));
  HttpReceiver quick(always({}));
  asio::io_context io;
  CallbackSender sender(io.get_executor(), to_loopback());
  std::vector<Kind> kinds;
  for (int i = 0; i < 3; ++i) {
    sender.send(request_to(silent.url("/")), [&](const CallbackAnswer& answer) { kinds.push_back(answer.kind); });
  }
  REQUIRE(silent.wait_for(3));
  sender.abort();
  sender.send(request_to(quick.url("/")), [&](const CallbackAnswer& answer) { kinds.push_back(answer.kind); });
  io.run_for(std::chrono::seconds(30));
  CHECK(kinds == std::vector{Kind::aborted, Kind::aborted, Kind::aborted, Kind::answered});
}

TEST_CASE("callback sender: it ends while something is under way, without an answer") {
  HttpReceiver silent(always({.manner = Manner::silence}));
  asio::io_context io;
  bool answered = false;
  {
    CallbackSender sender(io.get_executor(), to_loopback());
    sender.send(request_to(silent.url("/")), [&](const CallbackAnswer&) { answered = true; });
    REQUIRE(silent.wait_for(1));
  }
  io.run_for(std::chrono::seconds(1));
  CHECK(!answered);
}

TEST_CASE("callback sender: hundreds at a time are each answered once") {
  HttpReceiver receiver(always({}));
  std::vector<CallbackRequest> requests;
  for (int i = 0; i < 200; ++i) requests.push_back(request_to(receiver.url("/" + std::to_string(i))));
  for (const auto& answer : send_all(std::move(requests), to_loopback())) CHECK(answer.status == 200);
  CHECK(receiver.requests().size() == 200);
}
