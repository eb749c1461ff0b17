#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/hostile/leftovers.hpp"
#include "tests/unit/worker/sandbox/harness.hpp"

// Runs one hostile program in the real sandbox and compares what became of it with the program's first line:
//
//   // expect: STATUS [CODE], STATUS [CODE] ... | rusage: STATUS [CODE] | KEY=VALUE ...
//
// Any of the statuses will do. `rusage:` replaces them where there are no control groups. Keys set limits (cpu_ms,
// wall_ms, memory_mb, box_mb, file_kb, processes, open_files), bounds for what is reported (cpu_min_ms, cpu_max_ms,
// wall_max_ms, memory_max_mb, output_max_kb), the number of `runs` in one box, the milliseconds in which the outcome
// must be there (within_ms; both kinds of time are multiplied by PJ_SLOW in the environment, for emulated machines),
// and a name to `collect`, or the whole tree (collect_tree=1); what stdout must be (output_hex), and the size of a
// stdin (stdin_mb). `meets=1` is for an attack on a neighbour while it lasts: the program's stdin is a pipe with one
// byte in it, and when it has read that, the neighbour looks at what it has, and then a second byte follows. A C
// program without PROGRAM is compiled in a box first; its status is compile_error when that fails.
//
// Beside that it holds for every attack that a canary and two listeners of the host are not touched, that a neighbour's
// run in another box, which went on meanwhile, is unharmed, that the box is in order for the next program, and that
// nothing is left outside: processes, files, IPC and keys of the box's id, its control groups, mounts.
//
// Usage: hostile_runner [--user] FILE [PROGRAM], where PROGRAM is a C FILE compiled already. With --user the sandbox is
// an ordinary user's.
namespace pushjudge::sandbox::testing {

namespace {

constexpr uid_t kOrdinaryUser = 65'533;
constexpr int kSkipped = 77;
constexpr std::uint64_t kNeighbourCpuUs = 2'000'000;  // it uses some ten milliseconds
constexpr std::uint64_t kNextMemoryBytes = 16 << 20;  // `ls` uses some three

// What the report must say at least or at most; 0: anything.
struct Bounds {
  std::uint64_t cpu_min_ms = 0;
  std::uint64_t cpu_max_ms = 0;
  std::uint64_t wall_max_ms = 0;
  std::uint64_t memory_max_mb = 0;
  std::uint64_t output_max_kb = 0;
};

struct Expectation {
  std::vector<std::string> outcomes;
  std::vector<std::string> rusage_outcomes;
  Limits limits;
  std::uint64_t runs = 1;
  std::uint64_t within_ms = 0;
  std::uint64_t meets = 0;
  std::uint64_t stdin_mb = 0;
  std::uint64_t collect_tree = 0;
  std::string output_hex;
  Bounds bounds;
  std::string collect;
};

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(trimmed(part));
  return parts;
}

// How many times slower than a real machine this one may be.
std::uint64_t slowness() {
  const char* factor = std::getenv("PJ_SLOW");
  return factor == nullptr ? 1 : std::max(1ULL, std::strtoull(factor, nullptr, 10));
}

bool apply(Expectation& expectation, const std::string& key, const std::string& value) {
  if (key == "collect") {
    expectation.collect = value;
    return true;
  }
  if (key == "output_hex") {
    expectation.output_hex = value;
    return true;
  }
  const std::uint64_t number = std::strtoull(value.c_str(), nullptr, 10);
  Limits& limits = expectation.limits;
  Bounds& bounds = expectation.bounds;
  struct Key {
    std::string_view name;
    std::uint64_t& target;
    std::uint64_t factor;
  };
  const std::array<Key, 17> keys{{{"cpu_ms", limits.cpu_us, 1000},
                                  {"wall_ms", limits.wall_us, 1000},
                                  {"memory_mb", limits.memory_bytes, 1 << 20},
                                  {"box_mb", limits.box_bytes, 1 << 20},
                                  {"file_kb", limits.file_bytes, 1 << 10},
                                  {"processes", limits.processes, 1},
                                  {"open_files", limits.open_files, 1},
                                  {"cpu_min_ms", bounds.cpu_min_ms, 1},
                                  {"cpu_max_ms", bounds.cpu_max_ms, slowness()},
                                  {"wall_max_ms", bounds.wall_max_ms, slowness()},
                                  {"memory_max_mb", bounds.memory_max_mb, 1},
                                  {"output_max_kb", bounds.output_max_kb, 1},
                                  {"runs", expectation.runs, 1},
                                  {"meets", expectation.meets, 1},
                                  {"stdin_mb", expectation.stdin_mb, 1},
                                  {"collect_tree", expectation.collect_tree, 1},
                                  {"within_ms", expectation.within_ms, slowness()}}};
  for (const auto& [name, target, factor] : keys) {
    if (name == key) target = number * factor;
    if (name == key) return number > 0;
  }
  return false;
}

std::optional<Expectation> parse_expectation(const std::string& source) {
  const std::string line = source.substr(0, source.find('\n'));
  const auto at = line.find("expect: ");
  if (at == std::string::npos) return std::nullopt;
  Expectation expectation;
  expectation.limits.cpu_us = 5'000'000 * slowness();
  expectation.limits.wall_us = 20'000'000 * slowness();
  bool first = true;
  for (const auto& part : split(line.substr(at + 8), '|')) {
    if (first) {
      expectation.outcomes = split(part, ',');
      first = false;
    } else if (part.starts_with("rusage: ")) {
      expectation.rusage_outcomes = split(part.substr(8), ',');
    } else {
      for (const auto& setting : split(part, ' ')) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos || !apply(expectation, setting.substr(0, equals), setting.substr(equals + 1))) {
          return std::nullopt;
        }
      }
    }
  }
  return expectation;
}

