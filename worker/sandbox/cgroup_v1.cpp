#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "worker/sandbox/cgroup.hpp"
#include "worker/sandbox/cgroup_meter.hpp"

namespace pushjudge::sandbox {

namespace {

// One group in each of three hierarchies, in which the init lives, so that nothing joins per run.
class BoxGroup1 final : public BoxGroup {
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
    return {};
  }

  // The kernel reclaims by itself. Memory and swap together may at no time be limited to less than memory.
  int limit_memory(std::uint64_t bytes, std::uint64_t) override {
    if (!swap_limit_) return limit_.set(bytes);
    const bool raised = bytes > limit_.limit();
    const int error = (raised ? swap_limit_ : limit_).set(bytes);
    return error != 0 ? error : (raised ? limit_ : swap_limit_).set(bytes);
  }

  int limit_processes(std::uint64_t count) override { return pids_limit_.set(count); }
  std::uint64_t charged_bytes() override { return usage_.read(); }
  std::uint64_t peak_bytes() override { return peak_.read(); }
  int forget_peak() override { return peak_.write(0); }
  std::uint64_t hits() override { return hits_.read(); }
  std::uint64_t kills() override { return oom_.read("oom_kill"); }
  bool is_starving() override { return oom_.read("under_oom") != 0; }
  std::uint64_t cpu_us() override { return cpu_usage_.read() / 1000; }

  int memory_event_fd() const override { return memory_event_.get(); }
  short memory_events() const override { return POLLIN; }
  void forget_memory_events() override {
    std::uint64_t count = 0;
    while (::read(memory_event_.get(), &count, sizeof count) > 0) {
    }
  }
  bool limits_swap() const override { return static_cast<bool>(swap_limit_); }

 private:
  bool open_files(std::string& why) {
    std::string failed;
    const int error = open_all({{limit_, memory_.file("memory.limit_in_bytes"), O_RDWR},
                                {usage_, memory_.file("memory.usage_in_bytes"), O_RDONLY},
                                {peak_, memory_.file("memory.max_usage_in_bytes"), O_RDWR},
                                {hits_, memory_.file("memory.failcnt"), O_RDONLY},
                                {oom_, memory_.file("memory.oom_control"), O_RDONLY},
                                {cpu_usage_, cpu_.file("cpuacct.usage"), O_RDONLY},
                                {pids_limit_, pids_.file("pids.max"), O_RDWR}},
                               failed);
    if (error != 0) {
      why = failed + ": " + std::strerror(error);
      return false;
    }
    // Kernels without swap accounting have neither. With it, both limits are the same, and this one is looked at first.
    GroupFile swap_limit;
    GroupFile swap_hits;
    if (swap_limit.open(memory_.file("memory.memsw.limit_in_bytes"), O_RDWR) == 0 &&
        swap_hits.open(memory_.file("memory.memsw.failcnt"), O_RDONLY) == 0) {
      swap_limit_ = std::move(swap_limit);
      hits_ = std::move(swap_hits);
    }
    return true;
  }

  bool watch_memory(std::string& why) {
    memory_event_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::string request = std::to_string(memory_event_.get()) + " " + std::to_string(oom_.fd());
    const int error = memory_event_ ? write_group_file(memory_.file("cgroup.event_control"), request) : errno;
    if (error != 0) why = std::string("memory events: ") + std::strerror(error);
    return error == 0;
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
};

}  // namespace

std::unique_ptr<Meter> make_cgroup1_meter(std::string& why) {
  auto group = std::make_unique<BoxGroup1>();
  if (!group->open(why)) return nullptr;
  return std::make_unique<GroupMeter>(std::move(group));
}

}  // namespace pushjudge::sandbox
