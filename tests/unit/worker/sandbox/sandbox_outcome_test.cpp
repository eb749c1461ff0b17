#include "worker/sandbox/outcome.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "tests/unit/worker/sandbox/harness.hpp"
#include "worker/sandbox/wire.hpp"

namespace pushjudge::sandbox {

namespace {

// Sends an outcome through a real socket, as the keeper does.
std::optional<Outcome> carry(const Outcome& outcome) {
  std::array<int, 2> pair{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) == 0);
  const Fd from(pair[0]);
  const Fd to(pair[1]);
  const auto encoded = encode(outcome);
  REQUIRE(send_message(from.get(), encoded.bytes, encoded.fds) == 0);
  std::vector<std::byte> buffer(kMessageBytesMax);
  ReceivedFds fds;
  const long size = receive_message(to.get(), buffer, fds);
  REQUIRE(size > 0);
  return decode_outcome(std::span(buffer).first(static_cast<std::size_t>(size)), fds);
}

}  // namespace

TEST_CASE("outcome: numbers, files and reasons arrive as they were sent") {
  Outcome outcome;
  outcome.status = Status::signaled;
  outcome.signal = 11;
  outcome.cpu_us = 1;
  outcome.wall_us = 2;
  outcome.memory_bytes = 3;
  outcome.accounting = Accounting::cgroup2;
  outcome.out = {testing::file_of("out"), 3, true};
  outcome.collected.push_back({"first", Fd(), 0, ENOENT});
  outcome.collected.push_back({"second", testing::file_of("content"), 7, 0});
  outcome.archive.error = EFBIG;
  outcome.failure = {"fill_root", 4, EPERM};
  const auto arrived = carry(outcome);
  REQUIRE(arrived);
  CHECK(arrived->status == Status::signaled);
  CHECK(arrived->signal == 11);
  CHECK(arrived->cpu_us == 1);
  CHECK(arrived->wall_us == 2);
  CHECK(arrived->memory_bytes == 3);
  CHECK(to_string(arrived->accounting) == "cgroup2");
  CHECK(content_of(arrived->out.fd) == "out");
  CHECK(arrived->out.truncated);
  CHECK_FALSE(arrived->err.fd);
  REQUIRE(arrived->collected.size() == 2);
  CHECK(arrived->collected[0].name == "first");
  CHECK(arrived->collected[0].error == ENOENT);
  CHECK(content_of(arrived->collected[1].fd) == "content");
  CHECK(arrived->archive.error == EFBIG);
  CHECK(arrived->failure.step == "fill_root");
  CHECK(arrived->failure.index == 4);
  CHECK(arrived->failure.error == EPERM);
}

TEST_CASE("outcome: a message that is none is not taken for one") {
  ReceivedFds none;
  const auto encoded = encode(Outcome());
  for (std::size_t size = 0; size < encoded.bytes.size(); ++size) {
    CHECK_FALSE(decode_outcome(std::span(encoded.bytes).first(size), none));
  }
  CHECK(decode_outcome(encoded.bytes, none));
}

TEST_CASE("outcome: every status has its own name") {
  CHECK(to_string(Status::exited) == "exited");
  CHECK(to_string(Status::exec_failed) == "exec_failed");
  CHECK(to_string(Status::internal_error) == "internal_error");
}

}  // namespace pushjudge::sandbox
