#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/plan.hpp"
#include "worker/sandbox/spec.hpp"

// Files that many runs of a box see and none can change (PlacedFile::shared): copied into the box once, then mounted
// read-only wherever a run wants them.
namespace pushjudge::sandbox {

// The init's half: a read-only tmpfs to which no path leads, since /box is mounted over it.
class SharedFiles {
 public:
  // Mounts it at `path`, below what will be mounted there later. The calls return 0 or an errno.
  [[nodiscard]] int open(const Plan& plan, const char* path);

  // Copies the whole file `fd` into `slot`, in place of what was there.
  [[nodiscard]] int store(const Plan& plan, unsigned slot, int fd);

  // Mounts the file of `slot` on the existing file `target`.
  [[nodiscard]] int show(const Plan& plan, unsigned slot, const char* target) const;

  [[nodiscard]] std::uint64_t used_bytes() const;

 private:
  [[nodiscard]] int set_writable(const Plan& plan, bool writable) const;

  Fd folder_;
};

// The keeper's half: which file lies in which slot. A file is known by its inode, which stays its own for as long as a
// descriptor of it is held here.
class SharedIndex {
 public:
  struct Place {
    unsigned slot;
    bool stored;  // else it must be stored there before it is shown
  };

  // A new run: the slots it is given are not given away again before the next.
  void begin_run() { ++run_; }

  // Where `file` lies or shall lie; `file` is taken over if it is new. Nothing when it cannot be shared (not sealed,
  // too large, no slot left): then it must be placed.
  [[nodiscard]] std::optional<Place> find_or_take(Fd& file);

  // The descriptor of a slot, for the order to store it.
  [[nodiscard]] int fd(unsigned slot) const { return slots_[slot].file.get(); }

  // The file was not stored after all.
  void forget(unsigned slot) { slots_[slot] = {}; }

  void clear() { slots_ = {}; }

 private:
  struct Slot {
    Fd file;
    dev_t device = 0;
    ino_t inode = 0;
    std::uint64_t used_in_run = 0;
  };
  std::array<Slot, kSharedFilesMax> slots_{};
  std::uint64_t run_ = 0;
};

}  // namespace pushjudge::sandbox
