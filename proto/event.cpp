#include "proto/event.hpp"

#include <algorithm>
#include <array>

#include "proto/base/names.hpp"

namespace pushjudge {
namespace {
constexpr std::size_t kCursorNameCharactersMax = 64;
constexpr std::array<std::string_view, 6> kEventNames = {"queued",   "started",  "compiled",
                                                         "finished", "requeued", "cancelled"};
}  // namespace

std::string_view to_string(EventKind kind) {
  return name_of(kEventNames, kind);
}

std::optional<EventKind> parse_event_kind(std::string_view text) {
  return with_name<EventKind>(kEventNames, text);
}

bool is_cursor_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= kCursorNameCharactersMax && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace pushjudge
