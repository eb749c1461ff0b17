// What the worker reads of a submission and its problem: the archive, the words of options, the manifest.

#include <algorithm>
#include <set>

#include "proto/function_values.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/problems.hpp"
#include "tests/support/zip_file.hpp"
#include "worker/archive.hpp"
#include "worker/grading.hpp"
#include "worker/sandbox/spec.hpp"
#include "worker/words.hpp"

namespace pushjudge::fuzz {

using testing::zip_of;

// What is taken for a problem can be judged: its files have names that a box takes, its groups and tests can be walked
// through, whatever they come to.
void read_manifest(std::string_view input) {
  const auto problem = decode_problem(input);
  if (!problem) {
    PJ_ASSERT(!problem.error().message.empty());
    return;
  }
  PJ_ASSERT(encode(*problem) == input);
  for (const auto& file : problem->checker.files) PJ_ASSERT(sandbox::valid_box_path(file.name));
  for (const auto& included : problem->included) PJ_ASSERT(sandbox::valid_box_path(included.file.name));
  for (const auto& test : problem->tests) {
    for (const auto& file : test.files) PJ_ASSERT(sandbox::valid_box_path(file.name));
  }
  (void)blobs_of(*problem);
  (void)score_max(*problem);
  Grading grading(*problem, input.size() % 2 == 0);
  std::size_t number = input.size();
  while (const auto test = grading.next()) {
    TestResult result;
    result.verdict = static_cast<Verdict>(number++ % 3);
    if (problem->scoring && number % 5 != 0) result.score = static_cast<double>(number % 7);
    grading.done(*test, std::move(result));
  }
  PJ_ASSERT(grading.finished());
  PJ_ASSERT(grading.report().tests.size() <= problem->tests.size());
}

std::vector<std::string> manifest_seeds() {
  Problem problem = testing::small_problem("two-sum", "1\n", "2\n");
  std::vector<std::string> seeds{encode(problem)};
  problem.scoring = true;
  problem.checker = {CheckerProtocol::kattis, true, "cpp", "check.cpp", {{"check.cpp", testing::blob_of("x")}}};
  problem.groups.resize(3);
  problem.groups[1].parent = 0;
  problem.groups[2].parent = 1;
  problem.groups[2].aggregation = Aggregation::pass_fail;
  problem.groups[2].max_score = 40;
  problem.groups[2].require_pass = {1};
  problem.tests.push_back(problem.tests[0]);
  problem.tests[1].group = 2;
  problem.tests[1].checker_arguments = {"a"};
  problem.tests[1].compare.absolute_tolerance = 1e-6;
  problem.tests[1].files = {{"data/x", testing::blob_of("y")}};
  problem.included = {{"python", {"lib.py", testing::blob_of("z")}}};
  problem.statements = {{"en", "Two Sum", StatementFormat::markdown, "# Two"}};
  problem.samples = {{"1", "1", "2", ""}};
  seeds.push_back(encode(problem));
  problem.checker = {CheckerProtocol::function, false, "cpp", "check.cpp", {{"check.cpp", testing::blob_of("x")}}};
  problem.tests.resize(1);
  problem.tests.push_back(problem.tests[0]);
  problem.tests[1].index = 1;
  FunctionTask task;
  task.signature =
      *parse_signature(R"({"name":"f","params":[{"name":"x","type":"integer"}],"return":{"type":"integer"}})");
  task.reference = ReferenceSolution{"python", testing::blob_of("r")};
  problem.function = std::move(task);
  seeds.push_back(encode(problem));
  return seeds;
}

namespace {

// A value in its form is in it already, is JSON, and is the same as itself however it is compared.
void check_canonical(const Type& type, const std::string& text) {
  const auto again = canonical(type, text);
  PJ_ASSERT(again && *again == text);
  PJ_ASSERT(text.find('\n') == std::string::npos);
  for (const auto order : {AnswerOrder::exact, AnswerOrder::unordered, AnswerOrder::unordered_nested}) {
    PJ_ASSERT(is_same({order, 0}, text, text));
  }
}

void check_tests(const Signature& signature, std::string_view text) {
  constexpr std::size_t kTestsMax = 20;
  const auto tests = parse_tests(signature, text, kTestsMax);
  if (!tests) {
    PJ_ASSERT(!tests.error().message.empty());
    return;
  }
  PJ_ASSERT(!tests->empty() && tests->size() <= kTestsMax);
  std::string lines;
  for (const Arguments& arguments : *tests) {
    PJ_ASSERT(arguments.size() == lines_per_test(signature));
    for (const std::string& line : arguments) lines += line + "\n";
  }
  const auto again = parse_tests(signature, lines, kTestsMax);
  PJ_ASSERT(again && *again == *tests);
  if (const auto answer = canonical_answer(signature, tests->front().front(), text)) {
    PJ_ASSERT(*canonical_answer(signature, tests->front().front(), *answer) == *answer);
  }
}

}  // namespace

// The first line is the metadata; behind it are tests, each line of which is a value too.
void read_function(std::string_view input) {
  const auto head = input.substr(0, input.find('\n'));
  input.remove_prefix(std::min(input.size(), head.size() + 1));
  const auto signature = parse_signature(head);
  if (!signature) {
    PJ_ASSERT(!signature.error().message.empty());
    return;
  }
  PJ_ASSERT(*parse_signature(to_json(*signature)) == *signature);
  check_tests(*signature, input);
  if (signature->is_class()) return;
  PJ_ASSERT(!invalid(checker_signature(*signature)));
  const auto value = canonical(signature->answer_type(), input.substr(0, input.find('\n')));
  if (value) check_canonical(signature->answer_type(), *value);
}

std::vector<std::string> function_seeds() {
  const auto of_type = [](const std::string& type) {
    return R"({"name":"f","params":[{"name":"x","type":")" + type + R"("}],"return":{"type":")" + type + "\"}}\n";
  };
  return {
      of_type("integer[]") + "[1, -2,3]\nx = [4]",
      of_type("list<list<string>>") + R"([["a\u00e9\n",""],[]])",
      of_type("TreeNode") + "[1,null,2,null,null]\nnull",
      of_type("ListNode[]") + "[[1,2],null,[]]",
      of_type("double[]") + "[1.5,2,1e-7,\"NaN\"]",
      of_type("character[][]") + R"([["a","b"],["\ud83d\ude00"]])",
      of_type("boolean") + "true\nx = false",
      of_type("long") + "9223372036854775807",
      R"({"name":"f","params":[{"name":"x","type":"integer[][]"}],"return":{"type":"void"},"output":{"paramindex":0}})"
      "\n[[1],[2]]",
      R"({"classname":"C","constructor":{"params":[{"name":"n","type":"integer"}]},"methods":[{"name":"m",)"
      R"("params":[],"return":{"type":"integer"}}],"systemdesign":true})"
      "\n[\"C\",\"m\"]\n[[3],[]]\n[null,4]"};
}

