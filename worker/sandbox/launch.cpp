#include "worker/sandbox/launch.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// The child shares the init's memory until it executes the program (vfork), so that starting costs no copy of page
// tables. Hence system calls only: everything it writes, the init reads.
namespace pushjudge::sandbox {

namespace {

// Signals and timers that wait: all boxes of a host draw on the limit of whoever started them.
constexpr std::uint64_t kSignalsMax = 1024;

int result_of(long returned) {
  return returned < 0 ? errno : 0;
}

// When memory runs out, in the box or on the host, the program goes first: the init takes the highest score before it
// clones, which the child inherits, and its own again afterwards. Nothing runs in the box that could use up memory
// meanwhile.
class FirstToGo {
 public:
  explicit FirstToGo(const Inside& inside) : inside_(inside), done_(write("1000")) {}
  ~FirstToGo() {
    if (done_ && !write(inside_.oom_score_own.data())) ::_exit(1);
  }
  FirstToGo(const FirstToGo&) = delete;
  FirstToGo& operator=(const FirstToGo&) = delete;
  [[nodiscard]] explicit operator bool() const { return done_; }

 private:
  [[nodiscard]] bool write(std::string_view score) const {
    return ::pwrite(inside_.oom_score, score.data(), score.size(), 0) == static_cast<ssize_t>(score.size());
  }
  const Inside& inside_;
  bool done_;
};

int own_session(const Launch&, int&) {
  return result_of(::setsid());
}

int descriptors_of_program(const Launch& launch) {
  return launch.stdio.back() >= 0 ? 4 : 3;
}

int standard_descriptors(const Launch& launch, int& index) {
  for (; index < descriptors_of_program(launch); ++index) {
    const int fd = launch.stdio[static_cast<std::size_t>(index)];
    // Onto its own number it would stay close-on-exec.
    if (fd == index ? ::fcntl(fd, F_SETFD, 0) < 0 : ::dup2(fd, index) < 0) return errno;
  }
  return 0;
}

constexpr std::uint64_t kNoLimit = RLIM_INFINITY;

// Sets both limits, or what the init's own hard limit allows.
int set_limit(__rlimit_resource resource, std::uint64_t soft, std::uint64_t hard) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) < 0) return errno;
  limit.rlim_cur = std::min<rlim_t>(soft, limit.rlim_max);
  limit.rlim_max = std::min<rlim_t>(hard, limit.rlim_max);
  return result_of(::setrlimit(resource, &limit));
}

// Seconds of CPU time at which a process is told to end. The keeper measures the box and ends the run; where no process
// has a limit of its own, two seconds more are only for when it cannot.
std::uint64_t cpu_seconds(const Limits& limits) {
  constexpr std::uint64_t kSecond = 1'000'000;
  if (limits.process_cpu_us != 0) return (limits.process_cpu_us + kSecond - 1) / kSecond;
  return limits.cpu_us / kSecond + 2;
}

int resource_limits(const Launch& launch, int& index) {
  const Limits& limits = launch.spec.header.limits;
  struct Row {
    __rlimit_resource resource;
    std::uint64_t value;
    std::uint64_t more = 0;  // of the hard limit, at which a process is killed that does not end when told to
  };
  // With one id the init itself counts as a process of the program. RLIMIT_CORE is the init's own, which nobody may
  // change any more.
  const std::array<Row, 7> rows{{
      {RLIMIT_CPU, cpu_seconds(limits), limits.process_cpu_us != 0 ? 1U : 0U},
      {RLIMIT_AS, limits.process_memory_bytes != 0 ? limits.process_memory_bytes : kNoLimit},
      {RLIMIT_FSIZE, limits.file_bytes},
      {RLIMIT_STACK, limits.stack_bytes != 0 ? limits.stack_bytes : limits.memory_bytes},
      {RLIMIT_NPROC, limits.processes + (launch.inside.plan.two_ids ? 0 : 1)},
      {RLIMIT_NOFILE, limits.open_files},
      {RLIMIT_SIGPENDING, kSignalsMax},
  }};
  for (const auto& row : rows) {
    if (const int error = set_limit(row.resource, row.value, row.value + row.more)) return error;
    ++index;
  }
  return 0;
}

