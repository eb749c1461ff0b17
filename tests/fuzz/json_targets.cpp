// What clients say in JSON: submissions, batches, messages of /ws.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/attributes.hpp"
#include "api/judge0.hpp"
#include "api/push_protocol.hpp"
#include "tests/fuzz/target.hpp"

namespace pushjudge::fuzz {
namespace {

using nlohmann::json;

const std::vector<Language>& languages() {
  static const std::vector<Language> all = {
      {54, "cpp", "C++ (GCC 12.2.0)", "main.cpp", "g++ main.cpp", "./a.out"},
      {71, "python", "Python (3.11.2)", "script.py", "", "python3 script.py"},
      {89, "multi-file", "Multi-file program", "", "", ""},
  };
  return all;
}

const Judge0Settings& settings(bool strict) {
  static const Judge0Settings usual;
  static const Judge0Settings few = [] {
    Judge0Settings made;
    made.enable_compiler_options = false;
    made.enable_command_line_arguments = false;
    made.enable_callbacks = false;
    made.enable_additional_files = false;
    made.allow_enable_per_process_and_thread_time_limit = false;
    made.allow_enable_per_process_and_thread_memory_limit = false;
    return made;
  }();
  return strict ? few : usual;
}

void check_limits(const Submission& submission) {
  const Limits& limits = submission.limits;
  PJ_ASSERT(limits.cpu_ms <= 15'000 && limits.cpu_extra_ms <= 5'000);
  PJ_ASSERT(limits.wall_ms >= 1'000 && limits.wall_ms <= 20'000);
  PJ_ASSERT(limits.memory_kib >= 2'048 && limits.memory_kib <= 512'000);
  PJ_ASSERT(limits.stack_kib <= 128'000 && limits.file_kib <= 4'096);
  PJ_ASSERT(limits.processes >= 1 && limits.processes <= 120);
  PJ_ASSERT(submission.number_of_runs >= 1 && submission.number_of_runs <= 20);
}

// What was taken in goes to the core and comes back, and can be shown to whoever asks.
void check_taken(const Submission& submission) {
  check_limits(submission);
  PJ_ASSERT(find_language(languages(), submission.language_id) != nullptr);
  const auto sent = decode<Submit>(encode(Submit{1, submission, "key"}));
  PJ_ASSERT(sent && sent->submission == submission);
  const Got got{1, "e", submission, {}};
  const Language* language = find_language(languages(), submission.language_id);
  for (const Encoding encoding : {Encoding::plain, Encoding::base64}) {
    const auto shown = view_of(got, Fields{Fields::Kind::all, {}}, language, encoding);
    PJ_ASSERT(shown || encoding == Encoding::plain);
    if (shown) (void)shown->dump();  // throws for what is no UTF-8
  }
}

void prepare(const Attributes& attributes, bool strict) {
  const Encoding encoding = encoding_of(attributes, settings(strict));
  const CheckCallbackUrl check = [](std::string_view url) -> Result<void> {
    if (url.find("://") == std::string_view::npos) return Error{Errc::invalid, "is no URL"};
    return {};
  };
  const auto parsed = parse_submission(attributes, languages(), encoding, settings(strict), check);
  if (const auto* errors = std::get_if<AttributeErrors>(&parsed)) {
    PJ_ASSERT(!errors->empty());
    for (const auto& [name, messages] : *errors) PJ_ASSERT(!name.empty() && !messages.empty());
    (void)to_json(*errors).dump(-1, ' ', false, json::error_handler_t::replace);
  } else {
    check_taken(std::get<Submission>(parsed));
  }
  const AttributeValue* names = attributes.find("fields");
  const auto fields = parse_fields(names == nullptr ? std::string_view() : names->text);
  if (!fields) return;
  for (const std::string& name : fields->names) PJ_ASSERT(parse_fields(name)->names.size() == 1);
}

std::string with_mode(char mode, const json& value) {
  return mode + value.dump();
}

}  // namespace

// The first byte says how it comes: as JSON, as a form or as a batch; and with which settings.
void read_attributes(std::string_view input) {
  const std::uint8_t mode = take_byte(input);
  const bool strict = (mode & 4) != 0;
  if ((mode & 3) == 1) {
    const auto form = parse_parameters(input);
    Attributes attributes;
    if (form) attributes.overlay(*form);
    return prepare(attributes, strict);
  }
  const json document = json::parse(input, nullptr, false);
  if ((mode & 3) == 2) {
    constexpr std::size_t kMax = 20;
    const auto batch = batch_from_json(input, kMax);
    if (!batch) return;
    PJ_ASSERT(document.is_object());
    PJ_ASSERT(batch->submissions.size() == std::min(batch->count, kMax));
    const auto list = document.find("submissions");
    if (list != document.end() && list->is_array()) PJ_ASSERT(batch->count == list->size());
    for (const Attributes& attributes : batch->submissions) prepare(attributes, strict);
    return;
  }
  const auto attributes = attributes_from_json(input);
  if (!attributes) return;
  // What the general parser makes of it, we do: the last of two with one name, and nothing that is nested.
  PJ_ASSERT(document.is_object());
  for (const auto& [name, value] : document.items()) {
    const AttributeValue* scalar = attributes->find(name);
    if (value.is_string()) PJ_ASSERT(scalar != nullptr && scalar->text == value.get_ref<const std::string&>());
    if (value.is_boolean()) PJ_ASSERT(scalar != nullptr && scalar->text == (value.get<bool>() ? "true" : "false"));
    if (value.is_null()) PJ_ASSERT(scalar != nullptr && scalar->kind == AttributeValue::Kind::null);
    if (value.is_number()) PJ_ASSERT(scalar != nullptr && scalar->kind == AttributeValue::Kind::number);
  }
  prepare(*attributes, strict);
}

std::vector<std::string> attributes_seeds() {
  const json usual = {{"source_code", "print(1)"}, {"language_id", "71"}, {"stdin", "x"}, {"expected_output", "1\n"}};
  json all = usual;
  all.update({{"compiler_options", "-O2 'a b'"},
              {"command_line_arguments", "a \"b c\""},
              {"cpu_time_limit", "2.5"},
              {"cpu_extra_time", 0.5},
              {"wall_time_limit", 5},
              {"memory_limit", "128000"},
              {"stack_limit", 64000},
              {"max_processes_and_or_threads", 60},
              {"enable_per_process_and_thread_time_limit", "false"},
              {"enable_per_process_and_thread_memory_limit", true},
              {"max_file_size", 1024},
              {"number_of_runs", 3},
              {"redirect_stderr_to_stdout", "t"},
              {"callback_url", "https://example.org/done"},
              {"additional_files", "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="},
              {"enable_network", 0},
              {"user", "Ada"},
              {"class", "contest"},
              {"fields", "stdout,status,token"},
              {"language", "cpp"}});
  const json multi_file = {{"language_id", 89}, {"source_code", ""}, {"additional_files", "UEsFBgAAAA=="}};
  const json encoded = {{"base64_encoded", "true"}, {"language_id", 54}, {"source_code", "eA=="}};
  const json batch = {{"submissions", {usual, all, nullptr, 5, {{"language_id", 1e308}}, multi_file}}};
  return {with_mode('0', usual),
          with_mode('0', all),
          with_mode('4', all),
          with_mode('0', multi_file),
          with_mode('0', encoded),
          "1language_id=71&source_code=print(1)&memory_limit=0x10&number_of_runs=+1",
          with_mode('2', batch),
          "2{\"submissions\":[{}],\"submissions\":[],\"base64_encoded\":\"true\"}",
          "0{\"cpu_time_limit\":-0.0,\"wall_time_limit\":1e-400,\"memory_limit\":1e18,\"language_id\":"
          "99999999999999999999}"};
}

void read_push(std::string_view input) {
  const ClientFrame frame = parse_client_frame(input);
  if (const auto* submit = std::get_if<SubmitFrame>(&frame)) {
    (void)submit_error_message(submit->id, "no");
    (void)submitted_message(submit->id, Token(), "e", 1);
    prepare(submit->attributes, false);
  }
  if (const auto* bad = std::get_if<BadFrame>(&frame)) {
    PJ_ASSERT(!bad->error.empty());
    (void)error_message(bad->error, bad->channel);
  }
  if (const auto* listen = std::get_if<ListenFrame>(&frame)) PJ_ASSERT(is_cursor_name(listen->cursor));
  if (const auto* ack = std::get_if<AcknowledgeFrame>(&frame)) PJ_ASSERT(is_cursor_name(ack->cursor));
  // What can be read is a JSON object.
  if (!std::holds_alternative<BadFrame>(frame)) PJ_ASSERT(json::parse(input, nullptr, false).is_object());
  const auto acknowledgement = parse_acknowledgement(input, "name");
  if (acknowledgement) PJ_ASSERT(!acknowledgement->epoch.empty());
}

std::vector<std::string> push_seeds() {
  const std::string channel = "submission:d85cd024-1548-4165-96c7-7bc88673f194";
  const json since = {{"epoch", "9f3c"}, {"seq", 17}};
  std::vector<std::string> seeds;
  for (const json& frame : std::vector<json>{
           {{"type", "subscribe"}, {"channel", channel}, {"since", since}},
           {{"type", "subscribe"}, {"channel", channel}, {"since", {{"seq", 0}}}},
           {{"type", "unsubscribe"}, {"channel", channel}},
           {{"type", "ping"}},
           {{"type", "cancel"}, {"channel", channel}},
           {{"type", "submit"}, {"id", 1.5}, {"idempotency_key", "k"}, {"language_id", 71}, {"source_code", "x"}},
           {{"type", "submit"}, {"id", "a"}, {"base64_encoded", "true"}, {"language", "cpp"}, {"source_code", "eA=="}},
           {{"type", "subscribe"}, {"channel", "events"}, {"cursor", "board"}, {"from", "beginning"}},
           {{"type", "unsubscribe"}, {"channel", "events"}},
           {{"type", "subscribe"}, {"channel", "feed"}},
           {{"type", "ack"}, {"channel", "events"}, {"cursor", "board"}, {"epoch", "9f3c"}, {"seq", 41}},
           {{"epoch", "9f3c"}, {"seq", 41}},
       }) {
    seeds.push_back(frame.dump());
  }
  return seeds;
}

}  // namespace pushjudge::fuzz
