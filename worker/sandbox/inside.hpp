#pragma once

#include <array>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/plan.hpp"
#include "worker/sandbox/scratch.hpp"
#include "worker/sandbox/shared_files.hpp"
#include "worker/sandbox/steps.hpp"

// The inside of a box: what its init does. Everything here runs in a process cloned from the keeper, in its own
// namespaces, with one thread, and neither allocates nor throws.
namespace pushjudge::sandbox {

// What the init holds for as long as the box lives.
struct Inside {
  const Plan& plan;
  int socket;                           // to the keeper
  int oom_score = -1;                   // the init's own oom_score_adj, which a process started by it inherits
  std::array<char, 8> oom_score_own{};  // what was in it: less may be forbidden to us
  int children = -1;                    // signalfd of SIGCHLD
  ScratchSet scratch;                   // /box, /tmp, /dev/shm
  SharedFiles shared{};
};

// Builds the box around the calling process, which was cloned into new namespaces and whose ids are mapped, and
// confines it. What the process can do afterwards is what a run needs.
[[nodiscard]] Failed build_inside(Inside& inside);

// The whole life of the init. Never returns.
[[noreturn]] void live_inside(const Plan& plan, int socket);

}  // namespace pushjudge::sandbox
