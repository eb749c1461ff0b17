#include "worker/words.hpp"

#include <doctest/doctest.h>

using pushjudge::split_words;
using pushjudge::Words;

namespace {

Words words_of(std::string_view text) {
  const auto words = split_words(text);
  REQUIRE(words);
  return *words;
}

}  // namespace

TEST_CASE("words: blanks and line breaks separate") {
  CHECK(words_of("") == Words{});
  CHECK(words_of(" \t\r\n") == Words{});
  CHECK(words_of(" -O2\n-Wall\t-g ") == Words{"-O2", "-Wall", "-g"});
}

TEST_CASE("words: quotes keep blanks, and may stand inside a word") {
  CHECK(words_of("'a b' \"c d\"") == Words{"a b", "c d"});
  CHECK(words_of("-D'X=1 2'\"3\"") == Words{"-DX=1 23"});
  CHECK(words_of("'' a \"\"") == Words{"", "a", ""});
  CHECK(words_of(R"('a"b' "c'd")") == Words{"a\"b", "c'd"});
}

TEST_CASE(
    "words: a backslash takes the next character as it is, and inside double quotes only a quote or a backslash") {
  CHECK(words_of(R"(a\ b \"c \\)") == Words{"a b", "\"c", "\\"});
  CHECK(words_of(R"("a\"b\\c\n")") == Words{"a\"b\\c\\n"});
  CHECK(words_of(R"('a\b')") == Words{"a\\b"});
}

TEST_CASE("words: what a shell would run is text like any other") {
  CHECK(words_of("$(id) `id` $HOME ; | & > x * ~") ==
        Words{"$(id)", "`id`", "$HOME", ";", "|", "&", ">", "x", "*", "~"});
}

TEST_CASE("words: an open quote, a last backslash and NUL are refused") {
  CHECK_FALSE(split_words("'a"));
  CHECK_FALSE(split_words("a \"b"));
  CHECK_FALSE(split_words("\"a\\"));
  CHECK_FALSE(split_words("a\\"));
  CHECK_FALSE(split_words(std::string_view("a\0b", 3)));
  CHECK_FALSE(split_words(std::string_view("a\\\0b", 4)));
  CHECK_FALSE(split_words(std::string_view("'a\0b'", 5)));
  CHECK(split_words("'a").error().message.find("not closed") != std::string::npos);
}
