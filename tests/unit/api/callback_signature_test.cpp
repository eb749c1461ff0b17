#include "api/callback_signature.hpp"

#include <doctest/doctest.h>

#include "proto/codec.hpp"

using namespace pushjudge;

namespace {

using Headers = std::vector<std::string>;

// The example that the libraries of Standard Webhooks are tested with.
constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr UnixMillis kAt = 1'614'265'330'999;
constexpr const char* kBody = "{\"test\": 2432232314}";
constexpr const char* kSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

CallbackSecret secret(std::string_view text) {
  auto parsed = CallbackSecret::parse(text);
  REQUIRE(parsed);
  return *std::move(parsed);
}

}  // namespace

TEST_CASE("callback signature: it is what the libraries of Standard Webhooks expect") {
  const Headers headers = webhook_headers(kId, kAt, kBody, {secret(kSecret)});
  CHECK(headers == Headers{std::string("webhook-id: ") + kId, "webhook-timestamp: 1614265330",
                           std::string("webhook-signature: ") + kSignature});
}

TEST_CASE("callback signature: without a secret there is the id and the time alone") {
  CHECK(webhook_headers("id", 1'000, "{}", {}) == Headers{"webhook-id: id", "webhook-timestamp: 1"});
}

TEST_CASE("callback signature: each secret signs, so that one can take the place of another") {
  const auto other = secret("whsec_" + base64_encode(std::string(32, 'k')));
  const std::string both = webhook_headers(kId, kAt, kBody, {secret(kSecret), other}).back();
  const std::string alone = webhook_headers(kId, kAt, kBody, {other}).back();
  const std::string name = "webhook-signature: ";
  CHECK(both == name + kSignature + " " + alone.substr(name.size()));
}

TEST_CASE("callback signature: whatever is signed changes it") {
  const auto key = secret(kSecret);
  const auto signature = webhook_headers("a", 1'000, "b", {key}).back();
  CHECK(webhook_headers("x", 1'000, "b", {key}).back() != signature);
  CHECK(webhook_headers("a", 2'000, "b", {key}).back() != signature);
  CHECK(webhook_headers("a", 1'000, "x", {key}).back() != signature);
  CHECK(webhook_headers("a", 1'999, "b", {key}).back() == signature);
}

TEST_CASE("callback signature: a secret with a slip in it is refused, and not told") {
  const std::string good = "whsec_" + base64_encode(std::string(32, 'k'));
  CHECK(CallbackSecret::parse(good));
  for (const std::string& text :
       {std::string(), std::string("whsec_"), good.substr(6), good + "x", good.substr(0, good.size() - 1), good + "\n",
        "WHSEC_" + good.substr(6), "whsec_" + base64_encode(std::string(23, 'k')),
        "whsec_" + base64_encode(std::string(65, 'k')),
        std::string("whsec_not base64 at all, but long enough to be a key")}) {
    CAPTURE(text);
    const auto parsed = CallbackSecret::parse(text);
    CHECK(!parsed);
    if (!parsed && text.size() > 6) CHECK(parsed.error().message.find(text.substr(6)) == std::string::npos);
  }
}
