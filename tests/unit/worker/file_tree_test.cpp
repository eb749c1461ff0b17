#include "worker/file_tree.hpp"

#include <doctest/doctest.h>

#include "worker/memory_file.hpp"
#include "worker/sandbox/tree.hpp"

using namespace pushjudge;

namespace {

Result<std::vector<TreeFile>> listed(const std::string& tree) {
  const auto file = make_memory_file("tree", tree);
  REQUIRE(file);
  return list_tree(file->get());
}

std::string tree_with(const std::string& name, std::uint64_t size) {
  const sandbox::TreeEntry entry{sandbox::TreeEntry::kMagic, static_cast<std::uint32_t>(name.size()), 0644, 0, size};
  return std::string(reinterpret_cast<const char*>(&entry), sizeof entry) + name;
}

}  // namespace

TEST_CASE("file tree: what was appended is listed, and found where it says") {
  std::string tree;
  append_file(tree, "run", 0755, "echo");
  append_file(tree, "lib/empty", 0644, "");
  append_file(tree, "lib/b", 0600, "12345");
  append_folder(tree, "bin");
  append_end(tree);
  const auto files = listed(tree);
  REQUIRE(files);
  REQUIRE(files->size() == 4);
  CHECK((*files)[3].name == "bin");
  CHECK((*files)[3].folder);
  CHECK_FALSE((*files)[2].folder);
  CHECK((*files)[0].name == "run");
  CHECK((*files)[0].mode == 0755);
  CHECK(tree.substr((*files)[0].offset, (*files)[0].size) == "echo");
  CHECK((*files)[1].size == 0);
  CHECK(tree.substr((*files)[2].offset, (*files)[2].size) == "12345");
}

TEST_CASE("file tree: no cut of a tree is a tree, nor is one whose names lead elsewhere or whose sizes are not true") {
  std::string tree;
  append_file(tree, "run", 0755, "echo");
  append_end(tree);
  for (std::size_t size = 0; size < tree.size(); ++size) CHECK_FALSE(listed(tree.substr(0, size)));
  CHECK_FALSE(listed(std::string(1'000, 'x')));
  for (const std::string name : {"../a", "/a", "a/./b", ""}) {
    std::string end;
    append_end(end);
    CHECK(listed(tree_with(name, 0) + end).has_value() == name.empty());  // without a name it is the end
  }
  CHECK_FALSE(listed(tree_with("a", 1'000'000)));
  CHECK_FALSE(listed(tree_with("a", ~0ULL)));
}
