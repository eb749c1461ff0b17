#pragma once

// Server-Sent Events (HTML standard, 9.2) as a client reads them: bytes in whatever pieces go in, events come out.
// Pure; owned by whoever reads the stream.

#include <optional>
#include <string>
#include <string_view>

namespace pushjudge::client {

struct ServerEvent {
  std::string id;    // of this event or, where it has none, of the last one before that had
  std::string name;  // "message" where the stream does not say
  std::string data;
};

class ServerEventReader {
 public:
  void add(std::string_view bytes) { text_.append(bytes); }

  // The next event that is whole; what has no data (comments, a retry time) is passed over.
  std::optional<ServerEvent> next();

  std::size_t waiting_bytes() const { return text_.size(); }

 private:
  // Whether the line was the empty one that ends an event.
  bool take_line(std::string_view line);

  std::string text_;
  std::string last_id_;
  std::string name_;
  std::string data_;
  bool has_data_ = false;
};

}  // namespace pushjudge::client
