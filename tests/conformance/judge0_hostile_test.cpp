// What is sent to break the server rather than to use it. Whatever it is: a clear answer of 2xx or 4xx in one form,
// never a 500, nothing of the inside in it, and the server goes on.

#include <doctest/doctest.h>

#include <chrono>

#include "tests/conformance/judge0_case.hpp"

namespace pushjudge::testing::judge0_hostile {

namespace {

const client::Headers kJson = {{"Content-Type", "application/json"}};

const std::vector<std::string> kTexts = {"source_code",
                                         "stdin",
                                         "expected_output",
                                         "compiler_options",
                                         "callback_url",
                                         "additional_files",
                                         "command_line_arguments",
                                         "language",
                                         "user",
                                         "class",
                                         "fields",
                                         "wait",
                                         "base64_encoded"};
const std::vector<std::string> kNumbers = {"language_id",
                                           "cpu_time_limit",
                                           "cpu_extra_time",
                                           "wall_time_limit",
                                           "memory_limit",
                                           "stack_limit",
                                           "max_processes_and_or_threads",
                                           "max_file_size",
                                           "number_of_runs"};
const std::vector<std::string> kFlags = {"enable_network", "redirect_stderr_to_stdout",
                                         "enable_per_process_and_thread_time_limit",
                                         "enable_per_process_and_thread_memory_limit"};

// As they stand in JSON.
const std::vector<std::string> kValues = {"null",
                                          "true",
                                          "[]",
                                          "{}",
                                          "[[[[]]]]",
                                          "{\"\":{\"\":null}}",
                                          "-0",
                                          "1e308",
                                          "-1e308",
                                          "1e-320",
                                          "1E400",
                                          "123456789012345678901234567890",
                                          "-9223372036854775808",
                                          "18446744073709551616",
                                          "0.1e",
                                          "\"\\u0000\"",
                                          "\"a\\u0000b\"",
                                          "\"\\ud800\"",
                                          "\"\\udc00\\ud800\"",
                                          "\"\\uFFFF\"",
                                          "\"\xff\"",
                                          "\"\xc0\x80\"",
                                          "\"\xed\xa0\x80\"",
                                          "\"\xf4\x90\x80\x80\"",
                                          "\"'; DROP TABLE submissions; --\"",
                                          "\"1 OR 1=1\"",
                                          "\"%s%s%n\"",
                                          "\"../../etc/passwd\"",
                                          "\"$(id)`id`\"",
                                          "\"{{7*7}}\"",
                                          "\"<script>\"",
                                          "\"\\r\\nX-Injected: 1\"",
                                          "\"\xe2\x80\xae\xef\xbb\xbf\"",
                                          "\"=\"",
                                          "\"====\"",
                                          "\"A\"",
                                          "undefined",
                                          "NaN",
                                          "-",
                                          "\"",
                                          "{",
                                          "]"};

const std::vector<std::string> kBodies = {
    "",
    " ",
    "{",
    "}",
    "null",
    "true",
    "1",
    "\"x\"",
    "[]",
    "[{}]",
    "{}{}",
    "{} x",
    "{\"a\":}",
    "{,}",
    "{\"a\":1,}",
    "\xff",
    "\xef\xbb\xbf{}",
    std::string(1, '\0'),
    std::string("{}\0", 3),
    "{\"a\":\"\n\"}",
    "{'a':1}",
    "/* */{}",
    "{\"submissions\":{}}",
    "{\"submissions\":\"x\"}",
    "{\"submissions\":[[]]}",
    "{\"submissions\":[null,1,\"x\",[{}]]}",
    "{\"submissions\":[{\"submissions\":[{}]}]}",
    "{\"submissions\":[{}],\"submissions\":7}",
    "{\"source_code\":\"a\",\"source_code\":{\"b\":1},\"language_id\":46,\"language_id\":1e99}"};

const std::vector<std::string> kTypes = {"",
                                         "application/json",
                                         "APPLICATION/JSON ; charset=latin1",
                                         "application/x-www-form-urlencoded",
                                         "multipart/form-data; boundary=x",
                                         "text/plain",
                                         "application/vnd.api+json",
                                         "application/xml",
                                         "json",
                                         ";",
                                         ",",
                                         "application/json, text/html",
                                         "\xff"};

const std::vector<std::string> kPaths = {"//",
                                         "///submissions",
                                         "/submissions//",
                                         "/submissions/%00",
                                         "/submissions/%ff",
                                         "/submissions/%",
                                         "/submissions/%2",
                                         "/submissions/%zz",
                                         "/submissions/..",
                                         "/submissions/%2e%2e%2fetc",
                                         "/submissions/a%2Fb",
                                         "/submissions/batch/batch",
                                         "/submissions/018bcfe5-6800-4000-8000-0123456789aB",
                                         "/submissions/018bcfe568004000800001234567890ab",
                                         "/submissions/018bcfe5-6800-1000-8000-0123456789ab",
                                         "/submissions/'%20OR%20'1'='1",
                                         "/submissions/-1",
                                         "/submissions/?page=1;drop",
                                         "/submissions?page=99999999999999999999",
                                         "/submissions?per_page=9223372036854775807",
                                         "/submissions?page=9223372036854775807&per_page=100",
                                         "/submissions?page=%00",
                                         "/submissions/batch?tokens=%00",
                                         "/submissions/batch?tokens=%ff,%fe",
                                         "/submissions/batch?tokens[]=a",
                                         "/submissions/batch?tokens=a&tokens=b",
                                         "/submissions/batch?fields=%00",
                                         "/submissions/none?fields=%ff",
                                         "/submissions?fields=%ff%fe",
                                         "/languages/%00",
                                         "/languages/0x2e",
                                         "/languages/46.0",
                                         "/languages/-9223372036854775808",
                                         "/languages/99999999999999999999",
                                         "/languages/46%20",
                                         "/languages/all/all",
                                         "/languages?x=%",
                                         "/statuses?%=%",
                                         "/config_info?a[b][c]=1",
                                         "/workers/1",
                                         "/.git/config",
                                         "/..%2f..%2fetc%2fpasswd",
                                         "/%2e%2e/%2e%2e/etc/passwd",
                                         "/assets/../../x",
                                         "/\\..\\x",
                                         "/~root",
                                         "/submissions/*",
                                         "/*",
                                         "/submissions/{token}",
                                         "/events?cursor=%00",
                                         "/cursors/%2e%2e/ack",
                                         "/submissions/none/events?last_event_id=%ff",
                                         "/submissions/none/cancel",
                                         "/health?x=" + std::string(4'000, 'x'),
                                         "/" + std::string(7'000, 'a'),
                                         "/submissions/" + std::string(7'000, '1'),
                                         "/" + std::string(6'000, '/'),
                                         "/submissions?" + std::string(3'000, '&'),
                                         "/submissions?a=1&" + std::string(2'000, '='),
                                         "http://127.0.0.1/version",
                                         "http://evil.example/submissions/none"};

bool is_one_error(const client::Reply& reply) {
  const auto body = ordered_json::parse(reply.body, nullptr, false);
  if (reply.body.empty()) return reply.status == 401 || reply.status == 403;
  if (reply.status == 422) return body.is_object() || body.is_array();
  return body.is_object() && body.contains("error") && body["error"].is_string() &&
         (!body.contains("status") || body["status"] == reply.status);
}

// What is wrong with the answer; empty: nothing.
std::string objection(const client::Reply& reply) {
  const bool soon = reply.status == 503 || reply.status == 429;
  if (reply.status >= 500 && !soon) return "a failure";
  if (soon && reply.header("Retry-After").empty()) return "it does not say when to come again";
  if (reply.status >= 400 && !is_one_error(reply)) return "no error as the others";
  if (!reply.header("X-Injected").empty()) return "a header was smuggled in";
  for (const char* inside : {"/tmp/", ".cpp", "json.exception", "SQL", "sqlite", "zmq", "root:x"}) {
    if (reply.body.find(inside) != std::string::npos) return std::string("it shows the inside: ") + inside;
  }
  return "";
}

// Asks over a connection that goes on, unless the server closes it.
void try_one(std::string_view method, const std::string& target, const client::Headers& headers = kJson,
             const std::string& body = "") {
  client::Client& client = judge0_client();
  CAPTURE(std::string(method));
  CAPTURE(target.substr(0, 200));
  CAPTURE(body.substr(0, 400));
  const auto reply = ask(client, method, target, headers, body);
  CAPTURE(reply.status);
  CAPTURE(reply.body.substr(0, 400));
  CHECK(objection(reply) == "");
}

// Of the gateway, the core and the worker.
void check_alive() {
  client::Client& client = judge0_client();
  CHECK(ask(client, "GET", "/health").status == 200);
  CHECK(judged(client, {{"source_code", "echo alive"}, {"language_id", 46}}).at("stdout") == "alive\n");
}

std::string submission_with(const std::string& name, const std::string& value) {
  return R"({"source_code":"exit 0","language_id":46,")" + name + "\":" + value + "}";
}

}  // namespace

TEST_CASE("judge0 hostile: every attribute with every odd value is refused or taken, and never breaks anything") {
  std::vector<std::string> names = kTexts;
  names.insert(names.end(), kNumbers.begin(), kNumbers.end());
  names.insert(names.end(), kFlags.begin(), kFlags.end());
  for (const std::string& name : names) {
    // What waits would hold this up; it is tried once, below.
    for (const std::string& value : kValues) {
      const std::string body = submission_with(name, value);
      try_one("POST", "/submissions", kJson, body);
      try_one("POST", "/submissions/batch", kJson, R"({"submissions":[)" + body + "]}");
    }
  }
  check_alive();
}

TEST_CASE("judge0 hostile: what was taken can be read again, by whoever asks in whatever way") {
  client::Client& client = judge0_client();
  for (const std::string name : {"stdin", "expected_output", "command_line_arguments", "user"}) {
    for (const std::string& value : kValues) {
      const auto reply = ask(client, "POST", "/submissions", kJson, submission_with(name, value));
      if (reply.status != 201) continue;
      CAPTURE(name);
      CAPTURE(value);
      const std::string token = ordered_json::parse(reply.body).at("token");
      for (const char* query : {"?fields=*", "?fields=*&base64_encoded=true", ""}) {
        const auto shown = ask(client, "GET", "/submissions/" + token + query);
        CHECK(objection(shown) == "");
        CHECK((shown.status == 200 || shown.status == 400));
        CHECK_FALSE(ordered_json::parse(shown.body, nullptr, false).is_discarded());
      }
    }
  }
}

TEST_CASE("judge0 hostile: a NUL in an option is refused, and one in a text is a byte like others") {
  client::Client& client = judge0_client();
  for (const char* option : {"compiler_options", "command_line_arguments"}) {
    const auto reply =
        post_json(client, "/submissions",
                  {{"source_code", "int main(){}"}, {"language_id", 50}, {option, std::string("a\0b", 3)}});
    CHECK(reply.status == 422);
    CHECK(reply.body == ordered_json{{option, {"is invalid"}}}.dump());
  }
  const auto seen =
      judged(client, {{"source_code", "od -An -tx1"}, {"language_id", 46}, {"stdin", std::string("a\0b", 3)}});
  CHECK(seen.at("stdout") == " 61 00 62\n");
}

TEST_CASE("judge0 hostile: bodies of every kind and type, to every route that reads one") {
  for (const char* target : {"/submissions", "/submissions/batch", "/authenticate", "/authorize",
                             "/submissions/018bcfe5-6800-4000-8000-0123456789ab/cancel"}) {
    for (const std::string& type : kTypes) {
      for (const std::string& body : kBodies) {
        client::Headers headers;
        if (!type.empty()) headers.emplace_back("Content-Type", type);
        try_one("POST", target, headers, body);
      }
    }
  }
  for (const std::string& body : kBodies) {
    try_one("GET", "/submissions/none", kJson, body);
    try_one("DELETE", "/submissions/none", kJson, body);
  }
  check_alive();
}

TEST_CASE("judge0 hostile: deep, wide and large bodies are refused in no time") {
  const auto started = std::chrono::steady_clock::now();
  for (const char* target : {"/submissions", "/submissions/batch"}) {
    for (const int depth : {1'000, 100'000, 1'000'000}) {
      const auto size = static_cast<std::size_t>(depth);
      std::string objects;
      for (std::size_t i = 0; i < size; ++i) objects += "{\"a\":";
      try_one("POST", target, kJson, std::string(size, '['));
      try_one("POST", target, kJson, std::string(size, '[') + std::string(size, ']'));
      try_one("POST", target, kJson, R"({"submissions":)" + std::string(size, '[') + std::string(size, ']') + "}");
      try_one("POST", target, kJson, objects);
      try_one("POST", target, kJson, objects + "1" + std::string(size, '}'));
    }
    std::string wide = "{";
    for (int i = 0; i < 10'000; ++i) wide += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    try_one("POST", target, kJson, wide + "\"z\":1}");
    try_one("POST", target, kJson, submission_with("cpu_time_limit", std::string(1'000'000, '9')));
    try_one("POST", target, kJson, submission_with("language_id", "\"" + std::string(1'000'000, '9') + "\""));
    try_one("POST", target, kJson, submission_with("fields", "\"" + std::string(100'000, ',') + "\""));
    std::string many = R"({"submissions":[{})";
    for (int i = 0; i < 200'000; ++i) many += ",{}";
    try_one("POST", target, kJson, many + "]}");
  }
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(60));
  check_alive();
}

TEST_CASE("judge0 hostile: paths and parameters that are none") {
  for (const std::string& path : kPaths) {
    for (const char* method : {"GET", "POST", "DELETE", "PUT"}) try_one(method, path, {}, "");
  }
  const client::Headers odd[] = {{{"tokens", std::string(3'000, ',')}},
                                 {{"tokens", "\xff\xfe"}},
                                 {{"X-Auth-Token", "\xff"}},
                                 {{"X-Auth-User", std::string(3'000, 'x')}},
                                 {{"Idempotency-Key", "\xff"}},
                                 {{"Idempotency-Key", std::string(3'000, 'k')}},
                                 {{"Origin", "\xff\xfe"}},
                                 {{"Accept", "text/html;q=x"}},
                                 {{"Last-Event-ID", "\xff:-1"}}};
  for (const auto& headers : odd) {
    try_one("GET", "/submissions/batch", headers);
    try_one("POST", "/submissions?language_id=46&source_code=exit", headers);
    try_one("GET", "/submissions/none", headers);
  }
  check_alive();
}

}  // namespace pushjudge::testing::judge0_hostile
