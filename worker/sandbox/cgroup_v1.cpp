#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "worker/sandbox/cgroup.hpp"
#include "worker/sandbox/meter.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr std::string_view kUnlimited = "-1";

// One group in each of three hierarchies, in which the init lives, so that nothing joins per run.
class Cgroup1Meter final : public Meter {
 public:
  // False: `why` says what is missing.
  bool open(std::string& why) {
    const std::array groups{std::pair{"memory", &memory_}, std::pair{"cpuacct", &cpu_}, std::pair{"pids", &pids_}};
    for (const auto& [controller, group] : groups) {
      const auto parent = own_group(controller);
      if (!parent) {
        why = std::string("no ") + controller + " controller is mounted";
        return false;
      }
      remove_stale_groups(*parent);
      if (const int error = group->create(*parent + "/" + group_name())) {
        why = "a group cannot be made in " + *parent + ": " + std::strerror(error);
        return false;
      }
    }
    return open_files(why) && watch_memory(why);
  }

  Accounting kind() const override { return Accounting::cgroup1; }

  Failed adopt(pid_t init) override {
    const std::string pid = std::to_string(init);
    int index = 0;
    for (const Group* group : {&memory_, &cpu_, &pids_}) {
      if (const int error = write_group_file(group->file("cgroup.procs"), pid)) return {"join_cgroup", index, error};
      ++index;
    }
    init_bytes_ = 0;
    return {};
  }

  Failed begin(const Limits& limits, std::uint64_t scratch_bytes) override {
    forget_memory_events();
    start_bytes_ = usage_.read();
    // The first run of a box shows what the init itself holds.
    if (init_bytes_ == 0) init_bytes_ = start_bytes_ - std::min(start_bytes_, scratch_bytes);
    limit_bytes_ = limits.memory_bytes;
    overhead_bytes_ = init_bytes_ + scratch_bytes;
    int error = limit_.write(limit_bytes_ + overhead_bytes_);
    if (error == EBUSY) {
      // What earlier runs left charged to the group (page tables, inodes) could not be reclaimed that far.
      overhead_bytes_ = start_bytes_;
      error = limit_.write(limit_bytes_ + overhead_bytes_);
    }
    if (error == 0 && swap_limit_) error = swap_limit_.write(limit_bytes_ + overhead_bytes_);
    if (error != 0) return {"memory_limit", 0, error};
    if ((error = pids_limit_.write(limits.processes + 1))) return {"process_limit", 0, error};  // and the init
    if ((error = peak_.write(0)) || (error = hits_.write(0))) return {"reset_memory", 0, error};
    kills_before_ = oom_.read("oom_kill");
    cpu_before_ns_ = cpu_usage_.read();
    return {};
  }

  std::uint64_t cpu_us() override { return (cpu_usage_.read() - cpu_before_ns_) / 1000; }

  int memory_event_fd() const override { return memory_event_.get(); }
  short memory_events() const override { return POLLIN; }

  bool memory_exceeded() override {
    forget_memory_events();
    return oom_.read("oom_kill") != kills_before_ || oom_.read("under_oom") != 0;
  }

  Usage end(const Reaped& reaped) override {
    Usage usage;
    usage.cpu_us = cpu_us();
    usage.out_of_memory = oom_.read("oom_kill") != kills_before_;
    // Page cache of toolchain files read by earlier runs is charged to the group, but not this program's. As long as
    // the limit was not hit it was not reclaimed either, so it is in the peak as it was at the start.
    const std::uint64_t not_ours = hits_.read() == 0 ? start_bytes_ : overhead_bytes_;
    const std::uint64_t peak = peak_.read();
    const std::uint64_t charged = peak - std::min(peak, not_ours);
    // Each processor takes charges from the group in batches of 256 KiB, so a small program may show as nothing.
    usage.memory_bytes = std::min(std::max(charged, reaped.memory_bytes), limit_bytes_);
    // The order matters: memory and swap together may not be less than memory. Should this fail, the init works under
    // the run's limit, and what it cannot do it reports.
    if (swap_limit_) (void)swap_limit_.write(kUnlimited);
    (void)limit_.write(kUnlimited);
    return usage;
  }

 private:
  bool open_files(std::string& why) {
    struct Row {
      GroupFile& file;
      const Group& group;
      const char* name;
      int flags;
    };
    const std::array<Row, 7> rows{{{limit_, memory_, "memory.limit_in_bytes", O_RDWR},
                                   {usage_, memory_, "memory.usage_in_bytes", O_RDONLY},
                                   {peak_, memory_, "memory.max_usage_in_bytes", O_RDWR},
                                   {hits_, memory_, "memory.failcnt", O_RDWR},
                                   {oom_, memory_, "memory.oom_control", O_RDONLY},
                                   {cpu_usage_, cpu_, "cpuacct.usage", O_RDONLY},
                                   {pids_limit_, pids_, "pids.max", O_RDWR}}};
    for (const auto& row : rows) {
      if (const int error = row.file.open(row.group.file(row.name), row.flags)) {
        why = row.group.file(row.name) + ": " + std::strerror(error);
        return false;
      }
    }
    // Kernels without swap accounting do not have it.
    if (swap_limit_.open(memory_.file("memory.memsw.limit_in_bytes"), O_RDWR) != 0) swap_limit_ = GroupFile();
    return true;
  }

  bool watch_memory(std::string& why) {
    memory_event_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::string request = std::to_string(memory_event_.get()) + " " + std::to_string(oom_.fd());
    const int error = memory_event_ ? write_group_file(memory_.file("cgroup.event_control"), request) : errno;
    if (error != 0) why = std::string("memory events: ") + std::strerror(error);
    return error == 0;
  }

  void forget_memory_events() {
    std::uint64_t count = 0;
    while (::read(memory_event_.get(), &count, sizeof count) > 0) {
    }
  }

  Group memory_;
  Group cpu_;
  Group pids_;
  GroupFile limit_;
  GroupFile swap_limit_;
  GroupFile usage_;
  GroupFile peak_;
  GroupFile hits_;
  GroupFile oom_;
  GroupFile cpu_usage_;
  GroupFile pids_limit_;
  Fd memory_event_;
  std::uint64_t init_bytes_ = 0;
  std::uint64_t start_bytes_ = 0;
  std::uint64_t overhead_bytes_ = 0;
  std::uint64_t limit_bytes_ = 0;
  std::uint64_t kills_before_ = 0;
  std::uint64_t cpu_before_ns_ = 0;
};

}  // namespace

std::unique_ptr<Meter> make_cgroup1_meter(std::string& why) {
  auto meter = std::make_unique<Cgroup1Meter>();
  if (!meter->open(why)) return nullptr;
  return meter;
}

}  // namespace pushjudge::sandbox
