#include "api/packages/expected.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "../../../support/temporary_folder.hpp"
#include "api/packages/submissions.hpp"

using namespace pushjudge::packages;
using nlohmann::json;
using pushjudge::testing::TemporaryFolder;

namespace {

json judged(const std::string& verdict, const std::vector<std::string>& tests, json score = nullptr) {
  json submission = {{"state", "finished"}, {"verdict", verdict}, {"score", score}, {"score_max", 100}};
  submission["tests"] = json::array();
  for (std::size_t i = 0; i < tests.size(); ++i) {
    submission["tests"].push_back({{"name", "secret/" + std::to_string(i + 1)},
                                   {"verdict", tests[i]},
                                   {"time", "0.1"},
                                   {"judge_message", "token 3 differs"}});
  }
  return submission;
}

// What is expected of the one submission of a package, in a file of this name.
struct Expecting {
  TemporaryFolder folder;
  Findings findings;

  ExpectedOutcome of(const std::string& name, const std::string& source, PackageFormat format,
                     const std::string& rules = "") {
    folder.write("submissions/accepted/right.py", "1\n");
    folder.write("submissions/" + name, source);
    if (!rules.empty()) folder.write("submissions/submissions.yaml", rules);
    Metadata metadata;
    metadata.format = format;
    const auto opened = PackageFolder::open(folder.path());
    REQUIRE(opened);
    for (const auto& submission : read_submissions(*opened, metadata, findings)) {
      if (submission.name == name) return submission.expected;
    }
    FAIL("no submission ", name);
    return {};
  }
};

std::string why(const std::string& name, PackageFormat format, const json& submission,
                const std::string& source = "1\n", const std::string& rules = "") {
  Expecting expecting;
  return mismatch(expecting.of(name, source, format, rules), submission).value_or("ok");
}

constexpr auto kLegacy = PackageFormat::legacy;
constexpr auto kDraft = PackageFormat::draft;

}  // namespace

