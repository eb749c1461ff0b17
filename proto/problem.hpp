#pragma once

// A problem as it is judged: what importers make of a package, gateways show and workers grade by. Its bytes (encode())
// are its manifest, and the digest of these is its version. Files (tests, checkers) are not in it but named by digest,
// so that versions share them and a worker fetches only what it needs. Values; any thread.
//
// Where names and rules come from: the Kattis problem package format, legacy and 2023-07-draft
// (https://www.kattis.com/problem-package-format/).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"
#include "proto/digest.hpp"
#include "proto/function_values.hpp"
#include "proto/signature.hpp"

namespace pushjudge {

// A file of a package, kept apart.
struct Blob {
  Digest digest;
  std::uint64_t size = 0;

  bool operator==(const Blob&) const = default;
};

struct ProblemFile {
  std::string name;  // relative, as valid in a box; also with folders
  Blob content;

  bool operator==(const ProblemFile&) const = default;
};

// What one run on one test may use.
struct ProblemLimits {
  std::uint64_t time_ms = 1'000;           // CPU time; for each pass
  std::uint64_t memory_kib = 2'048 << 10;  // peak of the box
  std::uint64_t output_kib = 8 << 10;      // of standard output, and of standard error
  std::uint64_t code_kib = 128;            // source and additional files together
  std::uint64_t compilation_ms = 60'000;
  std::uint64_t compilation_memory_kib = 2'048 << 10;
  std::uint64_t validation_ms = 60'000;  // of the checker or interactor, on one test
  std::uint64_t validation_memory_kib = 2'048 << 10;
  std::uint64_t validation_output_kib = 8 << 10;
  std::uint32_t passes = 1;  // the most runs on one test; more than 1: multi-pass

  bool operator==(const ProblemLimits&) const = default;
};

// How the default checker compares, as the flags of the format's default validator say: token by token, where case
// does not count unless it is said to, and numbers may differ by a tolerance where there is one.
struct CompareFlags {
  bool case_sensitive = false;
  bool space_change_sensitive = false;
  std::optional<double> absolute_tolerance;
  std::optional<double> relative_tolerance;

  bool operator==(const CompareFlags&) const = default;
};

enum class CheckerProtocol : std::uint8_t {
  compare,   // ours: CompareFlags
  kattis,    // argv: input answer feedback-folder arguments…; output on stdin; ends with 42 (right) or 43 (wrong)
  testlib,   // argv: input output answer arguments…; ends with 0 (right), 1, 2, 4, 8 (wrong), 3 (the jury's fault), 7
             // (points)
  function,  // of a function problem: its checker_signature(), called as the problem's function is
};

// Who says whether an output is right; for an interactive problem, whom the program talks to.
struct Checker {
  CheckerProtocol protocol = CheckerProtocol::compare;
  bool interactive = false;        // it runs beside the program, each one's output the other's input
  std::string language;            // slug; empty for `compare`
  std::string main_file;           // the name among `files` of what is started
  std::vector<ProblemFile> files;  // all of them, with main_file

  bool operator==(const Checker&) const = default;
};

enum class Aggregation : std::uint8_t {
  pass_fail,  // all of its tests accepted: the group's max_score; else 0
  sum,
  min,
  max,
  average,
};

// Which verdict a group has whose tests have several.
enum class GroupVerdict : std::uint8_t {
  first_error,  // of the first test, in order, that is not accepted
  worst_error,  // the worst of them, in the format's order: internal error, runtime error, time limit, wrong answer
  always_accept,
};

struct TestGroup {
  std::string name;                     // "" (the root), "sample", "secret", "secret/group1"
  std::optional<std::uint32_t> parent;  // index of an earlier group; nothing: the root, which is the first
  Aggregation aggregation = Aggregation::sum;
  std::optional<double> min_score;  // a score outside of these is the jury's fault; nothing: unbounded
  std::optional<double> max_score;
  GroupVerdict verdict = GroupVerdict::worst_error;
  bool accept_if_any_accepted = false;
  bool ignore_sample = false;               // the root: the sample group counts for neither score nor verdict
  bool break_on_reject = true;              // the first of its tests that is not accepted ends the group
  std::vector<std::uint32_t> require_pass;  // earlier groups; unless all their tests are accepted, it is not judged: 0

  bool operator==(const TestGroup&) const = default;
};

struct ProblemTest {
  std::string name;         // "secret/group1/01-small"; what people see
  std::uint32_t group = 0;  // index
  bool sample = false;      // what it prints may be shown to who sent it
  Blob input;
  Blob answer;
  std::vector<std::string> checker_arguments;
  CompareFlags compare;  // for CheckerProtocol::compare
  // What it is worth where it is accepted, unless the checker says a score itself; nothing: then the checker must.
  std::optional<double> accept_score;
  double reject_score = 0;
  std::vector<ProblemFile> files;  // that lie beside the program
  // Of a function problem: which test of those that `input` and `answer` hold. Tests of one group that share these
  // follow each other and are run by one process.
  std::uint32_t index = 0;

