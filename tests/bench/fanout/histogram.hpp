#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace pushjudge::bench {

// How often a time was measured, in steps of about 3 % of it: millions of samples without keeping any. Nanoseconds.
class Histogram {
 public:
  void add(std::uint64_t ns) {
    ++counts_[index_of(ns)];
    ++total_;
  }

  // The time below which `part` (0 to 1) of the samples lie; 0 without samples.
  std::uint64_t quantile(double part) const {
    const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(total_));
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      below += counts_[i];
      if (below > wanted || (below != 0 && below == total_)) return middle_of(i);
    }
    return 0;
  }

 private:
  // Each doubling has so many steps.
  static constexpr unsigned kStepBits = 5;
  static constexpr std::uint64_t kSteps = 1ULL << kStepBits;

  static std::size_t index_of(std::uint64_t ns) {
    if (ns < kSteps) return ns;
    const auto shift = static_cast<unsigned>(std::bit_width(ns)) - 1 - kStepBits;
    return shift * kSteps + (ns >> shift);
  }
  static std::uint64_t middle_of(std::size_t index) {
    if (index < 2 * kSteps) return index;
    const std::size_t shift = index / kSteps - 1;
    const std::uint64_t step = 1ULL << shift;
    return (index % kSteps + kSteps) * step + step / 2;
  }

  std::array<std::uint64_t, (64 - kStepBits + 1) * kSteps> counts_{};
  std::uint64_t total_ = 0;
};

}  // namespace pushjudge::bench
