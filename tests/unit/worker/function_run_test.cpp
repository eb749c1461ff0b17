#include "worker/function_run.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

TEST_CASE("answers: a line each, and only those that begin with the nonce count") {
  const auto answers = answers_in("abc 12 [1,2]\nabc 0 \"a b\"\nabc x 1\nabd 5 1\nabc 5\n\nabc 7 ", "abc", 9);
  REQUIRE(answers.size() == 7);
  CHECK(answers[0].sound);
  CHECK(answers[0].us == 12);
  CHECK(answers[0].json == "[1,2]");
  CHECK(answers[1].json == "\"a b\"");
  for (const std::size_t wrong : {2, 3, 4, 5}) {
    CAPTURE(wrong);
    CHECK_FALSE(answers[wrong].sound);
  }
  CHECK(answers[6].sound);
  CHECK(answers[6].json.empty());
  CHECK(answers_in("", "abc", 9).empty());
}

TEST_CASE("answers: no more are taken apart than are asked for") {
  const auto answers = answers_in("abc 1 5\n" + std::string(1 << 20, '\n'), "abc", 3);
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].sound);
  CHECK_FALSE(answers[2].sound);
}

TEST_CASE("prints: cut where the nonce is") {
  CHECK(prints_in("oneabc\nabc\nrest", "abc", 2) == std::vector<std::string_view>{"one", "", "rest"});
  CHECK(prints_in("abc\nabc\nabc\n", "abc", 1) == std::vector<std::string_view>{"", "abc\nabc\n"});
  CHECK(prints_in("abc", "abc", 2) == std::vector<std::string_view>{"abc"});
}
