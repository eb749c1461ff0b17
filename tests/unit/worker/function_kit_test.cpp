#include "worker/function_kit.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/support/temporary_folder.hpp"
#include "worker/builder.hpp"
#include "worker/languages.hpp"
#include "worker/memory_file.hpp"

using namespace pushjudge;
namespace fs = std::filesystem;

namespace {

const std::string kStyle = R"(style:
  types: { integer: int, long: long, double: double, boolean: bool, character: char, string: str, ListNode: L,
           TreeNode: T, void: void }
  array: "{{element}}[]"
  list: list<{{boxed}}>
  texts:
    greeting: "hello {{name}}"
  starter: "{{>greeting}}"
  dimensions_max: 2
main: main.x
filled: [more.x]
files: [kit.x]
solution_file: solution.x
solution: "package main; {{prelude}}{{solution}}{{prelude_end}}"
options: [-g]
more_sources: true
preludes:
  - { uses: "sort.", unless: "\"sort\"", text: "import sort; ", end: "use sort" }
dropped: [package main]
)";

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

void write_kit(const testing::TemporaryFolder& folder, const std::string& style) {
  folder.write("x/function/style.yaml", style);
  folder.write("x/function/main.x", "call {{name}} of {{arity}}\n");
  folder.write("x/function/more.x", "{{solution}}");
  folder.write("x/function/kit.x", "{{name}}");
}

Signature add() {
  const auto signature = parse_signature(
      R"({"name": "add", "params": [{"name": "a", "type": "integer"}], "return": {"type": "integer"}})");
  REQUIRE(signature);
  return *signature;
}

std::string text_of(const SharedFile& file) {
  const auto size = ::lseek(file.content->get(), 0, SEEK_END);
  return *read_memory_file(file.content->get(), static_cast<std::uint64_t>(size));
}

SourceParts parts_of(const testing::TemporaryFolder& folder, const std::string& source) {
  Recipe recipe;
  auto kit = read_function_kit(folder.path() / "x" / "function");
  if (!kit) FAIL(kit.error().message);
  recipe.function = *std::move(kit);
  auto parts = function_parts(recipe, add(), source);
  REQUIRE(parts);
  return *std::move(parts);
}

}  // namespace

TEST_CASE("function kit: the program around a solution is the kit's files, filled in, and the solution beside them") {
  const testing::TemporaryFolder folder;
  write_kit(folder, kStyle);
  const auto parts = parts_of(folder, "package main\nsort.Ints(a)\n");
  CHECK(parts.source_code == "call add of 1\n");
  CHECK(parts.options == Words{"-g"});
  CHECK(parts.more_sources);
  REQUIRE(parts.included.size() == 3);
  CHECK(parts.included[0].name == "kit.x");
  CHECK(text_of(parts.included[0]) == "{{name}}");
  CHECK(parts.included[1].name == "more.x");
  CHECK(text_of(parts.included[1]) == "\nsort.Ints(a)\n");
  CHECK(parts.included[2].name == "solution.x");
  CHECK(text_of(parts.included[2]) == "package main; import sort; \nsort.Ints(a)\nuse sort");
}

TEST_CASE("function kit: a byte order mark is no part of a solution") {
  const testing::TemporaryFolder folder;
  write_kit(folder, kStyle);
  CHECK(text_of(parts_of(folder, "\xef\xbb\xbfx\xef\xbb\xbf").included[2]) == "package main; x\xef\xbb\xbf");
}

TEST_CASE("function kit: a prelude is for a source that uses it and does not see to it itself") {
  const testing::TemporaryFolder folder;
  write_kit(folder, kStyle);
  const auto solution = [&](const std::string& source) { return text_of(parts_of(folder, source).included[2]); };
  CHECK(solution("x := sort.Ints").starts_with("package main; import sort; x"));
  CHECK(solution("mysort.Ints") == "package main; mysort.Ints");
  CHECK(solution("a.sort.Ints") == "package main; a.sort.Ints");
  CHECK(solution("import \"sort\"\nsort.Ints") == "package main; import \"sort\"\nsort.Ints");
  // What a solution says is never taken for a tag.
  CHECK(solution("{{name}}{{#") == "package main; {{name}}{{#");
}

TEST_CASE("function kit: a language may have the kit of another one") {
  const testing::TemporaryFolder folder;
  write_kit(folder, kStyle);
  folder.write("y/function/style.yaml", "like: x\n");
  const auto kit = read_function_kit(folder.path() / "y" / "function");
  REQUIRE(kit);
  CHECK(kit->solution_file == "solution.x");
  CHECK(kit->code_style == read_function_kit(folder.path() / "x" / "function")->code_style);
}

TEST_CASE("function kit: what a language has no functions of is said") {
  const testing::TemporaryFolder folder;
  write_kit(folder, kStyle);
  const auto kit = read_function_kit(folder.path() / "x" / "function");
  REQUIRE(kit);
  auto signature = add();
  CHECK(unsupported(*kit, signature) == std::nullopt);
  signature.function.returns = *parse_type("integer[][][]");
  CHECK(unsupported(*kit, signature) == "This language has no functions with values of the type integer[][][].");
}

TEST_CASE("function kit: what is wrong is said with file and line") {
  struct Wrong {
    const char* from;
    const char* to;
    const char* said;
  };
  const Wrong cases[] = {
      {"main: main.x\n", "", ":1: 'main' is missing"},
      {"style:\n", "stile:\n", ":1: unknown key 'stile' in style.yaml"},
      {"integer: int, ", "", ":2: types: integer is missing"},
      {"integer: int, ", "integer: int, int: int, ", ":2: types.int: no such type"},
      {"list: list<{{boxed}}>", "list: [x]", ":5: list: it is no text"},
      {"hello {{name}}", "hello {{nmae}}", ":7: texts.greeting: there is nothing called nmae"},
      {"{{>greeting}}", "{{>greting}}", ":8: starter: there is no text greting"},
      {"{{>greeting}}", "{{#name}}", ":8: starter: it does not close name"},
      {"{{>greeting}}", "{{/name}}", ":8: starter: it closes what is not open: name"},
      {"dimensions_max: 2", "dimensions_max: 4", ":9: dimensions_max: it is not 0 to 3"},
      {"main.x", "missing.x", ":10: cannot read the file 'missing.x'"},
      {"[more.x]", "[../more.x]", ":11: 'filled' must be the name of a file in the box"},
      {"{{prelude}}", "{{prelood}}", ":14: there is nothing called prelood"},
      {"more_sources: true", "more_sources: 1", ":16: 'more_sources' must be true or false"},
      {"uses:", "use:", ":18: unknown key 'use' in preludes"},
  };
  const testing::TemporaryFolder folder;
  for (const auto& wrong : cases) {
    CAPTURE(std::string(wrong.to));
    write_kit(folder, changed(kStyle, wrong.from, wrong.to));
    const auto kit = read_function_kit(folder.path() / "x" / "function");
    REQUIRE_FALSE(kit);
    CHECK(kit.error().code == Errc::invalid);
    CHECK(kit.error().message == (folder.path() / "x" / "function" / "style.yaml").string() + wrong.said);
  }
  folder.write("y/function/style.yaml", "like: z\n");
  CHECK(read_function_kit(folder.path() / "y" / "function").error().message.ends_with(":1: there is no kit of 'z'"));
  CHECK(read_function_kit(folder.path() / "z" / "function").error().code == Errc::not_found);
}
