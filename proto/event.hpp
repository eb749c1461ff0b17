#pragma once

// Something that happened to a submission, committed before anybody hears of it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/submission.hpp"

namespace pushjudge {

// Stored as numbers: add at the end, never renumber.
enum class EventKind : std::uint8_t {
  queued = 0,
  started = 1,
  compiled = 2,
  finished = 3,
  requeued = 4,
  cancelled = 5
};

// Nothing happens to a submission after such an event, and each has exactly one.
inline constexpr bool is_last(EventKind kind) {
  return kind == EventKind::finished || kind == EventKind::cancelled;
}

std::string_view to_string(EventKind kind);
std::optional<EventKind> parse_event_kind(std::string_view text);

struct Event {
  GlobalSeq global_seq = 0;
  JobId job = 0;
  EventKind kind = EventKind::queued;
  UnixMillis at = 0;
  std::string note;   // why a submission was requeued; how long compiling took; else empty
  Snapshot snapshot;  // as of this event: snapshot.seq is the event's own seq in its channel

  bool operator==(const Event&) const = default;
};

// How far somebody who listens to all events has come, by a name of their choice, kept by the core: the events up to
// `seq` are acknowledged.
struct Cursor {
  std::string name;
  GlobalSeq seq = 0;
  UnixMillis moved_at = 0;  // made, or last moved

  bool operator==(const Cursor&) const = default;
};

inline constexpr std::string_view kCursorNameRule = "a cursor's name is 1 to 64 of A-Z a-z 0-9 . _ -";
bool is_cursor_name(std::string_view name);

}  // namespace pushjudge
