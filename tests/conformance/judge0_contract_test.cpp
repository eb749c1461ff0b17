// The tables of the contract, asked of a running server; and what of it is generated rather than listed: each bound of
// each attribute, each name of a field.

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "tests/conformance/judge0_case.hpp"

namespace pushjudge::testing::judge0_contract {

namespace {

constexpr int kBash = 46;
const std::string kBadRequest = "400 {\"status\":400,\"error\":\"Bad Request\"}";

std::string refusal(const std::string& attribute, const std::string& message) {
  return "422 " + ordered_json{{attribute, {message}}}.dump();
}

// "422 BODY", or "201".
std::string answer_to(const std::string& body) {
  const auto reply = ask(judge0_client(), "POST", "/submissions", {{"Content-Type", "application/json"}}, body);
  return std::to_string(reply.status) + (reply.status == 201 ? "" : " " + reply.body);
}

// With `value` as it stands, for there are values that are no JSON.
std::string with(const std::string& attribute, const std::string& value) {
  return R"({"source_code":"exit 0","language_id":46,")" + attribute + "\":" + value + "}";
}

ordered_json accepted_with(const std::string& attribute, const std::string& value) {
  const auto reply =
      ask(judge0_client(), "POST", "/submissions", {{"Content-Type", "application/json"}}, with(attribute, value));
  REQUIRE(reply.status == 201);
  const std::string token = ordered_json::parse(reply.body)["token"];
  return ordered_json::parse(ask(judge0_client(), "GET", "/submissions/" + token + "?fields=" + attribute).body)
      .at(attribute);
}

struct Number {
  const char* attribute;
  std::vector<const char*> too_little;
  const char* too_little_says;
  std::vector<std::pair<const char*, const char*>> kept;  // what is sent, what is shown; the least and the most first
  std::vector<const char*> too_much;
  const char* too_much_says;
  const char* standard;  // as it is shown
};

const std::vector<Number> kNumbers = {
    {"cpu_time_limit",
     {"-0.001", "-1"},
     "must be greater than or equal to 0",
     {{"0", "\"0.0\""}, {"15", "\"15.0\""}, {"2.5", "\"2.5\""}, {"1e1", "\"10.0\""}, {"\"1.25\"", "\"1.25\""}},
     {"15.001", "16", "1e300"},
     "must be less than or equal to 15.0",
     "\"5.0\""},
    {"cpu_extra_time",
     {"-0.001", "-1"},
     "must be greater than or equal to 0",
     {{"0", "\"0.0\""}, {"5", "\"5.0\""}, {"0.5", "\"0.5\""}},
     {"5.001", "6"},
     "must be less than or equal to 5.0",
     "\"1.0\""},
    {"wall_time_limit",
     {"0.999", "0", "-1"},
     "must be greater than or equal to 1",
     {{"1", "\"1.0\""}, {"20", "\"20.0\""}, {"\" 7 \"", "\"7.0\""}},
     {"20.001", "21"},
     "must be less than or equal to 20.0",
     "\"10.0\""},
    {"memory_limit",
     {"2047", "0", "-1"},
     "must be greater than or equal to 2048",
     {{"2048", "2048"}, {"512000", "512000"}, {"4096.5", "4096"}, {"\"128000\"", "128000"}},
     {"512001", "1e20"},
     "must be less than or equal to 512000",
     "128000"},
    {"stack_limit",
     {"-1"},
     "must be greater than or equal to 0",
     {{"0", "0"}, {"128000", "128000"}, {"\"64000\"", "64000"}},
     {"128001"},
     "must be less than or equal to 128000",
     "64000"},
    {"max_processes_and_or_threads",
     {"0", "-1"},
     "must be greater than 0",
     {{"1", "1"}, {"120", "120"}, {"\"60\"", "60"}},
     {"121"},
     "must be less than or equal to 120",
     "60"},
    {"max_file_size",
     {"-1"},
     "must be greater than or equal to 0",
     {{"0", "0"}, {"4096", "4096"}, {"\"1024\"", "1024"}},
     {"4097"},
     "must be less than or equal to 4096",
     "1024"},
    {"number_of_runs",
     {"0", "-1"},
     "must be greater than 0",
     {{"1", "1"}, {"20", "20"}, {"\"3\"", "3"}},
     {"21"},
     "must be less than or equal to 20",
     "1"},
};

const std::vector<const char*> kNoNumbers = {"\"fast\"",  "\"0x10\"", "\"1s\"",  "\"1,5\"", "\"NaN\"", "\"Infinity\"",
                                             "\"1e309\"", "\"--1\"",  "\"1 2\"", "true",    "false"};
const std::vector<const char*> kNoJson = {"NaN", "Infinity", "0x10", "1e309", "-1e309", "01", "+1", ".5", "'1'"};
// Nothing, or what Judge0 passes over.
const std::vector<const char*> kNothing = {"null", "\"\"", "\"  \"", "{\"a\":1}", "[1]"};

// Not those that take part in other rules: enable_network.
const std::vector<const char*> kFlags = {"redirect_stderr_to_stdout", "enable_per_process_and_thread_time_limit",
                                         "enable_per_process_and_thread_memory_limit"};
const std::vector<const char*> kFalse = {"false", "\"false\"", "\"FALSE\"", "\"0\"", "\"f\"",
                                         "\"F\"", "\"off\"",   "\"OFF\"",   "0"};
const std::vector<const char*> kTrue = {"true",   "\"true\"", "\"1\"", "\"yes\"", "\"no\"",    "\"t\"",
                                        "\"on\"", "1",        "2",     "-1",      "\"False \""};

const std::vector<std::string> kFieldsInOrder = {"source_code",
                                                 "language_id",
                                                 "stdin",
                                                 "expected_output",
                                                 "stdout",
                                                 "status_id",
                                                 "created_at",
                                                 "finished_at",
                                                 "time",
                                                 "memory",
                                                 "stderr",
                                                 "token",
                                                 "number_of_runs",
                                                 "cpu_time_limit",
                                                 "cpu_extra_time",
                                                 "wall_time_limit",
                                                 "memory_limit",
                                                 "stack_limit",
                                                 "max_processes_and_or_threads",
                                                 "enable_per_process_and_thread_time_limit",
                                                 "enable_per_process_and_thread_memory_limit",
                                                 "max_file_size",
                                                 "compile_output",
                                                 "exit_code",
                                                 "exit_signal",
                                                 "message",
                                                 "wall_time",
                                                 "compiler_options",
                                                 "command_line_arguments",
                                                 "redirect_stderr_to_stdout",
                                                 "callback_url",
                                                 "additional_files",
                                                 "enable_network",
                                                 "started_at",
                                                 "queued_at",
                                                 "updated_at",
                                                 "queue_host",
                                                 "execution_host",
                                                 "status",
                                                 "language"};

}  // namespace

