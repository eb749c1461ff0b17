#pragma once

// The languages this worker offers: the recipes whose toolchain answers inside a box. Built once at the start, by the
// worker's only thread; a value afterwards.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"
#include "proto/language.hpp"
#include "worker/languages.hpp"
#include "worker/sandbox_runner.hpp"

namespace pushjudge {

// The version that the language's toolchain tells, asked inside a box: what a program would find there is what counts.
// Blocks for as long as that takes. Errors: `not_found` when it is not installed or its answer is not understood;
// `unavailable` when there is no box to ask in.
Result<std::string> ask_version(const Recipe& recipe, SandboxRunner& runner);

class Catalogue {
 public:
  // Errors: `not_found` when there is no such folder; `unavailable` when there is no box to ask the toolchains in.
  static Result<Catalogue> read(const std::filesystem::path& folder, const std::string& sandbox_program);

  // Nothing for an id that is not offered. Stays valid as long as this does not move.
  const Recipe* find(std::int32_t id) const;
  const Recipe* find(std::string_view slug) const;
  // By id; one for each id, also for those that mean the same language.
  const std::vector<Language>& languages() const { return languages_; }
  const std::vector<LeftOut>& left_out() const { return left_out_; }

 private:
  void offer(Recipe recipe, const std::string& version);

  std::vector<Recipe> recipes_;
  std::vector<Language> languages_;
  std::vector<LeftOut> left_out_;
};

}  // namespace pushjudge
