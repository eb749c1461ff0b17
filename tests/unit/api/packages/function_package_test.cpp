#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "../../../support/temporary_folder.hpp"
#include "api/packages/function_tests.hpp"
#include "api/packages/imported_problem.hpp"
#include "api/packages/package.hpp"

using namespace pushjudge;
using namespace pushjudge::packages;
using pushjudge::testing::TemporaryFolder;

namespace {

const std::string kPairYaml =
    "metadata:\n  name: pair\n  params:\n    - {name: nums, type: \"integer[]\"}\n    - {name: target, type: integer}\n"
    "  return: {type: \"integer[]\"}\n";
const std::string kPairMetadata =
    R"({"name":"pair","params":[{"name":"nums","type":"integer[]"},{"name":"target","type":"integer"}],)"
    R"("return":{"type":"integer[]"}})";

// A package that is right, to be made wrong in one place by each test.
class FunctionFolder {
 public:
  FunctionFolder() {
    write("problem.yaml", "name: Pair\nlimits:\n  time_limit: 1\n");
    write("function.yaml", kPairYaml);
    write("problem_statement/problem.en.md", "Find two.\n");
    write("data/sample/1.jsonl", R"({"args":[[2, 7],9],"expected":[0,1]})");
    write("data/secret/01.jsonl",
          "{\"input\":\"nums = [3,3], target = 6\",\"output\":\"[0, 1]\"}\n\n"
          "{\"name\":\"far\",\"args\":[[1,5,2],3],\"expected\":\"[0,2]\"}\n");
    write("submissions/accepted/a.py", "class Solution: pass\n");
    write("submissions/accepted/b.js", "var pair = null;\n");
  }
  void write(const std::string& name, const std::string& text) const { folder_.write("pair/" + name, text); }
  void remove(const std::string& name) const { std::filesystem::remove_all(path() / name); }
  std::filesystem::path path() const { return folder_.path() / "pair"; }
  Package read() const {
    auto package = read_package(path(), {""});
    REQUIRE_MESSAGE(package, package.error().message);
    return *std::move(package);
  }
  std::string errors() const {
    const auto package = read_package(path(), {""});
    return package ? "" : package.error().message;
  }
  // What is said of a file when this is in it.
  std::string errors_with(const std::string& name, const std::string& text) const {
    write(name, text);
    return errors();
  }

