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
                         Row{{"--log-level", "loud"}, "loud"}, Row{{"--allow-origin", "ftp://a"}, "ftp://a"},
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
  CHECK_FALSE(has(printed, "first-secret"));
  CHECK_FALSE(has(printed, "second-secret"));
  CHECK(config({"--events-token", "a b", "--events-token", "c"}).events_token ==
        std::vector<std::string>{"a", "b", "c"});
  CHECK(has(finish({"--events-token", "n\xc3\xb6"}).output, "--events-token"));
  CHECK(finish({"--auth-token", "n\xc3\xb6"}).exit_code == 2);
}

TEST_CASE("config: what callbacks are signed with is never printed, and a slip in it is not told either") {
  const std::string one = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const std::string other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  const Variable variable("PUSHJUDGE_CALLBACKS_SECRET", (one + " " + other).c_str());
  CHECK(config({}).callbacks_secret == std::vector<std::string>{one, other});
  CHECK_FALSE(has(finish({"--print-config"}).output, "whsec_"));
  const Finish slip = finish({"--callbacks-secret", "whsec_MfKQ9r8"});
  CHECK(slip.exit_code == 2);
  CHECK(has(slip.output, "--callbacks-secret"));
  CHECK_FALSE(has(slip.output, "MfKQ9r8"));
}

TEST_CASE("config: where callbacks may go inside is a list of ranges") {
  CHECK(config({}).callbacks_allow.empty());
  CHECK(config({"--callbacks-allow", "127.0.0.0/8 ::1", "--callbacks-allow", "10.0.0.7"}).callbacks_allow ==
        std::vector<std::string>{"127.0.0.0/8", "::1", "10.0.0.7"});
  for (const char* text : {"localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "[::1]/128", "http://10.0.0.1"}) {
    CAPTURE(text);
    CHECK(finish({"--callbacks-allow", text}).exit_code == 2);
  }
  CHECK(finish({"--callbacks-follow-redirects", "2"}).exit_code == 2);
  CHECK(has(finish({"--callbacks-ca-file", "/nonexistent/ca.pem"}).output, "--callbacks-ca-file: cannot read"));
}

TEST_CASE("config: an unknown key in the file is an error") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.file("api.conf");
  std::ofstream(file) << "no-such-key = 1\n";
  CHECK(finish({"--config", file.c_str()}).exit_code == 2);
  CHECK(finish({"--config", "/nonexistent/api.conf"}).exit_code == 2);
}

TEST_CASE("config: judge0.conf counts for what nothing else gives, and print-config says so") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.file("judge0.conf");
  std::ofstream(file)
      << "# Judge0\nMAX_CPU_TIME_LIMIT=9.5\nCPU_TIME_LIMIT=3\nWALL_TIME_LIMIT=7\nENABLE_CALLBACKS=false\n"
         "MEMORY_LIMIT=\nALLOW_IP=\"10.0.0.1 10.1.0.0/16\"\nAUTHN_TOKEN='one two'\nAUTHZ_TOKEN=three\n"
         "ALLOW_ORIGIN=\"www.a.example b.example\"\nMAX_QUEUE_SIZE=7\nCOUNT=4\nREDIS_HOST=redis\n"
         "MAINTENANCE_MESSAGE=Back at noon.\n";
  const std::string own = folder.file("api.conf");
  std::ofstream(own) << "wall-time-limit = 8\n";
  const Variable bare("MAX_SUBMISSION_BATCH_SIZE", "5");
  const Variable prefixed("PUSHJUDGE_CPU_TIME_LIMIT", "4");
  const std::vector<const char*> words = {"--judge0-conf", file.c_str(),         "--config",
                                          own.c_str(),     "--enable-callbacks", "true"};
  const Config read_config = config(words);
  CHECK(read_config.judge0.max_cpu_time_limit == 9.5);
  CHECK(read_config.judge0.cpu_time_limit == 4);
  CHECK(read_config.judge0.wall_time_limit == 8);
  CHECK(read_config.judge0.enable_callbacks);
  CHECK(read_config.judge0.memory_limit == 128'000);
  CHECK(read_config.judge0.max_submission_batch_size == 5);
  CHECK(read_config.judge0.allow_ip == std::vector<std::string>{"10.0.0.1", "10.1.0.0/16"});
  CHECK(read_config.judge0.maintenance_message == "Back at noon.");
  CHECK(read_config.auth_token == std::vector<std::string>{"one", "two"});
  CHECK(read_config.judge0.authz_token == std::vector<std::string>{"three"});
  CHECK(read_config.allow_origin == std::vector<std::string>{"www.a.example", "b.example"});
  CHECK(read_config.judge0_ignored == std::vector<std::string>{"REDIS_HOST"});

  std::vector<const char*> print = words;
  print.push_back("--print-config");
  const std::string printed = finish(print).output;
  CAPTURE(printed);
  for (const char* line :
       {"max-cpu-time-limit = 9.5  # judge0.conf\n", "cpu-time-limit = 4  # environment\n",
        "wall-time-limit = 8  # file\n", "enable-callbacks = true  # command line\n",
        "memory-limit = 128000  # default\n", "max-submission-batch-size = 5  # environment\n",
        "allow-ip = [\"10.0.0.1\", \"10.1.0.0/16\"]  # judge0.conf\n",
        "maintenance-message = \"Back at noon.\"  # judge0.conf\n", "# auth-token =   # judge0.conf\n",
        "# authz-token =   # judge0.conf\n", "maintenance-mode = false  # default\n"}) {
    CAPTURE(line);
    CHECK(has(printed, line));
  }
  CHECK_FALSE(has(printed, "three"));
  // What was printed can be read again.
  std::ofstream(own) << printed;
  CHECK(config({"--config", own.c_str()}).judge0.max_cpu_time_limit == 9.5);
  CHECK(config({"--config", own.c_str()}).judge0.allow_ip == read_config.judge0.allow_ip);

  const Finish checked = finish({"--judge0-conf", file.c_str(), "--check-config"});
  CHECK(checked.exit_code == 0);
  CHECK(has(checked.output, file + ": not used here: REDIS_HOST\n"));
}

