#include "api/packages/imported_problem.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace pushjudge::packages {

namespace {

using nlohmann::json;

constexpr std::size_t kSamplesUnlessSaid = 3;
constexpr std::size_t kUnknownKeysMax = 20;

// What is wrong, with its place; caught where the line is read.
struct BadLine {
  std::string what;
};
[[noreturn]] void refuse_line(const std::string& what) {
  throw BadLine{what};
}

// LeetCode's names for languages that we name otherwise.
std::string language_slug(const std::string& name) {
  static const std::map<std::string, std::string, std::less<>> kOthers = {
      {"python3", "python"}, {"golang", "go"}, {"c++", "cpp"}, {"c#", "csharp"}, {"js", "javascript"}};
  const auto found = kOthers.find(name);
  return found == kOthers.end() ? name : found->second;
}

class LineReader {
 public:
  explicit LineReader(const json& line) : line_(line) {}

  ImportedProblem read() {
    if (!line_.is_object()) refuse_line("it must be an object");
    note_unknown_keys();
    Problem& problem = out_.problem;
    problem.slug = text_at(line_, "slug", "");
    if (!is_slug(problem.slug)) refuse_line("slug: it must be " + std::string(kSlugRule));
    problem.title = text_at(line_, "title", "");
    if (problem.title.empty()) problem.title = problem.slug;
    problem.author = text_at(line_, "author", "");
    problem.source = text_at(line_, "source", "");
    problem.license = text_at(line_, "license", "");
    problem.function.emplace();
    read_signature();
    read_compare();
    read_limits();
    read_tests();
    read_solutions();
    read_languages();
    if (const std::string text = text_at(line_, "statement", ""); !text.empty()) {
      problem.statements.push_back({.title = problem.title, .text = text});
    }
    if (const auto shows = line_.find("show_failed_test"); shows != line_.end()) {
      if (!shows->is_boolean()) refuse_line("show_failed_test: it must be true or false");
      problem.function->shows_failed_test = shows->get<bool>();
    }
    if (const auto reason = invalid(problem)) refuse_line(*reason);
    if (encode(problem).size() > kManifestBytesMax) refuse_line("the manifest is larger than 4 MiB");
    return std::move(out_);
  }

 private:
  FunctionTask& task() { return *out_.problem.function; }

  void note_unknown_keys() {
    static constexpr auto kKeys = std::to_array<std::string_view>(
        {"slug", "title", "author", "source", "license", "metadata", "tests", "limits", "compare", "solutions",
         "reference", "statement", "languages", "show_failed_test"});
    for (const auto& [key, value] : line_.items()) {
      const bool known = std::ranges::find(kKeys, key) != kKeys.end();
      if (!known && out_.unknown_keys.size() < kUnknownKeysMax) out_.unknown_keys.insert(key);
    }
  }

  static std::string text_at(const json& object, const char* key, const std::string& where) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return {};
    if (!found->is_string()) refuse_line(where + key + ": it must be a text");
    return found->get<std::string>();
  }

  static double number_of(const json& value, const std::string& place) {
    const double number = value.is_number() ? value.get<double>() : -1;
    if (!std::isfinite(number) || number < 0) refuse_line(place + ": it must be a number from 0 on");
    return number;
  }

  Blob add(std::string bytes) {
    const Blob blob{digest_of(bytes), bytes.size()};
    out_.blobs.try_emplace(blob.digest, std::move(bytes));
    return blob;
  }

  void read_signature() {
    const auto metadata = line_.find("metadata");
    if (metadata == line_.end()) refuse_line("metadata: it is missing");
    auto signature = parse_signature(metadata->is_string() ? metadata->get<std::string>() : metadata->dump());
    if (!signature) refuse_line("metadata: " + signature.error().message);
    if (const auto reason = invalid(*signature)) refuse_line("metadata: " + *reason);
    task().signature = *std::move(signature);
  }

