// Whoever gave a callback_url is told, whatever dies on the way; and nobody is who must not be.

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <signal.h>

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "proto/codec.hpp"
#include "tests/e2e/cluster.hpp"
#include "tests/support/http_receiver.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

const std::string kKey = "0123456789abcdef0123456789abcdef";
const Environment kOpen = {"PUSHJUDGE_CALLBACKS_ALLOW=127.0.0.1"};

ClusterOptions with_callbacks() {
  ClusterOptions options;
  options.languages = {"bash"};
  options.gateway_arguments = {"--callbacks-allow", "127.0.0.1", "--callbacks-backoff-ms", "50"};
  return options;
}

HttpReceiver::Script always(GivenAnswer answer) {
  return [answer](const ReceivedRequest&, std::size_t) { return answer; };
}

// The first request is answered in one way, and all that follow in another.
HttpReceiver::Script first_then(GivenAnswer first, GivenAnswer others) {
  return [first, others](const ReceivedRequest&, std::size_t number) { return number == 1 ? first : others; };
}

json job_to(const std::string& url, const std::string& source = "echo out; echo err >&2") {
  return {{"language", "bash"}, {"source_code", source}, {"callback_url", url}};
}

std::string token_of(const json& accepted) {
  return accepted.at("token");
}

json shown(const Cluster& cluster, const std::string& token) {
  const auto reply = cluster.client().request("GET", "/submissions/" + token + "?base64_encoded=true");
  REQUIRE(reply);
  return json::parse(reply->body);
}

bool says(const Cluster& cluster, const std::string& process, const std::string& line) {
  return eventually([&] { return cluster.log(process).find(line) != std::string::npos; });
}

int lines(const std::string& log, const std::string& event) {
  int count = 0;
  for (std::size_t at = log.find(event); at != std::string::npos; at = log.find(event, at + 1)) ++count;
  return count;
}

