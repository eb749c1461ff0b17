#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/figures.hpp"
#include "worker/sandbox/client.hpp"

// What it costs to run a program in our sandbox: against a bare posix_spawn of the same program, and against
// bubblewrap, which has no limits and no accounting. The subjects take turns in a shuffled order, so that whatever else
// the machine does meets all of them alike. A run counts from the order to start it to the knowledge that it ended; for
// ours that includes its limits, its accounting, its captured output and a box that no other run has seen.
namespace pushjudge::sandbox {

namespace {

using Clock = std::chrono::steady_clock;
using bench::Samples;

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(1);
}

double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

// A sealed copy of a file in memory, as the worker has a compiled program.
Fd sealed_file(const char* path) {
  const Fd file(::open(path, O_RDONLY | O_CLOEXEC));
  struct stat status {};
  Fd copy(::memfd_create("program", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file || !copy || ::fstat(file.get(), &status) < 0) stop(std::string(path) + ": " + std::strerror(errno));
  if (::sendfile(copy.get(), file.get(), nullptr, static_cast<std::size_t>(status.st_size)) != status.st_size) {
    stop(std::string(path) + ": " + std::strerror(errno));
  }
  if (::fcntl(copy.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0) stop("seals");
  return copy;
}

Fd memory_file(std::string_view content) {
  Fd file(::memfd_create("content", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file || ::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    stop("no memory file");
  }
  if (::fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0) stop("seals");
  return file;
}

// A program and its input, in the words of each subject.
struct Case {
  std::string name;
  std::string host_file;                 // the program, or the script, on the host
  std::string box_name;                  // the same in /box
  std::vector<std::string> interpreter;  // before the file; none for a compiled program
  std::string input;
  Fd file;
  Fd stdin_file;

  Case(std::string case_name, std::string path, std::string name_in_box, std::vector<std::string> words = {},
       std::string content = {})
      : name(std::move(case_name)),
        host_file(std::move(path)),
        box_name(std::move(name_in_box)),
        interpreter(std::move(words)),
        input(std::move(content)),
        file(sealed_file(host_file.c_str())),
        stdin_file(memory_file(input)) {}

  [[nodiscard]] std::vector<std::string> argv(const std::string& path) const {
    std::vector<std::string> words = interpreter;
    words.push_back(path);
    return words;
  }
};

// Microseconds from the order to start to the end.
double spawn_and_wait(const std::vector<std::string>& words, const Fd& input) {
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  std::array<char*, 1> environment{nullptr};
  // A position of its own, for another thread reads the same file.
  const Fd stdin_file(::open(("/proc/self/fd/" + std::to_string(input.get())).c_str(), O_RDONLY | O_CLOEXEC));
  if (!stdin_file) stop("no input");
  const auto start = Clock::now();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, stdin_file.get(), 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environment.data());
  if (error != 0) stop(words[0] + ": " + std::strerror(error));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const double took = microseconds_since(start);
  posix_spawn_file_actions_destroy(&actions);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) stop(words[0] + " failed");
  return took;
}

double run_bare(const Case& what) {
  return spawn_and_wait(what.argv(what.host_file), what.stdin_file);
}

double run_bubblewrap(const Case& what) {
  const std::string target = "/box/" + what.box_name;
  std::vector<std::string> words{"/usr/bin/bwrap", "--unshare-all", "--die-with-parent",
                                 "--new-session",  "--cap-drop",    "ALL",
                                 "--ro-bind",      "/usr",          "/usr",
                                 "--symlink",      "usr/bin",       "/bin",
                                 "--symlink",      "usr/lib",       "/lib",
                                 "--symlink",      "usr/lib64",     "/lib64",
                                 "--proc",         "/proc",         "--dev",
                                 "/dev",           "--tmpfs",       "/tmp",
                                 "--tmpfs",        "/box",          "--ro-bind",
                                 what.host_file,   target,          "--chdir",
                                 "/box",           "--clearenv"};
  for (auto& word : what.argv(target)) words.push_back(std::move(word));
  return spawn_and_wait(words, what.stdin_file);
}

// Our sandbox, as a worker's slot has it.
class Ours {
 public:
  Ours() : client_(PJ_SANDBOX_PROGRAM) {
    std::string error;
    if (!client_.start(error)) stop(error);
  }

  Outcome run(const Spec& spec) {
    std::string error;
    if (client_.send(spec, error) != Client::Sent::ok) stop("the sandbox takes no run: " + error);
    while (true) {
      if (auto outcome = client_.receive()) return std::move(*outcome);
      if (!client_.alive()) stop("the sandbox died");
      pollfd ready{client_.fd(), POLLIN, 0};
      ::poll(&ready, 1, -1);
    }
  }

  double run(const Case& what) {
    const auto start = Clock::now();
    const Outcome outcome = run(spec_of(what));
    const double took = microseconds_since(start);
    if (outcome.status != Status::exited || outcome.exit_code != 0) {
      stop(what.name + " failed in the sandbox: " + std::string(to_string(outcome.status)) + " " +
           outcome.failure.step);
    }
    if (outcome.memory_bytes == 0) stop("no accounting");
    last_phases_ = outcome.phases;
    return took;
  }

  [[nodiscard]] const Phases& last_phases() const { return last_phases_; }

  static Spec spec_of(const Case& what) {
    Spec spec;
    spec.argv = what.argv("/box/" + what.box_name);
    spec.files = {{what.box_name, 0755, what.file.get(), true}};
    spec.stdin_fd = what.stdin_file.get();
    return spec;
  }

 private:
  Client client_;
  Phases last_phases_;
};

constexpr std::array<const char*, 3> kSubjects{"bare", "ours", "bubblewrap"};
constexpr std::size_t kOurs = 1;

struct Measured {
  std::array<Samples, kSubjects.size()> took;
  std::vector<Phases> phases;  // of ours, in the same order

  void add(const Measured& other) {
    for (std::size_t i = 0; i < took.size(); ++i)
      took[i].insert(took[i].end(), other.took[i].begin(), other.took[i].end());
    phases.insert(phases.end(), other.phases.begin(), other.phases.end());
  }
};

// The subjects in turns, `runs` of each after a few that do not count.
Measured take_turns(const Case& what, unsigned runs, std::barrier<>& in_step) {
  constexpr unsigned kWarmUp = 5;
  Ours ours;
  Measured measured;
  std::array<std::size_t, 3> order{0, 1, 2};
  std::mt19937 random(1);  // the same order in every thread
  for (unsigned i = 0; i < runs + kWarmUp; ++i) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t which : order) {
      in_step.arrive_and_wait();
      const double took = which == 0 ? run_bare(what) : which == kOurs ? ours.run(what) : run_bubblewrap(what);
      if (i < kWarmUp) continue;
      measured.took[which].push_back(took);
      if (which == kOurs) measured.phases.push_back(ours.last_phases());
    }
  }
  return measured;
}

