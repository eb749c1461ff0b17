#include "worker/memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pushjudge {

namespace {

Error system_error(Errc code, const char* what) {
  return {code, std::string(what) + ": " + std::strerror(errno)};
}

}  // namespace

Result<UniqueFd> make_memory_file(const char* name, std::string_view bytes) {
  UniqueFd fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return system_error(Errc::unavailable, "memfd_create");
  while (!bytes.empty()) {
    const auto written = ::write(fd.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error(Errc::unavailable, "write to a memfd");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return system_error(Errc::unavailable, "seal a memfd");
  }
  return fd;
}

Result<std::string> read_memory_file(int fd, std::uint64_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto got = ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(Errc::internal, "read of a memfd");
    if (got == 0) return Error{Errc::internal, "a memfd is shorter than was said"};
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace pushjudge
