#include "proto/messages.hpp"

#include <algorithm>
#include <utility>

#include "proto/frame.hpp"

namespace pushjudge {
namespace {

// ---- values, each a put() and a take() in the same order of fields

void put(Writer& out, const JobRef& ref) {
  out.number(ref.job).number(ref.fence);
}
JobRef take_ref(Reader& in) {
  JobRef ref;
  ref.job = in.number<std::uint64_t>();
  ref.fence = in.number<std::uint64_t>();
  return ref;
}

void put(Writer& out, const std::vector<JobRef>& refs) {
  out.number(static_cast<std::uint32_t>(refs.size()));
  for (const JobRef& ref : refs) put(out, ref);
}
std::vector<JobRef> take_refs(Reader& in) {
  std::vector<JobRef> refs;
  const std::uint32_t count = in.count(16);
  refs.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) refs.push_back(take_ref(in));
  return refs;
}

void put(Writer& out, const Token& token) {
  out.raw(token.bytes());
}
Token take_token(Reader& in) {
  Uuid bytes{};
  in.raw(bytes);
  return Token::from_bytes(bytes);
}

void put(Writer& out, const std::optional<std::string>& text) {
  out.flag(text.has_value());
  if (text) out.text(*text);
}
std::optional<std::string> take_optional_text(Reader& in) {
  if (!in.flag()) return std::nullopt;
  return std::string(in.text());
}

template <class T>
void put_optional(Writer& out, const std::optional<T>& number) {
  out.flag(number.has_value());
  if (number) out.number(static_cast<std::uint64_t>(*number));
}
template <class T>
std::optional<T> take_optional(Reader& in) {
  if (!in.flag()) return std::nullopt;
  return static_cast<T>(in.number<std::uint64_t>());
}

void put(Writer& out, const Digest& digest) {
  out.raw(digest.bytes);
}
Digest take_digest(Reader& in) {
  Digest digest;
  in.raw(digest.bytes);
  return digest;
}

void put(Writer& out, const Language& language) {
  out.number(static_cast<std::uint32_t>(language.id))
      .text(language.slug)
      .text(language.name)
      .text(language.source_file)
      .text(language.compile_cmd)
      .text(language.run_cmd)
      .text(language.code_style);
}
Language take_language(Reader& in) {
  Language language;
  language.id = static_cast<std::int32_t>(in.number<std::uint32_t>());
  language.slug = in.text();
  language.name = in.text();
  language.source_file = in.text();
  language.compile_cmd = in.text();
  language.run_cmd = in.text();
  language.code_style = in.text();
  return language;
}

void put(Writer& out, const std::vector<Language>& languages) {
  out.number(static_cast<std::uint32_t>(languages.size()));
  for (const Language& language : languages) put(out, language);
}
std::vector<Language> take_languages(Reader& in) {
  std::vector<Language> languages;
  const std::uint32_t count = in.count(28);
  for (std::uint32_t i = 0; i < count; ++i) languages.push_back(take_language(in));
  return languages;
}

void put(Writer& out, const Limits& limits) {
  out.number(limits.cpu_ms)
      .number(limits.cpu_extra_ms)
      .number(limits.wall_ms)
      .number(limits.memory_kib)
      .number(limits.stack_kib)
      .number(limits.file_kib)
      .number(limits.processes)
      .flag(limits.cpu_per_process)
      .flag(limits.memory_per_process);
}
Limits take_limits(Reader& in) {
  Limits limits;
  limits.cpu_ms = in.number<std::uint64_t>();
  limits.cpu_extra_ms = in.number<std::uint64_t>();
  limits.wall_ms = in.number<std::uint64_t>();
  limits.memory_kib = in.number<std::uint64_t>();
  limits.stack_kib = in.number<std::uint64_t>();
  limits.file_kib = in.number<std::uint64_t>();
  limits.processes = in.number<std::uint32_t>();
  limits.cpu_per_process = in.flag();
  limits.memory_per_process = in.flag();
  return limits;
}

void put(Writer& out, const Submission& submission) {
  put(out, submission.token);
  out.number(static_cast<std::uint32_t>(submission.language_id)).text(submission.source_code);
  put(out, submission.stdin_text);
  put(out, submission.expected_output);
  put(out, submission.compiler_options);
  put(out, submission.command_line_arguments);
  put(out, submission.limits);
  out.number(submission.number_of_runs).flag(submission.redirect_stderr_to_stdout);
  put(out, submission.additional_files);
  out.flag(submission.enable_network);
  put(out, submission.problem);
  out.flag(submission.problem_version.has_value());
  if (submission.problem_version) put(out, *submission.problem_version);
  out.flag(submission.all_tests).flag(submission.judge_messages);
  put(out, submission.callback_url);
  out.number(static_cast<std::uint8_t>(submission.job_class));
  put(out, submission.user);
  out.text(submission.lane).number(static_cast<std::uint64_t>(submission.created_at));
}
Submission take_submission(Reader& in) {
  Submission submission;
  submission.token = take_token(in);
  submission.language_id = static_cast<std::int32_t>(in.number<std::uint32_t>());
  submission.source_code = in.text();
  submission.stdin_text = take_optional_text(in);
  submission.expected_output = take_optional_text(in);
  submission.compiler_options = take_optional_text(in);
  submission.command_line_arguments = take_optional_text(in);
  submission.limits = take_limits(in);
  submission.number_of_runs = in.number<std::uint32_t>();
  submission.redirect_stderr_to_stdout = in.flag();
  submission.additional_files = take_optional_text(in);
  submission.enable_network = in.flag();
  submission.problem = take_optional_text(in);
  if (in.flag()) submission.problem_version = take_digest(in);
  submission.all_tests = in.flag();
  submission.judge_messages = in.flag();
  submission.callback_url = take_optional_text(in);
  // A class that this version does not know stands in line with the others.
  const auto job_class = in.number<std::uint8_t>();
  if (job_class < kJobClassCount) submission.job_class = static_cast<JobClass>(job_class);
  submission.user = take_optional_text(in);
  submission.lane = in.text();
  submission.created_at = static_cast<std::int64_t>(in.number<std::uint64_t>());
  return submission;
}

// Of a submission whose texts are empty or absent; less than it is, so that it need not be counted anew.
constexpr std::size_t kSubmissionBytesMin = 64;

void put(Writer& out, const TestResult& test) {
  out.text(test.name)
      .flag(test.sample)
      .text(to_string(test.verdict))
      .number(test.cpu_us)
      .number(test.wall_us)
      .number(test.memory_kib);
  out.optional_real(test.score);
  out.text(test.message).text(test.judge_message);
}
void put(Writer& out, const ShownTest& shown) {
  out.text(shown.input).text(shown.expected).text(shown.answer).text(shown.stdout_text);
}
ShownTest take_shown(Reader& in) {
  ShownTest shown;
  shown.input = in.text();
  shown.expected = in.text();
  shown.answer = in.text();
  shown.stdout_text = in.text();
  return shown;
}
constexpr std::size_t kShownTestBytesMin = 4 + 16;

TestResult take_test(Reader& in) {
  TestResult test;
  test.name = in.text();
  test.sample = in.flag();
  test.verdict = parse_verdict(in.text()).value_or(Verdict::internal_error);
  test.cpu_us = in.number<std::uint64_t>();
  test.wall_us = in.number<std::uint64_t>();
  test.memory_kib = in.number<std::uint64_t>();
  test.score = in.optional_real();
  test.message = in.text();
  test.judge_message = in.text();
  return test;
}
constexpr std::size_t kTestBytesMin = 42;

void put(Writer& out, const GroupResult& group) {
  out.text(group.name).text(to_string(group.verdict));
  out.optional_real(group.score);
  out.flag(group.judged);
}
GroupResult take_group(Reader& in) {
  GroupResult group;
  group.name = in.text();
  group.verdict = parse_verdict(in.text()).value_or(Verdict::internal_error);
  group.score = in.optional_real();
  group.judged = in.flag();
  return group;
}
constexpr std::size_t kGroupResultBytesMin = 10;

void put(Writer& out, const TestProgress& progress) {
  out.number(progress.done).number(progress.of);
  put(out, progress.test);
  out.flag(progress.test.shown.has_value());
  if (progress.test.shown) put(out, *progress.test.shown);
}
TestProgress take_progress(Reader& in) {
  TestProgress progress;
  progress.done = in.number<std::uint32_t>();
  progress.of = in.number<std::uint32_t>();
  progress.test = take_test(in);
  if (in.flag()) progress.test.shown = take_shown(in);
  return progress;
}

// What a report says of a problem: as it goes over the wire, and as it is stored. What was stored before there were
// function problems ends where their part begins.
void put_function_grading(Writer& out, const Report& report) {
  out.number(report.tests_total);
  out.optional_real(report.runtime_percentile);
  out.optional_real(report.memory_percentile);
  const auto is_shown = [](const TestResult& test) { return test.shown.has_value(); };
  out.number(static_cast<std::uint32_t>(std::ranges::count_if(report.tests, is_shown)));
  for (std::uint32_t i = 0; i < report.tests.size(); ++i) {
    if (!report.tests[i].shown) continue;
    out.number(i);
    put(out, *report.tests[i].shown);
  }
}
void take_function_grading(Reader& in, Report& report) {
  report.tests_total = in.number<std::uint32_t>();
  report.runtime_percentile = in.optional_real();
  report.memory_percentile = in.optional_real();
  const std::uint32_t shown = in.count(kShownTestBytesMin);
  for (std::uint32_t i = 0; i < shown; ++i) {
    const auto test = in.number<std::uint32_t>();
    auto what = take_shown(in);
    if (test < report.tests.size()) report.tests[test].shown = std::move(what);
  }
}
void put_grading(Writer& out, const Report& report) {
  out.optional_real(report.score);
  out.optional_real(report.score_max);
  out.number(static_cast<std::uint32_t>(report.tests.size()));
  for (const TestResult& test : report.tests) put(out, test);
  out.number(static_cast<std::uint32_t>(report.groups.size()));
  for (const GroupResult& group : report.groups) put(out, group);
}
void take_grading(Reader& in, Report& report) {
  report.score = in.optional_real();
  report.score_max = in.optional_real();
  const std::uint32_t tests = in.count(kTestBytesMin);
  for (std::uint32_t i = 0; i < tests; ++i) report.tests.push_back(take_test(in));
  const std::uint32_t groups = in.count(kGroupResultBytesMin);
  for (std::uint32_t i = 0; i < groups; ++i) report.groups.push_back(take_group(in));
}

void put(Writer& out, const Report& report) {
  out.text(to_string(report.verdict));
  put_optional(out, report.exit_code);
  put_optional(out, report.exit_signal);
  put_optional(out, report.cpu_us);
  put_optional(out, report.wall_us);
  put_optional(out, report.memory_kib);
  out.text(report.stdout_text)
      .text(report.stderr_text)
      .text(report.compile_output)
      .text(report.message)
      .text(report.accounting);
  put_grading(out, report);
  put_function_grading(out, report);
}
// A verdict that this version does not know is our own failure to judge, not the program's.
Report take_report(Reader& in) {
  Report report;
  report.verdict = parse_verdict(in.text()).value_or(Verdict::internal_error);
  report.exit_code = take_optional<std::int32_t>(in);
  report.exit_signal = take_optional<std::int32_t>(in);
  report.cpu_us = take_optional<std::uint64_t>(in);
  report.wall_us = take_optional<std::uint64_t>(in);
  report.memory_kib = take_optional<std::uint64_t>(in);
  report.stdout_text = in.text();
  report.stderr_text = in.text();
  report.compile_output = in.text();
  report.message = in.text();
  report.accounting = in.text();
  take_grading(in, report);
  take_function_grading(in, report);
  return report;
}

void put(Writer& out, const Snapshot& snapshot) {
  put(out, snapshot.token);
  out.number(static_cast<std::uint32_t>(snapshot.language_id));
  put(out, snapshot.problem);
  out.number(static_cast<std::uint8_t>(snapshot.state))
      .number(snapshot.seq)
      .number(snapshot.attempt)
      .text(snapshot.worker)
      .number(static_cast<std::uint64_t>(snapshot.created_at));
  put_optional(out, snapshot.started_at);
  put_optional(out, snapshot.finished_at);
  out.flag(snapshot.report.has_value());
  if (snapshot.report) put(out, *snapshot.report);
}
Snapshot take_snapshot(Reader& in) {
  Snapshot snapshot;
  snapshot.token = take_token(in);
  snapshot.language_id = static_cast<std::int32_t>(in.number<std::uint32_t>());
  snapshot.problem = take_optional_text(in);
  snapshot.state = static_cast<State>(in.number<std::uint8_t>());
  snapshot.seq = in.number<std::uint64_t>();
  snapshot.attempt = in.number<std::uint32_t>();
  snapshot.worker = in.text();
  snapshot.created_at = static_cast<std::int64_t>(in.number<std::uint64_t>());
  snapshot.started_at = take_optional<std::int64_t>(in);
  snapshot.finished_at = take_optional<std::int64_t>(in);
  if (in.flag()) snapshot.report = take_report(in);
  return snapshot;
}

void put(Writer& out, const Event& event) {
  out.number(event.global_seq)
      .number(event.job)
      .number(static_cast<std::uint8_t>(event.kind))
      .number(static_cast<std::uint64_t>(event.at))
      .text(event.note);
  put(out, event.snapshot);
}
Event take_event(Reader& in) {
  Event event;
  event.global_seq = in.number<std::uint64_t>();
  event.job = in.number<std::uint64_t>();
  event.kind = static_cast<EventKind>(in.number<std::uint8_t>());
  event.at = static_cast<std::int64_t>(in.number<std::uint64_t>());
  event.note = in.text();
  event.snapshot = take_snapshot(in);
  return event;
}

void put(Writer& out, const std::vector<Event>& events) {
  out.number(static_cast<std::uint32_t>(events.size()));
  for (const Event& event : events) put(out, event);
}
// Of an event whose texts are empty and whose optional parts are absent.
constexpr std::size_t kEventBytesMin = 77;

std::vector<Event> take_events(Reader& in) {
  std::vector<Event> events;
  const std::uint32_t count = in.count(kEventBytesMin);
  for (std::uint32_t i = 0; i < count; ++i) events.push_back(take_event(in));
  return events;
}

void put(Writer& out, const std::vector<Statistics::Count>& counts) {
  out.number(static_cast<std::uint32_t>(counts.size()));
  for (const Statistics::Count& one : counts) out.number(static_cast<std::uint64_t>(one.key)).number(one.count);
}
std::vector<Statistics::Count> take_counts(Reader& in) {
  std::vector<Statistics::Count> counts;
  const std::uint32_t count = in.count(16);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto key = static_cast<std::int64_t>(in.number<std::uint64_t>());
    counts.push_back({key, in.number<std::uint64_t>()});
  }
  return counts;
}

