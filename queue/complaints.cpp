#include "queue/complaints.hpp"

namespace pushjudge {
namespace {

constexpr std::chrono::seconds kPause{1};
// Kinds hold what a stranger sent, so there may be as many as it likes.
constexpr std::size_t kKindsMax = 256;

}  // namespace

std::optional<std::uint64_t> Complaints::may_say(const std::string& kind, TimePoint now) {
  auto said = said_.find(kind);
  if (said == said_.end()) {
    if (said_.size() >= kKindsMax) std::erase_if(said_, [now](const auto& e) { return now - e.second.at >= kPause; });
    // All of them within one second: the others wait their turn in the count of one of their own.
    const std::string& place = said_.size() >= kKindsMax ? std::string() : kind;
    said = said_.find(place);
    if (said == said_.end()) {
      said_.emplace(place, Said{now, 0});
      return 0;
    }
  }
  if (now - said->second.at < kPause) {
    ++said->second.unsaid;
    return std::nullopt;
  }
  const std::uint64_t unsaid = said->second.unsaid;
  said->second = {now, 0};
  return unsaid;
}

}  // namespace pushjudge
