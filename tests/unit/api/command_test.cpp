#include "api/client/command.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <nlohmann/json.hpp>

#include "api/client/client.hpp"

using namespace pushjudge;
using namespace pushjudge::client;
using nlohmann::json;

namespace {

CommandLine read(std::vector<const char*> words) {
  words.insert(words.begin(), "pushjudge");
  return client::read_command_line(static_cast<int>(words.size()), words.data());
}

const std::vector<Language> kLanguages = {
    {76, "cpp-clang", "C++ (Clang)", "main.cpp", "", ""},
    {54, "cpp", "C++ (GCC)", "main.cpp", "", ""},
    {71, "python", "Python", "script.py", "", ""},
    {62, "java", "Java", "Main.java", "", ""},
    {46, "bash", "Bash", "script.sh", "", ""},
};

std::string slug(std::string_view wanted, std::string_view file) {
  const auto chosen = choose_language(kLanguages, wanted, file);
  return chosen ? chosen->slug : "error: " + chosen.error().message;
}

}  // namespace

TEST_CASE("command: submit takes a file and what goes with it") {
  const auto line = read({"--url", "http://h:1", "submit", "a.cpp", "--stdin", "in", "--cpu", "1.5", "--no-wait"});
  CHECK(line.url == "http://h:1");
  const auto& submit = std::get<SubmitCommand>(line.command);
  CHECK(submit.file == "a.cpp");
  CHECK(submit.stdin_file == "in");
  CHECK(submit.cpu_seconds == 1.5);
  CHECK_FALSE(submit.wait);
  CHECK_FALSE(submit.memory_kib);
  CHECK(std::get<SubmitCommand>(read({"submit", "a.cpp"}).command).wait);
}

TEST_CASE("command: compare has defaults for everything") {
  const auto line = read({"compare"});
  const auto& plain = std::get<CompareCommand>(line.command);
  CHECK(plain.source_file.empty());
  CHECK(plain.runs == 40);
  CHECK(plain.concurrency == 4);
  const auto given =
      read({"compare", "--source", "a.cpp", "--runs", "9", "--concurrency", "3", "--json", "j", "--chart", "c"});
  const auto& compare = std::get<CompareCommand>(given.command);
  CHECK(compare.source_file == "a.cpp");
  CHECK(compare.runs == 9);
  CHECK(compare.concurrency == 3);
  CHECK(compare.json_file == "j");
  CHECK(compare.chart_file == "c");
  CHECK(std::get<PrintCommand>(read({"compare", "--runs", "0"}).command).exit_code == kExitBadInput);
}

TEST_CASE("command: the address stands before or after the word, or in the environment") {
  CHECK(read({"languages", "--url", "http://h:2"}).url == "http://h:2");
  ::setenv("PUSHJUDGE_URL", "http://h:3", 1);
  CHECK(read({"languages"}).url == "http://h:3");
  CHECK(read({"languages", "--url", "http://h:2"}).url == "http://h:2");
  ::unsetenv("PUSHJUDGE_URL");
  CHECK(read({"languages"}).url == "http://127.0.0.1:2358");
}

TEST_CASE("command: of the access tokens that the gateway takes, the first is shown") {
  CHECK(read({"languages", "--auth-token", "one"}).auth_token == "one");
  ::setenv("PUSHJUDGE_AUTH_TOKEN", "first second", 1);
  CHECK(read({"languages"}).auth_token == "first");
  ::unsetenv("PUSHJUDGE_AUTH_TOKEN");
  CHECK(read({"languages"}).auth_token.empty());
}

TEST_CASE("command: problem has commands of its own") {
  const auto checked = std::get<ProblemCommand>(read({"problem", "check", "a", "b", "--url", "http://h:1"}).command);
  CHECK(checked.folders == std::vector<std::string>{"a", "b"});
  CHECK(checked.check);
  CHECK_FALSE(checked.publish);
  const auto added = std::get<ProblemCommand>(read({"problem", "add", "a"}).command);
  CHECK(added.check);
  CHECK(added.publish);
  CHECK_FALSE(std::get<ProblemCommand>(read({"problem", "add", "a", "--no-check"}).command).check);
  CHECK(std::get<ProblemCommand>(read({"problem", "list"}).command).action == ProblemCommand::Action::list);
  const auto removed = std::get<ProblemCommand>(read({"problem", "remove", "sum"}).command);
  CHECK(removed.action == ProblemCommand::Action::remove);
  CHECK(removed.slug == "sum");
  CHECK(read({"problem", "list", "--authz-token", "one"}).authz_token == "one");
  ::setenv("PUSHJUDGE_AUTHZ_TOKEN", "first second", 1);
  CHECK(read({"problem", "list"}).authz_token == "first");
  ::unsetenv("PUSHJUDGE_AUTHZ_TOKEN");
  for (const std::vector<const char*>& words :
       {std::vector<const char*>{"problem"}, {"problem", "check"}, {"problem", "remove"}}) {
    CHECK(std::get<PrintCommand>(read(words).command).exit_code == kExitBadInput);
  }
  const auto help = std::get<PrintCommand>(read({"problem", "add", "--help"}).command);
  CHECK(help.output.find("--no-check") != std::string::npos);
}

