#pragma once

// The clients of the benchmark, all in one thread: sockets, epoll, requests that were built before, and no more of the
// answers read than is needed. A client is a connection for POSTs and, where pushes are waited for, a WebSocket beside
// it; it has one submission under way at a time.

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "tests/bench/figures.hpp"

namespace pushjudge::bench {

struct Load {
  enum class Until { accepted, pushed };  // what ends a submission: its 201, or its finished event
  Until until = Until::accepted;
  unsigned clients = 1;
  // Submissions a second, at even distances, whether or not the earlier ones are done; a time is then measured from
  // when the submission was due, also when no client was free. 0: each client goes on as soon as its last one is done.
  double rate = 0;
  std::chrono::milliseconds warm_up{300};
  std::chrono::milliseconds measured{1'500};
};

struct LoadResult {
  std::uint64_t done = 0;                // within the measured time
  double seconds = 0;                    // the measured time
  Samples latencies;                     // until done; with a rate, of all that were due in the measured time
  std::vector<std::uint64_t> pushed_ns;  // when the finished events arrived in the measured time: CLOCK_MONOTONIC
};

// Runs it against a server on this machine. `at_edge` is called when the measured time begins, and when it ends.
// Returns when nothing is under way any more. Throws std::runtime_error when the server answers otherwise than asked,
// or not at all.
LoadResult run_load(std::uint16_t port, const Load& load, const std::function<void()>& at_edge);

// One GET, for setting up: the body of the answer, whatever its status. Throws std::runtime_error.
std::string get(std::uint16_t port, const std::string& path);

}  // namespace pushjudge::bench
