#pragma once

// The seam between judging and the box: tests script it, sandbox_runner.hpp is the real one.

#include "proto/base/result.hpp"
#include "worker/sandbox/spec.hpp"

namespace pushjudge {

// Owned by one slot. At most one run at a time; how it ended reaches the judge from outside (Judge::on_outcome or
// Judge::on_broken), never from within these calls.
class Runner {
 public:
  virtual ~Runner() = default;
  // Starts a run; the descriptors of `spec` are needed only until this returns. Errors mean that there is no box to run
  // in, and nothing follows.
  virtual Result<void> start(const sandbox::Spec& spec) = 0;
  // Ends the run under way; its outcome still follows.
  virtual void cancel() = 0;
};

}  // namespace pushjudge
