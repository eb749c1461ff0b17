#pragma once

// What a function problem asks for: a function with its parameters, or a class with its methods, as LeetCode's metadata
// says it. Values; any thread.
//
//   {"name": "twoSum", "params": [{"name": "nums", "type": "integer[]"}, {"name": "target", "type": "integer"}],
//    "return": {"type": "integer[]"}}
//   {"name": "rotate", "params": [{"name": "matrix", "type": "integer[][]"}], "return": {"type": "void"},
//    "output": {"paramindex": 0}}
//   {"classname": "MinStack", "constructor": {"params": []}, "systemdesign": true,
//    "methods": [{"name": "push", "params": [{"name": "val", "type": "integer"}], "return": {"type": "void"}}]}

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"

namespace pushjudge {

enum class Scalar : std::uint8_t {
  integer,       // 32 bits
  long_integer,  // 64 bits
  real,          // double
  boolean,
  character,  // of Unicode; in JSON a string of one
  string,
  list_node,  // a singly linked list of integers; in JSON an array
  tree_node,  // a binary tree of integers; in JSON its levels from left to right, null for a child that is not there
  nothing,    // "void"; what a function returns, never a parameter
};

std::string_view to_string(Scalar scalar);  // as LeetCode says it: "integer", "long", "ListNode"
std::optional<Scalar> parse_scalar(std::string_view text);
inline constexpr std::size_t kScalarCount = 9;

// What several of a type lie in: languages that have both write them differently.
enum class Container : std::uint8_t { array, list };

struct Type {
  Scalar scalar = Scalar::nothing;
  std::vector<Container> containers;  // the outermost first: list<integer[]> is {list, array}

  bool operator==(const Type&) const = default;

  // Of one of its elements. Only where there are containers.
  Type element() const;
};

inline constexpr std::size_t kDimensionsMax = 3;

// "integer[][]", "list<list<string>>", "ListNode".
std::string to_string(const Type& type);
std::optional<Type> parse_type(std::string_view text);

struct Parameter {
  std::string name;
  Type type;

  bool operator==(const Parameter&) const = default;
};

struct Function {
  std::string name;
  std::vector<Parameter> parameters;
  Type returns;

  bool operator==(const Function&) const = default;
};

struct Signature {
  Function function;  // without a class; of a problem it has at least one parameter
  // In place: the answer is what this parameter is afterwards. Given exactly where the function returns nothing.
  std::optional<std::uint32_t> output_parameter;

  std::string class_name;              // a class is to be designed; else empty
  std::vector<Parameter> constructor;  // its parameters
  std::vector<Function> methods;       // at least one

  bool operator==(const Signature&) const = default;

  bool is_class() const { return !class_name.empty(); }
  // Of the answer. Only for functions.
  const Type& answer_type() const;
};

inline constexpr std::size_t kParametersMax = 16;
inline constexpr std::size_t kMethodsMax = 64;
inline constexpr std::size_t kIdentifierCharactersMax = 64;

// Letters, digits and _, not beginning with a digit, at most kIdentifierCharactersMax.
bool is_identifier(std::string_view text);

// From LeetCode's metadata; keys that say nothing about the signature are passed over. Errors: invalid, with the place.
Result<Signature> parse_signature(std::string_view json);
// The same again: parse_signature(to_json(s)) is s.
std::string to_json(const Signature& signature);

// Why it can be no problem's; nothing when it can.
std::optional<std::string> invalid(const Signature& signature);

// Of the function `check` that says whether an answer is right: the problem's parameters (as they were given), then
// `expected` and `answer`, both of the answer's type. Only for functions.
Signature checker_signature(const Signature& signature);

}  // namespace pushjudge
