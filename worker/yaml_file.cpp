#include "worker/yaml_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

#include "worker/memory_file.hpp"
#include "worker/sandbox/spec.hpp"

namespace pushjudge::yaml_file {

namespace {

constexpr std::size_t kSupportFileBytesMax = 1 << 20;

}  // namespace

void reject(const YAML::Node& node, const std::string& what) {
  throw Mistake{node.Mark(), what};
}

void require_map(const YAML::Node& node, const std::string& name, Keys known) {
  if (!node.IsMap()) reject(node, name + " must be a map");
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>();
    if (std::ranges::find(known, key) == known.end()) reject(entry.first, "unknown key '" + key + "' in " + name);
  }
}

YAML::Node required(const YAML::Node& map, const char* key) {
  const auto node = map[key];
  if (!node) reject(map, std::string("'") + key + "' is missing");
  return node;
}

std::string text_of(const YAML::Node& node, const char* key) {
  if (!node.IsScalar() || node.Scalar().empty()) reject(node, std::string("'") + key + "' must be a text");
  return node.Scalar();
}

bool flag_of(const YAML::Node& node, const char* key) {
  bool flag = false;
  if (!node.IsScalar() || !YAML::convert<bool>::decode(node, flag)) {
    reject(node, std::string("'") + key + "' must be true or false");
  }
  return flag;
}

std::vector<YAML::Node> entries_of(const YAML::Node& list, const char* key) {
  if (!list) return {};
  if (!list.IsSequence()) reject(list, std::string("'") + key + "' must be a list");
  return {list.begin(), list.end()};
}

std::string box_name(const YAML::Node& node, const char* key) {
  auto name = text_of(node, key);
  if (!sandbox::valid_box_path(name)) reject(node, std::string("'") + key + "' must be the name of a file in the box");
  return name;
}

std::vector<std::string> box_names(const YAML::Node& list, const char* key) {
  std::vector<std::string> names;
  for (const auto& node : entries_of(list, key)) names.push_back(box_name(node, key));
  return names;
}

std::string content_of(const YAML::Node& node, const char* key, const std::filesystem::path& folder) {
  const auto name = box_name(node, key);
  std::ifstream stream(folder / name, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || bytes.size() > kSupportFileBytesMax) reject(node, "cannot read the file '" + name + "'");
  return bytes;
}

SupportFile support_file(const YAML::Node& node, const std::filesystem::path& folder) {
  const auto name = box_name(node, "files");
  auto content = make_memory_file(name.c_str(), content_of(node, "files", folder));
  if (!content) reject(node, content.error().message);
  return {name, std::make_shared<const UniqueFd>(*std::move(content))};
}

Result<std::string> text_in(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) return Error{Errc::not_found, file.string() + ": " + std::strerror(errno)};
  return std::string{std::istreambuf_iterator<char>(stream), {}};
}

Error mistake_in(const std::filesystem::path& file, const YAML::Mark& where, const std::string& what) {
  const auto line = where.is_null() ? 1 : where.line + 1;
  return {Errc::invalid, file.string() + ":" + std::to_string(line) + ": " + what};
}

}  // namespace pushjudge::yaml_file
