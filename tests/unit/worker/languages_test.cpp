#include "worker/languages.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.hpp"
#include "worker/memory_file.hpp"

using namespace pushjudge;
namespace fs = std::filesystem;

namespace {

const std::string kGood = R"(id: 54
also: [52]
name: C++ (GCC {version})
version:
  command: g++ -dumpversion
  pattern: ([0-9.]+)
source_file: main.cpp
compile:
  command: g++ -o main main.cpp {options}
  artifacts: [main]
  environment:
    TMPDIR: /tmp
  files: [extra.h]
run:
  command: ./main
  environment:
    HEAP: "{memory_mb}m"
  memory_extra_kib: 1024
  processes_extra: 3
  out_of_memory:
    - { exit_code: 1, stderr: "OutOfMemoryError" }
    - { signal: 6, stderr: "heap out of memory" }
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("languages: a recipe is read with everything it says") {
  const testing::TemporaryFolder folder;
  folder.write("cpp/language.yaml", kGood);
  folder.write("cpp/extra.h", "int extra;");
  const auto recipe = read_recipe(folder.path() / "cpp");
  REQUIRE(recipe);
  CHECK(recipe->id == 54);
  CHECK(recipe->also == std::vector<std::int32_t>{52});
  CHECK(recipe->slug == "cpp");
  CHECK(recipe->name == "C++ (GCC {version})");
  CHECK(recipe->version.pattern == "([0-9.]+)");
  CHECK(recipe->source_file == "main.cpp");
  REQUIRE(recipe->compile);
  CHECK(recipe->compile->command.expand({}, {"-g"}) == Words{"g++", "-o", "main", "main.cpp", "-g"});
  CHECK(recipe->compile->artifacts == std::vector<std::string>{"main"});
  CHECK(recipe->compile->environment == std::vector<std::string>{"TMPDIR=/tmp"});
  REQUIRE(recipe->compile->files.size() == 1);
  CHECK(*read_memory_file(recipe->compile->files[0].content->get(), 10) == "int extra;");
  CHECK(recipe->run.environment == std::vector<std::string>{"HEAP={memory_mb}m"});
  CHECK(recipe->run.memory_extra_kib == 1024);
  CHECK(recipe->run.processes_extra == 3);
  REQUIRE(recipe->run.out_of_memory.size() == 2);
  CHECK(recipe->run.out_of_memory[0].exit_code == 1);
  CHECK(recipe->run.out_of_memory[0].signal == 0);
  CHECK(recipe->run.out_of_memory[0].said == "OutOfMemoryError");
  CHECK(recipe->run.out_of_memory[1].exit_code == 0);
  CHECK(recipe->run.out_of_memory[1].signal == 6);
}

TEST_CASE("languages: what is wrong is said with file and line") {
  struct Case {
    const char* from;
    const char* to;
    const char* said;
  };
  const Case cases[] = {
      {"id: 54", "id: fifty", ":1: 'id' must be a whole number"},
      {"id: 54", "id: 0", ":1: 'id' must be a whole number"},
      {"id: 54\n", "", ":1: 'id' is missing"},
      {"also: [52]", "also: 52", ":2: 'also' must be a list"},
      {"name:", "nmae:", ":3: unknown key 'nmae' in language.yaml"},
      {"pattern: ([0-9.]+)", "pattern: ([0-9.]+", ":6: 'pattern' is not a regular expression"},
      {"pattern: ([0-9.]+)", "pattern: '[0-9.]+'", ":6: 'pattern' must have one group"},
      {"source_file: main.cpp", "source_file: ../main.cpp", ":7: 'source_file' must be the name of a file in the box"},
      {"{options}", "{optoins}", ":9: command: unknown placeholder {optoins}"},
      {"main.cpp {options}", "'main.cpp {options}", ":9: command: the quote ' is not closed"},
      {"[main]", "[]", ":9: compile needs either 'artifacts' or 'scripts'"},
      {"[main]", "[/etc/passwd]", ":10: 'artifacts' must be the name of a file in the box"},
      {"TMPDIR: /tmp", "TMPDIR: \"{memory_mb}\"", ":12: environment: unknown placeholder {memory_mb}"},
      {"[extra.h]", "[missing.h]", ":13: cannot read the file 'missing.h'"},
      {"  artifacts: [main]", "  scripts: [compile]", ":9: 'scripts' for compiling need 'scripts' to run"},
      {"command: ./main", "command: ./main\n  scripts: [run]", ":7: a language of scripts has no 'source_file'"},
      {"command: ./main", "command: ./{script}", ":15: command: unknown placeholder {script}"},
      {"source_file: main.cpp", "source_file: main.cpp\nsource_executable: 7",
       ":8: 'source_executable' must be true or false"},
      {"source_file: main.cpp\n", "", ":1: 'source_file' is missing"},
      {"command: ./main", "comand: ./main", ":15: unknown key 'comand' in run"},
      {"  processes_extra: 3", "  processes_extra: -3", ":19: 'processes_extra' must be a whole number from 0 to 1000"},
      {"{ exit_code: 1, ", "{ exit_code: 0, ", ":21: 'exit_code' must be a whole number from 1 to 255"},
      {"{ exit_code: 1, ", "{ ", ":21: out_of_memory needs either 'exit_code' or 'signal'"},
      {"{ signal: 6, ", "{ signal: 6, exit_code: 1, ", ":22: out_of_memory needs either 'exit_code' or 'signal'"},
      {"{ signal: 6, ", "{ signal: SIGABRT, ", ":22: 'signal' must be a whole number from 1 to 64"},
      {"signal: 6, stderr: \"heap out of memory\"", "signal: 6", ":22: 'stderr' is missing"},
      {"stderr: \"heap out of memory\"", "stderr: \"\"", ":22: 'stderr' must be a text"},
      {"name: C++", "name: [C++", ":3: end of sequence flow not found"},
  };
  const testing::TemporaryFolder folder;
  folder.write("cpp/extra.h", "int extra;");
  for (const auto& wrong : cases) {
    CAPTURE(std::string(wrong.to));
    folder.write("cpp/language.yaml", replaced(kGood, wrong.from, wrong.to));
    const auto recipe = read_recipe(folder.path() / "cpp");
    REQUIRE_FALSE(recipe);
    CAPTURE(recipe.error().message);
    CHECK(recipe.error().code == Errc::invalid);
    CHECK(recipe.error().message.starts_with((folder.path() / "cpp" / "language.yaml").string() + wrong.said));
  }
}

TEST_CASE("languages: one whose programs are archives names the scripts that start them") {
  const testing::TemporaryFolder folder;
  folder.write("x/language.yaml",
               "id: 89\nname: x\nversion: { command: a, pattern: (b) }\n"
               "compile: { command: 'sh {script} {options}', scripts: [c.sh, c] }\n"
               "run: { command: 'sh {script}', scripts: [r] }\n");
  const auto recipe = read_recipe(folder.path() / "x");
  REQUIRE(recipe);
  CHECK(recipe->source_file.empty());
  CHECK(recipe->compile->scripts == std::vector<std::string>{"c.sh", "c"});
  CHECK(recipe->compile->artifacts.empty());
  CHECK(recipe->compile->command.expand({{"script", "c"}}, {"-g"}) == Words{"sh", "c", "-g"});
  CHECK(recipe->run.scripts == std::vector<std::string>{"r"});
}

TEST_CASE("languages: a file that is no map, is empty or is not there is an error, never a crash") {
  const testing::TemporaryFolder folder;
  for (const auto* text : {"", "- a\n- b\n", "hello", "\0x", "{{{{", "a: &a [*a]"}) {
    CAPTURE(text);
    folder.write("x/language.yaml", text);
    CHECK_FALSE(read_recipe(folder.path() / "x"));
  }
  CHECK(read_recipe(folder.path() / "y").error().code == Errc::not_found);
  CHECK(read_recipes(folder.path() / "y").error().code == Errc::not_found);
}

TEST_CASE("languages: one that is wrong, and one whose id is taken, are left out and the others stay") {
  const testing::TemporaryFolder folder;
  const auto good = replaced(kGood, "  files: [extra.h]\n", "");
  folder.write("a/language.yaml", replaced(good, "id: 54", "id: 60"));
  folder.write("b/language.yaml", "id: x");
  folder.write("c/language.yaml", good);
  folder.write("d/language.yaml", replaced(replaced(good, "id: 54", "id: 7"), "also: [52]\n", ""));
  folder.write("a-file", "");
  const auto found = read_recipes(folder.path());
  REQUIRE(found);
  REQUIRE(found->recipes.size() == 2);
  CHECK(found->recipes[0].slug == "d");
  CHECK(found->recipes[1].slug == "a");
  REQUIRE(found->left_out.size() == 2);
  CHECK(found->left_out[0].slug == "b");
  CHECK(found->left_out[1].slug == "c");
  CHECK(found->left_out[1].reason == "id 52 is taken by a");
}

TEST_CASE("languages: every recipe we ship can be read, and has a hello program") {
  const auto found = read_recipes(PJ_LANGUAGES_DIR);
  REQUIRE(found);
  for (const auto& left_out : found->left_out) FAIL_CHECK(left_out.reason);
  CHECK(found->recipes.size() == 21);
  for (const auto& recipe : found->recipes) {
    CAPTURE(recipe.slug);
    if (recipe.source_executable) continue;  // would be a program of one kind of machine
    const auto hello = fs::path(PJ_LANGUAGES_DIR) / recipe.slug / "hello";
    if (recipe.run.scripts.empty()) {
      CHECK(fs::exists(hello.string() + fs::path(recipe.source_file).extension().string()));
    } else {
      CHECK(fs::exists(hello / recipe.run.scripts[0]));
    }
  }
}
