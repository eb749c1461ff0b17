#pragma once

#include <cstdint>

#include "worker/sandbox/steps.hpp"

// What the keeper (outside) and the init of its box (inside) say to each other over their socket. A run goes
//   keeper: store, with a file that the run shares with others                   init: stored or failed; for each file
//   keeper: the spec itself, with the program's stdin, stdout, stderr first      init: prepared or failed
//   keeper: go                                                                   init: failed, if it cannot be started
//   keeper: kill, if a limit is hit                                              init: ended
//   keeper: collect, with a pipe for the tree                                    init: a `file` each, collected
//   keeper: reset                                                                init: clean or failed
// A spec that says `start` needs no `go` and gets no `prepared`: two hops less for what needs no copying, which is
// every run of a compiled program but its first. `go` and `kill` have no answer of their own, everything else has one.
namespace pushjudge::sandbox {

enum class Order : std::uint32_t { build = 0x424a50, store, go, kill, collect, reset };

struct OrderMessage {
  Order order;
  std::uint32_t slot = 0;  // store: of SharedFiles
};

enum class Reply : std::uint32_t { built, stored, prepared, ended, file, collected, clean, failed };

struct ReplyMessage {
  Reply reply{};
  std::int32_t index = 0;           // file: which of the spec's
  std::int32_t error = 0;           // file: why there is none; collected: the same for the tree
  std::int32_t wait_status = 0;     // ended: of the main process, as from wait
  std::uint64_t cpu_us = 0;         // ended: of all processes reaped
  std::uint64_t began_us = 0;       // ended: when the program was executed, by CLOCK_MONOTONIC
  std::uint64_t ended_us = 0;       // ended: when its main process ended
  std::uint64_t memory_bytes = 0;   // ended: the largest resident set of one process
  std::uint64_t scratch_bytes = 0;  // stored, prepared: what lies in /box, /tmp, /dev/shm and the shared files already
  FailureRecord failure;            // failed
};

}  // namespace pushjudge::sandbox
