#include "api/packages/package.hpp"

#include <algorithm>
#include <array>

#include "api/packages/function_task.hpp"
#include "api/packages/statements.hpp"

namespace pushjudge::packages {

namespace {

struct CheckerPlace {
  std::string_view folder;
  CheckerProtocol protocol;
  bool interactive;
};
constexpr std::array<CheckerPlace, 4> kCheckerPlaces = {{{"output_validators", CheckerProtocol::kattis, false},
                                                         {"output_validator", CheckerProtocol::kattis, false},
                                                         {"checkers", CheckerProtocol::testlib, false},
                                                         {"interactors", CheckerProtocol::testlib, true}}};

bool is_for_people(const FolderEntry& entry) {
  return !entry.folder && (entry.name.starts_with("README") || entry.name.ends_with(".md"));
}

// The one program in a folder for programs: its only folder, or its only file, or all its files together.
std::optional<std::string> only_program(const PackageFolder& folder, const std::string& place, Findings& findings) {
  auto entries = folder.list(place, findings);
  std::erase_if(entries, is_for_people);
  if (entries.empty()) {
    findings.error({place}, "it holds no program");
    return std::nullopt;
  }
  if (entries.size() == 1) return place + "/" + entries.front().name;
  const bool folders = std::ranges::any_of(entries, &FolderEntry::folder);
  const auto sources = std::ranges::count_if(
      entries, [](const FolderEntry& entry) { return !entry.folder && !language_of_ending(entry.name).empty(); });
  if (!folders || sources > 0) return place;
  findings.error({place}, "it holds several programs: only one is supported");
  return std::nullopt;
}

class PackageReader {
 public:
  PackageReader(const PackageFolder& folder, const PackageOptions& options) : folder_(folder), options_(options) {}

  Result<Package> read() {
    metadata_ = read_metadata(folder_, findings_);
    // What follows depends on the format and the type, so mistakes there would find a lot that is none.
    function_ = read_function_settings(folder_, findings_);
    if (findings_.errors().empty()) {
      if (function_) {
        read_function_checker();
      } else {
        read_checker();
      }
      read_parts();
    }
    if (findings_.errors().empty()) validate();
    if (findings_.errors().empty()) {
      package_.blobs = blobs_.all();
      package_.warnings = findings_.warnings();
      return std::move(package_);
    }
    std::string all;
    for (const std::string& error : findings_.errors()) all += (all.empty() ? "" : "\n") + error;
    return Error{Errc::invalid, all};
  }

 private:
  bool draft() const { return metadata_.format == PackageFormat::draft; }

  void read_checker() {
    const CheckerPlace* found = nullptr;
    for (const CheckerPlace& place : kCheckerPlaces) {
      const std::string name(place.folder);
      if (!folder_.has_folder(name)) continue;
      const bool ours = place.protocol == CheckerProtocol::testlib;
      if (!ours && !draft() && !metadata_.custom_validator) {
        findings_.warning({name}, "it is not used: 'validation' in problem.yaml is not custom");
      } else if (found != nullptr) {
        findings_.error({name}, "there is " + std::string(found->folder) + " too: only one checker is supported");
      } else {
        found = &place;
      }
    }
    if (folder_.has_folder("static_validator")) {
      findings_.error({"static_validator"}, "static validators are not supported");
    }
    Checker& checker = package_.problem.checker;
    checker.interactive = metadata_.interactive || (found != nullptr && found->interactive);
    metadata_.interactive = checker.interactive;
    if (found == nullptr) {
      if (metadata_.custom_validator) findings_.error(metadata_.validation, "there is no output validator");
      if (draft() && metadata_.interactive) findings_.error({"output_validator"}, "an interactive problem needs one");
      if (draft() && metadata_.multi_pass) findings_.error({"output_validator"}, "a multi-pass problem needs one");
      return;
    }
    checker.protocol = found->protocol;
    const auto name = only_program(folder_, std::string(found->folder), findings_);
    auto program = name ? read_program(folder_, *name, {}, findings_) : std::nullopt;
    if (!program) return;
    checker.language = program->language;
    checker.main_file = program->main_file;
    for (auto& [file, bytes] : program->files) checker.files.push_back({file, blob_of_text(std::move(bytes))});
  }

