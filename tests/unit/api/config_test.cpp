#include "api/config.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <fstream>

#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;

namespace {

std::variant<Start, Finish> read_options(std::vector<const char*> words) {
  words.insert(words.begin(), "pushjudge-api");
  return read_command_line(static_cast<int>(words.size()), words.data());
}

Config config(std::vector<const char*> words) {
  auto result = read_options(std::move(words));
  if (const auto* finish = std::get_if<Finish>(&result)) FAIL(finish->output);
  return std::get<Start>(std::move(result)).config;
}

Finish finish(std::vector<const char*> words) {
  auto result = read_options(std::move(words));
  REQUIRE(std::holds_alternative<Finish>(result));
  return std::get<Finish>(std::move(result));
}

// An environment variable for the length of a test.
struct Variable {
  Variable(const char* variable, const char* value) : name(variable) { ::setenv(variable, value, 1); }
  ~Variable() { ::unsetenv(name); }
  const char* name;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("config: without arguments everything has its default") {
  const Config defaults;
  const Config read_config = config({});
  CHECK(read_config.port == 2358);
  CHECK(read_config.address == "127.0.0.1");
  CHECK(read_config.queue == defaults.queue);
  CHECK(read_config.body_bytes_max == std::size_t{40} << 20);
}

TEST_CASE("config: options are read in their units") {
  const Config read_config = config({"--queue", "tcp://core:7001", "--port", "0", "--idle-timeout-ms", "250",
                                     "--allow-origin", "https://a.example", "--allow-origin", "http://b:3000"});
  CHECK(read_config.queue == "tcp://core:7001");
  CHECK(read_config.port == 0);
  CHECK(read_config.idle_timeout == std::chrono::milliseconds(250));
  CHECK(read_config.allow_origin == std::vector<std::string>{"https://a.example", "http://b:3000"});
}

TEST_CASE("config: what is wrong ends the program with 2 and says which") {
  struct Row {
    std::vector<const char*> words;
    const char* part;
  };
  for (const Row& row : {Row{{"--port", "65536"}, "--port"}, Row{{"--port", "x"}, "--port"},
                         Row{{"--no-such"}, "--no-such"}, Row{{"--queue", "nowhere"}, "nowhere"},
                         Row{{"--log-level", "loud"}, "loud"}, Row{{"--allow-origin", "a.example"}, "a.example"},
                         Row{{"--allow-origin", "https://a.example/x"}, "https://a.example/x"},
                         Row{{"--body-timeout-ms", "0"}, "--body-timeout-ms"}, Row{{"stray"}, "stray"}}) {
    const Finish result = finish(row.words);
    CAPTURE(result.output);
    CHECK(result.exit_code == 2);
    CHECK(has(result.output, row.part));
  }
}

TEST_CASE("config: help, version and check end well") {
  CHECK(finish({"--help"}).exit_code == 0);
  CHECK(has(finish({"--help"}).output, "--ws-outbox-bytes-max"));
  CHECK(finish({"--version"}).output == "pushjudge-api " PJ_VERSION "\n");
  CHECK(finish({"--check-config"}).exit_code == 0);
}

TEST_CASE("config: a file and the environment count, and print-config says which of them did") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.file("api.conf");
  std::ofstream(file) << "port = 4000\nwait-max-ms = 1234\n";
  const Variable variable("PUSHJUDGE_DRAIN_MAX_MS", "777");
  const Config read_config = config({"--config", file.c_str(), "--port", "5000"});
  CHECK(read_config.port == 5000);
  CHECK(read_config.wait_max == std::chrono::milliseconds(1'234));
  CHECK(read_config.drain_max == std::chrono::milliseconds(777));
  const std::string printed = finish({"--config", file.c_str(), "--port", "5000", "--print-config"}).output;
  CAPTURE(printed);
  CHECK(has(printed, "port = 5000  # command line\n"));
  CHECK(has(printed, "wait-max-ms = 1234  # file\n"));
  CHECK(has(printed, "drain-max-ms = 777  # environment\n"));
  CHECK(has(printed, "address = \"127.0.0.1\"  # default\n"));
}

TEST_CASE("config: what print-config prints can be read again") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.file("api.conf");
  std::ofstream(file) << finish({"--port", "4321", "--allow-origin", "https://a.example", "--print-config"}).output;
  const Config read_config = config({"--config", file.c_str()});
  CHECK(read_config.port == 4321);
  CHECK(read_config.allow_origin == std::vector<std::string>{"https://a.example"});
}

TEST_CASE("config: access tokens may come by the environment, with blanks between, and are never printed") {
  const Variable variable("PUSHJUDGE_AUTH_TOKEN", "first-secret second-secret");
  CHECK(config({}).auth_token == std::vector<std::string>{"first-secret", "second-secret"});
  const std::string printed = finish({"--print-config"}).output;
  CHECK(has(printed, "# auth-token =   # environment\n"));
  CHECK_FALSE(has(printed, "secret"));
  CHECK(config({"--events-token", "a b", "--events-token", "c"}).events_token ==
        std::vector<std::string>{"a", "b", "c"});
  CHECK(has(finish({"--events-token", "n\xc3\xb6"}).output, "--events-token"));
  CHECK(finish({"--auth-token", "n\xc3\xb6"}).exit_code == 2);
}

TEST_CASE("config: an unknown key in the file is an error") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.file("api.conf");
  std::ofstream(file) << "no-such-key = 1\n";
  CHECK(finish({"--config", file.c_str()}).exit_code == 2);
  CHECK(finish({"--config", "/nonexistent/api.conf"}).exit_code == 2);
}
