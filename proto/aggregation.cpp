#include "proto/aggregation.hpp"

#include <algorithm>
#include <numeric>

namespace pushjudge {

double aggregated(Aggregation aggregation, const std::vector<double>& parts) {
  if (parts.empty()) return 0;
  if (aggregation == Aggregation::min) return *std::ranges::min_element(parts);
  if (aggregation == Aggregation::max) return *std::ranges::max_element(parts);
  const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
  return aggregation == Aggregation::average ? sum / static_cast<double>(parts.size()) : sum;
}

}  // namespace pushjudge
