// What a connection reads: targets, queries, forms, heads.

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstring>
#include <optional>

#include "api/attributes.hpp"
#include "api/http.hpp"
#include "api/http_head.hpp"
#include "tests/fuzz/target.hpp"

namespace pushjudge::fuzz {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

// Every byte as %XX.
std::string escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string all;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    all += '%';
    all += kDigits[byte >> 4];
    all += kDigits[byte & 15];
  }
  return all;
}

bool same(const Parameters& a, const Parameters& b) {
  return std::equal(
      a.all().begin(), a.all().end(), b.all().begin(), b.all().end(),
      [](const QueryParameter& x, const QueryParameter& y) { return x.name == y.name && x.value == y.value; });
}

std::string query_of(const Parameters& parameters) {
  std::string all;
  for (const QueryParameter& parameter : parameters.all()) {
    all += (all.empty() ? "" : "&") + escaped(parameter.name) + "=" + escaped(parameter.value);
  }
  return all;
}

// What the parser, and we after it, make of bytes that come in these pieces.
struct Outcome {
  int status = 0;  // 0: let in; -1: not all is there yet
  std::string method;
  std::vector<std::string> segments;
  std::string body;
  std::vector<Header> headers;
  std::size_t left = 0;  // bytes of what follows

  bool operator==(const Outcome& other) const {
    return status == other.status && method == other.method && segments == other.segments && body == other.body &&
           left == other.left;
  }
};

Outcome read_in_pieces(std::string_view first, std::string_view second) {
  Outcome outcome;
  http::request_parser<http::string_body> parser;
  parser.header_limit(8 << 10);
  parser.body_limit(std::uint64_t{64} << 10);
  beast::flat_buffer buffer;
  Request request;
  bool head_seen = false;
  const auto add = [&](std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(buffer.prepare(bytes.size()).data(), bytes.data(), bytes.size());
    buffer.commit(bytes.size());
    for (bool more = true; more && !parser.is_done() && outcome.status == 0 && buffer.size() > 0;) {
      beast::error_code failed;
      const std::size_t used = parser.put(buffer.data(), failed);
      buffer.consume(used);
      more = used > 0;
      if (failed && failed != http::error::need_more) outcome.status = 400;
      if (!parser.is_header_done() || head_seen || outcome.status != 0) continue;
      head_seen = true;
      request.method = std::string(parser.get().method_string());
      for (const auto& field : parser.get()) {
        request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
      }
      if (const auto refusal = refusal_of(request, parser.get().version())) outcome.status = *refusal;
      parser.eager(true);
    }
  };
  add(first);
  if (outcome.status == 0 && !parser.is_done()) add(second);
  outcome.method = request.method;
  outcome.headers = request.headers;
  if (outcome.status != 0) return outcome;
  if (!parser.is_done()) return outcome.status = -1, outcome;
  outcome.left = buffer.size();
  const auto message = parser.release();
  outcome.body = message.body();
  const auto target = parse_target(std::string_view(message.target().data(), message.target().size()));
  if (target) outcome.segments = target->segments;
  if (!target) outcome.status = 400;
  return outcome;
}

std::size_t count_of(const Outcome& outcome, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(outcome.headers.begin(), outcome.headers.end(),
                                                [name](const Header& header) { return same_name(header.name, name); }));
}

}  // namespace

void read_target(std::string_view input) {
  const bool plus_is_blank = (take_byte(input) & 1) != 0;
  if (const auto decoded = percent_decode(input, plus_is_blank)) {
    PJ_ASSERT(decoded->size() <= input.size());
    PJ_ASSERT(percent_decode(escaped(*decoded), plus_is_blank) == decoded);
  }
  if (const auto parameters = parse_parameters(input)) {
    PJ_ASSERT(parameters->all().size() <= kQueryParametersMax);
    const auto again = parse_parameters(query_of(*parameters));
    PJ_ASSERT(again && same(*parameters, *again));
  }
  const auto target = parse_target(input);
  if (!target) return;
  PJ_ASSERT(target->segments.size() <= kSegmentsMax);
  std::string path;
  for (const std::string& segment : target->segments) path += "/" + escaped(segment);
  // A last segment that is empty is a trailing slash, which does not count unless another one follows.
  if (path.empty() || path.ends_with('/')) path += "/";
  const auto again = parse_target(path + "?" + query_of(target->query));
  PJ_ASSERT(again && again->segments == target->segments && same(again->query, target->query));
  PJ_ASSERT(path_of(target->segments).starts_with('/'));
}

std::vector<std::string> target_seeds() {
  return {"0/submissions/batch?tokens=a%2Cb&base64_encoded=true&fields=%2A",
          "1/submissions/d85cd024-1548-4165-96c7-7bc88673f194/?wait=true",
          "0http://host:80/languages/71?a=b+c&d=%20&&e",
          "1https://host",
          "0//a//b/",
          "1/%e2%82%ac/%00/..%2f..",
          "1a=1&a=2&b=%zz"};
}

void read_head(std::string_view input) {
  const std::size_t wanted = std::size_t{4} * take_byte(input);
  const std::size_t cut = std::min(wanted, input.size());
  const Outcome whole = read_in_pieces(input, "");
  const Outcome pieces = read_in_pieces(input.substr(0, cut), input.substr(cut));
  // What comes in two pieces is what comes in one: else one of two who read the same bytes sees another request.
  if (whole.status == 0 || pieces.status == 0) {
    // A first piece that ends with the request leaves the second unread.
    Outcome compared = pieces;
    if (pieces.status == 0 && whole.status == 0) compared.left = whole.left;
    PJ_ASSERT(compared == whole);
  }
  if (whole.status == 0) {
    PJ_ASSERT(count_of(whole, "Content-Length") + count_of(whole, "Transfer-Encoding") <= 1);
    PJ_ASSERT(count_of(whole, "Host") <= 1);
  }
  Request request;
  request.headers = whole.headers;
  request.body = whole.body;
  (void)has_websocket_key(request);
  (void)attributes_from_body(request);
  const int version = status_of_version(input.substr(0, 512));
  PJ_ASSERT(version == 400 || version == 505);
}

std::vector<std::string> head_seeds() {
  const std::string get = "GET /version HTTP/1.1\r\nHost: x\r\n";
  const std::string post = "POST /submissions?wait=true HTTP/1.1\r\nHost: example.org:2358\r\n";
  const std::string json = "Content-Type: application/json\r\n";
  return {"\x04" + get + "\r\n",
          "\x10" + get + "Connection: close\r\n\r\n" + get + "\r\n",
          "\x20" + post + json + "Content-Length: 17\r\n\r\n{\"language_id\":71}",
          "\x20" + post + json + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n3;x=y\r\n12}\r\n0\r\nA: b\r\n\r\n",
          "\x10" + post + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=b&c=d",
          "\x10" + get + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
          "\x01OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nExpect: 100-continue\r\n\r\n",
          "\x01PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
          "\x01GET http://x/about?a=b HTTP/1.0\r\n\r\n",
          "\x08" + post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"};
}

}  // namespace pushjudge::fuzz
