#pragma once

// The attributes of a submission as a client sent them, before anybody knows what they mean. Values; any thread.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/http.hpp"
#include "proto/base/result.hpp"

namespace pushjudge {

// One value, with its JSON type; what comes from a query or a form is text.
struct AttributeValue {
  enum class Kind { null, boolean, number, text };
  Kind kind = Kind::null;
  std::string text;  // "true", "false", the digits of the number as they were sent, or the text itself
};

// Only scalars directly in the object count; what is nested is passed over, as Judge0 does. Of two with one name the
// last counts.
class Attributes {
 public:
  void set(std::string name, AttributeValue value) { values_[std::move(name)] = std::move(value); }
  const AttributeValue* find(std::string_view name) const;
  // Sent as the text "true". JSON's true does not count, as in Judge0.
  bool is_true_text(std::string_view name) const;

  // What `parameters` name goes before what is here.
  void overlay(const Parameters& parameters);

 private:
  std::map<std::string, AttributeValue, std::less<>> values_;
};

inline constexpr std::size_t kAttributesMax = 200;

// A JSON object. Takes memory for what it keeps, not for what is nested or repeated.
// Errors: invalid for what is no JSON, no object, or has more than kAttributesMax attributes.
Result<Attributes> attributes_from_json(std::string_view json);

// {"submissions": [{…}, {…}]}: each of them as above, and what else is directly in the object. What stands in the list
// and is no object has no attributes. Of more than `max` only the number is told.
struct BatchAttributes {
  Attributes outer;
  std::vector<Attributes> submissions;
  std::size_t count = 0;
};
// Errors: those of attributes_from_json().
Result<BatchAttributes> batch_from_json(std::string_view json, std::size_t max);

// The body of a request, by its Content-Type: JSON (also when there is none) or a form. An empty body has no
// attributes.
struct BodyError {  // 400: malformed; 415: of another type
  int status = 400;
};
std::variant<Attributes, BodyError> attributes_from_body(const Request& request);

// A token by its name in the header, in the query, or in the body: all of these are parameters in Judge0. A large body
// is not looked into.
std::optional<std::string> find_token(const Request& request, const std::string& name);

// What Rails calls `params`: the query goes before the body. For requests that need no body: one that cannot be read
// has no parameters.
Attributes parameters_of(const Request& request);

}  // namespace pushjudge
