#include "proto/base/crash_point.hpp"

#ifdef PJ_CRASH_POINTS

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string>

namespace pushjudge {
namespace {

constexpr std::size_t kNowhere = kCrashPoints.size();

// Written before the first thread starts.
std::size_t armed = kNowhere;
std::atomic<std::uint64_t> passings_left{0};

}  // namespace

void crash_point(CrashPoint passed) {
  if (passed.index() != armed || passings_left.fetch_sub(1) != 1) return;
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();  // until it is delivered, nothing more is done here
}

Result<void> arm_crash_point() {
  const char* setting = std::getenv("CRASH_AT");
  if (setting == nullptr) return {};
  const std::string_view text = setting;
  const std::size_t colon = text.find(':');
  const auto* found = std::find(kCrashPoints.begin(), kCrashPoints.end(), text.substr(0, colon));
  if (found == kCrashPoints.end()) {
    return Error{Errc::invalid, "CRASH_AT names no crash point: '" + std::string(text) + "'"};
  }
  std::uint64_t passing = 1;
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), passing);
    if (failure != std::errc() || end != digits.data() + digits.size() || passing == 0) {
      return Error{Errc::invalid, "CRASH_AT: which passing is no number from 1: '" + std::string(text) + "'"};
    }
  }
  passings_left = passing;
  armed = static_cast<std::size_t>(found - kCrashPoints.begin());
  return {};
}

}  // namespace pushjudge

#endif
