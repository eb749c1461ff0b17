#include "api/callback_retry.hpp"

#include <algorithm>

namespace pushjudge {
namespace {

using std::chrono::milliseconds;

constexpr int kGone = 410;
constexpr std::uint32_t kGrowth = 4;
constexpr double kSpread = 0.2;  // a delay is up to so much shorter or longer

milliseconds spread_out(milliseconds delay, double dice) {
  const double spread = static_cast<double>(delay.count()) * (1 - kSpread + 2 * kSpread * dice);
  return milliseconds(static_cast<milliseconds::rep>(spread));
}

}  // namespace

std::string CallbackAnswer::text() const {
  return kind == Kind::answered ? "HTTP " + std::to_string(status) : reason;
}

milliseconds delay_after_try(std::uint32_t tries, milliseconds backoff) {
  milliseconds delay = std::min(backoff, kCallbackDelayMax);
  for (std::uint32_t i = 1; i < tries && delay < kCallbackDelayMax; ++i) delay *= kGrowth;
  return std::min(delay, kCallbackDelayMax);
}

CallbackNext next_after(const CallbackAnswer& answer, std::uint32_t tries, const CallbackRetry& retry, double dice) {
  using Kind = CallbackAnswer::Kind;
  // Another gateway goes on, now.
  if (answer.kind == Kind::aborted) return {CallbackNext::Kind::retry, milliseconds(0)};
  if (answer.kind == Kind::answered && answer.status >= 200 && answer.status < 300) {
    return {CallbackNext::Kind::delivered, milliseconds(0)};
  }
  // Neither a place that is closed to us nor a receiver that wants no more will be another one in an hour.
  const bool hopeless = answer.kind == Kind::blocked || (answer.kind == Kind::answered && answer.status == kGone);
  if (hopeless || tries >= retry.tries_max) return {CallbackNext::Kind::given_up, milliseconds(0)};
  milliseconds delay = spread_out(delay_after_try(tries, retry.backoff), dice);
  if (answer.retry_after) {
    const milliseconds asked =
        std::clamp<std::chrono::seconds>(*answer.retry_after, std::chrono::seconds(0), std::chrono::hours(1));
    delay = std::max(delay, asked);
  }
  return {CallbackNext::Kind::retry, std::min(delay, kCallbackDelayMax)};
}

}  // namespace pushjudge
