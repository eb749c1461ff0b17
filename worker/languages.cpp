#include "worker/languages.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <string_view>

#include "worker/yaml_file.hpp"

namespace pushjudge {

namespace {

namespace fs = std::filesystem;
using yaml_file::box_name;
using yaml_file::box_names;
using yaml_file::entries_of;
using yaml_file::flag_of;
using yaml_file::number_of;
using yaml_file::reject;
using yaml_file::require_map;
using yaml_file::required;
using yaml_file::support_file;
using yaml_file::text_of;

Command command_of(const YAML::Node& map, const PlaceholderNames& allowed) {
  const auto node = required(map, "command");
  auto command = Command::parse(text_of(node, "command"), allowed);
  if (!command) reject(node, "command: " + command.error().message);
  return *std::move(command);
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

}  // namespace

Result<Recipe> read_recipe(const fs::path& folder) {
  auto recipe =
      yaml_file::read(folder / "language.yaml", [&](const YAML::Node& root) { return recipe_of(root, folder); });
  if (!recipe) return recipe;
  auto kit = read_function_kit(folder / "function");
  if (kit) {
    recipe->function = *std::move(kit);
  } else if (kit.error().code != Errc::not_found) {
    return kit.error();
  }
  return recipe;
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
