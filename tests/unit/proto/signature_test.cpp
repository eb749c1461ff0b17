#include "proto/signature.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

namespace {

constexpr const char* kTwoSumMetadata =
    R"({"name":"twoSum","params":[{"name":"nums","type":"integer[]"},{"name":"target","type":"integer"}],)"
    R"("return":{"type":"integer[]"}})";
constexpr const char* kMinStackMetadata =
    R"({"classname":"MinStack","constructor":{"params":[]},"methods":[)"
    R"({"name":"push","params":[{"name":"val","type":"integer"}],"return":{"type":"void"}},)"
    R"({"name":"top","params":[],"return":{"type":"integer"}}],"systemdesign":true})";

std::string refusal(const char* json) {
  const auto signature = parse_signature(json);
  REQUIRE_FALSE(signature);
  return signature.error().message;
}

}  // namespace

TEST_CASE("types: as LeetCode writes them, and back") {
  for (const char* text : {"integer", "long", "double", "boolean", "character", "string", "ListNode", "TreeNode",
                           "void", "integer[]", "character[][]", "list<string>", "list<list<integer>>",
                           "list<integer[]>", "list<integer>[]", "ListNode[]", "list<TreeNode>", "string[][][]"}) {
    CAPTURE(text);
    const auto type = parse_type(text);
    REQUIRE(type);
    CHECK(to_string(*type) == text);
  }
  CHECK(parse_type("list<integer[]>")->containers == std::vector{Container::list, Container::array});
  CHECK(to_string(parse_type("list<integer[]>")->element()) == "integer[]");
}

TEST_CASE("types: what is none") {
  for (const char* text : {"", "int", "integer[", "[]", "list<>", "list<integer", "void[]", "integer[][][][]",
                           "list<list<list<list<integer>>>>", "Integer", " integer"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_type(text));
  }
}

TEST_CASE("a signature: a function, and the same again") {
  const auto signature = parse_signature(kTwoSumMetadata);
  REQUIRE(signature);
  CHECK(signature->function.name == "twoSum");
  REQUIRE(signature->function.parameters.size() == 2);
  CHECK(to_string(signature->answer_type()) == "integer[]");
  CHECK_FALSE(signature->is_class());
  CHECK(to_json(*signature) == kTwoSumMetadata);
}

TEST_CASE("a signature: in place, with and without a word which parameter it is") {
  const auto second =
      parse_signature(R"({"name":"f","params":[{"name":"n","type":"integer"},{"name":"a","type":"integer[][]"}],)"
                      R"("return":{"type":"void"},"output":{"paramindex":1}})");
  REQUIRE(second);
  CHECK(to_string(second->answer_type()) == "integer[][]");
  CHECK(*parse_signature(to_json(*second)) == *second);
  const auto first =
      parse_signature(R"({"name":"f","params":[{"name":"a","type":"character[]"}],"return":{"type":"void"}})");
  REQUIRE(first);
  CHECK(first->output_parameter == 0U);
}

TEST_CASE("a signature: a class that is to be designed") {
  const auto signature = parse_signature(kMinStackMetadata);
  REQUIRE(signature);
  CHECK(signature->is_class());
  CHECK(signature->methods.size() == 2);
  CHECK(to_json(*signature) == kMinStackMetadata);
}

TEST_CASE("a signature: each mistake has its place") {
  CHECK(refusal("{") == "the metadata is no JSON");
  CHECK(refusal("[]") == "the metadata is no object");
  CHECK(refusal(R"({"params":[]})") == "'name' is missing");
  CHECK(refusal(R"({"name":"a b","return":{"type":"integer"}})") ==
        "name: it is no name of 1 to 64 letters, digits and _");
  CHECK(refusal(R"({"name":"f","params":[{"name":"x","type":"int"}],"return":{"type":"integer"}})") ==
        "params[0].type: unknown type \"int\"");
  CHECK(refusal(R"({"name":"f","params":[{"name":"x","type":7}],"return":{"type":"integer"}})") ==
        "params[0].type: it is no text");
  CHECK(refusal(R"({"name":"f","params":[{"name":"x","type":"void"}],"return":{"type":"integer"}})") ==
        "f: x: void is no value");
  CHECK(refusal(R"({"name":"f","params":[{"name":"x","type":"integer"},{"name":"x","type":"integer"}],)"
                R"("return":{"type":"integer"}})") == "f: two parameters x");
  CHECK(refusal(R"({"name":"f","params":[],"return":{"type":"integer"}})") ==
        "f: it has no parameters, so that no two tests could differ");
  CHECK(refusal(R"({"name":"f","params":[{"name":"x","type":"integer"}],"return":{"type":"void"},)"
                R"("output":{"paramindex":1}})") == "f: the parameter that it changes is none of its parameters");
  CHECK(refusal(R"({"classname":"C","methods":[]})") == "a class has 1 to 64 methods");
  CHECK(refusal(R"({"classname":"C","methods":[{"name":"m","return":{"type":"integer"}},)"
                R"({"name":"m","return":{"type":"integer"}}]})") == "two methods m");
}

TEST_CASE("a signature: that of its checker") {
  auto signature = *parse_signature(kTwoSumMetadata);
  signature.function.parameters[1].name = "answer";
  const auto checker = checker_signature(signature);
  CHECK_FALSE(invalid(checker));
  CHECK(
      to_json(checker) ==
      R"({"name":"check","params":[{"name":"nums","type":"integer[]"},{"name":"answer","type":"integer"},)"
      R"({"name":"expected","type":"integer[]"},{"name":"answer_","type":"integer[]"}],"return":{"type":"boolean"}})");
}
