#pragma once

#include <sys/types.h>

#include <string>

namespace pushjudge::sandbox::testing {

// Looks for what a sandbox, or the programs that ran in it, left outside of the box. Prints what it finds. What may
// take the kernel a moment to clear away is waited for, at most a few seconds.
class Leftovers {
 public:
  // While the sandbox (the process `keeper`) is still there and idle: what is looked for carries its ids, which the
  // next sandbox may have.
  explicit Leftovers(pid_t keeper);

  // Processes, files in the host's temporary folders, System V IPC and keys of the programs' id. Also for an ordinary
  // user's sandbox, whose id is not its own: then only processes below the keeper.
  [[nodiscard]] bool none_of_programs() const;

  // After its end: its processes and its control groups.
  [[nodiscard]] bool none_of_sandbox() const;

 private:
  pid_t keeper_;
  pid_t init_ = 0;
  uid_t program_uid_ = 0;  // outside; 0 when the sandbox has no id of its own
};

}  // namespace pushjudge::sandbox::testing