 private:
  TemporaryFolder folder_;
};

std::string yaml_error(const std::string& more) {
  return FunctionFolder().errors_with("function.yaml", kPairYaml + more);
}
std::string tests_error(const std::string& lines) {
  return FunctionFolder().errors_with("data/secret/01.jsonl", lines);
}

bool mentions(const std::string& text, const std::string& part) {
  CAPTURE(text);
  CAPTURE(part);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

// A line of a collection that is right but for what `more` says.
std::string line_with(const std::string& more, const std::string& tests = R"([{"args":[[2,7],9],"expected":[0,1]}])") {
  return R"({"slug":"pair","metadata":)" + kPairMetadata + R"(,"tests":)" + tests + more + "}";
}
std::string line_error(const std::string& line) {
  const auto imported = read_imported_problem(line);
  return imported ? "" : imported.error().message;
}

}  // namespace

TEST_CASE("function package: it becomes a problem whose files hold the tests of one process each") {
  const Package package = FunctionFolder().read();
  const Problem& problem = package.problem;
  REQUIRE(problem.function);
  CHECK(problem.function->signature == *parse_signature(kPairMetadata));
  CHECK(problem.function->shows_failed_test);
  CHECK(problem.checker.protocol == CheckerProtocol::compare);
  REQUIRE(problem.tests.size() == 3);
  CHECK(problem.tests[0].name == "sample/1");
  CHECK(problem.tests[0].sample);
  CHECK(problem.tests[1].name == "secret/01/1");
  CHECK(problem.tests[2].name == "secret/01/far");
  CHECK(problem.tests[1].index == 0);
  CHECK(problem.tests[2].index == 1);
  CHECK(problem.tests[1].input == problem.tests[2].input);
  CHECK(package.blobs.at(problem.tests[1].input.digest) == "[3,3]\n6\n[1,5,2]\n3\n");
  CHECK(package.blobs.at(problem.tests[1].answer.digest) == "[0,1]\n[0,2]\n");
  REQUIRE(problem.samples.size() == 1);
  CHECK(problem.samples[0].input == "nums = [2,7], target = 9");
  CHECK(problem.samples[0].output == "[0,1]");
  REQUIRE(problem.function->reference);
  CHECK(problem.function->reference->language == "python");
  CHECK(package.blobs.contains(problem.function->reference->source.digest));
  CHECK(package.warnings.empty());
  CHECK(decode_problem(encode(problem)));
}

TEST_CASE("function package: how answers are compared, by whom, and what is shown, is said in function.yaml") {
  FunctionFolder folder;
  folder.write("function.yaml", kPairYaml + "compare: unordered_nested\ntolerance: 1e-3\nshow_failed_test: false\n" +
                                    "reference: submissions/accepted/b.js\n");
  auto task = *folder.read().problem.function;
  CHECK(task.comparison.order == AnswerOrder::unordered_nested);
  CHECK(task.comparison.tolerance == 1e-3);
  CHECK_FALSE(task.shows_failed_test);
  CHECK(task.reference->language == "javascript");

  folder.write("function.yaml", kPairYaml + "checker: right.py\n");
  folder.write("checkers/right.py", "class Solution: pass\n");
  const Checker checker = folder.read().problem.checker;
  CHECK(checker.protocol == CheckerProtocol::function);
  CHECK(checker.language == "python");
  CHECK(checker.main_file == "right.py");

  // LeetCode hands its metadata out as a text.
  folder.write("function.yaml", "metadata: '" + kPairMetadata + "'\n");
  CHECK(folder.read().problem.function->signature == *parse_signature(kPairMetadata));
}

TEST_CASE("function package: in place, and a class, are told from the metadata") {
  FunctionFolder folder;
  folder.write(
      "function.yaml",
      "metadata:\n  name: turn\n  params:\n    - {name: a, type: integer}\n    - {name: b, type: \"integer[]\"}\n"
      "  return: {type: void}\n  output: {paramindex: 1}\n");
  folder.write("data/sample/1.jsonl", R"({"args":[1,[2]],"expected":[3]})");
  folder.write("data/secret/01.jsonl", R"({"input":"1\n[2]","expected":[3]})");
  CHECK(folder.read().problem.function->signature.output_parameter == 1U);

  folder.write("function.yaml",
               "metadata:\n  classname: Pile\n  constructor:\n    params: []\n  methods:\n    - name: push\n"
               "      params:\n        - {name: x, type: integer}\n      return: {type: void}\n    - name: top\n"
               "      params: []\n      return: {type: integer}\n");
  const std::string calls = R"({"args":[["Pile","push","top"],[[],[3],[]]],"expected":[null,null,3]})";
  folder.write("data/sample/1.jsonl", calls);
  folder.write("data/secret/01.jsonl", calls);
  const Package package = folder.read();
  CHECK(package.problem.samples[0].input == "[\"Pile\",\"push\",\"top\"]\n[[],[3],[]]");
  CHECK(package.blobs.at(package.problem.tests[0].answer.digest) == "[null,null,3]\n");
}

TEST_CASE("function package: each mistake in function.yaml names its line") {
  CHECK(yaml_error("colour: red\n") == "function.yaml:7: unknown key 'colour'");
  CHECK(yaml_error("compare: fuzzy\n") == "function.yaml:7: 'compare' must be exact, unordered or unordered_nested");
  CHECK(yaml_error("tolerance: -1\n") == "function.yaml:7: 'tolerance' must be a number from 0 on");
  CHECK(yaml_error("show_failed_test: maybe\n") == "function.yaml:7: 'show_failed_test' must be true or false");
  CHECK(yaml_error("reference: submissions/accepted/c.py\n") ==
        "function.yaml:7: 'reference' names no submission of the package");
  mentions(yaml_error("checker: none.py\n"), "checkers/none.py");
  mentions(yaml_error("checker: none.py\ncompare: exact\n"), "function.yaml:8: 'compare' is for");
  CHECK(FunctionFolder().errors_with("function.yaml", "compare: exact\n") == "function.yaml:1: 'metadata' is missing");
  mentions(FunctionFolder().errors_with("function.yaml", "metadata:\n  name: 3x\n"), "function.yaml:1: metadata: ");
  mentions(FunctionFolder().errors_with("function.yaml", "metadata: [\n"), "function.yaml:2");
}

TEST_CASE("function package: each mistake in a test names its file and line") {
  const std::string right = "{\"args\":[[1],2],\"expected\":[]}\n";
  mentions(tests_error(right + "{\"args\":[[1,\"x\"],2],\"expected\":[]}\n"),
           "data/secret/01.jsonl:2: args[0]: expected an integer");
  mentions(tests_error("{\"args\":[[1],2.5],\"expected\":[]}"), "data/secret/01.jsonl:1: args[1]: expected");
  mentions(tests_error("{\"args\":[[1],2],\"expected\":[true]}"), "01.jsonl:1: expected: expected an integer");
  mentions(tests_error("{\"args\":[[1],2],\"output\":\"[1\"}"), "01.jsonl:1: output: expected");
  mentions(tests_error("{\"input\":\"nums = [1]\",\"expected\":[]}"), "01.jsonl:1: input: ");
  CHECK(tests_error("{\"args\":[[1]],\"expected\":[]}") == "data/secret/01.jsonl:1: args: it must be an array of 2");
  CHECK(tests_error("{\"expected\":[]}") == "data/secret/01.jsonl:1: it must have 'args' or 'input'");
  CHECK(tests_error("{\"args\":[[1],2]}") == "data/secret/01.jsonl:1: it must have 'expected' or 'output'");
  CHECK(tests_error("{\"arg\":[[1],2]}") == "data/secret/01.jsonl:1: unknown key 'arg'");
  CHECK(tests_error("[1]") == "data/secret/01.jsonl:1: a test must be an object");
  CHECK(tests_error("{") == "data/secret/01.jsonl:1: it is no JSON");
  CHECK(tests_error(std::string(100'000, '[')) == "data/secret/01.jsonl:1: the JSON is nested too deeply");
  CHECK(tests_error("\n") == "data/secret/01.jsonl: it holds no test");
  mentions(tests_error("{\"name\":\"a/b\",\"args\":[[1],2],\"expected\":[]}"), "01.jsonl:1: name: ");
  CHECK(tests_error("{\"name\":\"a\",\"args\":[[1],2],\"expected\":[]}\n"
                    "{\"name\":\"a\",\"args\":[[1],3],\"expected\":[]}\n") ==
        "data/secret/01.jsonl: two of its tests are called 'a'");
  // Not all of a file that is wrong throughout.
  std::string many;
  for (int i = 0; i < 50; ++i) many += "{}\n";
  const auto said = tests_error(many);
  CHECK(std::ranges::count(said, '\n') == 19);
}

TEST_CASE("function package: what other problems have has no place in it") {
  FunctionFolder folder;
  folder.write("data/secret/02.in", "1\n");
  CHECK(folder.errors() == "data/secret/02.in: the tests of a function problem are in .jsonl files");
  folder.remove("data/secret/02.in");
  folder.write("output_validators/check.py", "\n");
  CHECK(folder.errors() == "output_validators: it is not for function problems");
  folder.remove("output_validators");
  folder.write("data/secret/02.jsonl",
               "{\"args\":[[3,3],6],\"expected\":[0,1]}\n{\"args\":[[1,5,2],3],\"expected\":[0,2]}");
  CHECK(folder.errors() == "data/secret/02.jsonl: it holds the same tests as the file before it");
  folder.remove("data/secret");
  CHECK(folder.errors() == "data/secret: there is no test");
}

TEST_CASE("imported problem: a line becomes a problem, and the package that is written of it the same") {
  const auto imported = read_imported_problem(line_with(
      R"(,"title":"A \"pair\": two","statement":"Find *two*.","compare":{"order":"unordered","tolerance":0.5},)"
      R"("limits":{"time_limit":1.5,"memory_mib":64},"languages":["python3","cpp"],"difficulty":"easy",)"
      R"("solutions":{"python3":"class Solution: pass","cpp":"class Solution {};"})",
      R"([{"input":"[2,7]\n9","expected":[0,1]},{"args":[[1],2],"output":"[]"},{"name":"x","args":[[4,4],8],"expected":[0,1]}])"));
  REQUIRE_MESSAGE(imported, imported.error().message);
  const Problem& problem = imported->problem;
  CHECK(problem.slug == "pair");
  CHECK(problem.limits.time_ms == 1'500);
  CHECK(problem.limits.memory_kib == 64 * 1024);
  CHECK(problem.languages == std::vector<std::string>{"python", "cpp", "cpp-clang"});
  CHECK(problem.function->comparison == AnswerComparison{AnswerOrder::unordered, 0.5});
  CHECK(problem.function->reference->language == "python");
  CHECK(imported->unknown_keys == std::set<std::string>{"difficulty"});
  REQUIRE(problem.tests.size() == 3);
  CHECK(problem.tests[0].name == "sample/1");
  CHECK(problem.tests[2].name == "secret/x");
  CHECK(problem.samples.size() == 2);
  REQUIRE(imported->solutions.size() == 2);
  for (const Blob& blob : blobs_of(problem)) CHECK(imported->blobs.contains(blob.digest));

  TemporaryFolder folder;
  REQUIRE(write_package(folder.path(), *imported));
  const auto again = read_package(folder.path() / "pair", {""});
  REQUIRE_MESSAGE(again, again.error().message);
  CHECK(again->problem.title == problem.title);
  CHECK(again->problem.function == problem.function);
  CHECK(again->problem.limits == problem.limits);
  CHECK(again->problem.languages == problem.languages);
  CHECK(again->submissions.size() == 2);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(again->problem.tests[i].input == problem.tests[i].input);
    CHECK(again->problem.tests[i].answer == problem.tests[i].answer);
  }
  const auto twice = write_package(folder.path(), *imported);
  REQUIRE_FALSE(twice);
  mentions(twice.error().message, "is there already");
}

TEST_CASE("imported problem: metadata may be a text, and a checker may stand in the line") {
  const auto imported = read_imported_problem(
      R"({"slug":"p","metadata":)" + nlohmann::json(kPairMetadata).dump() +
      R"(,"tests":[{"args":[[2,7],9],"expected":[0,1]}],"compare":{"checker":{"language":"python3","source":"x"}},)"
      R"("solutions":{"js":"x"}})");
  REQUIRE_MESSAGE(imported, imported.error().message);
  CHECK(imported->problem.checker.protocol == CheckerProtocol::function);
  CHECK(imported->problem.checker.language == "python");
  CHECK(imported->problem.samples.empty());
  CHECK(imported->problem.limits.time_ms == kImportedTimeMs);
  TemporaryFolder folder;
  REQUIRE(write_package(folder.path(), *imported));
  const auto again = read_package(folder.path() / "p", {""});
  REQUIRE_MESSAGE(again, again.error().message);
  CHECK(again->problem.checker == imported->problem.checker);
  std::ifstream checker(folder.path() / "p/checkers/checker.py");
  CHECK(std::string(std::istreambuf_iterator<char>(checker), {}) == "x");
}

TEST_CASE("imported problem: what a line cannot be taken for is said") {
  CHECK(line_error("nonsense") == "it is no JSON");
  CHECK(line_error("[]") == "it must be an object");
  mentions(line_error(R"({"slug":"No!"})"), "slug: it must be 1 to 64");
  CHECK(line_error(R"({"slug":"p"})") == "metadata: it is missing");
  mentions(line_error(R"({"slug":"p","metadata":{"name":"f","params":[{"name":"a","type":"graph"}]}})"), "metadata: ");
  CHECK(line_error(line_with("", "[]")) == "tests: there are none");
  mentions(line_error(line_with("", R"([{"args":[[1],"x"],"expected":[]}])")),
           "tests[0]: args[1]: expected an integer");
  std::string many = "[";
  for (int i = 0; i < 1'001; ++i) many += std::string(i == 0 ? "" : ",") + R"({"args":[[1],2],"expected":[]})";
  CHECK(line_error(line_with("", many + "]")) == "tests: there are more than 1000");
  CHECK(line_error(line_with(R"(,"compare":"fuzzy")")) == "compare: it must be exact, unordered or unordered_nested");
  CHECK(line_error(line_with(R"(,"checker":"x")")) == "checker: it belongs in 'compare'");
  CHECK(line_error(line_with(R"(,"tolerance":0.1)")) == "tolerance: it belongs in 'compare'");
  CHECK(line_error(line_with(R"(,"limits":{"time_ms":"1"})")) == "limits.time_ms: it must be a number from 0 on");
  CHECK(line_error(line_with(R"(,"limits":{"time_ms":0})")) == "limits.time_ms: it is out of range");
  CHECK(line_error(line_with(R"(,"limits":{"speed":1})")) == "limits: unknown key 'speed'");
  CHECK(line_error(line_with(R"(,"solutions":{"cobol":""})")) == "solutions: unknown language 'cobol'");
  CHECK(line_error(line_with(R"(,"solutions":{"python":"","python3":""})")) == "solutions: there are two in python");
  CHECK(line_error(line_with("", R"([{"args":[[1],2],"expected":[],"sample":true}])")) == "tests: all are samples");
  CHECK(line_error(line_with(R"(,"title":7)")) == "title: it must be a text");
}
