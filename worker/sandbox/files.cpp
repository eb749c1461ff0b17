#include "worker/sandbox/files.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/spec.hpp"

namespace pushjudge::sandbox {

namespace {

int open_beneath(int folder, const char* name, std::uint64_t flags, mode_t mode = 0) {
  open_how how{};
  how.flags = flags | O_CLOEXEC | O_NOFOLLOW;
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
  return static_cast<int>(::syscall(SYS_openat2, folder, name, &how, sizeof how));
}

// Makes the folders on the way to `name`, each of which may exist: everything up to a slash.
int make_parents(int box, const char* name) {
  std::array<char, kPathBytesMax + 1> folder;
  for (const char* slash = std::strchr(name, '/'); slash != nullptr; slash = std::strchr(slash + 1, '/')) {
    const char* start = name;
    *std::copy(start, slash, folder.data()) = '\0';
    // mkdirat resolves the path itself, so it gets the last part alone, below a parent opened through no symlink.
    char* last = std::strrchr(folder.data(), '/');
    Fd parent;
    if (last != nullptr) {
      *last++ = '\0';
      parent.reset(open_beneath(box, folder.data(), O_PATH | O_DIRECTORY));
      if (!parent) return errno;
    }
    if (::mkdirat(parent ? parent.get() : box, last != nullptr ? last : folder.data(), 0755) < 0 && errno != EEXIST) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

int copy_bytes(const Source& source, int to) {
  auto offset = static_cast<off_t>(source.offset);
  std::uint64_t left = source.size;
  while (left > 0) {
    const auto chunk = static_cast<std::size_t>(std::min<std::uint64_t>(left, 1U << 30));
    const ssize_t copied = ::sendfile(to, source.fd, &offset, chunk);
    if (copied < 0 && errno == EINTR) continue;
    if (copied < 0) return errno;
    if (copied == 0) return EIO;
    left -= static_cast<std::uint64_t>(copied);
  }
  return 0;
}

int place_file(int box, const char* name, mode_t mode, const Source& source) {
  if (const int error = make_parents(box, name)) return error;
  const char* slash = std::strrchr(name, '/');
  Fd parent;
  if (slash != nullptr) {
    std::array<char, kPathBytesMax + 1> folder;
    *std::copy(name, slash, folder.data()) = '\0';
    parent.reset(open_beneath(box, folder.data(), O_PATH | O_DIRECTORY));
    if (!parent) return errno;
  }
  const int folder = parent ? parent.get() : box;
  const char* leaf = slash != nullptr ? slash + 1 : name;
  // An earlier step of a kept box may have left anything under this name; we write only to a file that we made.
  if (::unlinkat(folder, leaf, 0) < 0 && errno != ENOENT) return errno;
  const Fd file(open_beneath(folder, leaf, O_WRONLY | O_CREAT | O_EXCL, 0600));
  if (!file) return errno;
  if (const int error = copy_bytes(source, file.get())) return error;
  return ::fchmod(file.get(), mode) < 0 ? errno : 0;
}

int make_folder(int box, const char* name) {
  std::array<char, kPathBytesMax + 2> path;
  *std::copy(name, name + std::strlen(name), path.data()) = '\0';
  path[std::strlen(name) + 1] = '\0';
  path[std::strlen(name)] = '/';
  if (const int error = make_parents(box, path.data())) return error;
  const Fd made(open_beneath(box, name, O_PATH | O_DIRECTORY));
  return made ? 0 : errno;
}

int place_whole_file(int box, const char* name, mode_t mode, int fd) {
  struct stat status {};
  if (::fstat(fd, &status) < 0) return errno;
  if (!S_ISREG(status.st_mode)) return EINVAL;
  return place_file(box, name, mode, {fd, 0, static_cast<std::uint64_t>(status.st_size)});
}

int open_to_collect(int folder, const char* name, std::uint64_t size_max, int& error) {
  Fd file(open_beneath(folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) < 0) {
    error = errno == ENXIO ? EINVAL : errno;  // ENXIO: a socket
    return -1;
  }
  if (!S_ISREG(status.st_mode)) {
    error = EINVAL;
    return -1;
  }
  if (static_cast<std::uint64_t>(status.st_size) > size_max) {
    error = EFBIG;
    return -1;
  }
  return file.release();
}

}  // namespace pushjudge::sandbox