// The same at the same time in as many threads, each with a sandbox of its own.
Measured measure(const Case& what, unsigned runs, unsigned at_a_time) {
  std::vector<Measured> results(at_a_time);
  std::barrier in_step(static_cast<std::ptrdiff_t>(at_a_time));
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&] { result = take_turns(what, runs, in_step); });
  }
  for (auto& thread : threads) thread.join();
  for (unsigned i = 1; i < at_a_time; ++i) results[0].add(results[i]);
  return std::move(results[0]);
}

struct Quantile {
  const char* name;
  double part;
};
constexpr std::array<Quantile, 3> kQuantiles{{{"p10", 0.1}, {"median", 0.5}, {"p99", 0.99}}};

// Where the time of our runs went.
void report_phases(const std::string& name, const Measured& measured, bench::FigureFile& file) {
  struct Row {
    const char* name;
    std::uint64_t Phases::*part;
  };
  constexpr std::array<Row, 5> kRows{{{"waiting", &Phases::waiting_us},
                                      {"preparing", &Phases::preparing_us},
                                      {"starting", &Phases::starting_us},
                                      {"running", &Phases::running_us},
                                      {"ending", &Phases::ending_us}}};
  std::array<Samples, kRows.size()> parts;
  Samples outside;
  for (std::size_t run = 0; run < measured.phases.size(); ++run) {
    double left = measured.took[kOurs][run];
    for (std::size_t i = 0; i < kRows.size(); ++i) {
      parts[i].push_back(static_cast<double>(measured.phases[run].*kRows[i].part));
      left -= parts[i].back();
    }
    outside.push_back(left);
  }
  std::printf("%28s ours, median:", "");
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    const double value = bench::quantile(parts[i], 0.5);
    std::printf(" %s %.0f,", kRows[i].name, value);
    file.write({"sandbox", "ours", name, std::string(kRows[i].name) + "_median_us", value, "", 0});
  }
  const double value = bench::quantile(outside, 0.5);
  std::printf(" message to and fro %.0f\n", value);
  file.write({"sandbox", "ours", name, "messages_median_us", value, "", 0});
}

void report(const std::string& name, const Measured& measured, bench::FigureFile& file) {
  for (std::size_t subject = 0; subject < kSubjects.size(); ++subject) {
    std::printf("%-28s %-11s", name.c_str(), kSubjects[subject]);
    for (const auto& [quantile, part] : kQuantiles) {
      const double bare = bench::quantile(measured.took[0], part);
      const double value = bench::quantile(measured.took[subject], part);
      std::printf("  %8.0f %5.2f", value, value / bare);
      file.write({"sandbox", kSubjects[subject], name, std::string("wall_") + quantile + "_us", value, "bare", bare});
    }
    std::printf("\n");
  }
  report_phases(name, measured, file);
}

