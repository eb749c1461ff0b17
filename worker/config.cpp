#include "worker/config.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <thread>

#include "proto/base/judge0_conf.hpp"

namespace pushjudge {

namespace {

constexpr unsigned kSlotsMax = 1024;
constexpr std::uint64_t kMemoryKibMax = 1ULL << 34;  // 16 TiB

struct Setting {
  std::string_view name;  // "--name" on the command line, PUSHJUDGE_NAME in the environment
  std::string_view value;
  std::string_view meaning;
};

constexpr std::array<Setting, 13> kSettings{{
    {"queue", "ADDRESS", "the core to work for: ipc:///FOLDER or tcp://HOST:PORT"},
    {"key", "FILE", "our secret key, for a core that is reached by tcp (pushjudge-queue keygen)"},
    {"server-key", "KEY", "the core's public key, or the file that holds it"},
    {"slots", "N", "how many submissions to judge at once (default: one for each core)"},
    {"name", "NAME", "the name that people see (default: HOST/PID)"},
    {"languages", "DIR", "the folder of languages"},
    {"sandbox", "FILE", "the program pushjudge-sandbox (default: beside this program)"},
    {"unpacker", "FILE", "the program pushjudge-unpack (default: beside this program)"},
    {"extract-kib-max", "N", "the most that the additional files of a submission may take (default: 10240)"},
    {"memory-kib-max", "N", "what all boxes together may take where limits are per process (default: half of memory)"},
    {"problem-cache-mib", "N", "files of problems that are kept in memory (default: 256)"},
    {"log-level", "LEVEL", "debug, info, warn, error or off (default: info)"},
    {"judge0-conf", "FILE", "Judge0's judge0.conf, of which COUNT and MAX_EXTRACT_SIZE are taken"},
}};

// Which setting, a whole number, has which name in a judge0.conf.
struct FromJudge0 {
  std::string_view name;
  std::string_view variable;
  std::uint64_t least;
  std::uint64_t most;
};
constexpr std::array<FromJudge0, 2> kFromJudge0{{
    {"slots", "COUNT", 1, kSlotsMax},
    {"extract-kib-max", "MAX_EXTRACT_SIZE", 1, kUnpackedKibMax},
}};

std::string environment_name(std::string_view setting) {
  std::string name = "PUSHJUDGE_";
  for (const char c : setting) name += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return name;
}

struct Given {
  std::string value;
  std::string origin;
};
using Values = std::map<std::string_view, Given>;

// What the command line says; sets `action` as it goes.
Result<Values> from_command_line(const std::vector<std::string>& arguments, WorkerAction& action) {
  Values values;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "doctor") {
      action = WorkerAction::doctor;
    } else if (argument == "--help" || argument == "-h") {
      action = WorkerAction::help;
    } else if (argument == "--version") {
      action = WorkerAction::version;
    } else if (argument == "--print-config") {
      action = WorkerAction::print_config;
    } else {
      const auto equals = argument.find('=');
      const auto name = argument.substr(0, equals);
      const auto setting = std::ranges::find_if(
          kSettings, [&](const Setting& s) { return name.starts_with("--") && name.substr(2) == s.name; });
      if (setting == kSettings.end()) return Error{Errc::invalid, "unknown argument '" + std::string(argument) + "'"};
      if (equals == std::string_view::npos && ++i == arguments.size()) {
        return Error{Errc::invalid, std::string(name) + " needs a value"};
      }
      const auto value =
          equals == std::string_view::npos ? std::string_view(arguments[i]) : argument.substr(equals + 1);
      values[setting->name] = {std::string(value), "command line"};
    }
  }
  return values;
}

// For what neither the command line nor the environment says. Errors: of the file.
Result<void> take_judge0_conf(Values& values) {
  const std::string& path = values.at("judge0-conf").value;
  if (path.empty()) return {};
  const auto conf = read_judge0_conf(path);
  if (!conf) return conf.error();
  for (const auto& [name, variable, least, most] : kFromJudge0) {
    const auto number = conf->number(variable, least, most);
    if (!number) return number.error();
    if (*number && values.at(name).origin == "default") values[name] = {std::to_string(**number), "judge0.conf"};
  }
  return {};
}

template <class Number>
Result<void> set_number(const Values& values, std::string_view name, Number least, Number most, Number& into) {
  const auto& text = values.at(name).value;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
  if (failed == std::errc{} && end == text.data() + text.size() && into >= least && into <= most) return {};
  return Error{Errc::invalid, std::string(name) + " must be a whole number from " + std::to_string(least) + " to " +
                                  std::to_string(most)};
}

}  // namespace

