#pragma once

// Which time limit follows from how long a package's submissions take. Pure.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "api/packages/expected.hpp"
#include "api/packages/metadata.hpp"

namespace pushjudge::packages {

// Whether the time that it takes is to be below the limit.
bool bounds_from_below(const ExpectedOutcome& expected);

// The seconds of CPU time of the slowest test that is to be below the limit; nothing when none is.
std::optional<double> slowest_seconds(const ExpectedOutcome& expected, const nlohmann::json& submission);

// The least multiple of the step that is at least so many times what the slowest takes.
std::uint64_t inferred_limit_ms(const Timing& timing, double slowest_seconds);

// Whether a limit that is given is so far above the slowest as the package wants it to be.
bool has_margin(const Timing& timing, std::uint64_t limit_ms, double slowest_seconds);

}  // namespace pushjudge::packages
