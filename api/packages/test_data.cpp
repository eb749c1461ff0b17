#include "api/packages/test_data.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "api/packages/function_tests.hpp"
#include "api/packages/scoring.hpp"
#include "api/packages/yaml.hpp"
#include "proto/codec.hpp"

namespace pushjudge::packages {

namespace {

constexpr int kGroupDepthMax = 8;
constexpr std::size_t kLineErrorsMax = 20;  // of one file: what follows is seldom news
constexpr std::uint64_t kSettingsBytesMax = 256 << 10;

// Endings of the files of a test, the longer ones first where one ends like another.
constexpr std::string_view kFunctionTestsEnding = ".jsonl";
constexpr std::array<std::string_view, 17> kTestEndings = {kFunctionTestsEnding,
                                                           ".in.statement",
                                                           ".ans.statement",
                                                           ".in.download",
                                                           ".ans.download",
                                                           ".interaction",
                                                           ".files",
                                                           ".yaml",
                                                           ".hint",
                                                           ".desc",
                                                           ".jpeg",
                                                           ".png",
                                                           ".jpg",
                                                           ".svg",
                                                           ".ans",
                                                           ".out",
                                                           ".in"};

using Settings = std::map<std::string, YamlValue>;

// The files of one test, by ending.
using TestFiles = std::map<std::string, std::string, std::less<>>;

class DataReader {
 public:
  DataReader(const PackageFolder& folder, const Metadata& metadata, bool compares, const Signature* signature,
             Blobs& blobs, Findings& findings)
      : folder_(folder),
        metadata_(metadata),
        compares_(compares),
        signature_(signature),
        blobs_(blobs),
        findings_(findings) {}

  TestData read() {
    read_group("", std::nullopt, {}, 0);
    if (draft() && metadata_.scoring) {
      apply_scoring_rules(rules_, out_.groups, out_.tests, findings_);
      const bool unbounded =
          std::ranges::any_of(out_.tests, [](const ProblemTest& test) { return !test.accept_score.has_value(); });
      if (unbounded && compares_) {
        findings_.error({"data"}, "scores without a bound need an output validator that says them");
      }
    }
    const bool any_secret =
        std::ranges::any_of(out_.tests, [](const ProblemTest& test) { return test.name.starts_with("secret/"); });
    if (!any_secret && !wrong_file_) findings_.error({"data/secret"}, "there is no test");
    return std::move(out_);
  }

 private:
  bool draft() const { return metadata_.format == PackageFormat::draft; }
  const char* settings_file() const { return draft() ? "test_group.yaml" : "testdata.yaml"; }

  static std::string path_of(const std::string& name) { return name.empty() ? "data" : "data/" + name; }

  // ---- settings

  YamlValue read_settings(const std::string& file) {
    YamlValue none;
    none.kind = YamlValue::Kind::map;
    none.place = {file, 1};
    if (!folder_.has_file(file)) return none;
    auto text = folder_.read(file, kSettingsBytesMax, findings_);
    if (!text) return none;
    auto yaml = parse_yaml(with_constants(*std::move(text), metadata_.constants), file);
    if (yaml) return *std::move(yaml);
    findings_.error_text(yaml.error().message);
    return none;
  }

  // A group has what is around it, but for what it says itself. (So do problemtools; the legacy specification would
  // have a file of the group's own hide all of those around it.)
  Settings merged(Settings settings, const YamlValue& own) {
    for (const auto& [key, value] : own.entries) {
      if (key != "scoring" && key != "static_validation") settings[key] = value;
    }
    return settings;
  }

  void refuse_unknown_settings(const YamlValue& own, bool of_test) {
    static const std::set<std::string, std::less<>> kLegacy = {
        "on_reject",    "grading",      "grader_flags", "input_validator_flags", "output_validator_flags",
        "accept_score", "reject_score", "range"};
    static const std::set<std::string, std::less<>> kDraft = {
        "args", "output_validator_args", "input_validator_args", "full_feedback", "hint", "description"};
    for (const auto& [key, value] : own.entries) {
      const bool of_group = draft() && !of_test && (key == "scoring" || key == "static_validation");
      if (of_group || (draft() ? kDraft : kLegacy).contains(key)) continue;
      if (draft()) {
        findings_.error(value.place, "unknown key '" + key + "'");
      } else {
        findings_.warning(value.place, "unknown key '" + key + "'");
      }
    }
  }