void put(Writer& out, const std::vector<Digest>& digests) {
  out.number(static_cast<std::uint32_t>(digests.size()));
  for (const Digest& digest : digests) put(out, digest);
}
std::vector<Digest> take_digests(Reader& in) {
  std::vector<Digest> digests;
  const std::uint32_t count = in.count(32);
  for (std::uint32_t i = 0; i < count; ++i) digests.push_back(take_digest(in));
  return digests;
}

void put(Writer& out, const std::vector<ProblemCard>& cards) {
  out.number(static_cast<std::uint32_t>(cards.size()));
  for (const ProblemCard& card : cards) {
    out.text(card.slug).text(card.title);
    put(out, card.version);
    out.number(static_cast<std::uint64_t>(card.published_at)).flag(card.scoring);
    out.optional_real(card.score_max);
    out.number(card.time_ms).number(card.memory_kib).number(card.tests);
  }
}
constexpr std::size_t kCardBytesMin = 70;
std::vector<ProblemCard> take_cards(Reader& in) {
  std::vector<ProblemCard> cards;
  const std::uint32_t count = in.count(kCardBytesMin);
  for (std::uint32_t i = 0; i < count; ++i) {
    ProblemCard card;
    card.slug = in.text();
    card.title = in.text();
    card.version = take_digest(in);
    card.published_at = static_cast<std::int64_t>(in.number<std::uint64_t>());
    card.scoring = in.flag();
    card.score_max = in.optional_real();
    card.time_ms = in.number<std::uint64_t>();
    card.memory_kib = in.number<std::uint64_t>();
    card.tests = in.number<std::uint32_t>();
    cards.push_back(std::move(card));
  }
  return cards;
}

