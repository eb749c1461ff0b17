#include "api/http.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace pushjudge;
using nlohmann::json;

namespace {

using Segments = std::vector<std::string>;

std::string refusal(std::string_view target) {
  const auto parsed = parse_target(target);
  return parsed ? "" : parsed.error().message;
}

}  // namespace

TEST_CASE("http: a target is split into decoded segments, and one trailing slash does not count") {
  struct Row {
    const char* target;
    Segments segments;
  };
  const Row rows[] = {
      {"/", {}},
      {"http://host", {}},
      {"HTTPS://host?a=/b", {}},
      {"/submissions", {"submissions"}},
      {"/submissions/", {"submissions"}},
      {"/submissions//", {"submissions", ""}},
      {"/a/b?c=d", {"a", "b"}},
      {"/?x=1", {}},
      {"/a%2Fb/%41", {"a/b", "A"}},
      {"/a+b", {"a+b"}},
      {"http://host:2358/a?b=c", {"a"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.target);
    const auto parsed = parse_target(row.target);
    REQUIRE(parsed);
    CHECK(parsed->segments == row.segments);
  }
}

TEST_CASE("http: what is no target is refused with a reason") {
  CHECK(refusal("submissions") == "the target is not a path");
  CHECK(refusal("") == "the target is not a path");
  CHECK(refusal("http:///path") == "the target has no host");
  CHECK(refusal("ftp://host/path") == "the target is not a path");
  CHECK(refusal("/%zz") == "the path has a bad percent escape");
  CHECK(refusal("/a%4") == "the path has a bad percent escape");
  CHECK(refusal("/a?b=%") == "a parameter has a bad percent escape");
  std::string deep;
  for (std::size_t i = 0; i <= kSegmentsMax; ++i) deep += "/a";
  CHECK(refusal(deep) == "the path has too many parts");
}

TEST_CASE("http: parameters are decoded, a plus is a blank, and the last of one name counts") {
  const auto parsed = parse_parameters("fields=%2A&tokens=a%2Cb&x=1+2&x=3&empty=&flag&&=v");
  REQUIRE(parsed);
  CHECK(*parsed->find("fields") == "*");
  CHECK(*parsed->find("tokens") == "a,b");
  CHECK(*parsed->find("x") == "3");
  CHECK(parsed->find("empty")->empty());
  CHECK(parsed->find("flag")->empty());
  CHECK(*parsed->find("") == "v");
  CHECK(parsed->find("other") == nullptr);
  CHECK(parsed->all()[2].value == "1 2");
}

TEST_CASE("http: only the text true is true") {
  const auto parsed = parse_parameters("a=true&b=TRUE&c=1&d");
  REQUIRE(parsed);
  CHECK(parsed->is_true("a"));
  for (const char* name : {"b", "c", "d", "e"}) CHECK_FALSE(parsed->is_true(name));
}

TEST_CASE("http: there is a bound on the number of parameters") {
  std::string many = "a=1";
  for (std::size_t i = 1; i < kQueryParametersMax; ++i) many += "&a=1";
  CHECK(parse_parameters(many));
  CHECK_FALSE(parse_parameters(many + "&a=1"));
}

TEST_CASE("http: headers are found without regard to case") {
  const std::vector<Header> headers = {{"Content-Type", "text/plain"}, {"X-A", "1"}};
  CHECK(*find_header(headers, "content-type") == "text/plain");
  CHECK(*find_header(headers, "x-a") == "1");
  CHECK(find_header(headers, "x-ab") == nullptr);
}

TEST_CASE("http: each kind of error has its status, and what helps to wait says so") {
  struct Row {
    Errc code;
    int status;
    bool retry;
  };
  for (const Row& row :
       {Row{Errc::invalid, 400, false}, Row{Errc::not_found, 404, false}, Row{Errc::too_large, 413, false},
        Row{Errc::busy, 503, true}, Row{Errc::unavailable, 503, true}, Row{Errc::internal, 500, false}}) {
    const Response response = error_response(Error{row.code, "why"});
    CHECK(response.status == row.status);
    CHECK((find_header(response.headers, "Retry-After") != nullptr) == row.retry);
    CHECK(json::parse(*response.body)["status"] == row.status);
  }
  CHECK(*error_response(Error{Errc::not_found, "a word of ours"}).body == R"({"status":404,"error":"Not Found"})");
}

TEST_CASE("http: bytes that are no UTF-8 do not make a JSON answer fail") {
  const Response response = json_response(200, {{"text", "a\xff"}});
  CHECK_FALSE(json::parse(*response.body, nullptr, false).is_discarded());
}
