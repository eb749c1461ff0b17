#pragma once

// YAML as values that know their line, and the questions that are asked of them: each answers nothing, and adds an
// error to the findings, where the value is of another kind. Values; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/packages/findings.hpp"
#include "proto/base/result.hpp"

namespace pushjudge::packages {

struct YamlValue {
  enum class Kind { null, text, list, map };
  struct Entry;

  Kind kind = Kind::null;
  std::string text;
  Place place;  // of its key, where it has one
  std::vector<YamlValue> items;
  std::vector<Entry> entries;

  const YamlValue* find(std::string_view key) const;
};

struct YamlValue::Entry {
  std::string key;
  YamlValue value;
};

// An empty text is a map without entries. Errors: invalid, with file and line; also for a key that is there twice.
Result<YamlValue> parse_yaml(const std::string& text, const std::string& file);

// `name` is what the errors call the value.
std::optional<std::string> text_in(const YamlValue& value, const std::string& name, Findings& findings);
std::optional<double> number_in(const YamlValue& value, const std::string& name, Findings& findings);
std::optional<bool> flag_in(const YamlValue& value, const std::string& name, Findings& findings);
// A list of texts, or one text: its words.
std::optional<std::vector<std::string>> words_in(const YamlValue& value, const std::string& name, Findings& findings);
// A list of texts, or one text, as it is.
std::optional<std::vector<std::string>> texts_in(const YamlValue& value, const std::string& name, Findings& findings);

std::vector<std::string> split_words(std::string_view text);
// A decimal number, also in scientific notation, with a sign or not; of finite size.
std::optional<double> parse_number(std::string_view text);

}  // namespace pushjudge::packages
