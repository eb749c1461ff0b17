#include "api/judge0.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace pushjudge;
using nlohmann::json;

namespace {

const std::vector<Language> kLanguages = {
    {54, "cpp", "C++ (GCC 12.2.0)", "main.cpp", "g++ main.cpp", "./main"},
    {71, "python", "Python (3.11.2)", "script.py", "", "python3 script.py"},
    {89, "multi-file", "Multi-file program", "", "", ""},
};

std::variant<Submission, AttributeErrors> parse(const json& object, Encoding encoding = Encoding::plain,
                                                const Judge0Settings& settings = {}) {
  const auto attributes = attributes_from_json(object.dump());
  REQUIRE(attributes);
  return parse_submission(*attributes, kLanguages, encoding, settings);
}

Submission accept(json extra, Encoding encoding = Encoding::plain, const Judge0Settings& settings = {}) {
  json object = {{"source_code", "x"}, {"language_id", 54}};
  object.update(extra);
  auto parsed = parse(object, encoding, settings);
  if (const auto* errors = std::get_if<AttributeErrors>(&parsed)) FAIL("refused: ", to_json(*errors).dump());
  return std::get<Submission>(std::move(parsed));
}

// The body of the 422, or "" when it is accepted.
std::string refuse(json extra, const Judge0Settings& settings) {
  json object = {{"source_code", "x"}, {"language_id", 54}};
  object.update(extra);
  const auto parsed = parse(object, Encoding::plain, settings);
  const auto* errors = std::get_if<AttributeErrors>(&parsed);
  return errors == nullptr ? "" : to_json(*errors).dump();
}

std::string refuse(json extra, Encoding encoding = Encoding::plain) {
  json object = {{"source_code", "x"}, {"language_id", 54}};
  object.update(extra);
  const auto parsed = parse(object, encoding);
  const auto* errors = std::get_if<AttributeErrors>(&parsed);
  return errors == nullptr ? "" : to_json(*errors).dump();
}

std::string refused(std::string_view attribute, std::string_view message) {
  return "{\"" + std::string(attribute) + "\":[\"" + std::string(message) + "\"]}";
}

Got finished() {
  Got got;
  got.epoch = "e1";
  got.submission.language_id = 71;
  got.submission.source_code = "print(1)";
  got.submission.stdin_text = "in";
  got.snapshot.language_id = 71;
  got.snapshot.state = State::finished;
  got.snapshot.seq = 3;
  got.snapshot.finished_at = 1;
  got.snapshot.report.emplace();
  got.snapshot.report->verdict = Verdict::accepted;
  got.snapshot.report->stdout_text = "1\n";
  return got;
}

Fields fields(std::string_view text) {
  auto parsed = parse_fields(text);
  REQUIRE(parsed);
  return *std::move(parsed);
}

}  // namespace

TEST_CASE("judge0: the smallest submission takes every default") {
  const Submission submission = accept(json::object());
  CHECK(submission.source_code == "x");
  CHECK(submission.language_id == 54);
  CHECK(submission.limits == Limits{});
  CHECK(submission.number_of_runs == 1);
  CHECK_FALSE(submission.redirect_stderr_to_stdout);
  CHECK_FALSE(submission.stdin_text);
  CHECK_FALSE(submission.expected_output);
  CHECK_FALSE(submission.compiler_options);
}

