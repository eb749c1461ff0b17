#pragma once

// Keeps a flood of the same fault from becoming a flood of log lines: each kind is said once, and then at most once a
// second with how many were not said. Pure: the caller passes `now`. Single-threaded.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "proto/base/clock.hpp"

namespace pushjudge {

class Complaints {
 public:
  // How many of this kind went unsaid since the last time, if it may be said now.
  std::optional<std::uint64_t> may_say(const std::string& kind, TimePoint now);

 private:
  struct Said {
    TimePoint at;
    std::uint64_t unsaid = 0;
  };
  std::map<std::string, Said> said_;
};

}  // namespace pushjudge