  // ---- groups

  void read_group(const std::string& name, std::optional<std::uint32_t> parent, const Settings& around, int depth) {
    const std::string path = path_of(name);
    if (depth > kGroupDepthMax) return findings_.error({path}, "groups are nested too deeply");
    const YamlValue own = read_settings(path + "/" + settings_file());
    refuse_unknown_settings(own, false);
    const Settings settings = merged(around, own);
    const auto index = static_cast<std::uint32_t>(out_.groups.size());
    TestGroup group;
    group.name = name;
    group.parent = parent;
    if (draft()) {
      rules_.push_back(read_draft_rule(own, name));
    } else {
      apply_legacy_settings(settings, own, group);
    }
    out_.groups.push_back(std::move(group));

    std::map<std::string, TestFiles> tests;
    std::set<std::string> subgroups;
    sort_entries(path, tests, subgroups);
    if (name.empty()) {
      read_top(tests, subgroups, settings, index);
      return;
    }
    if (name == "sample" && draft() && !subgroups.empty()) {
      findings_.error({path + "/" + *subgroups.begin()}, "samples are in no groups");
    }
    std::set<std::string> all = subgroups;
    for (const auto& [test, files] : tests) all.insert(test);
    for (const std::string& item : all) {
      if (tests.contains(item) && subgroups.contains(item)) {
        findings_.error({path + "/" + item}, "a test and a group have the same name");
      } else if (subgroups.contains(item)) {
        read_group(name + "/" + item, index, settings, depth + 1);
      } else {
        const auto read = signature_ == nullptr ? &DataReader::read_test : &DataReader::read_function_tests;
        (this->*read)(name + "/" + item, tests[item], settings, index);
      }
    }
  }

  void read_top(const std::map<std::string, TestFiles>& tests, const std::set<std::string>& subgroups,
                const Settings& settings, std::uint32_t root) {
    for (const auto& [name, files] : tests) {
      findings_.error({"data/" + files.begin()->second}, "tests are in data/sample and data/secret only");
    }
    for (const char* name : {"sample", "secret"}) {
      if (subgroups.contains(name)) read_group(name, root, settings, 1);
    }
    for (const std::string& name : subgroups) {
      if (name == "sample" || name == "secret") continue;
      if (signature_ != nullptr) {
        findings_.error({"data/" + name}, "a function problem has tests in data/sample and data/secret only");
      } else if (name == "invalid_input" || name == "invalid_inputs") {
        read_checks(name, settings, 1, &DataReader::read_invalid_input);
      } else if (name == "invalid_output" || name == "invalid_outputs") {
        read_checks(name, settings, 1, &DataReader::read_invalid_output);
      } else if (name == "valid_output" || name == "valid_outputs") {
        read_checks(name, settings, 1, &DataReader::read_valid_output);
      } else {
        findings_.warning({"data/" + name}, "this folder is not looked at");
      }
    }
  }

  // Which tests have which files, and which folders are groups.
  void sort_entries(const std::string& path, std::map<std::string, TestFiles>& tests,
                    std::set<std::string>& subgroups) {
    for (const FolderEntry& entry : folder_.list(path, findings_)) {
      if (entry.name == settings_file()) continue;
      if (entry.name.ends_with(".download") && !entry.name.ends_with(".in.download") &&
          !entry.name.ends_with(".ans.download")) {
        continue;
      }
      const auto* ending =
          std::ranges::find_if(kTestEndings, [&](std::string_view one) { return entry.name.ends_with(one); });
      const bool of_function = ending != kTestEndings.end() && *ending == kFunctionTestsEnding;
      const bool of_a_test = ending != kTestEndings.end() && entry.folder == (*ending == ".files") &&
                             (signature_ != nullptr || !of_function);
      const bool other_settings = entry.name == "testdata.yaml" || entry.name == "test_group.yaml";
      if (entry.folder && !of_a_test) {
        subgroups.insert(entry.name);
      } else if (other_settings) {
        findings_.warning({path + "/" + entry.name},
                          std::string("it is of another format, and not read: here it is ") + settings_file());
      } else if (!of_a_test || (*ending == ".yaml" && !draft())) {
        findings_.warning({path + "/" + entry.name}, "this file is not looked at");
      } else {
        tests[entry.name.substr(0, entry.name.size() - ending->size())][std::string(*ending)] = entry.name;
      }
    }
  }

