#pragma once

#include <cstdint>

#include "worker/sandbox/steps.hpp"

// What the keeper (outside) and the init of its box (inside) say to each other over their socket. A run goes
//   keeper: the spec itself, with the program's stdin, stdout, stderr first      init: prepared or failed
//   keeper: go                                                                   init: started or failed
//   keeper: kill, if a limit is hit                                              init: ended
//   keeper: collect, with a pipe for the tree                                    init: a `file` each, collected
//   keeper: reset                                                                init: clean or failed
// The init answers each message once, except that `kill` has no answer of its own.
namespace pushjudge::sandbox {

enum class Order : std::uint32_t { build = 0x424a50, go, kill, collect, reset };

struct OrderMessage {
  Order order;
};

enum class Reply : std::uint32_t { built, prepared, started, ended, file, collected, clean, failed };

struct ReplyMessage {
  Reply reply{};
  std::int32_t index = 0;           // file: which of the spec's
  std::int32_t error = 0;           // file: why there is none; collected: the same for the tree
  std::int32_t wait_status = 0;     // ended: of the main process, as from wait
  std::uint64_t cpu_us = 0;         // ended: of all processes reaped
  std::uint64_t wall_us = 0;        // ended: from the start of the program to the end of its main process
  std::uint64_t memory_bytes = 0;   // ended: the largest resident set of one process
  std::uint64_t scratch_bytes = 0;  // prepared: what lies in /box, /tmp and /dev/shm already
  FailureRecord failure;            // failed
};

}  // namespace pushjudge::sandbox
