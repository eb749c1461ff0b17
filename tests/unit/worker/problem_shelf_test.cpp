#include "worker/problem_shelf.hpp"

#include <doctest/doctest.h>

#include <string>

#include "worker/memory_file.hpp"

using namespace pushjudge;

namespace {

std::string bytes_of(char letter, std::size_t size) {
  return std::string(size, letter);
}

Digest keep(ProblemShelf& shelf, const std::string& bytes) {
  const auto digest = digest_of(bytes);
  REQUIRE(shelf.keep(digest, bytes));
  return digest;
}

}  // namespace

TEST_CASE("shelf: what is kept is found, and costs its bytes once") {
  ProblemShelf shelf(1'000);
  const auto digest = keep(shelf, "abc");
  keep(shelf, "abc");
  const auto blob = shelf.find(digest);
  REQUIRE(blob);
  CHECK(*read_memory_file(blob->fd.get(), blob->size) == "abc");
  CHECK(shelf.bytes() == 3);
  CHECK_FALSE(shelf.find(digest_of("other")));
}

TEST_CASE("shelf: what was used longest ago makes room, but not what somebody holds") {
  ProblemShelf shelf(250);
  const auto a = keep(shelf, bytes_of('a', 100));
  const auto b = keep(shelf, bytes_of('b', 100));
  CHECK(shelf.find(a));
  const auto c = keep(shelf, bytes_of('c', 100));
  CHECK_FALSE(shelf.find(b));
  CHECK(shelf.find(a));

  const auto held = shelf.find(a);
  shelf.find(c);
  const auto d = keep(shelf, bytes_of('d', 100));
  CHECK(shelf.find(a));
  CHECK(shelf.find(d));
  CHECK_FALSE(shelf.find(c));
  CHECK(shelf.bytes() == 200);
}

TEST_CASE("shelf: small files make room for others too, since each is a descriptor") {
  ProblemShelf shelf(1'000, 2);
  const auto a = keep(shelf, "a");
  const auto held = shelf.find(a);
  const auto b = keep(shelf, "b");
  const auto c = keep(shelf, "c");
  CHECK(shelf.find(a));
  CHECK_FALSE(shelf.find(b));
  CHECK(shelf.find(c));
  CHECK(shelf.bytes() == 2);
}

TEST_CASE("shelf: what is larger than the shelf stays as long as nothing else comes") {
  ProblemShelf shelf(10);
  const auto large = keep(shelf, bytes_of('x', 100));
  CHECK(shelf.find(large));
  keep(shelf, "y");
  CHECK_FALSE(shelf.find(large));
}

TEST_CASE("shelf: a manifest that is none is said to be so") {
  ProblemShelf shelf(1'000);
  const auto digest = keep(shelf, "no manifest");
  CHECK_FALSE(shelf.problem(digest, *shelf.find(digest)));
}
