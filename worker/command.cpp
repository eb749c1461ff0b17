#include "worker/command.hpp"

#include <algorithm>

namespace pushjudge {

namespace {

constexpr std::string_view kOptionsWord = "{options}";

}  // namespace

Result<void> check_placeholders(std::string_view text, const PlaceholderNames& allowed) {
  for (auto open = text.find_first_of("{}"); open != std::string_view::npos; open = text.find_first_of("{}")) {
    const auto close = text.find_first_of("{}", open + 1);
    if (text[open] == '}' || close == std::string_view::npos || text[close] == '{') {
      return Error{Errc::invalid, "a brace without its partner"};
    }
    const auto name = text.substr(open + 1, close - open - 1);
    if (std::ranges::find(allowed, name) == allowed.end()) {
      return Error{Errc::invalid, "unknown placeholder {" + std::string(name) + "}"};
    }
    text.remove_prefix(close + 1);
  }
  return {};
}

std::string fill_in(std::string_view text, const std::vector<Placeholder>& values) {
  std::string filled;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    const auto close = text.find('}', open);
    const auto value = std::ranges::find(values, text.substr(open + 1, close - open - 1), &Placeholder::name);
    PJ_ASSERT(value != values.end());
    filled.append(text.substr(0, open)).append(value->text);
    text.remove_prefix(close + 1);
  }
  return filled.append(text);
}

Result<Command> Command::parse(std::string_view text, const PlaceholderNames& allowed) {
  auto words = split_words(text);
  if (!words) return words.error();
  if (words->empty()) return Error{Errc::invalid, "a command needs at least one word"};
  for (const std::string_view word : *words) {
    if (const auto checked = check_placeholders(word, allowed); !checked) return checked.error();
    if (word != kOptionsWord && word.find(kOptionsWord) != std::string_view::npos) {
      return Error{Errc::invalid, "{options} must be a word of its own"};
    }
  }
  Command command;
  command.text_ = text;
  command.words_ = *std::move(words);
  return command;
}

Words Command::expand(const std::vector<Placeholder>& values, const Words& options) const {
  Words expanded;
  for (const auto& word : words_) {
    if (word == kOptionsWord) {
      expanded.insert(expanded.end(), options.begin(), options.end());
    } else {
      expanded.push_back(fill_in(word, values));
    }
  }
  return expanded;
}

}  // namespace pushjudge
