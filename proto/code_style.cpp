#include "proto/code_style.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace pushjudge {

namespace {

using nlohmann::json;

// A text that says more than this goes round in circles.
constexpr std::size_t kFilledBytesMax = 4 << 20;
constexpr std::size_t kTextsDepthMax = 16;

constexpr std::array<const char*, kScalarCount> kScalarFlags{"of_integer",   "of_long",      "of_double",
                                                             "of_boolean",   "of_character", "of_string",
                                                             "of_list_node", "of_tree_node", "is_void"};
constexpr std::array<const char*, 4> kDimensionFlags{"0_dimensions", "1_dimensions", "2_dimensions", "3_dimensions"};

constexpr std::array<std::string_view, 51> kTagNames{"is_class",
                                                     "is_function",
                                                     "class_name",
                                                     "class_camel",
                                                     "class_snake",
                                                     "class_pascal",
                                                     "signature",
                                                     "signature_string",
                                                     "uses_list_node",
                                                     "uses_tree_node",
                                                     "constructor",
                                                     "methods",
                                                     "name",
                                                     "camel",
                                                     "snake",
                                                     "pascal",
                                                     "raw",
                                                     "arity",
                                                     "parameters",
                                                     "returns",
                                                     "answer",
                                                     "output",
                                                     "is_output",
                                                     "is_in_place",
                                                     "type",
                                                     "boxed",
                                                     "base",
                                                     "scalar",
                                                     "wire",
                                                     "dimensions",
                                                     "element",
                                                     "is_void",
                                                     "is_container",
                                                     "is_array",
                                                     "is_list",
                                                     "is_scalar",
                                                     "0_dimensions",
                                                     "1_dimensions",
                                                     "2_dimensions",
                                                     "3_dimensions",
                                                     "of_integer",
                                                     "of_long",
                                                     "of_double",
                                                     "of_boolean",
                                                     "of_character",
                                                     "of_string",
                                                     "of_list_node",
                                                     "of_tree_node",
                                                     "index",
                                                     "first",
                                                     "last"};

// Texts

enum class TagKind { value, section, inverted, end, text };

struct Tag {
  TagKind kind = TagKind::value;
  std::string_view name;
  std::size_t begin = 0;  // of the tag; for one alone on its line, of the line
  std::size_t end = 0;
};

bool is_tag_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_line_blank(char c) {
  return c == ' ' || c == '\t';
}

// Where the {{>name}} begins that ends at `end`; `end` when there is none.
std::size_t text_tag_before(std::string_view text, std::size_t end) {
  if (!text.substr(0, end).ends_with("}}")) return end;
  auto begin = end - 2;
  while (begin > 0 && is_tag_character(text[begin - 1])) --begin;
  return text.substr(0, begin).ends_with("{{>") ? begin - 3 : end;
}

// The line of a section's tag goes with it when there is nothing else on it; behind texts, its end.
void take_line(std::string_view text, Tag& tag) {
  auto end = tag.end;
  while (end < text.size() && is_line_blank(text[end])) ++end;
  if (end < text.size() && text[end] != '\n') return;
  auto begin = tag.begin;
  while (begin > 0 && is_line_blank(text[begin - 1])) --begin;
  auto line = begin;
  for (auto before = text_tag_before(text, line); before != line; before = text_tag_before(text, line)) line = before;
  while (line > 0 && is_line_blank(text[line - 1])) --line;
  if (line > 0 && text[line - 1] != '\n') return;
  tag.begin = line == begin ? begin : tag.begin;
  tag.end = std::min(end + 1, text.size());
}

std::optional<Tag> next_tag(std::string_view text, std::size_t from) {
  for (auto at = text.find("{{", from); at != std::string_view::npos; at = text.find("{{", at + 1)) {
    Tag tag;
    tag.begin = at;
    auto name = at + 2;
    const auto mark = name < text.size() ? text[name] : '\0';
    if (mark == '#') tag.kind = TagKind::section;
    if (mark == '^') tag.kind = TagKind::inverted;
    if (mark == '/') tag.kind = TagKind::end;
    if (mark == '>') tag.kind = TagKind::text;
    if (tag.kind != TagKind::value) ++name;
    auto end = name;
    while (end < text.size() && is_tag_character(text[end])) ++end;
    if (end == name || text.substr(end, 2) != "}}") continue;
    tag.name = text.substr(name, end - name);
    tag.end = end + 2;
    if (tag.kind == TagKind::section || tag.kind == TagKind::inverted || tag.kind == TagKind::end) take_line(text, tag);
    return tag;
  }
  return std::nullopt;
}

// The tag that closes the section whose inside begins at `from`.
std::optional<Tag> closing_tag(std::string_view text, std::size_t from) {
  std::size_t depth = 0;
  for (auto tag = next_tag(text, from); tag; tag = next_tag(text, tag->end)) {
    if (tag->kind == TagKind::section || tag->kind == TagKind::inverted) ++depth;
    if (tag->kind == TagKind::end && depth-- == 0) return tag;
  }
  return std::nullopt;
}

class Filling {
 public:
  Filling(const CodeStyle& style, const json& whole) : style_(style), around_{&whole} {}