void read_archive(std::string_view input) {
  UnpackLimits limits;
  limits.bytes = 256 << 10;
  limits.entries = 50;
  const auto unpacked = unpack(input, limits);
  if (!unpacked) {
    PJ_ASSERT(!unpacked.error().message.empty());
    return;
  }
  std::uint64_t bytes = 0;
  std::set<std::string> files;
  std::set<std::string> folders;
  for (const Unpacked& entry : *unpacked) {
    bytes += entry.content.size();
    PJ_ASSERT(sandbox::valid_box_path(entry.name));
    PJ_ASSERT(entry.name.find('\\') == std::string::npos);
    PJ_ASSERT(std::none_of(entry.name.begin(), entry.name.end(), [](unsigned char c) { return c < ' ' || c == 127; }));
    // A folder may be named again.
    PJ_ASSERT(entry.folder || files.insert(entry.name).second);
    if (entry.folder) folders.insert(entry.name);
    PJ_ASSERT(!entry.folder || entry.content.empty());
  }
  PJ_ASSERT(std::none_of(files.begin(), files.end(), [&](const std::string& name) { return folders.contains(name); }));
  PJ_ASSERT(bytes <= limits.bytes);
  PJ_ASSERT(unpacked->size() <= limits.entries);
}

std::vector<std::string> archive_seeds() {
  return {zip_of({}),
          zip_of({{"run", "echo hello"}, {"compile", "true", 0100755}}),
          zip_of({{"a/b/c.txt", std::string(1'000, 'x'), 0100644, true}, {"a/", "", 040755}}),
          zip_of({{"link", "/etc/passwd", 0120777}}),
          zip_of({{"../up", "x"}, {"/root", "x"}, {"a\\b", "x"}}),
          zip_of({{"twice", "1"}, {"twice", "2"}, {"twice/below", "3"}}),
          zip_of({{"locked", "x", 0100644, false, 1}}),
          zip_of({{"odd", "x", 0, false, 0, 99}}),
          zip_of({{"bomb", std::string(400'000, '\0'), 0100644, true}}),
          zip_of({{"liar", "abc", 0100644, false, 0, 0, 3'000'000'000U, 1U}})};
}

void read_words(std::string_view input) {
  const auto words = split_words(input);
  if (!words) return;
  std::string quoted;
  for (const std::string& word : *words) {
    PJ_ASSERT(word.find('\0') == std::string::npos);
    std::string inside = word;
    for (std::size_t at = 0; (at = inside.find('\'', at)) != std::string::npos; at += 4) inside.replace(at, 1, "'\\''");
    quoted += "'" + inside + "' ";
  }
  const auto again = split_words(quoted);
  PJ_ASSERT(again && *again == *words);
}

std::vector<std::string> words_seeds() {
  return {"-O2 -Wall -std=c++20",
          "'a b' \"c \\\" d\\\\\" e\\ f",
          "a\"\"b '' \"\"",
          "$(x) `y` ; | & > *",
          "'open",
          "end\\",
          "\ta\r\nb ",
          "it'\\''s"};
}

}  // namespace pushjudge::fuzz