TEST_CASE("judge0: every attribute arrives, and numbers may be texts") {
  const Submission submission = accept({{"language_id", "54"},
                                        {"stdin", "in"},
                                        {"expected_output", ""},
                                        {"compiler_options", "-O2 -Wall"},
                                        {"command_line_arguments", "a b"},
                                        {"cpu_time_limit", "2.5"},
                                        {"cpu_extra_time", 0.5},
                                        {"wall_time_limit", " 7 "},
                                        {"memory_limit", "65536"},
                                        {"stack_limit", 1024.9},
                                        {"max_processes_and_or_threads", 5},
                                        {"max_file_size", 2048},
                                        {"number_of_runs", "3"},
                                        {"redirect_stderr_to_stdout", "true"}});
  CHECK(*submission.stdin_text == "in");
  CHECK(submission.expected_output->empty());
  CHECK(*submission.compiler_options == "-O2 -Wall");
  CHECK(*submission.command_line_arguments == "a b");
  CHECK(submission.limits.cpu_ms == 2'500);
  CHECK(submission.limits.cpu_extra_ms == 500);
  CHECK(submission.limits.wall_ms == 7'000);
  CHECK(submission.limits.memory_kib == 65'536);
  CHECK(submission.limits.stack_kib == 1'024);
  CHECK(submission.limits.processes == 5);
  CHECK(submission.limits.file_kib == 2'048);
  CHECK(submission.number_of_runs == 3);
  CHECK(submission.redirect_stderr_to_stdout);
}

TEST_CASE("judge0: null and the empty text are as good as not sent") {
  const Submission submission = accept({{"cpu_time_limit", nullptr},
                                        {"memory_limit", ""},
                                        {"stdin", nullptr},
                                        {"compiler_options", ""},
                                        {"callback_url", ""},
                                        {"additional_files", nullptr},
                                        {"enable_network", ""},
                                        {"stack_limit", {{"an", "object"}}}});
  CHECK(submission.limits == Limits{});
  CHECK_FALSE(submission.stdin_text);
  CHECK_FALSE(submission.compiler_options);
}

TEST_CASE("judge0: seconds become milliseconds, and a little is not nothing") {
  CHECK(accept({{"cpu_time_limit", 0}}).limits.cpu_ms == 0);
  CHECK(accept({{"cpu_time_limit", 0.0001}}).limits.cpu_ms == 1);
  CHECK(accept({{"cpu_time_limit", 0.1}}).limits.cpu_ms == 100);
  CHECK(accept({{"cpu_time_limit", 1.001}}).limits.cpu_ms == 1'001);
  CHECK(accept({{"cpu_time_limit", 15}}).limits.cpu_ms == 15'000);
}

TEST_CASE("judge0: every bound answers in Judge0's words") {
  struct Row {
    const char* attribute;
    json value;
    const char* message;  // empty: accepted
  };
  const Row rows[] = {
      {"cpu_time_limit", -0.1, "must be greater than or equal to 0"},
      {"cpu_time_limit", 15, ""},
      {"cpu_time_limit", 15.1, "must be less than or equal to 15.0"},
      {"cpu_extra_time", 5.5, "must be less than or equal to 5.0"},
      {"cpu_extra_time", -1, "must be greater than or equal to 0"},
      {"wall_time_limit", 0, "must be greater than or equal to 1"},
      {"wall_time_limit", 1, ""},
      {"wall_time_limit", 20.5, "must be less than or equal to 20.0"},
      {"memory_limit", 2'047, "must be greater than or equal to 2048"},
      {"memory_limit", 2'048, ""},
      {"memory_limit", 512'001, "must be less than or equal to 512000"},
      {"stack_limit", -1, "must be greater than or equal to 0"},
      {"stack_limit", 128'001, "must be less than or equal to 128000"},
      {"max_processes_and_or_threads", 0, "must be greater than 0"},
      {"max_processes_and_or_threads", 120, ""},
      {"max_processes_and_or_threads", 121, "must be less than or equal to 120"},
      {"max_file_size", -1, "must be greater than or equal to 0"},
      {"max_file_size", 4'097, "must be less than or equal to 4096"},
      {"max_processes_and_or_threads", 0.5, "must be greater than 0"},
      {"number_of_runs", 0, "must be greater than 0"},
      {"number_of_runs", 0.5, "must be greater than 0"},
      {"stack_limit", -0.5, "must be greater than or equal to 0"},
      {"stack_limit", "-0", ""},
      {"memory_limit", 2'047.9, "must be greater than or equal to 2048"},
      {"memory_limit", 512'000.5, "must be less than or equal to 512000"},
      {"number_of_runs", 21, "must be less than or equal to 20"},
      {"number_of_runs", 1e300, "must be less than or equal to 20"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.attribute);
    CAPTURE(row.value.dump());
    const std::string expected = *row.message == '\0' ? "" : refused(row.attribute, row.message);
    CHECK(refuse({{row.attribute, row.value}}) == expected);
  }
}

TEST_CASE("judge0: what is no decimal number is no number") {
  for (const json& value : {json("fast"), json("1s"), json("0x10"), json("inf"), json("nan"), json("1e999"), json(true),
                            json("1 2"), json("--1"), json(".")}) {
    CAPTURE(value.dump());
    CHECK(refuse({{"memory_limit", value}}) == refused("memory_limit", "is not a number"));
  }
  CHECK(accept({{"memory_limit", "1e5"}}).limits.memory_kib == 100'000);
  CHECK(accept({{"memory_limit", "+4096"}}).limits.memory_kib == 4'096);
}

TEST_CASE("judge0: a source must not be blank") {
  for (const json& value : {json(""), json(" \n\t"), json(nullptr)}) {
    CHECK(refuse({{"source_code", value}}) == refused("source_code", "can't be blank"));
  }
  const auto parsed = parse({{"language_id", 54}});
  CHECK(to_json(std::get<AttributeErrors>(parsed)).dump() == refused("source_code", "can't be blank"));
  CHECK(accept({{"source_code", 5}}).source_code == "5");
}

TEST_CASE("judge0: a language must be named and be on offer") {
  const auto nothing = parse({{"source_code", "x"}});
  CHECK(to_json(std::get<AttributeErrors>(nothing)).dump() ==
        R"({"language_id":["can't be blank","language with id  doesn't exist"]})");
  CHECK(refuse({{"language_id", 150'000}}) == refused("language_id", "language with id 150000 doesn't exist"));
  CHECK(refuse({{"language_id", "abc"}}) == refused("language_id", "language with id 0 doesn't exist"));
  CHECK(refuse({{"language_id", -1}}) == refused("language_id", "language with id -1 doesn't exist"));
  CHECK(refuse({{"language_id", 4}}) ==
        refused("language_id", "language with id 4 is archived and cannot be used anymore"));
  CHECK(refuse({{"language_id", 88}}) == refused("language_id", "language with id 88 doesn't exist"));
  // Whether there was one is asked first, and told last.
  CHECK(refuse({{"source_code", ""}, {"language_id", ""}, {"number_of_runs", 0}}) ==
        R"({"source_code":["can't be blank"],"language_id":["can't be blank","language with id  doesn't exist"],)"
        R"("number_of_runs":["must be greater than 0"]})");
  CHECK(refuse({{"language_id", nullptr}, {"language", "cobol"}}) ==
        refused("language", "this language doesn't exist"));
  CHECK(accept({{"language_id", nullptr}, {"language", "python"}}).language_id == 71);
}

TEST_CASE(
    "judge0: each id on offer is taken, and those of Judge0's later versions are listed only where they must be") {
  std::vector<Language> offered = kLanguages;
  offered.push_back({105, "cpp", "C++ (GCC 12.2.0)", "main.cpp", "", ""});
  offered.push_back({52, "cpp", "C++ (GCC 12.2.0)", "main.cpp", "", ""});
  offered.push_back({90, "dart", "Dart (3.1)", "main.dart", "", ""});
  CHECK(find_language(offered, 105)->slug == "cpp");
  CHECK(find_language(offered, 76) == nullptr);
  CHECK(find_language(offered, 0) == nullptr);
  std::vector<std::int32_t> ids;
  for (const Language& language : listed(offered)) ids.push_back(language.id);
  CHECK(ids == std::vector<std::int32_t>{52, 54, 90, 89, 71});
}

TEST_CASE("judge0: options are bounded in characters, and only for what is compiled") {
  const std::string umlauts = [] {
    std::string text;
    for (int i = 0; i < 512; ++i) text += "ä";
    return text;
  }();
  for (const char* attribute : {"compiler_options", "command_line_arguments"}) {
    CHECK(refuse({{attribute, std::string(513, 'x')}}) ==
          refused(attribute, "is too long (maximum is 512 characters)"));
    CHECK(refuse({{attribute, umlauts}}).empty());
    CHECK(refuse({{attribute, std::string("a\0b", 3)}}) == refused(attribute, "is invalid"));
  }
  CHECK(refuse({{"language_id", 71}, {"compiler_options", "-O"}}) ==
        refused("compiler_options", "setting compiler options is only allowed for compiled languages"));
  CHECK(refuse({{"language_id", 71}, {"command_line_arguments", "-O"}}).empty());
}

TEST_CASE("judge0: an id is read as Ruby reads one") {
  struct Row {
    json id;
    const char* id_text;
  };
  for (const Row& row :
       {Row{"150abc", "150"}, Row{" 150 ", "150"}, Row{150.9, "150"}, Row{15e1, "150"}, Row{"15e1", "15"},
        Row{true, "1"}, Row{-7, "-7"}, Row{"99999999999999999999", "99999999999999999999"}, Row{1e300, "1e+300"}}) {
    CAPTURE(row.id.dump());
    const bool archived = std::string_view(row.id_text) == "15" || std::string_view(row.id_text) == "1";
    CHECK(refuse({{"language_id", row.id}}) ==
          refused("language_id", "language with id " + std::string(row.id_text) +
                                     (archived ? " is archived and cannot be used anymore" : " doesn't exist")));
  }
  CHECK(accept({{"language_id", 54.0}}).language_id == 54);
  CHECK(accept({{"language_id", "54 "}}).language_id == 54);
}

TEST_CASE("judge0: limits, their defaults and the greatest are those of the settings") {
  Judge0Settings settings;
  settings.cpu_time_limit = 2.5;
  settings.max_cpu_time_limit = 7.5;
  settings.memory_limit = 64'000;
  settings.max_memory_limit = 100'000;
  settings.number_of_runs = 2;
  settings.redirect_stderr_to_stdout = true;
  settings.enable_per_process_and_thread_time_limit = true;
  const Submission submission = accept(json::object(), Encoding::plain, settings);
  CHECK(submission.limits.cpu_ms == 2'500);
  CHECK(submission.limits.memory_kib == 64'000);
  CHECK(submission.number_of_runs == 2);
  CHECK(submission.redirect_stderr_to_stdout);
  CHECK(submission.limits.cpu_per_process);
  CHECK_FALSE(submission.limits.memory_per_process);
  CHECK_FALSE(accept({{"redirect_stderr_to_stdout", false}}, Encoding::plain, settings).redirect_stderr_to_stdout);
  CHECK(refuse({{"cpu_time_limit", 7.6}}, settings) == refused("cpu_time_limit", "must be less than or equal to 7.5"));
  CHECK(refuse({{"memory_limit", 100'001}}, settings) ==
        refused("memory_limit", "must be less than or equal to 100000"));
}

TEST_CASE("judge0: what the settings do not allow is refused in Judge0's words, and accepted where it is off") {
  Judge0Settings closed;
  closed.enable_callbacks = false;
  closed.enable_additional_files = false;
  closed.enable_command_line_arguments = false;
  closed.enable_compiler_options = false;
  closed.allow_enable_per_process_and_thread_time_limit = false;
  closed.allow_enable_per_process_and_thread_memory_limit = false;
  struct Row {
    const char* attribute;
    json value;
    const char* message;
  };
  for (const Row& row : {Row{"callback_url", "http://x", "setting callback is not allowed"},
                         Row{"additional_files", "UEsDBA==", "setting additional files is not allowed"},
                         Row{"command_line_arguments", "a", "setting command line arguments is not allowed"},
                         Row{"compiler_options", "-O2", "setting compiler options is not allowed"}}) {
    CAPTURE(row.attribute);
    CHECK(refuse({{row.attribute, row.value}}, closed) == refused(row.attribute, row.message));
    CHECK(refuse({{row.attribute, ""}}, closed).empty());
    CHECK(refuse({{row.attribute, nullptr}}, closed).empty());
    CHECK(refuse({{row.attribute, row.value}}).empty());
  }
  for (const json& yes : {json(true), json("true"), json(1), json("1"), json("yes"), json("t")}) {
    CAPTURE(yes.dump());
    CHECK(refuse({{"enable_network", yes}}, closed) == refused("enable_network", "enabling network is not allowed"));
    for (const char* attribute :
         {"enable_per_process_and_thread_time_limit", "enable_per_process_and_thread_memory_limit"}) {
      CHECK(refuse({{attribute, yes}}, closed) == refused(attribute, "this option cannot be enabled"));
    }
    const Submission open = accept(
        {{"enable_per_process_and_thread_time_limit", yes}, {"enable_per_process_and_thread_memory_limit", yes}});
    CHECK(open.limits.cpu_per_process);
    CHECK(open.limits.memory_per_process);
  }
  for (const json& no :
       {json(false), json("false"), json(0), json("0"), json("f"), json("F"), json("off"), json(""), json(nullptr)}) {
    CAPTURE(no.dump());
    CHECK(refuse({{"enable_network", no},
                  {"enable_per_process_and_thread_time_limit", no},
                  {"enable_per_process_and_thread_memory_limit", no}},
                 closed)
              .empty());
    CHECK_FALSE(accept({{"redirect_stderr_to_stdout", no}}).redirect_stderr_to_stdout);
  }
  Judge0Settings networked;
  networked.allow_enable_network = true;
  CHECK(accept({{"enable_network", "true"}}, Encoding::plain, networked).enable_network);
  CHECK_FALSE(accept(json::object(), Encoding::plain, networked).enable_network);
  networked.enable_network = true;
  CHECK(accept(json::object(), Encoding::plain, networked).enable_network);
  CHECK_FALSE(accept({{"enable_network", false}}, Encoding::plain, networked).enable_network);
}

TEST_CASE("judge0: compiler options may be for some languages only, by the name before the version") {
  Judge0Settings settings;
  const auto said = [&settings] { return refuse({{"compiler_options", "-O2"}}, settings); };
  const auto words = [](const std::string& names) {
    return refused("compiler_options", "setting compiler options is only allowed for " + names);
  };
  settings.allowed_languages_for_compiler_options = {"C"};
  CHECK(said() == words("C"));
  settings.allowed_languages_for_compiler_options = {"C", "Java"};
  CHECK(said() == words("C and Java"));
  settings.allowed_languages_for_compiler_options = {"C", "Go", "Java"};
  CHECK(said() == words("C, Go and Java"));
  settings.allowed_languages_for_compiler_options = {"C", "C++"};
  CHECK(said().empty());
  CHECK(refuse({{"language_id", 71}, {"compiler_options", "-O"}}, settings) ==
        refused("compiler_options", "setting compiler options is only allowed for compiled languages"));
}

TEST_CASE("judge0: whatever stands in whichever attribute, it is taken in the bounds or refused by its name") {
  const Judge0Settings settings;
  const std::vector<const char*> attributes = {"source_code",
                                               "language_id",
                                               "language",
                                               "compiler_options",
                                               "command_line_arguments",
                                               "stdin",
                                               "expected_output",
                                               "cpu_time_limit",
                                               "cpu_extra_time",
                                               "wall_time_limit",
                                               "memory_limit",
                                               "stack_limit",
                                               "max_processes_and_or_threads",
                                               "enable_per_process_and_thread_time_limit",
                                               "enable_per_process_and_thread_memory_limit",
                                               "max_file_size",
                                               "number_of_runs",
                                               "redirect_stderr_to_stdout",
                                               "callback_url",
                                               "additional_files",
                                               "enable_network",
                                               "user",
                                               "class",
                                               "problem",
                                               "all_tests",
                                               "judge_messages"};
  const std::vector<std::string> values = {"null",
                                           "true",
                                           "false",
                                           "0",
                                           "-0",
                                           "-0.0",
                                           "1",
                                           "-1",
                                           "0.5",
                                           "1e-320",
                                           "1e308",
                                           "-1e308",
                                           "9007199254740993",
                                           "18446744073709551615",
                                           "18446744073709551616",
                                           "-9223372036854775808",
                                           R"("")",
                                           R"(" ")",
                                           R"("0")",
                                           R"("-0")",
                                           R"("NaN")",
                                           R"("Infinity")",
                                           R"("1e309")",
                                           R"("1_000")",
                                           R"("0x10")",
                                           R"("٣")",
                                           R"("a\u0000b")",
                                           R"("\r\n")",
                                           R"("'; DROP TABLE submission; --")",
                                           R"x("$(reboot)")x",
                                           "{}",
                                           "[]",
                                           R"({"a":[1,{"b":2}]})",
                                           "[[[[]]]]"};
  for (const char* attribute : attributes) {
    for (const std::string& value : values) {
      CAPTURE(attribute);
      CAPTURE(value);
      std::string text = R"({"source_code":"x","language_id":54,")";
      text += std::string(attribute) + "\":" + value + "}";
      const auto sent = attributes_from_json(text);
      REQUIRE(sent);
      const auto parsed = parse_submission(*sent, kLanguages, Encoding::plain, settings);
      if (const auto* errors = std::get_if<AttributeErrors>(&parsed)) {
        CHECK(to_json(*errors).size() == 1);
        CHECK(to_json(*errors).contains(attribute));
        continue;
      }
      const auto& submission = std::get<Submission>(parsed);
      CHECK(submission.limits.cpu_ms <= 15'000);
      CHECK(submission.limits.cpu_extra_ms <= 5'000);
      CHECK((submission.limits.wall_ms >= 1'000 && submission.limits.wall_ms <= 20'000));
      CHECK((submission.limits.memory_kib >= 2'048 && submission.limits.memory_kib <= 512'000));
      CHECK(submission.limits.stack_kib <= 128'000);
      CHECK((submission.limits.processes >= 1 && submission.limits.processes <= 120));
      CHECK(submission.limits.file_kib <= 4'096);
      CHECK((submission.number_of_runs >= 1 && submission.number_of_runs <= 20));
      CHECK_FALSE(submission.enable_network);
    }
  }
}

TEST_CASE("judge0: an archive is base64 whatever base64_encoded says, and bounded") {
  for (const Encoding encoding : {Encoding::plain, Encoding::base64}) {
    CHECK(*accept({{"source_code", "eA=="}, {"additional_files", "UEsDBA=="}}, encoding).additional_files ==
          "PK\x03\x04");
  }
  CHECK_FALSE(accept({{"additional_files", "!"}}).additional_files);
  CHECK(refuse({{"additional_files", std::string(kAdditionalFilesBytesMax / 3 * 4 + 8, 'A')}}) ==
        refused("additional_files", "is too long (maximum is 10485760 bytes)"));
}

TEST_CASE("judge0: a multi-file program is an archive and no source") {
  const json archive = {{"source_code", nullptr}, {"language_id", 89}, {"additional_files", "UEsDBA=="}};
  const Submission submission = accept(archive);
  CHECK(submission.language_id == 89);
  CHECK(submission.source_code.empty());
  for (const char* blank : {"", " \n"}) {
    json with = archive;
    with["source_code"] = blank;
    CHECK(refuse(with).empty());
  }
  CHECK(refuse({{"language_id", 89}, {"additional_files", "UEsDBA=="}}) == refused("source_code", "must be blank"));
  CHECK(refuse({{"source_code", ""}, {"language_id", 89}}) == refused("additional_files", "can't be blank"));
  Judge0Settings closed;
  closed.enable_additional_files = false;
  CHECK(refuse(archive, closed) == refused("additional_files", "setting additional files is not allowed"));
}

TEST_CASE("judge0: an address to be called back is checked by whoever knows how") {
  const auto attributes = attributes_from_json(R"({"source_code":"x","language_id":54,"callback_url":"http://a.b/c"})");
  REQUIRE(attributes);
  const Judge0Settings settings;
  const auto taken = parse_submission(*attributes, kLanguages, Encoding::plain, settings);
  CHECK(*std::get<Submission>(taken).callback_url == "http://a.b/c");
  const auto refused_by =
      parse_submission(*attributes, kLanguages, Encoding::plain, settings, [](std::string_view url) -> Result<void> {
        return Error{Errc::invalid, "no " + std::string(url)};
      });
  CHECK(to_json(std::get<AttributeErrors>(refused_by)).dump() == refused("callback_url", "no http://a.b/c"));
  CHECK(refuse({{"callback_url", "http://a/" + std::string(2'048, 'x')}}) ==
        refused("callback_url", "is too long (maximum is 2048 bytes)"));
}

TEST_CASE("judge0: a problem is named by its slug, or by a version of it") {
  const std::string version(64, 'a');
  for (const std::string& name : {std::string("two-sum"), "two-sum@" + version, std::string("0")}) {
    CAPTURE(name);
    const Submission submission = accept({{"problem", name}});
    CHECK(submission.problem == name);
    CHECK_FALSE(submission.problem_version);
    CHECK_FALSE(submission.all_tests);
    CHECK_FALSE(submission.judge_messages);
  }
  const Submission all = accept({{"problem", "two-sum"}, {"all_tests", true}, {"judge_messages", "true"}});
  CHECK(all.all_tests);
  CHECK(all.judge_messages);
  CHECK_FALSE(accept({{"problem", nullptr}}).problem);
  CHECK_FALSE(accept({{"problem", ""}}).problem);
  CHECK_FALSE(accept({{"judge_messages", true}}).judge_messages);

  const std::string none = refused("problem",
                                   "is not the name of a problem (1 to 64 of a-z 0-9 - _, the first a letter or digit)"
                                   ", with or without @ and the 64 hexadecimal digits of a version");
  for (const json& bad : {json("Two"), json("../x"), json("two-sum@"), json("two-sum@12"), json("a b"), json(7),
                          json(std::string(65, 'a')), json("@" + version)}) {
    CAPTURE(bad.dump());
    CHECK(refuse({{"problem", bad}}) == none);
  }
}

TEST_CASE("judge0: what a problem says itself cannot be sent with one") {
  const json values = {{"expected_output", "out"},
                       {"number_of_runs", 1},
                       {"cpu_time_limit", 1},
                       {"cpu_extra_time", 1},
                       {"wall_time_limit", 1},
                       {"memory_limit", 2'048},
                       {"stack_limit", 1},
                       {"max_file_size", 1},
                       {"max_processes_and_or_threads", 1},
                       {"command_line_arguments", "a"},
                       {"compiler_options", "-O2"},
                       {"enable_per_process_and_thread_time_limit", false},
                       {"enable_per_process_and_thread_memory_limit", false},
                       {"enable_network", false}};
  for (const auto& [name, value] : values.items()) {
    CAPTURE(name);
    CHECK(refuse({{"problem", "two-sum"}, {name, value}}) ==
          refused(name, "can't be sent with a problem, which says it itself"));
    CHECK(refuse({{"problem", "two-sum"}, {name, nullptr}}).empty());
    CHECK(refuse({{"problem", "two-sum"}, {name, ""}}).empty());
  }
  Judge0Settings settings;
  settings.allow_enable_network = true;
  settings.enable_network = true;
  CHECK(accept(json::object(), Encoding::plain, settings).enable_network);
  CHECK_FALSE(accept({{"problem", "two-sum"}}, Encoding::plain, settings).enable_network);
  const Submission submission = accept({{"problem", "two-sum"}, {"user", "u"}, {"additional_files", "UEs="}});
  CHECK(submission.user == "u");
  CHECK(submission.additional_files);
}

TEST_CASE("judge0: the tests of a trial come as stdin; an empty one is none") {
  CHECK(accept({{"problem", "two-sum"}, {"stdin", "[1]"}}).stdin_text == "[1]");
  CHECK(accept({{"problem", "two-sum"}, {"stdin", "WzFd"}, {"source_code", "eA=="}}, Encoding::base64).stdin_text ==
        "[1]");
  CHECK_FALSE(accept({{"problem", "two-sum"}, {"stdin", ""}}).stdin_text);
  CHECK_FALSE(accept({{"problem", "two-sum"}, {"stdin", nullptr}}).stdin_text);
}

TEST_CASE("judge0: without base64_encoded texts are plain, unless the settings turn that round") {
  struct Row {
    const char* json;
    Encoding usual;
    Encoding implicit;
  };
  Judge0Settings implicit;
  implicit.disable_implicit_base64_encoding = false;
  for (const Row& row : {Row{"{}", Encoding::plain, Encoding::base64},
                         Row{R"({"base64_encoded":"true"})", Encoding::base64, Encoding::base64},
                         Row{R"({"base64_encoded":"false"})", Encoding::plain, Encoding::plain},
                         // JSON's own booleans are no texts, and Judge0 compares texts.
                         Row{R"({"base64_encoded":true})", Encoding::plain, Encoding::base64},
                         Row{R"({"base64_encoded":null})", Encoding::plain, Encoding::base64}}) {
    CAPTURE(row.json);
    const auto attributes = attributes_from_json(row.json);
    REQUIRE(attributes);
    CHECK(encoding_of(*attributes, Judge0Settings{}) == row.usual);
    CHECK(encoding_of(*attributes, implicit) == row.implicit);
  }
}

TEST_CASE("judge0: all that is wrong is said at once") {
  CHECK(
      refuse({{"language_id", 999},
              {"source_code", ""},
              {"command_line_arguments", std::string(513, 'x')},
              {"enable_network", true},
              {"wall_time_limit", 99}}) ==
      R"({"source_code":["can't be blank"],"wall_time_limit":["must be less than or equal to 20.0"],)"
      R"x("command_line_arguments":["is too long (maximum is 512 characters)"],)x"
      R"("language_id":["language with id 999 doesn't exist"],"enable_network":["enabling network is not allowed"]})");
}

TEST_CASE("judge0: base64 is that of the three texts, and junk in it is passed over") {
  const Submission submission = accept({{"source_code", "cHJp\nbnQoMSk="},
                                        {"stdin", "aGk"},
                                        {"expected_output", "!!!"},
                                        {"command_line_arguments", "YQ=="}},
                                       Encoding::base64);
  CHECK(submission.source_code == "print(1)");
  CHECK(*submission.stdin_text == "hi");
  CHECK(submission.expected_output->empty());
  CHECK(*submission.command_line_arguments == "YQ==");
  CHECK(refuse({{"source_code", "    "}}, Encoding::base64) == refused("source_code", "can't be blank"));
}

TEST_CASE("judge0: texts over the bounds are refused") {
  CHECK(refuse({{"source_code", std::string(kSourceBytesMax + 1, 'x')}}) ==
        refused("source_code", "is too long (maximum is 1048576 bytes)"));
  CHECK(refuse({{"source_code", std::string(kSourceBytesMax, 'x')}}).empty());
  CHECK(refuse({{"stdin", std::string(kStdinBytesMax + 1, 'x')}}) ==
        refused("stdin", "is too long (maximum is 16777216 bytes)"));
}

TEST_CASE("judge0: fields are a standard choice, all, or a list in which unknown names are an error") {
  CHECK(fields("").kind == Fields::Kind::standard);
  CHECK(fields("*").kind == Fields::Kind::all);
  CHECK(fields("status, token,status").names == std::vector<std::string>{"status", "token"});
  CHECK(fields(",,").kind == Fields::Kind::standard);
  const auto unknown = parse_fields("foo,status,bar");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message == "invalid fields: [foo, bar]");
}

TEST_CASE("judge0: the view of a submission holds what was asked for") {
  const Got got = finished();
  const auto standard = view_of(got, fields(""), &kLanguages[1], Encoding::plain);
  REQUIRE(standard);
  CHECK((*standard)["stdout"] == "1\n");
  CHECK((*standard)["status"]["id"] == 3);
  CHECK((*standard)["epoch"] == "e1");
  CHECK((*standard)["seq"] == 3);
  CHECK_FALSE(standard->contains("source_code"));

  const auto all = view_of(got, fields("*"), &kLanguages[1], Encoding::plain);
  REQUIRE(all);
  CHECK((*all)["source_code"] == "print(1)");
  CHECK((*all)["language"]["name"] == "Python (3.11.2)");

  const auto some = view_of(got, fields("stdin,status_id,language"), &kLanguages[1], Encoding::plain);
  REQUIRE(some);
  CHECK(some->size() == 3);
  CHECK((*some)["stdin"] == "in");

  const auto base64 = view_of(got, fields("source_code"), nullptr, Encoding::base64);
  REQUIRE(base64);
  CHECK((*base64)["source_code"] == "cHJpbnQoMSk=");
}

TEST_CASE("judge0: every field that may be asked for is there") {
  const auto all = view_of(finished(), fields("*"), &kLanguages[1], Encoding::plain);
  REQUIRE(all);
  for (const auto& [name, value] : all->items()) {
    CAPTURE(name);
    CHECK(view_of(finished(), fields(name), &kLanguages[1], Encoding::plain)->contains(name));
  }
  CHECK(all->size() == 50);

  Got got = finished();
  got.submission.problem = got.snapshot.problem = "two-sum";
  const auto graded = view_of(got, fields("*"), &kLanguages[1], Encoding::plain);
  REQUIRE(graded);
  for (const auto& [name, value] : graded->items()) {
    CAPTURE(name);
    CHECK(view_of(got, fields(name), &kLanguages[1], Encoding::plain)->contains(name));
  }
  CHECK(graded->size() == 63);
  CHECK((*view_of(got, fields(""), nullptr, Encoding::plain))["problem"] == "two-sum");
  // Of what has no problem these are no fields, as they are not in the rest either.
  CHECK(view_of(finished(), fields("score,tests,token"), nullptr, Encoding::plain)->size() == 1);
}

TEST_CASE("judge0: a text that is no UTF-8 is an error only for whoever asks for it without base64") {
  Got got = finished();
  got.snapshot.report->stdout_text = "\xff";
  const auto refused_view = view_of(got, fields(""), nullptr, Encoding::plain);
  REQUIRE_FALSE(refused_view);
  CHECK(refused_view.error().message == kNotUtf8);
  CHECK_FALSE(view_of(got, fields("stdout"), nullptr, Encoding::plain));
  CHECK(view_of(got, fields("status,stderr"), nullptr, Encoding::plain));
  CHECK((*view_of(got, fields(""), nullptr, Encoding::base64))["stdout"] == "/w==");
}

TEST_CASE("judge0: config_info has each of the keys that client libraries need, in Judge0's order") {
  // What Judge0 1.13.1 answers, but for the three that ours has otherwise.
  CHECK(config_info(Judge0Settings{}, 100).dump() ==
        R"({"maintenance_mode":false,"enable_wait_result":true,"enable_compiler_options":true,)"
        R"("allowed_languages_for_compile_options":[],"enable_command_line_arguments":true,)"
        R"("enable_submission_delete":false,"enable_callbacks":true,"callbacks_max_tries":8,"callbacks_timeout":5.0,)"
        R"("enable_additional_files":true,"max_queue_size":100,"cpu_time_limit":5.0,"max_cpu_time_limit":15.0,)"
        R"("cpu_extra_time":1.0,"max_cpu_extra_time":5.0,"wall_time_limit":10.0,"max_wall_time_limit":20.0,)"
        R"("memory_limit":128000,"max_memory_limit":512000,"stack_limit":64000,"max_stack_limit":128000,)"
        R"("max_processes_and_or_threads":60,"max_max_processes_and_or_threads":120,)"
        R"("enable_per_process_and_thread_time_limit":false,"allow_enable_per_process_and_thread_time_limit":true,)"
        R"("enable_per_process_and_thread_memory_limit":false,"allow_enable_per_process_and_thread_memory_limit":true,)"
        R"("max_file_size":1024,"max_max_file_size":4096,"number_of_runs":1,"max_number_of_runs":20,)"
        R"("redirect_stderr_to_stdout":false,"max_extract_size":10240,"enable_batched_submissions":true,)"
        R"("max_submission_batch_size":20,"submission_cache_duration":1.0,"use_docs_as_homepage":false,)"
        R"("allow_enable_network":false,"enable_network":false})");
}

TEST_CASE("judge0: config_info tells the settings in force") {
  Judge0Settings settings;
  settings.maintenance_mode = true;
  settings.allowed_languages_for_compiler_options = {"C", "C++"};
  settings.max_cpu_time_limit = 7.25;
  const auto info = config_info(settings, 7);
  CHECK(info["maintenance_mode"] == true);
  CHECK(info["allowed_languages_for_compile_options"].dump() == R"(["C","C++"])");
  CHECK(info["max_cpu_time_limit"].dump() == "7.25");
  CHECK(info["max_queue_size"] == 7);
}

TEST_CASE("judge0: archived languages have the ids that nobody can use") {
  REQUIRE(archived_languages().size() == 42);
  std::int32_t id = 0;
  for (const ArchivedLanguage& language : archived_languages()) {
    CHECK(language.id == ++id);
    CHECK(refuse({{"language_id", id}}).find("is archived and cannot be used anymore") != std::string::npos);
  }
  CHECK(language_full(archived_languages()[3]).dump() ==
        R"x({"id":4,"name":"C (gcc 7.2.0)","is_archived":true,"source_file":null,"compile_cmd":null,"run_cmd":null})x");
}

TEST_CASE("judge0: statuses are the fourteen") {
  const auto list = statuses_json();
  REQUIRE(list.size() == 14);
  CHECK(list[2].dump() == R"({"id":3,"description":"Accepted"})");
}

TEST_CASE("judge0: workers are summed up as one queue, and none are an empty list") {
  CHECK(workers_json(StatsReport{}).dump() == "[]");
  StatsReport stats;
  stats.queued = 4;
  stats.workers = {{"a", 4, 1, false}, {"b", 2, 1, true}};
  CHECK(workers_json(stats).dump() ==
        R"([{"queue":"1.13.1","size":4,"available":6,"idle":3,"working":2,"paused":1,"failed":0}])");
}
