#pragma once

// The identities that travel: tokens (public), job numbers and fences (inside). Values; any thread.

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pushjudge {

using JobId = std::uint64_t;      // the row of a submission in the store; rises with acceptance
using Seq = std::uint64_t;        // position of an event in its channel; 1, 2, 3, … without holes
using GlobalSeq = std::uint64_t;  // position of an event in the whole log; 1, 2, 3, … without holes

// Which hand-out of a job a report speaks of: the core's incarnation in the high half, a counter in the low half. A
// fence is never used twice, also when the core died right after it gave one out.
using Fence = std::uint64_t;

struct JobRef {
  JobId job = 0;
  Fence fence = 0;
  auto operator<=>(const JobRef&) const = default;
};

// 128 random bits: a worker's identity for as long as its process lives.
using Uuid = std::array<std::uint8_t, 16>;
Uuid random_uuid();
std::string to_hex(const Uuid& uuid);  // 32 lower-case hexadecimal digits

// The public name of a submission and, being hard to guess, the right to see it. Has the form of a UUID version 4
// (RFC 9562), which clients of Judge0 check, but begins with the time in milliseconds so that the index over tokens
// grows at its end; 74 bits are random.
class Token {
 public:
  Token() = default;
  static Token make(std::int64_t unix_millis);
  // Lower- or upper-case hexadecimal in the form 8-4-4-4-12; anything else is nothing.
  static std::optional<Token> parse(std::string_view text);
  static Token from_bytes(const Uuid& bytes) { return Token(bytes); }

  const Uuid& bytes() const { return bytes_; }
  std::string text() const;
  auto operator<=>(const Token&) const = default;

 private:
  explicit Token(const Uuid& bytes) : bytes_(bytes) {}
  Uuid bytes_{};
};

}  // namespace pushjudge

template <>
struct std::hash<pushjudge::Token> {
  std::size_t operator()(const pushjudge::Token& token) const noexcept;
};
