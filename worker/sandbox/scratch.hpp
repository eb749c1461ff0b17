#pragma once

#include <sys/stat.h>
#include <sys/statfs.h>

#include <array>
#include <cstdint>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/plan.hpp"

namespace pushjudge::sandbox {

// mount(2), umount2(2) and unshare(2) for the init, past its own filter (see Plan::pass). Return 0 or an errno.
[[nodiscard]] int mount_past_filter(const Plan& plan, const char* source, const char* target, const char* type,
                                    unsigned long flags, const char* options);
[[nodiscard]] int unmount_past_filter(const Plan& plan, const char* target);
[[nodiscard]] int unshare_past_filter(const Plan& plan, int flags);

// A folder that a program may write: a tmpfs of limited size that is replaced by a fresh one when a run touched it.
// It is never emptied file by file: what lies in it was made by untrusted code. Used by the init of the box.
class Scratch {
 public:
  Scratch(const char* path, const char* options) : path_(path), options_(options) {}

  // Mounts a fresh, empty tmpfs in the place of the old one.
  [[nodiscard]] int renew(const Plan& plan, std::uint64_t bytes, std::uint64_t inodes);

  // True if it is as renew() or remember() left it: nothing was made in it, nor was the folder itself changed.
  [[nodiscard]] bool untouched() const;

  // What lies in it now is ours, until it is renewed. Returns an errno.
  [[nodiscard]] int remember();
  [[nodiscard]] bool holds_ours() const { return holds_ours_; }

  [[nodiscard]] std::uint64_t used_bytes() const;
  [[nodiscard]] int folder() const { return folder_.get(); }

 private:
  [[nodiscard]] int note_state();

  const char* path_;
  const char* options_;
  bool mounted_ = false;
  bool holds_ours_ = false;
  Fd folder_;
  struct stat fresh_ {};
  struct statfs fresh_space_ {};
};

// The three of a box, all of one size.
class ScratchSet {
 public:
  explicit ScratchSet(bool two_ids);

  // Renews those that were touched, and all when the sizes are others.
  [[nodiscard]] int make_clean(const Plan& plan, std::uint64_t bytes, std::uint64_t inodes, int& index);

  // The same with the sizes they have.
  [[nodiscard]] int make_clean(const Plan& plan, int& index) { return make_clean(plan, bytes_, inodes_, index); }

  [[nodiscard]] int renew_box(const Plan& plan) { return folders_[0].renew(plan, bytes_, inodes_); }
  [[nodiscard]] int remember_box() { return folders_[0].remember(); }
  [[nodiscard]] bool box_holds_ours() const { return folders_[0].holds_ours(); }

  [[nodiscard]] std::uint64_t used_bytes() const;
  [[nodiscard]] int box() const { return folders_[0].folder(); }

 private:
  std::array<Scratch, 3> folders_;
  std::uint64_t bytes_ = 1U << 20;
  std::uint64_t inodes_ = 64;
};

}  // namespace pushjudge::sandbox
