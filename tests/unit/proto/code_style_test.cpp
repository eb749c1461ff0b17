#include "proto/code_style.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

using namespace pushjudge;
using nlohmann::json;

namespace {

json style_json() {
  return {{"types",
           {{"integer", "int"},
            {"long", "long"},
            {"double", "double"},
            {"boolean", "boolean"},
            {"character", "char"},
            {"string", "String"},
            {"ListNode", "ListNode"},
            {"TreeNode", "TreeNode"},
            {"void", "void"}}},
          {"boxed", {{"integer", "Integer"}}},
          {"arrays", {{"double", "DoubleArray"}}},
          {"array", "{{element}}[]"},
          {"list", "List<{{boxed}}>"},
          {"texts",
           {{"each", "{{type}} {{name}}{{^last}}, {{/last}}"},
            {"reader", "{{#element}}array({{>reader}}){{/element}}{{^element}}{{scalar}}{{/element}}"}}},
          {"starter", "{{#returns}}{{type}}{{/returns}} {{name}}({{#parameters}}{{>each}}{{/parameters}})"},
          {"keywords", json::array({"in", "two_sum"})}};
}

CodeStyle style() {
  auto parsed = parse_code_style(style_json().dump());
  if (!parsed) FAIL(parsed.error().message);
  return *std::move(parsed);
}

Signature signature_of(const std::string& text) {
  auto signature = parse_signature(text);
  if (!signature) FAIL(signature.error().message);
  return *std::move(signature);
}

Signature two_sum() {
  return signature_of(R"({"name": "twoSum", "return": {"type": "integer[]"},
      "params": [{"name": "nums", "type": "integer[]"}, {"name": "in", "type": "list<list<integer>>"}]})");
}

Signature rotate() {
  return signature_of(R"({"name": "rotate", "return": {"type": "void"}, "output": {"paramindex": 1},
      "params": [{"name": "k", "type": "integer"}, {"name": "matrix", "type": "integer[][]"}]})");
}

Signature stack() {
  return signature_of(R"({"classname": "MinStack", "constructor": {"params": [{"name": "size", "type": "long"}]},
      "methods": [{"name": "push", "params": [{"name": "val", "type": "integer"}], "return": {"type": "void"}},
                  {"name": "getMin", "params": [], "return": {"type": "integer"}}]})");
}

std::string filled(const std::string& text, const Signature& signature, const CodeStyle::Texts& besides = {}) {
  const auto checked = check_text(style(), text, besides);
  if (!checked) FAIL(checked.error().message);
  return fill_in(style(), text, signature, besides);
}

}  // namespace

TEST_CASE(
    "code style: types are written from the inside, boxed in lists, and by a name of their own where they have one") {
  const auto text = [](const char* type) { return type_text(style(), *parse_type(type)); };
  CHECK(text("integer") == "int");
  CHECK(text("integer[][]") == "int[][]");
  CHECK(text("list<integer>") == "List<Integer>");
  CHECK(text("list<list<integer>>") == "List<List<Integer>>");
  CHECK(text("list<integer[]>") == "List<int[]>");
  CHECK(text("list<string>") == "List<String>");
  CHECK(text("double[][]") == "DoubleArray[]");
}

TEST_CASE("code style: the code that one begins with") {
  CHECK(starter_code(style(), two_sum()) == "int[] twoSum(int[] nums, List<List<Integer>> in_)");
}

TEST_CASE("code style: names come in all forms, with a _ where the language keeps the word for itself") {
  CHECK(filled("{{name}} {{camel}} {{snake}} {{pascal}} {{raw}}", two_sum()) == "twoSum twoSum two_sum_ TwoSum twoSum");
  CHECK(filled("{{class_name}} {{class_camel}} {{class_snake}}", stack()) == "MinStack minStack min_stack");
  const auto snake = [](const std::string& name) {
    return filled("{{snake}}", signature_of(R"({"name": ")" + name + R"(", "return": {"type": "integer"},
        "params": [{"name": "a", "type": "integer"}]})"));
  };
  CHECK(snake("validIPAddress") == "valid_ip_address");
  CHECK(snake("lengthOfLIS") == "length_of_lis");
  CHECK(snake("find132pattern") == "find132pattern");
  CHECK(snake("my_name") == "my_name");
}

TEST_CASE("code style: a section is there once for each entry, and with entries that know their place") {
  CHECK(filled("{{#parameters}}{{index}}:{{raw}}{{^last}};{{/last}}{{/parameters}}", two_sum()) == "0:nums;1:in");
  CHECK(filled("{{#methods}}{{name}}/{{arity}}{{#returns}}{{#is_void}}!{{/is_void}}{{/returns}} {{/methods}}",
               stack()) == "push/1! getMin/0 ");
  CHECK(filled("{{#constructor}}{{#parameters}}{{type}}{{/parameters}}{{/constructor}}", stack()) == "long");
  CHECK(filled("{{#is_class}}class{{/is_class}}{{#is_function}}function{{/is_function}}", stack()) == "class");
  CHECK(filled("{{#methods}}x{{/methods}}{{^methods}}none{{/methods}}", two_sum()) == "none");
}

