#pragma once

// Has many submissions judged, a few at a time, and hears of their ends over one WebSocket. Main thread.

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/client/client.hpp"

namespace pushjudge::client {

struct JudgedJob {
  std::string title;          // for people
  nlohmann::json attributes;  // as of POST /submissions, with texts in base64
};

inline constexpr std::size_t kJudgedAtOnce = 4;

// Where jobs come from, and where what they came to goes.
struct JobFlow {
  // The next job; nothing: there is none, now or, when all that were given have ended, at all.
  std::function<std::optional<JudgedJob>()> next;
  // As GET /submissions/{token} shows it, its texts decoded; `job` is counted from 0 as they were given. What the
  // gateway refuses is {"verdict":"refused","message":…}.
  std::function<void(std::size_t job, nlohmann::json result)> ended;
};

// Errors: unavailable, once it has been so for a while.
Result<void> judge_stream(const Url& url, std::size_t at_once, const JobFlow& flow);

// The same for jobs that are known before, in their order. `told` hears how many are done, and which one was last.
Result<std::vector<nlohmann::json>> judge_all(
    const Url& url, const std::vector<JudgedJob>& jobs,
    const std::function<void(std::size_t done, const std::string& title)>& told);

}  // namespace pushjudge::client
