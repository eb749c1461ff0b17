#pragma once

// A command line of a recipe: words with places for what each submission brings. Values; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"
#include "worker/words.hpp"

namespace pushjudge {

// "{name}" and what stands for it.
struct Placeholder {
  std::string_view name;
  std::string text;
};

using PlaceholderNames = std::vector<std::string_view>;

// Errors (`invalid`): a brace without its partner, a name that is not allowed.
Result<void> check_placeholders(std::string_view text, const PlaceholderNames& allowed);

// `text` with each "{name}" replaced. What is put in is not looked at again. The text must have been checked.
std::string fill_in(std::string_view text, const std::vector<Placeholder>& values);

inline constexpr std::string_view kOptionsPlaceholder = "options";

class Command {
 public:
  // Splits `text` as split_words() does. Errors: those of split_words() and check_placeholders(), no word at all,
  // "{options}" inside a word.
  static Result<Command> parse(std::string_view text, const PlaceholderNames& allowed);

  // The words to run. A word "{options}" becomes the words of `options`, none or many. Values are put in after the
  // splitting, so that no blank or quote in them makes a word.
  Words expand(const std::vector<Placeholder>& values, const Words& options = {}) const;

  const std::string& text() const { return text_; }  // as it was written, for people

 private:
  std::string text_;
  Words words_;
};

}  // namespace pushjudge
