#include "api/packages/metadata.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <span>
#include <string_view>

#include "api/packages/programs.hpp"
#include "api/packages/yaml.hpp"

namespace pushjudge::packages {

namespace {

constexpr std::uint64_t kMetadataBytesMax = 1 << 20;
const std::string kMetadataFile = "problem.yaml";
const std::string kTimeLimitFile = ".timelimit";
const std::string kIniFile = "domjudge-problem.ini";

// "a, b and c" of a text, or a list, of persons; without what is in angle brackets, which are addresses.
std::string persons_in(const YamlValue& value, const std::string& name, Findings& findings) {
  const auto texts = texts_in(value, name, findings);
  std::string all;
  for (std::string text : texts.value_or(std::vector<std::string>())) {
    text.resize(std::min(text.find('<'), text.size()));
    while (text.ends_with(' ')) text.pop_back();
    all += (all.empty() ? "" : ", ") + text;
  }
  return all;
}

class MetadataReader {
 public:
  MetadataReader(const YamlValue& yaml, Findings& findings) : yaml_(yaml), findings_(findings) {}

  Metadata read() {
    read_format();
    refuse_unknown(yaml_, draft() ? Keys(kDraftKeys) : Keys(kLegacyKeys), "");
    read_type();
    read_validation();
    read_names();
    read_people();
    read_languages();
    read_limits();
    read_constants();
    return std::move(out_);
  }

 private:
  using Keys = std::span<const std::string_view>;
  static constexpr auto kDraftKeys = std::to_array<std::string_view>(
      {"problem_format_version", "type", "name", "uuid", "version", "credits", "source", "license", "rights_owner",
       "embargo_until", "limits", "keywords", "languages", "allow_file_writing", "constants"});
  static constexpr auto kLegacyKeys = std::to_array<std::string_view>(
      {"problem_format_version", "type", "name", "uuid", "author", "source", "source_url", "license", "rights_owner",
       "limits", "validation", "validator_flags", "grading", "keywords", "libraries", "languages"});

  bool draft() const { return out_.format == PackageFormat::draft; }

  // The draft calls it an error; in legacy packages all kinds of keys are found.
  void refuse_unknown(const YamlValue& map, std::initializer_list<std::string_view> known, const std::string& where) {
    refuse_unknown(map, Keys(known.begin(), known.size()), where);
  }
  void refuse_unknown(const YamlValue& map, Keys known, const std::string& where) {
    for (const auto& [key, value] : map.entries) {
      if (std::ranges::find(known, key) != known.end()) continue;
      const std::string what = "unknown key '" + key + "'" + where;
      if (draft()) {
        findings_.error(value.place, what);
      } else {
        findings_.warning(value.place, what);
      }
    }
  }

  std::string text_at(const char* key) {
    const YamlValue* value = yaml_.find(key);
    return value == nullptr ? std::string() : text_in(*value, key, findings_).value_or("");
  }

