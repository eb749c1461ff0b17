#pragma once

// How long the command waits for a gateway that is away for a moment: it may be started anew, or full. Blocks.

#include <chrono>
#include <thread>

#include "proto/base/result.hpp"

namespace pushjudge::client {

inline constexpr int kPatienceAttempts = 20;
inline constexpr std::chrono::milliseconds kPatiencePause{250};

// Asks again while what it asks is unavailable or busy.
template <class Ask>
auto patiently(Ask ask) {
  for (int attempt = 1;; ++attempt) {
    auto answer = ask();
    const bool away = !answer && (answer.error().code == Errc::unavailable || answer.error().code == Errc::busy);
    if (!away || attempt == kPatienceAttempts) return answer;
    std::this_thread::sleep_for(kPatiencePause);
  }
}

}  // namespace pushjudge::client