// One run after the other without a pause, so that what is done between two runs counts as well.
void report_bursts(const Case& what, unsigned runs, bench::FigureFile& file) {
  constexpr unsigned kBurst = 20;
  Ours ours;
  Samples bare;
  Samples boxed;
  (void)ours.run(what);
  for (unsigned done = 0; done < runs; done += kBurst) {
    auto start = Clock::now();
    for (unsigned i = 0; i < kBurst; ++i) (void)run_bare(what);
    bare.push_back(microseconds_since(start) / kBurst);
    start = Clock::now();
    for (unsigned i = 0; i < kBurst; ++i) (void)ours.run(what);
    boxed.push_back(microseconds_since(start) / kBurst);
  }
  const std::string name = what.name + ", no pause";
  const double base = bench::quantile(bare, 0.5);
  const double value = bench::quantile(boxed, 0.5);
  std::printf("%-28s %-11s  %8s %5s  %8.0f %5.2f\n", name.c_str(), "bare", "", "", base, 1.0);
  std::printf("%-28s %-11s  %8s %5s  %8.0f %5.2f\n", name.c_str(), "ours", "", "", value, value / base);
  file.write({"sandbox", "ours", name, "wall_mean_of_20_median_us", value, "bare", base});
}

// How far a run that would go on for ever gets beyond its limit of 100 ms.
void report_overruns(unsigned runs, bench::FigureFile& file) {
  constexpr std::uint64_t kLimitUs = 100'000;
  struct Row {
    const char* name;
    std::vector<std::string> argv;
    Status wanted;
  };
  const std::array<Row, 5> rows{{{"one thread", {"/box/main", "threads", "1"}, Status::time_limit},
                                 {"8 threads", {"/box/main", "threads", "8"}, Status::time_limit},
                                 {"8 children", {"/box/main", "children", "8"}, Status::time_limit},
                                 {"8 orphans", {"/box/main", "orphans", "8"}, Status::time_limit},
                                 {"asleep", {"/usr/bin/sleep", "60"}, Status::wall_limit}}};
  const Fd program = sealed_file(PJ_BURN_PROGRAM);
  std::printf("\nbeyond a limit of 100 ms, in ms         median    p99    max\n");
  for (const auto& row : rows) {
    Ours ours;
    Spec spec;
    spec.argv = row.argv;
    spec.files = {{"main", 0755, program.get(), true}};
    (row.wanted == Status::time_limit ? spec.limits.cpu_us : spec.limits.wall_us) = kLimitUs;
    Samples beyond;
    for (unsigned i = 0; i < runs; ++i) {
      const Outcome outcome = ours.run(spec);
      if (outcome.status != row.wanted) stop(std::string(row.name) + ": " + std::string(to_string(outcome.status)));
      const auto used = row.wanted == Status::time_limit ? outcome.cpu_us : outcome.wall_us;
      beyond.push_back(static_cast<double>(used) / 1000 - static_cast<double>(kLimitUs) / 1000);
    }
    std::printf("%-10s %-26s", row.wanted == Status::time_limit ? "CPU time" : "wall time", row.name);
    for (const auto& [name, part] : {Quantile{"median", 0.5}, Quantile{"p99", 0.99}, Quantile{"max", 1}}) {
      const double value = bench::quantile(beyond, part);
      std::printf(" %7.2f", value);
      file.write({"sandbox", "ours", row.name, std::string("overrun_") + name + "_ms", value, "", 0});
    }
    std::printf("\n");
  }
}

int measure_all(const bench::Options& options) {
  bench::FigureFile file(options.json);
  std::string numbers;
  while (numbers.size() < (1U << 20)) numbers += "12345678\n";
  const std::string script = "/tmp/pushjudge-bench-" + std::to_string(::getpid()) + ".py";
  {
    const Fd out(::open(script.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!out || ::write(out.get(), "print(1)\n", 9) != 9) stop(script + ": " + std::strerror(errno));
  }
  std::vector<Case> cases;
  cases.emplace_back("static-c", PJ_IDLE_PROGRAM, "main");
  cases.emplace_back("static-cpp-1mb", PJ_SUM_PROGRAM, "main", std::vector<std::string>{}, numbers);
  cases.emplace_back("python", script, "script.py", std::vector<std::string>{"/usr/bin/python3"});

  std::printf("%-28s %-11s  %14s  %14s  %14s\n", "", "", "p10 us, ratio", "median", "p99");
  for (const auto& what : cases) {
    for (const unsigned at_a_time : {1U, 2U}) {
      report(what.name + (at_a_time == 1 ? "" : ", 2 at a time"), measure(what, options.runs, at_a_time), file);
    }
  }
  report_bursts(cases[0], options.runs, file);
  report_overruns(std::max(options.runs / 10, 1U), file);
  ::unlink(script.c_str());
  return 0;
}

}  // namespace

}  // namespace pushjudge::sandbox

int main(int argc, char** argv) {
  return pushjudge::sandbox::measure_all(pushjudge::bench::parse_options(argc, argv));
}
