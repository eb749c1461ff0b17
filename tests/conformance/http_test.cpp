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

std::string post(std::string_view body, std::string_view more = "", std::string_view query = "") {
  return "POST /submissions" + std::string(query) + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
         std::string(more) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The statuses of all answers, "200 404".
std::string statuses(const std::string& answers) {
  constexpr std::string_view kLine = "HTTP/1.";
  std::string all;
  for (std::size_t at = answers.find(kLine); at != std::string::npos; at = answers.find(kLine, at + 1)) {
    all += (all.empty() ? "" : " ") + answers.substr(at + kLine.size() + 2, 3);
  }
  return all;
}

std::string without_date(std::string head) {
  const std::size_t at = head.find("Date: ");
  return at == std::string::npos ? head : head.erase(at, head.find("\r\n", at) - at);
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

TEST_CASE("http: answers to pipelined requests keep their order also where one waits for a result") {
  const Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const RawConnection connection(site.url());
  const std::string submission = R"({"source_code":"x","language":"scripted"})";
  REQUIRE(connection.send(get("/version") + post(submission, "", "?wait=true") + get("/nowhere") + post("{", "") +
                          get("/version", "Connection: close\r\n")));
  CHECK(has(connection.read_until("1.13.1"), "200 OK"));
  REQUIRE(worker.finish_next("first"));
  CHECK(statuses(connection.read_until_closed()) == "201 404 400 200");
}

TEST_CASE("http: what is no request, or could be read in two ways, is refused and the connection closed") {
  const Site site;
  const auto field = [](const std::string& line) { return "GET /version HTTP/1.1\r\nHost: x\r\n" + line + "\r\n\r\n"; };
  const auto framed = [](const std::string& fields, const std::string& body) {
    return "POST /submissions HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
  };
  const auto chunks = [&framed](const std::string& body) { return framed("Transfer-Encoding: chunked\r\n", body); };
  const auto length = [&framed](const std::string& value) { return framed("Content-Length: " + value + "\r\n", "{}"); };
  const auto coding = [&framed](const std::string& value) {
    return framed("Transfer-Encoding: " + value + "\r\n", "0\r\n\r\n");
  };
  struct Row {
    std::string what;
    std::string sent;
    int status;
  };
  for (const Row& row : {
           Row{"no request line", "NONSENSE\r\n\r\n", 400},
           {"another protocol", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), 400},
           {"HTTP/0.9", "GET /\r\n\r\n", 400},
           {"HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
           {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
           {"HTTP/9.9", "GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505},
           {"a version with too many digits", "GET / HTTP/1.10\r\nHost: x\r\n\r\n", 400},
           {"a version in lower case", "GET / http/1.1\r\nHost: x\r\n\r\n", 400},
           {"no target", "GET  HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"a blank in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"two blanks before the target", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"a target that is no path", "GET version HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"the target of a tunnel", "GET x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"a target of another scheme", "GET ftp://x/version HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"an absolute target without a host", "GET http:///version HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"an asterisk for GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"NUL in the target", std::string("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 29), 400},
           {"a bad escape", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"a method that nobody knows", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
           {"a method in lower case", "get /version HTTP/1.1\r\nHost: x\r\n\r\n", 501},
           {"CONNECT", "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n", 501},
           {"a method that is no token", "G@T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
           {"two Hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400},
           {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", 400},
           {"a blank in Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
           {"a path in Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
           {"a user in Host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
           {"a list in Host", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
           {"a port that is none", "GET / HTTP/1.1\r\nHost: a:http\r\n\r\n", 400},
           {"an open bracket in Host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
           {"a field without a colon", field("bad field"), 400},
           {"a blank before the colon", field("X-A : 1"), 400},
           {"a field without a name", field(": 1"), 400},
           {"a name that is no token", field("X(A: 1"), 400},
           {"a first field that is folded", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
           {"NUL in a value", field(std::string("X-A: a\0b", 8)), 400},
           {"a bare CR in a value", field("X-A: a\rb"), 400},
           {"a bare LF in a value", field("X-A: a\nX-B: b"), 400},
           {"bare LFs", "GET /version HTTP/1.1\nHost: x\n\n", 400},
           {"a bare CR in the request line", "GET /version\r HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"a length of letters", length("ten"), 400},
           {"a length with a sign", length("+2"), 400},
           {"a negative length", length("-2"), 400},
           {"a length in hexadecimal", length("0x2"), 400},
           {"a fraction", length("2.0"), 400},
           {"no length", length(""), 400},
           {"lengths in a list", length("2, 2"), 400},
           {"lengths that differ, in a list", length("2, 3"), 400},
           {"digits with a blank", length("2 0"), 400},
           {"a length of more than 64 bits", length("99999999999999999999"), 400},
           {"a length over the limit", length("999999999999"), 413},
           {"two lengths", framed("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "), 400},
           {"two lengths that agree", framed("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), 400},
           {"a length, then chunks", framed("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
           {"chunks, then a length", framed("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
           {"an unknown coding and a length", framed("Transfer-Encoding: x\r\nContent-Length: 2\r\n", "{}"), 400},
           {"the coding identity", coding("identity"), 400},
           {"chunks that are not outermost", coding("chunked, gzip"), 400},
           {"chunks twice", coding("chunked, chunked"), 400},
           {"chunks in two fields", framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            400},
           {"two codings in two fields",
            framed("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
           {"chunks of an unknown coding", coding("gzip, chunked"), 501},
           {"a coding that only looks like chunked", coding("xchunked"), 400},
           {"chunked with a parameter", coding("chunked;q=1"), 400},
           {"chunked behind a vertical tab", coding("\vchunked"), 400},
           {"chunked after an empty element", coding(", chunked"), 400},
           {"a blank before the colon of a coding", framed("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400},
           {"chunks in HTTP/1.0", "POST /submissions HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
           {"a chunk size of letters", chunks("zz\r\n"), 400},
           {"a chunk size with a sign", chunks("+2\r\n{}\r\n0\r\n\r\n"), 400},
           {"a negative chunk size", chunks("-2\r\n{}\r\n0\r\n\r\n"), 400},
           {"a chunk size with 0x", chunks("0x2\r\n{}\r\n0\r\n\r\n"), 400},
           {"no chunk size", chunks("\r\n{}\r\n0\r\n\r\n"), 400},
           {"a blank before the chunk size", chunks(" 2\r\n{}\r\n0\r\n\r\n"), 400},
           {"a chunk that is longer than its size", chunks("2\r\n{}}\r\n0\r\n\r\n"), 400},
           {"a chunk size that ends with a bare LF", chunks("2\n{}\r\n0\r\n\r\n"), 400},
           {"a chunk that ends with a bare LF", chunks("2\r\n{}\n0\r\n\r\n"), 400},
           {"a chunk size over 64 bits", chunks("10000000000000002\r\n{}\r\n0\r\n\r\n"), 400},
           {"a chunk size over the limit", chunks("7fffffffffffffff\r\n{}"), 413},
           {"the largest chunk size", chunks("ffffffffffffffff\r\n{}"), 413},
           {"an expectation that nobody can meet", field("Expect: 200-ok"), 417},
           {"one expectation too many", field("Expect: 100-continue, x"), 417},
       }) {
    CAPTURE(row.what);
    const RawConnection connection(site.url());
    // What follows would be answered if the first request ended where it should not.
    REQUIRE(connection.send(row.sent + get("/version")));
    const std::string answer = connection.read_until_closed();
    CHECK(statuses(answer) == std::to_string(row.status));
    CHECK(has(answer, "\"error\":"));
    CHECK(has(answer, "Connection: close"));
    CHECK(has(answer, "Access-Control-Allow-Origin: *"));
  }
}

TEST_CASE("http: what looks odd and is right is read as RFC 9112 has it, and the next request after it") {
  const Site site;
  const ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const std::string chunked = "POST /submissions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: ";
  struct Row {
    std::string what;
    std::string sent;
    std::string status;
  };
  for (const Row& row : {
           Row{"chunks", chunked + "chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", "422"},
           {"a coding in capitals", chunked + "CHUNKED\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "422"},
           {"a chunk size with zeros", chunked + "chunked\r\n\r\n0002\r\n{}\r\n000\r\n\r\n", "422"},
           {"hexadecimal digits", chunked + "chunked\r\n\r\nA\r\n{        }\r\n0\r\n\r\n", "422"},
           {"extensions of chunks", chunked + "chunked\r\n\r\n2;a;b=c;d=\"e;\"\r\n{}\r\n0;z\r\n\r\n", "422"},
           {"trailers", chunked + "chunked\r\n\r\n2\r\n{}\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n", "422"},
           {"a coding on a folded line", chunked + "\r\n chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "422"},
           {"no body at all", "POST /submissions HTTP/1.1\r\nHost: x\r\n\r\n", "422"},
           {"an empty body", "POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "422"},
           {"zeros before the length", "POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 002\r\n\r\n{}", "422"},
           {"an empty line before the request", "\r\n" + get("/version"), "200"},
           {"a body that nobody asked for", "GET /version HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "200"},
           {"an absolute target", "GET http://elsewhere:80/version HTTP/1.1\r\nHost: x\r\n\r\n", "200"},
           {"its scheme in capitals", "GET HTTP://elsewhere/version HTTP/1.1\r\nHost: x\r\n\r\n", "200"},
           {"an absolute target without a path", "GET http://elsewhere HTTP/1.1\r\nHost: x\r\n\r\n", "200"},
           {"an absolute target with a query alone", "GET http://elsewhere?a=b HTTP/1.1\r\nHost: x\r\n\r\n", "200"},
           {"an asterisk for OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "204"},
           {"an empty Host", "GET /version HTTP/1.1\r\nHost:\r\n\r\n", "200"},
           {"a Host with a port", "GET /version HTTP/1.1\r\nHost: a.example.:8080\r\n\r\n", "200"},
           {"an IPv6 Host", "GET /version HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "200"},
           {"no blank after a colon", "GET /version HTTP/1.1\r\nHost:x\r\nX-A:1\r\n\r\n", "200"},
           {"blanks around a value", "GET /version HTTP/1.1\r\nHost: \t x \t \r\n\r\n", "200"},
           {"TRACE", "TRACE /version HTTP/1.1\r\nHost: x\r\n\r\n", "405"},
           {"an upgrade to HTTP/2", get("/version", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"), "200"},
           {"an upgrade where no WebSocket is", get("/version", "Upgrade: websocket\r\nConnection: Upgrade\r\n"),
            "200"},
           {"an expectation in capitals", get("/version", "Expect: 100-CONTINUE\r\n"), "200"},
       }) {
    CAPTURE(row.what);
    const RawConnection connection(site.url());
    REQUIRE(connection.send(row.sent + get("/nowhere", "Connection: close\r\n")));
    CHECK(statuses(connection.read_until_closed()) == row.status + " 404");
  }
}

TEST_CASE("http: what stands in a trailer is no header") {
  const Site site({"--auth-token", "secret"});
  const RawConnection connection(site.url());
  REQUIRE(
      connection.send("POST /submissions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
                      "X-Auth-Token: secret\r\nConnection: close\r\n\r\n" +
                      get("/version", "X-Auth-Token: secret\r\nConnection: close\r\n")));
  CHECK(statuses(connection.read_until_closed()) == "401 200");
}

TEST_CASE("http: a connection lasts as long as its version and its Connection field say") {
  const Site site;
  const auto request = [](const std::string& version, const std::string& connection) {
    return "GET /version HTTP/" + version + "\r\nHost: x\r\n" + connection + "\r\n";
  };
  struct Row {
    std::string version;
    std::string connection;
    std::string answers;
    std::string says;
  };
  for (const Row& row : {
           Row{"1.1", "", "200 404", ""},
           {"1.1", "Connection: keep-alive\r\n", "200 404", ""},
           {"1.1", "Connection: close\r\n", "200", "Connection: close\r\n"},
           {"1.1", "Connection: x, Close\r\n", "200", "Connection: close\r\n"},
           {"1.0", "", "200", ""},
           {"1.0", "Connection: keep-alive\r\n", "200 404", "Connection: keep-alive\r\n"},
           {"1.0", "Connection: close\r\n", "200", ""},
           {"1.0", "Expect: 100-continue\r\n", "200", ""},
       }) {
    CAPTURE(row.version);
    CAPTURE(row.connection);
    const RawConnection connection(site.url());
    REQUIRE(connection.send(request(row.version, row.connection) + get("/nowhere", "Connection: close\r\n")));
    const std::string answers = connection.read_until_closed();
    CHECK(statuses(answers) == row.answers);
    CHECK(has(answers.substr(0, answers.find("\r\n\r\n") + 2), row.says));
  }
}

TEST_CASE("http: a header over the limit is 431, a body over it 413, and neither is read to its end") {
  const Site site({"--header-bytes-max", "2048", "--body-bytes-max", "4096"});
  SUBCASE("header") {
    const RawConnection connection(site.url());
    connection.send(get("/", "X-Long: " + std::string(100'000, 'x') + "\r\n"));
    CHECK(connection.read_until_closed().starts_with("HTTP/1.1 431 "));
  }
  SUBCASE("many fields") {
    std::string many;
    for (int i = 0; i < 500; ++i) many += "X-A: 1\r\n";
    const RawConnection connection(site.url());
    connection.send(get("/", many));
    CHECK(connection.read_until_closed().starts_with("HTTP/1.1 431 "));
  }
  SUBCASE("target") {
    const RawConnection connection(site.url());
    connection.send(get("/" + std::string(100'000, 'x')));
    CHECK(connection.read_until_closed().starts_with("HTTP/1.1 414 "));
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

TEST_CASE("http: HEAD is GET without the body, of every route, and OPTIONS says what a route takes") {
  const Site site;
  const ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const std::string submission = "/submissions/" + site.submit()["token"].get<std::string>();
  for (const std::string& path :
       {std::string("/"), submission, submission + "/events", std::string("/languages"), std::string("/languages/all"),
        std::string("/languages/54"), std::string("/workers"), std::string("/statuses"), std::string("/about"),
        std::string("/config_info"), std::string("/version"), std::string("/ws"), std::string("/ws/broadcast"),
        std::string("/ws/echo"), std::string("/nowhere"), std::string("/submissions")}) {
    CAPTURE(path);
    const RawConnection connection(site.url());
    connection.send("HEAD " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string head = connection.read_until_closed();
    CHECK(head.find("\r\n\r\n") == head.size() - 4);
    const RawConnection again(site.url());
    again.send(get(path, "Connection: close\r\n"));
    const std::string whole = again.read_until("\r\n\r\n");
    CHECK(without_date(head) == without_date(whole.substr(0, whole.find("\r\n\r\n") + 4)));

    auto client = site.client();
    const auto options = client.request("OPTIONS", path);
    REQUIRE(options);
    if (path == "/nowhere") {
      CHECK(options->status == 404);
    } else {
      CHECK(options->status == 204);
      CHECK(options->header("Allow").ends_with("OPTIONS"));
      CHECK(has(options->header("Allow"), path == "/submissions" ? "POST" : "GET, HEAD"));
    }
  }
  auto client = site.client();
  const auto page = client.request("POST", "/");
  REQUIRE(page);
  CHECK(page->status == 405);
  CHECK(page->header("Allow") == "GET, HEAD, OPTIONS");
  const RawConnection refused(site.url());
  refused.send("HEAD /version HTTP/1.1\r\nHost: x\r\nExpect: x\r\n\r\n");
  CHECK(refused.read_until_closed().ends_with("\r\n\r\n"));
}

TEST_CASE("http: a refusal can be read by the pages that may read anything, and by no others") {
  const Site site({"--allow-origin", "https://friend.example", "--body-bytes-max", "4096"});
  for (const std::string& request : {std::string("POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n"),
                                     std::string("GET /version HTTP/1.1\r\nHost: x\r\nExpect: x\r\n"),
                                     std::string("GET /%zz HTTP/1.1\r\nHost: x\r\n")}) {
    CAPTURE(request);
    const RawConnection friendly(site.url());
    friendly.send(request + "Origin: https://friend.example\r\n\r\n");
    CHECK(has(friendly.read_until_closed(), "Access-Control-Allow-Origin: https://friend.example\r\n"));
    const RawConnection foreign(site.url());
    foreign.send(request + "Origin: https://foreign.example\r\n\r\n");
    const std::string answer = foreign.read_until_closed();
    CHECK(answer.starts_with("HTTP/1.1 4"));
    CHECK_FALSE(has(answer, "Access-Control-Allow-Origin"));
  }
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

TEST_CASE("http: who waits for a result does not hold his body's share of the budget") {
  const Site site({"--bodies-bytes-max", "150000"});
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const std::string submission =
      R"({"source_code":"x","language":"scripted","stdin":")" + std::string(100'000, 'x') + "\"}";
  const RawConnection waiting(site.url());
  REQUIRE(waiting.send(post(submission, "Connection: close\r\n", "?wait=true")));
  auto client = site.client();
  REQUIRE(eventually([&client] {
    const auto reply = client.request("GET", "/health");
    return reply && json::parse(reply->body, nullptr, false).value("running", 0) == 1;
  }));
  const auto second = client.request("POST", "/submissions", {{"Content-Type", "application/json"}}, submission);
  REQUIRE(second);
  CHECK(second->status == 201);
  REQUIRE(worker.finish_next("done"));
  CHECK(statuses(waiting.read_until_closed()) == "201");
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
