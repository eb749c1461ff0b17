#include "proto/problem.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace pushjudge;

namespace {

Blob blob(const std::string& bytes) {
  return {digest_of(bytes), bytes.size()};
}

// With every field away from its default.
Problem full_problem() {
  Problem problem;
  problem.slug = "two-sum";
  problem.title = "Two Sum";
  problem.author = "Ada";
  problem.source = "A contest";
  problem.license = "cc by";
  problem.scoring = true;
  problem.languages = {"cpp", "python"};
  problem.limits.time_ms = 2'500;
  problem.limits.passes = 2;
  problem.checker = {
      CheckerProtocol::kattis, true, "cpp", "check.cpp", {{"check.cpp", blob("c")}, {"a/b.h", blob("h")}}};
  TestGroup root;
  root.aggregation = Aggregation::sum;
  root.ignore_sample = true;
  TestGroup sample;
  sample.name = "sample";
  sample.parent = 0;
  TestGroup secret;
  secret.name = "secret";
  secret.parent = 0;
  secret.aggregation = Aggregation::pass_fail;
  secret.min_score = 0;
  secret.max_score = 60;
  secret.verdict = GroupVerdict::first_error;
  secret.accept_if_any_accepted = true;
  secret.break_on_reject = false;
  secret.require_pass = {1};
  problem.groups = {root, sample, secret};
  ProblemTest test;
  test.name = "sample/1";
  test.group = 1;
  test.sample = true;
  test.input = blob("in");
  test.answer = blob("ans");
  test.checker_arguments = {"a", "b c"};
  test.compare = {true, true, 1e-6, 1e-9};
  test.accept_score = 5;
  test.reject_score = -1;
  test.files = {{"data.txt", blob("d")}};
  problem.tests = {test, test};
  problem.tests[1].name = "secret/1";
  problem.tests[1].group = 2;
  problem.tests[1].sample = false;
  problem.included = {{"", {"lib.h", blob("l")}}, {"python", {"lib.py", blob("p")}}};
  problem.statements = {{"en", "Two Sum", StatementFormat::tex, "text"}};
  problem.samples = {{"1", "in", "out", "> x"}};
  return problem;
}

}  // namespace

