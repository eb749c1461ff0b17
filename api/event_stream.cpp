#include "api/event_stream.hpp"

namespace pushjudge {
std::string stream_event(std::string_view id, std::string_view name, std::string_view data) {
  std::string text;
  text.reserve(id.size() + name.size() + data.size() + 24);
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  text.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
  return text;
}

std::string stream_id(std::string_view epoch, Seq seq) {
  return std::string(epoch).append(":").append(std::to_string(seq));
}

Result<Since> parse_stream_id(std::string_view id) {
  if (id == "0") return Since();
  const Error error{Errc::invalid, "the last event's id must be EPOCH:SEQ, or 0"};
  const std::size_t colon = id.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon > kEpochCharactersMax) return error;
  const auto seq = parse_seq(id.substr(colon + 1));
  if (!seq) return error;
  return Since{std::string(id.substr(0, colon)), *seq};
}

Result<std::optional<Since>> last_event_id_of(const Request& request) {
  const std::string* id = request.header("Last-Event-ID");
  if (id == nullptr || id->empty()) id = request.query.find("last_event_id");
  if (id == nullptr || id->empty()) return std::optional<Since>();
  auto since = parse_stream_id(*id);
  if (!since) return since.error();
  return std::optional<Since>(*std::move(since));
}

Response event_stream_response(MakeSocketUser make_user) {
  Response response;
  response.make_socket_user = std::move(make_user);
  response.with("Content-Type", "text/event-stream");
  response.with("Cache-Control", "no-store");
  response.with("X-Accel-Buffering", "no");  // else nginx would hold events back until it has a page full of them
  return response;
}

}  // namespace pushjudge