// What the programs try to reach: open to everybody on the host.
class Bait {
 public:
  Bait() {
    char path[] = "/tmp/pushjudge-canary-XXXXXX";
    canary_ = Fd(::mkstemp(path));
    canary_path_ = path;
    if (!canary_ || ::fchmod(canary_.get(), 0666) < 0) std::abort();
    listen_on_port();
    listen_on_name();
  }
  ~Bait() { ::unlink(canary_path_.c_str()); }
  Bait(const Bait&) = delete;
  Bait& operator=(const Bait&) = delete;

  [[nodiscard]] std::vector<std::string> environment() const {
    return {"CANARY=" + canary_path_, "LISTENER_PORT=" + std::to_string(port_), "LISTENER_NAME=" + name_,
            "HOST_PID=" + std::to_string(::getpid()), std::string("SOURCES=") + PJ_SOURCE_FOLDER};
  }

  // True if nobody connected and the canary is as it was.
  [[nodiscard]] bool untouched() const {
    struct stat status {};
    const bool canary = ::fstat(canary_.get(), &status) == 0 && status.st_size == 0 && status.st_nlink == 1 &&
                        (status.st_mode & 07777) == 0666;
    return canary && ::accept(tcp_.get(), nullptr, nullptr) < 0 && ::accept(abstract_.get(), nullptr, nullptr) < 0;
  }

 private:
  void listen_on_port() {
    tcp_.reset(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int off = 0;
    ::setsockopt(tcp_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    socklen_t size = sizeof address;
    if (::bind(tcp_.get(), reinterpret_cast<sockaddr*>(&address), size) < 0 || ::listen(tcp_.get(), 8) < 0 ||
        ::getsockname(tcp_.get(), reinterpret_cast<sockaddr*>(&address), &size) < 0) {
      std::abort();
    }
    port_ = ntohs(address.sin6_port);
  }

  void listen_on_name() {
    name_ = "pushjudge-bait-" + std::to_string(::getpid());
    abstract_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name_.copy(address.sun_path + 1, sizeof address.sun_path - 1);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name_.size());
    if (::bind(abstract_.get(), reinterpret_cast<sockaddr*>(&address), size) < 0 || ::listen(abstract_.get(), 8) < 0) {
      std::abort();
    }
  }

  Fd canary_;
  std::string canary_path_;
  Fd tcp_;
  int port_ = 0;
  Fd abstract_;
  std::string name_;
};

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string describe(const Outcome& outcome) {
  std::string text(to_string(outcome.status));
  if (outcome.status == Status::exited) text += " " + std::to_string(outcome.exit_code);
  if (outcome.status == Status::signaled) text += " " + std::to_string(outcome.signal);
  if (!outcome.failure.step.empty())
    text += " at " + outcome.failure.step + ": " + std::strerror(outcome.failure.error);
  return text;
}

// The stdin of a program that is to do something when it is told to: it reads a byte for each word.
class Bell {
 public:
  Bell() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) < 0) std::abort();
    heard_.reset(ends[0]);
    rung_.reset(ends[1]);
  }

  [[nodiscard]] int stdin_fd() const { return heard_.get(); }

  void ring() const {
    if (::write(rung_.get(), "x", 1) != 1) std::abort();
  }

  // Until the program has read what was written, or its run is over.
  void wait_until_heard(Client& client) const {
    int waiting = 1;
    while (client.alive()) {
      if (::ioctl(heard_.get(), FIONREAD, &waiting) < 0) std::abort();
      pollfd ended{client.fd(), POLLIN, 0};
      if (waiting == 0 || ::poll(&ended, 1, 1) > 0) break;
    }
  }

 private:
  Fd heard_;
  Fd rung_;
};

