#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

// What a box is made of, decided by the keeper before it clones, so that the box's init only has to walk lists.
namespace pushjudge::sandbox {

inline constexpr uid_t kInitId = 0;    // the init inside the box, when two ids are mapped
inline constexpr uid_t kBoxId = 1000;  // the program inside the box

// A folder of the root that is made first and in which nothing is made.
inline constexpr const char* kEmptyFolder = "proc";

// One thing in the root of the box, made in the order of the list. Targets are relative to the root.
struct RootEntry {
  enum class Kind : std::uint8_t {
    folder,
    link,         // source is what it points to
    text,         // source is the content
    view_folder,  // source is a folder of the host, shown read-only, nosuid, nodev, by inodes of this box's own
    bind_folder,  // the same by the host's inodes, with what is mounted below it
    device,       // source is a device node of the host
  };
  Kind kind;
  std::string target;
  std::string source;
};

struct Plan {
  std::vector<RootEntry> root;
  std::vector<sock_filter> filter;
  // System calls that the filter denies are let through when their sixth argument, which the kernel ignores for them,
  // is this. Only the init knows it; the program could do no harm with it, for it has no capability.
  std::uint64_t pass = 0;
  // Two host ids are mapped: the init is root in the box and the program is not. Else both share the one id there is.
  bool two_ids = false;
  // RLIMIT_CORE of programs: none. Where the host hands dumps to a program of its own, which runs as root whatever the
  // limit is, it is 1 byte: the one value at which the kernel leaves that out (core(5)).
  std::uint64_t core_limit = 0;
};

// The root of a box on this host: toolchains read-only, a minimal /etc and /dev. Looks at the host's folders.
[[nodiscard]] std::vector<RootEntry> plan_root();
[[nodiscard]] std::uint64_t core_limit();

}  // namespace pushjudge::sandbox
