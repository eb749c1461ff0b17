#pragma once

// What one run of a submission may use. The defaults and the bounds are Judge0's, whose names the JSON keeps.

#include <cstdint>

namespace pushjudge {

struct Limits {
  std::uint64_t cpu_ms = 5'000;        // cpu_time_limit: CPU time of the whole box
  std::uint64_t cpu_extra_ms = 1'000;  // cpu_extra_time: how far past cpu_ms a run may go before it is killed
  std::uint64_t wall_ms = 10'000;      // wall_time_limit
  std::uint64_t memory_kib = 128'000;  // memory_limit: peak of the whole box, swap included
  std::uint64_t stack_kib = 64'000;    // stack_limit
  std::uint64_t file_kib = 1'024;      // max_file_size: any one file, and each of stdout and stderr
  std::uint32_t processes = 60;        // max_processes_and_or_threads
  // enable_per_process_and_thread_{time,memory}_limit: the limit is that of each process, and not of the box together.
  bool cpu_per_process = false;
  bool memory_per_process = false;

  bool operator==(const Limits&) const = default;
};

}  // namespace pushjudge
