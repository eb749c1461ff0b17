#include <dirent.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "worker/sandbox/cgroup.hpp"
#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/meter.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr std::size_t kProcessesMax = 4096;
constexpr std::size_t kDescriptorsMax = 8192;  // in one look
// Looking at descriptors takes at most this part of the time, on top of the 10 ms in which everything is looked at.
constexpr std::uint64_t kDescriptorsShare = 10;
constexpr std::array kScratchFolders{"box", "tmp", "dev/shm"};

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

std::uint64_t now_us() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

std::string proc_file(pid_t pid, std::string_view name) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

// The next word of `text`, which is taken from its beginning; empty at the end.
std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
  const auto word = text.substr(0, text.find_first_of(" \t\n"));
  text.remove_prefix(word.size());
  return word;
}

std::uint64_t number_of(std::string_view word) {
  std::uint64_t number = 0;
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

void append_children(pid_t pid, std::string_view thread, std::vector<pid_t>& list) {
  const std::string text = read_whole_file(proc_file(pid, "task/") + std::string(thread) + "/children");
  std::string_view rest = text;
  for (auto word = next_word(rest); !word.empty() && list.size() < kProcessesMax; word = next_word(rest)) {
    list.push_back(static_cast<pid_t>(number_of(word)));
  }
}

// Every process below `init`, which itself is not one of the program's; parents before their children. A process that
// forks meanwhile may be missed; the next sample sees it.
std::vector<pid_t> processes_below(pid_t init) {
  std::vector<pid_t> list;
  append_children(init, std::to_string(init), list);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const pid_t pid = list[i];
    const Folder threads(::opendir(proc_file(pid, "task").c_str()));
    if (!threads) continue;  // it ended
    while (const dirent* thread = ::readdir(threads.get())) {
      if (thread->d_name[0] != '.') append_children(pid, thread->d_name, list);
    }
  }
  return list;
}

// What all threads of a process have used, those that ended as well; exact but for the running tick. 0: it is gone.
std::uint64_t own_cpu_us(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) < 0) return 0;
  return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(used.tv_nsec) / 1000;
}

// User and system time of the children that a process has waited for, and of those these have waited for, in the
// kernel's ticks, each rounded down: the 16th and 17th field; the second, a name in parentheses, may hold anything.
struct ChildTicks {
  std::uint64_t user = 0;
  std::uint64_t system = 0;
};

ChildTicks child_ticks(pid_t pid) {
  const std::string text = read_whole_file(proc_file(pid, "stat"));
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  auto rest = std::string_view(text).substr(name_end + 1);
  for (int field = 3; field <= 15; ++field) (void)next_word(rest);
  ChildTicks ticks;
  ticks.user = number_of(next_word(rest));
  ticks.system = number_of(next_word(rest));
  return ticks;
}

std::uint64_t ticks_to_us(std::uint64_t ticks) {
  static const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return ticks * 1'000'000 / per_second;
}

// The bytes of a line `key` kilobytes of a file of /proc; 0 without it.
std::uint64_t bytes_of(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return 0;
  auto rest = text.substr(at + key.size());
  return number_of(next_word(rest)) * 1024;
}

// Memory that processes map.
struct Mapped {
  std::uint64_t own = 0;     // private, and the tables of pages
  std::uint64_t shared = 0;  // files in memory
};

Mapped mapped_by(pid_t pid) {
  const std::string text = read_whole_file(proc_file(pid, "status"));
  return {bytes_of(text, "RssAnon:") + bytes_of(text, "VmPTE:"), bytes_of(text, "RssShmem:")};
}

// The device on which the kernel keeps memfds and shared memory that has no name.
dev_t device_of_memfds() {
  const Fd file(::memfd_create("probe", MFD_CLOEXEC));
  struct stat status {};
  return file && ::fstat(file.get(), &status) == 0 ? status.st_dev : dev_t{};
}

// The way that every host has: look at all processes again and again. Between two looks something may escape: see
// worker/sandbox/README.md.
class SamplingMeter final : public Meter {
 public:
  Accounting kind() const override { return Accounting::rusage; }

  Failed adopt(pid_t init) override {
    init_ = init;
    return {};
  }

  void leave_out(int input) override {
    struct stat status {};
    const bool memfd = ::fstat(input, &status) == 0 && status.st_dev == memfd_device_;
    input_ = memfd ? status.st_ino : 0;
  }

  Failed begin(const Limits& limits, std::uint64_t scratch_bytes) override {
    limit_bytes_ = limits.memory_bytes;
    scratch_before_ = scratch_bytes;
    peak_bytes_ = 0;
    memfd_bytes_ = 0;
    memfds_due_us_ = 0;
    cpu_us_ = 0;
    seen_us_.clear();
    sum_seen_us_ = 0;
    reaped_before_ = child_ticks(init_);
    return {};
  }

  std::uint64_t cpu_us() override {
    look_at_time(processes_below(init_));
    return cpu_us_;
  }

  bool memory_exceeded() override {
    const auto pids = processes_below(init_);
    look_at_time(pids);
    look_at_memory(pids);
    return peak_bytes_ > limit_bytes_;
  }

  bool sampled() const override { return true; }

  Usage end(const Reaped& reaped) override {
    Usage usage;
    usage.cpu_us = std::max(cpu_us_, reaped.cpu_us);
    usage.memory_bytes = std::max(peak_bytes_, reaped.memory_bytes);
    usage.out_of_memory = usage.memory_bytes > limit_bytes_;
    return usage;
  }

