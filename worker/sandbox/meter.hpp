#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "worker/sandbox/outcome.hpp"
#include "worker/sandbox/spec.hpp"
#include "worker/sandbox/steps.hpp"

namespace pushjudge::sandbox {

struct Usage {
  std::uint64_t cpu_us = 0;
  std::uint64_t memory_bytes = 0;  // the peak
  bool out_of_memory = false;      // something in the box was killed for memory
};

// What the init of the box saw by waiting for processes: all CPU time but that of children whose parents ignored their
// end, and the largest resident set of one process, file pages included. The kernel counts for the program also what
// the init held when the program was executed, since until then they share memory (vfork): 1.2 MB or so.
struct Reaped {
  std::uint64_t cpu_us = 0;
  std::uint64_t memory_bytes = 0;
};

// Measures and limits all processes of a box together. Used by the keeper. One meter serves many boxes, one after
// another, and each of them for many runs. Errors are errno values, 0 is success.
class Meter {
 public:
  virtual ~Meter() = default;

  [[nodiscard]] virtual Accounting kind() const = 0;

  // A new box: its init, which has no children yet, is measured from now on.
  [[nodiscard]] virtual Failed adopt(pid_t init) = 0;

  // The init is about to be given files, which may be larger than the last run's limits: they are lifted.
  virtual void make_room() {}

  // The box is idle: what the next run would have to wait for is done now, and what the last one left is removed.
  // Calling it is never needed, and its failure shows when the run begins.
  virtual void prepare_next() {}

  // The program of the next run gets this as its stdin, which is not its memory.
  virtual void leave_out(int /*input*/) {}

  // A run begins: limits are set and counters start at zero. `scratch_bytes` lie in /box, /tmp and /dev/shm already
  // and are not the program's.
  [[nodiscard]] virtual Failed begin(const Limits& limits, std::uint64_t scratch_bytes) = 0;

  // What the run has used so far.
  [[nodiscard]] virtual std::uint64_t cpu_us() = 0;

  // A descriptor that becomes ready for `memory_events` when memory ran out, or -1.
  [[nodiscard]] virtual int memory_event_fd() const { return -1; }
  [[nodiscard]] virtual short memory_events() const { return 0; }

  // True if the memory limit was hit.
  [[nodiscard]] virtual bool memory_exceeded() = 0;

  // True if memory_exceeded() must be called every kSampleUs, since nothing else notices.
  [[nodiscard]] virtual bool sampled() const { return false; }

  // True if memory that was swapped out counts as well.
  [[nodiscard]] virtual bool limits_swap() const { return false; }

  // The run ended and so did every process of it. Limits stay, for a run with the same ones, but leave the init what it
  // needs to clean up.
  [[nodiscard]] virtual Usage end(const Reaped& reaped) = 0;

  static constexpr std::uint64_t kSampleUs = 10'000;
};

// Each returns nothing when this host or this user does not offer it; `why` then says so.
[[nodiscard]] std::unique_ptr<Meter> make_cgroup2_meter(std::string& why);
[[nodiscard]] std::unique_ptr<Meter> make_cgroup1_meter(std::string& why);
[[nodiscard]] std::unique_ptr<Meter> make_sampling_meter(std::string& why);

// The best there is, or nothing if there is none. `why` says what the better ones lack.
[[nodiscard]] std::unique_ptr<Meter> make_meter(std::string& why);

}  // namespace pushjudge::sandbox
