#include "worker/command.hpp"

#include <doctest/doctest.h>

using pushjudge::Command;
using pushjudge::Words;

TEST_CASE("command: placeholders inside words are filled in, and {options} becomes words of its own") {
  const auto command = Command::parse("cc -Xmx{mb}m {options} 'a b'", {"mb", "options"});
  REQUIRE(command);
  CHECK(command->expand({{"mb", "64"}}, {"-g", "x y"}) == Words{"cc", "-Xmx64m", "-g", "x y", "a b"});
  CHECK(command->expand({{"mb", "64"}}) == Words{"cc", "-Xmx64m", "a b"});
  CHECK(command->text() == "cc -Xmx{mb}m {options} 'a b'");
}

TEST_CASE("command: what is filled in is not looked at again") {
  const auto command = Command::parse("{a}{b} {options}", {"a", "b", "options"});
  REQUIRE(command);
  CHECK(command->expand({{"a", "{b} '"}, {"b", "1"}}, {"{a}"}) == Words{"{b} '1", "{a}"});
}

TEST_CASE("command: an unknown placeholder, a lonely brace and an empty command are refused") {
  CHECK_FALSE(Command::parse("cc {optoins}", {"options"}));
  CHECK_FALSE(Command::parse("cc {options", {"options"}));
  CHECK_FALSE(Command::parse("cc options}", {"options"}));
  CHECK_FALSE(Command::parse("cc {{options}}", {"options"}));
  CHECK_FALSE(Command::parse("cc -x{options}", {"options"}));
  CHECK_FALSE(Command::parse("  ", {}));
  CHECK_FALSE(Command::parse("cc 'x", {}));
}