TEST_CASE("judge0 contract: each request of the table is answered as the table says") {
  check_table("requests");
}

TEST_CASE("judge0 contract: what the server says of itself is what the table says") {
  check_table("info");
}

TEST_CASE("judge0 contract: each setting does what the table says, and of two refusals the first is told") {
  check_table("settings");
}

TEST_CASE("judge0 contract: each bound of each number is where it is, and says so in Judge0's words") {
  for (const Number& number : kNumbers) {
    CAPTURE(std::string(number.attribute));
    const auto check = [&number](const char* value, const std::string& expected) {
      CAPTURE(std::string(value));
      CHECK(answer_to(with(number.attribute, value)) == expected);
    };
    for (const char* value : number.too_little) check(value, refusal(number.attribute, number.too_little_says));
    for (const char* value : number.too_much) check(value, refusal(number.attribute, number.too_much_says));
    for (const char* value : kNoNumbers) check(value, refusal(number.attribute, "is not a number"));
    for (const char* value : kNoJson) check(value, kBadRequest);
    for (const auto& [value, shown] : number.kept) {
      CAPTURE(std::string(value));
      CHECK(accepted_with(number.attribute, value).dump() == shown);
    }
    for (const char* value : kNothing) {
      CAPTURE(std::string(value));
      CHECK(accepted_with(number.attribute, value).dump() == number.standard);
    }
  }
}

