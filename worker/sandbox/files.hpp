#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

// Files of /box as the init handles them, always with the program's rights, below a folder descriptor, through no
// symlink. None of these functions waits for anybody: a FIFO is opened without blocking and then refused.
namespace pushjudge::sandbox {

// The bytes of a file to place: `size` bytes of `fd` from `offset`.
struct Source {
  int fd;
  std::uint64_t offset;
  std::uint64_t size;
};

// Makes the file `name` (see valid_box_path) with the folders that lead to it; what stood there is replaced unless it
// is a folder. Returns an errno.
[[nodiscard]] int place_file(int box, const char* name, mode_t mode, const Source& source);

// Places the whole regular file or memfd `fd`.
[[nodiscard]] int place_whole_file(int box, const char* name, mode_t mode, int fd);

// Makes the folder `name` with those that lead to it, each of which may be there. Returns an errno.
[[nodiscard]] int make_folder(int box, const char* name);

// Opens a regular file of at most `size_max` bytes for reading. Returns -1 with `error`, as Collected::error says.
[[nodiscard]] int open_to_collect(int folder, const char* name, std::uint64_t size_max, int& error);

// Copies `source` to `to` (a pipe or file) at its position. Returns an errno; EIO when the source is shorter.
[[nodiscard]] int copy_bytes(const Source& source, int to);

}  // namespace pushjudge::sandbox
