#pragma once

#include <cstdint>
#include <memory>

#include "worker/sandbox/meter.hpp"

namespace pushjudge::sandbox {

// The control groups that a box lives in, in the words of one version of them. Numbers count from when the group was
// made, unless something else is said. Errors are errno values, 0 is success.
class BoxGroup {
 public:
  virtual ~BoxGroup() = default;

  [[nodiscard]] virtual Accounting kind() const = 0;
  [[nodiscard]] virtual Failed adopt(pid_t init) = 0;

  // A run begins. Where its peak can be known only from a group of its own, this makes one and moves the init there.
  [[nodiscard]] virtual Failed renew() { return {}; }
  // True if nothing of earlier runs is charged to the group.
  [[nodiscard]] virtual bool is_fresh() const { return false; }
  // See Meter.
  virtual void prepare_next() {}

  // EBUSY when more is charged than that and cannot be reclaimed; `charged_bytes` is what charged_bytes() said.
  [[nodiscard]] virtual int limit_memory(std::uint64_t bytes, std::uint64_t charged_bytes) = 0;
  // Of processes and threads.
  [[nodiscard]] virtual int limit_processes(std::uint64_t count) = 0;

  [[nodiscard]] virtual std::uint64_t charged_bytes() = 0;
  // The most that was charged since forget_peak.
  [[nodiscard]] virtual std::uint64_t peak_bytes() = 0;
  [[nodiscard]] virtual int forget_peak() = 0;
  // How often memory ran out and something was reclaimed.
  [[nodiscard]] virtual std::uint64_t hits() = 0;
  // How often a process was killed for memory.
  [[nodiscard]] virtual std::uint64_t kills() = 0;
  // Memory ran out and nothing was killed yet.
  [[nodiscard]] virtual bool is_starving() { return false; }
  [[nodiscard]] virtual std::uint64_t cpu_us() = 0;

  // As in Meter. What the descriptor said is forgotten by forget_memory_events.
  [[nodiscard]] virtual int memory_event_fd() const = 0;
  [[nodiscard]] virtual short memory_events() const = 0;
  virtual void forget_memory_events() {}
  // As in Meter.
  [[nodiscard]] virtual bool limits_swap() const = 0;
  // True if peak_bytes() must be called every Meter::kSampleUs, for the kernel keeps none.
  [[nodiscard]] virtual bool sampled() const { return false; }
};

// What one run used, from groups that many runs go through. It writes only what changed: six system calls a run, when
// it has the limits of the one before.
class GroupMeter final : public Meter {
 public:
  explicit GroupMeter(std::unique_ptr<BoxGroup> group) : group_(std::move(group)) {}

  [[nodiscard]] Accounting kind() const override { return group_->kind(); }
  [[nodiscard]] Failed adopt(pid_t init) override;
  void make_room() override;
  void prepare_next() override { group_->prepare_next(); }
  [[nodiscard]] Failed begin(const Limits& limits, std::uint64_t scratch_bytes) override;
  [[nodiscard]] std::uint64_t cpu_us() override { return group_->cpu_us() - cpu_before_us_; }
  [[nodiscard]] int memory_event_fd() const override { return group_->memory_event_fd(); }
  [[nodiscard]] short memory_events() const override { return group_->memory_events(); }
  [[nodiscard]] bool memory_exceeded() override;
  [[nodiscard]] bool sampled() const override { return group_->sampled(); }
  [[nodiscard]] bool limits_swap() const override { return group_->limits_swap(); }
  [[nodiscard]] Usage end(const Reaped& reaped) override;

 private:
  void remember_events();
  [[nodiscard]] std::uint64_t whole_limit() const { return limit_bytes_ + overhead_bytes_; }

  std::unique_ptr<BoxGroup> group_;
  std::uint64_t limit_bytes_ = 0;     // the program's
  std::uint64_t init_bytes_ = 0;      // held by the init; 0: not known yet
  std::uint64_t overhead_bytes_ = 0;  // charged to the group and not the program's
  std::uint64_t start_bytes_ = 0;     // charged when the run began: the overhead, and cache of earlier runs
  std::uint64_t cpu_before_us_ = 0;
  std::uint64_t hits_before_ = 0;
  std::uint64_t kills_before_ = 0;
};

}  // namespace pushjudge::sandbox