// By the key alone, as a receiver does it.
std::string signature_of(const ReceivedRequest& request) {
  const std::string text =
      request.header("webhook-id") + "." + request.header("webhook-timestamp") + "." + request.body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  ::HMAC(EVP_sha256(), kKey.data(), static_cast<int>(kKey.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), digest.data(), &size);
  return "v1," + base64_encode({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace

TEST_CASE("callback: a verdict is PUT to its callback_url, once, signed, as GET shows it in base64") {
  auto options = with_callbacks();
  options.gateways = 2;
  options.gateway_arguments.insert(options.gateway_arguments.end(),
                                   {"--callbacks-secret", "whsec_" + base64_encode(kKey)});
  const Cluster cluster(options);
  HttpReceiver receiver(always({.status = 204}));
  std::set<std::string> tokens;
  for (int i = 0; i < 3; ++i) tokens.insert(token_of(cluster.submit(job_to(receiver.url("/hook?course=7")), i % 2)));
  REQUIRE(receiver.wait_for(3));
  std::set<std::string> told;
  for (const ReceivedRequest& request : receiver.requests()) {
    const json body = json::parse(request.body);
    const std::string token = token_of(body);
    told.insert(token);
    CHECK(request.method == "PUT");
    CHECK(request.target == "/hook?course=7");
    CHECK(request.header("Content-Type") == "application/json");
    CHECK(request.header("User-Agent").starts_with("pushjudge/"));
    CHECK(request.header("webhook-id") == token);
    CHECK(request.header("webhook-signature") == signature_of(request));
    CHECK(body == shown(cluster, token));
    CHECK(body.at("stdout") == base64_encode("out\n"));
    CHECK(body.at("status").at("description") == "Accepted");
  }
  CHECK(told == tokens);
  const auto delivered = [&] {
    return lines(cluster.log("api-0"), "callback_delivered") + lines(cluster.log("api-1"), "callback_delivered");
  };
  CHECK(eventually([&] { return delivered() == 3; }));
  // Both gateways hear of each that is due. Whatever was due before this one has been asked for by both.
  cluster.submit(job_to(receiver.url("/last")));
  CHECK(eventually([&] { return delivered() == 4; }));
  CHECK(receiver.requests().size() == 4);
}

TEST_CASE("callback: every way to end is told, also one that no worker had a part in") {
  Cluster cluster(with_callbacks());
  HttpReceiver receiver(always({}));
  const auto verdict_told = [&](const json& accepted, std::size_t count) {
    REQUIRE(receiver.wait_for(count));
    const json body = json::parse(receiver.requests().back().body);
    CHECK(body.at("token") == accepted.at("token"));
    return body.at("verdict").get<std::string>();
  };
  CHECK(verdict_told(cluster.submit(job_to(receiver.url("/"), "exit 3")), 1) == "runtime_error");
  json slow = job_to(receiver.url("/"), "while :; do :; done");
  slow["cpu_time_limit"] = 0.1;
  CHECK(verdict_told(cluster.submit(slow), 2) == "time_limit_exceeded");
  json wrong = job_to(receiver.url("/"));
  wrong["expected_output"] = "other";
  CHECK(verdict_told(cluster.submit(wrong), 3) == "wrong_answer");
  cluster.worker(0).signal(SIGTERM);
  CHECK(cluster.worker(0).wait() == 0);
  const json waiting = cluster.submit(job_to(receiver.url("/")));
  REQUIRE(cluster.client().cancel(token_of(waiting)));
  CHECK(verdict_told(waiting, 4) == "cancelled");
}

TEST_CASE("callback: what is answered with an error is tried again, under the same id, until it is taken") {
  const Cluster cluster(with_callbacks());
  HttpReceiver receiver(first_then({.status = 500}, {.status = 200}));
  const std::string token = token_of(cluster.submit(job_to(receiver.url("/"))));
  REQUIRE(receiver.wait_for(2));
  const auto requests = receiver.requests();
  CHECK(requests[0].header("webhook-id") == token);
  CHECK(requests[1].header("webhook-id") == token);
  CHECK(requests[0].body == requests[1].body);
  CHECK(says(cluster, "api-0", "callback_put_off token=" + token));
  CHECK(says(cluster, "api-0", "callback_delivered token=" + token));
  CHECK(receiver.requests().size() == 2);
}

TEST_CASE("callback: one that wants no more is asked no more") {
  const Cluster cluster(with_callbacks());
  HttpReceiver receiver(always({.status = 410}));
  const std::string token = token_of(cluster.submit(job_to(receiver.url("/secret-path"))));
  CHECK(says(cluster, "api-0", "callback_given_up token=" + token));
  CHECK(receiver.requests().size() == 1);
  // What the URL holds beyond the host is not told to the log.
  CHECK(cluster.log("api-0").find("secret-path") == std::string::npos);
}

TEST_CASE("callback: a receiver that was away is told when it is back, though the core was killed meanwhile") {
  Cluster cluster(with_callbacks());
  const auto port = HttpReceiver(always({})).port();
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/";
  const std::string token = token_of(cluster.submit(job_to(url)));
  REQUIRE(says(cluster, "api-0", "callback_put_off token=" + token));
  cluster.restart_core();
  HttpReceiver receiver(always({}), port);
  REQUIRE(receiver.wait_for(1));
  CHECK(receiver.requests()[0].header("webhook-id") == token);
}

TEST_CASE("callback: a gateway is killed in the middle, and another one delivers") {
  auto options = with_callbacks();
  options.queue_arguments.insert(options.queue_arguments.end(), {"--callback-lease-ms", "1000"});
  Cluster cluster(options);
  HttpReceiver receiver(first_then({.manner = Manner::silence}, {}));
  const std::string token = token_of(cluster.submit(job_to(receiver.url("/"))));
  REQUIRE(receiver.wait_for(1));
  cluster.gateway(0).kill();
  cluster.add_gateway();
  REQUIRE(receiver.wait_for(2));
  CHECK(receiver.requests()[1].header("webhook-id") == token);
  CHECK(says(cluster, "api-1", "callback_delivered token=" + token));
}

TEST_CASE("callback: a gateway that stops gives back what it has, and another one delivers at once") {
  Cluster cluster(
      with_callbacks());  // the core leaves a callback to a gateway for a minute, which is longer than we wait
  HttpReceiver receiver(first_then({.manner = Manner::silence}, {}));
  const std::string token = token_of(cluster.submit(job_to(receiver.url("/"))));
  REQUIRE(receiver.wait_for(1));
  cluster.gateway(0).signal(SIGTERM);
  CHECK(cluster.gateway(0).wait() == 0);
  cluster.add_gateway();
  REQUIRE(receiver.wait_for(2));
  CHECK(receiver.requests()[1].header("webhook-id") == token);
}

TEST_CASE("callback: a gateway stops in good order with a callback under way, also while the core is away") {
  Cluster cluster(with_callbacks());
  HttpReceiver receiver(always({.manner = Manner::silence}));
  cluster.submit(job_to(receiver.url("/")));
  REQUIRE(receiver.wait_for(1));
  cluster.kill_core();
  cluster.gateway(0).signal(SIGTERM);
  CHECK(cluster.gateway(0).wait() == 0);
}

TEST_CASE("callback: a redirect is not followed") {
  const Cluster cluster(with_callbacks());
  HttpReceiver inner(always({}));
  HttpReceiver outer(first_then({.status = 302, .headers = {"Location: " + inner.url("/")}}, {}));
  cluster.submit(job_to(outer.url("/")));
  CHECK(outer.wait_for(2));
  CHECK(inner.connections() == 0);
}

TEST_CASE("callback: a receiver that answers without end, or hardly at all, holds nobody up") {
  auto options = with_callbacks();
  options.gateway_arguments.insert(options.gateway_arguments.end(), {"--callbacks-timeout", "40"});
  const Cluster cluster(options);
  HttpReceiver slow(always({.manner = Manner::slow_head}));
  HttpReceiver endless(always({.manner = Manner::endless_body}));
  HttpReceiver quick(always({}));
  constexpr std::size_t kMany = 20;
  for (std::size_t i = 0; i < kMany; ++i) cluster.submit(job_to(slow.url("/"), "true"));
  const std::string token = token_of(cluster.submit(job_to(endless.url("/"), "true")));
  REQUIRE(slow.wait_for(8));  // as many as one host is sent at a time
  cluster.submit(job_to(quick.url("/"), "true"));
  CHECK(quick.wait_for(1));  // long before any of these is over
  CHECK(says(cluster, "api-0", "callback_delivered token=" + token));
}

TEST_CASE("callback: what leads inside is refused when it is sent in") {
  ClusterOptions options;
  options.languages = {"bash"};
  const Cluster cluster(options);
  HttpReceiver receiver(always({}));
  const std::string port = ":" + std::to_string(receiver.port()) + "/";
  const auto refused = [&](const std::string& url) {
    const auto reply =
        cluster.client().request("POST", "/submissions", {{"Content-Type", "application/json"}}, job_to(url).dump());
    REQUIRE(reply);
    CAPTURE(url);
    CHECK(reply->status == 422);
    return json::parse(reply->body);
  };
  const json loopback = {{"callback_url", {"leads to 127.0.0.1, which is a loopback address"}}};
  for (const char* host : {"127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1"}) {
    CHECK(refused("http://" + (host + port)) == loopback);
  }
  for (const char* url :
       {"http://localhost/", "http://[::1]/", "http://0.0.0.0/", "http://169.254.169.254/latest", "http://10.0.0.1/",
        "file:///etc/passwd", "gopher://example.org/", "http://good@127.0.0.1/", "http://example.org/\r\nX: 1"}) {
    CHECK(refused(url).contains("callback_url"));
  }
  CHECK(receiver.connections() == 0);
}

TEST_CASE("callback: what leads inside is not called either, and given up") {
  auto options = with_callbacks();
  options.gateway_arguments = {};
  Cluster cluster(options);
  HttpReceiver receiver(always({}));
  cluster.worker(0).signal(SIGTERM);
  CHECK(cluster.worker(0).wait() == 0);
  // Taken in where it is allowed, and called from where it is not.
  const int lenient = cluster.add_gateway(kOpen);
  const bool knows_languages = eventually([&] {
    const auto languages = cluster.client(lenient).languages();
    return languages && !languages->empty();
  });
  REQUIRE(knows_languages);
  const std::string token = token_of(cluster.submit(job_to(receiver.url("/")), lenient));
  cluster.gateway(lenient).kill();
  cluster.add_worker();
  REQUIRE(says(cluster, "api-0", "callback_given_up token=" + token));
  CHECK(cluster.log("api-0").find("leads to 127.0.0.1, which is a loopback address") != std::string::npos);
  CHECK(receiver.connections() == 0);
}
