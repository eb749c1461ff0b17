#pragma once

// What makes a program of a solution to a function problem, in one language: the `function` folder of the language's,
// with a style.yaml and the files that it names (worker/README.md). Reading does file I/O and nothing else. Values; any
// thread.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/result.hpp"
#include "proto/code_style.hpp"
#include "worker/support_file.hpp"
#include "worker/words.hpp"

namespace pushjudge {

struct Recipe;
struct SourceParts;

struct FunctionKit {
  // A file that the signature fills in.
  struct Filled {
    std::string name;
    std::string text;
  };
  // Something that is put around the source if the source uses it, and does not do it itself.
  struct Prelude {
    std::string uses;    // a word of the source, which nothing longer ends with; empty: always
    std::string unless;  // not if the source says this; empty: whatever it says
    std::string text;    // {{prelude}}
    std::string end;     // {{prelude_end}}
  };

  std::string code_style;  // as it travels, Language::code_style
  CodeStyle style;
  std::string main;                       // what takes the place of the source
  std::vector<Filled> filled;             // beside it
  std::vector<SupportFile> files;         // ditto, as they are
  std::string solution_file;              // where the solution is, beside it; empty: main says {{solution}}
  std::string solution = "{{solution}}";  // what is in that file
  Words options;                          // for the compiler
  bool more_sources = false;              // the compiler wants all files named
  std::vector<Prelude> preludes;
  std::vector<std::string> dropped;  // lines of a solution that are left empty, since the kit says them
};

// The kit in `folder`; or, where its style.yaml says `like: <slug>`, that of the language beside it. Errors:
// `not_found` without a style.yaml; `invalid` with file, line and reason for one that is wrong.
Result<FunctionKit> read_function_kit(const std::filesystem::path& folder);

// Why the language has no such function; nothing when it has.
std::optional<std::string> unsupported(const FunctionKit& kit, const Signature& signature);

// The program around a solution, for the builder (worker/builder.hpp). Errors: `invalid`, with the reason, when the
// language has no such function; `unavailable` when the system has no memory or no descriptor left.
Result<SourceParts> function_parts(const Recipe& recipe, const Signature& signature, std::string source);

}  // namespace pushjudge
