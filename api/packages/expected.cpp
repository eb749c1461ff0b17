#include "api/packages/expected.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/packages/yaml.hpp"

namespace pushjudge::packages {

namespace {

using nlohmann::json;

constexpr std::array<std::pair<Word, std::string_view>, 7> kWordNames = {{{Word::ac, "AC"},
                                                                          {Word::wa, "WA"},
                                                                          {Word::tle, "TLE"},
                                                                          {Word::rte, "RTE"},
                                                                          {Word::mle, "MLE"},
                                                                          {Word::ole, "OLE"},
                                                                          {Word::ce, "CE"}}};

constexpr std::array<std::pair<std::string_view, Word>, 9> kVerdictWords = {{{"accepted", Word::ac},
                                                                             {"wrong_answer", Word::wa},
                                                                             {"time_limit_exceeded", Word::tle},
                                                                             {"wall_time_limit_exceeded", Word::tle},
                                                                             {"runtime_error", Word::rte},
                                                                             {"exec_format_error", Word::rte},
                                                                             {"memory_limit_exceeded", Word::mle},
                                                                             {"output_limit_exceeded", Word::ole},
                                                                             {"compilation_error", Word::ce}}};

constexpr std::size_t kPatternsMax = 64;
constexpr double kScoreTolerance = 1e-6;

std::string string_at(const json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const json& list_at(const json& object, const char* key) {
  static const json kNone = json::array();
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : kNone;
}

std::optional<double> score_of(const json& object, const char* key = "score") {
  return seconds_at(object, key);  // a number, or a text that is one
}

std::string told_of(const json& test) {
  std::string told;
  for (const std::string& said : {string_at(test, "message"), string_at(test, "judge_message")}) {
    if (!said.empty()) told += ": " + said;
  }
  return told;
}

std::string number_text(double number) {
  return json(number).dump();
}

std::string text_of(const ScoreRange& range) {
  if (range.least == range.most) return number_text(range.least);
  return number_text(range.least) + " to " + number_text(range.most);
}

bool is_in(const ScoreRange& range, double score) {
  return score >= range.least - kScoreTolerance && score <= range.most + kScoreTolerance;
}

// {a,b} written out.
std::vector<std::string> without_braces(const std::string& pattern) {
  std::vector<std::string> open = {pattern};
  std::vector<std::string> done;
  while (!open.empty() && open.size() + done.size() <= kPatternsMax) {
    const std::string one = open.back();
    open.pop_back();
    const auto close = one.find('}');
    const auto begin = close == std::string::npos ? close : one.rfind('{', close);
    if (begin == std::string::npos) {
      done.push_back(one);
      continue;
    }
    std::string_view choices = std::string_view(one).substr(begin + 1, close - begin - 1);
    while (true) {
      const auto comma = std::min(choices.find(','), choices.size());
      open.push_back(one.substr(0, begin) + std::string(choices.substr(0, comma)) + one.substr(close + 1));
      if (comma == choices.size()) break;
      choices.remove_prefix(comma + 1);
    }
  }
  return done;
}

// One name, with stars in the pattern.
bool name_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool path_matches(std::string_view pattern, std::string_view path) {
  while (true) {
    const auto pattern_end = std::min(pattern.find('/'), pattern.size());
    const auto path_end = std::min(path.find('/'), path.size());
    if (!name_matches(pattern.substr(0, pattern_end), path.substr(0, path_end))) return false;
    if (pattern_end == pattern.size()) return true;
    if (path_end == path.size()) return false;
    pattern.remove_prefix(pattern_end + 1);
    path.remove_prefix(path_end + 1);
  }
}

using Why = std::optional<std::string>;

Why score_mismatch(const Requirement& requirement, const json& submission) {
  if (!requirement.score) return std::nullopt;
  if (requirement.where.empty()) {
    const auto score = score_of(submission);
    if (score && is_in(*requirement.score, *score)) return std::nullopt;
    return "the score is " + (score ? number_text(*score) : "not said") + ", not " + text_of(*requirement.score);
  }
  for (const json& group : list_at(submission, "groups")) {
    const std::string name = string_at(group, "name");
    if (name.empty() || std::ranges::count(name, '/') != std::ranges::count(requirement.where, '/')) continue;
    if (!matches_pattern(requirement.where, name)) continue;
    const auto score = score_of(group);
    if (score && is_in(*requirement.score, *score)) continue;
    return name + ": the score is " + (score ? number_text(*score) : "not said") + ", not " +
           text_of(*requirement.score);
  }
  return std::nullopt;
}

Why tests_mismatch(const Requirement& requirement, const json& submission) {
  bool required_is_there = !requirement.required;
  bool message_is_there = requirement.message.empty();
  bool any = false;
  for (const json& test : list_at(submission, "tests")) {
    const std::string name = string_at(test, "name");
    if (!requirement.where.empty() && !matches_pattern(requirement.where, name)) continue;
    any = true;
    const std::string verdict = string_at(test, "verdict");
    const auto word = word_of(verdict);
    if (!word || (requirement.permitted && !requirement.permitted->covers(*word))) {
      return name + " is " + verdict + told_of(test);
    }
    if (requirement.required && requirement.required->covers(*word)) required_is_there = true;
    if (string_at(test, "judge_message").find(requirement.message) != std::string::npos) message_is_there = true;
  }
  const std::string where = requirement.where.empty() ? "" : " of " + requirement.where;
  if (!any) return "no test" + where + " was judged";
  if (!required_is_there) return "no test" + where + " is " + to_string(*requirement.required);
  if (!message_is_there) return "the checker says '" + requirement.message + "' on no test" + where;
  return std::nullopt;
}

Why verdict_mismatch(const Words& expected, const json& submission) {
  const std::string verdict = string_at(submission, "verdict");
  const auto whole = word_of(verdict);
  if (whole && expected.covers(*whole)) return std::nullopt;
  // With all tests judged, the verdict is that of the worst, which another judge would not have come to.
  for (const json& test : list_at(submission, "tests")) {
    const auto word = word_of(string_at(test, "verdict"));
    if (word == Word::ac) continue;
    if (word && expected.covers(*word)) return std::nullopt;
    return string_at(test, "name") + " is " + string_at(test, "verdict") + ", not " + to_string(expected) +
           told_of(test);
  }
  return "the verdict is " + verdict + ", not " + to_string(expected);
}

Why partial_mismatch(const json& submission) {
  const auto score = score_of(submission);
  const auto most = score_of(submission, "score_max");
  const bool accepted = string_at(submission, "verdict") == "accepted";
  if (!score) return "there is no score";
  // The format wants it accepted. Where a group that fails makes the whole one fail, a score says as much.
  if (!accepted && *score <= kScoreTolerance) return "the score is 0, and it is not accepted";
  if (most && *score >= *most - kScoreTolerance) return "the score is " + number_text(*score) + ", all that there is";
  return std::nullopt;
}

}  // namespace

std::string to_string(const Words& words) {
  std::string all;
  for (const auto& [word, name] : kWordNames) {
    if (words.has(word)) all += (all.empty() ? "" : ", ") + std::string(name);
  }
  return all;
}

std::optional<Word> word_of(std::string_view verdict) {
  const auto* found = std::ranges::find(kVerdictWords, verdict, &std::pair<std::string_view, Word>::first);
  if (found == kVerdictWords.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> mismatch(const ExpectedOutcome& expected, const json& submission) {
  const std::string verdict = string_at(submission, "verdict");
  const auto whole = word_of(verdict);
  for (const json& test : list_at(submission, "tests")) {
    if (word_of(string_at(test, "verdict"))) continue;
    return string_at(test, "name") + " is " + string_at(test, "verdict") + told_of(test);
  }
  if (!whole) return "the verdict is " + verdict + told_of(submission);
  if (whole == Word::ce) {
    if (expected.verdict && expected.verdict->has(Word::ce)) return std::nullopt;
    const std::string said = string_at(submission, "compile_output");
    return "it does not compile" + (said.empty() ? said : ": " + said.substr(0, said.find('\n')));
  }
  if (expected.verdict) {
    if (auto reason = verdict_mismatch(*expected.verdict, submission)) return reason;
  }
  for (const Requirement& requirement : expected.requirements) {
    if (auto reason = tests_mismatch(requirement, submission)) return reason;
    if (auto reason = score_mismatch(requirement, submission)) return reason;
  }
  if (expected.partial) return partial_mismatch(submission);
  return std::nullopt;
}

bool matches_pattern(std::string_view pattern, std::string_view path) {
  const auto patterns = without_braces(std::string(pattern));
  return std::ranges::any_of(patterns, [&](const std::string& one) { return path_matches(one, path); });
}

std::optional<double> seconds_at(const json& object, const char* key) {
  if (!object.is_object()) return std::nullopt;
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  if (found->is_number()) return found->get<double>();
  return found->is_string() ? parse_number(found->get<std::string>()) : std::nullopt;
}

}  // namespace pushjudge::packages
