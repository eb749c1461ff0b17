#include "tests/conformance/judge0_case.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>

namespace pushjudge::testing {
namespace {

// ---- patterns

using Kind = bool (*)(const ordered_json&);

bool fits_text(const ordered_json& value, const char* pattern) {
  return value.is_string() && std::regex_match(value.get<std::string>(), std::regex(pattern));
}

const std::map<std::string, Kind, std::less<>> kKinds = {
    {"<any>", [](const ordered_json&) { return true; }},
    {"<text>", [](const ordered_json& value) { return value.is_string(); }},
    {"<text or null>", [](const ordered_json& value) { return value.is_string() || value.is_null(); }},
    {"<integer>", [](const ordered_json& value) { return value.is_number_integer(); }},
    {"<float>", [](const ordered_json& value) { return value.is_number_float(); }},
    {"<boolean>", [](const ordered_json& value) { return value.is_boolean(); }},
    {"<list>", [](const ordered_json& value) { return value.is_array(); }},
    {"<uuid4>",
     [](const ordered_json& value) {
       return fits_text(value, "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
     }},
    {"<time>", [](const ordered_json& value) { return fits_text(value, R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"); }},
    {"<decimal>", [](const ordered_json& value) { return fits_text(value, R"(\d+\.\d+)"); }},
};

// ---- rows

using Variables = std::map<std::string, std::string>;

std::string filled(std::string text, const Variables& variables) {
  for (const auto& [name, value] : variables) {
    const std::string place = "{" + name + "}";
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size())) {
      text.replace(at, place.size(), value);
    }
  }
  return text;
}

std::string text_of(const client::Reply& reply) {
  return std::to_string(reply.status) + " " + reply.body;
}

// What is wrong with the answer; empty: nothing.
std::string objection(const ordered_json& row, const client::Reply& reply, const Variables& variables) {
  if (reply.status != row.at("status").get<int>()) return "another status: " + text_of(reply);
  if (row.contains("text") && reply.body != filled(row["text"], variables)) return "another body: " + text_of(reply);
  if (row.contains("answer") && reply.body != filled(row["answer"].dump(), variables)) {
    return "another body: " + text_of(reply) + " instead of " + filled(row["answer"].dump(), variables);
  }
  if (row.contains("like")) {
    const auto answer = ordered_json::parse(reply.body, nullptr, false);
    const auto pattern = ordered_json::parse(filled(row["like"].dump(), variables));
    if (const auto what = mismatch(pattern, answer); !what.empty()) return what + " in " + text_of(reply);
  }
  if (row.contains("answer headers")) {
    for (const auto& [name, value] : row["answer headers"].items()) {
      if (reply.header(name) != value) return "the header " + name + " is '" + reply.header(name) + "'";
    }
  }
  return "";
}

client::Reply ask_row(client::Client& client, const ordered_json& row, const Variables& variables) {
  const std::string request = filled(row.at("request"), variables);
  const auto blank = request.find(' ');
  client::Headers headers;
  if (row.contains("headers")) {
    for (const auto& [name, value] : row["headers"].items()) headers.emplace_back(name, filled(value, variables));
  }
  std::string body;
  if (row.contains("json")) {
    body = filled(row["json"].dump(), variables);
    headers.emplace_back("Content-Type", "application/json");
  } else if (row.contains("form")) {
    body = filled(row["form"], variables);
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  } else if (row.contains("body")) {
    body = row["body"];
  }
  return ask(client, request.substr(0, blank), request.substr(blank + 1), headers, body);
}

void check_row(client::Client& client, const ordered_json& row, Variables& variables) {
  CAPTURE(row.dump());
  client::Reply reply;
  std::string wrong;
  const auto asked = [&] {
    reply = ask_row(client, row, variables);
    wrong = objection(row, reply, variables);
    return wrong.empty();
  };
  if (row.value("until", false)) {
    eventually(asked);
  } else {
    asked();
  }
  CHECK(wrong == "");
  if (!wrong.empty() || !row.contains("keep")) return;
  const auto answer = ordered_json::parse(reply.body, nullptr, false);
  for (const auto& [name, pointer] : row["keep"].items()) {
    variables[name] = answer.at(ordered_json::json_pointer(pointer.get<std::string>())).get<std::string>();
  }
}

Cluster& cluster() {
  static Cluster cluster([] {
    ClusterOptions options;
    options.languages = {"bash", "c", "executable", "multi-file", "python", "text"};
    options.slots = 2;
    return options;
  }());
  return cluster;
}

}  // namespace

const Cluster& judge0_cluster() {
  return cluster();
}

client::Client& judge0_client(const std::vector<std::string>& settings) {
  static std::map<std::vector<std::string>, client::Client> clients;
  if (const auto found = clients.find(settings); found != clients.end()) return found->second;
  const int gateway = settings.empty() ? 0 : cluster().add_gateway(settings);
  auto client = cluster().client(gateway);
  // It has heard from the core when it knows of languages; whoever may not ask for them is told so at once.
  const bool ready = eventually([&client] {
    const auto reply = client.request("GET", "/languages");
    return reply && (reply->status == 401 || reply->status == 403 || (reply->status == 200 && reply->body != "[]"));
  });
  REQUIRE(ready);
  return clients.emplace(settings, std::move(client)).first->second;
}

// Of an object the pattern's keys must come first and in its order; ours may follow. "<...>" is a kind of value.
std::string mismatch(const ordered_json& pattern, const ordered_json& answer) {
  if (pattern.is_string()) {
    const auto kind = kKinds.find(pattern.get<std::string>());
    if (kind != kKinds.end()) return kind->second(answer) ? "" : answer.dump() + " is not " + kind->first;
  }
  if (pattern.is_object()) {
    if (!answer.is_object()) return "no object: " + answer.dump();
    auto has = answer.begin();
    for (const auto& [name, value] : pattern.items()) {
      if (has == answer.end() || has.key() != name) return "not in its place: " + name;
      if (const auto what = mismatch(value, *has); !what.empty()) return name + ": " + what;
      ++has;
    }
    return "";
  }
  if (pattern.is_array()) {
    if (!answer.is_array() || answer.size() != pattern.size()) return "no list of that length: " + answer.dump();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (const auto what = mismatch(pattern[i], answer[i]); !what.empty()) return std::to_string(i) + ": " + what;
    }
    return "";
  }
  return pattern.dump() == answer.dump() ? "" : answer.dump() + " is not " + pattern.dump();
}

client::Reply ask(client::Client& client, std::string_view method, std::string_view target,
                  const client::Headers& headers, const std::string& body) {
  auto reply = client.request(method, target, headers, body);
  if (!reply) FAIL("no answer to ", std::string(method), " ", std::string(target), ": ", reply.error().message);
  return *std::move(reply);
}

client::Reply post_json(client::Client& client, std::string_view target, const ordered_json& body) {
  return ask(client, "POST", target, {{"Content-Type", "application/json"}}, body.dump());
}

ordered_json judged(client::Client& client, const ordered_json& attributes, const std::string& query) {
  const auto reply = post_json(client, "/submissions?base64_encoded=" + query, attributes);
  if (reply.status != 201) FAIL("refused: ", reply.body);
  return finished(client, ordered_json::parse(reply.body).at("token"), query);
}

ordered_json finished(client::Client& client, const std::string& token, const std::string& query) {
  ordered_json seen;
  const std::string target = "/submissions/" + token + "?fields=*&base64_encoded=" + query;
  const bool ended = eventually([&] {
    const auto reply = ask(client, "GET", target);
    seen = ordered_json::parse(reply.body, nullptr, false);
    return reply.status != 200 || seen["status_id"] > 2;
  });
  if (!ended || !seen.contains("status_id")) FAIL("it does not end: ", seen.dump());
  return seen;
}

void check_table(const std::string& name) {
  std::ifstream file(PJ_JUDGE0_TABLES "/" + name + ".json");
  const auto table = ordered_json::parse(file, nullptr, true, true);
  for (const ordered_json& group : table) {
    CAPTURE(group.at("what").get<std::string>());
    std::vector<std::string> settings;
    if (group.contains("settings")) group["settings"].get_to(settings);
    client::Client& client = judge0_client(settings);
    Variables variables;
    for (const ordered_json& row : group.at("rows")) check_row(client, row, variables);
  }
}

}  // namespace pushjudge::testing
