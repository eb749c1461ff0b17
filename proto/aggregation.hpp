#pragma once

// How the points of a group's parts become the group's. Pure; any thread.

#include <vector>

#include "proto/problem.hpp"

namespace pushjudge {

// Not for pass_fail, where points are no matter of parts. Nothing gives nothing: 0.
double aggregated(Aggregation aggregation, const std::vector<double>& parts);

}  // namespace pushjudge
