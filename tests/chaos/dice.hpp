#pragma once

// Chance, all of it from one seed. Each who throws has dice of his own, so that what one of them does is the same in
// each run with the seed, however the threads take turns. One thread.

#include <cstdint>
#include <initializer_list>
#include <random>

namespace pushjudge::chaos {

class Dice {
 public:
  // `who` tells those apart who throw with the same seed.
  Dice(std::uint64_t seed, std::uint32_t who) {
    std::seed_seq mixed{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), who};
    engine_.seed(mixed);
  }

  int between(int first, int last) { return std::uniform_int_distribution<int>(first, last)(engine_); }
  bool percent(int chance) { return between(1, 100) <= chance; }
  std::size_t index(std::size_t count) { return static_cast<std::size_t>(between(0, static_cast<int>(count) - 1)); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace pushjudge::chaos