  // ---- what groups say

  ScoringRule read_draft_rule(const YamlValue& own, const std::string& name) {
    if (const YamlValue* value = own.find("static_validation"); value != nullptr && value->text != "false") {
      findings_.error(value->place, "static validation is not supported");
    }
    const YamlValue* scoring = own.find("scoring");
    if (scoring == nullptr) return {};
    if (!metadata_.scoring) {
      findings_.error(scoring->place, "'scoring' is for problems of the type scoring");
    } else if (!name.starts_with("secret")) {
      findings_.error(scoring->place, "'scoring' is for data/secret and its groups");
    } else {
      return read_scoring_rule(*scoring, findings_);
    }
    return {};
  }

  void apply_legacy_settings(const Settings& settings, const YamlValue& own, TestGroup& group) {
    if (const auto found = settings.find("on_reject"); found != settings.end()) {
      const auto text = text_in(found->second, "on_reject", findings_).value_or("break");
      if (text != "break" && text != "continue") {
        findings_.error(found->second.place, "'on_reject' must be break or continue");
      }
      group.break_on_reject = text != "continue";
    }
    if (const auto found = settings.find("grading"); found != settings.end() && found->second.text != "default") {
      findings_.error(found->second.place, "grading '" + found->second.text + "' is not supported: only default is");
    }
    if (const auto found = settings.find("grader_flags"); found != settings.end()) {
      const auto flags = words_in(found->second, "grader_flags", findings_).value_or(std::vector<std::string>());
      apply_grader_flags(flags, found->second.place, group.name.empty(), own.find("grader_flags") != nullptr, group,
                         findings_);
    }
    const auto range = settings.find("range");
    if (range != settings.end() && metadata_.scoring) apply_range(range->second, group);
    if (metadata_.scoring) return;
    for (const char* key : {"accept_score", "reject_score", "range"}) {
      if (const YamlValue* value = own.find(key)) {
        findings_.warning(value->place, std::string("'") + key + "' is for scoring problems: it is not looked at");
      }
    }
  }

  void apply_range(const YamlValue& value, TestGroup& group) {
    const auto words = words_in(value, "range", findings_);
    if (!words) return;
    const auto bound = [](const std::string& word) -> std::optional<double> {
      constexpr double kInfinite = std::numeric_limits<double>::infinity();
      if (word == "inf" || word == "+inf") return kInfinite;
      if (word == "-inf") return -kInfinite;
      return parse_number(word);
    };
    const auto least = words->size() == 2 ? bound((*words)[0]) : std::nullopt;
    const auto most = words->size() == 2 ? bound((*words)[1]) : std::nullopt;
    if (!least || !most || *least > *most) {
      return findings_.error(value.place, "'range' must be two numbers, the lesser one first");
    }
    constexpr double kFinite = std::numeric_limits<double>::max();
    if (*least >= -kFinite) group.min_score = least;
    if (*most <= kFinite) group.max_score = most;
  }

  // ---- tests

  std::optional<Blob> blob_of(const std::string& path) {
    auto bytes = folder_.read(path, kBlobBytesMax, findings_);
    if (!bytes) return std::nullopt;
    return blobs_.add(*std::move(bytes));
  }

  static std::string group_path(const std::string& name) { return path_of(name.substr(0, name.rfind('/'))); }

  void read_test(const std::string& name, const TestFiles& files, const Settings& around, std::uint32_t group) {
    const std::string path = group_path(name);
    const bool sample = name.starts_with("sample/");
    const bool only_shown = sample && files.size() == 1 && files.begin()->first == ".interaction";
    if (only_shown) return add_sample(name, files, path);
    if (!has_needed(files, path, {".in", ".ans"})) return;
    ProblemTest test;
    test.name = name;
    test.group = group;
    test.sample = sample;
    const Settings settings = settings_of_test(files, around, path);
    if (!read_files(files, settings, path, test)) return;
    out_.inputs.push_back({name, test.input.digest, input_arguments(settings), true});
    if (sample) {
      add_sample(name, files, path);
      const auto shown = files.find(".out");
      if (shown != files.end() && !metadata_.interactive && !metadata_.multi_pass) {
        if (const auto output = blob_of(path + "/" + shown->second)) out_.outputs.push_back({test, *output, true});
      }
    }
    out_.tests.push_back(std::move(test));
  }

