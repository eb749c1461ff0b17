#include "proto/function_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "proto/base/names.hpp"
#include "proto/codec.hpp"

namespace pushjudge {

namespace {

constexpr std::array<std::string_view, 3> kOrderNames{"exact", "unordered", "unordered_nested"};

constexpr std::size_t kWordCharactersMax = 24;  // of what a message repeats of a text

// Where a text is no value of its type, and what was expected there.
struct BadValue {
  std::string what;
};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void append_code_point(std::string& text, std::uint32_t code) {
  const auto byte = [&](std::uint32_t bits) { text += static_cast<char>(bits); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | (code >> 6));
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3f));
    byte(0x80 | ((code >> 6) & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// A double as it is read back, in its shortest form; what is no number of JSON is written as a string.
std::string real_text(double value) {
  if (std::isnan(value)) return "\"NaN\"";
  if (std::isinf(value)) return value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  if (value == 0) return "0";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::optional<double> real_in(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  // What is too large or too small for a double is as good as infinite or nothing.
  if (read.ec == std::errc::result_out_of_range) {
    const bool small = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
    const double size = small ? 0 : std::numeric_limits<double>::infinity();
    return text.starts_with('-') ? -size : size;
  }
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

// Reads values one after another, and appends each in its canonical form.
class ValueReader {
 public:
  explicit ValueReader(std::string_view text) : text_(text) {}

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  // What stands between values where a person wrote them.
  void skip_separators() {
    while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == ',')) ++at_;
  }
  bool at_end() const { return at_ == text_.size(); }

  // "name =" if that is what comes next.
  void skip_name(const std::string& name) {
    const auto start = at_;
    while (at_ < text_.size() && is_identifier(text_.substr(start, at_ + 1 - start))) ++at_;
    const auto word = text_.substr(start, at_ - start);
    skip_blanks();
    if (!word.empty() && peek() == '=') {
      if (word != name) refuse("'" + name + " ='", start);
      ++at_;
      skip_blanks();
    } else {
      at_ = start;
    }
  }

  void value(const Type& type, std::string& out) {
    skip_blanks();
    if (!type.containers.empty()) {
      const auto element = type.element();
      array([&] { value(element, out); }, out);
    } else {
      scalar(type.scalar, out);
    }
  }

  template <class Each>
  void array(Each each, std::string& out) {
    expect('[', "an array");
    out += '[';
    skip_blanks();
    if (peek() != ']') {
      while (true) {
        each();
        skip_blanks();
        if (peek() != ',') break;
        ++at_;
        out += ',';
      }
    }
    expect(']', "',' or ']'");
    out += ']';
  }

  // The text of a string.
  std::string string(const char* what) {
    skip_blanks();
    expect('"', what);
    std::string text;
    while (true) {
      const auto start = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20) {
        ++at_;
      }
      text += text_.substr(start, at_ - start);
      if (peek() == '"') break;
      if (peek() != '\\') refuse("the end of a string", at_);
      ++at_;
      escape(text);
    }
    ++at_;
    return text;
  }

  void null() {
    skip_blanks();
    if (!take_word("null")) refuse("null", at_);
  }

  void end() {
    skip_blanks();
    if (!at_end()) refuse("the end", at_);
  }

  void skip_comma() {
    skip_blanks();
    expect(',', "','");
  }

  [[noreturn]] void refuse(const std::string& expected, std::size_t at) const {
    auto found = std::string(text_.substr(at, kWordCharactersMax));
    while (!found.empty() && !is_utf8(found)) found.pop_back();
    found = found.substr(0, found.find_first_of("\r\n"));
    throw BadValue{"expected " + expected + (found.empty() ? " where there is nothing more" : ", not `" + found + "`")};
  }
  std::size_t position() const { return at_; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void expect(char c, const char* what) {
    if (peek() != c || at_end()) refuse(what, at_);
    ++at_;
  }

  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::string_view number_text() {
    const auto start = at_;
    while (at_ < text_.size() && (std::string_view("+-.eE").find(text_[at_]) != std::string_view::npos ||
                                  (text_[at_] >= '0' && text_[at_] <= '9'))) {
      ++at_;
    }
    return text_.substr(start, at_ - start);
  }

  void whole(std::int64_t least, std::int64_t most, const char* what, std::string& out) {
    const auto start = at_;
    const auto text = number_text();
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fits = read.ec == std::errc() && read.ptr == text.data() + text.size();
    if (!fits || value < least || value > most) refuse(what, start);
    out += std::to_string(value);
  }

  void real(std::string& out) {
    const auto start = at_;
    if (peek() == '"') {
      const auto text = string("a number");
      if (text != "NaN" && text != "Infinity" && text != "-Infinity") refuse("a number", start);
      append_string(out, text);
      return;
    }
    const auto value = real_in(number_text());
    if (!value) refuse("a number", start);
    out += real_text(*value);
  }

  void tree(std::string& out) {
    std::string levels;
    std::size_t kept = 0;  // up to the last node that is there
    array(
        [&] {
          skip_blanks();
          // The comma before it is there already.
          if (take_word("null")) {
            levels += "null";
          } else {
            integer(levels);
            kept = levels.size();
          }
        },
        levels);
    if (kept == 0) {
      out += "[]";
      return;
    }
    levels.resize(kept);
    out += levels;
    out += ']';
  }

  void integer(std::string& out) {
    constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    whole(kLeast, kMost, "an integer of 32 bits", out);
  }

  void scalar(Scalar scalar, std::string& out) {
    switch (scalar) {
      case Scalar::integer:
        return integer(out);
      case Scalar::long_integer:
        return whole(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
                     "an integer of 64 bits", out);
      case Scalar::real:
        return real(out);
      case Scalar::boolean:
        if (take_word("true")) {
          out += "true";
        } else if (take_word("false")) {
          out += "false";
        } else {
          refuse("true or false", at_);
        }
        return;
      case Scalar::character: {
        const auto start = at_;
        const auto text = string("a string of one character");
        if (code_points(text) != 1 || !is_utf8(text)) refuse("a string of one character", start);
        append_string(out, text);
        return;
      }
      case Scalar::string: {
        const auto start = at_;
        const auto text = string("a string");
        if (!is_utf8(text)) refuse("a string in UTF-8", start);
        append_string(out, text);
        return;
      }
      case Scalar::list_node:
        if (take_word("null")) {
          out += "[]";
        } else {
          array(
              [&] {
                skip_blanks();
                integer(out);
              },
              out);
        }
        return;
      case Scalar::tree_node:
        if (take_word("null")) {
          out += "[]";
        } else {
          tree(out);
        }
        return;
      case Scalar::nothing:
        null();
        out += "null";
        return;
    }
    refuse("a value of a type that is known", at_);
  }

  std::uint32_t hex4() {
    std::uint32_t code = 0;
    const auto digits = text_.substr(at_, 4);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != 4 || read.ec != std::errc() || read.ptr != digits.data() + 4) refuse("four hex digits", at_);
    at_ += 4;
    return code;
  }

  // Behind a backslash.
  void escape(std::string& text) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    const auto named = at_end() ? std::string_view::npos : kNames.find(text_[at_]);
    if (named != std::string_view::npos) {
      text += kMeant[named];
      ++at_;
      return;
    }
    if (peek() != 'u') refuse("an escape", at_);
    ++at_;
    const auto start = at_;
    auto code = hex4();
    if (code >= 0xd800 && code < 0xdc00 && take_word("\\u")) {
      const auto low = hex4();
      if (low < 0xdc00 || low >= 0xe000) refuse("the second half of a character", start);
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (code >= 0xd800 && code < 0xe000) refuse("a whole character", start);
    append_code_point(text, code);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// The calls of a class: the class first.
using Calls = std::vector<const Function*>;  // null for the constructor

void parameters_of_call(ValueReader& in, const std::vector<Parameter>& parameters, std::string& out) {
  std::size_t next = 0;
  in.array(
      [&] {
        if (next == parameters.size()) in.refuse(std::to_string(next) + " arguments", in.position());
        in.value(parameters[next++].type, out);
      },
      out);
  if (next != parameters.size()) in.refuse(std::to_string(parameters.size()) + " arguments", in.position());
}

Calls names_of_calls(ValueReader& in, const Signature& signature, std::string& out) {
  Calls calls;
  in.array(
      [&] {
        const auto start = in.position();
        const auto name = in.string("a method's name");
        const auto method = std::ranges::find(signature.methods, name, &Function::name);
        const bool constructs = calls.empty();
        if (constructs ? name != signature.class_name : method == signature.methods.end()) {
          in.refuse(constructs ? "\"" + signature.class_name + "\"" : "a method's name", start);
        }
        calls.push_back(constructs ? nullptr : &*method);
        append_string(out, name);
      },
      out);
  if (calls.empty()) in.refuse("\"" + signature.class_name + "\"", in.position());
  return calls;
}

// Of a line that holds their names and nothing else.
Calls calls_in(const Signature& signature, std::string_view line) {
  ValueReader in(line);
  std::string names;
  return names_of_calls(in, signature, names);
}

// The next test of the text.
Arguments next_arguments(ValueReader& in, const Signature& signature) {
  Arguments lines;
  if (!signature.is_class()) {
    for (const auto& parameter : signature.function.parameters) {
      in.skip_separators();
      in.skip_name(parameter.name);
      std::string line;
      try {
        in.value(parameter.type, line);
      } catch (const BadValue& bad) {
        throw BadValue{parameter.name + ": " + bad.what};
      }
      lines.push_back(std::move(line));
    }
    return lines;
  }
  lines.resize(2);
  in.skip_separators();
  const auto calls = names_of_calls(in, signature, lines[0]);
  in.skip_separators();
  std::size_t next = 0;
  in.array(
      [&] {
        if (next == calls.size()) in.refuse("arguments of " + std::to_string(next) + " calls", in.position());
        const auto* method = calls[next++];
        in.skip_blanks();
        parameters_of_call(in, method == nullptr ? signature.constructor : method->parameters, lines[1]);
      },
      lines[1]);
  if (next != calls.size()) {
    in.refuse("arguments of " + std::to_string(calls.size()) + " calls", in.position());
  }
  return lines;
}

// The elements of a canonical array, of which the first `elements_max` are enough.
std::vector<std::string_view> elements_of(std::string_view array, std::size_t elements_max = std::string_view::npos) {
  std::vector<std::string_view> elements;
  std::size_t depth = 0;
  bool quoted = false;
  std::size_t start = 1;
  for (std::size_t at = 1; at + 1 < array.size(); ++at) {
    const char c = array[at];
    if (quoted) {
      if (c == '\\') ++at;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[') {
      ++depth;
    } else if (c == ']') {
      --depth;
    } else if (c == ',' && depth == 0) {
      if (elements.size() == elements_max) return elements;
      elements.push_back(array.substr(start, at - start));
      start = at + 1;
    }
  }
  if (array.size() > 2) elements.push_back(array.substr(start, array.size() - 1 - start));
  return elements;
}

bool is_array(std::string_view value) {
  return value.starts_with('[');
}

bool comes_before(std::string_view one, std::string_view other) {
  const auto left = real_in(one);
  const auto right = real_in(other);
  // Longs of many digits are the same as doubles, and still have an order.
  return left && right && *left != *right ? *left < *right : one < other;
}

// The same for all orders of its elements, and of theirs for so many levels.
std::string in_order(std::string_view array, std::size_t levels) {
  std::vector<std::string> inner;
  auto elements = elements_of(array);
  if (levels > 1) {
    for (const auto element : elements)
      inner.push_back(is_array(element) ? in_order(element, levels - 1) : std::string(element));
    elements.assign(inner.begin(), inner.end());
  }
  std::ranges::sort(elements, comes_before);
  std::string ordered = "[";
  for (const auto element : elements) {
    if (ordered.size() > 1) ordered += ',';
    ordered += element;
  }
  return ordered + "]";
}

// How far the token that begins at `at` goes: a number, a string, a word; a bracket or comma by itself.
std::size_t end_of_token(std::string_view text, std::size_t at) {
  if (text[at] == '"') {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\') ++at;
    }
    return std::min(at + 1, text.size());
  }
  const auto end = text.find_first_of(",]", at);
  return std::max(at + 1, text[at] == '[' ? at + 1 : std::min(end, text.size()));
}

bool is_near(double expected, double answer, double tolerance) {
  if (expected == answer) return true;
  return std::abs(expected - answer) <= tolerance * std::max(1.0, std::abs(expected));
}

// Token by token; two that differ are numbers within the tolerance. Whole numbers are compared as they are written.
bool is_same_within(double tolerance, std::string_view expected, std::string_view answer) {
  const auto is_whole = [](std::string_view number) { return number.find_first_of(".e") == std::string_view::npos; };
  std::size_t left = 0;
  std::size_t right = 0;
  while (left < expected.size() && right < answer.size()) {
    const auto wanted = expected.substr(left, end_of_token(expected, left) - left);
    const auto given = answer.substr(right, end_of_token(answer, right) - right);
    left += wanted.size();
    right += given.size();
    if (wanted == given) continue;
    const auto one = real_in(wanted);
    const auto other = real_in(given);
    if (!one || !other || (is_whole(wanted) && is_whole(given))) return false;
    if (!is_near(*one, *other, tolerance)) return false;
  }
  return left == expected.size() && right == answer.size();
}

// Only within so many dimensions may elements be in any order: nodes of a list or tree are none.
bool is_same_in_order(const AnswerComparison& comparison, std::size_t dimensions, std::string_view expected,
                      std::string_view answer) {
  if (expected == answer) return true;
  const auto levels = comparison.order == AnswerOrder::unordered ? std::min<std::size_t>(1, dimensions) : dimensions;
  if (comparison.order == AnswerOrder::exact || levels == 0 || !is_array(expected) || !is_array(answer)) {
    return is_same_within(comparison.tolerance, expected, answer);
  }
  // An answer may be far larger than what is expected, and would be put into order for long.
  const auto count = elements_of(expected).size();
  if (elements_of(answer, count + 1).size() != count) return false;
  return is_same_within(comparison.tolerance, in_order(expected, levels), in_order(answer, levels));
}

}  // namespace

std::string_view to_string(AnswerOrder order) {
  return name_of(kOrderNames, order);
}

std::optional<AnswerOrder> parse_answer_order(std::string_view text) {
  return with_name<AnswerOrder>(kOrderNames, text);
}

std::size_t lines_per_test(const Signature& signature) {
  return signature.is_class() ? 2 : signature.function.parameters.size();
}

Result<std::string> canonical(const Type& type, std::string_view json) {
  ValueReader in(json);
  std::string text;
  try {
    in.value(type, text);
    in.end();
  } catch (const BadValue& bad) {
    return Error{Errc::invalid, bad.what};
  }
  return text;
}

Result<Arguments> parse_arguments(const Signature& signature, std::string_view text) {
  ValueReader in(text);
  try {
    auto arguments = next_arguments(in, signature);
    in.skip_separators();
    in.end();
    return arguments;
  } catch (const BadValue& bad) {
    return Error{Errc::invalid, bad.what};
  }
}

Result<std::vector<Arguments>> parse_tests(const Signature& signature, std::string_view text, std::size_t tests_max) {
  ValueReader in(text);
  std::vector<Arguments> tests;
  try {
    in.skip_separators();
    while (!in.at_end()) {
      if (tests.size() == tests_max) {
        return Error{Errc::invalid, "there are more than " + std::to_string(tests_max) + " tests"};
      }
      tests.push_back(next_arguments(in, signature));
      in.skip_separators();
    }
  } catch (const BadValue& bad) {
    return Error{Errc::invalid, "test " + std::to_string(tests.size() + 1) + ": " + bad.what};
  }
  if (tests.empty()) return Error{Errc::invalid, "there is no test"};
  return tests;
}

Result<std::string> canonical_answer(const Signature& signature, std::string_view calls, std::string_view json) {
  if (!signature.is_class()) return canonical(signature.answer_type(), json);
  std::string text;
  try {
    const auto methods = calls_in(signature, calls);
    ValueReader in(json);
    in.skip_blanks();
    std::size_t next = 0;
    const auto count = std::to_string(methods.size());
    in.array(
        [&] {
          if (next == methods.size()) in.refuse("what " + count + " calls gave", in.position());
          const auto* method = methods[next++];
          in.value(method == nullptr ? Type{} : method->returns, text);
        },
        text);
    if (next != methods.size()) in.refuse("what " + count + " calls gave", in.position());
    in.end();
  } catch (const BadValue& bad) {
    return Error{Errc::invalid, bad.what};
  }
  return text;
}

bool is_same(const AnswerComparison& comparison, std::string_view expected, std::string_view answer) {
  return is_same_in_order(comparison, kDimensionsMax, expected, answer);
}

bool is_same_answer(const AnswerComparison& comparison, const Signature& signature, std::string_view calls,
                    std::string_view expected, std::string_view answer) {
  if (!signature.is_class()) {
    return is_same_in_order(comparison, signature.answer_type().containers.size(), expected, answer);
  }
  const auto methods = calls_in(signature, calls);
  const auto wanted = elements_of(expected);
  const auto given = elements_of(answer);
  if (wanted.size() != methods.size() || given.size() != wanted.size()) return false;
  for (std::size_t call = 0; call < wanted.size(); ++call) {
    const auto* method = methods[call];
    const auto dimensions = method == nullptr ? 0 : method->returns.containers.size();
    if (!is_same_in_order(comparison, dimensions, wanted[call], given[call])) return false;
  }
  return true;
}

}  // namespace pushjudge
