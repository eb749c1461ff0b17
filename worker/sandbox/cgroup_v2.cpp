#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

#include "worker/sandbox/cgroup.hpp"
#include "worker/sandbox/meter.hpp"

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
  std::istringstream pids(read_group_file(from + "/cgroup.procs"));
  for (std::string pid; pids >> pid;) {
    const int error = write_group_file(to + "/cgroup.procs", pid);
    if (error != 0 && error != ESRCH) return error;
  }
  return 0;
}

// Makes the group we live in one whose children have the controllers. Returns an errno.
int delegate(const std::string& base) {
  if (has_controllers(read_group_file(base + "/cgroup.subtree_control"))) return 0;
  int error = write_group_file(base + "/cgroup.subtree_control", kControllers);
  if (error != EBUSY) return error;
  if ((error = move_processes(base, base + std::string(kHostGroup)))) return error;
  return write_group_file(base + "/cgroup.subtree_control", kControllers);
}

// One leaf in which the init lives and every program with it. Where the kernel can reset memory.peak (Linux 6.12) the
// leaf is used again and again; before, each run gets a leaf of its own, to which the init moves.
class Cgroup2Meter final : public Meter {
 public:
  // False: `why` says what is missing.
  bool open(std::string& why) {
    auto base = own_group("");
    if (!base) {
      why = "version 2 is not mounted";
      return false;
    }
    if (base->ends_with(kHostGroup)) base->resize(base->size() - kHostGroup.size());
    if (!has_controllers(read_group_file(*base + "/cgroup.controllers"))) {
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
    if (error == 0) error = new_leaf();
    if (error == 0 && peak_) peak_resets_ = peak_.write("reset") == 0;
    if (error != 0) why = "a group cannot be made in " + *base + ": " + std::strerror(error);
    return error == 0;
  }

  Accounting kind() const override { return Accounting::cgroup2; }

  Failed adopt(pid_t init) override {
    init_ = init;
    init_bytes_ = 0;
    if (const int error = join()) return {"join_cgroup", 0, error};
    return {};
  }

  Failed begin(const Limits& limits, std::uint64_t scratch_bytes) override {
    if (!peak_resets_) {
      // The old leaf keeps what is charged to it: the init, the files placed in /box. The new one starts at nothing.
      Group old = std::move(leaf_);
      int error = new_leaf();
      if (error == 0) error = join();
      if (error != 0) return {"new_cgroup", 0, error};
      scratch_bytes = 0;
    }
    start_bytes_ = current_.read();
    if (init_bytes_ == 0) init_bytes_ = start_bytes_ - std::min(start_bytes_, scratch_bytes);
    limit_bytes_ = limits.memory_bytes;
    overhead_bytes_ = peak_resets_ ? init_bytes_ + scratch_bytes : 0;
    reclaim_above(limit_bytes_ + overhead_bytes_);
    if (const int error = limit_.write(limit_bytes_ + overhead_bytes_)) return {"memory_limit", 0, error};
    if (const int error = pids_limit_.write(limits.processes + 1)) return {"process_limit", 0, error};  // and the init
    if (const int error = peak_resets_ ? peak_.write("reset") : 0) return {"reset_memory", 0, error};
    sampled_peak_ = start_bytes_;
    kills_before_ = events_.read("oom_kill");
    hits_before_ = events_.read("max");
    cpu_before_us_ = cpu_.read("usage_usec");
    return {};
  }

  std::uint64_t cpu_us() override { return cpu_.read("usage_usec") - cpu_before_us_; }

  int memory_event_fd() const override { return events_.fd(); }
  short memory_events() const override { return POLLPRI; }

  bool memory_exceeded() override {
    if (sampled()) sampled_peak_ = std::max(sampled_peak_, current_.read());
    return events_.read("oom_kill") != kills_before_;
  }

  bool sampled() const override { return !peak_; }

  Usage end(const Reaped& reaped) override {
    Usage usage;
    usage.cpu_us = cpu_us();
    usage.out_of_memory = memory_exceeded();
    // As in version 1: cache of earlier runs is in the peak as it was at the start, unless the limit was hit; and what
    // is charged comes in batches, or from samples.
    const std::uint64_t not_ours = events_.read("max") == hits_before_ ? start_bytes_ : overhead_bytes_;
    const std::uint64_t peak = peak_ ? peak_.read() : sampled_peak_;
    const std::uint64_t charged = peak - std::min(peak, not_ours);
    usage.memory_bytes = std::min(std::max(charged, reaped.memory_bytes), limit_bytes_);
    // Should this fail, the init works under the run's limit, and what it cannot do it reports.
    (void)limit_.write("max");
    return usage;
  }

 private:
  int new_leaf() {
    if (const int error = leaf_.create(parent_.file("run-" + std::to_string(leaves_++)))) return error;
    struct Row {
      GroupFile& file;
      const char* name;
      int flags;
    };
    const std::array<Row, 5> rows{{{limit_, "memory.max", O_RDWR},
                                   {current_, "memory.current", O_RDONLY},
                                   {events_, "memory.events", O_RDONLY},
                                   {cpu_, "cpu.stat", O_RDONLY},
                                   {pids_limit_, "pids.max", O_RDWR}}};
    for (const auto& row : rows) {
      if (const int error = row.file.open(leaf_.file(row.name), row.flags)) return error;
    }
    // Absent before Linux 5.19, not writable before 6.12.
    if (peak_.open(leaf_.file("memory.peak"), O_RDWR) != 0 && peak_.open(leaf_.file("memory.peak"), O_RDONLY) != 0) {
      peak_ = GroupFile();
    }
    const int error = write_group_file(leaf_.file("memory.swap.max"), "0");
    return error == ENOENT ? 0 : error;  // absent without swap accounting
  }

  int join() { return write_group_file(leaf_.file("cgroup.procs"), std::to_string(init_)); }

  // Setting a limit below what is charged would kill the init; so cache of earlier runs is reclaimed first, and what
  // cannot be is allowed on top.
  void reclaim_above(std::uint64_t bytes) {
    if (start_bytes_ <= bytes) return;
    // Absent before Linux 5.19, and EAGAIN for a partial success: what counts is how much is left.
    (void)write_group_file(leaf_.file("memory.reclaim"), std::to_string(start_bytes_ - bytes));
    start_bytes_ = current_.read();
    if (start_bytes_ > bytes) overhead_bytes_ += start_bytes_ - bytes;
  }

  Group parent_;
  Group leaf_;
  unsigned leaves_ = 0;
  pid_t init_ = -1;
  bool peak_resets_ = false;
  GroupFile limit_;
  GroupFile current_;
  GroupFile peak_;
  GroupFile events_;
  GroupFile cpu_;
  GroupFile pids_limit_;
  std::uint64_t init_bytes_ = 0;
  std::uint64_t start_bytes_ = 0;
  std::uint64_t overhead_bytes_ = 0;
  std::uint64_t limit_bytes_ = 0;
  std::uint64_t sampled_peak_ = 0;
  std::uint64_t kills_before_ = 0;
  std::uint64_t hits_before_ = 0;
  std::uint64_t cpu_before_us_ = 0;
};

}  // namespace

std::unique_ptr<Meter> make_cgroup2_meter(std::string& why) {
  auto meter = std::make_unique<Cgroup2Meter>();
  if (!meter->open(why)) return nullptr;
  return meter;
}

}  // namespace pushjudge::sandbox
