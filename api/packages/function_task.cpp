#include "api/packages/function_task.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "api/packages/function_tests.hpp"
#include "api/packages/yaml.hpp"

namespace pushjudge::packages {

namespace {

using nlohmann::json;

constexpr std::uint64_t kFunctionFileBytesMax = 256 << 10;

// LeetCode's metadata as YAML has it: its values are texts, and only one key's are numbers.
json metadata_json(const std::string& key, const YamlValue& value) {
  if (value.kind == YamlValue::Kind::list) {
    json list = json::array();
    for (const YamlValue& item : value.items) list.push_back(metadata_json("", item));
    return list;
  }
  if (value.kind == YamlValue::Kind::map) {
    json map = json::object();
    for (const auto& [name, item] : value.entries) map[name] = metadata_json(name, item);
    return map;
  }
  if (value.kind == YamlValue::Kind::null) return nullptr;
  const bool digits = std::ranges::all_of(value.text, [](char c) { return c >= '0' && c <= '9'; });
  if (key == "paramindex" && digits && value.text.size() < 10) return std::stoul("0" + value.text);
  return value.text;
}

class FunctionReader {
 public:
  FunctionReader(const YamlValue& yaml, Findings& findings) : yaml_(yaml), findings_(findings) {}

  FunctionSettings read() {
    for (const auto& [key, value] : yaml_.entries) {
      static constexpr auto kKeys = std::to_array<std::string_view>(
          {"metadata", "compare", "tolerance", "checker", "reference", "show_failed_test"});
      if (std::ranges::find(kKeys, key) == kKeys.end()) findings_.error(value.place, "unknown key '" + key + "'");
    }
    read_metadata();
    read_comparison();
    read_names();
    if (const YamlValue* shows = yaml_.find("show_failed_test")) {
      out_.task.shows_failed_test = flag_in(*shows, "show_failed_test", findings_).value_or(true);
    }
    return std::move(out_);
  }

 private:
  void read_metadata() {
    const YamlValue* metadata = yaml_.find("metadata");
    if (metadata == nullptr) return findings_.error(yaml_.place, "'metadata' is missing");
    // A text is the metadata as LeetCode hands it out.
    const bool is_text = metadata->kind == YamlValue::Kind::text;
    auto signature = parse_signature(is_text ? metadata->text : metadata_json("", *metadata).dump());
    if (!signature) return findings_.error(metadata->place, "metadata: " + signature.error().message);
    if (const auto reason = invalid(*signature)) return findings_.error(metadata->place, "metadata: " + *reason);
    out_.task.signature = *std::move(signature);
  }

  void read_comparison() {
    AnswerComparison& comparison = out_.task.comparison;
    if (const YamlValue* compare = yaml_.find("compare")) {
      const auto order = parse_answer_order(compare->text);
      if (!order) findings_.error(compare->place, "'compare' must be exact, unordered or unordered_nested");
      comparison.order = order.value_or(AnswerOrder::exact);
    }
    if (const YamlValue* tolerance = yaml_.find("tolerance")) {
      const auto number = number_in(*tolerance, "tolerance", findings_);
      if (number && *number < 0) findings_.error(tolerance->place, "'tolerance' must be a number from 0 on");
      if (number && *number >= 0) comparison.tolerance = *number;
    }
  }

  void read_names() {
    if (const YamlValue* checker = yaml_.find("checker")) {
      out_.checker = text_in(*checker, "checker", findings_).value_or("");
      for (const char* other : {"compare", "tolerance"}) {
        const YamlValue* value = yaml_.find(other);
        if (value != nullptr) {
          findings_.error(value->place, std::string("'") + other + "' is for what the judge compares, not a checker");
        }
      }
    }
    if (const YamlValue* reference = yaml_.find("reference")) {
      out_.reference = text_in(*reference, "reference", findings_).value_or("");
      out_.reference_place = reference->place;
    }
  }

  const YamlValue& yaml_;
  Findings& findings_;
  FunctionSettings out_;
};

}  // namespace

std::optional<FunctionSettings> read_function_settings(const PackageFolder& folder, Findings& findings) {
  if (!folder.has_file(kFunctionFile)) return std::nullopt;
  const auto text = folder.read(kFunctionFile, kFunctionFileBytesMax, findings);
  const auto yaml = parse_yaml(text.value_or(""), kFunctionFile);
  if (!yaml) findings.error_text(yaml.error().message);
  if (!text || !yaml) return FunctionSettings{};
  return FunctionReader(*yaml, findings).read();
}

}  // namespace pushjudge::packages
