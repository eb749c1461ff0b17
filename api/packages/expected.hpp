#pragma once

// What a submission of a package is to come to, and whether what it came to is that. Pure; any thread.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushjudge::packages {

// Ways in which a test ends, in the format's words, and three finer ones of DOMjudge's. What goes over its memory or
// prints too much has failed at run time in the format's eyes.
enum class Word : std::uint8_t { ac, wa, tle, rte, mle, ole, ce };

class Words {
 public:
  Words() = default;
  Words(std::initializer_list<Word> words) {
    for (const Word word : words) add(word);
  }
  void add(Word word) { bits_ = static_cast<std::uint8_t>(bits_ | 1U << static_cast<unsigned>(word)); }
  bool has(Word word) const { return (bits_ >> static_cast<unsigned>(word) & 1U) != 0; }
  // RTE stands for MLE and OLE too.
  bool covers(Word word) const { return has(word) || ((word == Word::mle || word == Word::ole) && has(Word::rte)); }
  bool operator==(const Words&) const = default;

 private:
  std::uint8_t bits_ = 0;
};
std::string to_string(const Words& words);              // "AC, WA"
std::optional<Word> word_of(std::string_view verdict);  // as in JSON; nothing for internal_error and what is no verdict

struct ScoreRange {
  double least = 0;
  double most = 0;

  bool operator==(const ScoreRange&) const = default;
};

// Of the tests, or of those that `where` names.
struct Requirement {
  std::string where;                // a pattern of names of tests and groups; empty: all
  std::optional<Words> permitted;   // each is one of these
  std::optional<Words> required;    // at least one is one of these
  std::optional<ScoreRange> score;  // of the groups that `where` names; of the submission where it is empty
  std::string message;              // part of what the checker says on at least one; empty: nothing is wanted
  bool lower = false;               // it is quick enough there, so the time limit is above what it takes
  bool upper = false;               // it is too slow there

  bool operator==(const Requirement&) const = default;
};

struct ExpectedOutcome {
  std::string title;  // for people: "wrong_answer"
  std::vector<Requirement> requirements;
  std::optional<Words> verdict;  // one of these is the verdict, or that of the first test that is not accepted
  bool partial = false;          // neither nothing nor all that there is to score

  bool operator==(const ExpectedOutcome&) const = default;
};

// Why the finished submission, as a gateway shows it, is not what is expected; nothing when it is. The first test that
// differs is named, with what the checker told the judges.
std::optional<std::string> mismatch(const ExpectedOutcome& expected, const nlohmann::json& submission);

// Whether the pattern names the path, or a folder that it is in. * stands for anything but slashes, {a,b} for either.
bool matches_pattern(std::string_view pattern, std::string_view path);

// Seconds, as a number or a text; nothing when there are none.
std::optional<double> seconds_at(const nlohmann::json& object, const char* key);

}  // namespace pushjudge::packages