  std::string of(std::string_view text) {
    add(text, 0);
    return std::move(filled_);
  }

 private:
  void add(std::string_view text, std::size_t depth);
  void add_section(const json& value, std::string_view inside, std::size_t depth);
  void add_value(const json& value);
  const json& find(std::string_view name) const;

  const CodeStyle& style_;
  std::vector<const json*> around_;
  std::string filled_;
};

const json& Filling::find(std::string_view name) const {
  static const json kNothing;
  for (auto object = around_.rbegin(); object != around_.rend(); ++object) {
    if (const auto found = (*object)->find(name); found != (*object)->end()) return *found;
  }
  return kNothing;
}

bool holds(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_array()) return !value.empty();
  if (value.is_string()) return !value.get_ref<const std::string&>().empty();
  return !value.is_null();
}

void Filling::add_value(const json& value) {
  if (value.is_string()) filled_ += value.get_ref<const std::string&>();
  if (value.is_number()) filled_ += value.dump();
}

void Filling::add_section(const json& value, std::string_view inside, std::size_t depth) {
  if (!holds(value)) return;
  if (!value.is_array() && !value.is_object()) return add(inside, depth);
  if (value.is_object()) {
    around_.push_back(&value);
    add(inside, depth);
    around_.pop_back();
    return;
  }
  for (const auto& entry : value) {
    around_.push_back(&entry);
    add(inside, depth);
    around_.pop_back();
  }
}

void Filling::add(std::string_view text, std::size_t depth) {
  if (depth > kTextsDepthMax) return;
  std::size_t at = 0;
  for (auto tag = next_tag(text, at); tag && filled_.size() < kFilledBytesMax; tag = next_tag(text, at)) {
    filled_ += text.substr(at, tag->begin - at);
    at = tag->end;
    if (tag->kind == TagKind::value) {
      add_value(find(tag->name));
    } else if (tag->kind == TagKind::text) {
      if (const auto found = style_.texts.find(tag->name); found != style_.texts.end()) add(found->second, depth + 1);
    } else if (tag->kind != TagKind::end) {
      const auto closing = closing_tag(text, at);
      if (!closing) return;
      // Two tags on one line may both claim it.
      const auto inside = text.substr(at, std::max(closing->begin, at) - at);
      const auto& value = find(tag->name);
      if (tag->kind == TagKind::section) add_section(value, inside, depth + 1);
      if (tag->kind == TagKind::inverted && !holds(value)) add(inside, depth + 1);
      at = closing->end;
    }
  }
  filled_ += text.substr(at);
}

// What a signature says

std::string replaced(std::string text, std::string_view tag, const std::string& by) {
  for (auto at = text.find(tag); at != std::string::npos; at = text.find(tag, at + by.size())) {
    text.replace(at, tag.size(), by);
  }
  return text;
}

const std::string& scalar_text(const CodeStyle& style, Scalar scalar) {
  return style.types.find(to_string(scalar))->second;
}

std::string boxed_text(const CodeStyle& style, const Type& type) {
  if (!type.containers.empty()) return type_text(style, type);
  const auto found = style.boxed.find(to_string(type.scalar));
  return found == style.boxed.end() ? scalar_text(style, type.scalar) : found->second;
}

json type_values(const CodeStyle& style, const Type& type) {
  const auto scalar = static_cast<std::size_t>(type.scalar);
  json values;
  values["type"] = type_text(style, type);
  values["boxed"] = boxed_text(style, type);
  values["base"] = scalar_text(style, type.scalar);
  values["scalar"] = to_string(type.scalar);
  values["wire"] = to_string(type);
  values["dimensions"] = type.containers.size();
  // All of them are said, so that nothing is looked for around the type.
  for (std::size_t other = 0; other < kScalarFlags.size(); ++other) values[kScalarFlags[other]] = other == scalar;
  for (std::size_t count = 0; count < kDimensionFlags.size(); ++count) {
    values[kDimensionFlags[count]] = count == type.containers.size();
  }
  values["is_scalar"] = type.containers.empty();
  values["is_container"] = !type.containers.empty();
  values["is_array"] = !type.containers.empty() && type.containers[0] == Container::array;
  values["is_list"] = !type.containers.empty() && type.containers[0] == Container::list;
  values["element"] = type.containers.empty() ? json() : type_values(style, type.element());
  return values;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
char upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}
char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

