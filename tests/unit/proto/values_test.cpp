// The small values: tokens, times, verdicts, addresses, log fields.

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <string>

#include "proto/base/clock.hpp"
#include "proto/base/log.hpp"
#include "proto/endpoints.hpp"
#include "proto/event.hpp"
#include "proto/ids.hpp"
#include "proto/submission.hpp"
#include "proto/verdict.hpp"

using namespace pushjudge;

TEST_CASE("token: has the form of a UUID version 4, begins with its time, and no two are the same") {
  const Token token = Token::make(0x0123456789ab);
  const std::string text = token.text();
  CHECK(text.size() == 36);
  CHECK(text.starts_with("01234567-89ab-4"));
  CHECK(std::string("89ab").find(text[19]) != std::string::npos);
  CHECK(Token::parse(text) == token);
  CHECK(Token::make(0x0123456789ab) != token);
  CHECK(Token::make(0x0123456789ac).text() > text);
}

TEST_CASE("token: anything else is none") {
  for (const char* bad : {"", "x", "018bcfe5-6800-4000-8000-0123456789a", "018bcfe5-6800-4000-8000-0123456789abc",
                          "018bcfe5x6800-4000-8000-0123456789ab", "018bcfe5-6800-4000-8000-0123456789ag",
                          "018bcfe56800-4000-8000-0123456789ab-"}) {
    CAPTURE(bad);
    CHECK_FALSE(Token::parse(bad));
  }
  CHECK(Token::parse("018BCFE5-6800-4000-8000-0123456789AB") == Token::parse("018bcfe5-6800-4000-8000-0123456789ab"));
}

TEST_CASE("channel: of a submission, and back") {
  const Token token = Token::make(1);
  CHECK(token_of_channel(channel_of(token)) == token);
  CHECK_FALSE(token_of_channel("submission:"));
  CHECK_FALSE(token_of_channel("feed"));
  CHECK_FALSE(token_of_channel(token.text()));
}

