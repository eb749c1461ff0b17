#pragma once

// The two clocks. Stored and shown times are the wall clock in whole milliseconds since 1970 (UTC); deadlines use the
// steady clock. Pure code takes `now` as an argument and never calls these.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace pushjudge {

using UnixMillis = std::int64_t;  // milliseconds since 1970-01-01T00:00:00Z
using Steady = std::chrono::steady_clock;
using TimePoint = Steady::time_point;

UnixMillis wall_now();

// The CPU time that this process has used since it started, user and system, of all its threads.
std::chrono::microseconds cpu_used();

// ISO 8601 with milliseconds and Z, as Judge0 prints it: "2024-04-08T11:42:51.856Z".
std::string to_iso8601(UnixMillis at);

}  // namespace pushjudge
