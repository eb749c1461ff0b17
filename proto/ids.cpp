#include "proto/ids.hpp"

#include <sys/random.h>

#include <cstring>
#include <system_error>

namespace pushjudge {
namespace {

constexpr char kHex[] = "0123456789abcdef";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Uuid random_uuid() {
  Uuid bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return bytes;
}

std::string to_hex(const Uuid& uuid) {
  std::string text;
  for (const std::uint8_t byte : uuid) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

Token Token::make(std::int64_t unix_millis) {
  Uuid bytes = random_uuid();
  const auto time = static_cast<std::uint64_t>(unix_millis);
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(time >> (8 * (5 - i)));
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);  // version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);  // variant 10
  return Token(bytes);
}

std::optional<Token> Token::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid bytes{};
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_digit(text[i]);
    if (value < 0) return std::nullopt;
    bytes[digits / 2] = static_cast<std::uint8_t>(bytes[digits / 2] << 4 | value);
    ++digits;
  }
  return Token(bytes);
}

std::string Token::text() const {
  std::string text;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[bytes_[i] >> 4];
    text += kHex[bytes_[i] & 15];
  }
  return text;
}

}  // namespace pushjudge

std::size_t std::hash<pushjudge::Token>::operator()(const pushjudge::Token& token) const noexcept {
  // The last eight bytes are random but for two bits.
  std::uint64_t tail = 0;
  std::memcpy(&tail, token.bytes().data() + 8, sizeof tail);
  return tail;
}
