#include "api/router.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <stdexcept>

using namespace pushjudge;
namespace asio = boost::asio;

namespace {

asio::awaitable<Response> echo(Request request) {
  co_return text_response(200, "got " + request.capture);
}

asio::awaitable<Response> fail(Request) {
  throw std::runtime_error("broken");
  co_return Response{};
}

// Runs the router's coroutine to its end.
Response answer(const Router& router, std::string method, std::string_view target, std::vector<Header> headers = {},
                std::string body = "", std::string address = "10.0.0.7") {
  auto parsed = parse_target(target);
  REQUIRE(parsed);
  Request request;
  request.method = std::move(method);
  request.segments = parsed->segments;
  request.query = parsed->query;
  request.headers = std::move(headers);
  request.body = std::move(body);
  request.address = std::move(address);
  asio::io_context io;
  Response result;
  asio::co_spawn(io, router.answer(std::move(request)), [&result](std::exception_ptr thrown, Response response) {
    REQUIRE_FALSE(thrown);
    result = std::move(response);
  });
  io.run();
  return result;
}

std::string header(const Response& response, std::string_view name) {
  const std::string* value = find_header(response.headers, name);
  return value == nullptr ? "" : *value;
}

Router small_router(Origins origins = {}) {
  static const Admission everybody({});
  Router router(everybody, std::move(origins));
  router.add("GET", "/things", echo);
  router.add("POST", "/things", echo);
  router.add("GET", "/things/all", [](Request) -> asio::awaitable<Response> { return echo(Request{}); });
  router.add("GET", "/things/{id}", echo);
  router.add("GET", "/things/{id}/parts", echo);
  router.add("GET", "/fail", fail);
  return router;
}

}  // namespace

TEST_CASE("router: a route is found by method and path, and captures what stands for its name") {
  const Router router = small_router();
  CHECK(*answer(router, "GET", "/things/7").body == "got 7");
  CHECK(*answer(router, "GET", "/things/a%2Fb").body == "got a/b");
  CHECK(*answer(router, "GET", "/things/7/parts").body == "got 7");
  CHECK(*answer(router, "POST", "/things/").body == "got ");
  CHECK(*answer(router, "HEAD", "/things/7").body == "got 7");
}

TEST_CASE("router: of two patterns that fit, the first is taken") {
  CHECK(*answer(small_router(), "GET", "/things/all").body == "got ");
}

TEST_CASE("router: an unknown path is a 404 that is JSON") {
  for (const char* path : {"/", "/thing", "/things/7/8", "/things//"}) {
    CAPTURE(path);
    const Response response = answer(small_router(), "GET", path);
    CHECK(response.status == 404);
    CHECK(*response.body == R"({"status":404,"error":"Not Found"})");
  }
}

TEST_CASE("router: a known path with another method is a 405 that says what is allowed") {
  const Response response = answer(small_router(), "DELETE", "/things");
  CHECK(response.status == 405);
  CHECK(header(response, "Allow") == "GET, HEAD, POST, OPTIONS");
}

