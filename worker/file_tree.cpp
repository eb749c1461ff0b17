#include "worker/file_tree.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "worker/sandbox/spec.hpp"
#include "worker/sandbox/tree.hpp"

namespace pushjudge {

namespace {

using sandbox::TreeEntry;

void append(std::string& tree, const TreeEntry& entry) {
  tree.append(reinterpret_cast<const char*>(&entry), sizeof entry);
}

bool read_at(int fd, std::uint64_t offset, void* into, std::size_t size) {
  return ::pread(fd, into, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

}  // namespace

void append_file(std::string& tree, std::string_view name, std::uint32_t mode, std::string_view content) {
  append(tree, {TreeEntry::kMagic, static_cast<std::uint32_t>(name.size()), mode, 0, content.size()});
  tree.append(name).append(content);
}

void append_folder(std::string& tree, std::string_view name) {
  append(tree, {TreeEntry::kMagic, static_cast<std::uint32_t>(name.size()), 0755, 1, 0});
  tree.append(name);
}

void append_end(std::string& tree) {
  append(tree, {TreeEntry::kMagic, 0, 0, 0, 0});
}

Result<std::vector<TreeFile>> list_tree(int fd) {
  const Error no_tree{Errc::invalid, "this is no tree of files"};
  struct stat found {};
  if (::fstat(fd, &found) < 0) return no_tree;
  const auto end = static_cast<std::uint64_t>(found.st_size);
  std::vector<TreeFile> files;
  for (std::uint64_t offset = 0;;) {
    TreeEntry entry{};
    if (!read_at(fd, offset, &entry, sizeof entry) || entry.magic != TreeEntry::kMagic) return no_tree;
    if (entry.name_bytes == 0) return files;
    offset += sizeof entry;
    std::string name(entry.name_bytes <= sandbox::kPathBytesMax ? entry.name_bytes : 0, '\0');
    if (!read_at(fd, offset, name.data(), name.size()) || !sandbox::valid_box_path(name)) return no_tree;
    offset += name.size();
    if (entry.size > end - offset) return no_tree;
    files.push_back({std::move(name), entry.folder != 0, entry.mode, offset, entry.size});
    offset += entry.size;
  }
}

}  // namespace pushjudge
