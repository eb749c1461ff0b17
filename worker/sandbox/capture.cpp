#include "worker/sandbox/capture.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>

#include "worker/sandbox/files.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr int kAllSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
constexpr int kReadsAtOnce = 16;  // of one buffer each, before the other descriptors get their turn
std::array<std::byte, 64 * 1024> buffer;

// A second open file of the same memory, read-only and at its beginning.
Fd reopen(int fd) {
  std::array<char, 32> path;
  std::snprintf(path.data(), path.size(), "/proc/self/fd/%d", fd);
  return Fd(::open(path.data(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

Fd sealed_copy(int fd, std::uint64_t size) {
  Fd memory(::memfd_create("copy", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory) return memory;
  if (const int error = copy_bytes({fd, 0, size}, memory.get())) {
    errno = error;
    return Fd();
  }
  if (::fcntl(memory.get(), F_ADD_SEALS, kAllSeals) < 0) return Fd();
  return reopen(memory.get());
}

Fd safe_input(Fd given) {
  struct stat status {};
  if (::fstat(given.get(), &status) < 0) return Fd();
  if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)) return given;
  if (!S_ISREG(status.st_mode)) {
    errno = EINVAL;
    return Fd();
  }
  const int seals = ::fcntl(given.get(), F_GET_SEALS);
  const bool sealed = seals >= 0 && ((seals & F_SEAL_WRITE) != 0 || ::fcntl(given.get(), F_ADD_SEALS, kAllSeals) == 0);
  return sealed ? reopen(given.get()) : sealed_copy(given.get(), static_cast<std::uint64_t>(status.st_size));
}

Fd safe_output(Fd given) {
  struct stat status {};
  if (::fstat(given.get(), &status) < 0) return Fd();
  if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)) return given;
  errno = EINVAL;
  return Fd();
}

int Capture::open(uid_t uid, gid_t gid) {
  if (read_end_) return 0;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) return errno;
  read_end_.reset(ends[0]);
  write_end_.reset(ends[1]);
  if (::fcntl(read_end_.get(), F_SETFL, O_NONBLOCK) < 0) return errno;
  return ::fchown(write_end_.get(), uid, gid) < 0 ? errno : 0;
}

int Capture::take_some() {
  for (int i = 0; i < kReadsAtOnce && read_end_; ++i) {
    const ssize_t got = ::read(read_end_.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return 0;
    if (got < 0) return errno;
    if (got == 0) {
      read_end_.reset();
      return 0;
    }
    const auto wanted = std::min(static_cast<std::uint64_t>(got), bytes_max_ - size_);
    truncated_ = truncated_ || wanted < static_cast<std::uint64_t>(got);
    if (wanted == 0) continue;
    if (!memory_) memory_.reset(::memfd_create("output", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!memory_) return errno;
    const ssize_t kept = ::pwrite(memory_.get(), buffer.data(), wanted, static_cast<off_t>(size_));
    if (kept != static_cast<ssize_t>(wanted)) return kept < 0 ? errno : ENOSPC;
    size_ += wanted;
    if (got < static_cast<ssize_t>(buffer.size())) return 0;
  }
  return 0;
}

int Capture::take_rest() {
  // The pipe holds a bounded number of bytes and nobody adds to them. Who might (a descriptor given away) is not
  // waited for: an empty pipe ends this as well.
  while (read_end_ && !truncated_) {
    const auto before = size_;
    if (const int error = take_some()) return error;
    if (size_ == before) return 0;
  }
  return 0;
}

Output Capture::finish() {
  Output output;
  output.size = size_;
  output.truncated = truncated_;
  // Sealed, so that it may become the stdin of another run as it is; unsealed it would be copied then.
  if (memory_) (void)::fcntl(memory_.get(), F_ADD_SEALS, kAllSeals);
  output.fd = std::move(memory_);
  *this = Capture();
  return output;
}

}  // namespace pushjudge::sandbox
