#include "worker/checker.hpp"

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

}  // namespace

bool same_output(std::string_view printed, std::string_view expected) {
  printed = without_blanks_at_end(printed);
  expected = without_blanks_at_end(expected);
  while (!printed.empty() && !expected.empty()) {
    if (without_blanks_at_end(take_line(printed)) != without_blanks_at_end(take_line(expected))) return false;
  }
  return printed.empty() && expected.empty();
}

}  // namespace pushjudge
