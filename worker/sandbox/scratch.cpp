#include "worker/sandbox/scratch.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstddef>
#include <cstdio>

namespace pushjudge::sandbox {

namespace {

bool same_time(const timespec& one, const timespec& other) {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

}  // namespace

int mount_past_filter(const Plan& plan, const char* source, const char* target, const char* type, unsigned long flags,
                      const char* options) {
  return ::syscall(SYS_mount, source, target, type, flags, options, plan.pass) < 0 ? errno : 0;
}

int unmount_past_filter(const Plan& plan, const char* target) {
  return ::syscall(SYS_umount2, target, MNT_DETACH, 0, 0, 0, plan.pass) < 0 ? errno : 0;
}

int unshare_past_filter(const Plan& plan, int flags) {
  return ::syscall(SYS_unshare, flags, 0, 0, 0, 0, plan.pass) < 0 ? errno : 0;
}

int Scratch::renew(const Plan& plan, std::uint64_t bytes, std::uint64_t inodes) {
  folder_.reset();  // it would keep the old tmpfs, and the memory in it, alive
  if (mounted_) {
    if (const int error = unmount_past_filter(plan, path_)) return error;
    mounted_ = false;
  }
  std::array<char, 128> options;
  std::snprintf(options.data(), options.size(), "size=%" PRIu64 ",nr_inodes=%" PRIu64 ",%s", bytes, inodes, options_);
  if (const int error = mount_past_filter(plan, "tmpfs", path_, "tmpfs", MS_NOSUID | MS_NODEV, options.data())) {
    return error;
  }
  mounted_ = true;
  folder_.reset(::open(path_, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  holds_ours_ = false;
  return folder_ ? note_state() : errno;
}

int Scratch::remember() {
  holds_ours_ = true;
  return note_state();
}

int Scratch::note_state() {
  return ::fstat(folder_.get(), &fresh_) < 0 || ::fstatfs(folder_.get(), &fresh_space_) < 0 ? errno : 0;
}

bool Scratch::untouched() const {
  struct stat now {};
  struct statfs space {};
  if (!folder_ || ::fstat(folder_.get(), &now) < 0 || ::fstatfs(folder_.get(), &space) < 0) return false;
  // The change time cannot be set by a program; the rest is for a change within one tick of the clock.
  return same_time(now.st_ctim, fresh_.st_ctim) && same_time(now.st_mtim, fresh_.st_mtim) &&
         now.st_mode == fresh_.st_mode && now.st_uid == fresh_.st_uid && now.st_gid == fresh_.st_gid &&
         now.st_nlink == fresh_.st_nlink && now.st_size == fresh_.st_size && space.f_bfree == fresh_space_.f_bfree &&
         space.f_ffree == fresh_space_.f_ffree;
}

std::uint64_t Scratch::used_bytes() const {
  struct statfs space {};
  if (!folder_ || ::fstatfs(folder_.get(), &space) < 0) return 0;
  return (space.f_blocks - space.f_bfree) * static_cast<std::uint64_t>(space.f_bsize);
}

// With two ids the program owns /box only, so that it cannot change the folders /tmp and /dev/shm themselves.
ScratchSet::ScratchSet(bool two_ids)
    : folders_{Scratch("/box", "mode=0755,uid=1000,gid=1000"),
               Scratch("/tmp", two_ids ? "mode=1777" : "mode=1777,uid=1000,gid=1000"),
               Scratch("/dev/shm", two_ids ? "mode=1777" : "mode=1777,uid=1000,gid=1000")} {}

int ScratchSet::make_clean(const Plan& plan, std::uint64_t bytes, std::uint64_t inodes, int& index) {
  const bool same_size = bytes == bytes_ && inodes == inodes_;
  bytes_ = bytes;
  inodes_ = inodes;
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    if (same_size && folders_[i].untouched()) continue;
    index = static_cast<int>(i);
    if (const int error = folders_[i].renew(plan, bytes, inodes)) return error;
  }
  return 0;
}

std::uint64_t ScratchSet::used_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& folder : folders_) sum += folder.used_bytes();
  return sum;
}

}  // namespace pushjudge::sandbox
