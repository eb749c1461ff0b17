// HTTP/1.1 on the wire: framing, limits, order, and what happens to those who do not keep to it.

#include <doctest/doctest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/conformance/site.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(more) + "\r\n";
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("http: pipelined requests are answered in their order, on one connection") {
  const Site site;
  const RawConnection connection(site.url());
  REQUIRE(
      connection.send(get("/version") + get("/nowhere") + get("/about") + get("/version", "Connection: close\r\n")));
  const std::string answers = connection.read_until_closed();
  const std::size_t first = answers.find("200 OK");
  const std::size_t second = answers.find("404 Not Found");
  const std::size_t third = answers.find("server_version");
  CHECK(count(answers, "HTTP/1.1 ") == 4);
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third < answers.rfind("1.13.1"));
}

TEST_CASE("http: a request that is malformed is answered with 400 and the connection closed") {
  const Site site;
  for (const std::string& request : {
           std::string("NONSENSE\r\n\r\n"),
           std::string("GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
           std::string("GET  HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("GET version HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\n\r\n"),  // no Host
           std::string("GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n"),
           std::string("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n"),
           std::string("POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
           std::string("POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
           std::string("POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
                       "\r\n0\r\n\r\n"),
           std::string("POST /submissions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
       }) {
    CAPTURE(request);
    const RawConnection connection(site.url());
    REQUIRE(connection.send(request));
    const std::string answer = connection.read_until_closed();
    CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(has(answer, "\"error\":"));
    CHECK(has(answer, "Connection: close"));
    CHECK(count(answer, "HTTP/1.1 ") == 1);
  }
}

TEST_CASE("http: a header over the limit is 431, a body over it 413, and neither is read to its end") {
  const Site site({"--header-bytes-max", "2048", "--body-bytes-max", "4096"});
  SUBCASE("header") {
    const RawConnection connection(site.url());
    connection.send(get("/", "X-Long: " + std::string(100'000, 'x') + "\r\n"));
    CHECK(connection.read_until_closed().starts_with("HTTP/1.1 431 "));
  }
  SUBCASE("body with a length") {
    const RawConnection connection(site.url());
    connection.send("POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nabc");
    const std::string answer = connection.read_until("Payload Too Large\"}");
    CHECK(answer.starts_with("HTTP/1.1 413 Payload Too Large\r\n"));
    CHECK(has(answer, R"({"status":413,"error":"Payload Too Large"})"));
  }
  SUBCASE("body in chunks") {
    const RawConnection connection(site.url());
    connection.send("POST /submissions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 8; ++i) connection.send("400\r\n" + std::string(1'024, 'x') + "\r\n");
    CHECK(connection.read_until_closed().starts_with("HTTP/1.1 413 "));
  }
  SUBCASE("a body at the limit is read") {
    auto client = site.client();
    const auto reply =
        client.request("POST", "/submissions", {{"Content-Type", "application/json"}}, std::string(4'096, ' '));
    REQUIRE(reply);
    CHECK(reply->status == 400);
  }
}

TEST_CASE("http: whoever sends too slowly is cut, whoever says nothing too") {
  const Site site({"--header-timeout-ms", "150", "--body-timeout-ms", "150", "--idle-timeout-ms", "150"});
  for (const char* begun : {"", "GET / HT", "POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"}) {
    CAPTURE(begun);
    const RawConnection connection(site.url());
    connection.send(begun);
    CHECK(connection.read_until_closed().empty());
  }
}

TEST_CASE("http: a client that asks first is told to go on, and one that sends too much is not") {
  const Site site({"--body-bytes-max", "4096"});
  const RawConnection small(site.url());
  small.send("POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK(small.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  small.send("{}");
  CHECK(has(small.read_until("\r\n"), "HTTP/1.1 "));
  const RawConnection large(site.url());
  large.send("POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n");
  CHECK(large.read_until_closed().starts_with("HTTP/1.1 413 "));
}

TEST_CASE("http: HEAD is GET without the body") {
  const Site site;
  const RawConnection connection(site.url());
  connection.send("HEAD /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = connection.read_until_closed();
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(has(answer, "Content-Length: 6\r\n"));
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("http: HTTP/1.0 is answered and closed") {
  const Site site;
  const RawConnection connection(site.url());
  connection.send("GET /version HTTP/1.0\r\n\r\n");
  CHECK(connection.read_until_closed().ends_with("1.13.1"));
}

TEST_CASE("http: every answer names the server, allows any origin, and 405 says what is allowed") {
  const Site site;
  auto client = site.client();
  const auto wrong = client.request("DELETE", "/languages");
  REQUIRE(wrong);
  CHECK(wrong->status == 405);
  CHECK(wrong->header("Allow") == "GET, HEAD, OPTIONS");
  CHECK(wrong->header("Server").starts_with("pushjudge/"));
  CHECK(wrong->header("Access-Control-Allow-Origin") == "*");
  const auto preflight = client.request("OPTIONS", "/submissions", {{"Access-Control-Request-Method", "POST"}});
  REQUIRE(preflight);
  CHECK(preflight->status == 204);
  const auto plain = client.request("GET", "/ws");
  REQUIRE(plain);
  CHECK(plain->status == 426);
  CHECK(plain->header("Upgrade") == "websocket");
  const auto many = client.request("TRACE", "/version");
  REQUIRE(many);
  CHECK(many->status == 405);
}

TEST_CASE("http: over the bound on connections a new one is told so") {
  const Site site({"--connections-max", "2"});
  const RawConnection first(site.url());
  const RawConnection second(site.url());
  REQUIRE(first.send(get("/version")));
  REQUIRE(second.send(get("/version")));
  first.read_until("1.13.1");
  second.read_until("1.13.1");
  const RawConnection third(site.url());
  CHECK(third.read_until_closed().starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
}

TEST_CASE("http: bodies in work share a budget, over which the answer is to come back later") {
  const Site site({"--bodies-bytes-max", "150000"});
  const RawConnection slow(site.url());
  slow.send("POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n");
  slow.read_until("\r\n\r\n");
  auto client = site.client();
  const auto refused = client.request("POST", "/submissions", {}, std::string(100'000, ' '));
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(refused->header("Retry-After") == "1");
  slow.send(std::string(100'000, ' '));
  CHECK(slow.read_until("\r\n").starts_with("HTTP/1.1 400"));
  CHECK(eventually([&client] {
    const auto reply = client.request("POST", "/submissions", {}, std::string(100'000, ' '));
    return reply && reply->status == 400;
  }));
}

TEST_CASE("http: the same submission comes by JSON, by form and by query") {
  const Site site;
  const ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto client = site.client();
  struct Row {
    const char* target;
    const char* type;
    const char* body;
  };
  for (const Row& row : {Row{"/submissions", "application/json", R"({"source_code":"a b","language_id":"54"})"},
                         Row{"/submissions/", "application/x-www-form-urlencoded", "source_code=a+b&language_id=54"},
                         Row{"/submissions?source_code=a%20b&language_id=54", "", ""},
                         Row{"/submissions?base64_encoded=true", "application/json",
                             R"({"source_code":"YSBi","language":"scripted"})"}}) {
    CAPTURE(row.target);
    client::Headers headers;
    if (*row.type != '\0') headers.push_back({"Content-Type", row.type});
    const auto reply = client.request("POST", row.target, headers, row.body);
    REQUIRE(reply);
    CHECK(reply->status == 201);
    const json accepted = json::parse(reply->body);
    CHECK(accepted["channel"] == "submission:" + accepted["token"].get<std::string>());
    CHECK(accepted["seq"].get<int>() >= 1);
    const auto found = client.get(accepted["token"].get<std::string>(), "source_code,language_id,status");
    REQUIRE(found);
    CHECK((*found)["source_code"] == "a b");
    CHECK((*found)["language_id"] == 54);
    CHECK(found->size() == 3);
  }
  const auto refused = client.request("POST", "/submissions", {{"Content-Type", "text/plain"}}, "x");
  REQUIRE(refused);
  CHECK(refused->status == 415);
  const auto unknown = client.request("POST", "/submissions?fields=foo", {}, "{}");
  REQUIRE(unknown);
  CHECK(unknown->status == 400);
  CHECK(unknown->body == R"({"error":"invalid fields: [foo]"})");
}

TEST_CASE("http: wait=true that takes too long is answered with what there is") {
  const Site site({"--wait-max-ms", "300"});
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto client = site.client();
  const json attributes = {{"source_code", "x"}, {"language", "scripted"}};
  const auto unfinished = client.submit(attributes, true);
  REQUIRE(unfinished);
  CHECK((*unfinished)["status"]["id"].get<int>() <= 2);
  REQUIRE(worker.finish_next("late"));
}

TEST_CASE("http: without a core there is a clear 503, and health says down") {
  const TemporaryFolder folder;
  const std::string port_file = folder.file("port");
  Process gateway({std::string(PJ_BIN_DIR) + "/pushjudge-api", "--queue", "ipc://" + folder.file("nobody"), "--port",
                   "0", "--port-file", port_file},
                  folder.path() / "log");
  REQUIRE(eventually([&] { return std::filesystem::exists(port_file); }));
  std::string port = read_file(port_file);
  port.pop_back();
  client::Client client({"127.0.0.1", port});
  const auto health = client.request("GET", "/health");
  REQUIRE(health);
  CHECK(health->status == 503);
  CHECK(json::parse(health->body)["status"] == "down");
  const auto refused = client.request("POST", "/submissions", {}, R"({"source_code":"x","language_id":54})");
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(refused->header("Retry-After") == "1");
  CHECK(json::parse(refused->body).contains("error"));
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
}
