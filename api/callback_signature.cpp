#include "api/callback_signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "proto/codec.hpp"

namespace pushjudge {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kKeyBytesMin = 24;
constexpr std::size_t kKeyBytesMax = 64;

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* made = ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  PJ_ASSERT(made != nullptr);
  return std::string(reinterpret_cast<const char*>(digest.data()), size);
}

}  // namespace

Result<CallbackSecret> CallbackSecret::parse(std::string_view text) {
  const Error wrong{Errc::invalid,
                    "expected whsec_ and 24 to 64 bytes in base64, as by: echo whsec_$(head -c 32 "
                    "/dev/urandom | base64)"};
  if (!text.starts_with(kSecretPrefix)) return wrong;
  text.remove_prefix(kSecretPrefix.size());
  std::string key = base64_decode(text);
  // Decoding passes over what is foreign; a secret with a slip in it must not work here and nowhere else.
  if (base64_encode(key) != text || key.size() < kKeyBytesMin || key.size() > kKeyBytesMax) return wrong;
  return CallbackSecret{std::move(key)};
}

std::vector<std::string> webhook_headers(std::string_view id, UnixMillis at, std::string_view body,
                                         const std::vector<CallbackSecret>& secrets) {
  const std::string timestamp = std::to_string(at / 1'000);
  std::vector<std::string> headers{"webhook-id: " + std::string(id), "webhook-timestamp: " + timestamp};
  if (secrets.empty()) return headers;
  std::string signed_text;
  signed_text.reserve(id.size() + timestamp.size() + body.size() + 2);
  signed_text.append(id).append(".").append(timestamp).append(".").append(body);
  std::string signatures;
  for (const CallbackSecret& secret : secrets) {
    signatures += signatures.empty() ? "v1," : " v1,";
    signatures += base64_encode(hmac_sha256(secret.key, signed_text));
  }
  headers.push_back("webhook-signature: " + signatures);
  return headers;
}

}  // namespace pushjudge