TEST_CASE("digest: it is SHA-256, and its text is read again") {
  // FIPS 180-4's own example.
  const auto digest = digest_of("abc");
  CHECK(to_hex(digest) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(parse_digest(to_hex(digest)) == digest);
  CHECK(parse_digest("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD") == digest);
  CHECK_FALSE(parse_digest(""));
  CHECK_FALSE(parse_digest(to_hex(digest).substr(1)));
  CHECK_FALSE(parse_digest(to_hex(digest) + "0"));
  CHECK_FALSE(parse_digest("g" + to_hex(digest).substr(1)));
}

TEST_CASE("problem: its manifest is read as it was written") {
  const auto problem = full_problem();
  const auto manifest = encode(problem);
  const auto read = decode_problem(manifest);
  REQUIRE_MESSAGE(read, read.error().message);
  CHECK(*read == problem);
  CHECK(encode(*read) == manifest);
}

TEST_CASE("problem: what is no manifest is refused, wherever it ends") {
  const auto manifest = encode(full_problem());
  for (std::size_t size = 0; size < manifest.size(); ++size) CHECK_FALSE(decode_problem(manifest.substr(0, size)));
  CHECK_FALSE(decode_problem(manifest + "x"));
  CHECK_FALSE(decode_problem("PJP2" + manifest.substr(4)));
}

TEST_CASE("problem: each rule has a reason of its own") {
  using Change = std::function<void(Problem&)>;
  const std::vector<std::pair<std::string, Change>> rows = {
      {"short name", [](Problem& p) { p.slug = "Two Sum"; }},
      {"short name", [](Problem& p) { p.slug = "-a"; }},
      {"no title", [](Problem& p) { p.title.clear(); }},
      {"author is longer", [](Problem& p) { p.author.assign(1'025, 'a'); }},
      {"UTF-8", [](Problem& p) { p.source = "\xff"; }},
      {"no slug", [](Problem& p) { p.languages = {"C++"}; }},
      {"time limit", [](Problem& p) { p.limits.time_ms = 0; }},
      {"time limit", [](Problem& p) { p.limits.time_ms = 600'001; }},
      {"memory limit", [](Problem& p) { p.limits.memory_kib = 1; }},
      {"output limit", [](Problem& p) { p.limits.output_kib = 0; }},
      {"passes", [](Problem& p) { p.limits.passes = 101; }},
      {"needs an interactor", [](Problem& p) { p.checker = {}, p.checker.interactive = true; }},
      {"needs an output validator", [](Problem& p) { p.checker = {}; }},
      {"another pass", [](Problem& p) { p.checker.protocol = CheckerProtocol::testlib; }},
      {"has no file", [](Problem& p) { p.checker.main_file = "x"; }},
      {"no name in a box", [](Problem& p) { p.checker.files[1].name = "../x"; }},
      {"no name in a box", [](Problem& p) { p.tests[0].files[0].name = "/etc/passwd"; }},
      {"no name in a box", [](Problem& p) { p.included[0].file.name = "a//b"; }},
      {"no name in a box", [](Problem& p) { p.included[0].file.name = std::string(256, 'a'); }},
      {"longer than 4 KiB",
       [](Problem& p) {
         for (int i = 0; i < 19; ++i) p.tests[0].files.push_back({std::string(250, 'a') + std::to_string(i), {}});
       }},
      {"longer than 4 KiB", [](Problem& p) { p.tests[0].checker_arguments.assign(5, std::string(1'000, 'a')); }},
      {"two files", [](Problem& p) { p.checker.files[1].name = "check.cpp"; }},
      {"larger than 32 MiB", [](Problem& p) { p.tests[1].answer.size = kBlobBytesMax + 1; }},
      {"parent", [](Problem& p) { p.groups[0].parent = 0; }},
      {"parent", [](Problem& p) { p.groups[1].parent = 1; }},
      {"passes or fails", [](Problem& p) { p.groups[2].max_score.reset(); }},
      {"requires", [](Problem& p) { p.groups[2].require_pass = {2}; }},
      {"no such group", [](Problem& p) { p.tests[0].group = 3; }},
      {"no tests", [](Problem& p) { p.tests.clear(); }},
      {"tolerance", [](Problem& p) { p.tests[0].compare.absolute_tolerance = -1; }},
      {"holds a NUL", [](Problem& p) { p.tests[0].checker_arguments = {std::string("a\0b", 3)}; }},
      {"statement is larger", [](Problem& p) { p.statements[0].text.assign(kStatementBytesMax + 1, 'a'); }},
      {"sample 1 is larger", [](Problem& p) { p.samples[0].output.assign(kSampleBytesMax + 1, 'a'); }},
  };
  for (const auto& [reason, change] : rows) {
    CAPTURE(reason);
    auto problem = full_problem();
    REQUIRE_FALSE(invalid(problem));
    change(problem);
    const auto said = invalid(problem);
    REQUIRE(said);
    CHECK_MESSAGE(said->find(reason) != std::string::npos, *said);
    CHECK_FALSE(decode_problem(encode(problem)));
  }
}

namespace {

// With every field of a function problem away from its default.
Problem function_problem() {
  Problem problem;
  problem.slug = "one-more";
  problem.title = "One More";
  problem.groups.resize(1);
  problem.checker = {CheckerProtocol::function, false, "python", "check.py", {{"check.py", blob("c")}}};
  for (std::uint32_t i = 0; i < 3; ++i) {
    ProblemTest test;
    test.name = "secret/" + std::to_string(i);
    test.input = blob(i < 2 ? "1\n2\n" : "3\n");
    test.answer = blob(i < 2 ? "2\n3\n" : "4\n");
    test.index = i % 2;
    problem.tests.push_back(test);
  }
  FunctionTask task;
  task.signature =
      *parse_signature(R"({"name":"f","params":[{"name":"x","type":"integer"}],"return":{"type":"integer"}})");
  task.comparison = {AnswerOrder::unordered, 0.5};
  task.reference = ReferenceSolution{"cpp", blob("r")};
  task.shows_failed_test = false;
  problem.function = std::move(task);
  return problem;
}

}  // namespace

TEST_CASE("problem: a function problem has a manifest of its own kind, and the others keep theirs") {
  const auto problem = function_problem();
  REQUIRE_FALSE(invalid(problem));
  const auto manifest = encode(problem);
  CHECK(manifest.starts_with("PJP2"));
  const auto read = decode_problem(manifest);
  REQUIRE(read);
  CHECK(*read == problem);
  CHECK(encode(full_problem()).starts_with("PJP1"));
  for (std::size_t size = 0; size < manifest.size(); ++size) CHECK_FALSE(decode_problem(manifest.substr(0, size)));
  CHECK(blobs_of(problem).size() == 6);  // two inputs, two answers, the checker, the reference
}

TEST_CASE("problem: each rule of function problems has a reason of its own") {
  using Change = std::function<void(Problem&)>;
  const std::vector<std::pair<std::string, Change>> rows = {
      {"only a function problem", [](Problem& p) { p.function.reset(); }},
      {"checker of a function problem is a function",
       [](Problem& p) { p.checker.protocol = CheckerProtocol::testlib; }},
      {"one file",
       [](Problem& p) {
         p.checker.files.push_back({"more.py", blob("m")});
       }},
      {"included files",
       [](Problem& p) {
         p.included = {{"", {"x", blob("x")}}};
       }},
      {"neither files nor arguments", [](Problem& p) { p.tests[0].checker_arguments = {"a"}; }},
      {"not in order", [](Problem& p) { p.tests[0].index = 1; }},
      {"not in order", [](Problem& p) { p.tests[1].index = 0; }},
      {"not in order", [](Problem& p) { p.tests[2].index = 2; }},
      {"lies elsewhere", [](Problem& p) { p.tests[1].answer = blob("x"); }},
      {"tolerance", [](Problem& p) { p.function->comparison.tolerance = -1; }},
      {"no slug", [](Problem& p) { p.function->reference->language = "C++"; }},
      {"no parameters", [](Problem& p) { p.function->signature.function.parameters.clear(); }},
      {"has no checker",
       [](Problem& p) {
         p.function->signature =
             *parse_signature(R"({"classname":"C","methods":[{"name":"m","params":[],"return":{"type":"integer"}}]})");
       }},
  };
  for (const auto& [reason, change] : rows) {
    CAPTURE(reason);
    auto problem = function_problem();
    change(problem);
    const auto said = invalid(problem);
    REQUIRE(said);
    CHECK_MESSAGE(said->find(reason) != std::string::npos, *said);
  }
}

TEST_CASE("problem: a reference names what is published, or a version") {
  const auto version = digest_of("x");
  CHECK(parse_problem_reference("two-sum") == ProblemReference{"two-sum", std::nullopt});
  CHECK(parse_problem_reference("two-sum@" + to_hex(version)) == ProblemReference{"two-sum", version});
  for (const auto* text : {"", "@", "Two", "two sum", "two-sum@", "two-sum@12", "a/b"}) {
    CHECK_FALSE(parse_problem_reference(text));
  }
}

TEST_CASE("problem: its files are named once each") {
  CHECK(blobs_of(full_problem()).size() == 7);
}

TEST_CASE("problem: the most points are what the groups can give") {
  auto problem = full_problem();
  CHECK(score_max(problem) == 60);
  problem.groups[0].ignore_sample = false;
  CHECK(score_max(problem) == 65);
  problem.groups[0].aggregation = Aggregation::min;
  CHECK(score_max(problem) == 5);
  problem.groups[0].aggregation = Aggregation::average;
  CHECK(score_max(problem) == 32.5);
  problem.tests[0].accept_score.reset();
  CHECK_FALSE(score_max(problem));
  problem.groups[0].max_score = 10;
  CHECK(score_max(problem) == 10);
  problem.scoring = false;
  CHECK_FALSE(score_max(problem));
}