TEST_CASE("expected: by the folder's name") {
  const std::string ac = "accepted", wa = "wrong_answer", tle = "wall_time_limit_exceeded", rte = "runtime_error";
  struct Row {
    std::string name;
    PackageFormat format;
    json submission;
    std::string said;
  };
  const std::vector<Row> rows = {
      {"accepted/a.py", kLegacy, judged(ac, {ac, ac}), "ok"},
      {"accepted/a.py", kLegacy, judged(wa, {ac, wa}), "secret/2 is wrong_answer: token 3 differs"},
      {"wrong_answer/a.py", kLegacy, judged(wa, {ac, wa}), "ok"},
      {"wrong_answer/a.py", kLegacy, judged(ac, {ac, ac}), "no test is WA"},
      {"wrong_answer/a.py", kDraft, judged(rte, {wa, rte}), "secret/2 is runtime_error: token 3 differs"},
      {"time_limit_exceeded/a.py", kLegacy, judged(tle, {wa, tle}), "ok"},
      {"time_limit_exceeded/a.py", kDraft, judged(tle, {wa, tle}), "secret/1 is wrong_answer: token 3 differs"},
      {"run_time_error/a.py", kLegacy, judged(rte, {wa, "memory_limit_exceeded"}), "ok"},
      {"run_time_error/a.py", kDraft, judged(rte, {ac, "exec_format_error"}), "ok"},
      {"rejected/a.py", kDraft, judged(tle, {ac, tle}), "ok"},
      {"rejected/a.py", kDraft, judged(ac, {ac}), "no test is WA, TLE, RTE"},
      {"brute_force/a.py", kDraft, judged(wa, {tle, wa}), "secret/2 is wrong_answer: token 3 differs"},
      {"memory_limit_exceeded/a.py", kLegacy, judged(rte, {rte}), "no test is MLE"},
      {"output_limit_exceeded/a.py", kLegacy, judged(rte, {"output_limit_exceeded"}), "ok"},
      {"no_output/a.py", kLegacy, judged(wa, {wa}), "ok"},
      {"compiler_error/a.py", kLegacy, judged("compilation_error", {}), "ok"},
      {"compiler_error/a.py", kLegacy, judged(ac, {ac}), "the verdict is accepted, not CE"},
      {"accepted/a.py", kLegacy, judged("compilation_error", {}), "it does not compile"},
      {"accepted/a.py", kLegacy, judged("internal_error", {}), "the verdict is internal_error"},
      {"wrong_answer/a.py", kLegacy, judged("internal_error", {wa, "internal_error"}),
       "secret/2 is internal_error: token 3 differs"},
      {"partially_accepted/a.py", kLegacy, judged(ac, {ac, wa}, 40), "ok"},
      {"partially_accepted/a.py", kLegacy, judged(ac, {ac, ac}, 100), "the score is 100.0, all that there is"},
      {"partially_accepted/a.py", kLegacy, judged(wa, {wa, wa}, 0), "the score is 0, and it is not accepted"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CAPTURE(row.submission.dump());
    CHECK(why(row.name, row.format, row.submission) == row.said);
  }
}

TEST_CASE("expected: by what the source says of itself") {
  const json mixed = judged("runtime_error", {"accepted", "wrong_answer", "runtime_error"});
  const std::string source = "# @EXPECTED_RESULTS@: WRONG-ANSWER, RUN-ERROR */\n";
  CHECK(why("mixed/a.py", kLegacy, mixed, source) == "ok");
  CHECK(why("mixed/a.py", kLegacy, judged("accepted", {"accepted"}), source) == "the verdict is accepted, not WA, RTE");
  // In the four folders of the format their names say it.
  CHECK(why("accepted/a.py", kLegacy, mixed, source) == "secret/2 is wrong_answer: token 3 differs");
  CHECK(why("partially_accepted/a.py", kLegacy, judged("wrong_answer", {"wrong_answer"}, 40),
            "# @EXPECTED_SCORE@: 40\n") == "ok");
  CHECK(why("partially_accepted/a.py", kLegacy, judged("wrong_answer", {"wrong_answer"}, 30),
            "# @EXPECTED_SCORE@: 40\n") == "the score is 30.0, not 40.0");
  CHECK(annotations_in("@EXPECTED_RESULTS@: WONDER, CORRECT").unknown == std::vector<std::string>{"WONDER"});
  CHECK_FALSE(annotations_in("nothing").results);
}

TEST_CASE("expected: by submissions.yaml") {
  const json submission = judged("time_limit_exceeded", {"accepted", "time_limit_exceeded"}, 40);
  const std::string rules =
      "slow/*.{py,cpp}:\n  permitted: [AC, TLE]\n  score: [30, 50]\n  message: token\n  secret/1:\n    permitted: "
      "[AC]\n"
      "  secret/2:\n    required: [TLE]\n";
  CHECK(why("slow/a.py", kDraft, submission, "1\n", rules) == "ok");
  CHECK(why("slow/a.py", kDraft, judged("accepted", {"accepted", "accepted"}, 40), "1\n", rules) ==
        "no test of secret/2 is TLE");
  CHECK(why("slow/a.py", kDraft, judged("accepted", {"accepted", "accepted"}, 60), "1\n", rules) ==
        "the score is 60.0, not 30.0 to 50.0");
  CHECK(why("time_limit_exceeded/a.py", kDraft, judged("wrong_answer", {"wrong_answer", "time_limit_exceeded"}), "1\n",
            "time_limit_exceeded:\n  permitted: [AC, WA, TLE]\n") == "ok");

  Expecting expecting;
  const auto expected = expecting.of("slow/a.py", "1\n", kDraft,
                                     "slow/a.py:\n  permitted: [AC]\n  use_for_time_limit: false\nfast/*: {}\n"
                                     "accepted/*:\n  speed: high\n  required: [OK]\n");
  CHECK_FALSE(expected.requirements.front().lower);
  CHECK(expecting.findings.errors() ==
        std::vector<std::string>{"submissions/submissions.yaml:7: 'required' may hold AC, WA, TLE and RTE, not 'OK'",
                                 "submissions/submissions.yaml:6: unknown key 'speed'"});
  CHECK(expecting.findings.warnings() ==
        std::vector<std::string>{"submissions/submissions.yaml:4: 'fast/*' names no submission"});
}

TEST_CASE("expected: patterns name paths and what is below them") {
  CHECK(matches_pattern("accepted", "accepted/a.py"));
  CHECK(matches_pattern("accepted/*", "accepted/a.py"));
  CHECK(matches_pattern("{wrong,time}*/a.{py,c}", "time_limit/a.c"));
  CHECK_FALSE(matches_pattern("accepted/*.py", "accepted/a.c"));
  CHECK_FALSE(matches_pattern("accepted/a/b", "accepted/a"));
  CHECK_FALSE(matches_pattern("acc", "accepted/a"));
}

TEST_CASE("expected: a program in a folder, and one that cannot be told") {
  Expecting expecting;
  expecting.folder.write("submissions/accepted/two/main.cpp", "#include \"help.h\"\nint main() {}\n");
  expecting.folder.write("submissions/accepted/two/help.h", "\n");
  expecting.folder.write("submissions/accepted/notes.txt", "\n");
  expecting.folder.write("submissions/wrong_answer/odd/a.py", "1\n");
  expecting.folder.write("submissions/wrong_answer/odd/b.py", "1\n");
  const auto opened = PackageFolder::open(expecting.folder.path());
  REQUIRE(opened);
  const auto submissions = read_submissions(*opened, {}, expecting.findings);
  REQUIRE(submissions.size() == 1);
  CHECK(submissions[0].program.main_file == "main.cpp");
  CHECK(submissions[0].program.files.size() == 2);
  CHECK(expecting.findings.errors() ==
        std::vector<std::string>{
            "submissions/wrong_answer/odd: which of its files is to be started cannot be told: call it main"});
  CHECK(expecting.findings.warnings().size() == 1);
}
