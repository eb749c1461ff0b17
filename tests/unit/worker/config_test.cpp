#include "worker/config.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>

#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;

namespace {

const WorkerDefaults kDefaults{.slots = 2,
                               .name = "host/1",
                               .languages = "/languages",
                               .sandbox = "/sandbox",
                               .unpacker = "/unpack",
                               .memory_kib_max = 4'000};

Result<WorkerConfig> read(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}) {
  const auto look_up = [&](const std::string& name) {
    const auto entry = environment.find(name);
    return entry == environment.end() ? std::nullopt : std::optional(entry->second);
  };
  return read_worker_config(arguments, look_up, kDefaults);
}

}  // namespace

TEST_CASE("config: the command line wins over the environment, the environment over the defaults") {
  const auto config = read({"--queue", "ipc:///run/pj", "--slots=3"},
                           {{"PUSHJUDGE_SLOTS", "9"}, {"PUSHJUDGE_NAME", "anna"}, {"PUSHJUDGE_LOG_LEVEL", "debug"}});
  REQUIRE(config);
  CHECK(config->action == WorkerAction::run);
  CHECK(config->queue == "ipc:///run/pj");
  CHECK(config->slots == 3);
  CHECK(config->name == "anna");
  CHECK(config->languages == "/languages");
  CHECK(config->unpacker == "/unpack");
  CHECK(config->extract_kib_max == 10'240);
  CHECK(config->memory_kib_max == 4'000);
  CHECK(config->log_level == "debug");
  CHECK(config->origins.find("slots = 3  # command line\n") != std::string::npos);
  CHECK(config->origins.find("name = anna  # PUSHJUDGE_NAME\n") != std::string::npos);
  CHECK(config->origins.find("sandbox = /sandbox  # default\n") != std::string::npos);
}

TEST_CASE("config: a judge0.conf says how many slots there are, where nothing else does") {
  const testing::TemporaryFolder folder;
  const std::string file = folder.file("judge0.conf");
  std::ofstream(file) << "MAX_QUEUE_SIZE=100\nCOUNT=7\n";
  const std::vector<std::string> words = {"--queue", "ipc:///run/pj", "--judge0-conf", file};
  CHECK(read(words)->slots == 7);
  CHECK(read(words)->origins.find("slots = 7  # judge0.conf\n") != std::string::npos);
  CHECK(read(words, {{"PUSHJUDGE_SLOTS", "3"}})->slots == 3);
  std::ofstream(file) << "COUNT=many\n";
  CHECK(read(words).error().message == file + ":1: COUNT: 'many' is no whole number from 1 to 1024");
  std::ofstream(file) << "COUNT='7\n";
  CHECK(read(words).error().message == file + ":1: COUNT: a quote is not closed");
  CHECK_FALSE(read({"--queue", "ipc:///run/pj", "--judge0-conf", folder.file("none")}));
}

TEST_CASE("config: what is wrong is said") {
  CHECK(read({}).error().message.find("--queue") != std::string::npos);
  CHECK(read({"--queue"}).error().message == "--queue needs a value");
  CHECK(read({"--quue", "x"}).error().message == "unknown argument '--quue'");
  CHECK(read({"queue", "x"}).error().message == "unknown argument 'queue'");
  CHECK(read({"--queue", "x", "--extract-kib-max", "0"}).error().message ==
        "extract-kib-max must be a whole number from 1 to 131072");
  for (const auto* slots : {"0", "-1", "two", "3x", "", "99999999999"}) {
    CAPTURE(slots);
    CHECK_FALSE(read({"--queue", "x", "--slots", slots}));
  }
}

TEST_CASE("config: doctor, help, version and print-config need no core") {
  CHECK(read({"doctor"})->action == WorkerAction::doctor);
  CHECK(read({"--help"})->action == WorkerAction::help);
  CHECK(read({"--version"})->action == WorkerAction::version);
  CHECK(read({"--print-config"})->action == WorkerAction::print_config);
}

TEST_CASE("config: the help names every setting") {
  const auto help = worker_help();
  for (const auto* setting : {"--queue", "--key", "--server-key", "--slots", "--name", "--languages", "--sandbox",
                              "--unpacker", "--extract-kib-max", "--log-level"}) {
    CHECK(help.find(setting) != std::string::npos);
  }
}