TEST_CASE("code style: in place, the parameter that is the answer is known") {
  const std::string text =
      "{{#is_in_place}}{{#output}}{{index}} {{name}}{{/output}}{{/is_in_place}} {{#answer}}{{type}}{{/answer}}";
  CHECK(filled(text, rotate()) == "1 matrix int[][]");
  CHECK(filled(text, two_sum()) == " int[]");
  CHECK(filled("{{#parameters}}{{#is_output}}&{{/is_output}}{{name}} {{/parameters}}", rotate()) == "k &matrix ");
}

TEST_CASE("code style: a type says what is in it, and what it lies in") {
  const std::string text =
      "{{#parameters}}{{scalar}} {{wire}} {{dimensions}}{{#2_dimensions}} deep{{/2_dimensions}}{{#is_list}} list"
      "{{/is_list}}{{#is_array}} array{{/is_array}}{{#of_integer}} integers{{/of_integer}};{{/parameters}}";
  CHECK(filled(text, two_sum()) ==
        "integer integer[] 1 array integers;integer list<list<integer>> 2 deep list integers;");
  CHECK(filled("{{#parameters}}{{>reader}} {{/parameters}}", two_sum()) == "array(integer) array(array(integer)) ");
}

TEST_CASE("code style: a section's tag that is alone on its line takes the line with it") {
  CHECK(filled("a\n  {{#parameters}}\n{{name}}\n  {{/parameters}}\nb\n", rotate()) == "a\nk\nmatrix\nb\n");
  CHECK(filled("a {{#parameters}}\n{{/parameters}} b\n", rotate()) == "a \n\n b\n");
  CHECK(filled("{{#output}}\n{{>each}}{{#is_array}}\n;{{/is_array}}\n{{/output}}\n", rotate()) == "int[][] matrix;\n");
}

TEST_CASE("code style: what is filled in is never looked at again, and other braces are text") {
  CHECK(filled("{{solution}}", two_sum(), {{"solution", "{{name}}{{#"}}) == "{{name}}{{#");
  CHECK(filled("{{1, 2}, {3}} {{ name }} {{Name}} {name} {{", two_sum()) ==
        "{{1, 2}, {3}} {{ name }} {{Name}} {name} {{");
}

TEST_CASE("code style: the signature itself can be filled in, as JSON and as a string literal") {
  CHECK(filled("{{signature}}", rotate()) == to_json(rotate()));
  CHECK(json::parse(filled("{{signature_string}}", rotate())).get<std::string>() == to_json(rotate()));
}

TEST_CASE("code style: a text that names itself without end comes to an end") {
  auto object = style_json();
  object["texts"]["each"] = "x{{>each}}";
  const auto round = parse_code_style(object.dump());
  REQUIRE(round);
  CHECK(starter_code(*round, two_sum()).size() < 100);
}

TEST_CASE("code style: deeper containers than the language has are told") {
  auto object = style_json();
  CHECK(unsupported(style(), two_sum()) == std::nullopt);
  object["dimensions_max"] = 1;
  CHECK(unsupported(*parse_code_style(object.dump()), two_sum()) ==
        "This language has no functions with values of the type list<list<integer>>.");
}

TEST_CASE("code style: what is wrong is said with its key") {
  const auto error = [](const std::function<void(json&)>& change) {
    auto object = style_json();
    change(object);
    const auto parsed = parse_code_style(object.dump());
    return parsed ? std::string() : parsed.error().message;
  };
  CHECK(error([](json& it) { it["types"].erase("long"); }) == "types: long is missing");
  CHECK(error([](json& it) { it["types"]["map"] = ""; }) == "types.map: no such type");
  CHECK(error([](json& it) { it["boxed"]["integer"] = 1; }) == "boxed.integer: it is no text");
  CHECK(error([](json& it) { it.erase("starter"); }) == "starter: it is missing");
  CHECK(error([](json& it) { it["start"] = ""; }) == "start: no such key");
  CHECK(error([](json& it) { it["keywords"] = "in"; }) == "keywords: it is no list");
  CHECK(error([](json& it) { it["texts"] = json::array(); }) == "texts: it is no map");
  CHECK(error([](json& it) { it["dimensions_max"] = 9; }) == "dimensions_max: it is not 0 to 3");
  CHECK(error([](json& it) { it["starter"] = "{{nothing}}"; }) == "starter: there is nothing called nothing");
  CHECK(error([](json& it) { it["starter"] = "{{>nothing}}"; }) == "starter: there is no text nothing");
  CHECK(error([](json& it) { it["texts"]["each"] = "{{#name}}"; }) == "texts.each: it does not close name");
  CHECK(error([](json& it) { it["texts"]["each"] = "{{/name}}"; }) == "texts.each: it closes what is not open: name");
  CHECK(error([](json& it) { it = json::array(); }) == "the style is no map");
  CHECK(parse_code_style("{").error().message == "the style is no JSON");
}