TEST_CASE("clock: times are shown with milliseconds and Z") {
  CHECK(to_iso8601(1'712'576'571'856) == "2024-04-08T11:42:51.856Z");
  CHECK(to_iso8601(0) == "1970-01-01T00:00:00.000Z");
  CHECK(to_iso8601(-1) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("verdict: every name is read back, and status ids stay within Judge0's") {
  for (int i = 0; i <= static_cast<int>(Verdict::internal_error); ++i) {
    const auto verdict = static_cast<Verdict>(i);
    CHECK(parse_verdict(to_string(verdict)) == verdict);
    const int id = status_id(verdict, std::nullopt);
    CHECK(status_of(id).id == id);
  }
  CHECK_FALSE(parse_verdict("Accepted"));
}

TEST_CASE("verdict: signals are told apart as Judge0's table has them") {
  CHECK(status_id(Verdict::runtime_error, SIGSEGV) == 7);
  CHECK(status_id(Verdict::runtime_error, SIGXFSZ) == 8);
  CHECK(status_id(Verdict::runtime_error, SIGFPE) == 9);
  CHECK(status_id(Verdict::runtime_error, SIGABRT) == 10);
  CHECK(status_id(Verdict::runtime_error, SIGTERM) == 12);
  CHECK(status_id(Verdict::runtime_error, std::nullopt) == 11);
  CHECK(status_id(Verdict::memory_limit_exceeded, SIGKILL) == 12);
}

TEST_CASE("event kind: every name is read back") {
  for (int i = 0; i <= static_cast<int>(EventKind::cancelled); ++i) {
    const auto kind = static_cast<EventKind>(i);
    CHECK(parse_event_kind(to_string(kind)) == kind);
  }
  CHECK_FALSE(parse_event_kind("done"));
}

TEST_CASE("cursor: a name is short, and of letters, digits and three signs") {
  for (const auto& name : std::vector<std::string>{"a", "Leader-board_2.x", "..", std::string(64, 'z')}) {
    CAPTURE(name);
    CHECK(is_cursor_name(name));
  }
  for (const auto& name : std::vector<std::string>{"", "a b", "a/b", "\xc3\xa4", "a\n", std::string(65, 'z')}) {
    CAPTURE(name);
    CHECK_FALSE(is_cursor_name(name));
  }
  CHECK_FALSE(is_cursor_name(std::string_view("a\0", 2)));
}

TEST_CASE("endpoints: a folder and a tcp address each give four") {
  const auto ipc = endpoints_of("ipc:///run/pushjudge/");
  REQUIRE(ipc);
  CHECK(ipc->lobby == "ipc:///run/pushjudge/lobby.sock");
  CHECK(ipc->events == "ipc:///run/pushjudge/events.sock");
  const auto tcp = endpoints_of("tcp://[::1]:7001");
  REQUIRE(tcp);
  CHECK(tcp->lobby == "tcp://[::1]:7001");
  CHECK(tcp->events == "tcp://[::1]:7004");
}

TEST_CASE("endpoints: what is no address is refused in words") {
  for (const char* bad : {"", "http://x:1", "ipc://relative", "tcp://host", "tcp://host:0", "tcp://host:65500",
                          "tcp://:7001", "tcp://host:70x", "tcp://::1:7001"}) {
    CAPTURE(bad);
    const auto endpoints = endpoints_of(bad);
    REQUIRE_FALSE(endpoints);
    CHECK(endpoints.error().code == Errc::invalid);
    CHECK_FALSE(endpoints.error().message.empty());
  }
  CHECK_FALSE(endpoints_of("ipc:///" + std::string(90, 'x')));
}

TEST_CASE("endpoints: a pipe's address is given with the host that the worker can reach") {
  CHECK(with_host_of("tcp://0.0.0.0:7105", "tcp://core:7001") == "tcp://core:7105");
  CHECK(with_host_of("ipc:///x/pipe.1.sock", "ipc:///x") == "ipc:///x/pipe.1.sock");
}

namespace {
std::string printed(const log::Value& value) {
  std::string line;
  value.append_to(line);
  return line;
}
}  // namespace

TEST_CASE("log: a value cannot forge another field or another line") {
  CHECK(printed("plain") == "plain");
  CHECK(printed("") == "\"\"");
  CHECK(printed("a b=c\"\\") == R"("a b=c\"\\")");
  CHECK(printed("x\nlevel=error") == R"("x\x0alevel=error")");
  CHECK(printed(true) == "true");
  CHECK(printed(-7) == "-7");
  CHECK(printed(std::uint64_t{18'446'744'073'709'551'615U}) == "18446744073709551615");
  CHECK(printed(1.5) == "1.500");
}

namespace {

// What the scope writes to standard error, where the log is on for as long.
class CaughtErrors {
 public:
  CaughtErrors() : file_(std::tmpfile()), before_(::dup(STDERR_FILENO)) {
    REQUIRE(file_ != nullptr);
    ::dup2(::fileno(file_), STDERR_FILENO);
    log::start("test", "info");
  }
  ~CaughtErrors() {
    log::start("test", "off");
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    std::fclose(file_);
  }
  std::string text() const {
    std::array<char, 4'096> bytes{};
    const ssize_t got = ::pread(::fileno(file_), bytes.data(), bytes.size(), 0);
    return std::string(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  }

 private:
  std::FILE* file_;
  int before_;
};

}  // namespace

TEST_CASE("log: gathered lines are written at the end, in order, and a warning at once with those before it") {
  const CaughtErrors errors;
  {
    const log::Gathering lines;
    log::info("first");
    CHECK(errors.text().empty());
    log::warn("second");
    CHECK(errors.text().find("first") < errors.text().find("second"));
    CHECK(errors.text().find("second") != std::string::npos);
    log::info("third");
    CHECK(errors.text().find("third") == std::string::npos);
  }
  CHECK(errors.text().find("third") != std::string::npos);
  log::info("fourth");
  CHECK(errors.text().find("fourth") != std::string::npos);
}