  // A function problem has no programs beside it but the checker that it names.
  void read_function_checker() {
    for (const char* other : {"output_validators", "output_validator", "interactors", "static_validator"}) {
      if (folder_.has_folder(other)) findings_.error({other}, "it is not for function problems");
    }
    if (metadata_.interactive || metadata_.multi_pass) {
      findings_.error({kFunctionFile}, "a function problem is neither interactive nor multi-pass");
    }
    if (function_->checker.empty()) {
      if (folder_.has_folder("checkers")) findings_.warning({"checkers"}, "it is not used: function.yaml names none");
      return;
    }
    const auto program = read_program(folder_, "checkers/" + function_->checker, {}, findings_);
    if (!program) return;
    if (program->files.size() > 1) return findings_.error({program->name}, "the checker is one file");
    Checker& checker = package_.problem.checker;
    checker.protocol = CheckerProtocol::function;
    checker.language = program->language;
    checker.main_file = program->main_file;
    checker.files.push_back({program->main_file, blob_of_text(program->files.front().second)});
  }

  // What says what is to come of inputs that people make themselves.
  void find_reference() {
    const PackageSubmission* chosen = nullptr;
    for (const PackageSubmission& one : package_.submissions) {
      const bool wanted = function_->reference.empty()
                              ? one.name.starts_with("accepted/") && one.program.files.size() == 1
                              : one.program.name == function_->reference;
      if (wanted && chosen == nullptr) chosen = &one;
    }
    if (chosen == nullptr) {
      if (function_->reference.empty()) return;
      return findings_.error(function_->reference_place, "'reference' names no submission of the package");
    }
    if (chosen->program.files.size() > 1 || !chosen->name.starts_with("accepted/")) {
      return findings_.error(function_->reference_place, "'reference' must name an accepted submission of one file");
    }
    package_.problem.function->reference =
        ReferenceSolution{chosen->program.language, blobs_.add(chosen->program.files.front().second)};
  }

  Blob blob_of_text(std::string bytes) { return blobs_.add(with_constants(std::move(bytes), metadata_.constants)); }

  void read_parts() {
    Problem& problem = package_.problem;
    problem.slug = folder_.name();
    if (!is_slug(problem.slug)) findings_.error({problem.slug}, "a package's folder is called by " + rule());
    problem.author = metadata_.author;
    problem.source = metadata_.source;
    problem.license = metadata_.license;
    problem.scoring = metadata_.scoring;
    problem.languages = metadata_.languages;
    problem.limits = metadata_.limits;
    package_.timing = metadata_.timing;
    package_.draft = draft();
    problem.statements = read_statements(folder_, metadata_, options_.pandoc, findings_);
    set_titles();
    const bool compares = problem.checker.protocol == CheckerProtocol::compare;
    if (function_) problem.function = function_->task;
    const Signature* signature = function_ ? &function_->task.signature : nullptr;
    TestData data = read_test_data(folder_, metadata_, compares, signature, blobs_, findings_);
    problem.groups = std::move(data.groups);
    problem.tests = std::move(data.tests);
    problem.samples = std::move(data.samples);
    package_.inputs = std::move(data.inputs);
    package_.outputs = std::move(data.outputs);
    read_included();
    read_input_validators();
    package_.submissions = read_submissions(folder_, metadata_, findings_);
    if (function_) find_reference();
    if (blobs_.bytes() > kPackageBytesMax) findings_.error({"data"}, "the package is larger than 512 MiB");
  }

  static std::string rule() { return std::string(kSlugRule); }