TEST_CASE("judge0 contract: each truth value is read as Rails reads it") {
  for (const char* attribute : kFlags) {
    CAPTURE(std::string(attribute));
    const auto check = [attribute](const char* value, bool expected) {
      CAPTURE(std::string(value));
      CHECK(accepted_with(attribute, value) == expected);
    };
    for (const char* value : kFalse) check(value, false);
    for (const char* value : kTrue) check(value, true);
    for (const char* value : {"null", "\"\"", "{}", "[]"}) check(value, false);
  }
  for (const char* value : kFalse) {
    CAPTURE(std::string(value));
    CHECK(accepted_with("enable_network", value) == false);
  }
  for (const char* value : kTrue) {
    CAPTURE(std::string(value));
    CHECK(answer_to(with("enable_network", value)) == refusal("enable_network", "enabling network is not allowed"));
  }
}

TEST_CASE("judge0 contract: options are bounded in characters, and one too many is too long") {
  std::string most;
  for (int i = 0; i < 512; ++i) most += "ü";  // twice as many bytes
  const auto quoted = [](const std::string& text) { return ordered_json(text).dump(); };
  CHECK(accepted_with("command_line_arguments", quoted(most)) == most);
  CHECK(answer_to(with("command_line_arguments", quoted(most + "x"))) ==
        refusal("command_line_arguments", "is too long (maximum is 512 characters)"));
  for (const auto& [length, status] : {std::pair{512, 201}, std::pair{513, 422}}) {
    const ordered_json body = {
        {"source_code", "int main(){}"}, {"language_id", 50}, {"compiler_options", std::string(length, ' ')}};
    const auto reply = post_json(judge0_client(), "/submissions", body);
    CHECK(reply.status == status);
    if (status == 422) {
      CHECK(reply.body == ordered_json{{"compiler_options", {"is too long (maximum is 512 characters)"}}}.dump());
    }
  }
}

TEST_CASE("judge0 contract: an id is read as Ruby reads one") {
  struct Row {
    const char* id;
    const char* shown;  // of the refusal; null: it means bash
  };
  for (const Row& row : {Row{"46", nullptr}, Row{"\"46\"", nullptr}, Row{"\" 46 \"", nullptr}, Row{"46.9", nullptr},
                         Row{"\"46abc\"", nullptr}, Row{"4.6e1", nullptr}, Row{"\"abc\"", "0"}, Row{"-46", "-46"},
                         Row{"true", "1"}, Row{"99999999999999999999", "99999999999999999999"}}) {
    CAPTURE(std::string(row.id));
    const std::string answer = answer_to(R"({"source_code":"exit 0","language_id":)" + std::string(row.id) + "}");
    if (row.shown == nullptr) {
      CHECK(answer == "201");
    } else if (std::string(row.shown) == "1") {
      CHECK(answer == refusal("language_id", "language with id 1 is archived and cannot be used anymore"));
    } else {
      CHECK(answer == refusal("language_id", "language with id " + std::string(row.shown) + " doesn't exist"));
    }
  }
}

TEST_CASE("judge0 contract: each field is there by its name alone, and all of them come in Judge0's order") {
  client::Client& client = judge0_client();
  const auto whole = judged(client, {{"source_code", "echo 1"}, {"language_id", kBash}});
  std::vector<std::string> order;
  for (const auto& [name, value] : whole.items()) order.push_back(name);
  REQUIRE(order.size() >= kFieldsInOrder.size());
  order.resize(kFieldsInOrder.size());
  CHECK(order == kFieldsInOrder);
  const std::string target = "/submissions/" + whole["token"].get<std::string>() + "?fields=";
  for (const std::string& name : kFieldsInOrder) {
    const auto reply = ask(client, "GET", target + name);
    CHECK(reply.status == 200);
    CHECK(reply.body == ordered_json{{name, whole[name]}}.dump());
  }
  // Whatever order they are asked for in.
  CHECK(ask(client, "GET", target + "status,stdout,language_id").body ==
        ordered_json{{"language_id", kBash}, {"stdout", "1\n"}, {"status", whole["status"]}}.dump());
}

