#include "proto/function_values.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

namespace {

std::string in_form(const char* type, std::string_view json) {
  const auto text = canonical(*parse_type(type), json);
  return text ? *text : "error: " + text.error().message;
}

Signature signature_of(const char* json) {
  return *parse_signature(json);
}

const Signature kTwoSum =
    signature_of(R"({"name":"twoSum","params":[{"name":"nums","type":"integer[]"},{"name":"target","type":"integer"}],)"
                 R"("return":{"type":"integer[]"}})");
const Signature kMinStack =
    signature_of(R"({"classname":"MinStack","constructor":{"params":[]},"methods":[)"
                 R"({"name":"push","params":[{"name":"val","type":"integer"}],"return":{"type":"void"}},)"
                 R"({"name":"top","params":[],"return":{"type":"integer"}}],"systemdesign":true})");

std::string refusal(const Signature& signature, std::string_view text) {
  const auto arguments = parse_arguments(signature, text);
  REQUIRE_FALSE(arguments);
  return arguments.error().message;
}

}  // namespace

TEST_CASE("values: one form for each") {
  CHECK(in_form("integer", " -0 ") == "0");
  CHECK(in_form("integer", "-2147483648") == "-2147483648");
  CHECK(in_form("long", "9223372036854775807") == "9223372036854775807");
  CHECK(in_form("double", "2.50") == "2.5");
  CHECK(in_form("double", "2.0") == "2");
  CHECK(in_form("double", "1e3") == "1000");
  CHECK(in_form("double", "-0.0") == "0");
  CHECK(in_form("double", "\"NaN\"") == "\"NaN\"");
  CHECK(in_form("double", "1e999") == "\"Infinity\"");
  CHECK(in_form("boolean", "true") == "true");
  CHECK(in_form("character", "\"\\u00e9\"") == "\"é\"");
  CHECK(in_form("string", R"("a\/\u0041\ud83d\ude00\n\u0001\"\\")") == "\"a/A😀\\n\\u0001\\\"\\\\\"");
  CHECK(in_form("integer[]", "[ 1 , 2,3 ]") == "[1,2,3]");
  CHECK(in_form("integer[]", "[]") == "[]");
  CHECK(in_form("list<list<string>>", "[[ \"a\" ],[]]") == "[[\"a\"],[]]");
  CHECK(in_form("ListNode", "null") == "[]");
  CHECK(in_form("ListNode[]", "[null,[1,2]]") == "[[],[1,2]]");
  CHECK(in_form("TreeNode", "[1, null, 2, null , null]") == "[1,null,2]");
  CHECK(in_form("TreeNode", "[null]") == "[]");
  CHECK(in_form("void", "null") == "null");
}