// A run in another box that goes on during the attack (see support/neighbour.c).
class Neighbour {
 public:
  Neighbour() : program_(file_of(read_whole(PJ_NEIGHBOUR_PROGRAM))) {
    Spec spec = spec_of({"/box/neighbour"});
    spec.files = {{"neighbour", 0755, program_.get()}};
    spec.stdin_fd = bell_.stdin_fd();
    spec.limits.wall_us = 600'000'000;
    std::string error;
    bell_.ring();
    if (sandbox_.client().send(spec, error) != Client::Sent::ok) std::abort();
    // It reads the byte when it has made everything that it will look at.
    bell_.wait_until_heard(sandbox_.client());
  }

  // Has it look at everything and end. Asked once.
  [[nodiscard]] bool is_unharmed() {
    bell_.ring();
    const auto outcome = await(sandbox_.client());
    const std::string printed = content_of(outcome.out.fd);
    const bool charged = outcome.cpu_us > kNeighbourCpuUs * slowness();
    if (describe(outcome) == "exited 0" && printed == "unharmed\n" && !charged) return true;
    std::printf("THE NEIGHBOUR WAS HARMED: %s, cpu %.1f ms, %s\n", describe(outcome).c_str(),
                static_cast<double>(outcome.cpu_us) / 1000, printed.c_str());
    return false;
  }

 private:
  Fd program_;
  Bell bell_;
  Sandbox sandbox_;
};

struct Program {
  Spec spec;
  Fd file;
  bool compiled = true;
  std::string messages;  // the compiler's
};

Program prepare(Sandbox& sandbox, const std::string& path, const std::string& source, const std::string& compiled_to,
                const Limits& limits) {
  Program program;
  const auto place = [&](const char* name, std::vector<std::string> argv) {
    program.file = file_of(source);
    program.spec = spec_of(std::move(argv));
    program.spec.files = {{name, 0644, program.file.get()}};
  };
  if (path.ends_with(".c") || path.ends_with(".cpp")) {
    program.spec = spec_of({"/box/program"});
    if (!compiled_to.empty()) {
      program.file = file_of(read_whole(compiled_to));
      (void)::fcntl(program.file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK);
      program.spec.files = {{"program", 0755, program.file.get(), true}};
      return program;
    }
    const std::string header = read_whole(path.substr(0, path.rfind('/') + 1) + "support/probe.h");
    auto compiled = compile_c(
        sandbox, source, {.header = header, .language = path.ends_with("p") ? "c++" : "c", .cpu_us = limits.cpu_us});
    program.compiled = static_cast<bool>(compiled.program);
    program.messages = content_of(compiled.outcome.out.fd);
    std::printf("compiler: %s\n%s", describe(compiled.outcome).c_str(), program.messages.substr(0, 2000).c_str());
    program.file = std::move(compiled.program);
    if (program.compiled) program.spec.files = {{"program", 0755, program.file.get(), true}};
  } else if (path.ends_with(".js")) {
    place("script.js", {"/usr/bin/node", "script.js"});
  } else if (path.ends_with(".java")) {
    place("Main.java", {"/usr/lib/jvm/default-java/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m",
                        "Main.java"});
  } else {
    program.spec = spec_of({path.ends_with(".py") ? "/usr/bin/python3" : "/bin/sh", "-"});
    program.file = file_of(source);
    program.spec.stdin_fd = program.file.get();
  }
  return program;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  for (const auto& one : list) {
    if (one == text) return true;
  }
  return false;
}

