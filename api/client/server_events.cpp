#include "api/client/server_events.hpp"

#include <utility>

namespace pushjudge::client {

std::optional<ServerEvent> ServerEventReader::next() {
  std::size_t begin = 0;
  std::optional<ServerEvent> event;
  while (!event) {
    const std::size_t end = text_.find_first_of("\r\n", begin);
    if (end == std::string::npos) break;
    std::size_t after = end + 1;
    if (text_[end] == '\r') {
      // Whether a line feed belongs to it shows with the next byte.
      if (after == text_.size()) break;
      if (text_[after] == '\n') ++after;
    }
    const bool ended = take_line(std::string_view(text_).substr(begin, end - begin));
    begin = after;
    if (!ended) continue;
    if (has_data_) event = ServerEvent{last_id_, name_.empty() ? "message" : std::move(name_), std::move(data_)};
    has_data_ = false;
    name_.clear();
    data_.clear();
  }
  text_.erase(0, begin);
  return event;
}

bool ServerEventReader::take_line(std::string_view line) {
  if (line.empty()) return true;
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "id") last_id_ = value;
  if (field == "event") name_ = value;
  if (field == "data") {
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
  }
  return false;
}

}  // namespace pushjudge::client
