#pragma once

// The programs of a package: submissions, validators, checkers. A file, or a folder with several. One thread at a time.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/packages/folder.hpp"

namespace pushjudge::packages {

struct Program {
  std::string name;      // below the package's folder: "submissions/accepted/sum.py"
  std::string language;  // our slug
  std::string main_file;
  std::vector<NamedBytes> files;  // with main_file
};

// By which a package names it: the last part of its name, without an ending.
std::string program_name(const Program& program);

// "cpp" for ".cc"; empty: none that we know.
std::string_view language_of_ending(std::string_view file);
// "cpp" for "cpp"; empty: a language that we do not know.
std::string_view ending_of_language(std::string_view slug);
// Our slugs for a language code of the format: "python3" is our "python". None: one that we do not know.
std::vector<std::string> languages_of_code(std::string_view code);

struct ProgramHints {
  std::string language;   // slug; empty: by the files' endings
  std::string main_file;  // empty: the one file, or what is called main, or like the folder, or has a main
};
// Nothing, with an error in the findings, where it cannot be read, or its language or main file cannot be told.
std::optional<Program> read_program(const PackageFolder& folder, const std::string& name, const ProgramHints& hints,
                                    Findings& findings);

}  // namespace pushjudge::packages