TEST_CASE("command: usage that is none ends with 2, help with 0") {
  for (const std::vector<const char*>& words :
       {std::vector<const char*>{}, {"dance"}, {"submit"}, {"get"}, {"submit", "a", "--cpu", "x"}, {"watch"}}) {
    const auto line = read(words);
    REQUIRE(std::holds_alternative<PrintCommand>(line.command));
    CHECK(std::get<PrintCommand>(line.command).exit_code == 2);
  }
  for (const std::vector<const char*>& words :
       {std::vector<const char*>{"--help"}, {"submit", "--help"}, {"--version"}}) {
    const auto line = read(words);
    REQUIRE(std::holds_alternative<PrintCommand>(line.command));
    CHECK(std::get<PrintCommand>(line.command).exit_code == 0);
  }
  CHECK(std::get<PrintCommand>(read({"submit", "--help"}).command).output.find("--expected") != std::string::npos);
}

TEST_CASE("command: the language is the one named, or that of the file's ending") {
  CHECK(slug("", "dir.d/a.py") == "python");
  CHECK(slug("", "a.cpp") == "cpp");
  CHECK(slug("", "a.cc") == "cpp");
  CHECK(slug("", "A.java") == "java");
  CHECK(slug("", "run.bash") == "bash");
  CHECK(slug("python", "a.cpp") == "python");
  CHECK(slug("71", "a.cpp") == "python");
  CHECK(slug("cobol", "a.cpp").starts_with("error: unknown language 'cobol'"));
  for (const char* file : {"a.xyz", "a", ".py", "dir.py/a", "-"}) {
    CAPTURE(file);
    CHECK(slug("", file).starts_with("error: cannot tell"));
  }
}

TEST_CASE("command: events read as a timeline") {
  CHECK(timeline_line({{"event", "queued"}}, 0) == "      0 ms  queued");
  CHECK(timeline_line({{"event", "started"}, {"submission", {{"worker", "box/7"}, {"attempt", 1}}}}, 12) ==
        "     12 ms  started on worker box/7");
  CHECK(timeline_line({{"event", "started"}, {"submission", {{"worker", "box/7"}, {"attempt", 2}}}}, 12) ==
        "     12 ms  started on worker box/7 (attempt 2)");
  CHECK(timeline_line({{"event", "compiled"}, {"note", "310 ms"}}, 340) == "    340 ms  compiled in 310 ms");
  CHECK(timeline_line({{"event", "requeued"}, {"note", "worker lost"}}, 5) == "      5 ms  requeued: worker lost");
  CHECK(timeline_line({{"event", "finished"}, {"submission", {{"verdict", "accepted"}}}}, 350) ==
        "    350 ms  finished: accepted");
}

TEST_CASE("command: the time of an event is read to the millisecond") {
  CHECK(event_time_ms({{"at", "1970-01-01T00:00:01.234Z"}}) == 1'234);
  CHECK(event_time_ms({{"at", "2024-04-08T11:42:51.856Z"}}) == 1'712'576'571'856);
  CHECK_FALSE(event_time_ms({{"at", "yesterday"}}));
  CHECK_FALSE(event_time_ms(json::object()));
}

TEST_CASE("command: a test that is done is a line") {
  const json progress = {
      {"test", 7},
      {"of", 20},
      {"result", {{"name", "secret/05"}, {"verdict", "wrong_answer"}, {"time", "0.012"}, {"message", "no"}}}};
  CHECK(progress_line(progress) == "          test 7 of 20: secret/05 wrong_answer  0.012 s  no");
  CHECK(progress_line(json::object()) == "          test  of :  ");
}

TEST_CASE("command: the outcome shows what there is, and its exit code is the verdict's") {
  const json accepted = {{"verdict", "accepted"}, {"time", "0.012"},   {"memory", 1'376},
                         {"stdout", "hi"},        {"stderr", nullptr}, {"message", nullptr}};
  CHECK(outcome_text(accepted) == "accepted  0.012 s CPU  1376 KiB\n--- stdout\nhi\n");
  CHECK(exit_code_of(accepted) == 0);
  const json failed = {{"verdict", "compilation_error"}, {"time", nullptr}, {"compile_output", "error\n"}};
  CHECK(outcome_text(failed) == "compilation_error\n--- compiler\nerror\n");
  CHECK(exit_code_of(failed) == 1);
  const json scored = {{"verdict", "wrong_answer"}, {"score", 40}, {"score_max", 100}};
  CHECK(outcome_text(scored) == "wrong_answer  40 points of 100\n");
}

TEST_CASE("client: an address is http, a host, maybe a port, and nothing else") {
  CHECK(parse_url("http://127.0.0.1:2358")->port == "2358");
  CHECK(parse_url("http://host")->port == "80");
  CHECK(parse_url("http://host:1/")->host == "host");
  CHECK(parse_url("http://[::1]:5")->host == "::1");
  for (const char* text : {"", "host", "https://host", "http://", "http://:80", "http://host:", "http://host:x",
                           "http://host:123456", "http://user@host", "http://host/path", "http://host?x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_url(text));
  }
}
