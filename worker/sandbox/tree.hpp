#pragma once

#include <cstdint>

// What lies in a folder as one stream of bytes: for each regular file and folder a TreeEntry, its name, its content; at
// the end an entry without a name. Symlinks, sockets and devices are left out. Written and read by the init of a box;
// what it reads was named by untrusted code, so every name and size is checked again.
namespace pushjudge::sandbox {

struct TreeEntry {
  static constexpr std::uint32_t kMagic = 0x324b4a50;  // "PJK2"
  std::uint32_t magic;
  std::uint32_t name_bytes;
  std::uint32_t mode;
  std::uint32_t folder;  // 1: a folder, which has no content; its mode does not matter
  std::uint64_t size;
};

struct TreeLimits {
  std::uint64_t bytes;
  std::uint64_t entries;
};

// Writes the tree below `folder` to `to`. Returns an errno: E2BIG when there are too many entries or folders too deep,
// EFBIG when there are too many bytes; what was written is then of no use.
[[nodiscard]] int write_tree(int folder, int to, TreeLimits limits);

// Places the files and folders of the archive `from` below `folder`. Returns an errno; EBADMSG for what is no archive.
[[nodiscard]] int place_tree(int folder, int from, TreeLimits limits);

}  // namespace pushjudge::sandbox
