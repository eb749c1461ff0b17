#include "api/attributes.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

namespace {

Attributes from_json(std::string_view text) {
  auto parsed = attributes_from_json(text);
  REQUIRE(parsed);
  return *std::move(parsed);
}

Request request(std::string body, std::string type = "") {
  Request made;
  made.body = std::move(body);
  if (!type.empty()) made.headers.push_back({"Content-Type", std::move(type)});
  return made;
}

int status(const Request& made) {
  const auto parsed = attributes_from_body(made);
  const auto* error = std::get_if<BodyError>(&parsed);
  return error == nullptr ? 200 : error->status;
}

}  // namespace

TEST_CASE("attributes: the scalars of an object are kept with their types and as they were written") {
  const Attributes all =
      from_json(R"({"a":"x","b":true,"c":null,"d":5,"e":-7,"f":0.250,"g":{"a":"inner"},"h":[1],"a2":false})");
  CHECK(all.find("a")->text == "x");
  CHECK(all.find("b")->kind == AttributeValue::Kind::boolean);
  CHECK(all.find("c")->kind == AttributeValue::Kind::null);
  CHECK(all.find("d")->text == "5");
  CHECK(all.find("e")->text == "-7");
  CHECK(all.find("f")->text == "0.250");
  CHECK(all.find("a2")->text == "false");
  CHECK(all.find("g") == nullptr);
  CHECK(all.find("h") == nullptr);
}

TEST_CASE("attributes: of two with one name the last counts") {
  CHECK(from_json(R"({"a":1,"a":2})").find("a")->text == "2");
}

TEST_CASE("attributes: what is no JSON object is refused, however deep or large it is") {
  for (const std::string& text :
       {std::string("{"), std::string("{\"a\":NaN}"), std::string("{\"a\":1e309}"), std::string("{\"a\":1}x"),
        std::string("{\"a\":\"\xff\"}"), std::string("[1]"), std::string("7"), std::string("\"a\""),
        std::string(100'000, '['), std::string(10'000, '[') + std::string(10'000, ']')}) {
    CHECK_FALSE(attributes_from_json(text));
  }
  // Deep and well formed: passed over without taking memory for each level.
  CHECK(attributes_from_json("{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}"));
}

TEST_CASE("attributes: there is a bound on their number") {
  std::string text = "{\"a\":1";
  for (std::size_t i = 1; i < kAttributesMax; ++i) text += ",\"a" + std::to_string(i) + "\":1";
  CHECK(attributes_from_json(text + "}"));
  const auto refused = attributes_from_json(text + ",\"more\":1}");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "too many attributes");
}

TEST_CASE("attributes: JSON's true is not the text true, as in Judge0") {
  CHECK(from_json(R"({"wait":"true"})").is_true_text("wait"));
  CHECK_FALSE(from_json(R"({"wait":true})").is_true_text("wait"));
}

TEST_CASE("attributes: a body is read by its type") {
  CHECK(status(request("", "text/plain")) == 200);
  CHECK(status(request("{}")) == 200);
  CHECK(status(request("{}", "application/json; charset=utf-8")) == 200);
  CHECK(status(request("{}", "APPLICATION/JSON")) == 200);
  CHECK(status(request("{}", "application/vnd.api+json")) == 200);
  CHECK(status(request("a=%zz", "application/x-www-form-urlencoded")) == 400);
  CHECK(status(request("{", "application/json")) == 400);
  CHECK(status(request("{}", "text/plain")) == 415);
  CHECK(status(request("x", "multipart/form-data; boundary=x")) == 415);
  const auto form =
      attributes_from_body(request("source_code=a%0Ab+c&language_id=71", "application/x-www-form-urlencoded"));
  REQUIRE(std::holds_alternative<Attributes>(form));
  CHECK(std::get<Attributes>(form).find("source_code")->text == "a\nb c");
}

TEST_CASE("attributes: the query goes before the body") {
  Attributes all = from_json(R"({"language_id":50,"stdin":"x"})");
  all.overlay(*parse_parameters("language_id=71"));
  CHECK(all.find("language_id")->text == "71");
  CHECK(all.find("stdin")->text == "x");
}

TEST_CASE("attributes: parameters are those of the query, and for the rest those of the body") {
  Request made = request(R"({"fields":"stdout","page":2})");
  made.query.add("fields", "status");
  made.query.add("per_page", "5");
  const Attributes all = parameters_of(made);
  CHECK(all.find("fields")->text == "status");
  CHECK(all.find("page")->text == "2");
  CHECK(all.find("per_page")->text == "5");
  CHECK(parameters_of(request("tokens=a%2Cb", "application/x-www-form-urlencoded")).find("tokens")->text == "a,b");
  // A body that nobody asked for does no harm.
  for (const auto& [body, type] : {std::pair{"{", "application/json"}, std::pair{"x", "text/plain"}}) {
    Request odd = request(body, type);
    odd.query.add("fields", "status");
    CHECK(parameters_of(odd).find("fields")->text == "status");
  }
}
