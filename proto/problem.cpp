#include "proto/problem.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "proto/aggregation.hpp"
#include "proto/codec.hpp"
#include "proto/frame.hpp"

namespace pushjudge {

namespace {

// The first bytes of every manifest; another layout is another number. A function problem's has more in it; the others
// are as they were, so that they keep their versions.
constexpr std::string_view kManifestMagic = "PJP1";
constexpr std::string_view kFunctionManifestMagic = "PJP2";

constexpr std::size_t kNameBytesMax = 512;  // as in a box
constexpr std::size_t kNamePartBytesMax = 255;
constexpr std::size_t kNameDepthMax = 16;
constexpr std::size_t kNamesBytesMax = 4 << 10;      // of files that lie together in a box
constexpr std::size_t kArgumentsBytesMax = 4 << 10;  // of a checker, on one test
constexpr std::size_t kWordsBytesMax = 1'024;        // of a title, an author and the like

// ---- the parts, each a write() and a read_…() in the same order of fields

void write(Writer& out, const Blob& blob) {
  out.raw(blob.digest.bytes).number(blob.size);
}
Blob read_blob(Reader& in) {
  Blob blob;
  in.raw(blob.digest.bytes);
  blob.size = in.number<std::uint64_t>();
  return blob;
}
constexpr std::size_t kBlobEntryBytes = 40;

template <class T, class Write>
void write_all(Writer& out, const std::vector<T>& all, Write write_one) {
  out.number(static_cast<std::uint32_t>(all.size()));
  for (const T& one : all) write_one(out, one);
}
template <class T, class Read>
std::vector<T> read_all(Reader& in, std::size_t bytes_min, Read read_one) {
  std::vector<T> all;
  const std::uint32_t count = in.count(bytes_min);
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(read_one(in));
  return all;
}

void write_text(Writer& out, const std::string& text) {
  out.text(text);
}
std::string read_text(Reader& in) {
  return std::string(in.text());
}
void write_index(Writer& out, std::uint32_t index) {
  out.number(index);
}
std::uint32_t read_index(Reader& in) {
  return in.number<std::uint32_t>();
}

void write_file(Writer& out, const ProblemFile& file) {
  out.text(file.name);
  write(out, file.content);
}
ProblemFile read_file(Reader& in) {
  ProblemFile file;
  file.name = in.text();
  file.content = read_blob(in);
  return file;
}
constexpr std::size_t kFileBytesMin = 4 + kBlobEntryBytes;

// An enumerator that this version does not know is beyond the last one, which invalid() finds.
template <class E>
E read_enumerator(Reader& in) {
  return static_cast<E>(in.number<std::uint8_t>());
}
template <class E>
void write_enumerator(Writer& out, E value) {
  out.number(static_cast<std::uint8_t>(value));
}

void write(Writer& out, const ProblemLimits& limits) {
  out.number(limits.time_ms)
      .number(limits.memory_kib)
      .number(limits.output_kib)
      .number(limits.code_kib)
      .number(limits.compilation_ms)
      .number(limits.compilation_memory_kib)
      .number(limits.validation_ms)
      .number(limits.validation_memory_kib)
      .number(limits.validation_output_kib)
      .number(limits.passes);
}
ProblemLimits read_problem_limits(Reader& in) {
  ProblemLimits limits;
  limits.time_ms = in.number<std::uint64_t>();
  limits.memory_kib = in.number<std::uint64_t>();
  limits.output_kib = in.number<std::uint64_t>();
  limits.code_kib = in.number<std::uint64_t>();
  limits.compilation_ms = in.number<std::uint64_t>();
  limits.compilation_memory_kib = in.number<std::uint64_t>();
  limits.validation_ms = in.number<std::uint64_t>();
  limits.validation_memory_kib = in.number<std::uint64_t>();
  limits.validation_output_kib = in.number<std::uint64_t>();
  limits.passes = in.number<std::uint32_t>();
  return limits;
}

void write(Writer& out, const Checker& checker) {
  write_enumerator(out, checker.protocol);
  out.flag(checker.interactive).text(checker.language).text(checker.main_file);
  write_all(out, checker.files, write_file);
}
Checker read_checker(Reader& in) {
  Checker checker;
  checker.protocol = read_enumerator<CheckerProtocol>(in);
  checker.interactive = in.flag();
  checker.language = in.text();
  checker.main_file = in.text();
  checker.files = read_all<ProblemFile>(in, kFileBytesMin, read_file);
  return checker;
}

void write_group(Writer& out, const TestGroup& group) {
  out.text(group.name).flag(group.parent.has_value());
  if (group.parent) out.number(*group.parent);
  write_enumerator(out, group.aggregation);
  out.optional_real(group.min_score);
  out.optional_real(group.max_score);
  write_enumerator(out, group.verdict);
  out.flag(group.accept_if_any_accepted).flag(group.ignore_sample).flag(group.break_on_reject);
  write_all(out, group.require_pass, write_index);
}
TestGroup read_group(Reader& in) {
  TestGroup group;
  group.name = in.text();
  if (in.flag()) group.parent = in.number<std::uint32_t>();
  group.aggregation = read_enumerator<Aggregation>(in);
  group.min_score = in.optional_real();
  group.max_score = in.optional_real();
  group.verdict = read_enumerator<GroupVerdict>(in);
  group.accept_if_any_accepted = in.flag();
  group.ignore_sample = in.flag();
  group.break_on_reject = in.flag();
  group.require_pass = read_all<std::uint32_t>(in, 4, read_index);
  return group;
}
constexpr std::size_t kGroupBytesMin = 16;

void write_test(Writer& out, const ProblemTest& test) {
  out.text(test.name).number(test.group).flag(test.sample);
  write(out, test.input);
  write(out, test.answer);
  write_all(out, test.checker_arguments, write_text);
  out.flag(test.compare.case_sensitive).flag(test.compare.space_change_sensitive);
  out.optional_real(test.compare.absolute_tolerance);
  out.optional_real(test.compare.relative_tolerance);
  out.optional_real(test.accept_score);
  out.real(test.reject_score);
  write_all(out, test.files, write_file);
}
ProblemTest read_test(Reader& in) {
  ProblemTest test;
  test.name = in.text();
  test.group = in.number<std::uint32_t>();
  test.sample = in.flag();
  test.input = read_blob(in);
  test.answer = read_blob(in);
  test.checker_arguments = read_all<std::string>(in, 4, read_text);
  test.compare.case_sensitive = in.flag();
  test.compare.space_change_sensitive = in.flag();
  test.compare.absolute_tolerance = in.optional_real();
  test.compare.relative_tolerance = in.optional_real();
  test.accept_score = in.optional_real();
  test.reject_score = in.real();
  test.files = read_all<ProblemFile>(in, kFileBytesMin, read_file);
  return test;
}
constexpr std::size_t kProblemTestBytesMin = 9 + 2 * kBlobEntryBytes;

void write_included(Writer& out, const IncludedFile& included) {
  out.text(included.language);
  write_file(out, included.file);
}
IncludedFile read_included(Reader& in) {
  IncludedFile included;
  included.language = in.text();
  included.file = read_file(in);
  return included;
}

void write_statement(Writer& out, const Statement& statement) {
  out.text(statement.language).text(statement.title);
  write_enumerator(out, statement.format);
  out.text(statement.text);
}
Statement read_statement(Reader& in) {
  Statement statement;
  statement.language = in.text();
  statement.title = in.text();
  statement.format = read_enumerator<StatementFormat>(in);
  statement.text = in.text();
  return statement;
}
constexpr std::size_t kStatementBytesMin = 13;

void write_sample(Writer& out, const Sample& sample) {
  out.text(sample.name).text(sample.input).text(sample.output).text(sample.interaction);
}
Sample read_sample(Reader& in) {
  Sample sample;
  sample.name = in.text();
  sample.input = in.text();
  sample.output = in.text();
  sample.interaction = in.text();
  return sample;
}
constexpr std::size_t kSampleBytesMin = 16;

void write_function(Writer& out, const Problem& problem) {
  const FunctionTask& task = *problem.function;
  out.text(to_json(task.signature));
  write_enumerator(out, task.comparison.order);
  out.real(task.comparison.tolerance).flag(task.reference.has_value());
  if (task.reference) {
    out.text(task.reference->language);
    write(out, task.reference->source);
  }
  out.flag(task.shows_failed_test);
  for (const ProblemTest& test : problem.tests) out.number(test.index);
}
// False where the signature is none.
bool read_function(Reader& in, Problem& problem) {
  FunctionTask task;
  auto signature = parse_signature(in.text());
  if (!signature) return false;
  task.signature = *std::move(signature);
  task.comparison.order = read_enumerator<AnswerOrder>(in);
  task.comparison.tolerance = in.real();
  if (in.flag()) {
    ReferenceSolution reference;
    reference.language = in.text();
    reference.source = read_blob(in);
    task.reference = std::move(reference);
  }
  task.shows_failed_test = in.flag();
  for (ProblemTest& test : problem.tests) test.index = in.number<std::uint32_t>();
  problem.function = std::move(task);
  return true;
}

// ---- the rules

bool is_file_name(std::string_view name) {
  if (name.empty() || name.size() >= kNameBytesMax || !is_utf8(name)) return false;
  std::size_t depth = 0;
  while (true) {
    const auto slash = name.find('/');
    const auto part = name.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || part.size() > kNamePartBytesMax || ++depth > kNameDepthMax) {
      return false;
    }
    if (std::ranges::any_of(part, [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '\\'; })) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

using Reason = std::optional<std::string>;

Reason invalid_words(const std::string& text, const char* what) {
  if (text.size() > kWordsBytesMax) return std::string(what) + " is longer than 1024 bytes";
  if (!is_utf8(text)) return std::string(what) + " is not UTF-8";
  return std::nullopt;
}

Reason invalid_files(const std::vector<ProblemFile>& files, const std::string& whose) {
  if (files.size() > kProblemFilesMax) return whose + ": more than " + std::to_string(kProblemFilesMax) + " files";
  std::size_t name_bytes = 0;
  for (const ProblemFile& file : files) name_bytes += file.name.size();
  if (name_bytes > kNamesBytesMax) return whose + ": the names of its files are longer than 4 KiB together";
  for (const ProblemFile& file : files) {
    if (!is_file_name(file.name)) return whose + ": a file's name is no name in a box: " + file.name;
    if (file.content.size > kBlobBytesMax) return whose + ": " + file.name + " is larger than 32 MiB";
    if (std::ranges::count(files, file.name, &ProblemFile::name) > 1) return whose + ": two files " + file.name;
  }
  return std::nullopt;
}

Reason invalid_limits(const ProblemLimits& limits) {
  const auto time_is_wrong = [](std::uint64_t ms) { return ms == 0 || ms > kProblemTimeMaxMs; };
  const auto memory_is_wrong = [](std::uint64_t kib) { return kib < 1'024 || kib > kProblemMemoryKibMax; };
  const auto output_is_wrong = [](std::uint64_t kib) { return kib == 0 || kib > kProblemOutputKibMax; };
  if (time_is_wrong(limits.time_ms)) return "the time limit is not within 1 ms to 10 minutes";
  if (time_is_wrong(limits.compilation_ms)) return "the time for compiling is not within 1 ms to 10 minutes";
  if (time_is_wrong(limits.validation_ms)) return "the time for validating is not within 1 ms to 10 minutes";
  if (memory_is_wrong(limits.memory_kib) || memory_is_wrong(limits.compilation_memory_kib) ||
      memory_is_wrong(limits.validation_memory_kib)) {
    return "a memory limit is not within 1 MiB to 16 GiB";
  }
  if (output_is_wrong(limits.output_kib) || output_is_wrong(limits.validation_output_kib)) {
    return "an output limit is not within 1 KiB to 256 MiB";
  }
  if (limits.code_kib == 0) return "the code limit is 0";
  if (limits.passes == 0 || limits.passes > kPassesMax) return "the number of passes is not within 1 to 100";
  return std::nullopt;
}

Reason invalid_checker(const Problem& problem) {
  const Checker& checker = problem.checker;
  if (checker.protocol > CheckerProtocol::function) return "the checker's protocol is unknown";
  if (checker.protocol == CheckerProtocol::function && (!problem.function || checker.interactive)) {
    return "only a function problem has a function for a checker";
  }
  if (checker.protocol == CheckerProtocol::compare) {
    if (checker.interactive) return "an interactive problem needs an interactor";
    if (problem.limits.passes > 1) return "a multi-pass problem needs an output validator";
    if (!checker.files.empty()) return "the default checker has no files";
    return std::nullopt;
  }
  if (problem.limits.passes > 1 && checker.protocol != CheckerProtocol::kattis) {
    return "only an output validator of the Kattis protocol can ask for another pass";
  }
  if (auto reason = invalid_files(checker.files, "the checker")) return reason;
  if (!is_slug(checker.language)) return "the checker's language is no slug";
  if (std::ranges::find(checker.files, checker.main_file, &ProblemFile::name) == checker.files.end()) {
    return "the checker has no file " + checker.main_file;
  }
  return std::nullopt;
}

bool is_bound(const std::optional<double>& score) {
  return !score || std::isfinite(*score);
}

Reason invalid_groups(const std::vector<TestGroup>& groups) {
  if (groups.empty() || groups.size() > kProblemGroupsMax) return "there are no groups of tests, or more than 200";
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const TestGroup& group = groups[i];
    const std::string whose = "group " + (group.name.empty() ? "data" : group.name);
    if (group.parent.has_value() != (i > 0) || (group.parent && *group.parent >= i)) {
      return whose + ": its parent does not come before it";
    }
    if (auto reason = invalid_words(group.name, "a group's name")) return reason;
    if (group.aggregation > Aggregation::average || group.verdict > GroupVerdict::always_accept) {
      return whose + ": its way to aggregate is unknown";
    }
    if (!is_bound(group.min_score) || !is_bound(group.max_score)) return whose + ": a bound of its score is no number";
    if (group.aggregation == Aggregation::pass_fail && !group.max_score) {
      return whose + ": what passes or fails has a score";
    }
    for (const std::uint32_t required : group.require_pass) {
      if (required >= i) return whose + ": what it requires does not come before it";
    }
  }
  return std::nullopt;
}

Reason invalid_tests(const Problem& problem) {
  if (problem.tests.empty() || problem.tests.size() > kProblemTestsMax) return "there are no tests, or more than 1000";
  const auto over = [](const std::optional<double>& tolerance) {
    return tolerance && !(std::isfinite(*tolerance) && *tolerance >= 0);
  };
  for (const ProblemTest& test : problem.tests) {
    const std::string whose = "test " + test.name;
    if (auto reason = invalid_words(test.name, "a test's name")) return reason;
    if (test.group >= problem.groups.size()) return whose + ": there is no such group";
    if (test.input.size > kBlobBytesMax) return whose + ": its input is larger than 32 MiB";
    if (test.answer.size > kBlobBytesMax) return whose + ": its answer is larger than 32 MiB";
    if (test.checker_arguments.size() > kCheckerArgumentsMax) return whose + ": more than 64 arguments for the checker";
    std::size_t argument_bytes = 0;
    for (const std::string& argument : test.checker_arguments) argument_bytes += argument.size();
    if (argument_bytes > kArgumentsBytesMax) return whose + ": the checker's arguments are longer than 4 KiB together";
    for (const std::string& argument : test.checker_arguments) {
      if (argument.size() > kWordsBytesMax || argument.find('\0') != std::string::npos) {
        return whose + ": an argument for the checker is longer than 1024 bytes or holds a NUL";
      }
    }
    if (over(test.compare.absolute_tolerance) || over(test.compare.relative_tolerance)) {
      return whose + ": a tolerance is no number from 0 on";
    }
    if (!is_bound(test.accept_score) || !std::isfinite(test.reject_score)) return whose + ": its score is no number";
    if (auto reason = invalid_files(test.files, whose)) return reason;
  }
  return std::nullopt;
}

Reason invalid_function(const Problem& problem) {
  if (!problem.function) return std::nullopt;
  const FunctionTask& task = *problem.function;
  if (auto reason = invalid(task.signature)) return reason;
  const auto protocol = problem.checker.protocol;
  if (protocol != CheckerProtocol::compare && protocol != CheckerProtocol::function) {
    return "the checker of a function problem is a function";
  }
  if (protocol == CheckerProtocol::function && task.signature.is_class()) {
    return "a class that is to be designed has no checker";
  }
  if (problem.limits.passes > 1) return "a function problem has one pass";
  if (!problem.included.empty()) return "a function problem has no included files";
  if (problem.checker.files.size() > 1) return "the checker of a function problem is one file";
  if (task.comparison.order > AnswerOrder::unordered_nested) return "the way to compare answers is unknown";
  if (!(std::isfinite(task.comparison.tolerance) && task.comparison.tolerance >= 0)) {
    return "the tolerance is no number from 0 on";
  }
  if (task.reference && !is_slug(task.reference->language)) return "the reference solution's language is no slug";
  if (task.reference && task.reference->source.size > kBlobBytesMax) return "the reference solution is too large";
  for (std::size_t i = 0; i < problem.tests.size(); ++i) {
    const ProblemTest& test = problem.tests[i];
    const std::string whose = "test " + test.name;
    if (!test.files.empty() || !test.checker_arguments.empty()) {
      return whose + ": a test of a function problem has neither files nor arguments";
    }
    // One process runs what stands together.
    const bool first = i == 0 || problem.tests[i - 1].group != test.group || problem.tests[i - 1].input != test.input;
    if (first ? test.index != 0 : test.index != problem.tests[i - 1].index + 1) {
      return whose + ": the tests of a file are not in order";
    }
    if (!first && problem.tests[i - 1].answer != test.answer) return whose + ": its answer lies elsewhere";
  }
  return std::nullopt;
}

Reason invalid_texts(const Problem& problem) {
  for (const Statement& statement : problem.statements) {
    if (statement.format > StatementFormat::tex) return "a statement's format is unknown";
    if (auto reason = invalid_words(statement.language, "a statement's language")) return reason;
    if (auto reason = invalid_words(statement.title, "a statement's title")) return reason;
    if (statement.text.size() > kStatementBytesMax) return "a statement is larger than 256 KiB";
    if (!is_utf8(statement.text)) return "a statement is not UTF-8";
  }
  for (const Sample& sample : problem.samples) {
    if (auto reason = invalid_words(sample.name, "a sample's name")) return reason;
    for (const std::string& text : {sample.input, sample.output, sample.interaction}) {
      if (text.size() > kSampleBytesMax) return "sample " + sample.name + " is larger than 64 KiB";
      if (!is_utf8(text)) return "sample " + sample.name + " is not UTF-8";
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_slug(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto fits = [&](char c) { return plain(c) || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= kSlugCharactersMax && plain(text[0]) && std::ranges::all_of(text, fits);
}

std::optional<ProblemReference> parse_problem_reference(std::string_view text) {
  const auto at = text.find('@');
  ProblemReference reference;
  reference.slug = text.substr(0, at);
  if (!is_slug(reference.slug)) return std::nullopt;
  if (at == std::string_view::npos) return reference;
  reference.version = parse_digest(text.substr(at + 1));
  if (!reference.version) return std::nullopt;
  return reference;
}

std::string encode(const Problem& problem) {
  Writer out;
  const std::string_view magic = problem.function ? kFunctionManifestMagic : kManifestMagic;
  out.raw(std::span(reinterpret_cast<const std::uint8_t*>(magic.data()), magic.size()));
  out.text(problem.slug).text(problem.title).text(problem.author).text(problem.source).text(problem.license);
  out.flag(problem.scoring);
  write_all(out, problem.languages, write_text);
  write(out, problem.limits);
  write(out, problem.checker);
  write_all(out, problem.groups, write_group);
  write_all(out, problem.tests, write_test);
  write_all(out, problem.included, write_included);
  write_all(out, problem.statements, write_statement);
  write_all(out, problem.samples, write_sample);
  if (problem.function) write_function(out, problem);
  return out.take();
}

Result<Problem> decode_problem(std::string_view manifest) {
  const Error broken{Errc::invalid, "it is no manifest of a problem, or of another version"};
  if (manifest.size() > kManifestBytesMax) return Error{Errc::invalid, "the manifest is larger than 4 MiB"};
  const bool is_function = manifest.starts_with(kFunctionManifestMagic);
  if (!is_function && !manifest.starts_with(kManifestMagic)) return broken;
  Reader in(manifest.substr(kManifestMagic.size()));
  Problem problem;
  problem.slug = in.text();
  problem.title = in.text();
  problem.author = in.text();
  problem.source = in.text();
  problem.license = in.text();
  problem.scoring = in.flag();
  problem.languages = read_all<std::string>(in, 4, read_text);
  problem.limits = read_problem_limits(in);
  problem.checker = read_checker(in);
  problem.groups = read_all<TestGroup>(in, kGroupBytesMin, read_group);
  problem.tests = read_all<ProblemTest>(in, kProblemTestBytesMin, read_test);
  problem.included = read_all<IncludedFile>(in, 4 + kFileBytesMin, read_included);
  problem.statements = read_all<Statement>(in, kStatementBytesMin, read_statement);
  problem.samples = read_all<Sample>(in, kSampleBytesMin, read_sample);
  if (is_function && !read_function(in, problem)) return broken;
  // One problem has one manifest, and so one version.
  if (!in.ok() || in.more() || encode(problem) != manifest) return broken;
  if (const auto reason = invalid(problem)) return Error{Errc::invalid, *reason};
  return problem;
}

std::optional<std::string> invalid(const Problem& problem) {
  if (!is_slug(problem.slug)) return "a problem's short name is " + std::string(kSlugRule);
  if (auto reason = invalid_words(problem.title, "the title")) return reason;
  if (problem.title.empty()) return "there is no title";
  if (auto reason = invalid_words(problem.author, "the author")) return reason;
  if (auto reason = invalid_words(problem.source, "the source")) return reason;
  if (auto reason = invalid_words(problem.license, "the license")) return reason;
  for (const std::string& language : problem.languages) {
    if (!is_slug(language)) return "a language is no slug: " + language;
  }
  if (auto reason = invalid_limits(problem.limits)) return reason;
  if (auto reason = invalid_checker(problem)) return reason;
  if (auto reason = invalid_groups(problem.groups)) return reason;
  if (auto reason = invalid_tests(problem)) return reason;
  if (auto reason = invalid_function(problem)) return reason;
  std::map<std::string, std::vector<ProblemFile>> included;
  for (const IncludedFile& file : problem.included) included[file.language].push_back(file.file);
  for (const auto& [language, files] : included) {
    if (!language.empty() && !is_slug(language)) return "a language is no slug: " + language;
    if (auto reason = invalid_files(files, "included files")) return reason;
  }
  return invalid_texts(problem);
}

bool takes_language(const Problem& problem, std::string_view slug) {
  return problem.languages.empty() || std::ranges::find(problem.languages, slug) != problem.languages.end();
}

std::vector<Blob> blobs_of(const Problem& problem) {
  std::map<Digest, std::uint64_t> sizes;
  const auto add = [&](const Blob& blob) { sizes[blob.digest] = blob.size; };
  for (const ProblemFile& file : problem.checker.files) add(file.content);
  for (const IncludedFile& file : problem.included) add(file.file.content);
  for (const ProblemTest& test : problem.tests) {
    add(test.input);
    add(test.answer);
    for (const ProblemFile& file : test.files) add(file.content);
  }
  if (problem.function && problem.function->reference) add(problem.function->reference->source);
  std::vector<Blob> blobs;
  for (const auto& [digest, size] : sizes) blobs.push_back({digest, size});
  return blobs;
}

namespace {

// Of group `index`: its own bound, or what its parts can give.
std::optional<double> score_max_of(const Problem& problem, std::uint32_t index) {
  const TestGroup& group = problem.groups[index];
  if (group.aggregation == Aggregation::pass_fail) return group.max_score;
  std::vector<double> parts;
  const auto add = [&](const std::optional<double>& part) {
    if (part) parts.push_back(*part);
    return part.has_value();
  };
  for (const ProblemTest& test : problem.tests) {
    if (test.group == index && !add(test.accept_score)) return group.max_score;
  }
  for (std::uint32_t child = index + 1; child < problem.groups.size(); ++child) {
    if (problem.groups[child].parent != index) continue;
    if (group.ignore_sample && problem.groups[child].name == "sample") continue;
    if (!add(score_max_of(problem, child))) return group.max_score;
  }
  if (parts.empty()) return 0;
  const double most = aggregated(group.aggregation, parts);
  return group.max_score ? std::min(most, *group.max_score) : most;
}

}  // namespace

std::optional<double> score_max(const Problem& problem) {
  if (!problem.scoring || problem.groups.empty()) return std::nullopt;
  return score_max_of(problem, 0);
}

}  // namespace pushjudge
