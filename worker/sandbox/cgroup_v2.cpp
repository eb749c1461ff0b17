#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <vector>

#include "worker/sandbox/cgroup.hpp"
#include "worker/sandbox/cgroup_meter.hpp"

namespace pushjudge::sandbox {

namespace {

// A group with processes of its own may not hand controllers to its children, so the processes that live in the
// delegated group (the worker, the keepers) move into this child of it.
constexpr std::string_view kHostGroup = "/pushjudge-host";
constexpr std::string_view kControllers = "+memory +pids";

bool has_controllers(const std::string& list) {
  std::istringstream words(list);
  bool memory = false;
  bool pids = false;
  for (std::string word; words >> word;) {
    memory = memory || word == "memory";
    pids = pids || word == "pids";
  }
  return memory && pids;
}

int move_processes(const std::string& from, const std::string& to) {
  if (::mkdir(to.c_str(), 0755) < 0 && errno != EEXIST) return errno;
  std::istringstream pids(read_whole_file(from + "/cgroup.procs"));
  for (std::string pid; pids >> pid;) {
    const int error = write_group_file(to + "/cgroup.procs", pid);
    if (error != 0 && error != ESRCH) return error;
  }
  return 0;
}

// Makes the group we live in one whose children have the controllers. Returns an errno.
int delegate(const std::string& base) {
  if (has_controllers(read_whole_file(base + "/cgroup.subtree_control"))) return 0;
  int error = write_group_file(base + "/cgroup.subtree_control", kControllers);
  if (error != EBUSY) return error;
  if ((error = move_processes(base, base + std::string(kHostGroup)))) return error;
  return write_group_file(base + "/cgroup.subtree_control", kControllers);
}

// A group in which an init and its programs live, with the files of it that each run needs.
class Leaf {
 public:
  // Returns an errno.
  [[nodiscard]] int create(const std::string& path) {
    if (const int error = group_.create(path)) return error;
    std::string failed;
    if (const int error = open_all({{limit, group_.file("memory.max"), O_RDWR},
                                    {current, group_.file("memory.current"), O_RDONLY},
                                    {events, group_.file("memory.events"), O_RDONLY},
                                    {cpu, group_.file("cpu.stat"), O_RDONLY},
                                    {processes, group_.file("pids.max"), O_RDWR}},
                                   failed)) {
      return error;
    }
    // Absent before Linux 5.19, not writable before 6.12.
    if (peak.open(group_.file("memory.peak"), O_RDWR) != 0 && peak.open(group_.file("memory.peak"), O_RDONLY) != 0) {
      peak = GroupFile();
    }
    const int error = write_group_file(group_.file("memory.swap.max"), "0");
    limits_swap = error == 0;
    return error == ENOENT ? 0 : error;  // absent without swap accounting
  }

  [[nodiscard]] int join(pid_t pid) const { return write_group_file(group_.file("cgroup.procs"), std::to_string(pid)); }

  // Absent before Linux 5.19, and EAGAIN for a partial success: what counts is how much is left.
  void reclaim(std::uint64_t bytes) const {
    (void)write_group_file(group_.file("memory.reclaim"), std::to_string(bytes));
  }

  // The group alone, which is removed with it.
  [[nodiscard]] Group take_group() { return std::move(group_); }

  GroupFile limit;
  GroupFile current;
  GroupFile peak;
  GroupFile events;
  GroupFile cpu;
  GroupFile processes;
  bool limits_swap = false;

 private:
  Group group_;
};

// One leaf in which the init lives and every program with it. Where the kernel can reset memory.peak (Linux 6.12) the
// leaf is used again and again; before, each run gets a leaf of its own, to which the init moves. Moving waits for all
// processors, and so does removing: both are done between runs when there is time.
class BoxGroup2 final : public BoxGroup {
 public:
  // False: `why` says what is missing.
  bool open(std::string& why) {
    auto base = own_group("");
    if (!base) {
      why = "version 2 is not mounted";
      return false;
    }
    if (base->ends_with(kHostGroup)) base->resize(base->size() - kHostGroup.size());
    if (!has_controllers(read_whole_file(*base + "/cgroup.controllers"))) {
      why = *base + " has no memory and pids controllers";
      return false;
    }
    if (const int error = delegate(*base)) {
      why =
          *base + " is not ours to divide (start with `systemd-run --scope -p Delegate=yes`): " + std::strerror(error);
      return false;
    }
    remove_stale_groups(*base);
    int error = parent_.create(*base + "/" + group_name());
    if (error == 0) error = write_group_file(parent_.file("cgroup.subtree_control"), kControllers);
    if (error == 0) error = leaf_.create(next_path());
    if (error == 0 && leaf_.peak) peak_resets_ = leaf_.peak.write("reset") == 0;
    if (error != 0) why = "a group cannot be made in " + *base + ": " + std::strerror(error);
    return error == 0;
  }

