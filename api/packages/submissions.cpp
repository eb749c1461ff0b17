#include "api/packages/submissions.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include "api/packages/yaml.hpp"

namespace pushjudge::packages {

namespace {

const std::string kSubmissions = "submissions";
const std::string kSubmissionsFile = "submissions/submissions.yaml";
constexpr std::uint64_t kSubmissionsFileBytesMax = 1 << 20;

Requirement tests(std::optional<Words> permitted, std::optional<Words> required) {
  Requirement requirement;
  requirement.permitted = permitted;
  requirement.required = required;
  return requirement;
}

// How a test's time bounds the limit, as the draft infers it from what is asked of the test.
void infer_time_use(Requirement& requirement) {
  requirement.lower = requirement.permitted && !requirement.permitted->has(Word::tle);
  requirement.upper = requirement.required == Words{Word::tle};
}

// What a folder's name asks for. Nothing: it says nothing.
std::optional<ExpectedOutcome> outcome_of_folder(const std::string& name, PackageFormat format) {
  const bool draft = format == PackageFormat::draft;
  ExpectedOutcome expected;
  expected.title = name;
  std::optional<Requirement> rule;
  if (name == "accepted") rule = tests(Words{Word::ac}, {});
  if (name == "rejected") rule = tests({}, Words{Word::wa, Word::tle, Word::rte});
  if (name == "wrong_answer") rule = tests(Words{Word::ac, Word::wa}, Words{Word::wa});
  if (name == "time_limit_exceeded") {
    rule = tests(draft ? Words{Word::ac, Word::tle} : Words{Word::ac, Word::wa, Word::tle}, Words{Word::tle});
  }
  if (name == "run_time_error" || name == "runtime_error") {
    rule = tests(draft ? std::optional(Words{Word::ac, Word::rte}) : std::nullopt, Words{Word::rte});
  }
  if (name == "brute_force") rule = tests(Words{Word::ac, Word::tle, Word::rte}, Words{Word::tle, Word::rte});
  if (name == "memory_limit_exceeded") rule = tests({}, Words{Word::mle});
  if (name == "output_limit_exceeded") rule = tests({}, Words{Word::ole});
  if (name == "no_output") rule = tests({}, Words{Word::wa});
  if (rule) {
    // Legacy packages take a limit from what is accepted only.
    if (draft || name == "accepted" || name == "time_limit_exceeded") infer_time_use(*rule);
    expected.requirements.push_back(*rule);
    return expected;
  }
  if (name == "compiler_error" || name == "compile_error" || name == "compilation_error") {
    expected.verdict = Words{Word::ce};
    return expected;
  }
  if (name == "partially_accepted" && !draft) {
    expected.partial = true;
    return expected;
  }
  return std::nullopt;
}

// ---- submissions.yaml

class RulesReader {
 public:
  explicit RulesReader(Findings& findings) : findings_(findings) {}

  // Into `requirement` what stands in `map`; keys that are not there leave it as it is.
  void read(const YamlValue& map, Requirement& requirement) {
    if (const YamlValue* words = map.find("permitted")) requirement.permitted = words_of(*words, "permitted");
    if (const YamlValue* words = map.find("required")) requirement.required = words_of(*words, "required");
    if (const YamlValue* message = map.find("message")) {
      requirement.message = text_in(*message, "message", findings_).value_or("");
    }
    if (const YamlValue* score = map.find("score")) requirement.score = score_of(*score);
    infer_time_use(requirement);
    if (const YamlValue* use = map.find("use_for_time_limit")) read_time_use(*use, requirement);
  }

 private:
  std::optional<Words> words_of(const YamlValue& value, const char* name) {
    Words all;
    for (const std::string& text : texts_in(value, name, findings_).value_or(std::vector<std::string>())) {
      if (text == "AC") {
        all.add(Word::ac);
      } else if (text == "WA") {
        all.add(Word::wa);
      } else if (text == "TLE") {
        all.add(Word::tle);
      } else if (text == "RTE") {
        all.add(Word::rte);
      } else {
        findings_.error(value.place, std::string("'") + name + "' may hold AC, WA, TLE and RTE, not '" + text + "'");
      }
    }
    return all;
  }

  std::optional<ScoreRange> score_of(const YamlValue& value) {
    if (value.kind == YamlValue::Kind::list && value.items.size() == 2) {
      const auto least = number_in(value.items[0], "score", findings_);
      const auto most = number_in(value.items[1], "score", findings_);
      if (least && most) return ScoreRange{*least, *most};
      return std::nullopt;
    }
    const auto number = number_in(value, "score", findings_);
    if (!number) return std::nullopt;
    return ScoreRange{*number, *number};
  }

