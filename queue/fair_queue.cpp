#include "queue/fair_queue.hpp"

#include <algorithm>

#include "proto/base/result.hpp"

namespace pushjudge {
namespace {

// What a second of a slot costs each class, so that under load they share as 8 : 4 : 1.
constexpr std::array<std::int64_t, kJobClassCount> kPrices = {1, 2, 8};

constexpr std::int64_t kFirstEstimate = 500'000;  // microseconds
// Estimates follow what was measured by this part of the difference.
constexpr std::int64_t kEstimateInertia = 4;
// Idle lanes are not looked for before there are so many lanes.
constexpr std::size_t kLanesKept = 1'024;

}  // namespace

FairQueue::FairQueue() : forget_at_(kLanesKept), estimate_(kFirstEstimate) {}

FairQueue::Cost FairQueue::level(const Class& of) {
  return of.busy.empty() ? of.most_used : of.busy.begin()->first;
}

FairQueue::Cost FairQueue::level_of_classes() const {
  std::optional<Cost> least;
  for (const Class& of : classes_) {
    if (!of.busy.empty() && (!least || of.account.used < *least)) least = of.account.used;
  }
  return least.value_or(most_used_);
}

FairQueue::Lane& FairQueue::awake(const Place& place) {
  const auto index = static_cast<std::size_t>(place.job_class);
  PJ_ASSERT(index < classes_.size());
  if (lanes_.size() >= forget_at_) forget_idle_lanes();
  const auto [entry, made] = lanes_.try_emplace({index, place.lane});
  Lane& lane = entry->second;
  if (!lane.idle()) return lane;
  Class& of = classes_[index];
  if (made) {
    lane.job_class = index;
    lane.estimate = estimate_;
  }
  if (of.busy.empty()) of.account.used = std::max(of.account.used, level_of_classes());
  lane.account.used = std::max(lane.account.used, level(of));
  lane.number = ++awakenings_;
  of.busy.insert({lane.account.used, &lane});
  return lane;
}

void FairQueue::rest_if_idle(Lane& lane) {
  if (!lane.idle()) return;
  Class& of = class_of(lane);
  of.busy.erase({lane.account.used, &lane});
  of.most_used = std::max(of.most_used, lane.account.used);
  most_used_ = std::max(most_used_, of.account.used);
}

// A lane that its class has caught up with would start level with the others, like a new one.
void FairQueue::forget_idle_lanes() {
  std::erase_if(lanes_, [this](const auto& entry) {
    const Lane& lane = entry.second;
    return lane.idle() && lane.account.used <= level(class_of(lane));
  });
  forget_at_ = 2 * lanes_.size() + kLanesKept;
}

void FairQueue::add(JobId job, const Place& place) {
  Lane& lane = awake(place);
  auto& jobs = lane.waiting[place.language];
  if (jobs.empty())
    class_of(lane).by_language[place.language].insert({lane.account.virtual_time(), lane.number, &lane});
  if (jobs.insert(job).second) ++waiting_;
}

void FairQueue::remove(JobId job, const Place& place) {
  const auto entry = lanes_.find({static_cast<std::size_t>(place.job_class), place.lane});
  if (entry == lanes_.end()) return;
  const auto jobs = entry->second.waiting.find(place.language);
  if (jobs == entry->second.waiting.end() || !jobs->second.contains(job)) return;
  take_out(entry->second, job, place.language);
  rest_if_idle(entry->second);
}

void FairQueue::take_out(Lane& lane, JobId job, std::int32_t language) {
  const auto jobs = lane.waiting.find(language);
  jobs->second.erase(job);
  --waiting_;
  if (!jobs->second.empty()) return;
  lane.waiting.erase(jobs);
  auto& by_language = class_of(lane).by_language;
  const auto order = by_language.find(language);
  order->second.erase({lane.account.virtual_time(), lane.number, &lane});
  if (order->second.empty()) by_language.erase(order);
}

FairQueue::Lane* FairQueue::next_lane(const Class& of, std::span<const std::int32_t> languages,
                                      std::uint32_t lane_running_max) {
  const Order::value_type* next = nullptr;
  for (const std::int32_t language : languages) {
    const auto order = of.by_language.find(language);
    if (order == of.by_language.end()) continue;
    for (const auto& entry : order->second) {
      if (next != nullptr && *next <= entry) break;
      // Few are passed over: each of them has so many of the slots.
      if (std::get<Lane*>(entry)->running >= lane_running_max) continue;
      next = &entry;
      break;
    }
  }
  return next == nullptr ? nullptr : std::get<Lane*>(*next);
}

std::pair<JobId, std::int32_t> FairQueue::oldest(const Lane& lane, std::span<const std::int32_t> languages) {
  std::optional<std::pair<JobId, std::int32_t>> found;
  for (const std::int32_t language : languages) {
    const auto jobs = lane.waiting.find(language);
    if (jobs == lane.waiting.end()) continue;
    if (!found || *jobs->second.begin() < found->first) found = {*jobs->second.begin(), language};
  }
  PJ_ASSERT(found.has_value());
  return *found;
}

std::optional<JobId> FairQueue::take(std::span<const std::int32_t> languages, std::uint32_t lane_running_max) {
  Lane* lane = nullptr;
  for (const Class& candidate : classes_) {
    if (lane != nullptr && class_of(*lane).account.virtual_time() <= candidate.account.virtual_time()) continue;
    if (Lane* first = next_lane(candidate, languages, lane_running_max)) lane = first;
  }
  if (lane == nullptr) return std::nullopt;
  const auto [job, language] = oldest(*lane, languages);
  take_out(*lane, job, language);
  begin(job, *lane);
  return job;
}

void FairQueue::adopt(JobId job, const Place& place) {
  begin(job, awake(place));
}

void FairQueue::begin(JobId job, Lane& lane) {
  lane.running += 1;
  charges_[job] = {&lane, lane.estimate};
  change(lane, 0, lane.estimate);
}

void FairQueue::left(JobId job, std::chrono::milliseconds held_slot) {
  const auto charged = charges_.find(job);
  if (charged == charges_.end()) return;
  Lane& lane = *charged->second.lane;
  const Cost cost = std::chrono::microseconds(held_slot).count();
  change(lane, cost, -charged->second.estimate);
  lane.estimate += (cost - lane.estimate) / kEstimateInertia;
  estimate_ += (cost - estimate_) / kEstimateInertia;
  charges_.erase(charged);
  lane.running -= 1;
  rest_if_idle(lane);
}

void FairQueue::change(Lane& lane, Cost used, Cost charged) {
  Class& of = class_of(lane);
  for (const auto& [language, jobs] : lane.waiting) {
    of.by_language[language].erase({lane.account.virtual_time(), lane.number, &lane});
  }
  of.busy.erase({lane.account.used, &lane});
  lane.account.used += used;
  lane.account.charged += charged;
  of.account.used += used * kPrices[lane.job_class];
  of.account.charged += charged * kPrices[lane.job_class];
  of.busy.insert({lane.account.used, &lane});
  for (const auto& [language, jobs] : lane.waiting) {
    of.by_language[language].insert({lane.account.virtual_time(), lane.number, &lane});
  }
}

void FairQueue::clear() {
  for (auto& [key, lane] : lanes_) {
    lane.waiting.clear();
    lane.running = 0;
    lane.account.charged = 0;
    Class& of = class_of(lane);
    of.most_used = std::max(of.most_used, lane.account.used);
  }
  for (Class& of : classes_) {
    of.by_language.clear();
    of.busy.clear();
    of.account.charged = 0;
    most_used_ = std::max(most_used_, of.account.used);
  }
  charges_.clear();
  waiting_ = 0;
}

}  // namespace pushjudge
