#include "api/packages/statements.hpp"

#include <algorithm>
#include <string_view>

namespace pushjudge::packages {

namespace {

constexpr std::string_view kPicturesNotShown = "pictures are not taken over: the statement is shown without them";

// The end of a group in braces that begins at `open`, one past its closing brace.
std::size_t end_of_group(const std::string& text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

bool continues_word(const std::string& text, std::size_t at) {
  return at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z'));
}

// Puts `replace(arguments)` in the place of each \name{…}{…}, which has up to `count` arguments.
template <class Replace>
void replace_command(std::string& text, const std::string& name, int count, Replace replace) {
  const std::string command = "\\" + name;
  std::size_t at = 0;
  while ((at = text.find(command, at)) != std::string::npos) {
    std::size_t end = at + command.size();
    if (continues_word(text, end)) {
      at = end;
      continue;
    }
    std::vector<std::string> arguments;
    while (std::ssize(arguments) < count && end < text.size() && text[end] == '{') {
      const auto close = end_of_group(text, end);
      arguments.push_back(text.substr(end + 1, close - end - 2));
      end = close;
    }
    const std::string other = replace(arguments);
    text.replace(at, end - at, other);
    at += other.size();
  }
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// The text after "plainproblemname:" on a line that is a comment.
std::string plain_name(const std::string& tex) {
  constexpr std::string_view kKey = "plainproblemname:";
  const auto at = tex.find(kKey);
  if (at == std::string::npos) return {};
  const auto begin = tex.find_first_not_of(" \t", at + kKey.size());
  if (begin == std::string::npos) return {};
  std::string name = tex.substr(begin, tex.find_first_of("\r\n", begin) - begin);
  while (name.ends_with(' ')) name.pop_back();
  return name;
}

bool has_file_ending(const std::string& name, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

// "en" of "problem.en.md"; nothing for another file. The draft wants a language; without one it is English.
std::optional<std::string> language_of(const std::string& name, std::string_view ending) {
  constexpr std::string_view kBegin = "problem";
  if (!name.starts_with(kBegin) || !name.ends_with(ending)) return std::nullopt;
  const auto between = name.substr(kBegin.size(), name.size() - kBegin.size() - ending.size());
  if (between.empty()) return "en";
  if (between.size() < 2 || between[0] != '.') return std::nullopt;
  return between.substr(1);
}

}  // namespace

TexBody plain_tex(const std::string& tex, const std::map<std::string, std::string>& constants) {
  TexBody body;
  body.title = plain_name(tex);
  body.text = tex;
  const auto nothing = [](const std::vector<std::string>&) { return std::string(); };
  replace_command(body.text, "problemname", 1, [&](const std::vector<std::string>& arguments) {
    if (body.title.empty() && !arguments.empty()) body.title = arguments[0];
    return std::string();
  });
  replace_command(body.text, "constant", 1, [&](const std::vector<std::string>& arguments) {
    const auto found = arguments.empty() ? constants.end() : constants.find(arguments[0]);
    return found == constants.end() ? std::string() : found->second;
  });
  replace_command(body.text, "illustration", 3, nothing);
  replace_command(body.text, "nextsample", 0, nothing);
  replace_command(body.text, "remainingsamples", 0, nothing);
  for (const std::string name : {"Input", "Output", "Interaction"}) {
    replace_all(body.text, "\\begin{" + name + "}", "\\section*{" + name + "}");
    replace_all(body.text, "\\end{" + name + "}", "");
  }
  return body;
}

std::vector<Statement> read_statements(const PackageFolder& folder, const Metadata& metadata, const std::string& pandoc,
                                       Findings& findings) {
  std::vector<Statement> statements;
  const std::string place = folder.has_folder("statement") ? "statement" : "problem_statement";
  bool portable = folder.has_file("problem.pdf");
  for (const FolderEntry& entry : folder.list(place, findings)) {
    const std::string path = place + "/" + entry.name;
    if (entry.folder) continue;
    if (has_file_ending(entry.name, {".png", ".jpg", ".jpeg", ".svg"})) {
      findings.warning({path}, std::string(kPicturesNotShown));
      continue;
    }
    portable = portable || language_of(entry.name, ".pdf");
    const auto markdown = language_of(entry.name, ".md");
    const auto tex = language_of(entry.name, ".tex");
    if (!markdown && !tex) continue;
    const auto text = folder.read(path, kStatementBytesMax, findings);
    if (!text) continue;
    Statement statement;
    statement.language = markdown ? *markdown : *tex;
    if (markdown) {
      statement.text = with_constants(*text, metadata.constants);
    } else {
      const TexBody body = plain_tex(*text, metadata.constants);
      statement.title = body.title;
      statement.format = StatementFormat::tex;
      statement.text = body.text;
      const auto made =
          pandoc.empty()
              ? std::nullopt
              : filtered({pandoc, "--sandbox", "-f", "latex", "-t", "gfm+tex_math_dollars-raw_html", "--wrap=none"},
                         body.text);
      if (made && made->size() <= kStatementBytesMax) {
        statement.format = StatementFormat::markdown;
        statement.text = *made;
      } else {
        findings.warning({path}, "without pandoc it stays TeX, and is shown as it is");
      }
    }
    const auto name = metadata.names.find(statement.language);
    if (name != metadata.names.end()) statement.title = name->second;
    statements.push_back(std::move(statement));
  }
  if (statements.empty() && portable) {
    findings.warning({place}, "a statement in PDF is not taken over: the problem has none");
  } else if (statements.empty()) {
    findings.error({place}, "there is no statement: a file problem.LANGUAGE.md or .tex");
  }
  return statements;
}

}  // namespace pushjudge::packages
