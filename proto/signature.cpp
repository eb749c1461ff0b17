#include "proto/signature.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "proto/base/names.hpp"

namespace pushjudge {

namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, kScalarCount> kScalarNames{
    "integer", "long", "double", "boolean", "character", "string", "ListNode", "TreeNode", "void"};

constexpr std::string_view kArraySuffix = "[]";
constexpr std::string_view kListPrefix = "list<";

// A mistake on the way, with its place: "params[1].type: …".
struct BadSignature {
  std::string what;
};

[[noreturn]] void refuse(const std::string& place, const std::string& what) {
  throw BadSignature{place.empty() ? what : place + ": " + what};
}

const ordered_json& member(const ordered_json& object, const char* key, const std::string& place) {
  const auto found = object.find(key);
  if (found == object.end()) refuse(place, std::string("'") + key + "' is missing");
  return *found;
}

std::string identifier_in(const ordered_json& object, const char* key, const std::string& place) {
  const auto& name = member(object, key, place);
  const auto where = place.empty() ? std::string(key) : place + "." + key;
  if (!name.is_string() || !is_identifier(name.get_ref<const std::string&>())) {
    refuse(where, "it is no name of 1 to 64 letters, digits and _");
  }
  return name;
}

Type type_in(const ordered_json& object, const std::string& place) {
  const auto& type = member(object, "type", place);
  const auto parsed = type.is_string() ? parse_type(type.get_ref<const std::string&>()) : std::nullopt;
  if (!parsed) refuse(place + ".type", type.is_string() ? "unknown type " + type.dump() : "it is no text");
  return *parsed;
}

std::vector<Parameter> parameters_in(const ordered_json& object, const std::string& place) {
  std::vector<Parameter> parameters;
  const auto found = object.find("params");
  if (found == object.end()) return parameters;
  const auto where = place.empty() ? std::string("params") : place + ".params";
  if (!found->is_array()) refuse(where, "it is no array");
  for (const auto& one : *found) {
    const auto each = where + "[" + std::to_string(parameters.size()) + "]";
    if (!one.is_object()) refuse(each, "it is no object");
    parameters.push_back({identifier_in(one, "name", each), type_in(one, each)});
  }
  return parameters;
}

Function function_in(const ordered_json& object, const std::string& place) {
  Function function;
  function.name = identifier_in(object, "name", place);
  function.parameters = parameters_in(object, place);
  const auto& returns = member(object, "return", place);
  const auto where = place.empty() ? std::string("return") : place + ".return";
  if (!returns.is_object()) refuse(where, "it is no object");
  function.returns = type_in(returns, where);
  return function;
}

// LeetCode says the parameter of an in-place problem, but not always: then it is the first.
std::optional<std::uint32_t> output_in(const ordered_json& object, const Function& function) {
  if (function.returns.scalar != Scalar::nothing) return std::nullopt;
  const auto output = object.find("output");
  if (output == object.end() || !output->is_object() || !output->contains("paramindex")) return 0;
  const auto& index = (*output)["paramindex"];
  if (!index.is_number_unsigned()) refuse("output.paramindex", "it is no number from 0 on");
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(index.get<std::uint64_t>(), UINT32_MAX));
}

Signature signature_in(const ordered_json& object) {
  Signature signature;
  if (!object.is_object()) refuse("", "the metadata is no object");
  if (!object.contains("classname")) {
    signature.function = function_in(object, "");
    signature.output_parameter = output_in(object, signature.function);
    return signature;
  }
  signature.class_name = identifier_in(object, "classname", "");
  if (const auto constructor = object.find("constructor"); constructor != object.end()) {
    if (!constructor->is_object()) refuse("constructor", "it is no object");
    signature.constructor = parameters_in(*constructor, "constructor");
  }
  const auto& methods = member(object, "methods", "");
  if (!methods.is_array()) refuse("methods", "it is no array");
  for (const auto& method : methods) {
    const auto place = "methods[" + std::to_string(signature.methods.size()) + "]";
    if (!method.is_object()) refuse(place, "it is no object");
    signature.methods.push_back(function_in(method, place));
  }
  return signature;
}

ordered_json parameters_json(const std::vector<Parameter>& parameters) {
  auto all = ordered_json::array();
  for (const auto& one : parameters) all.push_back({{"name", one.name}, {"type", to_string(one.type)}});
  return all;
}

ordered_json function_json(const Function& function) {
  return {{"name", function.name},
          {"params", parameters_json(function.parameters)},
          {"return", {{"type", to_string(function.returns)}}}};
}

using Reason = std::optional<std::string>;

Reason invalid_type(const Type& type, const std::string& whose, bool may_be_nothing) {
  if (type.scalar > Scalar::nothing) return whose + ": its type is unknown";
  if (type.containers.size() > kDimensionsMax) return whose + ": more than three dimensions";
  if (type.scalar == Scalar::nothing && (!may_be_nothing || !type.containers.empty()))
    return whose + ": void is no value";
  return std::nullopt;
}

Reason invalid_parameters(const std::vector<Parameter>& parameters, const std::string& whose) {
  if (parameters.size() > kParametersMax) return whose + ": more than 16 parameters";
  std::set<std::string> names;
  for (const auto& one : parameters) {
    if (!is_identifier(one.name)) return whose + ": a parameter's name is none: " + one.name;
    if (!names.insert(one.name).second) return whose + ": two parameters " + one.name;
    if (auto reason = invalid_type(one.type, whose + ": " + one.name, false)) return reason;
  }
  return std::nullopt;
}