  void read_format() {
    const YamlValue* version = yaml_.find("problem_format_version");
    if (version == nullptr) return;
    const auto text = text_in(*version, "problem_format_version", findings_).value_or("legacy");
    if (text == "2023-07-draft" || text == "2023-07") {
      out_.format = PackageFormat::draft;
      out_.timing = {.given_ms = {}, .accepted_to_limit = 2, .limit_to_too_slow = 1.5, .step_ms = 1'000};
    } else if (text != "legacy" && text != "legacy-icpc") {
      findings_.error(version->place,
                      "the format '" + text + "' is not supported: legacy, legacy-icpc and 2023-07-draft are");
    }
  }

  void read_type() {
    const YamlValue* type = yaml_.find("type");
    if (type == nullptr) return;
    const auto words = words_in(*type, "type", findings_).value_or(std::vector<std::string>());
    bool pass_fail = false;
    for (const std::string& word : words) {
      if (std::ranges::count(words, word) > 1) findings_.error(type->place, "the type '" + word + "' is there twice");
      if (word == "scoring") {
        out_.scoring = true;
      } else if (word == "multi-pass") {
        out_.multi_pass = true;
      } else if (word == "interactive") {
        out_.interactive = true;
      } else if (word == "submit-answer") {
        findings_.error(type->place, "the type 'submit-answer' is not supported");
      } else if (word == "pass-fail") {
        pass_fail = true;
      } else {
        findings_.error(type->place, "unknown type '" + word + "'");
      }
    }
    if (words.empty()) findings_.error(type->place, "'type' is empty");
    if (pass_fail && out_.scoring)
      findings_.error(type->place, "the types 'pass-fail' and 'scoring' exclude each other");
  }

  void read_validation() {
    if (draft()) return;
    if (const YamlValue* validation = yaml_.find("validation")) {
      out_.validation = validation->place;
      const auto words = words_in(*validation, "validation", findings_).value_or(std::vector<std::string>());
      const std::string first = words.empty() ? "default" : words.front();
      if (first != "default" && first != "custom") {
        findings_.error(validation->place, "'validation' must begin with default or custom");
      }
      out_.custom_validator = first == "custom";
      for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == "interactive") {
          out_.interactive = true;
        } else if (words[i] == "multi-pass" || words[i] == "multipass") {
          out_.multi_pass = true;
        } else if (words[i] != "score") {
          findings_.error(validation->place, "unknown word '" + words[i] + "' in 'validation'");
        } else if (!out_.scoring) {
          findings_.error(validation->place, "'validation' has a score, but the type is not scoring");
        }
      }
      if (words.size() > 1 && !out_.custom_validator) {
        findings_.error(validation->place, "words may follow 'custom' only");
      }
    }
    if (const YamlValue* flags = yaml_.find("validator_flags")) {
      for (auto& word : words_in(*flags, "validator_flags", findings_).value_or(std::vector<std::string>())) {
        out_.validator_flags.push_back({std::move(word), flags->place});
      }
    }
    const YamlValue* grading = yaml_.find("grading");
    const YamlValue* objective = grading == nullptr ? nullptr : grading->find("objective");
    if (objective != nullptr && objective->text != "max") {
      findings_.error(objective->place, "the objective '" + objective->text + "' is not supported: only max is");
    }
  }

  void read_names() {
    const YamlValue* name = yaml_.find("name");
    if (name == nullptr) {
      if (draft()) findings_.error(yaml_.place, "'name' is missing");
      return;
    }
    if (name->kind == YamlValue::Kind::map) {
      for (const auto& [language, value] : name->entries) {
        if (auto text = text_in(value, language, findings_)) out_.names[language] = *std::move(text);
      }
    } else if (auto text = text_in(*name, "name", findings_)) {
      out_.names["en"] = *std::move(text);
    }
  }

  void read_people() {
    out_.license = text_at("license");
    if (const YamlValue* author = yaml_.find("author")) out_.author = persons_in(*author, "author", findings_);
    if (const YamlValue* credits = yaml_.find("credits")) {
      const bool map = credits->kind == YamlValue::Kind::map;
      const YamlValue* authors = map ? credits->find("authors") : credits;
      if (authors != nullptr) out_.author = persons_in(*authors, "authors", findings_);
      if (map) {
        refuse_unknown(*credits, {"authors", "contributors", "testers", "translators", "packagers", "acknowledgements"},
                       " in 'credits'");
      }
    }
    if (const YamlValue* source = yaml_.find("source")) {
      if (source->kind == YamlValue::Kind::list) {
        for (const YamlValue& one : source->items) add_source(one);
      } else {
        add_source(*source);
      }
    }
  }

  void add_source(const YamlValue& source) {
    const bool map = source.kind == YamlValue::Kind::map;
    if (map) refuse_unknown(source, {"name", "url"}, " in 'source'");
    const YamlValue* name = map ? source.find("name") : &source;
    if (name == nullptr) return findings_.error(source.place, "'name' is missing in 'source'");
    const auto text = text_in(*name, "source", findings_).value_or("");
    if (!text.empty()) out_.source += (out_.source.empty() ? "" : ", ") + text;
  }

