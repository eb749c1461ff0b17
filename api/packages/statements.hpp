#pragma once

// The statements of a package. TeX is made Markdown by pandoc where it is installed. One thread at a time.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/packages/folder.hpp"
#include "api/packages/metadata.hpp"
#include "proto/problem.hpp"

namespace pushjudge::packages {

// `pandoc`: the program, found like the shell does; empty: none is asked.
std::vector<Statement> read_statements(const PackageFolder& folder, const Metadata& metadata, const std::string& pandoc,
                                       Findings& findings);

// What is left for a converter that knows LaTeX, but not the format's own commands. Pure.
struct TexBody {
  std::string title;  // of \problemname, or of the comment that says it plainly
  std::string text;
};
TexBody plain_tex(const std::string& tex, const std::map<std::string, std::string>& constants);

// What `program` with these arguments (its name the first) makes of `input`. Nothing where it is not installed, fails,
// or takes too long.
std::optional<std::string> filtered(const std::vector<std::string>& arguments, const std::string& input);

}  // namespace pushjudge::packages