TEST_CASE("config: what is wrong in judge0.conf is said with its line") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.file("judge0.conf");
  struct Row {
    const char* line;
    const char* message;
  };
  for (const Row& row :
       {Row{"ENABLE_CALLBACKS=maybe", ":2: ENABLE_CALLBACKS: 'maybe' is neither true nor false"},
        Row{"MAX_MEMORY_LIMIT=1", ":2: MAX_MEMORY_LIMIT: '1' is no whole number from 2048 to 4294967296"},
        Row{"NUMBER_OF_RUNS=1.5", ":2: NUMBER_OF_RUNS: '1.5' is no whole number from 1 to 1000"},
        Row{"CPU_TIME_LIMIT=nan", ":2: CPU_TIME_LIMIT: 'nan' is no number from 0 to 86400"},
        Row{"CPU_TIME_LIMIT=20", "CPU_TIME_LIMIT is over MAX_CPU_TIME_LIMIT"},
        Row{"ENABLE_NETWORK=true", "ENABLE_NETWORK is true, but ALLOW_ENABLE_NETWORK is not"},
        Row{"ALLOW_IP=somewhere", "ALLOW_IP: 'somewhere' is no address and no CIDR range"},
        Row{"AUTHN_HEADER=\"X Y\"", "AUTHN_HEADER: 'X Y' is no name of a header"},
        Row{"DISALLOW_ORIGIN=https://a/b", "--disallow-origin: 'https://a/b' is no origin"},
        Row{"A=\"open", ":2: A: a quote is not closed"}, Row{"what is this", ":2: expected NAME=VALUE"}}) {
    CAPTURE(row.line);
    std::ofstream(file) << "# first\n" << row.line << "\n";
    const Finish result = finish({"--judge0-conf", file.c_str()});
    CAPTURE(result.output);
    CHECK(result.exit_code == 2);
    CHECK(has(result.output, row.message));
  }
  CHECK(finish({"--judge0-conf", "/nonexistent/judge0.conf"}).exit_code == 2);
  CHECK(finish({"--judge0-conf", folder.path().c_str()}).exit_code == 2);
  CHECK(has(finish({"--max-number-of-runs", "0"}).output, "--max-number-of-runs"));
  const Variable variable("MAINTENANCE_MODE", "perhaps");
  CHECK(has(finish({}).output, "MAINTENANCE_MODE (environment): 'perhaps'"));
}

TEST_CASE("config: a default that nobody gave follows a lower maximum") {
  CHECK(config({"--max-cpu-time-limit", "2"}).judge0.cpu_time_limit == 2);
  CHECK(config({"--max-memory-limit", "64000"}).judge0.memory_limit == 64'000);
  CHECK(finish({"--max-cpu-time-limit", "2", "--cpu-time-limit", "3"}).exit_code == 2);
}

TEST_CASE("config: every setting of Judge0 is an option, and help has a part for them") {
  const std::string help = finish({"--help"}).output;
  CHECK(has(help, "Judge0:\n"));
  for (const Judge0Setting& setting : judge0_settings()) CHECK(has(help, "--" + option_name(setting.variable)));
}
