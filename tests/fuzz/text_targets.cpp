// Small texts: the URL of a callback, a judge0.conf, base64, UTF-8, ids.

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "api/callback_guard.hpp"
#include "proto/base/judge0_conf.hpp"
#include "proto/codec.hpp"
#include "proto/submission.hpp"
#include "tests/fuzz/target.hpp"

namespace pushjudge::fuzz {
namespace {

// A part of a URL as the library sees it that will connect. Nothing: it does not take the URL.
std::optional<std::string> part_for_curl(const std::string& url, CURLUPart part) {
  CURLU* const parsed = curl_url();
  char* text = nullptr;
  std::optional<std::string> found;
  const bool read = curl_url_set(parsed, CURLUPART_URL, url.c_str(), CURLU_PATH_AS_IS) == CURLUE_OK &&
                    curl_url_get(parsed, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK;
  if (read) found = text;
  curl_free(text);
  curl_url_cleanup(parsed);
  return found;
}

std::string without_brackets(std::string host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

void read_callback_url(std::string_view input) {
  const auto target = parse_callback_url(input);
  const CallbackGuard guard;
  PJ_ASSERT(!check_callback_url(input, guard) || target);
  if (!target) return;
  PJ_ASSERT(target->scheme == "http" || target->scheme == "https");
  PJ_ASSERT(target->port != 0);
  const std::string url(input);
  // With whom we think to speak is with whom the one who connects will speak.
  if (const auto host = part_for_curl(url, CURLUPART_HOST)) {
    const std::string theirs = lower(without_brackets(*host));
    const auto address = IpAddress::parse(theirs);
    PJ_ASSERT(theirs == target->host || (address && target->address && *address == *target->address));
    PJ_ASSERT(part_for_curl(url, CURLUPART_PORT) == std::to_string(target->port));
    PJ_ASSERT(!part_for_curl(url, CURLUPART_USER));
    // What a resolver takes for an address must be one to us.
    in_addr v4{};
    if (::inet_aton(theirs.c_str(), &v4) == 1) PJ_ASSERT(target->address == IpAddress::from_v4(&v4));
  }
  if (!check_callback_url(input, guard)) return;
  if (target->address) {
    PJ_ASSERT(!guard.objection(*target->address));
    PJ_ASSERT(IpAddress::parse(target->address->text()) == target->address);
  }
}

std::vector<std::string> callback_url_seeds() {
  return {"https://example.org/done?x=y#z",
          "http://127.0.0.1:8080/",
          "http://0x7f000001/",
          "http://2130706433/",
          "http://0177.0.0.1/",
          "http://[::1]:80/",
          "http://[::ffff:10.0.0.1]/",
          "http://[64:ff9b::a00:1]/",
          "http://localhost./",
          "http://a.localhost:1",
          "http://user:pass@example.org/",
          "HTTP://EXAMPLE.org:65535",
          "http://1.2.3.4",
          "http://1.2.772",
          "https://[2606:4700:4700::1111]/a",
          "http://a_b-c.d./%2f",
          "http://example.org:80@10.0.0.1/"};
}

void read_judge0_conf(std::string_view input) {
  const auto conf = Judge0Conf::parse(input, "judge0.conf");
  if (!conf) {
    PJ_ASSERT(conf.error().message.starts_with("judge0.conf:"));
    return;
  }
  for (const auto& [name, entry] : conf->entries()) {
    PJ_ASSERT(conf->find(name) != nullptr);
    PJ_ASSERT(!entry.value.empty() && entry.line > 0);
    const auto number = conf->number(name, 1, 1'000);
    PJ_ASSERT(!number || !*number || (**number >= 1 && **number <= 1'000));
  }
}

std::vector<std::string> judge0_conf_seeds() {
  return {"# a comment\nMAX_QUEUE_SIZE=100\nCOUNT=\n\nexport REDIS_HOST=redis\n",
          "AUTHN_TOKEN=\"a \\\"b\\\" \\$c\"\nALLOW_IP='10.0.0.0/8 ::1'\n",
          "MAINTENANCE_MESSAGE=back soon # or not\r\nA=1\r\nA=2\r\n",
          "A='open\n",
          "=x\n",
          "A B=c\n",
          "A=1",
          "A = 1\n"};
}

void read_text(std::string_view input) {
  PJ_ASSERT(base64_decode(base64_encode(input)) == input);
  const std::string decoded = base64_decode(input);
  PJ_ASSERT(decoded.size() <= input.size());
  PJ_ASSERT(base64_decode(base64_encode(decoded)) == decoded);
  bool shown = true;
  try {
    (void)nlohmann::json(std::string(input)).dump();
  } catch (const nlohmann::json::type_error&) {
    shown = false;
  }
  PJ_ASSERT(shown == is_utf8(input));
  if (const auto token = Token::parse(input)) PJ_ASSERT(Token::parse(token->text()) == token);
  if (const auto token = token_of_channel(input)) PJ_ASSERT(token_of_channel(channel_of(*token)) == token);
}

std::vector<std::string> text_seeds() {
  return {"aGVsbG8K",
          "aGVs\nbG8 =\n",
          "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
          "\xed\xa0\x80",
          "\xf4\x90\x80\x80",
          "d85cd024-1548-4165-96c7-7bc88673f194",
          "submission:D85CD024-1548-4165-96C7-7BC88673F194"};
}

}  // namespace pushjudge::fuzz
