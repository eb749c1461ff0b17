#include "proto/event.hpp"

#include <array>

#include "proto/base/result.hpp"

namespace pushjudge {
namespace {
constexpr std::array<std::string_view, 6> kNames = {"queued",   "started",  "compiled",
                                                    "finished", "requeued", "cancelled"};
}

std::string_view to_string(EventKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  PJ_ASSERT(index < kNames.size());
  return kNames[index];
}

std::optional<EventKind> parse_event_kind(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<EventKind>(i);
  }
  return std::nullopt;
}

}  // namespace pushjudge