std::string hex_of(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4];
    text += kDigits[value & 15];
  }
  return text;
}

bool within_bounds(const Outcome& outcome, const Bounds& bounds) {
  const auto at_most = [](const char* what, std::uint64_t value, std::uint64_t bound) {
    if (bound == 0 || value <= bound) return true;
    std::printf("TOO MUCH %s: %llu\n", what, static_cast<unsigned long long>(value));
    return false;
  };
  const bool enough = outcome.cpu_us / 1000 >= bounds.cpu_min_ms;
  if (!enough) std::printf("TOO LITTLE CPU TIME: some was hidden\n");
  const auto printed = outcome.out.size + outcome.err.size;
  return at_most("CPU TIME", outcome.cpu_us / 1000, bounds.cpu_max_ms) &&
         at_most("WALL TIME", outcome.wall_us / 1000, bounds.wall_max_ms) &&
         at_most("MEMORY", outcome.memory_bytes >> 20, bounds.memory_max_mb) &&
         at_most("OUTPUT", printed >> 10, bounds.output_max_kb) && enough;
}

// The neighbour looks while the program stands still in the middle of its attack.
Outcome run_and_meet(Sandbox& sandbox, Spec spec, Neighbour& neighbour, bool& good) {
  const Bell bell;
  spec.stdin_fd = bell.stdin_fd();
  bell.ring();
  std::string error;
  if (sandbox.client().send(spec, error) != Client::Sent::ok) std::abort();
  bell.wait_until_heard(sandbox.client());
  good = neighbour.is_unharmed();
  bell.ring();
  return await(sandbox.client());
}

bool is_as_expected(const Outcome& outcome, std::chrono::milliseconds took, const Expectation& expectation) {
  const bool no_groups = outcome.accounting == Accounting::rusage && !expectation.rusage_outcomes.empty();
  const auto& wanted = no_groups ? expectation.rusage_outcomes : expectation.outcomes;
  const std::string got = describe(outcome);
  std::printf("%s; cpu %.1f ms, wall %.1f ms, memory %.1f MB, %s", got.c_str(),
              static_cast<double>(outcome.cpu_us) / 1000, static_cast<double>(outcome.wall_us) / 1000,
              static_cast<double>(outcome.memory_bytes) / (1 << 20),
              std::string(to_string(outcome.accounting)).c_str());
  if (expectation.collect_tree != 0) {
    std::printf(", archive %llu bytes, %s", static_cast<unsigned long long>(outcome.archive.size),
                std::strerror(outcome.archive.error));
  }
  std::printf("\n");
  std::printf("%s%s\n", content_of(outcome.out.fd).substr(0, 2000).c_str(),
              content_of(outcome.err.fd).substr(0, 2000).c_str());
  bool good = contains(wanted, got);
  if (!good) std::printf("NOT WHAT IS EXPECTED: %s\n", wanted[0].c_str());
  good = within_bounds(outcome, expectation.bounds) && good;
  if (expectation.within_ms != 0 && took.count() > static_cast<std::int64_t>(expectation.within_ms)) {
    std::printf("TOO LATE: after %lld ms\n", static_cast<long long>(took.count()));
    good = false;
  }
  if (!expectation.output_hex.empty() && hex_of(content_of(outcome.out.fd)) != expectation.output_hex) {
    std::printf("PRINTED SOMETHING ELSE: %s\n", hex_of(content_of(outcome.out.fd)).c_str());
    good = false;
  }
  if (content_of(outcome.archive.fd).find("root:") != std::string::npos) {
    std::printf("COLLECTED A FILE OF THE HOST\n");
    good = false;
  }
  for (const auto& file : outcome.collected) {
    // Only the program's own file may come back, or nothing.
    if (file.fd && content_of(file.fd) != "mine") {
      std::printf("COLLECTED SOMETHING ELSE\n");
      good = false;
    }
  }
  return good;
}

bool become_ordinary_user() {
  return ::setgroups(0, nullptr) == 0 && ::setresgid(kOrdinaryUser, kOrdinaryUser, kOrdinaryUser) == 0 &&
         ::setresuid(kOrdinaryUser, kOrdinaryUser, kOrdinaryUser) == 0;
}