// "validIPAddress" is "valid_ip_address".
std::string snake_case(const std::string& name) {
  std::string snake;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins = i > 0 && is_upper(name[i]) && name[i - 1] != '_' &&
                        (!is_upper(name[i - 1]) || (i + 1 < name.size() && is_lower(name[i + 1])));
    if (begins) snake += '_';
    snake += lower(name[i]);
  }
  return snake;
}

void add_names(const CodeStyle& style, json& values, const std::string& prefix, const std::string& name) {
  const auto free = [&](std::string form) { return style.keywords.contains(form) ? form + "_" : form; };
  auto camel = name;
  camel[0] = lower(camel[0]);
  auto pascal = name;
  pascal[0] = upper(pascal[0]);
  values[prefix + "name"] = free(name);
  values[prefix + "camel"] = free(camel);
  values[prefix + "snake"] = free(snake_case(name));
  values[prefix + "pascal"] = free(pascal);
}

void number(json& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i]["index"] = i;
    entries[i]["first"] = i == 0;
    entries[i]["last"] = i + 1 == entries.size();
  }
}

json parameter_values(const CodeStyle& style, const Parameter& parameter) {
  auto values = type_values(style, parameter.type);
  add_names(style, values, "", parameter.name);
  values["raw"] = parameter.name;
  values["is_output"] = false;
  return values;
}

json parameters_values(const CodeStyle& style, const std::vector<Parameter>& parameters) {
  auto all = json::array();
  for (const auto& one : parameters) all.push_back(parameter_values(style, one));
  number(all);
  return all;
}

json function_values(const CodeStyle& style, const Function& function, std::optional<std::uint32_t> output) {
  json values = json::object();
  add_names(style, values, "", function.name);
  values["raw"] = function.name;
  values["arity"] = function.parameters.size();
  values["parameters"] = parameters_values(style, function.parameters);
  values["returns"] = type_values(style, function.returns);
  values["answer"] = values["returns"];
  values["output"] = json();
  values["is_in_place"] = output.has_value();
  if (output) {
    values["parameters"][*output]["is_output"] = true;
    values["output"] = values["parameters"][*output];
    values["answer"] = type_values(style, function.parameters[*output].type);
  }
  return values;
}

template <class Visit>
void each_type(const Signature& signature, const Visit& visit) {
  const auto each_of = [&](const std::vector<Parameter>& parameters) {
    for (const auto& one : parameters) visit(one.type);
  };
  each_of(signature.constructor);
  each_of(signature.function.parameters);
  visit(signature.function.returns);
  for (const auto& method : signature.methods) {
    each_of(method.parameters);
    visit(method.returns);
  }
}

bool uses(const Signature& signature, Scalar scalar) {
  bool found = false;
  each_type(signature, [&](const Type& type) { found = found || type.scalar == scalar; });
  return found;
}

json signature_values(const CodeStyle& style, const Signature& signature) {
  json values = json::object();
  if (signature.is_class()) {
    add_names(style, values, "class_", signature.class_name);
    values["constructor"] = {{"parameters", parameters_values(style, signature.constructor)},
                             {"arity", signature.constructor.size()}};
    auto methods = json::array();
    for (const auto& method : signature.methods) methods.push_back(function_values(style, method, std::nullopt));
    number(methods);
    values["methods"] = std::move(methods);
  } else {
    values = function_values(style, signature.function, signature.output_parameter);
  }
  values["is_class"] = signature.is_class();
  values["is_function"] = !signature.is_class();
  values["signature"] = to_json(signature);
  values["signature_string"] = json(to_json(signature)).dump();
  values["uses_list_node"] = uses(signature, Scalar::list_node);
  values["uses_tree_node"] = uses(signature, Scalar::tree_node);
  return values;
}

// Reading a style

struct BadStyle {
  std::string what;
};

std::string string_in(const json& value, const std::string& key) {
  if (!value.is_string()) throw BadStyle{key + ": it is no text"};
  return value;
}

CodeStyle::Texts texts_in(const json& object, const char* key) {
  CodeStyle::Texts texts;
  const auto found = object.find(key);
  if (found == object.end()) return texts;
  if (!found->is_object()) throw BadStyle{std::string(key) + ": it is no map"};
  for (const auto& [name, text] : found->items()) texts[name] = string_in(text, std::string(key) + "." + name);
  return texts;
}

std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw BadStyle{std::string(key) + ": it is missing"};
  return string_in(*found, key);
}

void require_scalars(const CodeStyle::Texts& texts, const std::string& key) {
  for (const auto& [name, text] : texts) {
    if (!parse_scalar(name)) throw BadStyle{key + "." + name + ": no such type"};
  }
}

