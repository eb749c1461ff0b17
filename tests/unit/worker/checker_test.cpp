#include "worker/checker.hpp"

#include <doctest/doctest.h>

using pushjudge::same_output;

TEST_CASE("checker: equal texts are the same") {
  CHECK(same_output("1 2\n3\n", "1 2\n3\n"));
  CHECK(same_output("", ""));
}

TEST_CASE("checker: blanks at the end of a line and of the whole do not count") {
  CHECK(same_output("1 2  \t\r\n3\n\n\n", "1 2\n3"));
  CHECK(same_output("a\r\nb\r\n", "a\nb"));
  CHECK(same_output(std::string_view("a\0\n", 3), "a"));
  CHECK(same_output("\n \n\t", ""));
}

TEST_CASE("checker: nothing printed equals nothing expected") {
  CHECK(same_output("", "\n"));
  CHECK_FALSE(same_output("", "x"));
  CHECK_FALSE(same_output("x", ""));
}

TEST_CASE("checker: blanks at the beginning and empty lines inside count") {
  CHECK_FALSE(same_output(" a", "a"));
  CHECK_FALSE(same_output("a\n\nb", "a\nb"));
  CHECK_FALSE(same_output("\na", "a"));
  CHECK_FALSE(same_output("a  b", "a b"));
  CHECK(same_output("a\n \nb", "a\n\nb"));
}

TEST_CASE("checker: a text that begins as the other does is not the same") {
  CHECK_FALSE(same_output("a\nb\nc", "a\nb"));
  CHECK_FALSE(same_output("a\nb", "a\nb\nc"));
}
