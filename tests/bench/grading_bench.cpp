// What grading costs: the tests of a problem, run bare one after another, and by the problem judge on one lane and on
// several. Bare is fork and exec with the input from a file, the output into a pipe, and a comparison. How much lanes
// disturb each other is told by the CPU time of the tests.

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/figures.hpp"
#include "tests/support/problem_site.hpp"
#include "tests/support/temporary_folder.hpp"
#include "worker/checker.hpp"
#include "worker/config.hpp"
#include "worker/languages.hpp"
#include "worker/memory_file.hpp"
#include "worker/unpacker.hpp"

extern char** environ;

namespace pushjudge::bench {
namespace {

using Clock = std::chrono::steady_clock;
using testing::Judged;
using testing::ProblemFolder;

constexpr int kTests = 40;

// Reads a number and prints its double: a test of next to nothing.
constexpr const char* kQuick =
    "#include <cstdio>\nint main() { int n; if (scanf(\"%d\", &n) == 1) printf(\"%d\\n\", 2 * n); }\n";

// Walks through 32 MiB in an order that no cache foresees: what neighbours disturb most.
constexpr const char* kWalking = R"(#include <cstdio>
#include <vector>
int main() {
  int n;
  if (scanf("%d", &n) != 1) return 1;
  constexpr unsigned kSize = 1u << 23;
  std::vector<unsigned> next(kSize);
  for (unsigned i = 0; i < kSize; ++i) next[i] = (i * 2654435761u + 12345u) & (kSize - 1);
  unsigned at = static_cast<unsigned>(n);
  for (int i = 0; i < 1000000; ++i) at = next[at];
  printf("%d\n", at == kSize ? 0 : 2 * n);
}
)";

struct Case {
  std::string name;
  const char* source;
};

double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

std::string input_of(int n) {
  return std::to_string(n) + "\n";
}
std::string answer_of(int n) {
  return std::to_string(2 * n) + "\n";
}

class Bench {
 public:
  explicit Bench(const Options& options) : options_(options), file_(options.json), defaults_(worker_defaults()) {
    auto recipe = read_recipe(std::filesystem::path(defaults_.languages) / "cpp");
    if (!recipe) throw std::runtime_error(recipe.error().message);
    recipe_ = *std::move(recipe);
    auto unpacker = read_unpacker(defaults_.unpacker, kUnpackedKibDefault);
    if (!unpacker) throw std::runtime_error(unpacker.error().message);
    unpacker_ = *std::move(unpacker);
    folder_.problem.limits.time_ms = 10'000;
    for (int n = 0; n < kTests; ++n) folder_.add_test(input_of(n), answer_of(n));
  }

  void run() {
    std::printf("%d tests of one submission, compiled before; medians of %u rounds, alternating\n\n", kTests,
                options_.runs);
    for (const Case& one : {Case{"quick", kQuick}, Case{"walking", kWalking}}) run_case(one);
  }

 private:
  struct Subject {
    std::string name;
    Samples wall_us;  // of all tests of a round
    Samples cpu_us;   // of each test
  };

  void run_case(const Case& one) {
    const auto program = compile(one.source);
    std::vector<Subject> subjects{{"bare", {}, {}}, {"one lane", {}, {}}, {"two lanes", {}, {}}};
    testing::ProblemSite single({defaults_.sandbox, 1}, unpacker_, offered());
    testing::ProblemSite twin({defaults_.sandbox, 2}, unpacker_, offered());
    judge(single, one.source, nullptr);  // builds boxes, and puts the files where they are looked for
    judge(twin, one.source, nullptr);
    for (unsigned round = 0; round < options_.runs; ++round) {
      run_bare(program, subjects[0]);
      judge(single, one.source, &subjects[1]);
      judge(twin, one.source, &subjects[2]);
    }
    std::printf("%-8s %-10s %14s %8s %16s %8s %14s %8s\n", "", "", "test, us wall", "ratio", "test, us CPU", "ratio",
                "p99 us CPU", "ratio");
    for (const Subject& subject : subjects) show(one.name, subject, subjects[0]);
    std::printf("\n");
  }