TEST_CASE("judge0 contract: what is no UTF-8 is told apart by who asks, and base64 shows it") {
  client::Client& client = judge0_client();
  const std::string alone =
      "some attributes for this submission cannot be converted to UTF-8, use base64_encoded=true query parameter";
  const std::string among =
      "some attributes for one or more submissions cannot be converted to UTF-8, use base64_encoded=true query "
      "parameter";
  const ordered_json attributes = {{"source_code", "printf '\\377'"}, {"language_id", kBash}};
  const auto waited = post_json(client, "/submissions?wait=true", attributes);
  CHECK(waited.status == 201);
  const std::string token = ordered_json::parse(waited.body)["token"];
  CHECK(waited.body == ordered_json{{"error", alone}, {"token", token}}.dump());

  const auto get = [&client](const std::string& target) {
    const auto reply = ask(client, "GET", target);
    return std::to_string(reply.status) + " " + reply.body;
  };
  const std::string one = "/submissions/" + token;
  const std::string batch = "/submissions/batch?tokens=" + token;
  CHECK(get(one) == "400 " + ordered_json{{"error", alone}}.dump());
  CHECK(get(one + "?fields=*") == "400 " + ordered_json{{"error", alone}}.dump());
  CHECK(get(batch) == "400 " + ordered_json{{"error", among}}.dump());
  CHECK(get(batch + "&fields=*") == "400 " + ordered_json{{"error", among}}.dump());
  // Whoever does not ask for the text is not held up by it.
  CHECK(get(one + "?fields=status_id") == R"(200 {"status_id":3})");
  CHECK(get(batch + "&fields=status_id") == R"(200 {"submissions":[{"status_id":3}]})");
  CHECK(get(one + "?fields=stdout&base64_encoded=true") == R"(200 {"stdout":"/w=="})");
  CHECK(get(batch + "&fields=stdout&base64_encoded=true") == R"(200 {"submissions":[{"stdout":"/w=="}]})");

  // The three texts of a submission may hold any bytes where they are base64; line ends and what is none is passed
  // over.
  const auto sent = post_json(client, "/submissions?base64_encoded=true&wait=true&fields=stdout,stdin,expected_output",
                              {{"source_code", "Y2F\n0Cg=="},
                               {"language_id", kBash},
                               {"stdin", "-\xc3\xbc/w==\n"},
                               {"expected_output", "/w=="}});
  CHECK(sent.status == 201);
  CHECK(sent.body == R"({"stdin":"/w==","expected_output":"/w==","stdout":"/w=="})");
}

