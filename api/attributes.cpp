#include "api/attributes.hpp"

#include <nlohmann/json.hpp>

namespace pushjudge {
namespace {

// A body is looked through for a token only up to this size: it has not been let in yet.
constexpr std::size_t kTokenBodyBytesMax = 64 << 10;

// Keeps the scalars of the outermost object, and of the objects in the list that it holds by the name `list`.
class Collector final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Collector(std::string_view list = "", std::size_t listed_max = 0) : list_(list), listed_max_(listed_max) {}

  bool null() override { return take({AttributeValue::Kind::null, {}}); }
  bool boolean(bool value) override { return take({AttributeValue::Kind::boolean, value ? "true" : "false"}); }
  bool number_integer(number_integer_t value) override {
    return take({AttributeValue::Kind::number, std::to_string(value)});
  }
  bool number_unsigned(number_unsigned_t value) override {
    return take({AttributeValue::Kind::number, std::to_string(value)});
  }
  bool number_float(number_float_t, const string_t& digits) override {
    return take({AttributeValue::Kind::number, digits});
  }
  bool string(string_t& value) override { return take({AttributeValue::Kind::text, std::move(value)}); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (depth_ == 1 || in_listed_object()) name_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

  bool too_many() const { return too_many_; }
  bool is_object() const { return outermost_is_object_; }
  BatchAttributes take_attributes() { return std::move(found_); }

 private:
  // Depths: 1 in the outermost object, 2 in the list, 3 in an object of the list.
  bool in_listed_object() const { return in_list_ && depth_ == 3 && listed_is_object_; }

  bool open(bool object) {
    if (depth_ == 0) outermost_is_object_ = object;
    if (depth_ == 1 && outermost_is_object_ && !object && !list_.empty() && name_ == list_) {
      in_list_ = true;
      found_.submissions.clear();  // of two lists with one name the last counts
      found_.count = 0;
    } else if (in_list_ && depth_ == 2) {
      listed_is_object_ = object;
      add_listed();
    }
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    if (depth_ == 1) in_list_ = false;
    return true;
  }

  void add_listed() {
    attributes_left_ = kAttributesMax;
    if (++found_.count <= listed_max_) found_.submissions.emplace_back();
  }

  bool take(AttributeValue value) {
    if (in_list_ && depth_ == 2) {
      add_listed();
      return true;
    }
    const bool listed = in_listed_object();
    if (!listed && !(depth_ == 1 && outermost_is_object_)) return true;
    std::size_t& left = listed ? attributes_left_ : outer_left_;
    too_many_ = left == 0;
    if (too_many_) return false;
    --left;
    if (!listed) {
      found_.outer.set(std::move(name_), std::move(value));
    } else if (found_.count <= listed_max_) {
      found_.submissions.back().set(std::move(name_), std::move(value));
    }
    return true;
  }

  const std::string_view list_;
  const std::size_t listed_max_;
  BatchAttributes found_;
  std::string name_;
  std::size_t depth_ = 0;
  std::size_t outer_left_ = kAttributesMax;
  std::size_t attributes_left_ = kAttributesMax;
  bool outermost_is_object_ = false;
  bool in_list_ = false;
  bool listed_is_object_ = false;
  bool too_many_ = false;
};

Result<BatchAttributes> collect(std::string_view json, Collector collector) {
  const bool parsed = nlohmann::json::sax_parse(json.begin(), json.end(), &collector);
  if (parsed && !collector.is_object()) return Error{Errc::invalid, "not a JSON object"};
  if (parsed) return collector.take_attributes();
  if (collector.too_many()) return Error{Errc::invalid, "too many attributes"};
  return Error{Errc::invalid, "not valid JSON"};
}

// "application/json; charset=utf-8" without what follows, in lower case.
std::string media_type(const Request& request) {
  const std::string* header = request.header("Content-Type");
  std::string type = header == nullptr ? "" : header->substr(0, header->find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.pop_back();
  for (char& c : type) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return type;
}

}  // namespace

const AttributeValue* Attributes::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

bool Attributes::is_true_text(std::string_view name) const {
  const AttributeValue* value = find(name);
  return value != nullptr && value->kind == AttributeValue::Kind::text && value->text == "true";
}

void Attributes::overlay(const Parameters& parameters) {
  for (const QueryParameter& parameter : parameters.all())
    set(parameter.name, {AttributeValue::Kind::text, parameter.value});
}

Result<Attributes> attributes_from_json(std::string_view json) {
  auto found = collect(json, Collector());
  if (!found) return found.error();
  return std::move(found->outer);
}

Result<BatchAttributes> batch_from_json(std::string_view json, std::size_t max) {
  return collect(json, Collector("submissions", max));
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

std::optional<std::string> find_token(const Request& request, const std::string& name) {
  if (const std::string* token = token_of(request, name)) return *token;
  if (request.body.size() > kTokenBodyBytesMax || request.body.find(name) == std::string::npos) return std::nullopt;
  const auto body = attributes_from_body(request);
  const auto* attributes = std::get_if<Attributes>(&body);
  const AttributeValue* value = attributes == nullptr ? nullptr : attributes->find(name);
  return value == nullptr || value->kind == AttributeValue::Kind::null ? std::nullopt : std::optional(value->text);
}

Attributes parameters_of(const Request& request) {
  auto body = attributes_from_body(request);
  Attributes attributes;
  if (auto* read = std::get_if<Attributes>(&body)) attributes = std::move(*read);
  attributes.overlay(request.query);
  return attributes;
}

}  // namespace pushjudge
