#include "tests/bench/pipeline/disk.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "proto/base/unique_fd.hpp"

namespace pushjudge::bench {

Samples time_syncs(const std::filesystem::path& folder, std::chrono::milliseconds span) {
  using Clock = std::chrono::steady_clock;
  const std::filesystem::path path = folder / "syncs";
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  if (!file) throw std::system_error(errno, std::generic_category(), path.string());
  const std::string block(4'096, 'x');
  Samples samples;
  for (const auto end = Clock::now() + span; Clock::now() < end;) {
    const auto before = Clock::now();
    if (::write(file.get(), block.data(), block.size()) != static_cast<ssize_t>(block.size()) ||
        ::fdatasync(file.get()) != 0) {
      throw std::system_error(errno, std::generic_category(), path.string());
    }
    samples.push_back(std::chrono::duration<double, std::micro>(Clock::now() - before).count());
  }
  std::filesystem::remove(path);
  return samples;
}

bool on_disk(const std::filesystem::path& folder) {
  struct statfs system {};
  if (::statfs(folder.c_str(), &system) != 0) throw std::system_error(errno, std::generic_category(), folder.string());
  return system.f_type != TMPFS_MAGIC && system.f_type != RAMFS_MAGIC;
}

}  // namespace pushjudge::bench
