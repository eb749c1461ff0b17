#pragma once

// Has many submissions judged, a few at a time, and hears of their ends over one WebSocket. Main thread.

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/client/client.hpp"

namespace pushjudge::client {

struct JudgedJob {
  std::string title;          // for people
  nlohmann::json attributes;  // as of POST /submissions, with texts in base64
};

inline constexpr std::size_t kJudgedAtOnce = 4;

// Each as GET /submissions/{token} shows it, its texts decoded, in the order of the jobs. What the gateway refuses is
// {"verdict":"refused","message":…}. Errors: unavailable. `told` hears how many are done, and which one was last.
Result<std::vector<nlohmann::json>> judge_all(
    const Url& url, const std::vector<JudgedJob>& jobs,
    const std::function<void(std::size_t done, const std::string& title)>& told);

}  // namespace pushjudge::client
