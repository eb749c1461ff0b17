// Runs each target on its seeds and on mutations of them: what there is of fuzzing where there is no libFuzzer. The
// mutations follow from a number, so what breaks once breaks again.
//
//   fuzz_replay TARGET [MUTATIONS [SEED]]

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/target.hpp"

namespace {

using namespace pushjudge;
using namespace std::string_view_literals;

constexpr std::size_t kInputBytesMax = 64 << 10;
// What parsers decide by, more often than chance would have it.
constexpr std::string_view kTelling = "\"\\{}[]:,%&=+/?.*'$# \t\r\n\0\x7f\x80\xff\xed\xc0-09eExX"sv;

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string mutated(std::string input, const std::vector<std::string>& others) {
    const std::size_t steps = 1 + below(4);
    for (std::size_t i = 0; i < steps; ++i) change(input, others);
    if (input.size() > kInputBytesMax) input.resize(kInputBytesMax);
    return input;
  }
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

 private:
  void change(std::string& input, const std::vector<std::string>& others) {
    const std::size_t at = below(input.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(input.size() - at, 32) + 1);
    switch (below(7)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
        return;
      case 1:
        input.insert(at, 1, static_cast<char>(below(256)));
        return;
      case 2:
        input.insert(at, 1, kTelling[below(kTelling.size())]);
        return;
      case 3:
        input.erase(at, length);
        return;
      case 4: {
        const std::string part = input.substr(at, length);
        for (std::size_t times = 1 + below(8); times > 0; --times) input.insert(at, part);
        return;
      }
      case 5:
        input.resize(at);
        return;
      default: {
        const std::string& other = others[below(others.size())];
        const std::size_t from = below(other.size() + 1);
        input.insert(at, other.substr(from, below(64)));
      }
    }
  }

  std::mt19937_64 random_;
};

int usage() {
  std::fprintf(stderr, "usage: fuzz_replay TARGET [MUTATIONS [SEED]]; a target is one of");
  for (const fuzz::Target& target : fuzz::targets()) std::fprintf(stderr, " %s", std::string(target.name).c_str());
  std::fprintf(stderr, "\n");
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  const fuzz::Target* target = count < 2 ? nullptr : fuzz::find_target(arguments[1]);
  if (target == nullptr) return usage();
  const unsigned long mutations = count < 3 ? 5'000 : std::strtoul(arguments[2], nullptr, 10);
  Mutator mutator(count < 4 ? 1 : std::strtoull(arguments[3], nullptr, 10));
  const std::vector<std::string> seeds = target->seeds();
  if (seeds.empty()) {
    std::fprintf(stderr, "%s has no seeds\n", arguments[1]);
    return 1;
  }
  target->run("");
  for (const std::string& seed : seeds) target->run(seed);
  for (unsigned long i = 0; i < mutations; ++i) target->run(mutator.mutated(seeds[i % seeds.size()], seeds));
  std::printf("%s: %zu seeds, %lu mutations\n", arguments[1], seeds.size(), mutations);
  return 0;
}
