// The server tried as its known clients use it: what they ask, in their order, and what they would fail at. Each walk
// is one of a published library or page (see "What its known clients need" of the contract).

#include <doctest/doctest.h>

#include <set>

#include "proto/codec.hpp"
#include "tests/conformance/judge0_case.hpp"

namespace pushjudge::testing::judge0_clients {

namespace {

// What the Python SDK's models require of a submission: types that it would raise an error for.
const ordered_json kSubmission = {{"source_code", "<text or null>"},
                                  {"language_id", "<integer>"},
                                  {"stdin", "<text or null>"},
                                  {"expected_output", "<text or null>"},
                                  {"stdout", "<text or null>"},
                                  {"status_id", "<integer>"},
                                  {"created_at", "<time>"},
                                  {"finished_at", "<any>"},
                                  {"time", "<text or null>"},
                                  {"memory", "<any>"},
                                  {"stderr", "<text or null>"},
                                  {"token", "<uuid4>"},
                                  {"number_of_runs", "<integer>"},
                                  {"cpu_time_limit", "<decimal>"},
                                  {"cpu_extra_time", "<decimal>"},
                                  {"wall_time_limit", "<decimal>"},
                                  {"memory_limit", "<integer>"},
                                  {"stack_limit", "<integer>"},
                                  {"max_processes_and_or_threads", "<integer>"},
                                  {"enable_per_process_and_thread_time_limit", "<boolean>"},
                                  {"enable_per_process_and_thread_memory_limit", "<boolean>"},
                                  {"max_file_size", "<integer>"},
                                  {"compile_output", "<text or null>"},
                                  {"exit_code", "<any>"},
                                  {"exit_signal", "<any>"},
                                  {"message", "<text or null>"},
                                  {"wall_time", "<text or null>"},
                                  {"compiler_options", "<text or null>"},
                                  {"command_line_arguments", "<text or null>"},
                                  {"redirect_stderr_to_stdout", "<boolean>"},
                                  {"callback_url", "<text or null>"},
                                  {"additional_files", "<text or null>"},
                                  {"enable_network", "<boolean>"}};

// Its fields of /config_info, all of them required.
const std::vector<const char*> kConfigFields = {"maintenance_mode",
                                                "enable_wait_result",
                                                "enable_compiler_options",
                                                "allowed_languages_for_compile_options",
                                                "enable_command_line_arguments",
                                                "enable_submission_delete",
                                                "enable_callbacks",
                                                "callbacks_max_tries",
                                                "callbacks_timeout",
                                                "enable_additional_files",
                                                "max_queue_size",
                                                "cpu_time_limit",
                                                "cpu_extra_time",
                                                "max_cpu_extra_time",
                                                "max_cpu_time_limit",
                                                "wall_time_limit",
                                                "max_wall_time_limit",
                                                "memory_limit",
                                                "max_memory_limit",
                                                "stack_limit",
                                                "max_stack_limit",
                                                "max_processes_and_or_threads",
                                                "max_max_processes_and_or_threads",
                                                "enable_per_process_and_thread_time_limit",
                                                "allow_enable_per_process_and_thread_time_limit",
                                                "enable_per_process_and_thread_memory_limit",
                                                "allow_enable_per_process_and_thread_memory_limit",
                                                "max_file_size",
                                                "max_max_file_size",
                                                "number_of_runs",
                                                "max_number_of_runs",
                                                "redirect_stderr_to_stdout",
                                                "max_extract_size",
                                                "enable_batched_submissions",
                                                "max_submission_batch_size",
                                                "submission_cache_duration",
                                                "use_docs_as_homepage",
                                                "allow_enable_network",
                                                "enable_network"};

ordered_json get(client::Client& client, const std::string& target) {
  const auto reply = ask(client, "GET", target, {{"Accept", "*/*"}, {"User-Agent", "python-requests/2.32.3"}});
  CAPTURE(reply.body);
  CHECK(reply.status == 200);
  CHECK(reply.header("Content-Type").find("application/json") == 0);
  return ordered_json::parse(reply.body);
}

}  // namespace

TEST_CASE("judge0 clients: the Python library comes up, runs one, runs twenty, lists and deletes") {
  client::Client& client = judge0_client({"AUTHZ_TOKEN=admin", "ENABLE_SUBMISSION_DELETE=true"});

  // It is constructed: about, languages, config_info. Any surprise here is "Authentication failed" to its user.
  const auto about = get(client, "/about");
  static const std::set<std::string> kKnownVersions = {"1.13.1", "1.13.1-extra", "1.14.0", "1.14.0-extra"};
  CHECK(kKnownVersions.count(about.at("version").get<std::string>()) == 1);
  std::set<int> ids;
  for (const auto& language : get(client, "/languages")) {
    CHECK(mismatch({{"id", "<integer>"}, {"name", "<text>"}}, language) == "");
    ids.insert(language.at("id").get<int>());
  }
  for (const int id : {43, 44, 46, 50, 71, 89}) CHECK(ids.count(id) == 1);  // what its table of 1.13.1 leads to
  const auto config = get(client, "/config_info");
  for (const char* field : kConfigFields) {
    CAPTURE(std::string(field));
    CHECK(config.contains(field));
  }
  const auto batch_max = config.at("max_submission_batch_size").get<std::size_t>();

  // It runs one: base64, no wait, then a GET every 100 ms with all fields.
  const auto created = post_json(client, "/submissions?base64_encoded=true",
                                 {{"source_code", base64_encode("print(f'hello, {input()}')")},
                                  {"language_id", 71},
                                  {"stdin", base64_encode("world")},
                                  {"expected_output", base64_encode("hello, world\n")}});
  REQUIRE(created.status == 201);
  CHECK(mismatch({{"token", "<uuid4>"}}, ordered_json::parse(created.body)) == "");
  const std::string token = ordered_json::parse(created.body)["token"];
  ordered_json seen;
  REQUIRE(eventually([&] {
    seen = get(client, "/submissions/" + token + "?base64_encoded=true&fields=%2A");
    CHECK(mismatch(kSubmission, seen) == "");
    CHECK((seen["status"]["id"] >= 1 && seen["status"]["id"] <= 14));
    return seen["status"]["id"] > 2;
  }));
  CHECK(seen["status"]["id"] == 3);
  CHECK(seen["stdout"] == base64_encode("hello, world\n"));
  CHECK(mismatch("<time>", seen["finished_at"]) == "");
  CHECK(std::stod(seen["time"].get<std::string>()) >= 0);
  CHECK(seen["memory"].get<int>() > 0);

  // It runs twenty, as many as a batch may hold, and polls them together.
  ordered_json submissions = ordered_json::array();
  for (std::size_t i = 0; i < batch_max; ++i) {
    submissions.push_back({{"source_code", base64_encode("echo " + std::to_string(i))}, {"language_id", 46}});
  }
  const auto many = post_json(client, "/submissions/batch?base64_encoded=true", {{"submissions", submissions}});
  REQUIRE(many.status == 201);
  std::string tokens;
  std::vector<std::string> order;
  for (const auto& one : ordered_json::parse(many.body)) {
    order.push_back(one.at("token"));
    tokens += (tokens.empty() ? "" : "%2C") + order.back();
  }
  REQUIRE(order.size() == batch_max);
  ordered_json together;
  REQUIRE(eventually([&] {
    together = get(client, "/submissions/batch?tokens=" + tokens + "&base64_encoded=true&fields=%2A");
    return std::all_of(together["submissions"].begin(), together["submissions"].end(),
                       [](const auto& one) { return one["status"]["id"] > 2; });
  }));
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& one = together["submissions"][i];
    CHECK(mismatch(kSubmission, one) == "");
    CHECK(one["token"] == order[i]);
    CHECK(one["stdout"] == base64_encode(std::to_string(i) + "\n"));
  }

