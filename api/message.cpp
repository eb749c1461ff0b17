#include "api/message.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "api/deflate.hpp"

namespace pushjudge {
namespace {

constexpr unsigned char kFinal = 0x80;
constexpr unsigned char kCompressed = 0x40;     // RSV1, as RFC 7692 uses it
constexpr std::size_t kWorthCompressing = 200;  // bytes
constexpr std::size_t kSmallMax = 125;          // lengths that stand in the second byte
constexpr std::size_t kMediumMax = 0xffff;
constexpr char kMediumMark = 126;
constexpr char kLargeMark = 127;

std::string header_of(std::size_t payload_bytes, unsigned char first) {
  std::string header(1, static_cast<char>(first));
  const auto append = [&header, payload_bytes](int bytes) {
    for (int i = bytes - 1; i >= 0; --i) header += static_cast<char>(payload_bytes >> (8 * i) & 0xff);
  };
  if (payload_bytes <= kSmallMax) {
    append(1);
  } else if (payload_bytes <= kMediumMax) {
    header += kMediumMark;
    append(2);
  } else {
    header += kLargeMark;
    append(8);
  }
  return header;
}

std::string chunk_header_of(std::size_t payload_bytes) {
  std::array<char, 16> digits{};
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), payload_bytes, 16).ptr;
  return std::string(digits.data(), end).append("\r\n");
}

}  // namespace

Message::Message(std::string_view payload, Kind kind) : kind_(kind) {
  const std::string header = kind == Kind::chunk ? chunk_header_of(payload.size())
                                                 : header_of(payload.size(), kFinal | static_cast<unsigned char>(kind));
  header_bytes_ = static_cast<unsigned char>(header.size());
  frame_.reserve(header.size() + payload.size() + end_of(kind).size());
  frame_.append(header).append(payload).append(end_of(kind));
}

const std::string& Message::deflated_frame() const {
  if (payload().size() < kWorthCompressing) return frame_;
  if (!std::exchange(deflated_, true)) {
    const std::string deflated = deflate(payload());
    const auto first = static_cast<unsigned char>(kFinal | kCompressed | static_cast<unsigned char>(kind_));
    if (deflated.size() < payload().size()) deflated_frame_ = header_of(deflated.size(), first) + deflated;
  }
  return deflated_frame_.empty() ? frame_ : deflated_frame_;
}

}  // namespace pushjudge
