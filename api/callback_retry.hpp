#pragma once

// What one try to deliver a callback came to, and what follows from it. Pure; any thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace pushjudge {

struct CallbackAnswer {
  enum class Kind {
    answered,  // by an HTTP response, whose head came whole
    failed,    // no connection, no answer in time, no HTTP
    blocked,   // led where the guard lets nothing go
    aborted,   // by us, because the gateway stops
  };
  Kind kind = Kind::failed;
  int status = 0;                                   // of the response
  std::optional<std::chrono::seconds> retry_after;  // as the response asks
  std::string reason;                               // for a person, where it is no response: "connection refused"

  std::string text() const;  // "HTTP 503", or the reason
};

struct CallbackRetry {
  std::uint32_t tries_max = 8;
  std::chrono::milliseconds backoff{1'000};  // after the first try; four times as long after each one that follows
};

struct CallbackNext {
  enum class Kind { delivered, retry, given_up };
  Kind kind = Kind::retry;
  std::chrono::milliseconds after{0};  // of a retry
};

// No try waits for longer.
inline constexpr std::chrono::milliseconds kCallbackDelayMax = std::chrono::hours(1);

// How long to wait after this many tries: four times as long after each, at most kCallbackDelayMax.
std::chrono::milliseconds delay_after_try(std::uint32_t tries, std::chrono::milliseconds backoff);

// `tries` counts the one that came to this answer. `dice` in [0, 1) spreads out what failed together.
CallbackNext next_after(const CallbackAnswer& answer, std::uint32_t tries, const CallbackRetry& retry, double dice);

}  // namespace pushjudge
