#pragma once

// How long the command waits for a gateway that is away for a moment: it may be started anew, or full. Blocks.

#include <chrono>
#include <thread>

#include "proto/base/result.hpp"

namespace pushjudge::client {

inline constexpr std::chrono::milliseconds kPatiencePause{250};
inline constexpr int kAwayAttempts = 20;
inline constexpr int kBusyAttempts = 280;  // a little more than the minute that so many submissions are counted in

// Asks again while what it asks is unavailable or busy.
template <class Ask>
auto patiently(Ask ask) {
  int away = 0;
  int busy = 0;
  while (true) {
    auto answer = ask();
    const auto code = answer ? Errc::internal : answer.error().code;
    if (code == Errc::unavailable && ++away < kAwayAttempts) {
      std::this_thread::sleep_for(kPatiencePause);
    } else if (code == Errc::busy && ++busy < kBusyAttempts) {
      std::this_thread::sleep_for(kPatiencePause);
    } else {
      return answer;
    }
  }
}

}  // namespace pushjudge::client
