#pragma once

// What a user sends, what a worker finds, and what everybody sees. Plain values, passed by value or as shared_ptr<const
// T>; any thread. Texts are bytes: programs print what they like, and UTF-8 is a matter of the edges.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/clock.hpp"
#include "proto/digest.hpp"
#include "proto/ids.hpp"
#include "proto/limits.hpp"
#include "proto/verdict.hpp"

namespace pushjudge {

// How urgent a submission is: under load, classes share the workers' time as 8 : 4 : 1.
enum class JobClass : std::uint8_t { contest, interactive, rejudge };
inline constexpr std::size_t kJobClassCount = 3;
std::string_view to_string(JobClass job_class);
std::optional<JobClass> parse_job_class(std::string_view text);

// One piece of code to judge, as it was accepted. Never changes afterwards.
struct Submission {
  Token token;
  std::int32_t language_id = 0;
  std::string source_code;
  std::optional<std::string> stdin_text;        // nothing: empty
  std::optional<std::string> expected_output;   // nothing: no comparison; exit code 0 is accepted
  std::optional<std::string> compiler_options;  // words, split at blanks; no shell
  std::optional<std::string> command_line_arguments;
  Limits limits;
  std::uint32_t number_of_runs = 1;  // time and memory are averaged; the first run that is not accepted ends them
  bool redirect_stderr_to_stdout = false;
  std::optional<std::string> additional_files;  // a zip archive, unpacked beside the source before anything is started
  bool enable_network = false;                  // for the runs, never for compiling
  // The problem that it is to solve, as a ProblemReference; nothing: it is run by itself. With a problem, input,
  // expected output, limits and the number of runs are the problem's, and those here do not count; but where the
  // problem is a function and stdin_text is given, that holds the tests (see parse_tests()), and what is expected is
  // what the problem's reference solution answers: a trial, which shows everything and counts for nothing.
  std::optional<std::string> problem;
  std::optional<Digest> problem_version;  // which one that is: found by the core as it accepts it
  bool all_tests = false;                 // to judge all tests, also after one that fails
  bool judge_messages =
      false;  // the report is to hold what the checker tells the judges; whoever asks may know the tests
  std::optional<std::string> callback_url;  // whom to tell when it has ended
  JobClass job_class = JobClass::interactive;
  std::optional<std::string> user;  // for whom the client sends it, in the client's own words
  std::string lane;                 // who waits in line with it; from the gateway: lanes of one class share alike
  UnixMillis created_at = 0;

  bool operator==(const Submission&) const = default;
};

// What a test of a function problem was about, for who sent the program: of samples and trials, and of the first test
// that failed. Each text is cut at kShownBytesMax, with a note.
struct ShownTest {
  std::string input;        // its lines
  std::string expected;     // canonical
  std::string answer;       // what the program gave; canonical where that can be; empty: nothing
  std::string stdout_text;  // what it printed meanwhile

  bool operator==(const ShownTest&) const = default;
};

// What one test of a problem came to.
struct TestResult {
  std::string name;  // "secret/group1/01-small"
  bool sample = false;
  Verdict verdict = Verdict::internal_error;
  std::uint64_t cpu_us = 0;  // of a multi-pass problem: of the pass that took most; so are the next two
  std::uint64_t wall_us = 0;
  std::uint64_t memory_kib = 0;
  std::optional<double> score;  // of a scored problem
  std::string message;          // for who sent it: how the run ended, or what the checker tells the team
  std::string judge_message;    // only where the submission asks for it
  // Of a function problem; then the times are what the program's own process says of each test, and the memory is that
  // of the process that ran it together with others. Times and memory of the report are measured.
  std::optional<ShownTest> shown{};

  bool operator==(const TestResult&) const = default;
};

// What a group of tests came to; in the order of the problem's groups, the root first.
struct GroupResult {
  std::string name;
  Verdict verdict = Verdict::accepted;
  std::optional<double> score;  // of a scored problem
  bool judged = true;           // false: a group that it requires did not pass, or the one around it had ended

  bool operator==(const GroupResult&) const = default;
};

// A test that is done, told while the others run. Passing: never stored, and may be lost on its way.
struct TestProgress {
  std::uint32_t done = 0;  // tests that are done, this one too
  std::uint32_t of = 0;
  TestResult test;

  bool operator==(const TestProgress&) const = default;
};

// What a worker found. Times are absent where nothing ran (a compilation error, an internal error).
struct Report {
  Verdict verdict = Verdict::internal_error;
  std::optional<std::int32_t> exit_code;  // 0 when a signal ended the program
  std::optional<std::int32_t> exit_signal;
  std::optional<std::uint64_t> cpu_us;
  std::optional<std::uint64_t> wall_us;
  std::optional<std::uint64_t> memory_kib;  // peak of the whole box
  std::string stdout_text;
  std::string stderr_text;
  std::string compile_output;
  std::string message;     // one line for a person: "Exited with error status 1", "Memory limit exceeded"
  std::string accounting;  // what measured it: "cgroup2", "cgroup1" or "rusage"
  // Of a problem. Then the times and memory above are the most that a test took, the texts those of the first sample
  // that was not accepted, or of the first sample: what a program prints on other tests could tell what they are.
  std::optional<double> score;
  std::optional<double> score_max;
  std::vector<TestResult> tests;    // those that were judged, in the problem's order
  std::vector<GroupResult> groups;  // of a scored problem
  std::uint32_t tests_total = 0;    // those that there are, judged or not
  // Of an accepted submission to a function problem, and set by the core: the share, in percent, of those that were
  // accepted before, in the same language, that took more time or memory than this one.
  std::optional<double> runtime_percentile;
  std::optional<double> memory_percentile;

  bool operator==(const Report&) const = default;
};

enum class State : std::uint8_t { queued, running, finished };

// What everybody who knows the token may see: the state as of event `seq`, and the report once there is one.
struct Snapshot {
  Token token;
  std::int32_t language_id = 0;
  std::optional<std::string> problem;  // as it was named
  State state = State::queued;
  Seq seq = 0;
  std::uint32_t attempt = 0;  // how often it was handed to a worker
  std::string worker;         // the name of the worker that has or had it
  UnixMillis created_at = 0;
  std::optional<UnixMillis> started_at;
  std::optional<UnixMillis> finished_at;
  std::optional<Report> report;  // present exactly when state is finished

  bool operator==(const Snapshot&) const = default;
};

// Bounds on what is stored and sent; over them is an error, never a cut in silence.
inline constexpr std::size_t kSourceBytesMax = 1 << 20;
inline constexpr std::size_t kStdinBytesMax = 16 << 20;
inline constexpr std::size_t kExpectedBytesMax = 16 << 20;
inline constexpr std::size_t kOptionCharactersMax = 512;
inline constexpr std::size_t kAdditionalFilesBytesMax = 10 << 20;  // of the archive
inline constexpr std::size_t kCallbackUrlBytesMax = 2'048;
inline constexpr std::size_t kIdempotencyKeyCharactersMax = 255;
inline constexpr std::size_t kUserCharactersMax = 128;
inline constexpr std::size_t kLaneBytesMax = 1'024;
inline constexpr std::size_t kTestMessageBytesMax = 1 << 10;  // of each of a test's messages
inline constexpr std::size_t kShownBytesMax = 16 << 10;       // of each text of a test that is shown
inline constexpr std::size_t kTrialTestsMax = 50;

// The channel on which a submission's events are published.
std::string channel_of(const Token& token);                       // "submission:TOKEN"
std::optional<Token> token_of_channel(std::string_view channel);  // nothing for other channels

}  // namespace pushjudge