TEST_CASE("values: what is none of the type says what was expected") {
  CHECK(in_form("integer", "2147483648") == "error: expected an integer of 32 bits, not `2147483648`");
  CHECK(in_form("integer", "1.5") == "error: expected an integer of 32 bits, not `1.5`");
  CHECK(in_form("integer", "") == "error: expected an integer of 32 bits where there is nothing more");
  CHECK(in_form("integer", "1 2") == "error: expected the end, not `2`");
  CHECK(in_form("long", "9223372036854775808") == "error: expected an integer of 64 bits, not `9223372036854775808`");
  CHECK(in_form("double", "nan") == "error: expected a number, not `nan`");
  CHECK(in_form("boolean", "1") == "error: expected true or false, not `1`");
  CHECK(in_form("character", "\"ab\"") == "error: expected a string of one character, not `\"ab\"`");
  CHECK(in_form("string", "\"ab") == "error: expected the end of a string where there is nothing more");
  CHECK(in_form("string", "\"\\x\"") == "error: expected an escape, not `x\"`");
  CHECK(in_form("string", "\"\\ud83d\"") == "error: expected a whole character, not `d83d\"`");
  CHECK(in_form("string", "\"\xff\"") == "error: expected a string in UTF-8, not `\"`");
  CHECK(in_form("integer[]", "[1,]") == "error: expected an integer of 32 bits, not `]`");
  CHECK(in_form("integer[]", "[1 2]") == "error: expected ',' or ']', not `2]`");
  CHECK(in_form("integer[]", "{}") == "error: expected an array, not `{}`");
  CHECK(in_form("integer[][]", "[1]") == "error: expected an array, not `1]`");
  CHECK(in_form("integer[]", std::string(100'000, '[')) ==
        "error: expected an integer of 32 bits, not `[[[[[[[[[[[[[[[[[[[[[[[[`");
}

TEST_CASE("tests: lines, names, and both mixed") {
  const Arguments wanted{"[2,7,11,15]", "9"};
  CHECK(*parse_arguments(kTwoSum, "[2,7,11,15]\n9") == wanted);
  CHECK(*parse_arguments(kTwoSum, "nums = [2,7,11,15], target = 9\n") == wanted);
  CHECK(*parse_arguments(kTwoSum, "nums=[2, 7, 11, 15]\r\n9\r\n") == wanted);
  CHECK(refusal(kTwoSum, "[2,7]") == "target: expected an integer of 32 bits where there is nothing more");
  CHECK(refusal(kTwoSum, "target = 9, nums = [1]") == "expected 'nums =', not `target = 9, nums = [1]`");
  CHECK(refusal(kTwoSum, "[2]\n9\n7") == "expected the end, not `7`");
  const auto two = parse_tests(kTwoSum, "[1]\n2\nnums = [3], target = 4", 2);
  REQUIRE(two);
  CHECK(*two == std::vector<Arguments>{{"[1]", "2"}, {"[3]", "4"}});
  CHECK(parse_tests(kTwoSum, "[1]\n2\n[3]\n4", 1).error().message == "there are more than 1 tests");
  CHECK(parse_tests(kTwoSum, "[1]\n2\n[3]\n", 5).error().message ==
        "test 2: target: expected an integer of 32 bits where there is nothing more");
  CHECK(parse_tests(kTwoSum, " \n", 5).error().message == "there is no test");
}

TEST_CASE("tests: the calls of a class") {
  CHECK(*parse_arguments(kMinStack, "[\"MinStack\", \"push\", \"top\"]\n[[], [3], []]") ==
        Arguments{"[\"MinStack\",\"push\",\"top\"]", "[[],[3],[]]"});
  CHECK(refusal(kMinStack, "[\"push\"]\n[[1]]") == "expected \"MinStack\", not `\"push\"]`");
  CHECK(refusal(kMinStack, "[]\n[]") == "expected \"MinStack\" where there is nothing more");
  CHECK(refusal(kMinStack, "[\"MinStack\",\"pop\"]\n[[],[]]") == "expected a method's name, not `\"pop\"]`");
  CHECK(refusal(kMinStack, "[\"MinStack\",\"push\"]\n[[],[]]") == "expected 1 arguments, not `]`");
  CHECK(refusal(kMinStack, "[\"MinStack\"]\n[[],[]]") == "expected arguments of 1 calls, not `[]]`");
  const Arguments calls{"[\"MinStack\",\"push\",\"top\"]", "[[],[3],[]]"};
  CHECK(*canonical_answer(kMinStack, calls.front(), "[null, null, 3]") == "[null,null,3]");
  CHECK_FALSE(canonical_answer(kMinStack, calls.front(), "[null,null]"));
  CHECK_FALSE(canonical_answer(kMinStack, calls.front(), "[null,3,null]"));
}

TEST_CASE("comparing: exact, but for doubles within their tolerance") {
  const AnswerComparison exact;
  CHECK(is_same(exact, "[1,2]", "[1,2]"));
  CHECK_FALSE(is_same(exact, "[1,2]", "[2,1]"));
  CHECK_FALSE(is_same(exact, "[1,2]", "[1,2,3]"));
  CHECK_FALSE(is_same(exact, "[1,2,3]", "[1,2]"));
  CHECK_FALSE(is_same(exact, "100000000", "100000001"));
  CHECK(is_same(exact, "0.333333333", "0.333333"));
  CHECK_FALSE(is_same(exact, "0.3333", "0.333"));
  CHECK(is_same(exact, "[2,0.5]", "[1.9999999,0.5000001]"));
  CHECK_FALSE(is_same(exact, "2.5", "\"NaN\""));
  CHECK_FALSE(is_same(exact, "\"a\"", "\"b\""));
  CHECK(is_same({AnswerOrder::exact, 0}, "0.5", "0.5"));
  CHECK_FALSE(is_same({AnswerOrder::exact, 0}, "0.5", "0.50000001"));
}

TEST_CASE("comparing: calls and nodes keep their order") {
  const AnswerComparison nested{AnswerOrder::unordered_nested};
  const Arguments calls{"[\"MinStack\",\"push\",\"top\",\"top\"]", "[[],[3],[],[]]"};
  CHECK(is_same_answer(nested, kMinStack, calls.front(), "[null,null,1,2]", "[null,null,1,2]"));
  CHECK_FALSE(is_same_answer(nested, kMinStack, calls.front(), "[null,null,1,2]", "[null,null,2,1]"));
  Signature signature;
  signature.function.name = "f";
  const auto same = [&](AnswerOrder order, const char* type, const char* expected, const char* answer) {
    signature.function.returns = *parse_type(type);
    return is_same_answer({order}, signature, {}, expected, answer);
  };
  CHECK(same(AnswerOrder::unordered, "integer[]", "[1,2]", "[2,1]"));
  CHECK_FALSE(same(AnswerOrder::unordered, "TreeNode", "[1,2]", "[2,1]"));
  CHECK(same(AnswerOrder::unordered_nested, "ListNode[]", "[[1,2],[3]]", "[[3],[1,2]]"));
  CHECK_FALSE(same(AnswerOrder::unordered_nested, "ListNode[]", "[[1,2],[3]]", "[[3],[2,1]]"));
  CHECK(same(AnswerOrder::unordered_nested, "integer[][]", "[[1,2],[3]]", "[[3],[2,1]]"));
}

TEST_CASE("comparing: in any order") {
  const AnswerComparison unordered{AnswerOrder::unordered};
  const AnswerComparison nested{AnswerOrder::unordered_nested};
  CHECK(is_same(unordered, "[1,2,2]", "[2,1,2]"));
  CHECK_FALSE(is_same(unordered, "[1,2,2]", "[1,1,2]"));
  CHECK_FALSE(is_same(unordered, "[1,2,2]", "[1,2,2,2]"));
  CHECK_FALSE(is_same(unordered, "[1,2,2]", "[1,2]"));
  CHECK_FALSE(is_same(unordered, "[1,2,2]", "[]"));
  CHECK_FALSE(is_same(unordered, "[]", "[1]"));
  CHECK(is_same(unordered, "[\"a,b\",\"]\"]", "[\"]\",\"a,b\"]"));
  CHECK(is_same(unordered, "[[1,2],[3]]", "[[3],[1,2]]"));
  CHECK_FALSE(is_same(unordered, "[[1,2],[3]]", "[[3],[2,1]]"));
  CHECK(is_same(nested, "[[1,2],[3]]", "[[3],[2,1]]"));
  CHECK(is_same(nested, "[[[1,2]],[[3]]]", "[[[3]],[[2,1]]]"));
  CHECK_FALSE(is_same(nested, "[[1,2],[3]]", "[[1],[2,3]]"));
  CHECK(is_same(unordered, "[0.1,10.5,9.5]", "[10.5,9.5000000001,0.1]"));
  CHECK(is_same(unordered, "[9007199254740993,9007199254740992,1]", "[1,9007199254740992,9007199254740993]"));
  CHECK(is_same(unordered, "5", "5"));
  CHECK_FALSE(is_same(unordered, "5", "[5]"));
}
