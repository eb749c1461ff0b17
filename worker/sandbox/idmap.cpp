#include "worker/sandbox/idmap.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "worker/sandbox/plan.hpp"

namespace pushjudge::sandbox {

namespace {

// Above the ids of people (1000...), of systemd's dynamic users (61184...) and of the first subordinate ids
// (100000...); the second choice is for a container that maps only 65536 of them.
constexpr std::array<uid_t, 2> kFirstIds{200'000, 40'000};
constexpr unsigned kPairsMax = 4096;

// True if all of `first` ... `first + count - 1` exist in our user namespace.
bool mapped(const char* file, uid_t first, unsigned count) {
  std::FILE* map = std::fopen(file, "re");
  if (map == nullptr) return false;
  bool found = false;
  unsigned long inside = 0;
  unsigned long outside = 0;
  unsigned long length = 0;
  while (!found && std::fscanf(map, "%lu %lu %lu", &inside, &outside, &length) == 3) {
    found = inside <= first && first + count <= inside + length;
  }
  std::fclose(map);
  return found;
}

// An empty Fd when the name is taken.
Fd claim_name(uid_t id) {
  Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const int length = std::snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "pushjudge-box-%u", id);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + static_cast<std::size_t>(length));
  if (!socket || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) < 0) return Fd();
  return socket;
}

int write_file(pid_t pid, const char* name, std::string_view text) {
  std::array<char, 64> path;
  std::snprintf(path.data(), path.size(), "/proc/%d/%s", pid, name);
  const Fd file(::open(path.data(), O_WRONLY | O_CLOEXEC));
  if (!file) return errno;
  return ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : errno;
}

std::string map_line(uid_t inside, uid_t outside) {
  return std::to_string(inside) + " " + std::to_string(outside) + " 1\n";
}

}  // namespace

bool IdMap::claim(std::string& error) {
  two_ids_ = ::geteuid() == 0;
  if (!two_ids_) {
    program_uid_ = ::geteuid();
    program_gid_ = ::getegid();
    return true;
  }
  for (const uid_t first : kFirstIds) {
    if (!mapped("/proc/self/uid_map", first, 2 * kPairsMax) || !mapped("/proc/self/gid_map", first, 2 * kPairsMax)) {
      continue;
    }
    for (unsigned pair = 0; pair < kPairsMax; ++pair) {
      init_uid_ = first + 2 * pair;
      claim_ = claim_name(init_uid_);
      if (!claim_) continue;
      program_uid_ = program_gid_ = init_uid_ + 1;
      return true;
    }
  }
  error = "no unused user ids for a box: neither 200000 and above nor 40000 and above exist here or are free";
  return false;
}

int IdMap::write(pid_t pid) const {
  if (!two_ids_) {
    if (const int error = write_file(pid, "setgroups", "deny")) return error;
    if (const int error = write_file(pid, "uid_map", map_line(kBoxId, program_uid_))) return error;
    return write_file(pid, "gid_map", map_line(kBoxId, program_gid_));
  }
  const std::string map = map_line(kInitId, init_uid_) + map_line(kBoxId, program_uid_);
  if (const int error = write_file(pid, "uid_map", map)) return error;
  return write_file(pid, "gid_map", map);
}

}  // namespace pushjudge::sandbox