TEST_CASE("judge0 contract: every attribute that was sent is shown as it was sent") {
  client::Client& client = judge0_client();
  const ordered_json sent = {{"source_code", "int main(void) { return 0; }\n"},
                             {"language_id", 50},
                             {"stdin", ""},
                             {"expected_output", " a \n\n"},
                             {"number_of_runs", 2},
                             {"cpu_time_limit", "1.5"},
                             {"cpu_extra_time", "0.25"},
                             {"wall_time_limit", "3.0"},
                             {"memory_limit", 65'536},
                             {"stack_limit", 32'000},
                             {"max_processes_and_or_threads", 30},
                             {"enable_per_process_and_thread_time_limit", true},
                             {"enable_per_process_and_thread_memory_limit", true},
                             {"max_file_size", 512},
                             {"compiler_options", "-Wall  -DX='a b'"},
                             {"command_line_arguments", "a \"b c\""},
                             {"redirect_stderr_to_stdout", true},
                             {"additional_files", "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="},
                             {"enable_network", false}};
  const auto shown = judged(client, sent);
  for (const auto& [name, value] : sent.items()) {
    if (name == "stdin") continue;
    CAPTURE(name);
    CHECK(shown.at(name).dump() == value.dump());
  }
}

TEST_CASE("judge0 contract: lists go from the newest on, page by page") {
  client::Client& client = judge0_client({"AUTHZ_TOKEN=admin"});
  const client::Headers admin = {{"X-Auth-User", "admin"}};
  std::vector<std::string> tokens;
  for (int i = 0; i < 5; ++i) {
    const auto reply = post_json(client, "/submissions", {{"source_code", "exit 0"}, {"language_id", kBash}});
    tokens.insert(tokens.begin(), ordered_json::parse(reply.body).at("token").get<std::string>());
  }
  const auto list = [&](const std::string& query) {
    const auto reply = ask(client, "GET", "/submissions" + query, admin);
    CHECK(reply.status == 200);
    return ordered_json::parse(reply.body);
  };
  const auto tokens_of = [](const ordered_json& answer) {
    std::vector<std::string> found;
    for (const auto& one : answer.at("submissions")) found.push_back(one.at("token"));
    return found;
  };
  const ordered_json first = list("?page=1&per_page=2&fields=token");
  const int total = first["meta"]["total_count"];
  const int pages = (total + 1) / 2;
  REQUIRE(total >= 5);
  CHECK(first.dump() == ordered_json{{"submissions", {{{"token", tokens[0]}}, {{"token", tokens[1]}}}},
                                     {"meta",
                                      {{"current_page", 1},
                                       {"next_page", 2},
                                       {"prev_page", nullptr},
                                       {"total_pages", pages},
                                       {"total_count", total}}}}
                            .dump());
  const ordered_json second = list("?page=2&per_page=2");
  CHECK(tokens_of(second) == std::vector(tokens.begin() + 2, tokens.begin() + 4));
  CHECK(second["meta"]["prev_page"] == 1);
  CHECK(second["submissions"][0].begin().key() == "stdout");
  const ordered_json last = list("?page=" + std::to_string(pages) + "&per_page=2&fields=token");
  CHECK(last["meta"]["next_page"] == nullptr);
  CHECK(last["submissions"].size() == static_cast<std::size_t>(total - 2 * (pages - 1)));
  const ordered_json past = list("?page=" + std::to_string(pages + 1) + "&per_page=2");
  CHECK(past["submissions"] == ordered_json::array());
  CHECK(past["meta"]["next_page"] == nullptr);
  const ordered_json standard = list("?fields=token");
  CHECK(standard["meta"]["total_pages"] == (total + 19) / 20);
  CHECK(standard["submissions"].size() == static_cast<std::size_t>(std::min(total, 20)));
  CHECK(list("?page=&per_page=&fields=&base64_encoded=true")["meta"] == standard["meta"]);
}

TEST_CASE("judge0 contract: languages are sorted by name, and each is alone what it is in the lists") {
  client::Client& client = judge0_client();
  const auto active = ordered_json::parse(ask(client, "GET", "/languages").body);
  const auto all = ordered_json::parse(ask(client, "GET", "/languages/all").body);
  for (const auto& list : {active, all}) {
    CHECK(std::is_sorted(list.begin(), list.end(), [](const auto& a, const auto& b) { return a["name"] < b["name"]; }));
    for (const auto& language : list) {
      CHECK(mismatch({{"id", "<integer>"}, {"name", "<text>"}}, language) == "");
      const auto alone = ordered_json::parse(ask(client, "GET", "/languages/" + language.at("id").dump()).body);
      CHECK(alone.at("name") == language.at("name"));
      CHECK(alone.at("is_archived") == language.value("is_archived", false));
    }
  }
  const auto has = [](const ordered_json& list, int id, bool archived) {
    return std::any_of(list.begin(), list.end(), [id, archived](const auto& one) {
      return one["id"] == id && one.value("is_archived", false) == archived;
    });
  };
  for (int id = 1; id <= 42; ++id) {
    CHECK(has(all, id, true));
    CHECK_FALSE(has(active, id, false));
  }
  for (const int id : {43, 44, 46, 48, 49, 50, 71, 89}) {
    CAPTURE(id);
    CHECK(has(all, id, false));
    CHECK(has(active, id, false));
  }
}

TEST_CASE("judge0 contract: system_info is one flat object of texts") {
  const auto info = ordered_json::parse(ask(judge0_client(), "GET", "/system_info").body);
  for (const char* key : {"Architecture", "CPU(s)", "Mem", "Swap"}) {
    CAPTURE(std::string(key));
    CHECK(info.contains(key));
  }
  for (const auto& [name, value] : info.items()) CHECK(value.is_string());
}

}  // namespace pushjudge::testing::judge0_contract