  void read_compare() {
    // As function.yaml has them; not looked at, they would leave right answers refused.
    for (const char* key : {"tolerance", "checker"}) {
      if (line_.contains(key) && !line_.at(key).is_null()) refuse_line(std::string(key) + ": it belongs in 'compare'");
    }
    const auto compare = line_.find("compare");
    if (compare == line_.end() || compare->is_null()) return;
    if (compare->is_string()) return read_order(*compare);
    if (!compare->is_object()) refuse_line("compare: it must be a text or an object");
    for (const auto& [key, value] : compare->items()) {
      if (key == "order") {
        read_order(value);
      } else if (key == "tolerance") {
        task().comparison.tolerance = number_of(value, "compare.tolerance");
      } else if (key == "checker") {
        read_checker(value);
      } else {
        refuse_line("compare: unknown key '" + key + "'");
      }
    }
  }

  void read_order(const json& value) {
    const auto order = value.is_string() ? parse_answer_order(value.get<std::string>()) : std::nullopt;
    if (!order) refuse_line("compare: it must be exact, unordered or unordered_nested");
    task().comparison.order = *order;
  }

  void read_checker(const json& value) {
    if (!value.is_object()) refuse_line("compare.checker: it must be an object");
    const std::string language = language_slug(text_at(value, "language", "compare.checker."));
    const std::string source = text_at(value, "source", "compare.checker.");
    const auto ending = ending_of_language(language);
    if (ending.empty()) refuse_line("compare.checker: unknown language '" + language + "'");
    if (source.empty()) refuse_line("compare.checker: 'source' is missing");
    Checker& checker = out_.problem.checker;
    checker.protocol = CheckerProtocol::function;
    checker.language = language;
    checker.main_file = "checker." + std::string(ending);
    checker.files = {{checker.main_file, add(source)}};
  }