  bool operator==(const ProblemTest&) const = default;
};

// Lie beside each submission in the language and take the place of its own of that name.
struct IncludedFile {
  std::string language;  // slug; empty: all, unless the language has one of that name
  ProblemFile file;

  bool operator==(const IncludedFile&) const = default;
};

enum class StatementFormat : std::uint8_t {
  markdown,  // CommonMark with tables, mathematics between $; without HTML
  tex,       // LaTeX source, shown as it is
};

struct Statement {
  std::string language = "en";  // ISO 639-1, or a locale
  std::string title;
  StatementFormat format = StatementFormat::markdown;
  std::string text;

  bool operator==(const Statement&) const = default;
};

// As people see it.
struct Sample {
  std::string name;
  std::string input;
  std::string output;
  std::string interaction;  // lines beginning with < (to the program) or > (from it), --- between passes; else empty

  bool operator==(const Sample&) const = default;
};

// A solution that says what is to come of inputs that nobody has thought of before.
struct ReferenceSolution {
  std::string language;  // slug
  Blob source;

  bool operator==(const ReferenceSolution&) const = default;
};

// What makes a problem a function problem. Its inputs hold lines_per_test() lines for each test, its answers one, all
// canonical. The time limit is of one process, which runs all tests of a group.
struct FunctionTask {
  Signature signature;
  AnswerComparison comparison;                 // for CheckerProtocol::compare
  std::optional<ReferenceSolution> reference;  // nothing: there are no answers for inputs of one's own
  bool shows_failed_test = true;  // what the first test that fails was, to who sent the program; else only samples

  bool operator==(const FunctionTask&) const = default;
};

struct Problem {
  std::string slug;
  std::string title;
  std::string author;  // for people; empty: not said. So are the next two
  std::string source;
  std::string license;
  bool scoring = false;                // false: accepted or not
  std::vector<std::string> languages;  // slugs that may be used; empty: all
  ProblemLimits limits;
  Checker checker;
  std::vector<TestGroup> groups;
  std::vector<ProblemTest>
      tests;  // in the order in which they are judged; those of a group with its subgroups together
  std::vector<IncludedFile> included;
  std::vector<Statement> statements;
  std::vector<Sample> samples;
  std::optional<FunctionTask> function;

  bool operator==(const Problem&) const = default;
};

// Bounds; over them a problem is invalid.
inline constexpr std::size_t kSlugCharactersMax = 64;
inline constexpr std::size_t kProblemTestsMax = 1'000;
inline constexpr std::size_t kProblemGroupsMax = 200;
// Of a checker; included for all languages, and for one; beside one test: together they must fit into a box.
inline constexpr std::size_t kProblemFilesMax = 20;
inline constexpr std::size_t kBlobBytesMax = 32 << 20;
inline constexpr std::size_t kManifestBytesMax = 4 << 20;
inline constexpr std::size_t kStatementBytesMax = 256 << 10;
inline constexpr std::size_t kSampleBytesMax = 64 << 10;  // of each of its texts
inline constexpr std::size_t kCheckerArgumentsMax = 64;
inline constexpr std::uint64_t kProblemTimeMaxMs = 600'000;
inline constexpr std::uint64_t kProblemMemoryKibMax = 16ULL << 20;
inline constexpr std::uint64_t kProblemOutputKibMax = 256 << 10;
inline constexpr std::uint32_t kPassesMax = 100;

// 1 to 64 of a-z 0-9 - _, beginning with a letter or digit.
inline constexpr std::string_view kSlugRule = "1 to 64 of a-z 0-9 - _, the first a letter or digit";
bool is_slug(std::string_view text);

// What a submission names: "two-sum", or "two-sum@VERSION" with 64 hexadecimal digits, also where that is not
// published.
struct ProblemReference {
  std::string slug;
  std::optional<Digest> version;

  bool operator==(const ProblemReference&) const = default;
};
std::optional<ProblemReference> parse_problem_reference(std::string_view text);

// The manifest: the same problem gives the same bytes.
std::string encode(const Problem& problem);
// Errors: invalid, with the reason: it is no manifest, or breaks a rule.
Result<Problem> decode_problem(std::string_view manifest);

// Why it cannot be a problem; nothing when it can.
std::optional<std::string> invalid(const Problem& problem);

// Whether programs in the language, a slug, may be used for it.
bool takes_language(const Problem& problem, std::string_view slug);

// All files that it names, each once, in order of digest.
std::vector<Blob> blobs_of(const Problem& problem);

// The most points there are; nothing: unbounded, or not scored.
std::optional<double> score_max(const Problem& problem);

}  // namespace pushjudge
