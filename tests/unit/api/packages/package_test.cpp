#include "api/packages/package.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "../../../support/temporary_folder.hpp"
#include "api/packages/time_limit.hpp"
#include "api/packages/zip.hpp"

using namespace pushjudge;
using namespace pushjudge::packages;
using pushjudge::testing::TemporaryFolder;

namespace {

// A package that is right, to be made wrong in one place by each test.
class Folder {
 public:
  explicit Folder(const std::string& yaml, bool draft = false) {
    write("problem.yaml", yaml);
    write(draft ? "statement/problem.en.md" : "problem_statement/problem.en.md", "Add two numbers.\n");
    test("sample/1");
    test("secret/01");
    write("submissions/accepted/sum.py", "print(sum(map(int, input().split())))\n");
  }
  void write(const std::string& name, const std::string& text) const { folder_.write("sum/" + name, text); }
  void test(const std::string& name) const {
    write("data/" + name + ".in", name + "\n");
    write("data/" + name + ".ans", "3\n");
  }
  void remove(const std::string& name) const { std::filesystem::remove_all(path() / name); }
  std::filesystem::path path() const { return folder_.path() / "sum"; }

  Package read(const std::string& pandoc = "") const {
    auto package = read_package(path(), {pandoc});
    REQUIRE_MESSAGE(package, package.error().message);
    return *std::move(package);
  }
  std::string errors() const {
    const auto package = read_package(path(), {""});
    return package ? "" : package.error().message;
  }
  std::string warnings() const {
    std::string all;
    for (const std::string& warning : read().warnings) all += warning + "\n";
    return all;
  }

 private:
  TemporaryFolder folder_;
};

const std::string kLegacyYaml = "name: Sum\nauthor: Ada <ada@example.org>\n";
const std::string kDraftYaml =
    "problem_format_version: 2023-07-draft\nname: Sum\nuuid: 0-0\nlicense: cc0\nlimits:\n  time_limit: 0.5\n";
const std::string kScoringYaml = "problem_format_version: 2023-07-draft\nname: Sum\nuuid: 0-0\ntype: scoring\n";

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const TestGroup& group(const Package& package, const std::string& name) {
  for (const TestGroup& one : package.problem.groups) {
    if (one.name == name) return one;
  }
  FAIL("no group ", name);
  return package.problem.groups.front();
}
const ProblemTest& test_named(const Package& package, const std::string& name) {
  for (const ProblemTest& one : package.problem.tests) {
    if (one.name == name) return one;
  }
  FAIL("no test ", name);
  return package.problem.tests.front();
}

std::string folder_error(const std::string& yaml) {
  const bool draft = yaml.find("2023-07") != std::string::npos;
  return Folder(yaml, draft).errors();
}

}  // namespace

