#include "worker/sandbox/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/files.hpp"
#include "worker/sandbox/spec.hpp"

namespace pushjudge::sandbox {

namespace {

// As getdents64 gives it; the C library's struct dirent is the same on 64-bit machines but opendir allocates.
struct FolderEntry {
  std::uint64_t inode;
  std::int64_t offset;
  std::uint16_t size;
  std::uint8_t type;
};
constexpr std::size_t kNameOffset = offsetof(FolderEntry, type) + 1;

int write_all(int to, const void* data, std::size_t size) {
  const auto* next = static_cast<const std::byte*>(data);
  while (size > 0) {
    const ssize_t written = ::write(to, next, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    next += written;
    size -= static_cast<std::size_t>(written);
  }
  return 0;
}

class TreeWriter {
 public:
  TreeWriter(int to, TreeLimits limits) : to_(to), left_(limits) {}

  // Writes what lies in `folder`, whose own path is the first `path_bytes` bytes of path_.
  int write_folder(int folder, std::size_t path_bytes, std::size_t depth) {
    if (depth > kPathDepthMax) return E2BIG;
    alignas(FolderEntry) std::array<char, 4096> listing;
    while (true) {
      const long size = ::syscall(SYS_getdents64, folder, listing.data(), listing.size());
      if (size < 0) return errno;
      if (size == 0) return 0;
      for (const char* next = listing.data(); next < listing.data() + size;) {
        FolderEntry entry;
        std::memcpy(&entry, next, kNameOffset);
        if (const int error = write_named(folder, next + kNameOffset, path_bytes, depth)) return error;
        next += entry.size;
      }
    }
  }

  int write_end() {
    const TreeEntry end{TreeEntry::kMagic, 0, 0, 0, 0};
    return write_all(to_, &end, sizeof end);
  }

 private:
  int write_named(int folder, const char* name, std::size_t path_bytes, std::size_t depth) {
    const std::string_view leaf = name;
    if (leaf == "." || leaf == "..") return 0;
    if (left_.entries == 0) return E2BIG;
    --left_.entries;
    if (path_bytes + leaf.size() + 1 > kPathBytesMax) return E2BIG;
    leaf.copy(path_.data() + path_bytes, leaf.size());
    const std::size_t name_bytes = path_bytes + leaf.size();

    const Fd opened(::openat(folder, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY));
    struct stat status {};
    // What cannot be opened (a symlink, a socket, a file without permission) is not part of the tree.
    if (!opened || ::fstat(opened.get(), &status) < 0) return 0;
    if (S_ISDIR(status.st_mode)) {
      // Also when files in it name it: it may be empty.
      if (const int error = write_entry(name_bytes, {TreeEntry::kMagic, 0, 0, 1, 0})) return error;
      path_[name_bytes] = '/';
      return write_folder(opened.get(), name_bytes + 1, depth + 1);
    }
    return S_ISREG(status.st_mode) ? write_file(opened.get(), name_bytes, status) : 0;
  }

  int write_file(int file, std::size_t name_bytes, const struct stat& status) {
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > left_.bytes) return EFBIG;
    left_.bytes -= size;
    const auto mode = static_cast<std::uint32_t>(status.st_mode & 0777);
    if (const int error = write_entry(name_bytes, {TreeEntry::kMagic, 0, mode, 0, size})) return error;
    return copy_bytes({file, 0, size}, to_);
  }

  int write_entry(std::size_t name_bytes, TreeEntry entry) {
    entry.name_bytes = static_cast<std::uint32_t>(name_bytes);
    if (const int error = write_all(to_, &entry, sizeof entry)) return error;
    return write_all(to_, path_.data(), name_bytes);
  }

  int to_;
  TreeLimits left_;
  std::array<char, kPathBytesMax + 1> path_;
};

bool read_at(int from, std::uint64_t offset, void* into, std::size_t size) {
  return ::pread(from, into, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

}  // namespace

int write_tree(int folder, int to, TreeLimits limits) {
  // A descriptor of its own, for a listing moves the position.
  const Fd own(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!own) return errno;
  TreeWriter writer(to, limits);
  if (const int error = writer.write_folder(own.get(), 0, 1)) return error;
  return writer.write_end();
}

int place_tree(int folder, int from, TreeLimits limits) {
  std::uint64_t offset = 0;
  while (true) {
    TreeEntry entry;
    std::array<char, kPathBytesMax + 1> name;
    if (!read_at(from, offset, &entry, sizeof entry) || entry.magic != TreeEntry::kMagic) return EBADMSG;
    if (entry.name_bytes == 0) return 0;
    if (entry.name_bytes > kPathBytesMax || (entry.mode & ~0777U) != 0 || entry.folder > 1) return EBADMSG;
    if (entry.folder == 1 && entry.size != 0) return EBADMSG;
    offset += sizeof entry;
    if (!read_at(from, offset, name.data(), entry.name_bytes)) return EBADMSG;
    name[entry.name_bytes] = '\0';
    if (!valid_box_path(std::string_view(name.data(), entry.name_bytes))) return EBADMSG;
    offset += entry.name_bytes;
    if (limits.entries == 0) return E2BIG;
    if (entry.size > limits.bytes) return EFBIG;
    --limits.entries;
    limits.bytes -= entry.size;
    const int error = entry.folder == 1 ? make_folder(folder, name.data())
                                        : place_file(folder, name.data(), entry.mode, {from, offset, entry.size});
    if (error != 0) return error;
    offset += entry.size;
  }
}

}  // namespace pushjudge::sandbox
