#pragma once

// Bytes of the wire: little-endian numbers, and texts behind a 32-bit length. A Reader never throws, never reads past
// the end and never allocates more than the frame holds: after the first bad read everything reads as zero or empty,
// and ok() is false. What a newer peer appends is left unread; what an older one lacks reads as its default where the
// codec asks more() first. Single-threaded values.

#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pushjudge {

class Writer {
 public:
  template <std::unsigned_integral T>
  Writer& number(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes_ += static_cast<char>((value >> (8 * i)) & 0xff);
    return *this;
  }
  Writer& flag(bool value) { return number<std::uint8_t>(value ? 1 : 0); }
  Writer& real(double value) { return number(std::bit_cast<std::uint64_t>(value)); }
  Writer& optional_real(const std::optional<double>& value) {
    flag(value.has_value());
    return value ? real(*value) : *this;
  }
  Writer& text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_ += value;
    return *this;
  }
  Writer& raw(std::span<const std::uint8_t> value) {
    bytes_.append(reinterpret_cast<const char*>(value.data()), value.size());
    return *this;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <std::unsigned_integral T>
  T number() {
    if (rest_.size() < sizeof(T)) return fail<T>();
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<T>(value | static_cast<T>(static_cast<T>(static_cast<std::uint8_t>(rest_[i])) << (8 * i)));
    }
    rest_.remove_prefix(sizeof(T));
    return value;
  }
  bool flag() { return number<std::uint8_t>() != 0; }
  double real() { return std::bit_cast<double>(number<std::uint64_t>()); }
  std::optional<double> optional_real() { return flag() ? std::optional(real()) : std::nullopt; }
  std::string_view text() {
    const auto size = number<std::uint32_t>();
    if (rest_.size() < size) return fail<std::string_view>();
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  void raw(std::span<std::uint8_t> out) {
    if (rest_.size() < out.size()) {
      ok_ = false;
      rest_ = {};
      return;
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(rest_[i]);
    rest_.remove_prefix(out.size());
  }

  // How many elements follow, given the least size of one: a count that the rest of the frame cannot hold is bad.
  std::uint32_t count(std::size_t element_bytes_min) {
    const auto n = number<std::uint32_t>();
    if (static_cast<std::uint64_t>(n) * element_bytes_min > rest_.size()) return fail<std::uint32_t>();
    return n;
  }

  bool more() const { return !rest_.empty(); }
  bool ok() const { return ok_; }

 private:
  template <class T>
  T fail() {
    ok_ = false;
    rest_ = {};
    return T{};
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace pushjudge
