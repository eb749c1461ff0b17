// The OpenAPI document beside the live server: who asks for what it describes gets what it describes.

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/conformance/site.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

// What stands in the place of a {parameter}: nothing that is there, so that "not found" is among what may come.
std::string target_of(std::string path) {
  const std::size_t begin = path.find('{');
  if (begin == std::string::npos) return path;
  return path.replace(begin, path.find('}') - begin + 1, "d85cd024-1548-4165-96c7-7bc88673f194");
}

const json& resolved(const json& document, const json& node) {
  const auto reference = node.find("$ref");
  if (reference == node.end()) return node;
  return document.at(json::json_pointer(reference->get<std::string>().substr(1)));
}

bool has_type(const json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  return type == "array" ? value.is_array() : value.is_object();
}

// What is wrong with `value` by the schema, with where; empty: nothing. Of JSON Schema what the document uses of it.
std::string fault(const json& document, const json& schema_or_reference, const json& value, const std::string& where) {
  const json& schema = resolved(document, schema_or_reference);
  if (const auto type = schema.find("type"); type != schema.end()) {
    const json types = type->is_array() ? *type : json::array({*type});
    const bool fits =
        std::any_of(types.begin(), types.end(), [&value](const json& one) { return has_type(value, one); });
    if (!fits) return where + " is " + value.dump() + " and not of type " + type->dump();
  }
  if (const auto values = schema.find("enum"); values != schema.end() && !values->empty()) {
    if (std::find(values->begin(), values->end(), value) == values->end()) return where + " is not among the values";
  }
  if (value.is_object()) {
    for (const json& name : schema.value("required", json::array())) {
      if (!value.contains(name.get<std::string>())) return where + " has no " + name.dump();
    }
    const json properties = schema.value("properties", json::object());
    for (const auto& [name, member] : value.items()) {
      const auto property = properties.find(name);
      if (property == properties.end()) continue;
      if (auto found = fault(document, *property, member, where + "." + name); !found.empty()) return found;
    }
  }
  if (value.is_array() && schema.contains("items")) {
    for (const json& element : value) {
      if (auto found = fault(document, schema.at("items"), element, where + "[]"); !found.empty()) return found;
    }
  }
  return "";
}

}  // namespace

TEST_CASE("openapi: everything that is described answers as it is described") {
  const Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto client = site.client();
  const auto got = client.request("GET", "/openapi.json");
  REQUIRE(got);
  CHECK(got->header("Content-Type").starts_with("application/json"));
  const json document = json::parse(got->body);
  CHECK(document["openapi"] == "3.1.0");
  int bodies = 0;
  for (const auto& [path, operations] : document["paths"].items()) {
    for (const auto& [method, operation] : operations.items()) {
      if (method == "parameters") continue;
      std::string name = method;
      for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      CAPTURE(name);
      CAPTURE(path);
      // A stream has no end, so it is asked for what it refuses.
      const bool streams = path == "/feed";
      if (streams) continue;
      const auto reply =
          client.request(name, target_of(path), {{"Content-Type", "application/json"}}, name == "POST" ? "{}" : "");
      REQUIRE(reply);
      const auto response = operation["responses"].find(std::to_string(reply->status));
      CAPTURE(reply->status);
      REQUIRE(response != operation["responses"].end());
      const json& described = resolved(document, *response);
      const json content = described.value("content", json::object());
      if (!content.contains("application/json")) continue;
      CHECK(reply->header("Content-Type").starts_with("application/json"));
      CHECK(fault(document, content["application/json"]["schema"], json::parse(reply->body), "the answer") == "");
      ++bodies;
    }
  }
  CHECK(bodies > 15);
}

TEST_CASE("openapi: a submission is described with the limits that are in force, and shown as it is described") {
  const Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto client = site.client();
  const json document = json::parse(client.request("GET", "/openapi.json")->body);
  const json config = json::parse(client.request("GET", "/config_info")->body);
  const json& operation = document["paths"]["/submissions"]["post"];
  const json& body = resolved(document, operation["requestBody"]["content"]["application/json"]["schema"]);
  int compared = 0;
  for (const auto& [name, property] : body["properties"].items()) {
    if (!config.contains("max_" + name)) continue;
    CAPTURE(name);
    CHECK(property["maximum"].get<double>() == config["max_" + name].get<double>());
    CHECK(property["default"].get<double>() == config[name].get<double>());
    ++compared;
  }
  CHECK(compared == 8);
  const json accepted = site.submit();
  REQUIRE(worker.finish_next("42"));
  const std::string target = "/submissions/" + accepted["token"].get<std::string>() + "?wait=true&fields=*";
  const auto shown = client.request("GET", target);
  REQUIRE(shown);
  const json& schema =
      document["paths"]["/submissions/{token}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
  CHECK(fault(document, schema, json::parse(shown->body), "the submission") == "");
}

TEST_CASE("openapi: /docs shows every path to whoever comes, and runs nothing") {
  const Site site({"--auth-token", "secret"});
  auto client = site.client();
  CHECK(client.request("GET", "/languages")->status == 401);
  const json document = json::parse(client.request("GET", "/openapi.json")->body);
  const auto page = client.request("GET", "/docs");
  REQUIRE(page);
  CHECK(page->status == 200);
  CHECK(page->header("Content-Type").starts_with("text/html"));
  CHECK(page->header("Content-Security-Policy").find("script-src") == std::string::npos);
  CHECK(page->header("Content-Security-Policy").find("default-src 'none'") != std::string::npos);
  CHECK(page->body.find("<script") == std::string::npos);
  for (const auto& [path, operations] : document["paths"].items()) {
    CAPTURE(path);
    CHECK(page->body.find(path) != std::string::npos);
  }
}
