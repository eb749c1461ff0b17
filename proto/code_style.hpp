#pragma once

// How functions are written in a language: its types, the code that one begins with, and the program around a solution,
// all as texts that a signature fills in. The texts come from the language's folder, by way of the worker that offers
// it. Pure; any thread.
//
// Tags in a text:
//
//   {{name}}                   the value; nothing where there is none
//   {{#name}} … {{/name}}      once for each entry of a list; once inside an object; once where it is true
//   {{^name}} … {{/name}}      where it is false, empty or not there
//   {{>name}}                  the style's own text of that name, filled in here
//
// A section's tag that is alone on its line takes the line with it. What is not found in an entry or an object is
// looked for around it. Double braces around anything else are text.
//
//   of the whole     is_class is_function class_name class_camel class_snake class_pascal; signature (JSON),
//                    signature_string (the same as a string literal); uses_list_node uses_tree_node;
//                    of a class constructor {…} and methods […]; of a function all that a function has
//   of a function    name camel snake pascal raw; arity; parameters […]; returns {…}, the type;
//                    answer {…}, the type of what is compared; is_in_place, and then output {…}, the
//                    parameter that is the answer
//   of a parameter   name camel snake pascal raw; all that its type has; is_output
//   of a type        type (as the language writes it), boxed (the same inside of a container), base (without
//                    containers), scalar ("integer"), wire ("integer[]"), dimensions; element {…}, the type of one;
//                    is_void, is_container, is_array, is_list (the outermost), is_scalar;
//                    0_dimensions … 3_dimensions; of_integer, of_long, of_double, of_boolean, of_character, of_string,
//                    of_list_node, of_tree_node: what is in all containers
//   of an entry      index, first, last
//   given besides    what the caller names: the solution
//
// A name that the language keeps for itself has a _ behind it, but in raw.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "proto/base/result.hpp"
#include "proto/signature.hpp"

namespace pushjudge {

struct CodeStyle {
  using Texts = std::map<std::string, std::string, std::less<>>;

  Texts types;   // by the scalar's name, all of them
  Texts boxed;   // those that are written differently inside of a container
  Texts arrays;  // one-dimensional arrays that are not written as `array` says
  // Around a type: {{element}} or {{boxed}} is what is inside.
  std::string array;
  std::string list;
  Texts texts;          // for {{>name}}
  std::string starter;  // what one begins with
  std::set<std::string, std::less<>> keywords;
  std::uint32_t dimensions_max = kDimensionsMax;
};

// From what travels in Language::code_style. Errors: invalid, beginning with the key that is wrong ("texts.call: …").
Result<CodeStyle> parse_code_style(std::string_view json);

// Errors: invalid, when a section is not closed, or a tag names what there is not. `besides`: names the caller gives.
Result<void> check_text(const CodeStyle& style, std::string_view text, const CodeStyle::Texts& besides = {});
// Of a text that was checked.
std::string fill_in(const CodeStyle& style, std::string_view text, const Signature& signature,
                    const CodeStyle::Texts& besides = {});

std::string type_text(const CodeStyle& style, const Type& type);
std::string starter_code(const CodeStyle& style, const Signature& signature);

// Why there is no such function in the language; nothing when there is.
std::optional<std::string> unsupported(const CodeStyle& style, const Signature& signature);

}  // namespace pushjudge
