#include "api/callback_line.hpp"

#include <algorithm>

#include "proto/base/result.hpp"

namespace pushjudge {

bool CallbackLine::add(std::uint64_t number, const std::string& host) {
  Host& found = hosts_[host];
  if (found.waiting >= bounds_.waiting_of_host) return false;
  ++found.waiting;
  waiting_.push_back({number, host});
  return true;
}

std::optional<std::uint64_t> CallbackLine::next() {
  if (running_ >= bounds_.running) return std::nullopt;
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), [this](const Waiting& waiting) {
    return hosts_.at(waiting.host).running < bounds_.running_of_host;
  });
  if (found == waiting_.end()) return std::nullopt;
  Host& host = hosts_.at(found->host);
  --host.waiting;
  ++host.running;
  ++running_;
  const std::uint64_t number = found->number;
  waiting_.erase(found);
  return number;
}

void CallbackLine::ended(const std::string& host) {
  Host& found = hosts_.at(host);
  PJ_ASSERT(found.running > 0 && running_ > 0);
  --found.running;
  --running_;
  forget_idle(host);
}

std::vector<std::uint64_t> CallbackLine::clear_waiting() {
  std::vector<std::uint64_t> numbers;
  for (const Waiting& waiting : waiting_) {
    numbers.push_back(waiting.number);
    --hosts_.at(waiting.host).waiting;
    forget_idle(waiting.host);
  }
  waiting_.clear();
  return numbers;
}

void CallbackLine::forget_idle(const std::string& host) {
  const auto found = hosts_.find(host);
  if (found->second.running == 0 && found->second.waiting == 0) hosts_.erase(found);
}

}  // namespace pushjudge
