#include "worker/catalogue.hpp"

#include <algorithm>
#include <regex>

#include "worker/memory_file.hpp"

namespace pushjudge {

namespace {

constexpr std::string_view kVersionPlaceholder = "{version}";

sandbox::Spec probe_spec(const Recipe& recipe) {
  sandbox::Spec spec;
  spec.argv = recipe.version.command.expand({});
  spec.env = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8"};
  spec.limits.cpu_us = 10'000'000;
  spec.limits.wall_us = 20'000'000;
  spec.limits.memory_bytes = 512ULL << 20;
  spec.limits.stdout_bytes = 64 << 10;
  spec.stderr_to_stdout = true;
  return spec;
}

}  // namespace

Result<std::string> ask_version(const Recipe& recipe, SandboxRunner& runner) {
  const auto spec = probe_spec(recipe);
  const auto outcome = run_to_end(runner, spec);
  if (!outcome) return outcome.error();
  const auto& program = spec.argv[0];
  if (outcome->status == sandbox::Status::exec_failed) return Error{Errc::not_found, program + " is not installed"};
  if (outcome->status != sandbox::Status::exited || outcome->exit_code != 0) {
    return Error{Errc::not_found, program + " does not work in a box: " + std::string(to_string(outcome->status)) +
                                      ", exit code " + std::to_string(outcome->exit_code)};
  }
  const auto answer = read_memory_file(outcome->out.fd.get(), outcome->out.size);
  if (!answer) return answer.error();
  std::smatch match;
  if (!std::regex_search(*answer, match, std::regex(recipe.version.pattern))) {
    return Error{Errc::not_found, "the answer of " + program + " holds no version"};
  }
  return match[1].str();
}

Result<Catalogue> Catalogue::read(const std::filesystem::path& folder, const std::string& sandbox_program) {
  auto found = read_recipes(folder);
  if (!found) return found.error();
  Catalogue catalogue;
  catalogue.left_out_ = std::move(found->left_out);
  SandboxRunner runner(sandbox_program);
  for (auto& recipe : found->recipes) {
    const auto version = ask_version(recipe, runner);
    if (version) {
      catalogue.offer(std::move(recipe), *version);
    } else if (version.error().code == Errc::not_found) {
      catalogue.left_out_.push_back({recipe.slug, version.error().message});
    } else {
      return version.error();
    }
  }
  std::ranges::sort(catalogue.languages_, {}, &Language::id);
  return catalogue;
}

const Recipe* Catalogue::find(std::int32_t id) const {
  const auto known = std::ranges::find_if(recipes_, [id](const Recipe& recipe) {
    return recipe.id == id || std::ranges::find(recipe.also, id) != recipe.also.end();
  });
  return known == recipes_.end() ? nullptr : &*known;
}

const Recipe* Catalogue::find(std::string_view slug) const {
  const auto known = std::ranges::find(recipes_, slug, &Recipe::slug);
  return known == recipes_.end() ? nullptr : &*known;
}

void Catalogue::offer(Recipe recipe, const std::string& version) {
  Language language;
  language.id = recipe.id;
  language.slug = recipe.slug;
  language.name = recipe.name;
  if (const auto at = language.name.find(kVersionPlaceholder); at != std::string::npos) {
    language.name.replace(at, kVersionPlaceholder.size(), version);
  }
  language.source_file = recipe.source_file;
  if (recipe.function) language.code_style = recipe.function->code_style;
  // A program that is an archive brings its own commands.
  if (recipe.compile && recipe.compile->scripts.empty()) language.compile_cmd = recipe.compile->command.text();
  if (recipe.run.scripts.empty()) language.run_cmd = recipe.run.command.text();
  languages_.push_back(language);
  for (const auto id : recipe.also) {
    language.id = id;
    languages_.push_back(language);
  }
  recipes_.push_back(std::move(recipe));
}

}  // namespace pushjudge
