#include "worker/sandbox/shared_files.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "worker/sandbox/files.hpp"
#include "worker/sandbox/scratch.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr unsigned long kFlags = MS_NOSUID | MS_NODEV;

// The name of a slot inside the tmpfs: one letter.
std::array<char, 2> name_of(unsigned slot) {
  return {static_cast<char>('a' + slot), '\0'};
}

// Names that begin at the folder lead to it, although no absolute path does.
class Inside {
 public:
  explicit Inside(int folder) : entered_(::fchdir(folder) == 0) {}
  ~Inside() {
    if (entered_ && ::chdir("/") < 0) ::_exit(1);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  [[nodiscard]] explicit operator bool() const { return entered_; }

 private:
  bool entered_;
};

}  // namespace

int SharedFiles::open(const Plan& plan, const char* path) {
  if (const int error = mount_past_filter(plan, "tmpfs", path, "tmpfs", kFlags, "size=72m,nr_inodes=16,mode=755")) {
    return error;
  }
  folder_.reset(::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder_ ? set_writable(plan, false) : errno;
}

int SharedFiles::set_writable(const Plan& plan, bool writable) const {
  const Inside inside(folder_.get());
  if (!inside) return errno;
  const unsigned long flags = MS_REMOUNT | MS_BIND | kFlags | (writable ? 0 : MS_RDONLY);
  return mount_past_filter(plan, nullptr, ".", nullptr, flags, nullptr);
}

int SharedFiles::store(const Plan& plan, unsigned slot, int fd) {
  if (const int error = set_writable(plan, true)) return error;
  const int stored = place_whole_file(folder_.get(), name_of(slot).data(), 0755, fd);
  const int closed = set_writable(plan, false);
  return stored != 0 ? stored : closed;
}

// The copy of the mount inherits that it is read-only.
int SharedFiles::show(const Plan& plan, unsigned slot, const char* target) const {
  const Inside inside(folder_.get());
  if (!inside) return errno;
  return mount_past_filter(plan, name_of(slot).data(), target, nullptr, MS_BIND, nullptr);
}

std::uint64_t SharedFiles::used_bytes() const {
  struct statfs space {};
  if (!folder_ || ::fstatfs(folder_.get(), &space) < 0) return 0;
  return (space.f_blocks - space.f_bfree) * static_cast<std::uint64_t>(space.f_bsize);
}

std::optional<SharedIndex::Place> SharedIndex::find_or_take(Fd& file) {
  constexpr int kSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK;
  const int seals = ::fcntl(file.get(), F_GET_SEALS);
  struct stat status {};
  if (seals < 0 || (seals & kSeals) != kSeals || ::fstat(file.get(), &status) < 0 ||
      static_cast<std::uint64_t>(status.st_size) > kSharedBytesMax) {
    return std::nullopt;
  }
  Slot* oldest = nullptr;
  for (auto& slot : slots_) {
    if (slot.file && slot.device == status.st_dev && slot.inode == status.st_ino) {
      slot.used_in_run = run_;
      return Place{static_cast<unsigned>(&slot - slots_.data()), true};
    }
    if (oldest == nullptr || slot.used_in_run < oldest->used_in_run) oldest = &slot;
  }
  if (oldest->used_in_run == run_) return std::nullopt;
  *oldest = {std::move(file), status.st_dev, status.st_ino, run_};
  return Place{static_cast<unsigned>(oldest - slots_.data()), false};
}

}  // namespace pushjudge::sandbox
