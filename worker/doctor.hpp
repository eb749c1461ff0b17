#pragma once

// What this host offers, for the person who sets it up.

#include "worker/config.hpp"

namespace pushjudge {

// Prints to standard output what `pushjudge-sandbox check` finds and which languages are there. Returns the exit code:
// 0 when submissions can be judged here.
int run_doctor(const WorkerConfig& config);

}  // namespace pushjudge
