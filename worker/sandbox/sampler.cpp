#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "worker/sandbox/cgroup.hpp"
#include "worker/sandbox/meter.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr std::size_t kProcessesMax = 4096;

std::string proc_file(pid_t pid, std::string_view name) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

void append_children(pid_t pid, std::string_view thread, std::vector<pid_t>& list) {
  std::istringstream words(read_group_file(proc_file(pid, "task/") + std::string(thread) + "/children"));
  for (pid_t child = 0; words >> child && list.size() < kProcessesMax;) list.push_back(child);
}

// Every process below `init`, which itself is not one of the program's. A process that forks meanwhile may be missed;
// the next sample sees it.
std::vector<pid_t> processes_below(pid_t init) {
  std::vector<pid_t> list;
  append_children(init, std::to_string(init), list);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const pid_t pid = list[i];
    DIR* threads = ::opendir(proc_file(pid, "task").c_str());
    if (threads == nullptr) continue;  // it ended
    while (const dirent* thread = ::readdir(threads)) {
      if (thread->d_name[0] != '.') append_children(pid, thread->d_name, list);
    }
    ::closedir(threads);
  }
  return list;
}

// User and system time of all threads, in the kernel's ticks: the 14th and 15th field; the second, a name in
// parentheses, may hold anything.
std::uint64_t cpu_us_of(pid_t pid) {
  static const auto ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  const std::string text = read_group_file(proc_file(pid, "stat"));
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field <= 13; ++field) fields >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;
  return (user + system) * 1'000'000 / ticks;
}

// The sum of the kilobytes of two lines of a file of /proc.
std::uint64_t kilobytes(const std::string& text, std::string_view first, std::string_view second) {
  std::uint64_t sum = 0;
  for (const auto key : {first, second}) {
    const auto at = text.find(key);
    if (at == std::string::npos) continue;
    std::uint64_t value = 0;
    std::istringstream(text.substr(at + key.size(), 32)) >> value;
    sum += value;
  }
  return sum;
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

  Failed begin(const Limits& limits, std::uint64_t) override {
    limit_bytes_ = limits.memory_bytes;
    peak_bytes_ = 0;
    cpu_us_.clear();
    return {};
  }

  std::uint64_t cpu_us() override {
    for (const pid_t pid : processes_below(init_)) see(pid);
    return total_cpu_us();
  }

  bool memory_exceeded() override {
    std::uint64_t resident = 0;
    const auto pids = processes_below(init_);
    for (const pid_t pid : pids) {
      see(pid);
      resident += kilobytes(read_group_file(proc_file(pid, "status")), "RssAnon:", "RssShmem:") * 1024;
    }
    // Pages that a fork shares would count for each; the exact sum is dear, so only for a new peak of several.
    if (resident > peak_bytes_ && pids.size() > 1) resident = std::min(resident, proportional(pids, resident));
    peak_bytes_ = std::max(peak_bytes_, resident);
    return peak_bytes_ > limit_bytes_;
  }

  bool sampled() const override { return true; }

  Usage end(const Reaped& reaped) override {
    Usage usage;
    usage.cpu_us = std::max(total_cpu_us(), reaped.cpu_us);
    usage.memory_bytes = std::max(peak_bytes_, reaped.memory_bytes);
    usage.out_of_memory = usage.memory_bytes > limit_bytes_;
    return usage;
  }

 private:
  void see(pid_t pid) {
    auto& seen = cpu_us_[pid];
    seen = std::max(seen, cpu_us_of(pid));
  }

  [[nodiscard]] std::uint64_t total_cpu_us() const {
    std::uint64_t sum = 0;
    for (const auto& [pid, used] : cpu_us_) sum += used;
    return sum;
  }

  static std::uint64_t proportional(const std::vector<pid_t>& pids, std::uint64_t otherwise) {
    std::uint64_t sum = 0;
    for (const pid_t pid : pids) {
      const std::string text = read_group_file(proc_file(pid, "smaps_rollup"));
      if (text.empty()) continue;  // it ended
      if (text.find("Pss_Anon:") == std::string::npos) return otherwise;
      sum += kilobytes(text, "Pss_Anon:", "Pss_Shmem:") * 1024;
    }
    return sum;
  }

  pid_t init_ = -1;
  std::uint64_t limit_bytes_ = 0;
  std::uint64_t peak_bytes_ = 0;
  std::map<pid_t, std::uint64_t> cpu_us_;  // of every process seen, also of those that ended since
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
