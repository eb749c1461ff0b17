#include "api/docs_page.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "api/markup.hpp"

namespace pushjudge {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>pushjudge: the API</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
code, pre { font: 14px/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid #8886; border-radius: 4px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0; border-top: 1px solid #8884; }
section { border-top: 2px solid #8886; margin-top: 2rem; }
details { border: 1px solid #8886; border-radius: 4px; margin: .5rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.5rem; }
nav a { margin-right: 1rem; }
a { color: inherit; }
</style>
</head>
<body>
)";

std::string code(std::string_view text) {
  return "<code>" + escape_markup(text) + "</code>";
}

// `x` is code, all else is text.
std::string prose(std::string_view text) {
  std::string all;
  for (bool is_code = false;; is_code = !is_code) {
    const std::size_t mark = text.find('`');
    all += is_code ? code(text.substr(0, mark)) : escape_markup(text.substr(0, mark));
    if (mark == std::string_view::npos) return all;
    text.remove_prefix(mark + 1);
  }
}

std::string text_at(const ordered_json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

std::string last_part(const std::string& reference) {
  return reference.substr(reference.rfind('/') + 1);
}

class Page {
 public:
  explicit Page(const ordered_json& document) : document_(document) {}

  std::string make() {
    const ordered_json& info = document_["info"];
    html_ = kHead;
    html_ += "<h1>" + escape_markup(text_at(info, "title")) + ": the API</h1>\n<p>" + prose(text_at(info, "summary")) +
             " " + prose(text_at(info, "description")) + "</p>\n";
    html_ += "<p>The same for programs: <a href=\"/openapi.json\">/openapi.json</a> (OpenAPI " +
             escape_markup(text_at(document_, "openapi")) + "). To try it: <a href=\"/\">the page</a>.</p>\n<nav>";
    for (const ordered_json& tag : document_["tags"]) {
      html_ += "<a href=\"#" + anchor(text_at(tag, "name")) + "\">" + escape_markup(text_at(tag, "name")) + "</a>";
    }
    html_ += "<a href=\"#access\">Access</a><a href=\"#schemas\">Schemas</a></nav>\n";
    for (const ordered_json& tag : document_["tags"]) add_tag(tag);
    add_access();
    add_schemas();
    html_ += "</body>\n</html>\n";
    return std::move(html_);
  }

 private:
  static std::string anchor(std::string name) {
    for (char& c : name) c = c == ' ' ? '-' : c;
    return escape_markup(name);
  }

  // Where a reference leads, or the thing itself.
  const ordered_json& resolved(const ordered_json& thing) const {
    const auto reference = thing.find("$ref");
    if (reference == thing.end()) return thing;
    return document_[ordered_json::json_pointer(reference->get<std::string>().substr(1))];
  }

  void add_tag(const ordered_json& tag) {
    const std::string name = text_at(tag, "name");
    html_ += "<section id=\"" + anchor(name) + "\">\n<h2>" + escape_markup(name) + "</h2>\n<p>" +
             prose(text_at(tag, "description")) + "</p>\n";
    for (const auto& [path, methods] : document_["paths"].items()) {
      for (const auto& [method, operation] : methods.items()) {
        if (operation["tags"][0] == name) add_operation(path, method, operation);
      }
    }
    html_ += "</section>\n";
  }

  void add_operation(const std::string& path, std::string method, const ordered_json& operation) {
    for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
    html_ += "<details id=\"" + escape_markup(text_at(operation, "operationId")) + "\">\n<summary><b>" + method +
             "</b> " + code(path) + " " + prose(text_at(operation, "summary")) + "</summary>\n";
    const std::string description = text_at(operation, "description");
    if (!description.empty()) html_ += "<p>" + prose(description) + "</p>\n";
    html_ += "<p>" + prose(wanted(operation)) + "</p>\n";
    if (operation.contains("parameters")) add_parameters(operation["parameters"]);
    if (operation.contains("requestBody")) {
      html_ += "<h4>Body</h4>\n";
      add_content(operation["requestBody"]["content"]);
    }
    html_ += "<h4>Answers</h4>\n";
    for (const auto& [status, response] : operation["responses"].items()) {
      const ordered_json& answer = resolved(response);
      html_ += "<p><b>" + escape_markup(status) + "</b> " + prose(text_at(answer, "description")) + "</p>\n";
      if (answer.contains("content")) add_content(answer["content"]);
    }
    html_ += "</details>\n";
  }

  // Which tokens a request has to show.
  std::string wanted(const ordered_json& operation) const {
    const ordered_json& security = operation.contains("security") ? operation["security"] : document_["security"];
    if (security.empty()) return "Open to everybody.";
    std::string all;
    for (const auto& [scheme, scopes] : security[0].items()) {
      (void)scopes;
      all += (all.empty() ? "Wants " : " and ") + ("`" + scheme + "`");
    }
    return all + ".";
  }

  void add_parameters(const ordered_json& parameters) {
    html_ += "<h4>Parameters</h4>\n<table>\n";
    for (const ordered_json& listed : parameters) {
      const ordered_json& parameter = resolved(listed);
      const bool required = parameter.value("required", false);
      add_row(text_at(parameter, "name"), escape_markup(text_at(parameter, "in")) + (required ? ", required" : ""),
              parameter["schema"], text_at(parameter, "description"));
    }
    html_ += "</table>\n";
  }

  void add_content(const ordered_json& content) {
    for (const auto& [type, medium] : content.items()) {
      html_ += "<p>" + code(type) + " " + kind_of(medium["schema"]) + "</p>\n";
      if (medium.contains("example")) html_ += "<pre>" + escape_markup(shown(medium["example"])) + "</pre>\n";
    }
  }

  static std::string shown(const ordered_json& example) {
    return example.is_string() ? example.get<std::string>() : example.dump(2);
  }

  void add_row(const std::string& name, const std::string& place, const ordered_json& schema,
               const std::string& description) {
    html_ += "<tr><td>" + code(name) + "</td><td>" + place + "</td><td>" + kind_of(schema) + "</td><td>" +
             prose(description) + "</td></tr>\n";
  }

  // "integer or null, 0 to 5, default 1", as HTML.
  std::string kind_of(const ordered_json& schema) const {
    if (schema.contains("$ref")) {
      const std::string name = last_part(schema["$ref"].get<std::string>());
      return "<a href=\"#schema-" + escape_markup(name) + "\">" + escape_markup(name) + "</a>";
    }
    std::string kind;
    if (schema.contains("anyOf")) {
      for (const ordered_json& one : schema["anyOf"]) kind += (kind.empty() ? "" : " or ") + kind_of(one);
    } else if (schema.contains("enum")) {
      for (const ordered_json& one : schema["enum"]) kind += (kind.empty() ? "" : " or ") + code(one.dump());
    } else if (schema.contains("type")) {
      const ordered_json& type = schema["type"];
      for (const ordered_json& one : type.is_array() ? type : ordered_json::array({type})) {
        kind += (kind.empty() ? "" : " or ") + escape_markup(one.get<std::string>());
      }
    }
    if (schema.contains("items")) kind += " of " + kind_of(schema["items"]);
    for (const auto& [name, word] :
         std::vector<std::pair<const char*, std::string_view>>{{"minimum", "at least"},
                                                               {"exclusiveMinimum", "more than"},
                                                               {"maximum", "at most"},
                                                               {"maxLength", "characters at most:"}}) {
      if (schema.contains(name)) kind += ", " + std::string(word) + " " + schema[name].dump();
    }
    if (schema.contains("default")) kind += ", default " + code(schema["default"].dump());
    return kind;
  }

  void add_access() {
    html_ += "<section id=\"access\">\n<h2>Access</h2>\n<table>\n";
    for (const auto& [name, scheme] : document_["components"]["securitySchemes"].items()) {
      html_ += "<tr><td>" + code(name) + "</td><td>" + escape_markup(text_at(scheme, "in")) + " " +
               code(text_at(scheme, "name")) + "</td><td>" + prose(text_at(scheme, "description")) + "</td></tr>\n";
    }
    html_ += "</table>\n</section>\n";
  }

  void add_schemas() {
    html_ += "<section id=\"schemas\">\n<h2>Schemas</h2>\n";
    for (const auto& [name, schema] : document_["components"]["schemas"].items()) {
      html_ += "<h3 id=\"schema-" + escape_markup(name) + "\">" + escape_markup(name) + "</h3>\n<p>" +
               prose(text_at(schema, "description")) + "</p>\n";
      if (!schema.contains("properties")) {
        html_ += "<p>" + kind_of(schema) + "</p>\n";
        continue;
      }
      html_ += "<table>\n";
      const ordered_json required = schema.value("required", ordered_json::array());
      for (const auto& [property, value] : schema["properties"].items()) {
        const bool always = std::find(required.begin(), required.end(), property) != required.end();
        add_row(property, always ? "required" : "", value, text_at(value, "description"));
      }
      html_ += "</table>\n";
    }
    html_ += "</section>\n";
  }

  const ordered_json& document_;
  std::string html_;
};

}  // namespace

std::string docs_page(std::string_view document) {
  const ordered_json parsed = ordered_json::parse(document);
  return Page(parsed).make();
}

}  // namespace pushjudge
