#include "proto/base/judge0_conf.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

namespace pushjudge {
namespace {

constexpr std::size_t kFileBytesMax = 1 << 20;
constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(kBlanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlanks) - from + 1);
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [letter](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// Up to the closing quote; the text goes on behind that. Errors: invalid.
Result<std::string> take_quoted(std::string_view& text) {
  const char quote = text.front();
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      text.remove_prefix(i + 1);
      return value;
    }
    const bool escape = quote == '"' && text[i] == '\\' && i + 1 < text.size() &&
                        std::string_view("\"\\$`").find(text[i + 1]) != std::string_view::npos;
    value += text[escape ? ++i : i];
  }
  return Error{Errc::invalid, "a quote is not closed"};
}

// What stands behind the '='. Errors: invalid.
Result<std::string> value_of(std::string_view text) {
  text = trimmed(text);
  if (!text.starts_with('"') && !text.starts_with('\'')) {
    // A '#' begins a comment at the beginning and after a blank; within a word it is a part of it.
    for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
      if (at == 0 || kBlanks.find(text[at - 1]) != std::string_view::npos) {
        text = text.substr(0, at);
        break;
      }
    }
    return std::string(trimmed(text));
  }
  auto value = take_quoted(text);
  if (!value) return value;
  text = trimmed(text);
  if (!text.empty() && !text.starts_with('#')) return Error{Errc::invalid, "something follows the closing quote"};
  return value;
}

}  // namespace

Result<Judge0Conf> Judge0Conf::parse(std::string_view text, std::string name) {
  Judge0Conf conf;
  conf.name_ = std::move(name);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto wrong = [&conf, number](const std::string& what) {
      return Error{Errc::invalid, conf.name_ + ":" + std::to_string(number) + ": " + what};
    };
    if (line.find('\0') != std::string_view::npos) return wrong("a byte 0; this is no text");
    line = trimmed(line);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("export ") || line.starts_with("export\t")) line = trimmed(line.substr(7));
    const std::size_t equals = line.find('=');
    const std::string_view variable = trimmed(line.substr(0, equals));
    if (!is_name(variable)) return wrong("expected NAME=VALUE");
    // Without a '=' the environment's value is meant, which is no business of this file.
    if (equals == std::string_view::npos) continue;
    auto value = value_of(line.substr(equals + 1));
    if (!value) return wrong(std::string(variable) + ": " + value.error().message);
    conf.entries_.erase(std::string(variable));
    if (!value->empty()) conf.entries_.insert({std::string(variable), {*std::move(value), number}});
  }
  return conf;
}

const Judge0Conf::Entry* Judge0Conf::find(std::string_view variable) const {
  const auto found = entries_.find(variable);
  return found == entries_.end() ? nullptr : &found->second;
}

Result<std::optional<std::uint64_t>> Judge0Conf::number(std::string_view variable, std::uint64_t least,
                                                        std::uint64_t most) const {
  const Entry* entry = find(variable);
  if (entry == nullptr) return std::optional<std::uint64_t>();
  const std::string_view text = entry->value;
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || number < least || number > most) {
    return error_at(variable, "'" + entry->value + "' is no whole number from " + std::to_string(least) + " to " +
                                  std::to_string(most));
  }
  return std::optional<std::uint64_t>(number);
}

Error Judge0Conf::error_at(std::string_view variable, const std::string& what) const {
  const Entry* entry = find(variable);
  const std::string line = entry == nullptr ? "" : ":" + std::to_string(entry->line);
  return {Errc::invalid, name_ + line + ": " + std::string(variable) + ": " + what};
}

Result<Judge0Conf> read_judge0_conf(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text(kFileBytesMax + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  // A folder can be opened, but not read.
  if (!stream.is_open() || stream.bad()) return Error{Errc::unavailable, "cannot read '" + path + "'"};
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kFileBytesMax) return Error{Errc::unavailable, "'" + path + "' has more than a megabyte"};
  return Judge0Conf::parse(text, path);
}

}  // namespace pushjudge
