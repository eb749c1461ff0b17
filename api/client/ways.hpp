#pragma once

// The ways in which a client can learn that its submission has ended.

#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string_view>

#include "api/client/client.hpp"
#include "api/client/traffic.hpp"

namespace pushjudge::client {

// leetcode_check: polling by LeetCode's request.
enum class Means : std::uint8_t { websocket, server_events, long_poll, poll, leetcode_check };

struct Way {
  std::string_view name;
  Means means;
  std::chrono::milliseconds interval{0};  // of polling
};

// Those that are compared, in the order in which they are told of.
std::span<const Way> ways();

// When a client knew.
struct Known {
  std::chrono::system_clock::time_point at;
  // When the submission was committed, by the core's clock, in milliseconds since 1970; where the way tells.
  std::optional<std::int64_t> queued_at = {};
};

// One client that keeps its connection from one submission to the next, where its way has it kept. One thread at a
// time.
class Watcher {
 public:
  virtual ~Watcher() = default;

  // Waits for the end of what POST /submissions answered with `accepted`. Errors: unavailable, also when it is not over
  // by `deadline`; invalid and not_found where the gateway refuses.
  virtual Result<Known> watch(const nlohmann::json& accepted, std::chrono::steady_clock::time_point deadline) = 0;

  virtual std::uint64_t requests() const = 0;  // so far: HTTP requests, of which a WebSocket takes one
  virtual Traffic traffic() const = 0;         // so far, handshakes included
};

std::unique_ptr<Watcher> make_watcher(const Way& way, const Url& url);

}  // namespace pushjudge::client
