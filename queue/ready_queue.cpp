#include "queue/ready_queue.hpp"

namespace pushjudge {

void ReadyQueue::add(JobId job, std::int32_t language) {
  if (by_language_[language].insert(job).second) ++size_;
}

void ReadyQueue::remove(JobId job, std::int32_t language) {
  const auto lane = by_language_.find(language);
  if (lane != by_language_.end() && lane->second.erase(job) > 0) --size_;
}

std::optional<JobId> ReadyQueue::take(std::span<const std::int32_t> languages) {
  std::set<JobId>* oldest = nullptr;
  for (const std::int32_t language : languages) {
    const auto lane = by_language_.find(language);
    if (lane == by_language_.end() || lane->second.empty()) continue;
    if (oldest == nullptr || *lane->second.begin() < *oldest->begin()) oldest = &lane->second;
  }
  if (oldest == nullptr) return std::nullopt;
  const JobId job = *oldest->begin();
  oldest->erase(oldest->begin());
  --size_;
  return job;
}

void ReadyQueue::clear() {
  by_language_.clear();
  size_ = 0;
}

}  // namespace pushjudge
