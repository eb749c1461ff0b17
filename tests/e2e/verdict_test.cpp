// What a client reads of each way to end: status, exact verdict, exit code and signal, message and measures.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

struct End {
  int status_id;
  std::string description;
  std::string verdict;
  json exit_code;
  json exit_signal;
  json message;
};

End exits(int code) {
  return {
      11, "Runtime Error (NZEC)", "runtime_error", code, nullptr, "Exited with error status " + std::to_string(code)};
}

End dies(int signal, int status_id, const std::string& kind) {
  return {status_id,       "Runtime Error (" + kind + ")",
          "runtime_error", 0,
          signal,          "Caught fatal signal " + std::to_string(signal)};
}

const End kAccepted{3, "Accepted", "accepted", 0, nullptr, nullptr};
const End kWrong{4, "Wrong Answer", "wrong_answer", 0, nullptr, nullptr};
const End kTooLate{5, "Time Limit Exceeded", "time_limit_exceeded", 0, nullptr, "Time limit exceeded"};
const End kTooLong{
    5, "Time Limit Exceeded", "wall_time_limit_exceeded", 0, nullptr, "Time limit exceeded (wall clock)"};
const End kTooLarge{12, "Runtime Error (Other)", "memory_limit_exceeded", 0, nullptr, "Memory limit exceeded"};
const End kTooLoud{12, "Runtime Error (Other)", "output_limit_exceeded", 0, nullptr, "Output limit exceeded"};
const End kNoProgram{
    14, "Exec Format Error", "exec_format_error", 0, nullptr, "The program could not be started: Exec format error"};
const End kNotCompiled{6, "Compilation Error", "compilation_error", nullptr, nullptr, nullptr};

struct Row {
  std::string what;
  std::string language;
  std::string source;
  End end;
  json attributes = json::object();
};

// Each of them is to print 42.
const Row kRows[] = {
    {"exit code 0", "bash", "echo 42", kAccepted},
    {"another answer", "bash", "echo 41", kWrong},
    {"exit code 1", "bash", "echo 42; exit 1", exits(1)},
    {"exit code 3", "bash", "exit 3", exits(3)},
    {"exit code 137 is not SIGKILL", "bash", "exit 137", exits(137)},
    {"SIGSEGV", "bash", "kill -SEGV $$", dies(11, 7, "SIGSEGV")},
    {"SIGXFSZ", "bash", "while :; do echo on and on; done > file", dies(25, 8, "SIGXFSZ"), {{"max_file_size", 16}}},
    {"SIGFPE", "bash", "kill -FPE $$", dies(8, 9, "SIGFPE")},
    {"SIGABRT", "bash", "kill -ABRT $$", dies(6, 10, "SIGABRT")},
    {"SIGTERM", "bash", "kill -TERM $$", dies(15, 12, "Other")},
    {"SIGKILL", "bash", "kill -KILL $$", dies(9, 12, "Other")},
    {"CPU time", "bash", "while :; do :; done", kTooLate, {{"cpu_time_limit", 0.2}, {"cpu_extra_time", 0.1}}},
    {"wall time", "bash", "sleep 1000", kTooLong, {{"wall_time_limit", 1}}},
    {"memory", "bash", "x=x; while :; do x=$x$x; done", kTooLarge, {{"memory_limit", 16'384}}},
    {"output", "bash", "while :; do echo on and on; done", kTooLoud, {{"max_file_size", 16}}},
    {"an object file", "c", "int main(void) { return 0; }", kNoProgram, {{"compiler_options", "-c"}}},
    {"a source that is wrong", "c", "int main(void) { return x; }", kNotCompiled},
    {"a source that reads a file of the host", "c", "#include \"/etc/shadow\"\n", kNotCompiled},
};

double seconds_of(const json& text) {
  return std::stod(text.get<std::string>());
}

void check_measures(const Row& row, const json& seen) {
  if (row.end.verdict == "compilation_error") {
    for (const char* field : {"time", "wall_time", "memory", "stdout", "stderr"}) CHECK(seen.at(field) == nullptr);
    CHECK(seen.at("compile_output").get<std::string>().find("main.c:1:") != std::string::npos);
    return;
  }
  CHECK(seen.at("compile_output") == nullptr);
  CHECK((seen.at("memory").get<int>() > 0) == (row.end.verdict != "exec_format_error"));
  CHECK(seconds_of(seen.at("wall_time")) < 5);
  if (row.end.verdict == "time_limit_exceeded") {
    CHECK(seconds_of(seen.at("time")) >= 0.2);
    CHECK(seconds_of(seen.at("time")) < 0.5);
  } else if (row.end.verdict == "wall_time_limit_exceeded") {
    CHECK(seconds_of(seen.at("wall_time")) >= 1);
    CHECK(seconds_of(seen.at("time")) < 1);
  } else if (row.end.verdict == "memory_limit_exceeded") {
    CHECK(seen.at("memory").get<int>() <= 16'384);
  } else if (row.end.verdict == "output_limit_exceeded") {
    CHECK(seen.at("stdout").get<std::string>().size() == 16 * 1024);
  }
}

}  // namespace

TEST_CASE("verdicts: a client reads of each way to end what it was, and nothing else") {
  ClusterOptions options;
  options.languages = {"bash", "c"};
  options.slots = 2;
  const Cluster cluster(options);
  auto client = cluster.client();
  std::vector<std::string> tokens;
  for (const Row& row : kRows) {
    json attributes = row.attributes;
    attributes.update({{"language", row.language}, {"source_code", row.source}, {"expected_output", "42"}});
    tokens.push_back(cluster.submit(attributes).at("token"));
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Row& row = kRows[i];
    CAPTURE(row.what);
    json seen;
    REQUIRE(eventually([&] {
      const auto answer = client.get(tokens[i], "*");
      if (answer) seen = *answer;
      return answer && answer->at("state") == "finished";
    }));
    CAPTURE(seen.dump());
    // Without control groups a program may be quicker than the one who looks how large it is.
    if (row.end.verdict == "memory_limit_exceeded" && seen.at("accounting") == "rusage") {
      CHECK(seen.at("verdict") != "accepted");
      continue;
    }
    CHECK(seen.at("status") == json{{"id", row.end.status_id}, {"description", row.end.description}});
    CHECK(seen.at("status_id") == row.end.status_id);
    CHECK(seen.at("verdict") == row.end.verdict);
    CHECK(seen.at("exit_code") == row.end.exit_code);
    CHECK(seen.at("exit_signal") == row.end.exit_signal);
    CHECK(seen.at("message") == row.end.message);
    check_measures(row, seen);
  }
}
