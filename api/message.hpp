#pragma once

// One message to sockets or event streams, framed once, and compressed once if anybody wants it so, however many it
// goes to. Net thread.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace pushjudge {

// What several connections may be writing at once.
using SharedBytes = std::shared_ptr<const std::string>;

class Message {
 public:
  // To a WebSocket by its opcode (RFC 6455, section 5.2); to an event stream as a chunk of HTTP/1.1 (RFC 9112, 7.1).
  enum class Kind : unsigned char { chunk = 0, text = 1, binary = 2 };

  Message(std::string_view payload, Kind kind);

  Kind kind() const { return kind_; }
  bool binary() const { return kind_ == Kind::binary; }
  std::string_view payload() const {
    return std::string_view(frame_).substr(header_bytes_, frame_.size() - header_bytes_ - end_of(kind_).size());
  }
  // As a server sends it: whole, unmasked, with its header.
  const std::string& frame() const { return frame_; }
  // The same for WebSockets that agreed to permessage-deflate; not compressed where that gains nothing. Made when it is
  // first asked for.
  const std::string& deflated_frame() const;

 private:
  // What stands behind the payload.
  static constexpr std::string_view end_of(Kind kind) { return kind == Kind::chunk ? "\r\n" : ""; }

  Kind kind_;
  unsigned char header_bytes_;
  mutable bool deflated_ = false;  // was tried
  std::string frame_;
  mutable std::string deflated_frame_;  // empty where that gained nothing
};

using SharedMessage = std::shared_ptr<const Message>;

inline SharedMessage make_text(std::string_view payload) {
  return std::make_shared<const Message>(payload, Message::Kind::text);
}
inline SharedMessage make_chunk(std::string_view payload) {
  return std::make_shared<const Message>(payload, Message::Kind::chunk);
}
inline SharedMessage make_message(std::string_view payload, bool binary) {
  return std::make_shared<const Message>(payload, binary ? Message::Kind::binary : Message::Kind::text);
}

}  // namespace pushjudge