int run_file(const std::string& path, const std::string& compiled_to) {
  const std::string source = read_whole(path);
  const auto expectation = parse_expectation(source);
  if (!expectation) {
    std::printf("%s: the first line says nothing that is understood\n", path.c_str());
    return 1;
  }
  if (skip_without_boxes()) return kSkipped;
  const Bait bait;
  const std::string mounts = read_whole("/proc/self/mountinfo");
  auto neighbour = std::make_unique<Neighbour>();
  auto box = std::make_unique<Sandbox>();
  Sandbox& sandbox = *box;
  Program program = prepare(sandbox, path, source, compiled_to, expectation->limits);
  program.spec.limits = expectation->limits;
  for (auto& variable : bait.environment()) program.spec.env.push_back(std::move(variable));
  if (!expectation->collect.empty()) program.spec.collect = {expectation->collect};
  program.spec.collect_tree = expectation->collect_tree != 0;
  const Fd input = file_of(std::string(expectation->stdin_mb << 20, 'x'));
  if (expectation->stdin_mb != 0) program.spec.stdin_fd = input.get();
  bool good = program.compiled || contains(expectation->outcomes, "compile_error");
  if (program.messages.find("root:") != std::string::npos) {
    std::printf("THE COMPILER SHOWS A FILE OF THE HOST\n");
    good = false;
  }
  for (std::uint64_t i = 0; program.compiled && i < expectation->runs; ++i) {
    const auto started = std::chrono::steady_clock::now();
    const auto outcome =
        expectation->meets != 0 ? run_and_meet(sandbox, program.spec, *neighbour, good) : sandbox.run(program.spec);
    const auto took = std::chrono::steady_clock::now() - started;
    good = is_as_expected(outcome, std::chrono::duration_cast<std::chrono::milliseconds>(took), *expectation) && good;
    if (!bait.untouched()) {
      std::printf("THE BAIT WAS TOUCHED\n");
      good = false;
    }
  }
  if (expectation->meets == 0) good = neighbour->is_unharmed() && good;
  // Whatever it did, the next program must find the box in order.
  const auto after = sandbox.run(spec_of({"/bin/sh", "-c", "ls -A /box /tmp /dev/shm"}));
  if (after.cpu_us > kNeighbourCpuUs * slowness() || after.memory_bytes > kNextMemoryBytes) {
    std::printf("THE NEXT RUN PAYS FOR IT: %llu us, %llu bytes\n", static_cast<unsigned long long>(after.cpu_us),
                static_cast<unsigned long long>(after.memory_bytes));
    good = false;
  }
  if (describe(after) != "exited 0" || content_of(after.out.fd) != "/box:\n\n/dev/shm:\n\n/tmp:\n") {
    std::printf("THE BOX IS NOT IN ORDER: %s\n%s\n", describe(after).c_str(), content_of(after.out.fd).c_str());
    good = false;
  }
  Leftovers leftovers(sandbox.client().pid());
  good = leftovers.none_of_programs() && good;
  box.reset();
  neighbour.reset();
  good = leftovers.none_of_sandbox() && good;
  if (read_whole("/proc/self/mountinfo") != mounts) {
    std::printf("A MOUNT WAS MADE\n");
    good = false;
  }
  return good ? 0 : 1;
}

}  // namespace

}  // namespace pushjudge::sandbox::testing

int main(int argc, char** argv) {
  using namespace pushjudge::sandbox::testing;
  const bool as_user = argc > 1 && std::string_view(argv[1]) == "--user";
  const std::vector<std::string> files(argv + (as_user ? 2 : 1), argv + argc);
  if (files.empty() || files.size() > 2) {
    std::fputs("usage: hostile_runner [--user] FILE [PROGRAM]\n", stderr);
    return 2;
  }
  if (as_user && ::geteuid() != 0) {
    std::fputs("*** SKIPPED: only root can become another user; without --user this is an ordinary user's already\n",
               stderr);
    return kSkipped;
  }
  if (as_user && (!become_ordinary_user() || ::access(PJ_SANDBOX_PROGRAM, X_OK) != 0)) {
    std::fputs("*** SKIPPED: " PJ_SANDBOX_PROGRAM " is not reachable for an ordinary user\n", stderr);
    return kSkipped;
  }
  return run_file(files[0], files.size() > 1 ? files[1] : "");
}
