#pragma once

// What the disk can do: the floor below every durable answer.

#include <chrono>
#include <filesystem>

#include "tests/bench/figures.hpp"

namespace pushjudge::bench {

// How long each append of 4 KiB to a new file took with its fdatasync(), one after the other, for `span`. Microseconds.
// Throws std::system_error.
Samples time_syncs(const std::filesystem::path& folder, std::chrono::milliseconds span);

// Whether files in the folder are on a disk, and not in memory.
bool on_disk(const std::filesystem::path& folder);

}  // namespace pushjudge::bench
