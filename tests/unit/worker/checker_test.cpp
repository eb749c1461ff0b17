#include "worker/checker.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

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

namespace {

using pushjudge::CompareFlags;

bool matches(std::string_view printed, std::string_view answer, const CompareFlags& flags = {}) {
  return !pushjudge::difference(printed, answer, flags);
}

CompareFlags tolerance(std::optional<double> absolute, std::optional<double> relative = std::nullopt) {
  CompareFlags flags;
  flags.absolute_tolerance = absolute;
  flags.relative_tolerance = relative;
  return flags;
}

}  // namespace

TEST_CASE("checker: tokens are compared, blanks between them are not") {
  CHECK(matches("1 2\n3\n", "1\n2   3"));
  CHECK(matches("", " \n"));
  CHECK(matches("YES", "yes"));
  CHECK_FALSE(matches("1 2", "1 2 3"));
  CHECK_FALSE(matches("1 2 3", "1 2"));
  CHECK_FALSE(matches("12", "1 2"));
  CHECK_FALSE(matches("1.0", "1"));
}

TEST_CASE("checker: case and blanks count where the flags say so") {
  CompareFlags flags;
  flags.case_sensitive = true;
  CHECK_FALSE(matches("YES", "yes", flags));
  CHECK(matches("yes", "yes", flags));
  flags = {};
  flags.space_change_sensitive = true;
  CHECK(matches("a b\n", "A b\n", flags));
  CHECK_FALSE(matches("a  b\n", "a b\n", flags));
  CHECK_FALSE(matches("a b", "a b\n", flags));
  CHECK_FALSE(matches(" a b\n", "a b\n", flags));
}

TEST_CASE("checker: numbers may differ by either tolerance") {
  CHECK(matches("1.0000001", "1", tolerance(1e-6)));
  CHECK_FALSE(matches("1.00001", "1", tolerance(1e-6)));
  CHECK(matches("1000000.5", "1e6", tolerance(1e-6, 1e-6)));
  CHECK_FALSE(matches("1000000.5", "1e6", tolerance(1e-6)));
  CHECK(matches("+1", "1.0", tolerance(0)));
  CHECK(matches("-0", "0", tolerance(0)));
  CHECK(matches("1e-7", "0", tolerance(1e-6)));
  CHECK_FALSE(matches("1e-7", "0", tolerance(std::nullopt, 1e-6)));
  CHECK(matches("x 1", "X 1.0", tolerance(1e-6)));
}

TEST_CASE("checker: what is no number meets none") {
  for (const auto* text : {"nan", "inf", "-inf", "1x", "0x1", "1,0", "", "1e999", "--1", "+-1", "1 1"}) {
    CAPTURE(text);
    CHECK_FALSE(matches(text, "1", tolerance(1e9)));
  }
}

TEST_CASE("checker: a difference tells the judges where it is, in characters that can be shown") {
  CHECK(*pushjudge::difference("1 \x1b[31m", "1 2", {}) == "token 2 is \"?[31m\" where \"2\" is expected");
  CHECK(*pushjudge::difference("1", "1 2", {}) == "token 2 is the end where \"2\" is expected");
  CHECK(pushjudge::difference(std::string(1000, 'a'), "b", {})->size() < 200);
}