  Accounting kind() const override { return Accounting::cgroup2; }

  Failed adopt(pid_t init) override {
    init_ = init;
    unused_ = false;
    if (const int error = leaf_.join(init_)) return {"join_cgroup", 0, error};
    return {};
  }

  Failed renew() override {
    const bool ready = peak_resets_ || (unused_ && peak_bytes() <= charged_bytes() + kPeakSlackBytes);
    if (!ready) {
      if (const int error = replace_leaf()) return {"new_cgroup", 0, error};
    }
    unused_ = false;
    return {};
  }

  bool is_fresh() const override { return !peak_resets_; }

  void prepare_next() override {
    retired_.clear();
    if (!peak_resets_ && !unused_) unused_ = replace_leaf() == 0;
  }

  // A limit below what is charged would kill the init; so cache of earlier runs is reclaimed first.
  int limit_memory(std::uint64_t bytes, std::uint64_t charged) override {
    if (bytes != leaf_.limit.limit() && charged > bytes) {
      leaf_.reclaim(charged - bytes);
      if (charged_bytes() > bytes) return EBUSY;
    }
    return leaf_.limit.set(bytes);
  }

  int limit_processes(std::uint64_t count) override { return leaf_.processes.set(count); }
  std::uint64_t charged_bytes() override { return leaf_.current.read(); }

  std::uint64_t peak_bytes() override {
    if (leaf_.peak) return leaf_.peak.read();
    sampled_peak_ = std::max(sampled_peak_, charged_bytes());
    return sampled_peak_;
  }

  int forget_peak() override {
    sampled_peak_ = 0;
    return peak_resets_ ? leaf_.peak.write("reset") : 0;
  }

  std::uint64_t hits() override { return leaf_.events.read("max"); }
  std::uint64_t kills() override { return leaf_.events.read("oom_kill"); }
  std::uint64_t cpu_us() override { return leaf_.cpu.read("usage_usec"); }

  int memory_event_fd() const override { return leaf_.events.fd(); }
  short memory_events() const override { return POLLPRI; }
  bool limits_swap() const override { return leaf_.limits_swap; }
  bool sampled() const override { return !leaf_.peak; }

 private:
  // What placing files may have charged for a moment and given back, before a run whose peak is in the same group.
  static constexpr std::uint64_t kPeakSlackBytes = 256U << 10;
  static constexpr std::size_t kRetiredMax = 8;

  std::string next_path() { return parent_.file("run-" + std::to_string(leaves_++)); }

  // The old leaf keeps what is charged to it: the init, the files placed before. The new one starts at nothing.
  [[nodiscard]] int replace_leaf() {
    Leaf next;
    if (const int error = next.create(next_path())) return error;
    if (const int error = next.join(init_)) return error;
    if (retired_.size() >= kRetiredMax) retired_.clear();
    retired_.push_back(leaf_.take_group());
    leaf_ = std::move(next);
    sampled_peak_ = 0;
    return 0;
  }

  Group parent_;  // first: removed last
  Leaf leaf_;
  std::vector<Group> retired_;
  unsigned leaves_ = 0;
  pid_t init_ = -1;
  bool peak_resets_ = false;
  bool unused_ = false;  // the init moved to the leaf after the last run
  std::uint64_t sampled_peak_ = 0;
};

}  // namespace

std::unique_ptr<Meter> make_cgroup2_meter(std::string& why) {
  auto group = std::make_unique<BoxGroup2>();
  if (!group->open(why)) return nullptr;
  return std::make_unique<GroupMeter>(std::move(group));
}

}  // namespace pushjudge::sandbox
