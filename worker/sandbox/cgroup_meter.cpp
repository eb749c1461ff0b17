#include "worker/sandbox/cgroup_meter.hpp"

#include <algorithm>
#include <cerrno>

#include "worker/sandbox/cgroup.hpp"

namespace pushjudge::sandbox {

namespace {

// A run that came closer to its limit may have hit it, and leaves too little for the init to clean up and to return
// files in: a huge page and what the kernel takes per processor in advance are much less.
constexpr std::uint64_t kRoomBytes = 8U << 20;

}  // namespace

Failed GroupMeter::adopt(pid_t init) {
  init_bytes_ = 0;
  make_room();
  if (const Failed failed = group_->adopt(init)) return failed;
  remember_events();
  return {};
}

// Should this fail, the init works under the run's limit, and what it cannot do it reports.
void GroupMeter::make_room() {
  (void)group_->limit_memory(kUnlimited, 0);
}

Failed GroupMeter::begin(const Limits& limits, std::uint64_t scratch_bytes) {
  if (const Failed failed = group_->renew()) return failed;
  start_bytes_ = group_->charged_bytes();
  if (group_->is_fresh()) {
    overhead_bytes_ = start_bytes_;
    remember_events();
  } else {
    // The first run of a box shows what the init itself holds.
    if (init_bytes_ == 0) init_bytes_ = start_bytes_ - std::min(start_bytes_, scratch_bytes);
    overhead_bytes_ = init_bytes_ + scratch_bytes;
  }
  limit_bytes_ = limits.memory_bytes;
  int error = group_->limit_memory(whole_limit(), start_bytes_);
  if (error == EBUSY) {
    // What earlier runs left charged to the group (page tables, inodes) could not be reclaimed that far.
    start_bytes_ = overhead_bytes_ = group_->charged_bytes();
    error = group_->limit_memory(whole_limit(), start_bytes_);
  }
  if (error != 0) return {"memory_limit", 0, error};
  if ((error = group_->limit_processes(limits.processes + 1))) return {"process_limit", 0, error};  // and the init
  if ((error = group_->forget_peak())) return {"reset_memory", 0, error};
  cpu_before_us_ = group_->cpu_us();
  return {};
}

bool GroupMeter::memory_exceeded() {
  group_->forget_memory_events();
  if (sampled()) (void)group_->peak_bytes();
  return group_->kills() != kills_before_ || group_->is_starving();
}

Usage GroupMeter::end(const Reaped& reaped) {
  Usage usage;
  usage.cpu_us = cpu_us();
  const std::uint64_t peak = group_->peak_bytes();
  const std::uint64_t kills = group_->kills();
  usage.out_of_memory = kills != kills_before_;
  kills_before_ = kills;
  // Page cache of toolchain files read by earlier runs is charged to the group, but not this program's. As long as the
  // limit was not hit it was not reclaimed either, so it is in the peak as it was at the start.
  std::uint64_t not_ours = start_bytes_;
  if (sampled() || peak + kRoomBytes > whole_limit()) {
    const std::uint64_t hits = group_->hits();
    if (hits != hits_before_) not_ours = overhead_bytes_;
    hits_before_ = hits;
    group_->forget_memory_events();
    make_room();
  }
  const std::uint64_t charged = peak - std::min(peak, not_ours);
  // Each processor takes charges from the group in batches of 256 KiB, so a small program may show as nothing.
  usage.memory_bytes = std::min(std::max(charged, reaped.memory_bytes), limit_bytes_);
  return usage;
}

void GroupMeter::remember_events() {
  hits_before_ = group_->hits();
  kills_before_ = group_->kills();
}

}  // namespace pushjudge::sandbox