bool known(const Snapshot& snapshot) {
  return snapshot.state <= State::finished;
}
bool known(const Event& event) {
  return event.kind <= EventKind::cancelled && known(event.snapshot);
}
bool known(const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (!known(event)) return false;
  }
  return true;
}

// ---- frames

Writer begin(MessageType type) {
  Writer out;
  out.number(static_cast<std::uint8_t>(type)).number(kWireVersion);
  return out;
}

// The body of a frame of the given type, or nothing.
std::optional<Reader> open(std::string_view frame, MessageType type) {
  Reader in(frame);
  const auto got = in.number<std::uint8_t>();
  const auto version = in.number<std::uint8_t>();
  if (!in.ok() || got != static_cast<std::uint8_t>(type) || version != kWireVersion) return std::nullopt;
  return in;
}

template <class T>
std::optional<T> sound(const Reader& in, T message) {
  if (!in.ok()) return std::nullopt;
  return message;
}

}  // namespace

std::optional<MessageType> message_type(std::string_view frame) {
  if (frame.size() < 2) return std::nullopt;
  return static_cast<MessageType>(static_cast<std::uint8_t>(frame[0]));
}

std::string encode(const Hello& m) {
  Writer out = begin(MessageType::hello);
  out.raw(m.worker).text(m.name).text(m.queue).number(m.slots);
  put(out, m.languages);
  put(out, m.running);
  out.number(m.last_session).number(m.received);
  return out.take();
}
template <>
std::optional<Hello> decode<Hello>(std::string_view frame) {
  auto in = open(frame, MessageType::hello);
  if (!in) return std::nullopt;
  Hello m;
  in->raw(m.worker);
  m.name = in->text();
  m.queue = in->text();
  m.slots = in->number<std::uint32_t>();
  m.languages = take_languages(*in);
  m.running = take_refs(*in);
  m.last_session = in->number<std::uint64_t>();
  m.received = in->number<std::uint64_t>();
  return sound(*in, std::move(m));
}

std::string encode(const Welcome& m) {
  Writer out = begin(MessageType::welcome);
  out.number(m.session).number(m.incarnation).number(m.lease_ms).number(m.beat_ms).text(m.pipe);
  put(out, m.dropped);
  return out.take();
}
template <>
std::optional<Welcome> decode<Welcome>(std::string_view frame) {
  auto in = open(frame, MessageType::welcome);
  if (!in) return std::nullopt;
  Welcome m;
  m.session = in->number<std::uint64_t>();
  m.incarnation = in->number<std::uint32_t>();
  m.lease_ms = in->number<std::uint32_t>();
  m.beat_ms = in->number<std::uint32_t>();
  m.pipe = in->text();
  m.dropped = take_refs(*in);
  return sound(*in, std::move(m));
}

std::string encode(const Job& m) {
  Writer out = begin(MessageType::job);
  out.number(m.pipe_seq);
  put(out, m.ref);
  out.number(m.attempt);
  put(out, m.submission);
  return out.take();
}
template <>
std::optional<Job> decode<Job>(std::string_view frame) {
  auto in = open(frame, MessageType::job);
  if (!in) return std::nullopt;
  Job m;
  m.pipe_seq = in->number<std::uint64_t>();
  m.ref = take_ref(*in);
  m.attempt = in->number<std::uint32_t>();
  m.submission = take_submission(*in);
  return sound(*in, std::move(m));
}

std::string encode(const Credit& m) {
  return begin(MessageType::credit).number(m.session).number(m.max_seq).take();
}
template <>
std::optional<Credit> decode<Credit>(std::string_view frame) {
  auto in = open(frame, MessageType::credit);
  if (!in) return std::nullopt;
  Credit m;
  m.session = in->number<std::uint64_t>();
  m.max_seq = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const Beat& m) {
  Writer out = begin(MessageType::beat);
  out.number(m.session).number(m.max_seq);
  put(out, m.running);
  return out.take();
}
template <>
std::optional<Beat> decode<Beat>(std::string_view frame) {
  auto in = open(frame, MessageType::beat);
  if (!in) return std::nullopt;
  Beat m;
  m.session = in->number<std::uint64_t>();
  m.max_seq = in->number<std::uint64_t>();
  m.running = take_refs(*in);
  return sound(*in, std::move(m));
}

