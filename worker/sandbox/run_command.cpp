#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/sandbox/client.hpp"
#include "worker/sandbox/commands.hpp"

namespace pushjudge::sandbox {

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr std::array<Unit, 3> kTimeUnits{{{"us", 1}, {"ms", 1000}, {"s", 1'000'000}}};
constexpr std::array<Unit, 4> kSizeUnits{{{"B", 1}, {"KB", 1U << 10}, {"MB", 1U << 20}, {"GB", 1U << 30}}};
constexpr std::array<Unit, 1> kCountUnits{{{"", 1}}};

// A number followed by one of the units.
std::optional<std::uint64_t> parse_amount(std::string_view text, std::span<const Unit> units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& unit : units) {
    if (rest == unit.name && number <= ~0ULL / unit.factor) return number * unit.factor;
  }
  return std::nullopt;
}

struct Request {
  Spec spec;
  std::vector<Fd> files;  // what the spec borrows
  bool json = false;
  std::uint64_t repeat = 1;
};

// An option whose value is an amount, and the limit it sets.
struct AmountOption {
  const char* name;
  std::span<const Unit> units;
  std::uint64_t Limits::*limit;
};
const std::array<AmountOption, 10> kAmounts{{{"cpu", kTimeUnits, &Limits::cpu_us},
                                             {"wall", kTimeUnits, &Limits::wall_us},
                                             {"memory", kSizeUnits, &Limits::memory_bytes},
                                             {"stack", kSizeUnits, &Limits::stack_bytes},
                                             {"box", kSizeUnits, &Limits::box_bytes},
                                             {"file-size", kSizeUnits, &Limits::file_bytes},
                                             {"process-cpu", kTimeUnits, &Limits::process_cpu_us},
                                             {"process-memory", kSizeUnits, &Limits::process_memory_bytes},
                                             {"processes", kCountUnits, &Limits::processes},
                                             {"open-files", kCountUnits, &Limits::open_files}}};

bool open_into(Request& request, const std::string& path, int& fd) {
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), std::strerror(errno));
    return false;
  }
  fd = file.get();
  request.files.push_back(std::move(file));
  return true;
}

// False, after a message, when the option's value is no good.
bool apply_option(Request& request, std::string_view name, const std::string& value) {
  const auto bad = [&] {
    std::fprintf(stderr, "--%.*s: bad value %s\n", static_cast<int>(name.size()), name.data(), value.c_str());
    return false;
  };
  for (const auto& option : kAmounts) {
    if (name != option.name) continue;
    const auto amount = parse_amount(value, option.units);
    if (!amount) return bad();
    request.spec.limits.*option.limit = *amount;
    return true;
  }
  if (name == "output") {
    const auto amount = parse_amount(value, kSizeUnits);
    if (!amount) return bad();
    request.spec.limits.stdout_bytes = request.spec.limits.stderr_bytes = *amount;
  } else if (name == "stdin") {
    return open_into(request, value, request.spec.stdin_fd);
  } else if (name == "file") {
    const auto equals = value.find('=');
    if (equals == std::string::npos) return bad();
    PlacedFile file{value.substr(0, equals), 0755, -1};
    if (!open_into(request, value.substr(equals + 1), file.fd)) return false;
    request.spec.files.push_back(std::move(file));
  } else if (name == "collect") {
    request.spec.collect.push_back(value);
  } else if (name == "env") {
    request.spec.env.push_back(value);
  } else if (name == "repeat") {
    const auto amount = parse_amount(value, kCountUnits);
    if (!amount || *amount == 0) return bad();
    request.repeat = *amount;
  } else if (name == "json") {
    request.json = true;
  }
  return true;
}

