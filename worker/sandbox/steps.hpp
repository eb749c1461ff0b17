#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

// Work that is security by its order: a list of named steps, each of which does one thing or says what failed. Used
// where nothing may allocate or throw (after clone).
namespace pushjudge::sandbox {

// Where something failed; a null `step` means that nothing did.
struct Failed {
  const char* step = nullptr;
  int index = 0;
  int error = 0;
  [[nodiscard]] explicit operator bool() const { return step != nullptr; }
};

// The same inside a message.
struct FailureRecord {
  std::array<char, 32> step{};
  std::int32_t index = 0;
  std::int32_t error = 0;

  FailureRecord() = default;
  explicit FailureRecord(const Failed& failed) : index(failed.index), error(failed.error) {
    const std::string_view name = failed.step == nullptr ? "" : failed.step;
    name.copy(step.data(), step.size() - 1);
  }
};

// `run` returns 0 or an errno; it may set `index` to tell which of several like things failed.
template <typename Context>
struct Step {
  const char* name;
  int (*run)(Context& context, int& index);
};

template <typename Context>
[[nodiscard]] Failed run_steps(std::span<const Step<Context>> steps, Context& context) {
  for (const auto& step : steps) {
    int index = 0;
    if (const int error = step.run(context, index)) return {step.name, index, error};
  }
  return {};
}

}  // namespace pushjudge::sandbox
