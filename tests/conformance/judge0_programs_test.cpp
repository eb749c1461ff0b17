// The table of programs: each is judged by a real worker, and a client reads of it what the table says.

#include <doctest/doctest.h>

#include <fstream>

#include "proto/codec.hpp"
#include "tests/conformance/judge0_case.hpp"
#include "tests/support/zip_file.hpp"

namespace pushjudge::testing::judge0_programs {

namespace {

constexpr std::size_t kBatch = 20;

ordered_json submission_of(const ordered_json& row) {
  ordered_json submission = row.at("submission");
  if (!row.contains("files")) return submission;
  std::vector<ZipEntry> entries;
  for (const auto& [name, content] : row["files"].items()) entries.push_back({name, content});
  submission["additional_files"] = base64_encode(zip_of(entries));
  return submission;
}

}  // namespace

TEST_CASE("judge0 programs: each ends as the table says, and all of it can be read") {
  std::ifstream file(PJ_JUDGE0_TABLES "/programs.json");
  const auto rows = ordered_json::parse(file, nullptr, true, true);
  client::Client& client = judge0_client();
  std::vector<std::string> tokens;
  for (std::size_t begin = 0; begin < rows.size(); begin += kBatch) {
    ordered_json submissions = ordered_json::array();
    for (std::size_t i = begin; i < std::min(rows.size(), begin + kBatch); ++i) {
      submissions.push_back(submission_of(rows[i]));
    }
    const auto reply = post_json(client, "/submissions/batch", {{"submissions", submissions}});
    CAPTURE(reply.body);
    REQUIRE(reply.status == 201);
    for (const auto& one : ordered_json::parse(reply.body)) tokens.push_back(one.at("token"));
  }
  REQUIRE(tokens.size() == rows.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const ordered_json& row = rows[i];
    CAPTURE(row.at("what").get<std::string>());
    const ordered_json seen = finished(client, tokens[i]);
    CAPTURE(seen.dump());
    for (const auto& [name, value] : row.at("finished").items()) {
      CAPTURE(name);
      CHECK(mismatch(value, seen.at(name)) == "");
    }
    CHECK(seen.dump().find("root:") == std::string::npos);  // of /etc/shadow
  }
}

TEST_CASE("judge0 programs: a message is base64 where the rest is") {
  client::Client& client = judge0_client();
  const auto seen =
      judged(client, {{"source_code", base64_encode("echo 1; echo 2 >&2; exit 3")}, {"language_id", 46}}, "true");
  CHECK(seen["stdout"] == "MQo=");
  CHECK(seen["stderr"] == "Mgo=");
  CHECK(seen["message"] == base64_encode("Exited with error status 3"));
  CHECK(seen["source_code"] == base64_encode("echo 1; echo 2 >&2; exit 3"));
  CHECK(seen["compile_output"] == nullptr);
  CHECK(seen["status"]["description"] == "Runtime Error (NZEC)");
}

TEST_CASE("judge0 programs: what is queued or runs has no results yet") {
  client::Client& client = judge0_client();
  const auto reply = post_json(client, "/submissions", {{"source_code", "sleep 15"}, {"language_id", 46}});
  REQUIRE(reply.status == 201);
  const std::string path = "/submissions/" + ordered_json::parse(reply.body)["token"].get<std::string>();
  const auto seen = ordered_json::parse(ask(client, "GET", path + "?fields=*").body);
  CHECK(seen["status_id"].get<int>() <= 2);
  CHECK((seen["status"]["description"] == "In Queue" || seen["status"]["description"] == "Processing"));
  for (const char* field : {"stdout", "stderr", "time", "wall_time", "memory", "compile_output", "message", "exit_code",
                            "exit_signal", "finished_at"}) {
    CAPTURE(std::string(field));
    CHECK(seen[field] == nullptr);
  }
  CHECK(ask(client, "POST", path + "/cancel").status == 200);
}

}  // namespace pushjudge::testing::judge0_programs
