#include "api/packages/time_limit.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace pushjudge::packages {

bool bounds_from_below(const ExpectedOutcome& expected) {
  return std::ranges::any_of(expected.requirements, &Requirement::lower);
}

std::optional<double> slowest_seconds(const ExpectedOutcome& expected, const nlohmann::json& submission) {
  std::optional<double> slowest;
  const auto tests = submission.find("tests");
  if (tests == submission.end() || !tests->is_array()) return slowest;
  for (const auto& test : *tests) {
    const auto name = test.value("name", "");
    const bool counts = std::ranges::any_of(expected.requirements, [&](const Requirement& requirement) {
      return requirement.lower && (requirement.where.empty() || matches_pattern(requirement.where, name));
    });
    const auto seconds = seconds_at(test, "time");
    if (counts && seconds) slowest = std::max(slowest.value_or(0), *seconds);
  }
  return slowest;
}

std::uint64_t inferred_limit_ms(const Timing& timing, double slowest_seconds) {
  const double needed_ms = timing.accepted_to_limit * slowest_seconds * 1'000;
  const auto step = static_cast<double>(timing.step_ms);
  // A thousandth less, so that what is a multiple but for rounding is not taken for more.
  const double steps = std::max(1.0, std::ceil(needed_ms / step - 1e-3));
  return std::min(kProblemTimeMaxMs, static_cast<std::uint64_t>(steps) * timing.step_ms);
}

bool has_margin(const Timing& timing, std::uint64_t limit_ms, double slowest_seconds) {
  return timing.accepted_to_limit * slowest_seconds * 1'000 <= static_cast<double>(limit_ms) + 1e-3;
}

}  // namespace pushjudge::packages