Reason invalid_function(const Function& function) {
  if (!is_identifier(function.name)) return "a function's name is none: " + function.name;
  if (auto reason = invalid_parameters(function.parameters, function.name)) return reason;
  return invalid_type(function.returns, function.name + ": what it returns", true);
}

Reason invalid_class(const Signature& signature) {
  if (!is_identifier(signature.class_name)) return "the class's name is none: " + signature.class_name;
  if (auto reason = invalid_parameters(signature.constructor, signature.class_name)) return reason;
  if (signature.methods.empty() || signature.methods.size() > kMethodsMax) return "a class has 1 to 64 methods";
  std::set<std::string> names{signature.class_name};
  for (const auto& method : signature.methods) {
    if (auto reason = invalid_function(method)) return reason;
    if (!names.insert(method.name).second) return "two methods " + method.name;
  }
  if (signature.function != Function{} || signature.output_parameter) return "it is a class and a function";
  return std::nullopt;
}

}  // namespace

Type Type::element() const {
  return {scalar, {containers.begin() + 1, containers.end()}};
}

const Type& Signature::answer_type() const {
  return output_parameter ? function.parameters[*output_parameter].type : function.returns;
}

std::string_view to_string(Scalar scalar) {
  return name_of(kScalarNames, scalar);
}

std::optional<Scalar> parse_scalar(std::string_view text) {
  return with_name<Scalar>(kScalarNames, text);
}

std::string to_string(const Type& type) {
  std::string text(to_string(type.scalar));
  // From the inside: an array is written behind what lies in it, a list around it.
  for (auto container = type.containers.rbegin(); container != type.containers.rend(); ++container) {
    text = *container == Container::array ? text + std::string(kArraySuffix) : std::string(kListPrefix) + text + ">";
  }
  return text;
}

std::optional<Type> parse_type(std::string_view text) {
  Type type;
  while (type.containers.size() <= kDimensionsMax) {
    if (text.ends_with(kArraySuffix)) {
      text.remove_suffix(kArraySuffix.size());
      type.containers.push_back(Container::array);
    } else if (text.starts_with(kListPrefix) && text.ends_with('>')) {
      text.remove_prefix(kListPrefix.size());
      text.remove_suffix(1);
      type.containers.push_back(Container::list);
    } else {
      const auto scalar = parse_scalar(text);
      if (!scalar) return std::nullopt;
      type.scalar = *scalar;
      if (type.containers.size() > kDimensionsMax) return std::nullopt;
      if (type.scalar == Scalar::nothing && !type.containers.empty()) return std::nullopt;
      return type;
    }
  }
  return std::nullopt;
}

bool is_identifier(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= kIdentifierCharactersMax && is_letter(text[0]) &&
         std::ranges::all_of(text, fits);
}

Result<Signature> parse_signature(std::string_view json) {
  const auto object = ordered_json::parse(json, nullptr, false);
  if (object.is_discarded()) return Error{Errc::invalid, "the metadata is no JSON"};
  try {
    auto signature = signature_in(object);
    if (const auto reason = invalid(signature)) return Error{Errc::invalid, *reason};
    return signature;
  } catch (const BadSignature& bad) {
    return Error{Errc::invalid, bad.what};
  }
}

std::string to_json(const Signature& signature) {
  if (!signature.is_class()) {
    auto object = function_json(signature.function);
    if (signature.output_parameter) object["output"] = {{"paramindex", *signature.output_parameter}};
    return object.dump();
  }
  auto methods = ordered_json::array();
  for (const auto& method : signature.methods) methods.push_back(function_json(method));
  const ordered_json object = {{"classname", signature.class_name},
                               {"constructor", {{"params", parameters_json(signature.constructor)}}},
                               {"methods", std::move(methods)},
                               {"systemdesign", true}};
  return object.dump();
}

std::optional<std::string> invalid(const Signature& signature) {
  if (signature.is_class()) return invalid_class(signature);
  const auto& function = signature.function;
  if (!signature.constructor.empty() || !signature.methods.empty()) return "a function has no methods";
  if (auto reason = invalid_function(function)) return reason;
  if (function.parameters.empty()) return function.name + ": it has no parameters, so that no two tests could differ";
  if (signature.output_parameter.has_value() != (function.returns.scalar == Scalar::nothing)) {
    return function.name + ": it either returns something or changes a parameter";
  }
  if (signature.output_parameter.value_or(0) >= function.parameters.size()) {
    return function.name + ": the parameter that it changes is none of its parameters";
  }
  return std::nullopt;
}

Signature checker_signature(const Signature& signature) {
  Signature checker;
  checker.function.name = "check";
  checker.function.parameters = signature.function.parameters;
  for (std::string name : {"expected", "answer"}) {
    while (std::ranges::find(checker.function.parameters, name, &Parameter::name) !=
           checker.function.parameters.end()) {
      name += '_';
    }
    checker.function.parameters.push_back({std::move(name), signature.answer_type()});
  }
  checker.function.returns.scalar = Scalar::boolean;
  return checker;
}

}  // namespace pushjudge
