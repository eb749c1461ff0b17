#include "worker/checker.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace pushjudge {

namespace {

std::string_view without_blanks_at_end(std::string_view text) {
  constexpr std::string_view kBlanks{" \t\n\v\f\r\0", 7};
  const auto last = text.find_last_not_of(kBlanks);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// Takes the first line off `text`, without its line break.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

constexpr std::string_view kSpaces = " \t\n\v\f\r";

std::string_view take_spaces(std::string_view& text) {
  const auto spaces = text.substr(0, text.find_first_not_of(kSpaces));
  text.remove_prefix(spaces.size());
  return spaces;
}

std::string_view take_token(std::string_view& text) {
  const auto token = text.substr(0, text.find_first_of(kSpaces));
  text.remove_prefix(token.size());
  return token;
}

bool same_letters(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

// A decimal number that is all of the token; neither infinity nor nan.
std::optional<double> number_of(std::string_view token) {
  if (token.starts_with('+') && !token.starts_with("+-")) token.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), value);
  if (read.ec != std::errc() || read.ptr != token.data() + token.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool near_enough(double printed, double expected, const CompareFlags& flags) {
  const double error = std::fabs(printed - expected);
  return (flags.absolute_tolerance && error <= *flags.absolute_tolerance) ||
         (flags.relative_tolerance && error <= *flags.relative_tolerance * std::fabs(expected));
}

bool same_token(std::string_view printed, std::string_view expected, const CompareFlags& flags) {
  if (flags.absolute_tolerance || flags.relative_tolerance) {
    if (const auto wanted = number_of(expected)) {
      const auto got = number_of(printed);
      return got && near_enough(*got, *wanted, flags);
    }
  }
  return flags.case_sensitive ? printed == expected : same_letters(printed, expected);
}

std::string quoted(std::string_view token) {
  constexpr std::size_t kShown = 60;
  if (token.empty()) return "the end";
  std::string text = "\"";
  for (const char c : token.substr(0, kShown)) text += c >= ' ' && c < 127 ? c : '?';
  return text + (token.size() > kShown ? "\"..." : "\"");
}

}  // namespace

bool same_output(std::string_view printed, std::string_view expected) {
  printed = without_blanks_at_end(printed);
  expected = without_blanks_at_end(expected);
  while (!printed.empty() && !expected.empty()) {
    if (without_blanks_at_end(take_line(printed)) != without_blanks_at_end(take_line(expected))) return false;
  }
  return printed.empty() && expected.empty();
}

std::optional<std::string> difference(std::string_view printed, std::string_view answer, const CompareFlags& flags) {
  std::size_t number = 0;
  while (true) {
    const auto printed_spaces = take_spaces(printed);
    const auto answer_spaces = take_spaces(answer);
    ++number;
    const std::string where = "token " + std::to_string(number);
    if (flags.space_change_sensitive && printed_spaces != answer_spaces) return "other blanks before " + where;
    const auto got = take_token(printed);
    const auto wanted = take_token(answer);
    if (got.empty() && wanted.empty()) return std::nullopt;
    if (got.empty() || wanted.empty() || !same_token(got, wanted, flags)) {
      return where + " is " + quoted(got) + " where " + quoted(wanted) + " is expected";
    }
  }
}

}  // namespace pushjudge
