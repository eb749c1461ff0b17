#include "proto/base/judge0_conf.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;

namespace {

// The value of A in a file of this one line; "-" when it is not there, "!" and the message when the line is refused.
std::string value_in(const std::string& line) {
  const auto conf = Judge0Conf::parse(line, "f");
  if (!conf) return "!" + conf.error().message;
  const auto* entry = conf->find("A");
  return entry == nullptr ? "-" : entry->value;
}

}  // namespace

TEST_CASE("judge0 conf: a line is read as a shell and docker read it") {
  struct Row {
    std::string line;
    const char* value;
  };
  for (const Row& row : {Row{"A=1", "1"},
                         Row{"export A=1", "1"},
                         Row{"  A = 1  ", "1"},
                         Row{"A=one two three", "one two three"},
                         Row{"A=1 # why", "1"},
                         Row{"A=a#b", "a#b"},
                         Row{"A=#b", "-"},
                         Row{"A=\"x y\" # why", "x y"},
                         Row{"A='x # y'", "x # y"},
                         Row{R"(A="a\"b\\c\$d\n")", R"(a"b\c$d\n)"},
                         Row{R"(A='a\b')", R"(a\b)"},
                         Row{"A=$HOME", "$HOME"},
                         Row{"A=b=c", "b=c"},
                         Row{"A=", "-"},
                         Row{"A=\"\"", "-"},
                         Row{"A", "-"},
                         Row{"# A=1", "-"},
                         Row{"A=1\r\n", "1"},
                         Row{"\xef\xbb\xbf"
                             "A=1",
                             "1"},
                         Row{"A=1\nA=2", "2"},
                         Row{"A=1\nA=", "-"},
                         Row{"A=\"x", "!f:1: A: a quote is not closed"},
                         Row{"A='x'y", "!f:1: A: something follows the closing quote"},
                         Row{"\n\nA B=1", "!f:3: expected NAME=VALUE"},
                         Row{"1A=1", "!f:1: expected NAME=VALUE"},
                         Row{std::string("A=\0", 3), "!f:1: a byte 0; this is no text"}}) {
    CAPTURE(row.line);
    CHECK(value_in(row.line) == row.value);
  }
}

TEST_CASE("judge0 conf: numbers are whole, bounded, and wrong ones are told with their line") {
  const auto conf = Judge0Conf::parse("A=7\nB=x\nC=-1\nD=99\nE=7.5\nF=\n", "judge0.conf");
  REQUIRE(conf);
  CHECK(*conf->number("A", 1, 10) == 7);
  CHECK_FALSE(conf->number("F", 1, 10)->has_value());
  CHECK_FALSE(conf->number("G", 1, 10)->has_value());
  for (const char* wrong : {"B", "C", "D", "E"}) {
    CAPTURE(wrong);
    CHECK_FALSE(conf->number(wrong, 1, 10));
  }
  CHECK(conf->number("D", 1, 10).error().message == "judge0.conf:4: D: '99' is no whole number from 1 to 10");
}

TEST_CASE("judge0 conf: a file is read whole, or it is said why not") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.file("judge0.conf");
  std::ofstream(file) << "A=1\nB=2\n";
  const auto conf = read_judge0_conf(file);
  REQUIRE(conf);
  CHECK(conf->entries().size() == 2);
  CHECK(conf->find("B")->line == 2);
  CHECK_FALSE(read_judge0_conf(folder.file("none")));
  CHECK_FALSE(read_judge0_conf(folder.path().string()));
  std::ofstream(file) << std::string((1 << 20) + 1, '#');
  CHECK_FALSE(read_judge0_conf(file));
}