  // Whether a test has the files that it cannot be without. An error names each that is not there.
  bool has_needed(const TestFiles& files, const std::string& path, std::initializer_list<std::string_view> needed) {
    for (const std::string_view ending : needed) {
      if (files.contains(ending)) continue;
      const auto& [other, file] = *files.begin();
      const std::string base = file.substr(0, file.size() - other.size());
      findings_.error({path + "/" + file}, "there is no " + base + std::string(ending) + " beside it");
      return false;
    }
    return true;
  }

  Settings settings_of_test(const TestFiles& files, const Settings& around, const std::string& path) {
    const auto file = files.find(".yaml");
    if (file == files.end()) return around;
    const YamlValue own = read_settings(path + "/" + file->second);
    refuse_unknown_settings(own, true);
    return merged(around, own);
  }

  bool read_files(const TestFiles& files, const Settings& settings, const std::string& path, ProblemTest& test) {
    const auto input = blob_of(path + "/" + files.at(".in"));
    const auto answer = blob_of(path + "/" + files.at(".ans"));
    if (!input || !answer) return false;
    test.input = *input;
    test.answer = *answer;
    if (const auto beside = files.find(".files"); beside != files.end()) {
      for (auto& [file, bytes] : folder_.read_all(path + "/" + beside->second, kBlobBytesMax, findings_)) {
        test.files.push_back({file, blobs_.add(std::move(bytes))});
      }
    }
    apply_checker_settings(settings, test);
    if (const auto args = settings.find("args"); draft() && args != settings.end()) {
      const auto words = texts_in(args->second, "args", findings_);
      if (words && !words->empty()) findings_.error(args->second.place, "arguments of submissions are not supported");
    }
    test.accept_score = score_at(settings, "accept_score", 1);
    test.reject_score = score_at(settings, "reject_score", 0);
    return true;
  }

  double score_at(const Settings& settings, const char* key, double otherwise) {
    const auto found = settings.find(key);
    if (found == settings.end() || draft() || !metadata_.scoring) return otherwise;
    return number_in(found->second, key, findings_).value_or(otherwise);
  }

  void apply_checker_settings(const Settings& settings, ProblemTest& test) {
    std::vector<PlacedWord> words = metadata_.validator_flags;
    const std::string key = draft() ? "output_validator_args" : "output_validator_flags";
    if (const auto found = settings.find(key); found != settings.end()) {
      const YamlValue* flags = &found->second;
      if (flags->kind == YamlValue::Kind::map) flags = flags->find("flags");
      const auto own = flags == nullptr ? std::nullopt : words_in(*flags, key, findings_);
      for (const std::string& word : own.value_or(std::vector<std::string>())) {
        words.push_back({word, found->second.place});
      }
    }
    if (compares_) {
      test.compare = parse_compare_flags(words, !draft(), findings_);
    } else {
      for (PlacedWord& word : words) test.checker_arguments.push_back(std::move(word.text));
    }
  }

  InputArguments input_arguments(const Settings& settings) {
    InputArguments arguments;
    const std::string key = draft() ? "input_validator_args" : "input_validator_flags";
    const auto found = settings.find(key);
    if (found == settings.end()) return arguments;
    const YamlValue& value = found->second;
    const auto words = [&](const YamlValue& one) {
      return words_in(one, key, findings_).value_or(std::vector<std::string>());
    };
    if (value.kind != YamlValue::Kind::map) {
      arguments.for_all = words(value);
    } else if (draft()) {
      for (const auto& [validator, args] : value.entries) arguments.by_validator[validator] = words(args);
    } else if (value.find("name") != nullptr && value.find("flags") != nullptr) {
      arguments.by_validator[value.find("name")->text] = words(*value.find("flags"));
    } else {
      findings_.error(value.place, "'" + key + "' must be a text, or a map with name and flags");
    }
    return arguments;
  }

  // ---- tests of functions

