#include "worker/words.hpp"

#include <optional>

namespace pushjudge {

namespace {

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

Result<Words> split_words(std::string_view text) {
  Words words;
  std::optional<std::string> word;  // nothing between words; "" is a word of its own
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\0') return Error{Errc::invalid, "a NUL byte cannot be part of a word"};
    if (quote == 0 && is_blank(c)) {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
      continue;
    }
    if (!word) word.emplace();
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (c == '\\' && quote != '\'') {
      const bool last = i + 1 == text.size();
      if (quote == 0 && last) return Error{Errc::invalid, "nothing follows the last backslash"};
      const bool escapes = quote == 0 || (!last && (text[i + 1] == '"' || text[i + 1] == '\\'));
      if (escapes) ++i;
      if (text[i] == '\0') return Error{Errc::invalid, "a NUL byte cannot be part of a word"};
      *word += text[i];
    } else {
      *word += c;
    }
  }
  if (quote != 0) return Error{Errc::invalid, std::string("the quote ") + quote + " is not closed"};
  if (word) words.push_back(*word);
  return words;
}

}  // namespace pushjudge
