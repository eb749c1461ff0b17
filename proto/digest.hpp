#pragma once

// Names for files by what they hold: SHA-256 (FIPS 180-4). Whoever has a digest may ask for the file, and whoever gets
// one can see that it is the right one. Values; any thread.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pushjudge {

struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Digest&) const = default;
};

Digest digest_of(std::string_view bytes);

std::string to_hex(const Digest& digest);                   // 64 lower-case hexadecimal digits
std::optional<Digest> parse_digest(std::string_view text);  // of lower- or upper-case ones; anything else is nothing

}  // namespace pushjudge