// By number: the C library's setresuid would tell all threads of the process, and here the memory is shared.
int program_ids(const Launch& launch, int&) {
  if (!launch.inside.plan.two_ids) return 0;
  if (::syscall(SYS_setgroups, 0, nullptr) < 0) return errno;
  if (::syscall(SYS_setresgid, kBoxId, kBoxId, kBoxId) < 0) return errno;
  return result_of(::syscall(SYS_setresuid, kBoxId, kBoxId, kBoxId));
}

int no_capabilities(const Launch&, int&) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const std::array<__user_cap_data_struct, 2> none{};
  return result_of(::syscall(SYS_capset, &header, none.data()));
}

int working_folder(const Launch& launch, int&) {
  return result_of(::chdir(launch.spec.cwd));
}

int close_descriptors(const Launch& launch, int&) {
  constexpr unsigned kCloseOnExec = 1U << 2;
  return result_of(::syscall(SYS_close_range, descriptors_of_program(launch), ~0U, kCloseOnExec));
}

// The init blocks them all.
int unblock_signals(const Launch&, int&) {
  sigset_t none;
  sigemptyset(&none);
  return result_of(::sigprocmask(SIG_SETMASK, &none, nullptr));
}

std::string_view search_path(const SpecView& spec) {
  for (const char* const* variable = spec.env.data(); *variable != nullptr; ++variable) {
    if (std::strncmp(*variable, "PATH=", 5) == 0) return *variable + 5;
  }
  return "/usr/local/bin:/usr/bin:/bin";
}

void execute_at(const SpecView& spec, const char* path) {
  ::execve(path, const_cast<char* const*>(spec.argv.data()), const_cast<char* const*>(spec.env.data()));
}

int execute(const Launch& launch, int&) {
  const std::string_view name = launch.spec.argv[0];
  if (name.find('/') != std::string_view::npos) {
    execute_at(launch.spec, launch.spec.argv[0]);
    return errno;
  }
  int error = ENOENT;
  std::string_view folders = search_path(launch.spec);
  while (!folders.empty()) {
    const auto colon = folders.find(':');
    const auto folder = folders.substr(0, colon);
    std::array<char, 4096> path;
    if (!folder.empty() && folder.size() + name.size() + 2 <= path.size()) {
      char* end = std::copy(folder.begin(), folder.end(), path.data());
      *end++ = '/';
      *std::copy(name.begin(), name.end(), end) = '\0';
      execute_at(launch.spec, path.data());
      if (errno != ENOENT && errno != ENOTDIR) error = errno;
      if (error != ENOENT && error != EACCES) return error;
    }
    folders = colon == std::string_view::npos ? std::string_view() : folders.substr(colon + 1);
  }
  return error;
}

constexpr std::array<Step<const Launch>, 9> kLaunchSteps{{
    {"own_session", own_session},
    {"standard_descriptors", standard_descriptors},
    {"resource_limits", resource_limits},
    {"program_ids", program_ids},
    {"no_capabilities", no_capabilities},
    {"working_folder", working_folder},  // with the program's rights
    {"close_descriptors", close_descriptors},
    {"unblock_signals", unblock_signals},  // from here on a signal may end it
    {"exec", execute},
}};

struct Child {
  const Launch& launch;
  Failed failed;
};

int run_child(void* argument) {
  auto& child = *static_cast<Child*>(argument);
  child.failed = run_steps(std::span<const Step<const Launch>>(kLaunchSteps), child.launch);
  ::_exit(127);
}

alignas(16) std::array<std::byte, 64 * 1024> child_stack;

}  // namespace

pid_t launch(const Launch& launch, Failed& failed) {
  const FirstToGo first_to_go(launch.inside);
  if (!first_to_go) {
    failed = {"oom_score", 0, errno};
    return -1;
  }
  Child child{launch, {}};
  // Returns when the child has executed the program or ended.
  const pid_t pid =
      ::clone(run_child, child_stack.data() + child_stack.size(), CLONE_VM | CLONE_VFORK | SIGCHLD, &child);
  if (pid < 0) {
    failed = {"clone", 0, errno};
    return -1;
  }
  failed = child.failed;
  return failed ? -1 : pid;
}

}  // namespace pushjudge::sandbox
