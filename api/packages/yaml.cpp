#include "api/packages/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>

namespace pushjudge::packages {

namespace {

constexpr int kYamlDepthMax = 32;
// Anchors let a short text stand for a long one.
constexpr std::size_t kYamlValuesMax = 100'000;

struct YamlMistake {
  YAML::Mark where;
  std::string what;
};

class YamlCopy {
 public:
  explicit YamlCopy(const std::string& file) : file_(file) {}

  YamlValue of(const YAML::Node& node, int depth) {
    if (depth > kYamlDepthMax) throw YamlMistake{node.Mark(), "it is nested too deeply"};
    if (++count_ > kYamlValuesMax) throw YamlMistake{node.Mark(), "it holds too many values"};
    YamlValue value;
    value.place = place(node.Mark());
    if (node.IsScalar()) {
      value.kind = YamlValue::Kind::text;
      value.text = node.Scalar();
    } else if (node.IsSequence()) {
      value.kind = YamlValue::Kind::list;
      for (const auto& item : node) value.items.push_back(of(item, depth + 1));
    } else if (node.IsMap()) {
      value.kind = YamlValue::Kind::map;
      for (const auto& entry : node) add_entry(value, entry.first, entry.second, depth);
    }
    return value;
  }

  Place place(const YAML::Mark& mark) const { return {file_, mark.is_null() ? 1 : mark.line + 1}; }

 private:
  void add_entry(YamlValue& map, const YAML::Node& key, const YAML::Node& node, int depth) {
    if (!key.IsScalar()) throw YamlMistake{key.Mark(), "a key must be a text"};
    if (map.find(key.Scalar()) != nullptr) throw YamlMistake{key.Mark(), "the key '" + key.Scalar() + "' is twice"};
    auto value = of(node, depth + 1);
    value.place = place(key.Mark());
    map.entries.push_back({key.Scalar(), std::move(value)});
  }

  const std::string& file_;
  std::size_t count_ = 0;
};

void must_be(const YamlValue& value, const std::string& name, const char* what, Findings& findings) {
  findings.error(value.place, "'" + name + "' must be " + what);
}

}  // namespace

const YamlValue* YamlValue::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name == key) return &value;
  }
  return nullptr;
}

Result<YamlValue> parse_yaml(const std::string& text, const std::string& file) {
  YamlCopy copy(file);
  const auto failed = [&](const YAML::Mark& where, const std::string& what) {
    return Error{Errc::invalid, copy.place(where).text() + ": " + what};
  };
  try {
    YamlValue value = copy.of(YAML::Load(text), 0);
    if (value.kind == YamlValue::Kind::null) value.kind = YamlValue::Kind::map;
    value.place = {file, 1};
    if (value.kind != YamlValue::Kind::map) return Error{Errc::invalid, file + ":1: it must be a map"};
    return value;
  } catch (const YamlMistake& mistake) {
    return failed(mistake.where, mistake.what);
  } catch (const YAML::Exception& failure) {
    return failed(failure.mark, failure.msg);
  }
}

std::optional<std::string> text_in(const YamlValue& value, const std::string& name, Findings& findings) {
  if (value.kind == YamlValue::Kind::text) return value.text;
  if (value.kind == YamlValue::Kind::null) return std::string();
  must_be(value, name, "a text", findings);
  return std::nullopt;
}

std::optional<double> number_in(const YamlValue& value, const std::string& name, Findings& findings) {
  if (value.kind == YamlValue::Kind::text) {
    if (const auto number = parse_number(value.text)) return number;
  }
  must_be(value, name, "a number", findings);
  return std::nullopt;
}

std::optional<bool> flag_in(const YamlValue& value, const std::string& name, Findings& findings) {
  if (value.kind == YamlValue::Kind::text) {
    for (const char* yes : {"true", "True", "yes", "on"}) {
      if (value.text == yes) return true;
    }
    for (const char* no : {"false", "False", "no", "off"}) {
      if (value.text == no) return false;
    }
  }
  must_be(value, name, "true or false", findings);
  return std::nullopt;
}

std::optional<std::vector<std::string>> texts_in(const YamlValue& value, const std::string& name, Findings& findings) {
  if (value.kind == YamlValue::Kind::null) return std::vector<std::string>();
  if (value.kind == YamlValue::Kind::text) return std::vector<std::string>{value.text};
  std::vector<std::string> texts;
  for (const YamlValue& item : value.items) {
    if (item.kind == YamlValue::Kind::text) texts.push_back(item.text);
  }
  if (value.kind == YamlValue::Kind::list && texts.size() == value.items.size()) return texts;
  must_be(value, name, "a text or a list of texts", findings);
  return std::nullopt;
}

std::optional<std::vector<std::string>> words_in(const YamlValue& value, const std::string& name, Findings& findings) {
  if (value.kind == YamlValue::Kind::text) return split_words(value.text);
  return texts_in(value, name, findings);
}

std::vector<std::string> split_words(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::vector<std::string> words;
  while (true) {
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(kBlanks), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace pushjudge::packages
