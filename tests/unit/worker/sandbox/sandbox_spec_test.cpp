#include "worker/sandbox/spec.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pushjudge::sandbox {

namespace {

Spec small_spec() {
  Spec spec;
  spec.argv = {"/bin/echo", "one", ""};
  spec.env = {"A=1"};
  return spec;
}

std::string reason_against(const Spec& spec) {
  return invalid(spec).value_or("");
}

}  // namespace

TEST_CASE("spec: a name of a file stays below the box") {
  for (const char* good : {"a", "a/b", ".hidden", "..a", "a..", "with space", "Main.java"}) CHECK(valid_box_path(good));
  for (const char* bad : {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "a/./b"}) {
    CHECK_MESSAGE(!valid_box_path(bad), bad);
  }
  CHECK_FALSE(valid_box_path(std::string("a\0b", 3)));
  CHECK_FALSE(valid_box_path(std::string(256, 'a')));
  std::string deep = "a";
  for (std::size_t i = 1; i < kPathDepthMax; ++i) deep += "/a";
  CHECK(valid_box_path(deep));
  CHECK_FALSE(valid_box_path(deep + "/a"));
}

TEST_CASE("spec: what cannot be run is refused with a reason") {
  CHECK(reason_against(small_spec()) == "");
  auto spec = small_spec();
  spec.argv.clear();
  CHECK(reason_against(spec) == "argv is empty");
  spec = small_spec();
  spec.argv[1] = std::string("a\0b", 3);
  CHECK(reason_against(spec) == "an argument contains NUL");
  spec = small_spec();
  spec.env = {"NOVALUE"};
  CHECK(reason_against(spec) == "an environment variable is not NAME=value");
  spec = small_spec();
  spec.cwd = "box";
  CHECK(reason_against(spec) == "cwd is not an absolute path");
  spec = small_spec();
  spec.files = {{"../a", 0644, 0}};
  CHECK(reason_against(spec) == "the name of a file to place is not a path below /box");
  spec.files = {{"a", 04755, 0}};
  CHECK(reason_against(spec) == "the mode of a file to place has more than permission bits");
  spec.files = {{"a", 0644, -1}};
  CHECK(reason_against(spec) == "a file to place has no descriptor");
  spec = small_spec();
  spec.collect = {"/etc/shadow"};
  CHECK(reason_against(spec) == "the name of a file to collect is not a path below /box");
  spec = small_spec();
  spec.limits.cpu_us = 0;
  CHECK(reason_against(spec) == "a limit is zero or out of range");
}

TEST_CASE("spec: what is encoded is read again in place") {
  auto spec = small_spec();
  spec.cwd = "/tmp";
  spec.limits.cpu_us = 123;
  spec.files = {{"dir/a", 0755, 7}, {"b", 0600, 8}};
  spec.collect = {"c"};
  spec.stdin_fd = 5;
  spec.stdout_fd = 9;
  spec.archive = 6;
  spec.keep = true;
  std::string error;
  const auto encoded = encode(spec, error);
  REQUIRE(encoded);
  CHECK(encoded->fds == std::vector{5, 9, 6, 7, 8});
  SpecView view;
  REQUIRE(view.parse(encoded->bytes));
  CHECK(view.header.limits.cpu_us == 123);
  CHECK(std::string(view.cwd) == "/tmp");
  CHECK(std::string(view.argv[1]) == "one");
  CHECK(std::string(view.argv[2]) == "");
  CHECK(view.argv[3] == nullptr);
  CHECK(std::string(view.env[0]) == "A=1");
  CHECK(view.env[1] == nullptr);
  CHECK(std::string(view.files[0]) == "dir/a");
  CHECK(view.header.file_modes[1] == 0600);
  CHECK(std::string(view.collect[0]) == "c");
  CHECK(view.header.keep == 1);
  CHECK(view.header.stderr_to_stdout == 0);
  CHECK(view.fds_count() == 5);
}

TEST_CASE("spec: a message cut short anywhere, or with something added, is no spec") {
  auto spec = small_spec();
  spec.files = {{"a", 0644, 7}};
  std::string error;
  auto encoded = encode(spec, error);
  REQUIRE(encoded);
  SpecView view;
  for (std::size_t size = 0; size < encoded->bytes.size(); ++size) {
    CHECK_FALSE(view.parse(std::span(encoded->bytes).first(size)));
  }
  CHECK(view.parse(encoded->bytes));
  encoded->bytes.push_back(std::byte{0});
  CHECK_FALSE(view.parse(encoded->bytes));
}

TEST_CASE("spec: what does not fit into one message is refused") {
  auto spec = small_spec();
  spec.argv.emplace_back(kMessageBytesMax, 'x');
  std::string error;
  CHECK_FALSE(encode(spec, error));
  CHECK(error == "arguments, environment and names together are too long");
}

}  // namespace pushjudge::sandbox
