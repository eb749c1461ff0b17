#include "proto/event.hpp"

#include <array>

#include "proto/base/names.hpp"

namespace pushjudge {
namespace {
constexpr std::array<std::string_view, 6> kNames = {"queued",   "started",  "compiled",
                                                    "finished", "requeued", "cancelled"};
}

std::string_view to_string(EventKind kind) {
  return name_of(kNames, kind);
}

std::optional<EventKind> parse_event_kind(std::string_view text) {
  return with_name<EventKind>(kNames, text);
}

}  // namespace pushjudge