  // Whoever administers lists and deletes.
  const client::Headers admin = {{"X-Auth-User", "admin"}};
  const auto listed = ask(client, "GET", "/submissions?page=1&per_page=20&base64_encoded=true&fields=%2A", admin);
  REQUIRE(listed.status == 200);
  CHECK(ordered_json::parse(listed.body)["submissions"].size() == 20);
  for (const std::string& one : order) CHECK(ask(client, "DELETE", "/submissions/" + one, admin).status == 200);
  for (const std::string& one : order) CHECK(ask(client, "GET", "/submissions/" + one).status == 404);
}

TEST_CASE("judge0 clients: the web IDE lists languages, sends one in base64 and polls until it is done") {
  client::Client& client = judge0_client();
  const client::Headers page = {{"Origin", "https://ide.judge0.com"}};
  for (const auto& language : ordered_json::parse(ask(client, "GET", "/languages", page).body)) {
    const auto reply = ask(client, "GET", "/languages/" + language["id"].dump(), page);
    CHECK(reply.status == 200);
    CHECK(reply.header("Access-Control-Allow-Origin") == "*");
    // It picks the editor's mode by what stands before the version.
    CHECK(ordered_json::parse(reply.body)["name"] == language["name"]);
  }
  CHECK(ordered_json::parse(ask(client, "GET", "/languages/71", page).body)["name"].get<std::string>().find(
            "Python (3.") == 0);
  const auto preflight = ask(client, "OPTIONS", "/submissions?base64_encoded=true&wait=false",
                             {{"Origin", "https://ide.judge0.com"},
                              {"Access-Control-Request-Method", "POST"},
                              {"Access-Control-Request-Headers", "content-type"}});
  CHECK(preflight.status == 204);
  CHECK(preflight.header("Access-Control-Allow-Headers") == "content-type");
  const auto created = post_json(client, "/submissions?base64_encoded=true&wait=false",
                                 {{"source_code", base64_encode("int main(void) { return x; }")},
                                  {"language_id", 50},
                                  {"stdin", ""},
                                  {"compiler_options", ""},
                                  {"command_line_arguments", ""},
                                  {"redirect_stderr_to_stdout", true}});
  REQUIRE(created.status == 201);
  const std::string target =
      "/submissions/" + ordered_json::parse(created.body)["token"].get<std::string>() + "?base64_encoded=true";
  ordered_json seen;
  REQUIRE(eventually([&] {
    seen = get(client, target);
    return seen["status"]["id"] > 2;
  }));
  CHECK(seen["status"]["description"] == "Compilation Error");
  CHECK(base64_decode(seen["compile_output"].get<std::string>()).find("main.c:1") != std::string::npos);
}