 private:
  // Two counts, neither of which is ever too high. The kernel's: what lives, and whom that has waited for; each process
  // is read after its parent, so that none is in it twice. Our own: every process that was ever seen, which has those
  // whose parents ignored their end, but not those that came and went between two looks.
  void look_at_time(const std::vector<pid_t>& pids) {
    const ChildTicks reaped = child_ticks(init_);
    std::uint64_t kernel =
        ticks_to_us(since(reaped.user, reaped_before_.user)) + ticks_to_us(since(reaped.system, reaped_before_.system));
    for (const pid_t pid : pids) {
      const ChildTicks children = child_ticks(pid);
      const std::uint64_t own = own_cpu_us(pid);
      kernel += own + ticks_to_us(children.user + children.system);
      auto& seen = seen_us_[pid];
      if (own <= seen) continue;
      sum_seen_us_ += own - seen;
      seen = own;
    }
    cpu_us_ = std::max({cpu_us_, kernel, sum_seen_us_});
  }

  // A tick that had begun before is not ours.
  static std::uint64_t since(std::uint64_t now, std::uint64_t before) { return now - std::min(now, before + 1); }

  void look_at_memory(const std::vector<pid_t>& pids) {
    Mapped mapped;
    for (const pid_t pid : pids) {
      const Mapped one = mapped_by(pid);
      mapped.own += one.own;
      mapped.shared += one.shared;
    }
    look_at_memfds(pids);
    // A file in memory counts once, whether it is mapped or not.
    const std::uint64_t files = scratch_bytes(pids) + memfd_bytes_;
    // Pages that a fork shares would count for each; the exact sum is dear, so only for a new peak of several.
    if (pids.size() > 1 && mapped.own + std::max(mapped.shared, files) > peak_bytes_) make_proportional(pids, mapped);
    peak_bytes_ = std::max(peak_bytes_, mapped.own + std::max(mapped.shared, files));
  }

  // Leaves `mapped` as it is where the kernel does not say.
  static void make_proportional(const std::vector<pid_t>& pids, Mapped& mapped) {
    Mapped sum;
    for (const pid_t pid : pids) {
      const std::string text = read_whole_file(proc_file(pid, "smaps_rollup"));
      if (text.empty()) continue;  // it ended
      if (text.find("Pss_Anon:") == std::string::npos) return;
      sum.own += bytes_of(text, "Pss_Anon:") + bytes_of(read_whole_file(proc_file(pid, "status")), "VmPTE:");
      sum.shared += bytes_of(text, "Pss_Shmem:");
    }
    mapped = {std::min(mapped.own, sum.own), std::min(mapped.shared, sum.shared)};
  }

  // What the program has put into its folders. They are mounts of ours in a root that it cannot change, seen from any
  // process of it.
  [[nodiscard]] std::uint64_t scratch_bytes(const std::vector<pid_t>& pids) const {
    for (const pid_t pid : pids) {
      std::uint64_t used = 0;
      bool complete = true;
      for (const char* folder : kScratchFolders) {
        struct statfs space {};
        complete = complete && ::statfs(proc_file(pid, std::string("root/") + folder).c_str(), &space) == 0;
        used += (space.f_blocks - space.f_bfree) * static_cast<std::uint64_t>(space.f_bsize);
      }
      if (complete) return used - std::min(used, scratch_before_);
    }
    return 0;
  }

  // Memfds that somebody has open; mapped or not, each counts once.
  void look_at_memfds(const std::vector<pid_t>& pids) {
    const std::uint64_t began = now_us();
    if (began < memfds_due_us_) return;
    std::set<ino_t> files;
    std::size_t left = kDescriptorsMax;
    memfd_bytes_ = 0;
    for (const pid_t pid : pids) {
      const Folder descriptors(::opendir(proc_file(pid, "fd").c_str()));
      if (!descriptors) continue;  // it ended
      while (const dirent* entry = ::readdir(descriptors.get())) {
        if (left == 0) break;
        --left;
        struct stat status {};
        if (::fstatat(::dirfd(descriptors.get()), entry->d_name, &status, 0) < 0) continue;
        if (!S_ISREG(status.st_mode) || status.st_dev != memfd_device_ || status.st_ino == input_) continue;
        if (files.insert(status.st_ino).second) memfd_bytes_ += static_cast<std::uint64_t>(status.st_blocks) * 512;
      }
    }
    const std::uint64_t ended = now_us();
    memfds_due_us_ = ended + (ended - began) * kDescriptorsShare;
  }

  const dev_t memfd_device_ = device_of_memfds();
  pid_t init_ = -1;
  ino_t input_ = 0;
  std::uint64_t limit_bytes_ = 0;
  std::uint64_t scratch_before_ = 0;
  std::uint64_t peak_bytes_ = 0;
  std::uint64_t memfd_bytes_ = 0;
  std::uint64_t memfds_due_us_ = 0;
  std::uint64_t cpu_us_ = 0;
  std::map<pid_t, std::uint64_t> seen_us_;  // of every process seen, also of those that ended since
  std::uint64_t sum_seen_us_ = 0;
  ChildTicks reaped_before_;  // by the init, in earlier runs
};

}  // namespace

std::unique_ptr<Meter> make_sampling_meter(std::string& why) {
  const std::string self = std::to_string(::getpid());
  if (::access(("/proc/self/task/" + self + "/children").c_str(), R_OK) != 0) {
    why = "/proc has no list of children";
    return nullptr;
  }
  return std::make_unique<SamplingMeter>();
}

std::unique_ptr<Meter> make_meter(std::string& why) {
  std::string missing;
  if (auto meter = make_cgroup2_meter(missing)) return meter;
  why = "cgroup2: " + missing;
  if (auto meter = make_cgroup1_meter(missing)) return meter;
  why += "; cgroup1: " + missing;
  auto meter = make_sampling_meter(missing);
  if (!meter) why += "; rusage: " + missing;
  return meter;
}

}  // namespace pushjudge::sandbox