  void read_languages() {
    const YamlValue* languages = yaml_.find("languages");
    if (languages == nullptr) return;
    const auto codes = words_in(*languages, "languages", findings_).value_or(std::vector<std::string>());
    if (codes == std::vector<std::string>{"all"}) return;
    for (const std::string& code : codes) {
      const auto slugs = languages_of_code(code);
      if (slugs.empty()) findings_.warning(languages->place, "the judge has no language '" + code + "'");
      out_.languages.insert(out_.languages.end(), slugs.begin(), slugs.end());
    }
    if (out_.languages.empty()) findings_.error(languages->place, "there is no language left that the judge has");
  }

  // A number above 0 in `limits`; nothing when there is none.
  std::optional<double> limit_at(const YamlValue& limits, const char* key) {
    const YamlValue* value = limits.find(key);
    if (value == nullptr) return std::nullopt;
    const auto number = number_in(*value, key, findings_);
    if (number && !(*number > 0 && *number <= 1e9)) {
      findings_.error(value->place, std::string("'") + key + "' must be above 0");
      return std::nullopt;
    }
    return number;
  }

  void set_limit(const YamlValue& limits, const char* key, double unit, std::uint64_t& limit) {
    if (const auto number = limit_at(limits, key)) limit = static_cast<std::uint64_t>(std::llround(*number * unit));
  }