std::string encode(const Compiled& m) {
  Writer out = begin(MessageType::compiled);
  out.number(m.session);
  put(out, m.ref);
  out.number(m.wall_us);
  return out.take();
}
template <>
std::optional<Compiled> decode<Compiled>(std::string_view frame) {
  auto in = open(frame, MessageType::compiled);
  if (!in) return std::nullopt;
  Compiled m;
  m.session = in->number<std::uint64_t>();
  m.ref = take_ref(*in);
  m.wall_us = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const Finished& m) {
  Writer out = begin(MessageType::finished);
  out.number(m.session);
  put(out, m.ref);
  put(out, m.report);
  return out.take();
}
template <>
std::optional<Finished> decode<Finished>(std::string_view frame) {
  auto in = open(frame, MessageType::finished);
  if (!in) return std::nullopt;
  Finished m;
  m.session = in->number<std::uint64_t>();
  m.ref = take_ref(*in);
  m.report = take_report(*in);
  return sound(*in, std::move(m));
}

std::string encode(const Failed& m) {
  Writer out = begin(MessageType::failed);
  out.number(m.session);
  put(out, m.ref);
  out.text(m.reason);
  return out.take();
}
template <>
std::optional<Failed> decode<Failed>(std::string_view frame) {
  auto in = open(frame, MessageType::failed);
  if (!in) return std::nullopt;
  Failed m;
  m.session = in->number<std::uint64_t>();
  m.ref = take_ref(*in);
  m.reason = in->text();
  return sound(*in, std::move(m));
}

std::string encode(const Ack& m) {
  Writer out = begin(MessageType::ack);
  put(out, m.ref);
  out.number(static_cast<std::uint8_t>(m.code));
  return out.take();
}
template <>
std::optional<Ack> decode<Ack>(std::string_view frame) {
  auto in = open(frame, MessageType::ack);
  if (!in) return std::nullopt;
  Ack m;
  m.ref = take_ref(*in);
  m.code = static_cast<AckCode>(in->number<std::uint8_t>());
  if (m.code > AckCode::stale) return std::nullopt;
  return sound(*in, m);
}

std::string encode(const Drop& m) {
  Writer out = begin(MessageType::drop);
  put(out, m.ref);
  return out.take();
}
template <>
std::optional<Drop> decode<Drop>(std::string_view frame) {
  auto in = open(frame, MessageType::drop);
  if (!in) return std::nullopt;
  Drop m;
  m.ref = take_ref(*in);
  return sound(*in, m);
}

std::string encode(const Ping& m) {
  return begin(MessageType::ping).number(m.incarnation).take();
}
template <>
std::optional<Ping> decode<Ping>(std::string_view frame) {
  auto in = open(frame, MessageType::ping);
  if (!in) return std::nullopt;
  Ping m;
  m.incarnation = in->number<std::uint32_t>();
  return sound(*in, m);
}