  // All tests of a file are run by one process: they share what it reads and what is expected.
  void read_function_tests(const std::string& name, const TestFiles& files, const Settings& around,
                           std::uint32_t group) {
    for (const auto& [ending, file] : files) {
      if (ending == kFunctionTestsEnding) continue;
      findings_.error({group_path(name) + "/" + file}, "the tests of a function problem are in .jsonl files");
    }
    const auto found = files.find(kFunctionTestsEnding);
    if (found == files.end()) return;
    const std::string path = group_path(name) + "/" + found->second;
    const auto text = folder_.read(path, kBlobBytesMax, findings_);
    if (!text) return;
    std::vector<FunctionTest> tests = parse_function_tests(path, *text);
    if (tests.empty()) return;
    FunctionTestFile file;
    for (const FunctionTest& test : tests) file.add(test);
    ProblemTest shared;
    shared.group = group;
    shared.sample = name.starts_with("sample/");
    shared.input = blobs_.add(std::move(file.input));
    shared.answer = blobs_.add(std::move(file.answer));
    shared.accept_score = score_at(around, "accept_score", 1);
    shared.reject_score = score_at(around, "reject_score", 0);
    const bool again =
        !out_.tests.empty() && out_.tests.back().group == group && out_.tests.back().input == shared.input;
    if (again) return findings_.error({path}, "it holds the same tests as the file before it");
    add_function_tests(name, path, shared, tests);
  }

  // None, where one is wrong.
  std::vector<FunctionTest> parse_function_tests(const std::string& path, const std::string& text) {
    std::vector<FunctionTest> tests;
    const std::size_t errors_before = findings_.errors().size();
    int line = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      const auto end = std::min(text.find('\n', begin), text.size());
      const auto row = std::string_view(text).substr(begin, end - begin);
      begin = end + 1;
      ++line;
      if (row.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      if (tests.size() == kProblemTestsMax || findings_.errors().size() - errors_before == kLineErrorsMax) break;
      auto test = parse_function_test(row);
      if (test) {
        tests.push_back(*std::move(test));
      } else {
        findings_.error({path, line}, test.error().message);
      }
    }
    const bool wrong = findings_.errors().size() > errors_before;
    if (tests.empty() && !wrong) findings_.error({path}, "it holds no test");
    if (tests.empty() || wrong) wrong_file_ = true;
    if (wrong) tests.clear();
    return tests;
  }

  Result<FunctionTest> parse_function_test(std::string_view row) {
    const auto json = parse_flat_json(row);
    if (!json) return json.error();
    return read_function_test(*signature_, *json);
  }

  void add_function_tests(const std::string& name, const std::string& path, const ProblemTest& shared,
                          std::vector<FunctionTest>& tests) {
    std::set<std::string> names;
    const std::size_t digits = std::to_string(tests.size()).size();
    for (std::size_t i = 0; i < tests.size(); ++i) {
      ProblemTest test = shared;
      test.index = static_cast<std::uint32_t>(i);
      auto number = std::to_string(i + 1);
      number.insert(0, digits - number.size(), '0');
      const std::string own = tests[i].name.empty() ? number : tests[i].name;
      if (!names.insert(own).second) findings_.error({path}, "two of its tests are called '" + own + "'");
      test.name = tests.size() == 1 && tests[i].name.empty() ? name : name + "/" + own;
      if (test.sample) add_function_sample(test.name, path, tests[i]);
      out_.tests.push_back(std::move(test));
    }
  }

  void add_function_sample(const std::string& name, const std::string& path, FunctionTest& test) {
    Sample sample;
    sample.name = name.substr(name.find('/') + 1);
    sample.input = shown_arguments(*signature_, test.arguments);
    sample.output = std::move(test.expected);
    if (sample.input.size() > kSampleBytesMax || sample.output.size() > kSampleBytesMax) {
      return findings_.warning({path}, "sample " + sample.name + " is not shown: it is larger than 64 KiB");
    }
    out_.samples.push_back(std::move(sample));
  }

  // ---- samples