// A file of the caller that no box shows is brought along: its name in /box, or nothing when it is none.
std::optional<std::string> name_to_bring(const std::string& program) {
  constexpr std::array<std::string_view, 7> kShown{"/usr/", "/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/box/"};
  if (program.find('/') == std::string::npos) return std::nullopt;
  if (std::ranges::any_of(kShown, [&program](std::string_view folder) { return program.starts_with(folder); })) {
    return std::nullopt;
  }
  struct stat status {};
  if (::stat(program.c_str(), &status) < 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return program.substr(program.rfind('/') + 1);
}

bool bring_program(Request& request) {
  if (request.spec.argv.empty()) return true;
  const auto name = name_to_bring(request.spec.argv[0]);
  if (!name) return true;
  for (const auto& file : request.spec.files) {
    if (file.name == *name) return true;
  }
  PlacedFile file{*name, 0755, -1};
  if (!open_into(request, request.spec.argv[0], file.fd)) return false;
  request.spec.files.push_back(std::move(file));
  request.spec.argv[0] = "./" + *name;
  return true;
}

// A pipe or a file that this command was given as its stdin is the program's. A terminal is not.
void pass_stdin(Request& request) {
  struct stat status {};
  if (request.spec.stdin_fd >= 0 || ::fstat(STDIN_FILENO, &status) < 0) return;
  if (S_ISFIFO(status.st_mode) || S_ISREG(status.st_mode)) request.spec.stdin_fd = STDIN_FILENO;
}

std::optional<Request> parse_request(int argc, char** argv) {
  std::vector<option> options;
  for (const auto& amount : kAmounts) options.push_back({amount.name, required_argument, nullptr, 1});
  for (const char* name : {"output", "stdin", "file", "collect", "env", "repeat"}) {
    options.push_back({name, required_argument, nullptr, 1});
  }
  options.push_back({"json", no_argument, nullptr, 1});
  options.push_back({nullptr, 0, nullptr, 0});
  Request request;
  int index = 0;
  for (int found = 0; (found = ::getopt_long(argc, argv, "+", options.data(), &index)) != -1;) {
    const std::string value = optarg != nullptr ? optarg : "";
    if (found != 1 || !apply_option(request, options[static_cast<std::size_t>(index)].name, value)) return std::nullopt;
  }
  for (int i = optind; i < argc; ++i) request.spec.argv.emplace_back(argv[i]);
  if (!bring_program(request)) return std::nullopt;
  pass_stdin(request);
  bool has_path = false;
  for (const auto& variable : request.spec.env) has_path = has_path || variable.starts_with("PATH=");
  if (!has_path) request.spec.env.emplace_back("PATH=/usr/local/bin:/usr/bin:/bin");
  return request;
}

// Bytes above 127 are taken as Latin-1, so that any output makes valid JSON.
std::string json_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') {
      quoted += {'\\', byte};
    } else if (code < 32 || code > 126) {
      std::array<char, 8> escape;
      std::snprintf(escape.data(), escape.size(), "\\u%04x", code);
      quoted += escape.data();
    } else {
      quoted += byte;
    }
  }
  return quoted + "\"";
}

void print_json(const Outcome& outcome) {
  std::string json = "{\"status\":" + json_text(to_string(outcome.status));
  const auto number = [&json](const char* name, auto value) {
    json += ",\"" + std::string(name) + "\":" + std::to_string(value);
  };
  const auto text = [&json](const char* name, std::string_view value) {
    json += ",\"" + std::string(name) + "\":" + json_text(value);
  };
  number("exit_code", outcome.exit_code);
  number("signal", outcome.signal);
  number("cpu_us", outcome.cpu_us);
  number("wall_us", outcome.wall_us);
  number("memory_bytes", outcome.memory_bytes);
  text("accounting", to_string(outcome.accounting));
  text("stdout", content_of(outcome.out.fd));
  text("stderr", content_of(outcome.err.fd));
  if (!outcome.failure.step.empty()) {
    text("failed_step", outcome.failure.step);
    number("failed_index", outcome.failure.index);
    text("failed_error", std::strerror(outcome.failure.error));
  }
  std::printf("%s}\n", json.c_str());
}

void print_text(const Outcome& outcome) {
  const std::string out = content_of(outcome.out.fd);
  const std::string err = content_of(outcome.err.fd);
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
  std::fwrite(err.data(), 1, err.size(), stderr);
  for (const auto& file : outcome.collected) {
    std::fprintf(stderr, "-- %s: %s\n", file.name.c_str(), file.error != 0 ? std::strerror(file.error) : "");
    const std::string content = content_of(file.fd);
    std::fwrite(content.data(), 1, content.size(), stderr);
  }
  const auto status = to_string(outcome.status);
  std::fprintf(stderr, "-- %.*s", static_cast<int>(status.size()), status.data());
  if (outcome.status == Status::exited) std::fprintf(stderr, " %d", outcome.exit_code);
  if (outcome.status == Status::signaled) std::fprintf(stderr, " %d", outcome.signal);
  if (!outcome.failure.step.empty()) {
    const Failure& failure = outcome.failure;
    std::fprintf(stderr, " at %s %d: %s", failure.step.c_str(), failure.index, std::strerror(failure.error));
  }
  const auto accounting = to_string(outcome.accounting);
  std::fprintf(stderr, "; cpu %.3f ms, wall %.3f ms, memory %.1f MB (%.*s)\n",
               static_cast<double>(outcome.cpu_us) / 1000, static_cast<double>(outcome.wall_us) / 1000,
               static_cast<double>(outcome.memory_bytes) / (1 << 20), static_cast<int>(accounting.size()),
               accounting.data());
}

}  // namespace

int run_command(int argc, char** argv) {
  const auto request = parse_request(argc, argv);
  if (!request) {
    std::fputs(kRunUsage, stderr);
    return 2;
  }
  Client client("/proc/self/exe");
  std::string error;
  if (!client.start(error)) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return 1;
  }
  std::optional<Outcome> outcome;
  for (std::uint64_t i = 0; i < request->repeat; ++i) {
    if (client.send(request->spec, error) != Client::Sent::ok) {
      std::fprintf(stderr, "%s\n", error.c_str());
      return 2;
    }
    outcome.reset();
    while (!outcome && client.alive()) {
      pollfd ready{client.fd(), POLLIN, 0};
      if (::poll(&ready, 1, -1) > 0) outcome = client.receive();
    }
  }
  if (!outcome) {
    std::fputs("the sandbox died\n", stderr);
    return 1;
  }
  request->json ? print_json(*outcome) : print_text(*outcome);
  return outcome->status == Status::internal_error ? 1 : 0;
}

}  // namespace pushjudge::sandbox
