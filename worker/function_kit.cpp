#include "worker/function_kit.hpp"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "worker/builder.hpp"
#include "worker/languages.hpp"
#include "worker/memory_file.hpp"
#include "worker/yaml_file.hpp"

namespace pushjudge {

namespace {

namespace fs = std::filesystem;
using yaml_file::box_name;
using yaml_file::content_of;
using yaml_file::entries_of;
using yaml_file::flag_of;
using yaml_file::reject;
using yaml_file::require_map;
using yaml_file::required;
using yaml_file::support_file;
using yaml_file::text_of;

// What a kit's texts may say besides what the signature does.
CodeStyle::Texts besides_of(std::string solution, std::string prelude, std::string prelude_end) {
  return {{"solution", std::move(solution)}, {"prelude", std::move(prelude)}, {"prelude_end", std::move(prelude_end)}};
}

constexpr int kStyleDepthMax = 4;

nlohmann::json json_of(const YAML::Node& node, int depth = 0) {
  if (depth > kStyleDepthMax) reject(node, "'style' is nested too deep");
  if (node.IsMap()) {
    auto object = nlohmann::json::object();
    for (const auto& entry : node) object[entry.first.as<std::string>()] = json_of(entry.second, depth + 1);
    return object;
  }
  if (node.IsSequence()) {
    auto list = nlohmann::json::array();
    for (const auto& entry : node) list.push_back(json_of(entry, depth + 1));
    return list;
  }
  std::uint32_t number = 0;
  // A text in quotes has the tag "!".
  if (node.IsScalar() && node.Tag() != "!" && YAML::convert<std::uint32_t>::decode(node, number)) return number;
  return node.IsScalar() ? nlohmann::json(node.Scalar()) : nlohmann::json();
}

// The node that an error of parse_code_style() is about: it begins with its keys.
YAML::Node blamed(const YAML::Node& style, const std::string& error) {
  const auto path = error.substr(0, error.find(':'));
  const auto dot = path.find('.');
  const auto outer = style[path.substr(0, dot)];
  if (!outer) return style;
  if (dot == std::string::npos || !outer.IsMap()) return outer;
  const auto inner = outer[path.substr(dot + 1)];
  return inner ? inner : outer;
}

void read_style(const YAML::Node& node, FunctionKit& kit) {
  if (!node.IsMap()) reject(node, "'style' must be a map");
  try {
    kit.code_style = json_of(node).dump();
  } catch (const nlohmann::json::exception&) {
    reject(node, "'style' is not all UTF-8");
  }
  auto style = parse_code_style(kit.code_style);
  if (!style) reject(blamed(node, style.error().message), style.error().message);
  kit.style = *std::move(style);
}

void require_text(const YAML::Node& node, const FunctionKit& kit, const std::string& text) {
  const auto checked = check_text(kit.style, text, besides_of({}, {}, {}));
  if (!checked) reject(node, checked.error().message);
}

std::string optional_text(const YAML::Node& map, const char* key) {
  const auto node = map[key];
  return node ? text_of(node, key) : std::string();
}

FunctionKit::Prelude prelude_of(const YAML::Node& node) {
  require_map(node, "preludes", {"uses", "unless", "text", "end"});
  return {optional_text(node, "uses"), optional_text(node, "unless"), optional_text(node, "text"),
          optional_text(node, "end")};
}

FunctionKit kit_of(const YAML::Node& node, const fs::path& folder) {
  require_map(node, "style.yaml",
              {"style", "main", "filled", "files", "solution_file", "solution", "options", "more_sources", "preludes",
               "dropped"});
  FunctionKit kit;
  read_style(required(node, "style"), kit);
  const auto main = required(node, "main");
  kit.main = content_of(main, "main", folder);
  require_text(main, kit, kit.main);
  for (const auto& file : entries_of(node["filled"], "filled")) {
    kit.filled.push_back({box_name(file, "filled"), content_of(file, "filled", folder)});
    require_text(file, kit, kit.filled.back().text);
  }
  for (const auto& file : entries_of(node["files"], "files")) kit.files.push_back(support_file(file, folder));
  if (const auto file = node["solution_file"]) kit.solution_file = box_name(file, "solution_file");
  if (const auto solution = node["solution"]) {
    kit.solution = text_of(solution, "solution");
    require_text(solution, kit, kit.solution);
  }
  for (const auto& option : entries_of(node["options"], "options")) kit.options.push_back(text_of(option, "options"));
  if (const auto more = node["more_sources"]) kit.more_sources = flag_of(more, "more_sources");
  for (const auto& prelude : entries_of(node["preludes"], "preludes")) kit.preludes.push_back(prelude_of(prelude));
  for (const auto& line : entries_of(node["dropped"], "dropped")) kit.dropped.push_back(text_of(line, "dropped"));
  return kit;
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Not as the end of a longer word, nor as a member of something.
bool uses_word(std::string_view source, std::string_view word) {
  for (auto at = source.find(word); at != std::string_view::npos; at = source.find(word, at + 1)) {
    if (at == 0 || !is_word_character(word[0]) || (!is_word_character(source[at - 1]) && source[at - 1] != '.')) {
      return true;
    }
  }
  return false;
}

bool wanted(const FunctionKit::Prelude& prelude, std::string_view source) {
  if (!prelude.unless.empty() && source.find(prelude.unless) != std::string_view::npos) return false;
  return prelude.uses.empty() || uses_word(source, prelude.uses);
}

std::string_view without_blanks_behind(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r' || line.back() == ';')) {
    line.remove_suffix(1);
  }
  return line;
}

// Some editors begin a file with it; where something of ours comes first, no compiler takes it.
std::string without_byte_order_mark(std::string source) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (source.starts_with(kMark)) source.erase(0, kMark.size());
  return source;
}

// Its lines keep their numbers.
std::string without_lines(const std::string& source, const std::vector<std::string>& dropped) {
  if (dropped.empty()) return source;
  std::string kept;
  for (std::size_t at = 0; at < source.size();) {
    const auto end = std::min(source.find('\n', at), source.size());
    const auto line = std::string_view(source).substr(at, end - at);
    if (std::ranges::find(dropped, without_blanks_behind(line)) == dropped.end()) kept += line;
    if (end < source.size()) kept += '\n';
    at = end + 1;
  }
  return kept;
}

Result<void> include(SourceParts& parts, const std::string& name, const std::string& text) {
  auto content = make_memory_file(name.c_str(), text);
  if (!content) return content.error();
  parts.included.push_back({name, std::make_shared<const UniqueFd>(*std::move(content))});
  return {};
}

}  // namespace