TEST_CASE(
    "judge0 clients: numbers as texts, base64 in lines, a slash behind, a token in the query: as others send it") {
  client::Client& client = judge0_client({"AUTHN_TOKEN=key"});
  CHECK(ask(client, "POST", "/authenticate?X-Auth-Token=key").status == 200);
  const client::Headers headers = {{"x-auth-token", "key"}, {"content-type", "application/json;charset=UTF-8"}};
  const ordered_json body = {{"source_code", "Y2F0\nCg==\n"}, {"language_id", "46"},      {"stdin", "aGVs\r\nbG8=\r\n"},
                             {"cpu_time_limit", "5"},         {"memory_limit", "128000"}, {"number_of_runs", "1"}};
  const auto reply =
      ask(client, "POST", "/submissions/?base64_encoded=true&wait=true&fields=stdout%2Cstatus", headers, body.dump());
  CHECK(reply.status == 201);
  CHECK(reply.body == R"({"stdout":"aGVsbG8=","status":{"id":3,"description":"Accepted"}})");
  const auto workers = ordered_json::parse(ask(client, "GET", "/workers", headers).body);
  for (const char* field : {"queue", "size", "available", "idle", "working", "paused", "failed"}) {
    CHECK(workers.at(0).contains(field));
  }
}

}  // namespace pushjudge::testing::judge0_clients