  void read_limits() {
    if (out_.multi_pass) out_.limits.passes = 2;
    const YamlValue* limits = yaml_.find("limits");
    if (limits == nullptr || limits->kind == YamlValue::Kind::null) return;
    if (limits->kind != YamlValue::Kind::map) return findings_.error(limits->place, "'limits' must be a map");
    if (draft()) {
      refuse_unknown(
          *limits,
          {"time_multipliers", "time_limit", "time_resolution", "memory", "output", "code", "compilation_time",
           "compilation_memory", "validation_time", "validation_memory", "validation_output", "validation_passes"},
          " in 'limits'");
    } else {
      refuse_unknown(
          *limits,
          {"time_multiplier", "time_safety_margin", "time_limit", "memory", "output", "code", "compilation_time",
           "compilation_memory", "validation_time", "validation_memory", "validation_output", "validation_passes"},
          " in 'limits'");
    }
    set_limit(*limits, "memory", 1'024, out_.limits.memory_kib);
    set_limit(*limits, "output", 1'024, out_.limits.output_kib);
    set_limit(*limits, "code", 1, out_.limits.code_kib);
    set_limit(*limits, "compilation_time", 1'000, out_.limits.compilation_ms);
    set_limit(*limits, "compilation_memory", 1'024, out_.limits.compilation_memory_kib);
    set_limit(*limits, "validation_time", 1'000, out_.limits.validation_ms);
    set_limit(*limits, "validation_memory", 1'024, out_.limits.validation_memory_kib);
    set_limit(*limits, "validation_output", 1'024, out_.limits.validation_output_kib);
    read_passes(*limits);
    read_timing(*limits);
  }

  void read_passes(const YamlValue& limits) {
    const auto passes = limit_at(limits, "validation_passes");
    if (!passes) return;
    const Place& place = limits.find("validation_passes")->place;
    if (*passes < 2 || *passes > kPassesMax || *passes != std::floor(*passes)) {
      return findings_.error(place, "'validation_passes' must be a whole number from 2 to 100");
    }
    if (!out_.multi_pass) return findings_.error(place, "'validation_passes' is for multi-pass problems only");
    out_.limits.passes = static_cast<std::uint32_t>(*passes);
  }

  void read_timing(const YamlValue& limits) {
    Timing& timing = out_.timing;
    if (const auto seconds = limit_at(limits, "time_limit")) {
      timing.given_ms = static_cast<std::uint64_t>(std::llround(*seconds * 1'000));
    }
    if (const auto number = limit_at(limits, "time_multiplier")) timing.accepted_to_limit = *number;
    if (const auto number = limit_at(limits, "time_safety_margin")) timing.limit_to_too_slow = *number;
    if (const auto number = limit_at(limits, "time_resolution")) {
      timing.step_ms = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(*number * 1'000)));
    }
    const YamlValue* multipliers = limits.find("time_multipliers");
    if (multipliers == nullptr) return;
    refuse_unknown(*multipliers, {"ac_to_time_limit", "time_limit_to_tle"}, " in 'time_multipliers'");
    for (const auto& [key, target] : {std::pair{"ac_to_time_limit", &timing.accepted_to_limit},
                                      std::pair{"time_limit_to_tle", &timing.limit_to_too_slow}}) {
      const auto number = limit_at(*multipliers, key);
      if (number && *number < 1) {
        findings_.error(multipliers->find(key)->place, std::string("'") + key + "' must be at least 1");
      } else if (number) {
        *target = *number;
      }
    }
  }

  void read_constants() {
    const YamlValue* constants = yaml_.find("constants");
    if (constants == nullptr || !draft()) return;
    for (const auto& [name, value] : constants->entries) {
      if (auto text = text_in(value, name, findings_)) out_.constants[name] = *std::move(text);
    }
  }

  const YamlValue& yaml_;
  Findings& findings_;
  Metadata out_;
};

std::string trimmed(std::string_view text, std::string_view what) {
  const auto begin = text.find_first_not_of(what);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(what) - begin + 1));
}

// Seconds, which a file beside problem.yaml says.
void set_time_limit(const Place& place, const std::string& text, Timing& timing, Findings& findings) {
  const auto seconds = parse_number(text);
  if (!seconds || *seconds <= 0 || *seconds > 1e6)
    return findings.error(place, "the time limit must be a number above 0");
  timing.given_ms = static_cast<std::uint64_t>(std::llround(*seconds * 1'000));
}

void read_ini(const std::string& text, Timing& timing, Findings& findings) {
  int line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const std::string_view row = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    ++line;
    const auto equals = row.find('=');
    if (equals == std::string_view::npos || trimmed(row.substr(0, equals), " \t\r") != "timelimit") continue;
    set_time_limit({kIniFile, line}, trimmed(row.substr(equals + 1), " \t\r'\""), timing, findings);
  }
}

}  // namespace

Metadata read_metadata(const PackageFolder& folder, Findings& findings) {
  if (!folder.has_file(kMetadataFile)) {
    findings.error({kMetadataFile}, "it is missing: the folder holds no problem package");
    return {};
  }
  const auto text = folder.read(kMetadataFile, kMetadataBytesMax, findings);
  if (!text) return {};
  const auto yaml = parse_yaml(*text, kMetadataFile);
  if (!yaml) {
    findings.error_text(yaml.error().message);
    return {};
  }
  Metadata metadata = MetadataReader(*yaml, findings).read();
  if (folder.has_file(kIniFile)) {
    if (const auto ini = folder.read(kIniFile, kMetadataBytesMax, findings)) read_ini(*ini, metadata.timing, findings);
  }
  if (folder.has_file(kTimeLimitFile)) {
    if (const auto limit = folder.read(kTimeLimitFile, 64, findings)) {
      set_time_limit({kTimeLimitFile, 1}, trimmed(*limit, " \t\r\n"), metadata.timing, findings);
    }
  }
  if (metadata.timing.given_ms) metadata.limits.time_ms = *metadata.timing.given_ms;
  return metadata;
}

std::string with_constants(std::string text, const std::map<std::string, std::string>& constants) {
  if (constants.empty()) return text;
  std::string out;
  std::size_t begin = 0;
  while (true) {
    const auto open = text.find("{{", begin);
    const auto close = open == std::string::npos ? open : text.find("}}", open);
    if (close == std::string::npos) break;
    const auto found = constants.find(text.substr(open + 2, close - open - 2));
    const auto end = found == constants.end() ? open + 2 : close + 2;
    out +=
        found == constants.end() ? text.substr(begin, end - begin) : text.substr(begin, open - begin) + found->second;
    begin = end;
  }
  return out + text.substr(begin);
}

}  // namespace pushjudge::packages