  void read_time_use(const YamlValue& value, Requirement& requirement) {
    if (value.text == "lower" || value.text == "upper") {
      requirement.lower = value.text == "lower";
      requirement.upper = value.text == "upper";
    } else if (const auto use = flag_in(value, "use_for_time_limit", findings_); use == false) {
      requirement.lower = requirement.upper = false;
    }
  }

  Findings& findings_;
};

struct Hinted {
  ProgramHints hints;
  ExpectedOutcome expected;
};

bool says_something_of_tests(const YamlValue& map) {
  return std::ranges::any_of(
      std::initializer_list<const char*>{"permitted", "required", "score", "message", "use_for_time_limit"},
      [&](const char* key) { return map.find(key) != nullptr; });
}

// Adds what stands under one pattern to what is expected of a submission that it names.
void apply_rules(const YamlValue& rules, bool replaces_default, Hinted& submission, Findings& findings) {
  static constexpr auto kKeys =
      std::to_array<std::string_view>({"language", "entrypoint", "authors", "model_solution", "permitted", "required",
                                       "score", "message", "use_for_time_limit"});
  RulesReader reader(findings);
  auto& requirements = submission.expected.requirements;
  if (says_something_of_tests(rules)) {
    if (!replaces_default || requirements.empty()) requirements.emplace_back();
    reader.read(rules, replaces_default ? requirements.front() : requirements.back());
  }
  if (const YamlValue* language = rules.find("language")) {
    const auto code = text_in(*language, "language", findings).value_or("");
    const auto slugs = languages_of_code(code);
    if (slugs.empty()) findings.warning(language->place, "the judge has no language '" + code + "'");
    if (!slugs.empty()) submission.hints.language = slugs.front();
  }
  if (const YamlValue* entry = rules.find("entrypoint")) {
    submission.hints.main_file = text_in(*entry, "entrypoint", findings).value_or("");
  }
  for (const auto& [key, value] : rules.entries) {
    if (std::ranges::find(kKeys, key) != kKeys.end()) continue;
    if (value.kind != YamlValue::Kind::map || !(key.starts_with("sample") || key.starts_with("secret"))) {
      findings.error(value.place, "unknown key '" + key + "'");
      continue;
    }
    Requirement& requirement = requirements.emplace_back();
    requirement.where = key;
    reader.read(value, requirement);
  }
}

// ---- annotations

constexpr std::array<std::pair<std::string_view, Word>, 19> kResultNames = {{{"CORRECT", Word::ac},
                                                                             {"ACCEPTED", Word::ac},
                                                                             {"WRONG-ANSWER", Word::wa},
                                                                             {"WRONG_ANSWER", Word::wa},
                                                                             {"NO-OUTPUT", Word::wa},
                                                                             {"NO_OUTPUT", Word::wa},
                                                                             {"TIMELIMIT", Word::tle},
                                                                             {"TIME_LIMIT_EXCEEDED", Word::tle},
                                                                             {"TIME-LIMIT", Word::tle},
                                                                             {"RUN-ERROR", Word::rte},
                                                                             {"RUN_TIME_ERROR", Word::rte},
                                                                             {"RUNTIME_ERROR", Word::rte},
                                                                             {"MEMORY-LIMIT", Word::mle},
                                                                             {"MEMORY_LIMIT_EXCEEDED", Word::mle},
                                                                             {"OUTPUT-LIMIT", Word::ole},
                                                                             {"OUTPUT_LIMIT_EXCEEDED", Word::ole},
                                                                             {"COMPILER-ERROR", Word::ce},
                                                                             {"COMPILER_ERROR", Word::ce},
                                                                             {"COMPILE_ERROR", Word::ce}}};

// The rest of the line after the first `key`; nothing when there is none.
std::optional<std::string_view> line_after(std::string_view source, std::string_view key) {
  const auto at = source.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  source.remove_prefix(at + key.size());
  return source.substr(0, source.find_first_of("\r\n"));
}

void apply_annotations(const std::string& folder, const Program& program, ExpectedOutcome& expected,
                       Findings& findings) {
  // As in DOMjudge: in these folders their names say it.
  static constexpr auto kOfficial =
      std::to_array<std::string_view>({"accepted", "wrong_answer", "time_limit_exceeded", "run_time_error"});
  for (const auto& [name, source] : program.files) {
    const auto said = annotations_in(source);
    for (const std::string& unknown : said.unknown) {
      findings.warning({program.name}, "@EXPECTED_RESULTS@ names '" + unknown + "', which is no result");
    }
    if (said.results && std::ranges::find(kOfficial, folder) == kOfficial.end()) {
      expected.verdict = said.results;
      expected.title = to_string(*said.results);
      expected.requirements.clear();
      expected.partial = false;
    }
    if (said.score) {
      Requirement& requirement = expected.requirements.emplace_back();
      requirement.score = ScoreRange{*said.score, *said.score};
      expected.partial = false;
    }
  }
}

}  // namespace

Annotations annotations_in(std::string_view source) {
  Annotations found;
  if (auto line = line_after(source, "@EXPECTED_RESULTS@:")) {
    Words words;
    constexpr std::string_view kNameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
    while (true) {
      line->remove_prefix(std::min(line->find_first_not_of(" \t,"), line->size()));
      const auto length = std::min(line->find_first_not_of(kNameLetters), line->size());
      if (length == 0) break;
      const auto name = line->substr(0, length);
      line->remove_prefix(length);
      const auto* result = std::ranges::find(kResultNames, name, &std::pair<std::string_view, Word>::first);
      if (result != kResultNames.end()) {
        words.add(result->second);
        found.results = words;
      } else if (name.find_first_not_of("-_") != std::string_view::npos) {
        found.unknown.emplace_back(name);
      }
    }
  }
  if (const auto line = line_after(source, "@EXPECTED_SCORE@:")) {
    const auto words = split_words(*line);
    if (!words.empty()) found.score = parse_number(words.front());
  }
  return found;
}

std::vector<PackageSubmission> read_submissions(const PackageFolder& folder, const Metadata& metadata,
                                                Findings& findings) {
  YamlValue rules;
  if (folder.has_file(kSubmissionsFile)) {
    const auto text = folder.read(kSubmissionsFile, kSubmissionsFileBytesMax, findings);
    auto yaml = parse_yaml(text.value_or(""), kSubmissionsFile);
    if (yaml) {
      rules = *std::move(yaml);
    } else {
      findings.error_text(yaml.error().message);
    }
  }
  std::vector<PackageSubmission> submissions;
  std::set<std::string> used;
  for (const FolderEntry& kind : folder.list(kSubmissions, findings)) {
    if (!kind.folder) continue;
    for (const FolderEntry& entry : folder.list(kSubmissions + "/" + kind.name, findings)) {
      PackageSubmission submission;
      submission.name = kind.name + "/" + entry.name;
      const std::string path = kSubmissions + "/" + submission.name;
      Hinted hinted;
      auto by_folder = outcome_of_folder(kind.name, metadata.format);
      bool expects = by_folder.has_value();
      if (by_folder) hinted.expected = *std::move(by_folder);
      hinted.expected.title = kind.name;
      for (const auto& [pattern, rule] : rules.entries) {
        if (!matches_pattern(pattern, submission.name)) continue;
        used.insert(pattern);
        expects = true;
        apply_rules(rule, pattern == kind.name, hinted, findings);
      }
      if (!entry.folder && hinted.hints.language.empty() && language_of_ending(entry.name).empty()) {
        findings.warning({path}, "it is in no language that the judge has: left out");
        continue;
      }
      auto program = read_program(folder, path, hinted.hints, findings);
      if (!program) continue;
      for (auto& [name, bytes] : program->files) bytes = with_constants(std::move(bytes), metadata.constants);
      apply_annotations(kind.name, *program, hinted.expected, findings);
      const auto& expected = hinted.expected;
      if (!expects && !expected.verdict && expected.requirements.empty()) {
        findings.warning({path}, "nothing says what it is to come to");
      }
      submission.program = *std::move(program);
      submission.expected = std::move(hinted.expected);
      submissions.push_back(std::move(submission));
    }
  }
  for (const auto& [pattern, rule] : rules.entries) {
    if (!used.contains(pattern)) findings.warning(rule.place, "'" + pattern + "' names no submission");
  }
  const bool any_accepted = std::ranges::any_of(
      submissions, [](const PackageSubmission& submission) { return submission.name.starts_with("accepted/"); });
  if (!any_accepted) findings.error({kSubmissions + "/accepted"}, "there is no accepted submission");
  return submissions;
}

}  // namespace pushjudge::packages