WorkerDefaults worker_defaults() {
  namespace fs = std::filesystem;
  WorkerDefaults defaults;
  defaults.slots = std::clamp(std::thread::hardware_concurrency(), 1U, kSlotsMax);

  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  defaults.memory_kib_max = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * (page / 1024) / 2;

  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {"unknown"};
  defaults.name = std::string(host.data()) + "/" + std::to_string(::getpid());

  std::error_code failed;
  const auto program = fs::read_symlink("/proc/self/exe", failed);
  defaults.sandbox = program.parent_path() / "pushjudge-sandbox";
  defaults.unpacker = program.parent_path() / "pushjudge-unpack";
  const auto installed = program.parent_path().parent_path() / "share" / "pushjudge" / "languages";
  defaults.languages = fs::is_directory(installed, failed) ? installed.string() : PJ_LANGUAGES_DIR;
  return defaults;
}

Result<WorkerConfig> read_worker_config(const std::vector<std::string>& arguments, const Environment& environment,
                                        const WorkerDefaults& defaults) {
  WorkerConfig config;
  auto values = from_command_line(arguments, config.action);
  if (!values) return values.error();

  const std::map<std::string_view, std::string> fallback{{"queue", ""},
                                                         {"key", ""},
                                                         {"server-key", ""},
                                                         {"slots", std::to_string(defaults.slots)},
                                                         {"name", defaults.name},
                                                         {"sandbox", defaults.sandbox},
                                                         {"unpacker", defaults.unpacker},
                                                         {"extract-kib-max", std::to_string(kUnpackedKibDefault)},
                                                         {"languages", defaults.languages},
                                                         {"memory-kib-max", std::to_string(defaults.memory_kib_max)},
                                                         {"problem-cache-mib", std::to_string(kProblemCacheMibDefault)},
                                                         {"log-level", config.log_level},
                                                         {"judge0-conf", ""}};
  for (const auto& setting : kSettings) {
    const auto variable = environment_name(setting.name);
    if (!values->contains(setting.name)) {
      const auto value = environment(variable);
      (*values)[setting.name] = value ? Given{*value, variable} : Given{fallback.at(setting.name), "default"};
    }
  }
  if (auto taken = take_judge0_conf(*values); !taken) return taken.error();
  for (const auto& setting : kSettings) {
    const auto& given = values->at(setting.name);
    config.origins += std::string(setting.name) + " = " + given.value + "  # " + given.origin + "\n";
  }

  if (const auto set = set_number(*values, "slots", 1U, kSlotsMax, config.slots); !set) return set.error();
  if (const auto set =
          set_number(*values, "extract-kib-max", std::uint64_t{1}, kUnpackedKibMax, config.extract_kib_max);
      !set) {
    return set.error();
  }
  if (const auto set = set_number(*values, "memory-kib-max", std::uint64_t{1}, kMemoryKibMax, config.memory_kib_max);
      !set) {
    return set.error();
  }
  if (const auto set =
          set_number(*values, "problem-cache-mib", std::uint64_t{1}, kProblemCacheMibMax, config.problem_cache_mib);
      !set) {
    return set.error();
  }
  config.queue = values->at("queue").value;
  config.key = values->at("key").value;
  config.server_key = values->at("server-key").value;
  config.name = values->at("name").value;
  config.languages = values->at("languages").value;
  config.sandbox = values->at("sandbox").value;
  config.unpacker = values->at("unpacker").value;
  config.log_level = values->at("log-level").value;
  if (config.action == WorkerAction::run && config.queue.empty()) {
    return Error{Errc::invalid, "--queue ADDRESS is needed: which core to work for"};
  }
  return config;
}

std::string worker_help() {
  std::string help =
      "Usage: pushjudge-worker --queue ADDRESS [options]   judge what the core hands out, until told to stop\n"
      "       pushjudge-worker doctor [options]            what this host offers: the sandbox and the languages\n"
      "       pushjudge-worker --print-config [options]    the settings in force and where each came from\n"
      "       pushjudge-worker --help | --version\n\n";
  for (const auto& setting : kSettings) {
    auto option = "  --" + std::string(setting.name) + " " + std::string(setting.value);
    option.resize(std::max<std::size_t>(option.size() + 2, 22), ' ');
    help += option + std::string(setting.meaning) + "\n";
  }
  return help +
         "\nEach may also stand in the environment, as PUSHJUDGE_QUEUE and so on.\n"
         "SIGTERM and SIGINT: take no more, finish what runs, leave. A second one ends at once.\n";
}

}  // namespace pushjudge