TEST_CASE("package: a legacy one becomes a problem") {
  Folder folder(kLegacyYaml +
                "license: cc by-sa\nsource: A contest\nlimits:\n  memory: 256\n  output: 4\nkeywords: a\n");
  folder.write(".timelimit", "1.5\n");
  const Package package = folder.read();
  const Problem& problem = package.problem;
  CHECK(problem.slug == "sum");
  CHECK(problem.title == "Sum");
  CHECK(problem.author == "Ada");
  CHECK(problem.source == "A contest");
  CHECK(problem.license == "cc by-sa");
  CHECK_FALSE(problem.scoring);
  CHECK(problem.limits.memory_kib == 256 * 1024);
  CHECK(problem.limits.output_kib == 4 * 1024);
  CHECK(problem.limits.time_ms == 1'500);
  CHECK(package.timing.given_ms == 1'500);
  REQUIRE(problem.tests.size() == 2);
  CHECK(problem.tests[0].name == "sample/1");
  CHECK(problem.tests[0].sample);
  CHECK(problem.tests[1].name == "secret/01");
  REQUIRE(problem.samples.size() == 1);
  CHECK(problem.samples[0].input == "sample/1\n");
  REQUIRE(problem.statements.size() == 1);
  CHECK(problem.statements[0].text == "Add two numbers.\n");
  CHECK(package.blobs.contains(problem.tests[1].input.digest));
  CHECK(package.submissions.size() == 1);
}

TEST_CASE("package: a time limit stands beside a legacy one, or in that of a DOMjudge") {
  Folder folder(kLegacyYaml);
  CHECK_FALSE(folder.read().timing.given_ms);
  folder.write("domjudge-problem.ini", "name = x\ntimelimit='2'\n");
  CHECK(folder.read().timing.given_ms == 2'000);
  folder.write("domjudge-problem.ini", "\ntimelimit = soon\n");
  CHECK(folder.errors() == "domjudge-problem.ini:2: the time limit must be a number above 0");
}

TEST_CASE("package: an unknown key is an error in the draft and a warning in legacy") {
  CHECK(folder_error(kDraftYaml + "colour: red\n") == "problem.yaml:7: unknown key 'colour'");
  CHECK(holds(Folder(kLegacyYaml + "colour: red\n").warnings(), "problem.yaml:3: unknown key 'colour'"));
}

TEST_CASE("package: each mistake in problem.yaml names its line") {
  CHECK(folder_error("name: [\n") != "");
  CHECK(folder_error("name: a\nname: b\n") == "problem.yaml:2: the key 'name' is twice");
  CHECK(folder_error("name: a\ntype: magic\n") == "problem.yaml:2: unknown type 'magic'");
  CHECK(folder_error("name: a\ntype: submit-answer\n") == "problem.yaml:2: the type 'submit-answer' is not supported");
  CHECK(folder_error("name: a\nvalidation: custom\n") == "problem.yaml:2: there is no output validator");
  CHECK(folder_error("name: a\nlimits:\n  memory: much\n") == "problem.yaml:3: 'memory' must be a number");
  CHECK(folder_error("name: a\nvalidator_flags: float_tolerance x\n") ==
        "problem.yaml:2: 'float_tolerance' must be followed by a number from 0 on");
  CHECK(folder_error("name: a\nvalidator_flags: fuzzy\n") ==
        "problem.yaml:2: the default validator has no flag 'fuzzy'");
  CHECK(holds(folder_error("problem_format_version: 1999\nname: a\n"), "problem.yaml:1: the format '1999'"));
  // Several at once.
  CHECK(folder_error("name: a\ntype: magic\nlimits:\n  code: 0\n") ==
        "problem.yaml:2: unknown type 'magic'\nproblem.yaml:4: 'code' must be above 0");
}

TEST_CASE("package: YAML that means to be large, or deep, is refused") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j == 0 ? "" : ", ") + before;
    bomb += "]\n";
  }
  CHECK(holds(folder_error(bomb), "it holds too many values"));
  CHECK(holds(folder_error("a: " + std::string(100, '[') + std::string(100, ']') + "\n"), "it is nested too deeply"));
  CHECK(folder_error("a: " + std::string(100'000, '[') + "\n").starts_with("problem.yaml:"));
  CHECK(folder_error("- a\n- b\n") == "problem.yaml:1: it must be a map");
}

TEST_CASE("package: the draft's problem.yaml") {
  Folder folder(
      "problem_format_version: 2023-07-draft\nname:\n  en: Sum\n  sv: Summa\nuuid: 0\ncredits:\n  authors: [A, B]\n"
      "source:\n  - name: One\n    url: http://example.org\n  - Two\ntype: [pass-fail]\nlanguages: [cpp, python3]\n"
      "limits:\n  time_limit: 0.25\n  time_multipliers:\n    ac_to_time_limit: 3\nconstants:\n  most: 7\n",
      true);
  folder.write("statement/problem.sv.md", "Addera {{most}} {{least}}.\n");
  const Package package = folder.read();
  CHECK(package.problem.author == "A, B");
  CHECK(package.problem.source == "One, Two");
  CHECK(package.problem.limits.time_ms == 250);
  CHECK(package.timing.accepted_to_limit == 3);
  CHECK(package.problem.languages == std::vector<std::string>{"cpp", "cpp-clang", "python"});
  REQUIRE(package.problem.statements.size() == 2);
  CHECK(package.problem.statements[1].title == "Summa");
  CHECK(package.problem.statements[1].text == "Addera 7 {{least}}.\n");
}

TEST_CASE("package: a test lacks neither input nor answer") {
  Folder folder(kLegacyYaml);
  folder.write("data/secret/02.in", "1\n");
  folder.write("data/secret/03.ans", "1\n");
  CHECK(folder.errors() ==
        "data/secret/02.in: there is no 02.ans beside it\ndata/secret/03.ans: there is no 03.in beside it");
}

TEST_CASE("package: tests are in the order of their names, those of a group together") {
  Folder folder(kLegacyYaml);
  folder.test("secret/b/2");
  folder.test("secret/b/10");
  folder.test("secret/a");
  folder.test("secret/c");
  const Package package = folder.read();
  std::vector<std::string> names;
  for (const ProblemTest& test : package.problem.tests) names.push_back(test.name);
  CHECK(names ==
        std::vector<std::string>{"sample/1", "secret/01", "secret/a", "secret/b/10", "secret/b/2", "secret/c"});
  CHECK(group(package, "secret/b").parent == 2);
}

TEST_CASE("package: a link that leads out is refused") {
  Folder folder(kLegacyYaml);
  std::filesystem::create_symlink("/etc/passwd", folder.path() / "data/secret/02.in");
  CHECK(holds(folder.errors(), "data/secret/02.in: it is a link that leads out of the package"));
  folder.remove("data/secret/02.in");
  std::filesystem::create_symlink("01.in", folder.path() / "data/secret/02.in");
  std::filesystem::create_symlink("01.ans", folder.path() / "data/secret/02.ans");
  CHECK(folder.read().problem.tests.size() == 3);
}

TEST_CASE("package: what is no package says so") {
  CHECK(holds(read_package("/nowhere").error().message, "there is no such folder"));
  Folder folder(kLegacyYaml);
  folder.remove("problem.yaml");
  CHECK(holds(folder.errors(), "problem.yaml: it is missing"));
  CHECK_FALSE(find_packages(folder.path()));
  folder.write("problem.yaml", kLegacyYaml);
  CHECK(find_packages(folder.path())->size() == 1);
  CHECK(find_packages(folder.path().parent_path())->size() == 1);
}

TEST_CASE("package: flags of the default validator, those of a group after those of the problem") {
  Folder folder(kLegacyYaml + "validator_flags: float_tolerance 1e-6 case_sensitive\n");
  folder.write("data/secret/testdata.yaml", "output_validator_flags: float_absolute_tolerance 0.5\n");
  const Package package = folder.read();
  const CompareFlags& sample = test_named(package, "sample/1").compare;
  CHECK(sample.case_sensitive);
  CHECK(sample.absolute_tolerance == 1e-6);
  CHECK(sample.relative_tolerance == 1e-6);
  CHECK(test_named(package, "secret/01").compare.absolute_tolerance == 0.5);
  CHECK(test_named(package, "secret/01").compare.relative_tolerance == 1e-6);

  Folder draft(kDraftYaml, true);
  draft.write("data/secret/01.yaml", "output_validator_args: [float_tolerance, 1, float_tolerance, 2]\n");
  CHECK(draft.errors() == "data/secret/01.yaml:1: 'float_tolerance' says again what was said before");
}

TEST_CASE("package: validators and checkers, by the folder that they are in") {
  Folder folder(kLegacyYaml + "validation: custom interactive\nvalidator_flags: a b\n");
  folder.write("output_validators/talk/talk.cpp", "int main() { return 42; }\n");
  folder.write("output_validators/talk/help.h", "\n");
  folder.write("data/sample/1.interaction", "<1\n>2\n");
  Package package = folder.read();
  CHECK(package.problem.checker.protocol == CheckerProtocol::kattis);
  CHECK(package.problem.checker.interactive);
  CHECK(package.problem.checker.language == "cpp");
  CHECK(package.problem.checker.main_file == "talk.cpp");
  CHECK(package.problem.checker.files.size() == 2);
  CHECK(package.problem.tests[0].checker_arguments == std::vector<std::string>{"a", "b"});
  REQUIRE(package.problem.samples.size() == 1);
  CHECK(package.problem.samples[0].interaction == "<1\n>2\n");
  CHECK(package.problem.samples[0].input.empty());

  folder.write("checkers/check.py", "\n");
  CHECK(holds(folder.errors(), "checkers: there is output_validators too"));
  folder.remove("output_validators");
  package = folder.read();
  CHECK(package.problem.checker.protocol == CheckerProtocol::testlib);
  folder.write("checkers/build", "#!/bin/sh\n");
  CHECK(holds(folder.errors(), "'build' or 'run' script"));
}

TEST_CASE("package: legacy scores, from grader flags") {
  Folder folder(kLegacyYaml + "type: scoring\n");
  folder.write("data/testdata.yaml", "on_reject: continue\ngrader_flags: ignore_sample\nrange: 0 100\n");
  folder.write("data/secret/testdata.yaml", "grader_flags: sum first_error\n");
  folder.remove("data/secret/01.in");
  folder.remove("data/secret/01.ans");
  folder.test("secret/g1/1");
  folder.test("secret/g1/2");
  folder.test("secret/g2/1");
  folder.write("data/secret/g1/testdata.yaml", "on_reject: break\ngrader_flags: min\naccept_score: 40\nrange: 0 40\n");
  folder.write("data/secret/g2/testdata.yaml", "grader_flags: avg always_accept\naccept_score: 60\nreject_score: 1\n");
  const Package package = folder.read();
  CHECK(group(package, "").ignore_sample);
  CHECK_FALSE(group(package, "").break_on_reject);
  CHECK_FALSE(group(package, "sample").ignore_sample);
  CHECK(group(package, "secret").verdict == GroupVerdict::first_error);
  CHECK(group(package, "secret/g1").aggregation == Aggregation::min);
  CHECK(group(package, "secret/g1").break_on_reject);
  CHECK(group(package, "secret/g1").max_score == 40);
  CHECK(group(package, "secret/g2").aggregation == Aggregation::average);
  CHECK(group(package, "secret/g2").verdict == GroupVerdict::always_accept);
  CHECK_FALSE(group(package, "secret/g2").break_on_reject);
  CHECK(group(package, "secret/g2").max_score == 100);
  CHECK(test_named(package, "secret/g1/1").accept_score == 40);
  CHECK(test_named(package, "secret/g2/1").reject_score == 1);
  CHECK(score_max(package.problem) == 100);

  folder.write("data/secret/testdata.yaml", "grading: custom\n");
  CHECK(holds(folder.errors(), "data/secret/testdata.yaml:1: grading 'custom' is not supported"));
  folder.write("data/secret/testdata.yaml", "\ngrader_flags: median ignore_sample\nrange: 3 1\n");
  CHECK(holds(folder.errors(), "data/secret/testdata.yaml:2: the default grader has no flag 'median'"));
  CHECK(holds(folder.errors(), "data/secret/testdata.yaml:2: 'ignore_sample' is for data/testdata.yaml only"));
  CHECK(holds(folder.errors(), "data/secret/testdata.yaml:3: 'range' must be two numbers"));
}

TEST_CASE("package: the draft shares out what no score is said for") {
  Folder folder(kScoringYaml, true);
  folder.test("secret/02");
  folder.test("secret/g1/1");
  folder.test("secret/g2/1");
  folder.test("secret/g2/2");
  folder.test("secret/g3/1");
  folder.write("data/secret/g1/test_group.yaml", "scoring:\n  score: 40\n");
  folder.write("data/secret/g2/test_group.yaml", "scoring:\n  aggregation: sum\n");
  folder.write("data/secret/g3/test_group.yaml", "scoring:\n  aggregation: min\n  require_pass: [sample, secret/g1]\n");
  const Package package = folder.read();
  // 100 - 40 for two tests and two groups.
  CHECK(test_named(package, "secret/01").accept_score == 15);
  CHECK(test_named(package, "secret/02").accept_score == 15);
  CHECK(group(package, "secret/g1").max_score == 40);
  CHECK(group(package, "secret/g1").aggregation == Aggregation::pass_fail);
  CHECK(group(package, "secret/g2").max_score == 15);
  CHECK(test_named(package, "secret/g2/1").accept_score == 7.5);
  CHECK(test_named(package, "secret/g3/1").accept_score == 15);
  CHECK(group(package, "secret/g3").require_pass == std::vector<std::uint32_t>{1, 3});
  CHECK(group(package, "").ignore_sample);
  CHECK(test_named(package, "sample/1").accept_score == 0);
  CHECK(score_max(package.problem) == 100);
}

TEST_CASE("package: what is wrong with the draft's scores names its line") {
  Folder folder(kScoringYaml, true);
  folder.test("secret/g1/1");
  folder.write("data/secret/g1/test_group.yaml", "\nscoring:\n  score: 140\n");
  CHECK(folder.errors() == "data/secret: the scores of its groups add up to more than its own");
  folder.write("data/secret/g1/test_group.yaml", "scoring:\n  score: 1.5\n");
  CHECK(folder.errors() == "data/secret/g1/test_group.yaml:2: 'score' must be a whole number from 0 on, or unbounded");
  folder.write("data/secret/g1/test_group.yaml", "scoring:\n  require_pass: secret/g2\n");
  CHECK(folder.errors() == "data/secret/g1/test_group.yaml:1: 'require_pass' names secret/g2, which is no group");
  folder.write("data/secret/g1/test_group.yaml", "scoring:\n  score: unbounded\n");
  CHECK(holds(folder.errors(), "data/secret/g1/test_group.yaml:1: its score is unbounded"));
  folder.write("data/secret/g1/test_group.yaml", "points: 3\n");
  CHECK(folder.errors() == "data/secret/g1/test_group.yaml:1: unknown key 'points'");
  folder.write("data/secret/g1/test_group.yaml", "static_validation: true\n");
  CHECK(folder.errors() == "data/secret/g1/test_group.yaml:1: static validation is not supported");
  folder.write("data/secret/g1/test_group.yaml", "");
  folder.write("data/secret/test_group.yaml", "scoring: {score: unbounded}\n");
  CHECK(holds(folder.errors(), "data: scores without a bound need an output validator"));
}

TEST_CASE("package: what is shown of samples, and what lies beside a test") {
  Folder folder(kDraftYaml, true);
  folder.write("data/sample/1.in.statement", "in\n");
  folder.write("data/sample/1.out", "out\n");
  folder.write("data/secret/01.files/tables/one.txt", "1\n");
  folder.write("data/secret/01.yaml", "hint: Think\n");
  Package package = folder.read();
  CHECK(package.problem.samples[0].input == "in\n");
  CHECK(package.problem.samples[0].output == "out\n");
  REQUIRE(package.problem.tests[1].files.size() == 1);
  CHECK(package.problem.tests[1].files[0].name == "tables/one.txt");
  CHECK(package.outputs.size() == 1);
  folder.write("data/sample/1.ans.statement", "3\n");
  CHECK(folder.errors() == "data/sample/1.out: it may not be beside an .ans.statement file");
  folder.write("data/secret/01.yaml", "args: [x]\n");
  CHECK(holds(folder.errors(), "data/secret/01.yaml:1: arguments of submissions are not supported"));
}

TEST_CASE("package: validators are checked with inputs and outputs, good and bad") {
  Folder folder(kDraftYaml, true);
  folder.write("input_validators/check.py", "exit(42)\n");
  folder.write("data/test_group.yaml", "input_validator_args: {check: [most, '9']}\n");
  folder.write("data/invalid_input/bad.in", "x\n");
  for (const char* kind : {"valid_output", "invalid_output"}) {
    for (const char* ending : {".in", ".ans", ".out"}) folder.write(std::string("data/") + kind + "/1" + ending, "1\n");
  }
  const Package package = folder.read();
  REQUIRE(package.input_validators.size() == 1);
  CHECK(program_name(package.input_validators[0]) == "check");
  REQUIRE(package.inputs.size() == 5);
  CHECK(package.inputs[0].arguments.of("check") == std::vector<std::string>{"most", "9"});
  CHECK(package.inputs[0].arguments.of("other").empty());
  CHECK(package.outputs.size() == 2);
  folder.remove("data/valid_output/1.out");
  CHECK(holds(folder.errors(), "there is no 1.out beside it"));
}

TEST_CASE("package: included files, for the languages that the judge has") {
  Folder folder(kLegacyYaml);
  folder.write("include/c/grader.h", "\n");
  folder.write("include/default/data.txt", "\n");
  folder.write("include/cobol/x.cob", "\n");
  const Package package = folder.read();
  REQUIRE(package.problem.included.size() == 3);
  CHECK(package.problem.included[0].language == "c");
  CHECK(package.problem.included[1].language == "c-clang");
  CHECK(package.problem.included[2].language.empty());
  CHECK(holds(folder.warnings(), "include/cobol: the judge has no language 'cobol'"));
}

TEST_CASE("package: TeX stays what it is without pandoc, and is Markdown with it") {
  Folder folder("license: cc0\n");
  folder.remove("problem_statement/problem.en.md");
  folder.write(
      "problem_statement/problem.en.tex",
      "\\problemname{The {\\em Sum}}\nAdd $a$.\n\\illustration{0.3}{a.png}{x}\\begin{Input}Two.\\end{Input}\n");
  Package package = folder.read();
  CHECK(package.problem.title == "The {\\em Sum}");
  REQUIRE(package.problem.statements.size() == 1);
  CHECK(package.problem.statements[0].format == StatementFormat::tex);
  CHECK(package.problem.statements[0].text == "\nAdd $a$.\n\\section*{Input}Two.\n");
  CHECK(package.warnings.size() == 2);

  const TemporaryFolder tools;
  tools.write("pandoc", "#!/bin/sh\necho \"$1 $5\"\ncat\n");
  std::filesystem::permissions(tools.path() / "pandoc", std::filesystem::perms::owner_all);
  package = folder.read(tools.file("pandoc"));
  CHECK(package.problem.statements[0].format == StatementFormat::markdown);
  CHECK(package.problem.statements[0].text.starts_with("--sandbox gfm+tex_math_dollars-raw_html\n"));
  package = folder.read("/bin/false");
  CHECK(package.problem.statements[0].format == StatementFormat::tex);
}

TEST_CASE("zip: an archive of files, packed") {
  const auto archive = zip_archive({{"a/b.txt", "content"}, {"c.py", std::string(1'000, 'x')}});
  REQUIRE(archive);
  CHECK(archive->starts_with("PK"));
  CHECK(holds(*archive, "a/b.txt"));
  CHECK(archive->size() < 600);
}

TEST_CASE("time limit: a multiple of the step, above the slowest") {
  CHECK(inferred_limit_ms({}, 0.01) == 1'000);
  CHECK(inferred_limit_ms({}, 0.2) == 1'000);
  CHECK(inferred_limit_ms({}, 0.21) == 2'000);
  const Timing draft{.given_ms = {}, .accepted_to_limit = 2, .limit_to_too_slow = 1.5, .step_ms = 100};
  CHECK(inferred_limit_ms(draft, 0.26) == 600);
  CHECK(has_margin(draft, 600, 0.3));
  CHECK_FALSE(has_margin(draft, 600, 0.31));
}