CodeStyle style_in(const json& object) {
  if (!object.is_object()) throw BadStyle{"the style is no map"};
  constexpr std::array<std::string_view, 9> kKeys{"types", "boxed",   "arrays",   "array",         "list",
                                                  "texts", "starter", "keywords", "dimensions_max"};
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::find(kKeys, key) == kKeys.end()) throw BadStyle{key + ": no such key"};
  }
  CodeStyle style;
  style.types = texts_in(object, "types");
  style.boxed = texts_in(object, "boxed");
  style.arrays = texts_in(object, "arrays");
  require_scalars(style.types, "types");
  require_scalars(style.boxed, "boxed");
  require_scalars(style.arrays, "arrays");
  for (std::size_t scalar = 0; scalar < kScalarCount; ++scalar) {
    const auto name = to_string(static_cast<Scalar>(scalar));
    if (!style.types.contains(name)) throw BadStyle{"types: " + std::string(name) + " is missing"};
  }
  style.array = text_in(object, "array");
  style.list = text_in(object, "list");
  style.texts = texts_in(object, "texts");
  style.starter = text_in(object, "starter");
  if (const auto keywords = object.find("keywords"); keywords != object.end()) {
    if (!keywords->is_array()) throw BadStyle{"keywords: it is no list"};
    for (const auto& word : *keywords) style.keywords.insert(string_in(word, "keywords"));
  }
  if (const auto most = object.find("dimensions_max"); most != object.end()) {
    if (!most->is_number_unsigned() || *most > kDimensionsMax) throw BadStyle{"dimensions_max: it is not 0 to 3"};
    style.dimensions_max = *most;
  }
  return style;
}

}  // namespace

Result<CodeStyle> parse_code_style(std::string_view text) {
  const auto object = json::parse(text, nullptr, false);
  if (object.is_discarded()) return Error{Errc::invalid, "the style is no JSON"};
  try {
    auto style = style_in(object);
    for (const auto& [name, own] : style.texts) {
      if (const auto checked = check_text(style, own); !checked) {
        return Error{Errc::invalid, "texts." + name + ": " + checked.error().message};
      }
    }
    if (const auto checked = check_text(style, style.starter); !checked) {
      return Error{Errc::invalid, "starter: " + checked.error().message};
    }
    return style;
  } catch (const BadStyle& bad) {
    return Error{Errc::invalid, bad.what};
  }
}

Result<void> check_text(const CodeStyle& style, std::string_view text, const CodeStyle::Texts& besides) {
  std::vector<std::string_view> open;
  for (auto tag = next_tag(text, 0); tag; tag = next_tag(text, tag->end)) {
    const auto wrong = [&](const char* what) { return Error{Errc::invalid, what + std::string(tag->name)}; };
    if (tag->kind == TagKind::text) {
      if (!style.texts.contains(tag->name)) return wrong("there is no text ");
      continue;
    }
    const bool known = std::ranges::find(kTagNames, tag->name) != kTagNames.end() || besides.contains(tag->name);
    if (!known) return wrong("there is nothing called ");
    if (tag->kind == TagKind::end) {
      if (open.empty() || open.back() != tag->name) return wrong("it closes what is not open: ");
      open.pop_back();
    } else if (tag->kind != TagKind::value) {
      open.push_back(tag->name);
    }
  }
  if (!open.empty()) return Error{Errc::invalid, "it does not close " + std::string(open.back())};
  return {};
}

std::string fill_in(const CodeStyle& style, std::string_view text, const Signature& signature,
                    const CodeStyle::Texts& besides) {
  auto values = signature_values(style, signature);
  for (const auto& [name, value] : besides) values[name] = value;
  return Filling(style, values).of(text);
}

std::string type_text(const CodeStyle& style, const Type& type) {
  if (type.containers.empty()) return scalar_text(style, type.scalar);
  const auto element = type.element();
  const bool is_array = type.containers[0] == Container::array;
  if (is_array && element.containers.empty()) {
    const auto own = style.arrays.find(to_string(type.scalar));
    if (own != style.arrays.end()) return own->second;
  }
  const auto text = replaced(is_array ? style.array : style.list, "{{element}}", type_text(style, element));
  return replaced(text, "{{boxed}}", boxed_text(style, element));
}

std::string starter_code(const CodeStyle& style, const Signature& signature) {
  return fill_in(style, style.starter, signature);
}

std::optional<std::string> unsupported(const CodeStyle& style, const Signature& signature) {
  std::optional<std::string> reason;
  each_type(signature, [&](const Type& type) {
    if (type.containers.size() > style.dimensions_max) {
      reason = "This language has no functions with values of the type " + to_string(type) + ".";
    }
  });
  return reason;
}

}  // namespace pushjudge
