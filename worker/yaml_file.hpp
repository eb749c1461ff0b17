#pragma once

// Reading a YAML file whose mistakes are told with file and line. For the .cpp files that read a language's folder;
// any thread.

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"
#include "worker/support_file.hpp"

namespace pushjudge::yaml_file {

// What is wrong and where; caught in read().
struct Mistake {
  YAML::Mark where;
  std::string what;
};

[[noreturn]] void reject(const YAML::Node& node, const std::string& what);

using Keys = std::initializer_list<std::string_view>;
void require_map(const YAML::Node& node, const std::string& name, Keys known);
YAML::Node required(const YAML::Node& map, const char* key);
std::string text_of(const YAML::Node& node, const char* key);
bool flag_of(const YAML::Node& node, const char* key);
// The entries of a list; none when there is no list.
std::vector<YAML::Node> entries_of(const YAML::Node& list, const char* key);
std::string box_name(const YAML::Node& node, const char* key);
std::vector<std::string> box_names(const YAML::Node& list, const char* key);
// What is in the file of that name in `folder`.
std::string content_of(const YAML::Node& node, const char* key, const std::filesystem::path& folder);
SupportFile support_file(const YAML::Node& node, const std::filesystem::path& folder);

template <class Number>
Number number_of(const YAML::Node& node, const char* key, Number least, Number most) {
  Number number{};
  if (!node.IsScalar() || !YAML::convert<Number>::decode(node, number) || number < least || number > most) {
    reject(node, std::string("'") + key + "' must be a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most));
  }
  return number;
}

// Errors: `not_found` when there is no such file.
Result<std::string> text_in(const std::filesystem::path& file);
// `invalid`, with file and line.
Error mistake_in(const std::filesystem::path& file, const YAML::Mark& where, const std::string& what);

// What `make` makes of the file's root. Errors: `not_found`; `invalid` with file, line and reason.
template <class Make>
auto read(const std::filesystem::path& file, const Make& make) -> Result<decltype(make(YAML::Node()))> {
  const auto text = text_in(file);
  if (!text) return text.error();
  try {
    return make(YAML::Load(*text));
  } catch (const Mistake& mistake) {
    return mistake_in(file, mistake.where, mistake.what);
  } catch (const YAML::Exception& failure) {
    return mistake_in(file, failure.mark, failure.msg);
  }
}

}  // namespace pushjudge::yaml_file