std::string encode(const Drain& m) {
  return begin(MessageType::drain).number(m.session).take();
}
template <>
std::optional<Drain> decode<Drain>(std::string_view frame) {
  auto in = open(frame, MessageType::drain);
  if (!in) return std::nullopt;
  Drain m;
  m.session = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const Bye& m) {
  return begin(MessageType::bye).number(m.session).take();
}
template <>
std::optional<Bye> decode<Bye>(std::string_view frame) {
  auto in = open(frame, MessageType::bye);
  if (!in) return std::nullopt;
  Bye m;
  m.session = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::optional<UplinkSubject> uplink_subject(std::string_view frame) {
  const auto type = message_type(frame);
  UplinkSubject subject;
  bool about_job = false;
  if (type == MessageType::compiled || type == MessageType::progress) {
    about_job = true;
  } else if (type == MessageType::finished || type == MessageType::failed) {
    about_job = true;
    subject.wants_ack = true;
  } else if (type != MessageType::credit && type != MessageType::beat && type != MessageType::drain &&
             type != MessageType::bye && type != MessageType::want_blob) {
    return std::nullopt;
  }
  auto in = open(frame, *type);
  if (!in) return std::nullopt;
  subject.session = in->number<std::uint64_t>();
  if (about_job) subject.job = take_ref(*in);
  return sound(*in, subject);
}

std::string encode(const Submit& m) {
  Writer out = begin(MessageType::submit);
  out.number(m.request);
  put(out, m.submission);
  return out.text(m.idempotency_key).take();
}
template <>
std::optional<Submit> decode<Submit>(std::string_view frame) {
  auto in = open(frame, MessageType::submit);
  if (!in) return std::nullopt;
  Submit m;
  m.request = in->number<std::uint64_t>();
  m.submission = take_submission(*in);
  if (in->more()) m.idempotency_key = in->text();
  return sound(*in, std::move(m));
}

std::string encode(const SubmitBatch& m) {
  Writer out = begin(MessageType::submit_batch);
  out.number(m.first_request).number(static_cast<std::uint32_t>(m.entries.size()));
  for (const SubmitBatch::Entry& entry : m.entries) {
    put(out, entry.submission);
    out.text(entry.idempotency_key);
  }
  return out.take();
}
template <>
std::optional<SubmitBatch> decode<SubmitBatch>(std::string_view frame) {
  auto in = open(frame, MessageType::submit_batch);
  if (!in) return std::nullopt;
  SubmitBatch m;
  m.first_request = in->number<std::uint64_t>();
  const std::uint32_t count = in->count(kSubmissionBytesMin);
  for (std::uint32_t i = 0; i < count && in->ok(); ++i) {
    Submission submission = take_submission(*in);
    m.entries.push_back({std::move(submission), std::string(in->text())});
  }
  return sound(*in, std::move(m));
}

std::string encode(const Submitted& m) {
  Writer out = begin(MessageType::submitted);
  out.number(m.request).text(m.epoch).number(m.seq).flag(m.replayed);
  put(out, m.token);
  return out.take();
}
template <>
std::optional<Submitted> decode<Submitted>(std::string_view frame) {
  auto in = open(frame, MessageType::submitted);
  if (!in) return std::nullopt;
  Submitted m;
  m.request = in->number<std::uint64_t>();
  m.epoch = in->text();
  m.seq = in->number<std::uint64_t>();
  m.replayed = in->flag();
  if (in->more()) m.token = take_token(*in);
  return sound(*in, std::move(m));
}

std::string encode(const Cancel& m) {
  Writer out = begin(MessageType::cancel);
  out.number(m.request);
  put(out, m.token);
  return out.take();
}
template <>
std::optional<Cancel> decode<Cancel>(std::string_view frame) {
  auto in = open(frame, MessageType::cancel);
  if (!in) return std::nullopt;
  Cancel m;
  m.request = in->number<std::uint64_t>();
  m.token = take_token(*in);
  return sound(*in, m);
}

std::string encode(const Cancelled& m) {
  return begin(MessageType::cancelled).number(m.request).text(m.epoch).number(m.seq).flag(m.replayed).take();
}
template <>
std::optional<Cancelled> decode<Cancelled>(std::string_view frame) {
  auto in = open(frame, MessageType::cancelled);
  if (!in) return std::nullopt;
  Cancelled m;
  m.request = in->number<std::uint64_t>();
  m.epoch = in->text();
  m.seq = in->number<std::uint64_t>();
  m.replayed = in->flag();
  return sound(*in, std::move(m));
}

std::string encode(const Get& m) {
  Writer out = begin(MessageType::get);
  out.number(m.request);
  put(out, m.token);
  return out.take();
}
template <>
std::optional<Get> decode<Get>(std::string_view frame) {
  auto in = open(frame, MessageType::get);
  if (!in) return std::nullopt;
  Get m;
  m.request = in->number<std::uint64_t>();
  m.token = take_token(*in);
  return sound(*in, m);
}

std::string encode(const Got& m) {
  Writer out = begin(MessageType::got);
  out.number(m.request).text(m.epoch);
  put(out, m.submission);
  put(out, m.snapshot);
  return out.take();
}
template <>
std::optional<Got> decode<Got>(std::string_view frame) {
  auto in = open(frame, MessageType::got);
  if (!in) return std::nullopt;
  Got m;
  m.request = in->number<std::uint64_t>();
  m.epoch = in->text();
  m.submission = take_submission(*in);
  m.snapshot = take_snapshot(*in);
  if (!known(m.snapshot)) return std::nullopt;
  return sound(*in, std::move(m));
}

std::string encode(const History& m) {
  Writer out = begin(MessageType::history);
  out.number(m.request);
  put(out, m.token);
  out.number(m.after);
  return out.take();
}
template <>
std::optional<History> decode<History>(std::string_view frame) {
  auto in = open(frame, MessageType::history);
  if (!in) return std::nullopt;
  History m;
  m.request = in->number<std::uint64_t>();
  m.token = take_token(*in);
  m.after = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const HistoryPage& m) {
  Writer out = begin(MessageType::history_page);
  out.number(m.request).text(m.epoch).flag(m.complete);
  put(out, m.snapshot);
  put(out, m.events);
  return out.take();
}
template <>
std::optional<HistoryPage> decode<HistoryPage>(std::string_view frame) {
  auto in = open(frame, MessageType::history_page);
  if (!in) return std::nullopt;
  HistoryPage m;
  m.request = in->number<std::uint64_t>();
  m.epoch = in->text();
  m.complete = in->flag();
  m.snapshot = take_snapshot(*in);
  m.events = take_events(*in);
  if (!known(m.snapshot) || !known(m.events)) return std::nullopt;
  return sound(*in, std::move(m));
}

std::string encode(const Fetch& m) {
  return begin(MessageType::fetch).number(m.request).number(m.after).number(m.limit).take();
}
template <>
std::optional<Fetch> decode<Fetch>(std::string_view frame) {
  auto in = open(frame, MessageType::fetch);
  if (!in) return std::nullopt;
  Fetch m;
  m.request = in->number<std::uint64_t>();
  m.after = in->number<std::uint64_t>();
  m.limit = in->number<std::uint32_t>();
  return sound(*in, m);
}

std::string encode(const Fetched& m) {
  Writer out = begin(MessageType::fetched);
  out.number(m.request).text(m.epoch);
  put(out, m.events);
  return out.take();
}
template <>
std::optional<Fetched> decode<Fetched>(std::string_view frame) {
  auto in = open(frame, MessageType::fetched);
  if (!in) return std::nullopt;
  Fetched m;
  m.request = in->number<std::uint64_t>();
  m.epoch = in->text();
  m.events = take_events(*in);
  if (!known(m.events)) return std::nullopt;
  return sound(*in, std::move(m));
}

std::string encode(const OpenCursor& m) {
  return begin(MessageType::open_cursor).number(m.request).text(m.name).flag(m.from_beginning).take();
}
template <>
std::optional<OpenCursor> decode<OpenCursor>(std::string_view frame) {
  auto in = open(frame, MessageType::open_cursor);
  if (!in) return std::nullopt;
  OpenCursor m;
  m.request = in->number<std::uint64_t>();
  m.name = in->text();
  m.from_beginning = in->flag();
  return sound(*in, std::move(m));
}

std::string encode(const Acknowledge& m) {
  return begin(MessageType::acknowledge).number(m.request).text(m.name).text(m.epoch).number(m.seq).take();
}
template <>
std::optional<Acknowledge> decode<Acknowledge>(std::string_view frame) {
  auto in = open(frame, MessageType::acknowledge);
  if (!in) return std::nullopt;
  Acknowledge m;
  m.request = in->number<std::uint64_t>();
  m.name = in->text();
  m.epoch = in->text();
  m.seq = in->number<std::uint64_t>();
  return sound(*in, std::move(m));
}

std::string encode(const DeleteCursor& m) {
  return begin(MessageType::delete_cursor).number(m.request).text(m.name).take();
}
template <>
std::optional<DeleteCursor> decode<DeleteCursor>(std::string_view frame) {
  auto in = open(frame, MessageType::delete_cursor);
  if (!in) return std::nullopt;
  DeleteCursor m;
  m.request = in->number<std::uint64_t>();
  m.name = in->text();
  return sound(*in, std::move(m));
}

std::string encode(const CursorAt& m) {
  return begin(MessageType::cursor_at).number(m.request).text(m.epoch).number(m.seq).number(m.top).take();
}
template <>
std::optional<CursorAt> decode<CursorAt>(std::string_view frame) {
  auto in = open(frame, MessageType::cursor_at);
  if (!in) return std::nullopt;
  CursorAt m;
  m.request = in->number<std::uint64_t>();
  m.epoch = in->text();
  m.seq = in->number<std::uint64_t>();
  m.top = in->number<std::uint64_t>();
  return sound(*in, std::move(m));
}

std::string encode(const ListCursors& m) {
  return begin(MessageType::list_cursors).number(m.request).take();
}
template <>
std::optional<ListCursors> decode<ListCursors>(std::string_view frame) {
  auto in = open(frame, MessageType::list_cursors);
  if (!in) return std::nullopt;
  ListCursors m;
  m.request = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const CursorList& m) {
  Writer out = begin(MessageType::cursor_list);
  out.number(m.request).text(m.epoch).number(m.top).number(static_cast<std::uint32_t>(m.cursors.size()));
  for (const Cursor& cursor : m.cursors) {
    out.text(cursor.name).number(cursor.seq).number(static_cast<std::uint64_t>(cursor.moved_at));
  }
  return out.take();
}
template <>
std::optional<CursorList> decode<CursorList>(std::string_view frame) {
  auto in = open(frame, MessageType::cursor_list);
  if (!in) return std::nullopt;
  CursorList m;
  m.request = in->number<std::uint64_t>();
  m.epoch = in->text();
  m.top = in->number<std::uint64_t>();
  const std::uint32_t count = in->count(20);
  for (std::uint32_t i = 0; i < count; ++i) {
    Cursor cursor;
    cursor.name = in->text();
    cursor.seq = in->number<std::uint64_t>();
    cursor.moved_at = static_cast<std::int64_t>(in->number<std::uint64_t>());
    m.cursors.push_back(std::move(cursor));
  }
  return sound(*in, std::move(m));
}

std::string encode(const List& m) {
  return begin(MessageType::list).number(m.request).number(m.offset).number(m.limit).take();
}
template <>
std::optional<List> decode<List>(std::string_view frame) {
  auto in = open(frame, MessageType::list);
  if (!in) return std::nullopt;
  List m;
  m.request = in->number<std::uint64_t>();
  m.offset = in->number<std::uint64_t>();
  m.limit = in->number<std::uint32_t>();
  return sound(*in, m);
}

std::string encode(const Listed& m) {
  Writer out = begin(MessageType::listed);
  out.number(m.request).number(m.total).number(static_cast<std::uint32_t>(m.tokens.size()));
  for (const Token& token : m.tokens) put(out, token);
  return out.take();
}
template <>
std::optional<Listed> decode<Listed>(std::string_view frame) {
  auto in = open(frame, MessageType::listed);
  if (!in) return std::nullopt;
  Listed m;
  m.request = in->number<std::uint64_t>();
  m.total = in->number<std::uint64_t>();
  const std::uint32_t count = in->count(sizeof(Uuid));
  for (std::uint32_t i = 0; i < count; ++i) m.tokens.push_back(take_token(*in));
  return sound(*in, std::move(m));
}

std::string encode(const Erase& m) {
  Writer out = begin(MessageType::erase);
  out.number(m.request);
  put(out, m.token);
  return out.take();
}
template <>
std::optional<Erase> decode<Erase>(std::string_view frame) {
  auto in = open(frame, MessageType::erase);
  if (!in) return std::nullopt;
  Erase m;
  m.request = in->number<std::uint64_t>();
  m.token = take_token(*in);
  return sound(*in, m);
}

std::string encode(const Erased& m) {
  return begin(MessageType::erased).number(m.request).take();
}
template <>
std::optional<Erased> decode<Erased>(std::string_view frame) {
  auto in = open(frame, MessageType::erased);
  if (!in) return std::nullopt;
  return sound(*in, Erased{in->number<std::uint64_t>()});
}

std::string encode(const GetStatistics& m) {
  return begin(MessageType::statistics).number(m.request).take();
}
template <>
std::optional<GetStatistics> decode<GetStatistics>(std::string_view frame) {
  auto in = open(frame, MessageType::statistics);
  if (!in) return std::nullopt;
  GetStatistics m;
  m.request = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const Statistics& m) {
  Writer out = begin(MessageType::statistics_report);
  out.number(m.request).number(m.total);
  put(out, m.days);
  put(out, m.languages);
  put(out, m.statuses);
  out.number(m.database_bytes).number(m.callbacks_waiting).number(m.callbacks_given_up);
  return out.take();
}
template <>
std::optional<Statistics> decode<Statistics>(std::string_view frame) {
  auto in = open(frame, MessageType::statistics_report);
  if (!in) return std::nullopt;
  Statistics m;
  m.request = in->number<std::uint64_t>();
  m.total = in->number<std::uint64_t>();
  m.days = take_counts(*in);
  m.languages = take_counts(*in);
  m.statuses = take_counts(*in);
  m.database_bytes = in->number<std::uint64_t>();
  m.callbacks_waiting = in->number<std::uint64_t>();
  m.callbacks_given_up = in->number<std::uint64_t>();
  return sound(*in, std::move(m));
}

std::string encode(const ClaimCallbacks& m) {
  return begin(MessageType::claim_callbacks).number(m.request).number(m.limit).take();
}
template <>
std::optional<ClaimCallbacks> decode<ClaimCallbacks>(std::string_view frame) {
  auto in = open(frame, MessageType::claim_callbacks);
  if (!in) return std::nullopt;
  ClaimCallbacks m;
  m.request = in->number<std::uint64_t>();
  m.limit = in->number<std::uint32_t>();
  return sound(*in, m);
}

std::string encode(const CallbacksClaimed& m) {
  Writer out = begin(MessageType::callbacks_claimed);
  out.number(m.request).text(m.epoch).number(static_cast<std::uint32_t>(m.callbacks.size()));
  for (const DueCallback& callback : m.callbacks) {
    out.number(callback.job).number(callback.tries).text(callback.url);
    put(out, callback.snapshot);
  }
  return out.take();
}
template <>
std::optional<CallbacksClaimed> decode<CallbacksClaimed>(std::string_view frame) {
  auto in = open(frame, MessageType::callbacks_claimed);
  if (!in) return std::nullopt;
  CallbacksClaimed m;
  m.request = in->number<std::uint64_t>();
  m.epoch = in->text();
  const std::uint32_t count = in->count(sizeof(Uuid));
  for (std::uint32_t i = 0; i < count && in->ok(); ++i) {
    DueCallback callback;
    callback.job = in->number<std::uint64_t>();
    callback.tries = in->number<std::uint32_t>();
    callback.url = in->text();
    callback.snapshot = take_snapshot(*in);
    if (!known(callback.snapshot)) return std::nullopt;
    m.callbacks.push_back(std::move(callback));
  }
  return sound(*in, std::move(m));
}

std::string encode(const SettleCallback& m) {
  return begin(MessageType::settle_callback)
      .number(m.request)
      .number(m.job)
      .number(m.tries)
      .number(static_cast<std::uint8_t>(m.fate))
      .number(m.retry_after_ms)
      .text(m.failure)
      .take();
}
template <>
std::optional<SettleCallback> decode<SettleCallback>(std::string_view frame) {
  auto in = open(frame, MessageType::settle_callback);
  if (!in) return std::nullopt;
  SettleCallback m;
  m.request = in->number<std::uint64_t>();
  m.job = in->number<std::uint64_t>();
  m.tries = in->number<std::uint32_t>();
  m.fate = static_cast<CallbackFate>(in->number<std::uint8_t>());
  m.retry_after_ms = in->number<std::uint64_t>();
  m.failure = in->text();
  if (m.fate > CallbackFate::given_up) return std::nullopt;
  return sound(*in, std::move(m));
}

std::string encode(const CallbackSettled& m) {
  return begin(MessageType::callback_settled).number(m.request).take();
}
template <>
std::optional<CallbackSettled> decode<CallbackSettled>(std::string_view frame) {
  auto in = open(frame, MessageType::callback_settled);
  if (!in) return std::nullopt;
  return sound(*in, CallbackSettled{in->number<std::uint64_t>()});
}

std::string encode(const Languages& m) {
  return begin(MessageType::languages).number(m.request).take();
}
template <>
std::optional<Languages> decode<Languages>(std::string_view frame) {
  auto in = open(frame, MessageType::languages);
  if (!in) return std::nullopt;
  Languages m;
  m.request = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const LanguageList& m) {
  Writer out = begin(MessageType::language_list);
  out.number(m.request);
  put(out, m.languages);
  return out.take();
}
template <>
std::optional<LanguageList> decode<LanguageList>(std::string_view frame) {
  auto in = open(frame, MessageType::language_list);
  if (!in) return std::nullopt;
  LanguageList m;
  m.request = in->number<std::uint64_t>();
  m.languages = take_languages(*in);
  return sound(*in, std::move(m));
}

std::string encode(const Stats& m) {
  return begin(MessageType::stats).number(m.request).take();
}
template <>
std::optional<Stats> decode<Stats>(std::string_view frame) {
  auto in = open(frame, MessageType::stats);
  if (!in) return std::nullopt;
  Stats m;
  m.request = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const StatsReport& m) {
  Writer out = begin(MessageType::stats_report);
  out.number(m.request)
      .text(m.epoch)
      .number(m.top)
      .number(m.queued)
      .number(m.running)
      .number(m.malformed_frames)
      .number(static_cast<std::uint32_t>(m.workers.size()));
  for (const WorkerStats& worker : m.workers) {
    out.text(worker.name).number(worker.slots).number(worker.running).flag(worker.draining);
  }
  out.number(m.refused_frames).number(m.refused_connections).number(m.cpu_us).number(m.queue_max);
  return out.take();
}
template <>
std::optional<StatsReport> decode<StatsReport>(std::string_view frame) {
  auto in = open(frame, MessageType::stats_report);
  if (!in) return std::nullopt;
  StatsReport m;
  m.request = in->number<std::uint64_t>();
  m.epoch = in->text();
  m.top = in->number<std::uint64_t>();
  m.queued = in->number<std::uint64_t>();
  m.running = in->number<std::uint64_t>();
  m.malformed_frames = in->number<std::uint64_t>();
  const std::uint32_t count = in->count(13);
  for (std::uint32_t i = 0; i < count; ++i) {
    WorkerStats worker;
    worker.name = in->text();
    worker.slots = in->number<std::uint32_t>();
    worker.running = in->number<std::uint32_t>();
    worker.draining = in->flag();
    m.workers.push_back(std::move(worker));
  }
  if (in->more()) {
    m.refused_frames = in->number<std::uint64_t>();
    m.refused_connections = in->number<std::uint64_t>();
  }
  if (in->more()) m.cpu_us = in->number<std::uint64_t>();
  if (in->more()) m.queue_max = in->number<std::uint64_t>();
  return sound(*in, std::move(m));
}

std::string encode(const Refused& m) {
  return begin(MessageType::refused)
      .number(m.request)
      .number(static_cast<std::uint8_t>(m.error.code))
      .text(m.error.message)
      .take();
}
template <>
std::optional<Refused> decode<Refused>(std::string_view frame) {
  auto in = open(frame, MessageType::refused);
  if (!in) return std::nullopt;
  Refused m;
  m.request = in->number<std::uint64_t>();
  m.error.code = static_cast<Errc>(in->number<std::uint8_t>());
  m.error.message = in->text();
  if (m.error.code > Errc::conflict) return std::nullopt;
  return sound(*in, std::move(m));
}

std::string encode(const EventNotice& m) {
  Writer out = begin(MessageType::event);
  out.text(m.epoch);
  put(out, m.event);
  return out.take();
}
template <>
std::optional<EventNotice> decode<EventNotice>(std::string_view frame) {
  auto in = open(frame, MessageType::event);
  if (!in) return std::nullopt;
  EventNotice m;
  m.epoch = in->text();
  m.event = take_event(*in);
  if (!known(m.event)) return std::nullopt;
  return sound(*in, std::move(m));
}

std::string encode(const Tick& m) {
  return begin(MessageType::tick).text(m.epoch).number(m.top).number(m.languages_version).flag(m.queue_full).take();
}
template <>
std::optional<Tick> decode<Tick>(std::string_view frame) {
  auto in = open(frame, MessageType::tick);
  if (!in) return std::nullopt;
  Tick m;
  m.epoch = in->text();
  m.top = in->number<std::uint64_t>();
  m.languages_version = in->number<std::uint64_t>();
  m.queue_full = in->flag();
  return sound(*in, std::move(m));
}

std::string encode(const Broadcast& m) {
  return begin(MessageType::broadcast).number(m.origin).flag(m.binary).text(m.data).take();
}
template <>
std::optional<Broadcast> decode<Broadcast>(std::string_view frame) {
  auto in = open(frame, MessageType::broadcast);
  if (!in) return std::nullopt;
  Broadcast m;
  m.origin = in->number<std::uint64_t>();
  m.binary = in->flag();
  m.data = in->text();
  return sound(*in, std::move(m));
}

std::string encode(const CallbacksDue& m) {
  return begin(MessageType::callbacks_due).text(m.epoch).take();
}
template <>
std::optional<CallbacksDue> decode<CallbacksDue>(std::string_view frame) {
  auto in = open(frame, MessageType::callbacks_due);
  if (!in) return std::nullopt;
  CallbacksDue m;
  m.epoch = in->text();
  return sound(*in, std::move(m));
}

std::string encode(const Forget& m) {
  Writer out = begin(MessageType::forget);
  put(out, m.token);
  return out.take();
}
template <>
std::optional<Forget> decode<Forget>(std::string_view frame) {
  auto in = open(frame, MessageType::forget);
  if (!in) return std::nullopt;
  Forget m;
  m.token = take_token(*in);
  return sound(*in, m);
}

std::string encode(const Progress& m) {
  Writer out = begin(MessageType::progress);
  out.number(m.session);
  put(out, m.ref);
  put(out, m.progress);
  return out.take();
}
template <>
std::optional<Progress> decode<Progress>(std::string_view frame) {
  auto in = open(frame, MessageType::progress);
  if (!in) return std::nullopt;
  Progress m;
  m.session = in->number<std::uint64_t>();
  m.ref = take_ref(*in);
  m.progress = take_progress(*in);
  return sound(*in, std::move(m));
}

std::string encode(const WantBlob& m) {
  Writer out = begin(MessageType::want_blob);
  out.number(m.session);
  put(out, m.digest);
  return out.take();
}
template <>
std::optional<WantBlob> decode<WantBlob>(std::string_view frame) {
  auto in = open(frame, MessageType::want_blob);
  if (!in) return std::nullopt;
  WantBlob m;
  m.session = in->number<std::uint64_t>();
  m.digest = take_digest(*in);
  return sound(*in, m);
}

std::string encode(const BlobData& m) {
  Writer out = begin(MessageType::blob);
  put(out, m.digest);
  put(out, m.bytes);
  return out.take();
}
template <>
std::optional<BlobData> decode<BlobData>(std::string_view frame) {
  auto in = open(frame, MessageType::blob);
  if (!in) return std::nullopt;
  BlobData m;
  m.digest = take_digest(*in);
  m.bytes = take_optional_text(*in);
  return sound(*in, std::move(m));
}

std::string encode(const TestDone& m) {
  Writer out = begin(MessageType::test_done);
  put(out, m.token);
  put(out, m.progress);
  return out.take();
}
template <>
std::optional<TestDone> decode<TestDone>(std::string_view frame) {
  auto in = open(frame, MessageType::test_done);
  if (!in) return std::nullopt;
  TestDone m;
  m.token = take_token(*in);
  m.progress = take_progress(*in);
  return sound(*in, std::move(m));
}

std::string encode(const StoreBlob& m) {
  Writer out = begin(MessageType::store_blob);
  out.number(m.request);
  out.text(m.bytes);
  return out.take();
}
template <>
std::optional<StoreBlob> decode<StoreBlob>(std::string_view frame) {
  auto in = open(frame, MessageType::store_blob);
  if (!in) return std::nullopt;
  StoreBlob m;
  m.request = in->number<std::uint64_t>();
  m.bytes = in->text();
  return sound(*in, std::move(m));
}

std::string encode(const BlobStored& m) {
  Writer out = begin(MessageType::blob_stored);
  out.number(m.request);
  put(out, m.digest);
  return out.take();
}
template <>
std::optional<BlobStored> decode<BlobStored>(std::string_view frame) {
  auto in = open(frame, MessageType::blob_stored);
  if (!in) return std::nullopt;
  BlobStored m;
  m.request = in->number<std::uint64_t>();
  m.digest = take_digest(*in);
  return sound(*in, m);
}

std::string encode(const AddProblem& m) {
  Writer out = begin(MessageType::add_problem);
  out.number(m.request);
  out.text(m.manifest);
  out.flag(m.publish);
  return out.take();
}
template <>
std::optional<AddProblem> decode<AddProblem>(std::string_view frame) {
  auto in = open(frame, MessageType::add_problem);
  if (!in) return std::nullopt;
  AddProblem m;
  m.request = in->number<std::uint64_t>();
  m.manifest = in->text();
  m.publish = in->flag();
  return sound(*in, std::move(m));
}

std::string encode(const ProblemAdded& m) {
  Writer out = begin(MessageType::problem_added);
  out.number(m.request);
  out.text(m.slug);
  put(out, m.version);
  put(out, m.missing);
  return out.take();
}
template <>
std::optional<ProblemAdded> decode<ProblemAdded>(std::string_view frame) {
  auto in = open(frame, MessageType::problem_added);
  if (!in) return std::nullopt;
  ProblemAdded m;
  m.request = in->number<std::uint64_t>();
  m.slug = in->text();
  m.version = take_digest(*in);
  m.missing = take_digests(*in);
  return sound(*in, std::move(m));
}

std::string encode(const RemoveProblem& m) {
  Writer out = begin(MessageType::remove_problem);
  out.number(m.request);
  out.text(m.slug);
  return out.take();
}
template <>
std::optional<RemoveProblem> decode<RemoveProblem>(std::string_view frame) {
  auto in = open(frame, MessageType::remove_problem);
  if (!in) return std::nullopt;
  RemoveProblem m;
  m.request = in->number<std::uint64_t>();
  m.slug = in->text();
  return sound(*in, std::move(m));
}

std::string encode(const ProblemRemoved& m) {
  Writer out = begin(MessageType::problem_removed);
  out.number(m.request);
  return out.take();
}
template <>
std::optional<ProblemRemoved> decode<ProblemRemoved>(std::string_view frame) {
  auto in = open(frame, MessageType::problem_removed);
  if (!in) return std::nullopt;
  ProblemRemoved m;
  m.request = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const ListProblems& m) {
  Writer out = begin(MessageType::list_problems);
  out.number(m.request);
  return out.take();
}
template <>
std::optional<ListProblems> decode<ListProblems>(std::string_view frame) {
  auto in = open(frame, MessageType::list_problems);
  if (!in) return std::nullopt;
  ListProblems m;
  m.request = in->number<std::uint64_t>();
  return sound(*in, m);
}

std::string encode(const ProblemList& m) {
  Writer out = begin(MessageType::problem_list);
  out.number(m.request);
  put(out, m.problems);
  return out.take();
}
template <>
std::optional<ProblemList> decode<ProblemList>(std::string_view frame) {
  auto in = open(frame, MessageType::problem_list);
  if (!in) return std::nullopt;
  ProblemList m;
  m.request = in->number<std::uint64_t>();
  m.problems = take_cards(*in);
  return sound(*in, std::move(m));
}

std::string encode(const GetProblem& m) {
  Writer out = begin(MessageType::get_problem);
  out.number(m.request);
  out.text(m.reference);
  return out.take();
}
template <>
std::optional<GetProblem> decode<GetProblem>(std::string_view frame) {
  auto in = open(frame, MessageType::get_problem);
  if (!in) return std::nullopt;
  GetProblem m;
  m.request = in->number<std::uint64_t>();
  m.reference = in->text();
  return sound(*in, std::move(m));
}

std::string encode(const ProblemGot& m) {
  Writer out = begin(MessageType::problem_got);
  out.number(m.request);
  put(out, m.version);
  out.number(static_cast<std::uint64_t>(m.published_at));
  out.text(m.manifest);
  return out.take();
}
template <>
std::optional<ProblemGot> decode<ProblemGot>(std::string_view frame) {
  auto in = open(frame, MessageType::problem_got);
  if (!in) return std::nullopt;
  ProblemGot m;
  m.request = in->number<std::uint64_t>();
  m.version = take_digest(*in);
  m.published_at = static_cast<std::int64_t>(in->number<std::uint64_t>());
  m.manifest = in->text();
  return sound(*in, std::move(m));
}

std::string encode_grading(const Report& report) {
  Writer out;
  put_grading(out, report);
  put_function_grading(out, report);
  return out.take();
}

bool decode_grading(std::string_view bytes, Report& report) {
  Reader in(bytes);
  take_grading(in, report);
  if (in.more()) take_function_grading(in, report);
  return in.ok();
}

}  // namespace pushjudge
