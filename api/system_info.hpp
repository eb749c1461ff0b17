#pragma once

// What GET /system_info says of the machine: as `lscpu` and `free -h` print it, read from the kernel's files without
// starting either. Any thread.

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace pushjudge {

// One flat object of strings. What the kernel does not tell is left out. `root` is where proc and sys are.
nlohmann::ordered_json system_info(const std::filesystem::path& root = "/");

// As `free -h` of Judge0's time: three characters at most and the unit, rounded down where there is no room for a
// fraction. "7.7G", "15G", "0B".
std::string human_size(std::uint64_t bytes);

}  // namespace pushjudge
