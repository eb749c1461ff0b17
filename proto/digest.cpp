#include "proto/digest.hpp"

#include <openssl/evp.h>

#include "proto/base/result.hpp"

namespace pushjudge {

Digest digest_of(std::string_view bytes) {
  Digest digest;
  unsigned int size = 0;
  const int made = ::EVP_Digest(bytes.data(), bytes.size(), digest.bytes.data(), &size, ::EVP_sha256(), nullptr);
  PJ_ASSERT(made == 1 && size == digest.bytes.size());
  return digest;
}

std::string to_hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.bytes.size());
  for (const std::uint8_t byte : digest.bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  return text;
}

std::optional<Digest> parse_digest(std::string_view text) {
  const auto value_of = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  Digest digest;
  if (text.size() != 2 * digest.bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    const int high = value_of(text[2 * i]);
    const int low = value_of(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return digest;
}

}  // namespace pushjudge