  void show(const std::string& what, const Subject& subject, const Subject& bare) {
    const double wall = quantile(subject.wall_us, 0.5) / kTests;
    const double bare_wall = quantile(bare.wall_us, 0.5) / kTests;
    const double cpu = quantile(subject.cpu_us, 0.5);
    const double bare_cpu = quantile(bare.cpu_us, 0.5);
    const double p99 = quantile(subject.cpu_us, 0.99);
    const double bare_p99 = quantile(bare.cpu_us, 0.99);
    std::printf("%-8s %-10s %14.0f %8.2f %16.0f %8.2f %14.0f %8.2f\n", what.c_str(), subject.name.c_str(), wall,
                wall / bare_wall, cpu, cpu / bare_cpu, p99, p99 / bare_p99);
    file_.write({"grading", subject.name, what, "test_wall_us", wall, "bare", bare_wall});
    file_.write({"grading", subject.name, what, "test_cpu_us", cpu, "bare", bare_cpu});
    file_.write({"grading", subject.name, what, "test_cpu_p99_us", p99, "bare", bare_p99});
  }

  ProblemJudge::OfferedLanguage offered() const {
    return [this](const std::string& slug) { return slug == "cpp" ? &recipe_ : nullptr; };
  }

  // From the first to the last test, as its events tell: compiling is not counted.
  void judge(testing::ProblemSite& site, const char* source, Subject* subject) {
    const Judged judged = site.judge(folder_, "cpp", source);
    if (judged.report.verdict != Verdict::accepted) throw std::runtime_error("not accepted: " + judged.report.message);
    if (subject == nullptr) return;
    subject->wall_us.push_back(judged.testing_us);
    for (const auto& test : judged.report.tests) subject->cpu_us.push_back(static_cast<double>(test.cpu_us));
  }

  std::string compile(const char* source) {
    const auto path = (folder_of_programs_.path() / ("program" + std::to_string(programs_++))).string();
    const auto file = path + ".cpp";
    std::FILE* out = std::fopen(file.c_str(), "w");
    if (out == nullptr) throw std::runtime_error("cannot write " + file);
    std::fputs(source, out);
    std::fclose(out);
    std::array<const char*, 9> argv{"g++", "-std=gnu++20", "-O2",        "-static", "-s",
                                    "-o",  path.c_str(),   file.c_str(), nullptr};
    pid_t pid = 0;
    if (::posix_spawnp(&pid, "g++", nullptr, nullptr, const_cast<char* const*>(argv.data()), environ) != 0) {
      throw std::runtime_error("cannot start g++");
    }
    int status = 0;
    if (::waitpid(pid, &status, 0) != pid || status != 0) throw std::runtime_error("g++ fails");
    return path;
  }

  void run_bare(const std::string& program, Subject& subject) {
    const auto start = Clock::now();
    for (int n = 0; n < kTests; ++n) {
      const auto input = make_memory_file("input", input_of(n));
      std::array<int, 2> pipe{};
      if (!input || ::pipe2(pipe.data(), O_CLOEXEC) < 0) throw std::runtime_error("no descriptors");
      ::lseek(input->get(), 0, SEEK_SET);
      posix_spawn_file_actions_t actions;
      ::posix_spawn_file_actions_init(&actions);
      ::posix_spawn_file_actions_adddup2(&actions, input->get(), 0);
      ::posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
      std::array<const char*, 2> argv{program.c_str(), nullptr};
      pid_t pid = 0;
      const int error =
          ::posix_spawn(&pid, program.c_str(), &actions, nullptr, const_cast<char* const*>(argv.data()), environ);
      ::posix_spawn_file_actions_destroy(&actions);
      ::close(pipe[1]);
      if (error != 0) throw std::runtime_error("cannot start " + program);
      std::string printed;
      std::array<char, 4096> part{};
      for (ssize_t got = 0; (got = ::read(pipe[0], part.data(), part.size())) > 0;) {
        printed.append(part.data(), static_cast<std::size_t>(got));
      }
      ::close(pipe[0]);
      int status = 0;
      rusage used{};
      ::wait4(pid, &status, 0, &used);
      if (status != 0 || difference(printed, answer_of(n), {})) throw std::runtime_error("a bare run is wrong");
      const auto micros = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
      };
      subject.cpu_us.push_back(micros(used.ru_utime) + micros(used.ru_stime));
    }
    subject.wall_us.push_back(microseconds_since(start));
  }

  Options options_;
  FigureFile file_;
  WorkerDefaults defaults_;
  Recipe recipe_;
  Unpacker unpacker_;
  ProblemFolder folder_;
  testing::TemporaryFolder folder_of_programs_;
  int programs_ = 0;
};

}  // namespace
}  // namespace pushjudge::bench

int main(int argc, char** argv) {
  using namespace pushjudge::bench;
  return run_main(argc, argv, 15, [](const Options& options) { Bench(options).run(); });
}
