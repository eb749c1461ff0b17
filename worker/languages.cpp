#include "worker/languages.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <map>
#include <regex>
#include <string_view>

#include "worker/memory_file.hpp"
#include "worker/sandbox/spec.hpp"

namespace pushjudge {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kSupportFileBytesMax = 1 << 20;

// What is wrong and where; caught in read_recipe().
struct Mistake {
  YAML::Mark where;
  std::string what;
};

[[noreturn]] void reject(const YAML::Node& node, const std::string& what) {
  throw Mistake{node.Mark(), what};
}

using Keys = std::initializer_list<std::string_view>;

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

template <class Number>
Number number_of(const YAML::Node& node, const char* key, Number least, Number most) {
  Number number{};
  if (!node.IsScalar() || !YAML::convert<Number>::decode(node, number) || number < least || number > most) {
    reject(node, std::string("'") + key + "' must be a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most));
  }
  return number;
}

// The entries of a list; none when there is no list.
std::vector<YAML::Node> entries_of(const YAML::Node& list, const char* key) {
  if (!list) return {};
  if (!list.IsSequence()) reject(list, std::string("'") + key + "' must be a list");
  return {list.begin(), list.end()};
}

bool flag_of(const YAML::Node& node, const char* key) {
  bool flag = false;
  if (!node.IsScalar() || !YAML::convert<bool>::decode(node, flag)) {
    reject(node, std::string("'") + key + "' must be true or false");
  }
  return flag;
}

Command command_of(const YAML::Node& map, const PlaceholderNames& allowed) {
  const auto node = required(map, "command");
  auto command = Command::parse(text_of(node, "command"), allowed);
  if (!command) reject(node, "command: " + command.error().message);
  return *std::move(command);
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

constexpr std::string_view kScriptPlaceholder = "script";

// NAME: value pairs as "NAME=value".
std::vector<std::string> environment_of(const YAML::Node& map, const PlaceholderNames& allowed) {
  std::vector<std::string> environment;
  const auto node = map["environment"];
  if (!node) return environment;
  if (!node.IsMap()) reject(node, "'environment' must be a map");
  for (const auto& entry : node) {
    auto value = text_of(entry.second, "environment");
    if (const auto checked = check_placeholders(value, allowed); !checked) {
      reject(entry.second, "environment: " + checked.error().message);
    }
    environment.push_back(entry.first.as<std::string>() + "=" + value);
  }
  return environment;
}

SupportFile support_file(const YAML::Node& node, const fs::path& folder) {
  const auto name = box_name(node, "files");
  std::ifstream stream(folder / name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || bytes.size() > kSupportFileBytesMax) reject(node, "cannot read the file '" + name + "'");
  auto content = make_memory_file(name.c_str(), bytes);
  if (!content) reject(node, content.error().message);
  return {name, std::make_shared<const UniqueFd>(*std::move(content))};
}

CompileStep compile_of(const YAML::Node& node, const fs::path& folder) {
  require_map(node, "compile", {"command", "artifacts", "scripts", "more_sources", "environment", "files"});
  CompileStep step;
  step.artifacts = box_names(node["artifacts"], "artifacts");
  step.scripts = box_names(node["scripts"], "scripts");
  if (step.artifacts.empty() == step.scripts.empty()) reject(node, "compile needs either 'artifacts' or 'scripts'");
  PlaceholderNames allowed{kOptionsPlaceholder};
  if (!step.scripts.empty()) allowed.push_back(kScriptPlaceholder);
  step.command = command_of(node, allowed);
  step.environment = environment_of(node, {});
  for (const auto& ending : entries_of(node["more_sources"], "more_sources")) {
    step.more_sources.push_back(text_of(ending, "more_sources"));
    if (!step.more_sources.back().starts_with('.')) reject(ending, "'more_sources' are endings such as .cpp");
  }
  for (const auto& file : entries_of(node["files"], "files")) step.files.push_back(support_file(file, folder));
  return step;
}

OutOfMemory out_of_memory_of(const YAML::Node& node) {
  require_map(node, "out_of_memory", {"exit_code", "signal", "stderr"});
  OutOfMemory way;
  const auto exit_code = node["exit_code"];
  const auto signal = node["signal"];
  if (exit_code.IsDefined() == signal.IsDefined()) reject(node, "out_of_memory needs either 'exit_code' or 'signal'");
  if (exit_code) way.exit_code = number_of(exit_code, "exit_code", 1, 255);
  if (signal) way.signal = number_of(signal, "signal", 1, 64);
  way.said = text_of(required(node, "stderr"), "stderr");
  return way;
}

RunStep run_of(const YAML::Node& node) {
  require_map(
      node, "run",
      {"command", "scripts", "environment", "memory_extra_kib", "processes_extra", "reserves_memory", "out_of_memory"});
  RunStep step;
  step.scripts = box_names(node["scripts"], "scripts");
  const PlaceholderNames limits{"memory_mb", "stack_kib"};
  auto allowed = limits;
  if (!step.scripts.empty()) allowed.push_back(kScriptPlaceholder);
  step.command = command_of(node, allowed);
  step.environment = environment_of(node, limits);
  if (const auto extra = node["memory_extra_kib"]) {
    step.memory_extra_kib = number_of<std::uint64_t>(extra, "memory_extra_kib", 0, 4 << 20);
  }
  if (const auto extra = node["processes_extra"]) {
    step.processes_extra = number_of<std::uint32_t>(extra, "processes_extra", 0, 1000);
  }
  if (const auto reserves = node["reserves_memory"]) step.reserves_memory = flag_of(reserves, "reserves_memory");
  for (const auto& way : entries_of(node["out_of_memory"], "out_of_memory")) {
    step.out_of_memory.push_back(out_of_memory_of(way));
  }
  return step;
}

VersionProbe version_of(const YAML::Node& node) {
  require_map(node, "version", {"command", "pattern"});
  VersionProbe probe;
  probe.command = command_of(node, {});
  const auto pattern = required(node, "pattern");
  probe.pattern = text_of(pattern, "pattern");
  try {
    if (std::regex(probe.pattern).mark_count() != 1) reject(pattern, "'pattern' must have one group, the version");
  } catch (const std::regex_error&) {
    reject(pattern, "'pattern' is not a regular expression");
  }
  return probe;
}

Recipe recipe_of(const YAML::Node& node, const fs::path& folder) {
  require_map(node, "language.yaml",
              {"id", "also", "name", "version", "source_file", "source_executable", "compile", "run"});
  Recipe recipe;
  recipe.slug = folder.filename();
  constexpr std::int32_t kIdMax = 1'000'000;
  recipe.id = number_of<std::int32_t>(required(node, "id"), "id", 1, kIdMax);
  for (const auto& id : entries_of(node["also"], "also")) {
    recipe.also.push_back(number_of<std::int32_t>(id, "also", 1, kIdMax));
  }
  recipe.name = text_of(required(node, "name"), "name");
  recipe.version = version_of(required(node, "version"));
  if (const auto compile = node["compile"]) recipe.compile = compile_of(compile, folder);
  recipe.run = run_of(required(node, "run"));
  // An archive of scripts is all that there is; everything else has a source.
  if (recipe.run.scripts.empty()) {
    recipe.source_file = box_name(required(node, "source_file"), "source_file");
  } else if (const auto source = node["source_file"]) {
    reject(source, "a language of scripts has no 'source_file'");
  }
  if (recipe.compile && !recipe.compile->scripts.empty() && recipe.run.scripts.empty()) {
    reject(node["compile"], "'scripts' for compiling need 'scripts' to run");
  }
  if (const auto executable = node["source_executable"]) {
    recipe.source_executable = flag_of(executable, "source_executable");
  }
  return recipe;
}

Error mistake_in(const fs::path& file, const YAML::Mark& where, const std::string& what) {
  const auto line = where.is_null() ? 1 : where.line + 1;
  return {Errc::invalid, file.string() + ":" + std::to_string(line) + ": " + what};
}

}  // namespace

Result<Recipe> read_recipe(const fs::path& folder) {
  const auto file = folder / "language.yaml";
  std::ifstream stream(file);
  if (!stream) return Error{Errc::not_found, file.string() + ": " + std::strerror(errno)};
  try {
    return recipe_of(YAML::Load(stream), folder);
  } catch (const Mistake& mistake) {
    return mistake_in(file, mistake.where, mistake.what);
  } catch (const YAML::Exception& failure) {
    return mistake_in(file, failure.mark, failure.msg);
  }
}

Result<RecipeFolder> read_recipes(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> folders;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->is_directory()) folders.push_back(entry->path());
  }
  if (failed) return Error{Errc::not_found, folder.string() + ": " + failed.message()};
  std::ranges::sort(folders);

  RecipeFolder found;
  std::map<std::int32_t, std::string> taken;
  for (const auto& path : folders) {
    auto recipe = read_recipe(path);
    if (!recipe) {
      found.left_out.push_back({path.filename(), recipe.error().message});
      continue;
    }
    auto ids = recipe->also;
    ids.push_back(recipe->id);
    const auto twice = std::ranges::find_if(ids, [&](std::int32_t id) { return taken.contains(id); });
    if (twice != ids.end()) {
      found.left_out.push_back({recipe->slug, "id " + std::to_string(*twice) + " is taken by " + taken[*twice]});
      continue;
    }
    for (const auto id : ids) taken[id] = recipe->slug;
    found.recipes.push_back(*std::move(recipe));
  }
  std::ranges::sort(found.recipes, {}, &Recipe::id);
  return found;
}

}  // namespace pushjudge