  void read_limits() {
    ProblemLimits& limits = out_.problem.limits;
    limits.time_ms = kImportedTimeMs;
    const auto said = line_.find("limits");
    if (said == line_.end() || said->is_null()) return;
    if (!said->is_object()) refuse_line("limits: it must be an object");
    for (const auto& [key, value] : said->items()) {
      const double number = number_of(value, "limits." + key);
      const auto whole = [&](double unit) {
        if (number * unit < 1 || number * unit > 1e12) refuse_line("limits." + key + ": it is out of range");
        return static_cast<std::uint64_t>(std::llround(number * unit));
      };
      if (key == "time_ms") {
        limits.time_ms = whole(1);
      } else if (key == "time_limit") {
        limits.time_ms = whole(1'000);
      } else if (key == "memory_kib") {
        limits.memory_kib = whole(1);
      } else if (key == "memory_mib") {
        limits.memory_kib = whole(1'024);
      } else {
        refuse_line("limits: unknown key '" + key + "'");
      }
    }
  }

  void read_tests() {
    const auto tests = line_.find("tests");
    if (tests == line_.end() || !tests->is_array() || tests->empty()) refuse_line("tests: there are none");
    if (tests->size() > kProblemTestsMax) refuse_line("tests: there are more than 1000");
    const bool said =
        std::ranges::any_of(*tests, [](const json& test) { return test.is_object() && test.contains("sample"); });
    const std::size_t first_ones = std::min(kSamplesUnlessSaid, tests->size() - 1);
    for (std::size_t i = 0; i < tests->size(); ++i) {
      const std::string place = "tests[" + std::to_string(i) + "]";
      json one = (*tests)[i];
      bool sample = !said && i < first_ones;
      if (one.is_object() && one.contains("sample")) {
        if (!one["sample"].is_boolean()) refuse_line(place + ".sample: it must be true or false");
        sample = one["sample"].get<bool>();
        one.erase("sample");
      }
      auto test = read_function_test(task().signature, one);
      if (!test) refuse_line(place + ": " + test.error().message);
      (sample ? out_.samples : out_.secrets).push_back(*std::move(test));
    }
    if (out_.secrets.empty()) refuse_line("tests: all are samples");
    out_.problem.groups = {TestGroup{}};
    add_group("sample", out_.samples);
    add_group("secret", out_.secrets);
    for (std::size_t i = 0; i < out_.samples.size(); ++i) {
      const FunctionTest& test = out_.samples[i];
      Sample shown{.name = out_.problem.tests[i].name.substr(7),
                   .input = shown_arguments(task().signature, test.arguments),
                   .output = test.expected,
                   .interaction = {}};
      const bool large = shown.input.size() > kSampleBytesMax || shown.output.size() > kSampleBytesMax;
      if (!large) out_.problem.samples.push_back(std::move(shown));
    }
  }

  void add_group(const std::string& name, const std::vector<FunctionTest>& tests) {
    if (tests.empty()) return;
    FunctionTestFile file;
    for (const FunctionTest& test : tests) file.add(test);
    ProblemTest shared;
    shared.group = static_cast<std::uint32_t>(out_.problem.groups.size());
    shared.sample = name == "sample";
    shared.input = add(std::move(file.input));
    shared.answer = add(std::move(file.answer));
    shared.accept_score = 1;
    TestGroup group;
    group.name = name;
    group.parent = 0;
    out_.problem.groups.push_back(std::move(group));
    std::set<std::string> names;
    const std::size_t digits = std::to_string(tests.size()).size();
    for (std::size_t i = 0; i < tests.size(); ++i) {
      auto own = tests[i].name;
      if (own.empty()) own = std::to_string(i + 1);
      if (tests[i].name.empty()) own.insert(0, digits - std::min(digits, own.size()), '0');
      if (!names.insert(own).second) refuse_line("tests: two are called '" + own + "'");
      shared.name = name + "/" + own;
      shared.index = static_cast<std::uint32_t>(i);
      out_.problem.tests.push_back(shared);
    }
  }

  void read_solutions() {
    const auto solutions = line_.find("solutions");
    if (solutions == line_.end() || solutions->is_null()) return;
    if (!solutions->is_object()) refuse_line("solutions: it must be an object");
    for (const auto& [name, source] : solutions->items()) {
      Program program;
      program.language = language_slug(name);
      const auto ending = ending_of_language(program.language);
      if (ending.empty()) refuse_line("solutions: unknown language '" + name + "'");
      if (!source.is_string()) refuse_line("solutions." + name + ": it must be a text");
      const bool twice =
          std::ranges::find(out_.solutions, program.language, &Program::language) != out_.solutions.end();
      if (twice) refuse_line("solutions: there are two in " + program.language);
      program.main_file = "solution." + std::string(ending);
      program.name = "submissions/accepted/" + program.main_file;
      program.files = {{program.main_file, source.get<std::string>()}};
      out_.solutions.push_back(std::move(program));
    }
    choose_reference(language_slug(text_at(line_, "reference", "")));
  }

  // Of those that nothing is to be compiled for, where there is one: people wait for it.
  void choose_reference(const std::string& said) {
    const Program* chosen = nullptr;
    for (const Program& program : out_.solutions) {
      if (!said.empty() ? program.language == said : chosen == nullptr || program.language == "python") {
        chosen = &program;
      }
    }
    if (chosen == nullptr && !said.empty()) refuse_line("reference: there is no solution in " + said);
    if (chosen == nullptr) return;
    task().reference = ReferenceSolution{chosen->language, add(chosen->files.front().second)};
  }

  void read_languages() {
    const auto languages = line_.find("languages");
    if (languages == line_.end() || languages->is_null()) return;
    if (!languages->is_array()) refuse_line("languages: it must be an array");
    for (const json& one : *languages) {
      const auto slugs = languages_of_code(one.is_string() ? language_slug(one.get<std::string>()) : "");
      if (slugs.empty()) refuse_line("languages: unknown language " + one.dump());
      for (const std::string& slug : slugs) out_.problem.languages.push_back(slug);
    }
  }

  const json& line_;
  ImportedProblem out_;
};

// ---- packages

std::string tests_text(const std::vector<FunctionTest>& tests) {
  std::string all;
  for (const FunctionTest& test : tests) {
    all += "{";
    if (!test.name.empty()) all += "\"name\":" + json(test.name).dump() + ",";
    all += "\"args\":[";
    for (std::size_t i = 0; i < test.arguments.size(); ++i) all += (i == 0 ? "" : ",") + test.arguments[i];
    all += "],\"expected\":" + test.expected + "}\n";
  }
  return all;
}

std::string yaml_number(double number) {
  return json(number).dump();
}

std::string problem_yaml(const Problem& problem) {
  std::string yaml = "problem_format_version: legacy\nname: " + json(problem.title).dump() + "\n";
  for (const auto& [key, text] : {std::pair{"author", &problem.author}, std::pair{"source", &problem.source},
                                  std::pair{"license", &problem.license}}) {
    if (!text->empty()) yaml += std::string(key) + ": " + json(*text).dump() + "\n";
  }
  yaml += "limits:\n  time_limit: " + yaml_number(static_cast<double>(problem.limits.time_ms) / 1'000) +
          "\n  memory: " + yaml_number(static_cast<double>(problem.limits.memory_kib) / 1'024) + "\n";
  std::string languages;
  for (const std::string& slug : problem.languages) {
    if (slug.find('-') == std::string::npos) languages += " " + slug;
  }
  if (!languages.empty()) yaml += "languages:" + languages + "\n";
  return yaml;
}

std::string function_yaml(const ImportedProblem& imported) {
  const Problem& problem = imported.problem;
  const FunctionTask& task = *problem.function;
  // JSON is YAML.
  std::string yaml = "metadata: " + to_json(task.signature) + "\n";
  if (problem.checker.protocol == CheckerProtocol::function) {
    yaml += "checker: " + problem.checker.main_file + "\n";
  } else {
    yaml += "compare: " + std::string(to_string(task.comparison.order)) + "\n";
    yaml += "tolerance: " + yaml_number(task.comparison.tolerance) + "\n";
  }
  for (const Program& program : imported.solutions) {
    if (task.reference && program.language == task.reference->language) yaml += "reference: " + program.name + "\n";
  }
  if (!task.shows_failed_test) yaml += "show_failed_test: false\n";
  return yaml;
}

}  // namespace

Result<ImportedProblem> read_imported_problem(std::string_view line) {
  const auto parsed = parse_flat_json(line);
  if (!parsed) return parsed.error();
  try {
    return LineReader(*parsed).read();
  } catch (const BadLine& bad) {
    return Error{Errc::invalid, bad.what};
  }
}

Result<void> write_package(const std::filesystem::path& folder, const ImportedProblem& imported) {
  namespace fs = std::filesystem;
  const Problem& problem = imported.problem;
  std::map<std::string, std::string> files = {{"problem.yaml", problem_yaml(problem)},
                                              {"function.yaml", function_yaml(imported)}};
  if (!imported.samples.empty()) files["data/sample/1.jsonl"] = tests_text(imported.samples);
  files["data/secret/1.jsonl"] = tests_text(imported.secrets);
  // A package has a statement; what was imported need not have one.
  if (problem.statements.empty()) files["problem_statement/problem.en.md"] = problem.title + "\n";
  for (const Statement& statement : problem.statements) {
    files["problem_statement/problem." + statement.language + ".md"] = statement.text;
  }
  for (const Program& program : imported.solutions) files[program.name] = program.files.front().second;
  for (const ProblemFile& file : problem.checker.files) {
    files["checkers/" + file.name] = imported.blobs.at(file.content.digest);
  }
  const fs::path own = folder / problem.slug;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed && !fs::create_directory(own, failed) && !failed) {
    return Error{Errc::invalid, own.string() + " is there already"};
  }
  if (failed) return Error{Errc::invalid, own.string() + " cannot be made: " + failed.message()};
  for (const auto& [name, text] : files) {
    fs::create_directories((own / name).parent_path(), failed);
    std::ofstream stream(own / name, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) return Error{Errc::invalid, (own / name).string() + " cannot be written"};
  }
  return {};
}

}  // namespace pushjudge::packages
