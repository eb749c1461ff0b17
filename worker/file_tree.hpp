#pragma once

// Many files as one descriptor: the stream in which a sandbox takes and returns folders (worker/sandbox/tree.hpp).
// Any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"

namespace pushjudge {

// Appends a file or a folder to a tree, and the end after the last one.
void append_file(std::string& tree, std::string_view name, std::uint32_t mode, std::string_view content);
void append_folder(std::string& tree, std::string_view name);
void append_end(std::string& tree);

struct TreeFile {
  std::string name;
  bool folder = false;
  std::uint32_t mode = 0;
  std::uint64_t offset = 0;  // of its content in the tree
  std::uint64_t size = 0;
};

// What lies in the tree `fd`, whose names untrusted code chose; contents are not read. Errors: `invalid` when it is no
// tree, or holds a name that a box would not take.
Result<std::vector<TreeFile>> list_tree(int fd);

}  // namespace pushjudge
