#pragma once

#include <sys/types.h>

#include <array>

#include "worker/sandbox/inside.hpp"
#include "worker/sandbox/spec.hpp"

namespace pushjudge::sandbox {

// A program about to be started by the init.
struct Launch {
  const Inside& inside;
  const SpecView& spec;
  std::array<int, 4> stdio;  // descriptors of the init, all above 2; the fourth is -1 where there are no answers
};

// Starts the program in its own session, with the box's id, no capability, its limits and descriptors 0 to 2, or 3,
// only. Returns its process id, or -1 with `failed` set; the step "exec" means that the file cannot be executed.
[[nodiscard]] pid_t launch(const Launch& launch, Failed& failed);

}  // namespace pushjudge::sandbox
