#pragma once

// What this host offers, for the person who sets it up.

#include "worker/config.hpp"

namespace pushjudge {

// Prints to standard output two tables: what `pushjudge-sandbox check` finds this host can enforce, and which languages
// are there; where something is weaker or missing, with the command that mends it. Returns the exit code: 0 when
// submissions can be judged here.
int run_doctor(const WorkerConfig& config);

}  // namespace pushjudge
