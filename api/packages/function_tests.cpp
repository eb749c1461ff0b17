#include "api/packages/function_tests.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace pushjudge::packages {

namespace {

using nlohmann::json;

constexpr int kJsonDepthMax = 32;
constexpr std::size_t kTestNameBytesMax = 100;

bool is_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kJsonDepthMax) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

Error test_error(const std::string& what) {
  return {Errc::invalid, what};
}
Error test_error(const std::string& place, const Error& error) {
  return test_error(place + ": " + error.message);
}

Result<Arguments> arguments_in(const Signature& signature, const json& test) {
  const auto args = test.find("args");
  const auto input = test.find("input");
  const bool both = args != test.end() && input != test.end();
  if (both || (args == test.end() && input == test.end())) return test_error("it must have 'args' or 'input'");
  if (input != test.end()) {
    if (!input->is_string()) return test_error("input: it must be a text");
    auto arguments = parse_arguments(signature, input->get_ref<const std::string&>());
    if (!arguments) return test_error("input", arguments.error());
    return arguments;
  }
  const std::size_t count = lines_per_test(signature);
  if (!args->is_array() || args->size() != count) {
    return test_error("args: it must be an array of " + std::to_string(count));
  }
  if (signature.is_class()) {
    auto arguments = parse_arguments(signature, (*args)[0].dump() + "\n" + (*args)[1].dump());
    if (!arguments) return test_error("args", arguments.error());
    return arguments;
  }
  Arguments arguments;
  for (std::size_t i = 0; i < count; ++i) {
    auto line = canonical(signature.function.parameters[i].type, (*args)[i].dump());
    if (!line) return test_error("args[" + std::to_string(i) + "]", line.error());
    arguments.push_back(*std::move(line));
  }
  return arguments;
}

Result<std::string> expected_in(const Signature& signature, const Arguments& arguments, const json& test) {
  const auto expected = test.find("expected");
  const auto output = test.find("output");
  const bool both = expected != test.end() && output != test.end();
  if (both || (expected == test.end() && output == test.end())) {
    return test_error("it must have 'expected' or 'output'");
  }
  if (output != test.end()) {
    if (!output->is_string()) return test_error("output: it must be a text");
    auto answer = canonical_answer(signature, arguments.front(), output->get_ref<const std::string&>());
    if (!answer) return test_error("output", answer.error());
    return answer;
  }
  auto answer = canonical_answer(signature, arguments.front(), expected->dump());
  if (!answer && expected->is_string()) {
    auto of_text = canonical_answer(signature, arguments.front(), expected->get_ref<const std::string&>());
    if (of_text) return of_text;
  }
  if (!answer) return test_error("expected", answer.error());
  return answer;
}

}  // namespace

Result<json> parse_flat_json(std::string_view text) {
  if (is_deep(text)) return test_error("the JSON is nested too deeply");
  json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return test_error("it is no JSON");
  return value;
}

Result<FunctionTest> read_function_test(const Signature& signature, const json& test) {
  if (!test.is_object()) return test_error("a test must be an object");
  for (const auto& [key, value] : test.items()) {
    if (key != "name" && key != "args" && key != "input" && key != "expected" && key != "output") {
      return test_error("unknown key '" + key + "'");
    }
  }
  FunctionTest read;
  if (const auto name = test.find("name"); name != test.end()) {
    const auto fits = [](unsigned char c) { return c > ' ' && c != '/' && c != 0x7f; };
    if (name->is_string()) read.name = name->get<std::string>();
    if (read.name.empty() || read.name.size() > kTestNameBytesMax || !std::ranges::all_of(read.name, fits)) {
      return test_error("name: it must be a text of up to 100 bytes without blanks and /");
    }
  }
  auto arguments = arguments_in(signature, test);
  if (!arguments) return arguments.error();
  read.arguments = *std::move(arguments);
  auto expected = expected_in(signature, read.arguments, test);
  if (!expected) return expected.error();
  read.expected = *std::move(expected);
  return read;
}

void FunctionTestFile::add(const FunctionTest& test) {
  for (const std::string& line : test.arguments) input += line + "\n";
  answer += test.expected + "\n";
}

std::string shown_arguments(const Signature& signature, const Arguments& arguments) {
  std::string all;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (signature.is_class()) {
      all += (i == 0 ? "" : "\n") + arguments[i];
    } else {
      all += (i == 0 ? "" : ", ") + signature.function.parameters[i].name + " = " + arguments[i];
    }
  }
  return all;
}

}  // namespace pushjudge::packages
