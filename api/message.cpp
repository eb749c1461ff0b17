#include "api/message.hpp"

namespace pushjudge {
namespace {

constexpr unsigned char kFinal = 0x80;
constexpr std::size_t kSmallMax = 125;  // lengths that stand in the second byte
constexpr std::size_t kMediumMax = 0xffff;
constexpr char kMediumMark = 126;
constexpr char kLargeMark = 127;

std::string header_of(std::size_t payload_bytes, Message::Kind kind) {
  std::string header(1, static_cast<char>(kFinal | static_cast<unsigned char>(kind)));
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

}  // namespace

Message::Message(std::string_view payload, Kind kind) : kind_(kind) {
  const std::string header = header_of(payload.size(), kind);
  header_bytes_ = static_cast<unsigned char>(header.size());
  frame_.reserve(header.size() + payload.size());
  frame_.append(header).append(payload);
}

}  // namespace pushjudge
