#pragma once

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/plan.hpp"
#include "worker/sandbox/scratch.hpp"
#include "worker/sandbox/steps.hpp"

// The inside of a box: what its init does. Everything here runs in a process cloned from the keeper, in its own
// namespaces, with one thread, and neither allocates nor throws.
namespace pushjudge::sandbox {

// What the init holds for as long as the box lives.
struct Inside {
  const Plan& plan;
  int socket;          // to the keeper
  int own_proc = -1;   // a proc mount that is in no folder: the init's way to write a process's oom_score_adj
  int children = -1;   // signalfd of SIGCHLD
  ScratchSet scratch;  // /box, /tmp, /dev/shm
};

// Builds the box around the calling process, which was cloned into new namespaces and whose ids are mapped, and
// confines it. What the process can do afterwards is what a run needs.
[[nodiscard]] Failed build_inside(Inside& inside);

// The whole life of the init. Never returns.
[[noreturn]] void live_inside(const Plan& plan, int socket);

}  // namespace pushjudge::sandbox