TEST_CASE("router: OPTIONS answers preflights of any path, and else says what is allowed") {
  const Response preflight = answer(small_router(), "OPTIONS", "/nowhere",
                                    {{"Origin", "https://a.example"},
                                     {"Access-Control-Request-Method", "POST"},
                                     {"Access-Control-Request-Headers", "content-type, x-auth-token"}});
  CHECK(preflight.status == 204);
  CHECK(header(preflight, "Access-Control-Allow-Origin") == "*");
  CHECK(header(preflight, "Access-Control-Allow-Methods").find("POST") != std::string::npos);
  CHECK(header(preflight, "Access-Control-Allow-Headers") == "content-type, x-auth-token");
  CHECK(header(answer(small_router(), "OPTIONS", "/things"), "Allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(answer(small_router(), "OPTIONS", "/nowhere").status == 404);
}

TEST_CASE("router: a handler that throws is a 500 and nothing more") {
  const Response response = answer(small_router(), "GET", "/fail");
  CHECK(response.status == 500);
  CHECK(*response.body == R"({"status":500,"error":"Internal Server Error"})");
}

TEST_CASE("router: without a list every origin may read; with one, those on it and the gateway's own") {
  const std::string own = "http://gateway:2358";
  const std::string host = "gateway:2358";
  const std::string friendly = "https://friend.example";
  const std::string foreign = "https://foreign.example";
  const Router open = small_router();
  CHECK(open.origin_allowed(&foreign, &host));
  CHECK(header(answer(open, "GET", "/things"), "Access-Control-Allow-Origin") == "*");

  const Router closed = small_router({{friendly}, {}});
  CHECK(closed.origin_allowed(&friendly, &host));
  CHECK(closed.origin_allowed(&own, &host));
  CHECK(closed.origin_allowed(nullptr, &host));
  CHECK_FALSE(closed.origin_allowed(&foreign, &host));
  CHECK(header(answer(closed, "GET", "/things", {{"Origin", friendly}}), "Access-Control-Allow-Origin") == friendly);
  CHECK(header(answer(closed, "GET", "/things", {{"Origin", foreign}}), "Access-Control-Allow-Origin").empty());
}

TEST_CASE("router: files are asked for what no route has, and only to be read") {
  Router router = small_router();
  router.set_files([](const Request& request) -> std::optional<Response> {
    if (request.segments != std::vector<std::string>{"index.html"}) return std::nullopt;
    return text_response(200, "page");
  });
  CHECK(*answer(router, "GET", "/index.html").body == "page");
  const Response wrong = answer(router, "POST", "/index.html");
  CHECK(wrong.status == 405);
  CHECK(header(wrong, "Allow") == "GET, HEAD, OPTIONS");
  CHECK(header(answer(router, "OPTIONS", "/index.html"), "Allow") == "GET, HEAD, OPTIONS");
  CHECK(answer(router, "POST", "/other.html").status == 404);
  CHECK(answer(router, "GET", "/other.html").status == 404);
}

TEST_CASE("router: origins may be named by their host, and some may be the only ones that are not let in") {
  const std::string a = "https://a.example";
  const std::string a_at_port = "http://a.example:8080";
  const std::string b = "http://b.example";
  const Router by_host = small_router({{"a.example"}, {}});
  CHECK(by_host.origin_allowed(&a, nullptr));
  CHECK_FALSE(by_host.origin_allowed(&a_at_port, nullptr));
  CHECK_FALSE(by_host.origin_allowed(&b, nullptr));

  const Router all_but = small_router({{}, {"a.example"}});
  CHECK_FALSE(all_but.origin_allowed(&a, nullptr));
  CHECK(all_but.origin_allowed(&b, nullptr));
  CHECK(header(answer(all_but, "GET", "/things", {{"Origin", a}}), "Access-Control-Allow-Origin").empty());
  CHECK(header(answer(all_but, "GET", "/things", {{"Origin", b}}), "Access-Control-Allow-Origin") == b);
  CHECK(header(answer(all_but, "GET", "/things", {{"Origin", b}}), "Vary") == "Origin");

  CHECK(small_router({{"*"}, {}}).origin_allowed(&a, nullptr));
  CHECK(small_router({{"a.example"}, {"a.example"}}).origin_allowed(&a, nullptr));
}

TEST_CASE("router: a route says who may call it, and tokens may come by header, query or body under their names") {
  Admission::Options options;
  options.tokens = {"in"};
  options.admin_tokens = {"admin"};
  options.token_name = "X-Judge0-Token";
  options.admin_token_name = "X-Judge0-User";
  const Admission admission(options);
  Router router(admission);
  router.add("GET", "/open", echo, Access::everybody);
  router.add("GET", "/in", echo);
  router.add("POST", "/in", echo);
  router.add("GET", "/admin", echo, Access::administrators);
  const Header in{"x-judge0-token", "in"};
  const Header admin{"X-Judge0-User", "admin"};
  CHECK(answer(router, "GET", "/open").status == 200);
  CHECK(answer(router, "GET", "/in").status == 401);
  CHECK_FALSE(answer(router, "GET", "/in").body);
  CHECK(answer(router, "GET", "/in", {{"X-Auth-Token", "in"}}).status == 401);
  CHECK(answer(router, "GET", "/in", {in}).status == 200);
  CHECK(answer(router, "GET", "/in?X-Judge0-Token=in").status == 200);
  CHECK(answer(router, "POST", "/in", {}, R"({"X-Judge0-Token":"in"})").status == 200);
  CHECK(answer(router, "POST", "/in", {}, R"({"X-Judge0-Token":"out"})").status == 401);
  CHECK(answer(router, "POST", "/in", {}, R"({"X-Judge0-Token":null})").status == 401);
  CHECK(answer(router, "POST", "/in", {{"Content-Type", "application/x-www-form-urlencoded"}}, "X-Judge0-Token=in")
            .status == 200);
  CHECK(answer(router, "GET", "/admin", {admin}).status == 401);
  CHECK(answer(router, "GET", "/admin", {in}).status == 403);
  CHECK_FALSE(answer(router, "GET", "/admin", {in}).body);
  CHECK(answer(router, "GET", "/admin", {in, {"X-Judge0-User", "in"}}).status == 403);
  CHECK(answer(router, "GET", "/admin", {in, admin}).status == 200);
  CHECK(answer(router, "GET", "/admin?X-Judge0-User=admin&X-Judge0-Token=in").status == 200);
}

TEST_CASE("router: whoever may not publish is told who may") {
  Admission::Options options;
  options.admin_tokens = {"admin"};
  const Admission administered(options);
  const Admission nobody({});
  const auto asked = [](const Admission& admission, std::vector<Header> headers, std::string address) {
    Router router(admission);
    router.add("PUT", "/it", echo, Access::publishers);
    return answer(router, "PUT", "/it", std::move(headers), "", std::move(address));
  };
  CHECK(asked(administered, {{"X-Auth-User", "admin"}}, "10.0.0.7").status == 200);
  const Response refused = asked(administered, {}, "127.0.0.1");
  CHECK(refused.status == 403);
  CHECK(*refused.body == R"({"status":403,"error":"this wants an administrator's token, in X-Auth-User"})");
  CHECK(asked(nobody, {}, "127.0.0.1").status == 200);
  CHECK(asked(nobody, {}, "10.0.0.7").status == 403);
  CHECK(asked(nobody, {{"X-Forwarded-For", "127.0.0.1"}}, "127.0.0.1").status == 403);
}

TEST_CASE("router: an address that is not allowed gets an empty 403 before anything else") {
  Admission::Options options;
  options.tokens = {"in"};
  options.addresses_disallowed = {*AddressRange::parse("10.0.0.0/8")};
  const Admission admission(options);
  Router router(admission);
  router.add("GET", "/open", echo, Access::everybody);
  router.add("GET", "/in", echo);
  const Response refused = answer(router, "GET", "/in", {{"X-Auth-Token", "in"}});
  CHECK(refused.status == 403);
  CHECK_FALSE(refused.body);
  CHECK(answer(router, "GET", "/open").status == 200);
  CHECK(answer(router, "GET", "/in", {}, "", "11.0.0.1").status == 401);
}
