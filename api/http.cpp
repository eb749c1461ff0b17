#include "api/http.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace pushjudge {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
  return -1;
}

// Cuts `rest` at the first `mark` and returns what stood before it.
std::string_view cut(std::string_view& rest, char mark) {
  const std::size_t at = rest.find(mark);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

int status_of(Errc code) {
  switch (code) {
    case Errc::invalid:
      return 400;
    case Errc::not_found:
      return 404;
    case Errc::conflict:
      return 409;
    case Errc::too_large:
      return 413;
    case Errc::busy:
    case Errc::unavailable:
      return 503;
    case Errc::internal:
      return 500;
  }
  return 500;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

const std::string* find_header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (same_name(header.name, name)) return &header.value;
  }
  return nullptr;
}

const std::string* Parameters::find(std::string_view name) const {
  for (auto parameter = all_.rbegin(); parameter != all_.rend(); ++parameter) {
    if (parameter->name == name) return &parameter->value;
  }
  return nullptr;
}

bool Parameters::is_true(std::string_view name) const {
  const std::string* value = find(name);
  return value != nullptr && *value == "true";
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return decoded;
}

Result<Parameters> parse_parameters(std::string_view text) {
  Parameters parameters;
  while (!text.empty()) {
    std::string_view value = cut(text, '&');
    if (value.empty()) continue;
    if (parameters.all().size() == kQueryParametersMax) return Error{Errc::invalid, "too many parameters"};
    const std::string_view name = cut(value, '=');
    auto decoded_name = percent_decode(name, true);
    auto decoded_value = percent_decode(value, true);
    if (!decoded_name || !decoded_value) return Error{Errc::invalid, "a parameter has a bad percent escape"};
    parameters.add(std::move(*decoded_name), std::move(*decoded_value));
  }
  return parameters;
}

Result<Target> parse_target(std::string_view target) {
  bool path_is_empty = false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same_name(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t path_at = std::min(target.find_first_of("/?"), target.size());
    if (path_at == 0) return Error{Errc::invalid, "the target has no host"};
    target.remove_prefix(path_at);
    if (!target.starts_with('/')) path_is_empty = true;
    break;
  }
  if (!target.starts_with('/') && !path_is_empty) return Error{Errc::invalid, "the target is not a path"};
  const std::size_t query_at = target.find('?');
  auto query = parse_parameters(query_at == std::string_view::npos ? std::string_view() : target.substr(query_at + 1));
  if (!query) return query.error();
  Target parsed;
  parsed.query = *std::move(query);
  std::string_view path = target.substr(0, query_at);
  if (!path.empty()) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  for (bool more = !path.empty(); more;) {
    more = path.find('/') != std::string_view::npos;
    auto segment = percent_decode(cut(path, '/'), false);
    if (!segment) return Error{Errc::invalid, "the path has a bad percent escape"};
    if (parsed.segments.size() == kSegmentsMax) return Error{Errc::invalid, "the path has too many parts"};
    parsed.segments.push_back(*std::move(segment));
  }
  return parsed;
}

std::string path_of(const std::vector<std::string>& segments) {
  std::string path;
  for (const std::string& segment : segments) path += "/" + segment;
  return path.empty() ? "/" : path;
}

const std::string* token_of(const Request& request, std::string_view name) {
  const std::string* token = request.header(name);
  return token != nullptr ? token : request.query.find(name);
}

Response& Response::with(std::string name, std::string value) {
  headers.push_back({std::move(name), std::move(value)});
  return *this;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Entity";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

Response text_response(int status, std::string text, std::string content_type) {
  Response response;
  response.status = status;
  response.body = std::make_shared<const std::string>(std::move(text));
  response.with("Content-Type", std::move(content_type));
  return response;
}

Response json_response(int status, const nlohmann::ordered_json& json) {
  return text_response(status, json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
                       "application/json; charset=utf-8");
}

Response plain_error(int status) {
  return error_response(status, reason_of(status));
}

Response error_response(int status, std::string_view message) {
  return json_response(status, {{"status", status}, {"error", message}});
}

Response too_many_submissions(std::chrono::milliseconds wait) {
  Response response = error_response(429, kTooManySubmissions);
  response.with("Retry-After", std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()));
  return response;
}

Response error_response(const Error& error) {
  const int status = status_of(error.code);
  if (status == 404) return plain_error(404);  // Judge0's own words, whatever was not found
  Response response = error_response(status, error.message);
  if (status == 503) response.with("Retry-After", "1");
  return response;
}

}  // namespace pushjudge