  void add_sample(const std::string& name, const TestFiles& files, const std::string& path) {
    const bool talks = metadata_.interactive || metadata_.multi_pass;
    const auto interaction = files.find(".interaction");
    for (const char* other : {".in.statement", ".ans.statement", ".out"}) {
      if (interaction != files.end() && files.contains(other)) {
        findings_.error({path + "/" + files.find(other)->second}, "it may not be beside an .interaction file");
      }
    }
    if (files.contains(".out") && files.contains(".ans.statement")) {
      findings_.error({path + "/" + files.find(".out")->second}, "it may not be beside an .ans.statement file");
    }
    Sample sample;
    sample.name = name.substr(name.rfind('/') + 1);
    if (interaction != files.end()) {
      if (!read_shown(path + "/" + interaction->second, sample.interaction)) return;
    } else if (talks && !draft()) {
      return findings_.warning({path + "/" + files.begin()->second},
                               "it is not shown: a sample of an interactive problem is an .interaction file");
    } else {
      const auto shown = [&](std::initializer_list<std::string_view> endings) {
        for (const std::string_view ending : endings) {
          if (const auto found = files.find(ending); found != files.end()) return path + "/" + found->second;
        }
        return std::string();
      };
      if (!read_shown(shown({".in.statement", ".in"}), sample.input)) return;
      if (!read_shown(shown({".out", ".ans.statement", ".ans"}), sample.output)) return;
    }
    out_.samples.push_back(std::move(sample));
  }

  bool read_shown(const std::string& path, std::string& text) {
    auto bytes = folder_.read(path, kBlobBytesMax, findings_);
    if (!bytes) return false;
    if (bytes->size() > kSampleBytesMax || !is_utf8(*bytes)) {
      findings_.warning({path}, "the sample is not shown: it is larger than 64 KiB, or no UTF-8");
      return false;
    }
    text = *std::move(bytes);
    return true;
  }

  // ---- what validators are checked with

  using ReadCheck = void (DataReader::*)(const std::string&, const TestFiles&, const Settings&);

  void read_checks(const std::string& name, const Settings& around, int depth, ReadCheck read_check) {
    const std::string path = path_of(name);
    if (depth > kGroupDepthMax) return findings_.error({path}, "groups are nested too deeply");
    const Settings settings = merged(around, read_settings(path + "/" + settings_file()));
    std::map<std::string, TestFiles> tests;
    std::set<std::string> subgroups;
    sort_entries(path, tests, subgroups);
    for (const auto& [test, files] : tests) {
      (this->*read_check)(name + "/" + test, files, settings_of_test(files, settings, path));
    }
    for (const std::string& subgroup : subgroups) read_checks(name + "/" + subgroup, settings, depth + 1, read_check);
  }

  void read_invalid_input(const std::string& name, const TestFiles& files, const Settings& settings) {
    const std::string path = group_path(name);
    if (!has_needed(files, path, {".in"})) return;
    const auto input = blob_of(path + "/" + files.at(".in"));
    if (input) out_.inputs.push_back({name, input->digest, input_arguments(settings), false});
  }

  void read_invalid_output(const std::string& name, const TestFiles& files, const Settings& settings) {
    read_output(name, files, settings, false);
  }
  void read_valid_output(const std::string& name, const TestFiles& files, const Settings& settings) {
    read_output(name, files, settings, true);
  }

  void read_output(const std::string& name, const TestFiles& files, const Settings& settings, bool valid) {
    const std::string path = group_path(name);
    if (!has_needed(files, path, {".in", ".ans", ".out"})) return;
    OutputCheck check;
    check.valid = valid;
    check.test.name = name;
    const auto output = blob_of(path + "/" + files.at(".out"));
    if (!output || !read_files(files, settings, path, check.test)) return;
    check.output = *output;
    out_.inputs.push_back({name, check.test.input.digest, input_arguments(settings), true});
    out_.outputs.push_back(std::move(check));
  }

  const PackageFolder& folder_;
  const Metadata& metadata_;
  const bool compares_;
  const Signature* signature_;  // of a function problem; else null
  Blobs& blobs_;
  Findings& findings_;
  TestData out_;
  bool wrong_file_ = false;         // of tests of functions: what is wrong with it is said
  std::vector<ScoringRule> rules_;  // of the draft: one for each group
};

}  // namespace

Blob Blobs::add(std::string bytes) {
  const Blob blob{digest_of(bytes), bytes.size()};
  const auto [place, is_new] = all_.try_emplace(blob.digest, std::move(bytes));
  if (is_new) bytes_ += blob.size;
  return blob;
}

const std::vector<std::string>& InputArguments::of(const std::string& validator) const {
  const auto found = by_validator.find(validator);
  return found == by_validator.end() ? for_all : found->second;
}

TestData read_test_data(const PackageFolder& folder, const Metadata& metadata, bool compares,
                        const Signature* signature, Blobs& blobs, Findings& findings) {
  return DataReader(folder, metadata, compares, signature, blobs, findings).read();
}

}  // namespace pushjudge::packages
