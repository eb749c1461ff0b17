#include "api/packages/programs.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <set>

#include "proto/problem.hpp"

namespace pushjudge::packages {

namespace {

struct EndingOfLanguage {
  std::string_view ending;
  std::string_view language;
};
constexpr std::array<EndingOfLanguage, 22> kEndings = {
    {{"cpp", "cpp"},   {"cc", "cpp"},        {"cxx", "cpp"},        {"c++", "cpp"},
     {"C", "cpp"},     {"c", "c"},           {"py", "python"},      {"py3", "python"},
     {"java", "java"}, {"js", "javascript"}, {"mjs", "javascript"}, {"ts", "typescript"},
     {"go", "go"},     {"rs", "rust"},       {"rb", "ruby"},        {"php", "php"},
     {"pl", "perl"},   {"lua", "lua"},       {"sh", "bash"},        {"sql", "sqlite"},
     {"cs", "csharp"}, {"kt", "kotlin"}}};

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string_view stem_of(std::string_view path) {
  const auto name = base_name(path);
  return name.substr(0, name.rfind('.'));
}

bool holds_main(std::string_view language, const std::string& source) {
  static const std::regex kC(R"((^|\s)main\s*\()");
  static const std::regex kJava(R"(static\s+void\s+main\s*\()");
  static const std::regex kGo(R"(func\s+main\s*\()");
  static const std::regex kRust(R"(fn\s+main\s*\()");
  static const std::regex kPython(R"(__name__\s*==)");
  // A regular expression of the library recurses with what it reads, so only the beginning is looked at, line by line.
  const std::regex& pattern = language == "java"     ? kJava
                              : language == "go"     ? kGo
                              : language == "rust"   ? kRust
                              : language == "python" ? kPython
                                                     : kC;
  constexpr std::size_t kLineBytesMax = 1'000;
  std::size_t begin = 0;
  while (begin < source.size()) {
    const auto end = std::min(source.find('\n', begin), source.size());
    const auto line = source.substr(begin, std::min(end - begin, kLineBytesMax));
    if (std::regex_search(line, pattern)) return true;
    begin = end + 1;
  }
  return false;
}

// Which of the files is started.
std::string main_file_of(const Program& program, const std::vector<const NamedBytes*>& candidates) {
  if (candidates.size() == 1) return candidates.front()->first;
  const auto only = [&](auto fits) -> std::string {
    std::string found;
    for (const NamedBytes* file : candidates) {
      if (!fits(*file)) continue;
      if (!found.empty()) return {};
      found = file->first;
    }
    return found;
  };
  for (const std::string_view wanted :
       {std::string_view("main"), std::string_view("Main"), std::string_view("__main__"), stem_of(program.name)}) {
    auto found = only([&](const NamedBytes& file) {
      return file.first.find('/') == std::string::npos && stem_of(file.first) == wanted;
    });
    if (!found.empty()) return found;
  }
  return only([&](const NamedBytes& file) { return holds_main(program.language, file.second); });
}

bool has_file_named(const Program& program, std::string_view name) {
  return std::ranges::find(program.files, name, &NamedBytes::first) != program.files.end();
}

}  // namespace

std::string program_name(const Program& program) {
  return std::string(stem_of(program.name));
}

std::string_view language_of_ending(std::string_view file) {
  const auto dot = file.rfind('.');
  if (dot == std::string_view::npos) return {};
  const auto ending = file.substr(dot + 1);
  const auto* found = std::ranges::find(kEndings, ending, &EndingOfLanguage::ending);
  return found == kEndings.end() ? std::string_view() : found->language;
}

std::string_view ending_of_language(std::string_view slug) {
  const auto* found = std::ranges::find(kEndings, slug, &EndingOfLanguage::language);
  return found == kEndings.end() ? std::string_view() : found->ending;
}

std::vector<std::string> languages_of_code(std::string_view code) {
  if (code == "c") return {"c", "c-clang"};
  if (code == "cpp") return {"cpp", "cpp-clang"};
  if (code == "python3" || code == "python") return {"python"};
  for (const char* same :
       {"bash", "csharp", "go", "java", "javascript", "kotlin", "lua", "perl", "php", "ruby", "rust", "typescript"}) {
    if (code == same) return {same};
  }
  return {};
}

std::optional<Program> read_program(const PackageFolder& folder, const std::string& name, const ProgramHints& hints,
                                    Findings& findings) {
  Program program;
  program.name = name;
  const std::size_t errors_before = findings.errors().size();
  if (folder.has_folder(name)) {
    program.files = folder.read_all(name, kBlobBytesMax, findings);
  } else if (auto bytes = folder.read(name, kBlobBytesMax, findings)) {
    program.files.emplace_back(base_name(name), *std::move(bytes));
  }
  if (findings.errors().size() > errors_before) return std::nullopt;
  if (has_file_named(program, "build") || has_file_named(program, "run")) {
    findings.error({name}, "programs with a 'build' or 'run' script are not supported");
    return std::nullopt;
  }

  std::set<std::string_view> languages;
  std::vector<const NamedBytes*> candidates;
  for (const NamedBytes& file : program.files) {
    const auto language = language_of_ending(file.first);
    if (language.empty()) continue;
    languages.insert(language);
    candidates.push_back(&file);
  }
  program.language = hints.language;
  if (program.language.empty() && languages.size() == 1) program.language = *languages.begin();
  if (program.language.empty()) {
    findings.error({name}, languages.empty() ? "no file of it ends like one of a language that is known"
                                             : "its files are of several languages");
    return std::nullopt;
  }
  program.main_file = hints.main_file;
  if (program.main_file.empty()) program.main_file = main_file_of(program, candidates);
  // In Java an entry point is a class.
  if (!has_file_named(program, program.main_file) && has_file_named(program, program.main_file + ".java")) {
    program.main_file += ".java";
  }
  if (program.main_file.empty() || !has_file_named(program, program.main_file)) {
    findings.error({name}, "which of its files is to be started cannot be told: call it main");
    return std::nullopt;
  }
  return program;
}

}  // namespace pushjudge::packages