Result<FunctionKit> read_function_kit(const fs::path& folder) {
  const auto like = yaml_file::read(folder / "style.yaml", [&](const YAML::Node& root) -> std::string {
    const auto node = root.IsMap() ? root["like"] : YAML::Node();
    if (!node || !node.IsDefined()) return {};
    require_map(root, "style.yaml", {"like"});
    auto slug = text_of(node, "like");
    const auto other = folder.parent_path().parent_path() / slug / "function" / "style.yaml";
    if (slug.find('/') != std::string::npos || !fs::exists(other)) reject(node, "there is no kit of '" + slug + "'");
    return slug;
  });
  if (!like) return like.error();
  const auto place = like->empty() ? folder : folder.parent_path().parent_path() / *like / "function";
  return yaml_file::read(place / "style.yaml", [&](const YAML::Node& root) { return kit_of(root, place); });
}

std::optional<std::string> unsupported(const FunctionKit& kit, const Signature& signature) {
  return unsupported(kit.style, signature);
}

Result<SourceParts> function_parts(const Recipe& recipe, const Signature& signature, std::string source) {
  if (!recipe.function) return Error{Errc::invalid, "This language has no function problems."};
  const auto& kit = *recipe.function;
  if (auto reason = unsupported(kit, signature)) return Error{Errc::invalid, *std::move(reason)};
  source = without_byte_order_mark(std::move(source));
  std::string prelude;
  std::string prelude_end;
  for (const auto& one : kit.preludes) {
    if (!wanted(one, source)) continue;
    prelude += one.text;
    prelude_end += one.end;
  }
  const auto besides = besides_of(without_lines(source, kit.dropped), std::move(prelude), std::move(prelude_end));
  SourceParts parts;
  parts.source_code = fill_in(kit.style, kit.main, signature, besides);
  parts.options = kit.options;
  parts.more_sources = kit.more_sources;
  for (const auto& file : kit.files) parts.included.push_back({file.name, file.content});
  for (const auto& file : kit.filled) {
    const auto included = include(parts, file.name, fill_in(kit.style, file.text, signature, besides));
    if (!included) return included.error();
  }
  if (!kit.solution_file.empty()) {
    const auto text = fill_in(kit.style, kit.solution, signature, besides);
    if (const auto included = include(parts, kit.solution_file, text); !included) return included.error();
  }
  return parts;
}

}  // namespace pushjudge