  // problem.yaml says it, else a statement, else the folder.
  void set_titles() {
    Problem& problem = package_.problem;
    const auto english = metadata_.names.find("en");
    if (english != metadata_.names.end()) {
      problem.title = english->second;
    } else if (!metadata_.names.empty()) {
      problem.title = metadata_.names.begin()->second;
    }
    for (const Statement& statement : problem.statements) {
      if (problem.title.empty()) problem.title = statement.title;
    }
    if (problem.title.empty()) problem.title = problem.slug;
    for (Statement& statement : problem.statements) {
      if (statement.title.empty()) statement.title = problem.title;
    }
  }

  void read_included() {
    for (const FolderEntry& entry : folder_.list("include", findings_)) {
      if (!entry.folder) continue;
      const std::string place = "include/" + entry.name;
      auto languages = languages_of_code(entry.name);
      if (entry.name == "default") languages = {""};
      if (languages.empty()) {
        findings_.warning({place}, "the judge has no language '" + entry.name + "'");
        continue;
      }
      for (auto& [file, bytes] : folder_.read_all(place, kBlobBytesMax, findings_)) {
        const Blob blob = blob_of_text(std::move(bytes));
        for (const std::string& language : languages) package_.problem.included.push_back({language, {file, blob}});
      }
    }
  }

  void read_input_validators() {
    bool any_place = false;
    for (const std::string place : {"input_validators", "input_validator", "input_format_validators"}) {
      if (!folder_.has_folder(place)) continue;
      any_place = true;
      auto entries = folder_.list(place, findings_);
      std::erase_if(entries, is_for_people);
      // Files of one program without a folder around them.
      const bool together = std::ranges::none_of(entries, &FolderEntry::folder) &&
                            std::ranges::any_of(entries, [](const FolderEntry& entry) {
                              return language_of_ending(entry.name).empty() && !is_grammar(entry.name);
                            });
      if (together) {
        add_input_validator(place);
        continue;
      }
      for (const FolderEntry& entry : entries) {
        if (is_grammar(entry.name)) {
          findings_.warning({place + "/" + entry.name},
                            "validators in VIVA or Checktestdata are not supported: not run");
        } else {
          add_input_validator(place + "/" + entry.name);
        }
      }
    }
    // Those of functions are of the types that they are to be, which is looked at as they are read.
    if (!any_place && !function_)
      findings_.warning({"input_validators"}, "there are none: the inputs are not validated");
  }

  static bool is_grammar(const std::string& name) { return name.ends_with(".viva") || name.ends_with(".ctd"); }

  void add_input_validator(const std::string& name) {
    auto program = read_program(folder_, name, {}, findings_);
    if (!program) return;
    for (auto& [file, bytes] : program->files) bytes = with_constants(std::move(bytes), metadata_.constants);
    package_.input_validators.push_back(*std::move(program));
  }

  void validate() {
    if (const auto reason = invalid(package_.problem)) findings_.error({folder_.name()}, *reason);
    if (encode(package_.problem).size() > kManifestBytesMax) {
      findings_.error({folder_.name()}, "the manifest is larger than 4 MiB: statements and samples are too large");
    }
  }

  const PackageFolder& folder_;
  const PackageOptions& options_;
  Findings findings_;
  Metadata metadata_;
  std::optional<FunctionSettings> function_;  // of a function problem
  Blobs blobs_;
  Package package_;
};

}  // namespace

Result<Package> read_package(const std::filesystem::path& folder, const PackageOptions& options) {
  const auto opened = PackageFolder::open(folder);
  if (!opened) return opened.error();
  return PackageReader(*opened, options).read();
}

Result<std::vector<std::filesystem::path>> find_packages(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code failed;
  const auto is_package = [&](const fs::path& path) { return fs::is_regular_file(path / "problem.yaml", failed); };
  if (is_package(folder)) return std::vector{folder};
  std::vector<fs::path> packages;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code ignored;
    if (fs::is_regular_file(entry->path() / "problem.yaml", ignored)) packages.push_back(entry->path());
  }
  if (packages.empty()) {
    return Error{Errc::invalid, folder.string() + ": it is no problem package, and holds none (no problem.yaml)"};
  }
  std::ranges::sort(packages);
  return packages;
}

}  // namespace pushjudge::packages
