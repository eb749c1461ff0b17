#include "api/attributes.hpp"

#include <nlohmann/json.hpp>

namespace pushjudge {
namespace {

// Keeps the scalars of the outermost object.
class Collector final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return take({Scalar::Kind::null, {}}); }
  bool boolean(bool value) override { return take({Scalar::Kind::boolean, value ? "true" : "false"}); }
  bool number_integer(number_integer_t value) override { return take({Scalar::Kind::number, std::to_string(value)}); }
  bool number_unsigned(number_unsigned_t value) override { return take({Scalar::Kind::number, std::to_string(value)}); }
  bool number_float(number_float_t, const string_t& digits) override { return take({Scalar::Kind::number, digits}); }
  bool string(string_t& value) override {
    if (!wanted()) return true;
    return take({Scalar::Kind::text, std::move(value)});
  }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (depth_ == 1) name_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

  bool too_many() const { return too_many_; }
  bool is_object() const { return outermost_is_object_; }
  Attributes take_attributes() { return std::move(attributes_); }

 private:
  bool wanted() const { return depth_ == 1 && outermost_is_object_; }

  bool open(bool object) {
    if (depth_ == 0) outermost_is_object_ = object;
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }

  bool take(Scalar value) {
    if (!wanted()) return true;
    too_many_ = ++count_ > kAttributesMax;
    attributes_.set(std::move(name_), std::move(value));
    return !too_many_;
  }

  Attributes attributes_;
  std::string name_;
  std::size_t depth_ = 0;
  std::size_t count_ = 0;
  bool outermost_is_object_ = false;
  bool too_many_ = false;
};

// "application/json; charset=utf-8" without what follows, in lower case.
std::string media_type(const Request& request) {
  const std::string* header = request.header("Content-Type");
  std::string type = header == nullptr ? "" : header->substr(0, header->find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.pop_back();
  for (char& c : type) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return type;
}

}  // namespace

const Scalar* Attributes::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

bool Attributes::is_true_text(std::string_view name) const {
  const Scalar* value = find(name);
  return value != nullptr && value->kind == Scalar::Kind::text && value->text == "true";
}

void Attributes::overlay(const Parameters& parameters) {
  for (const Parameter& parameter : parameters.all()) set(parameter.name, {Scalar::Kind::text, parameter.value});
}

Result<Attributes> attributes_from_json(std::string_view json) {
  Collector collector;
  const bool parsed = nlohmann::json::sax_parse(json.begin(), json.end(), &collector);
  if (parsed && !collector.is_object()) return Error{Errc::invalid, "not a JSON object"};
  if (parsed) return collector.take_attributes();
  if (collector.too_many()) return Error{Errc::invalid, "too many attributes"};
  return Error{Errc::invalid, "not valid JSON"};
}

std::variant<Attributes, BodyError> attributes_from_body(const Request& request) {
  Attributes attributes;
  if (request.body.empty()) return attributes;
  const std::string type = media_type(request);
  if (type.empty() || type == "application/json" || type == "text/json" || type.ends_with("+json")) {
    auto parsed = attributes_from_json(request.body);
    if (!parsed) return BodyError{400};
    return *std::move(parsed);
  }
  if (type == "application/x-www-form-urlencoded") {
    const auto form = parse_parameters(request.body);
    if (!form) return BodyError{400};
    attributes.overlay(*form);
    return attributes;
  }
  return BodyError{415};
}

Attributes parameters_of(const Request& request) {
  auto body = attributes_from_body(request);
  Attributes attributes;
  if (auto* read = std::get_if<Attributes>(&body)) attributes = std::move(*read);
  attributes.overlay(request.query);
  return attributes;
}

}  // namespace pushjudge
