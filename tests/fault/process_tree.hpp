#pragma once

// What a worker has below it at one moment: its sandboxes, their boxes, the programs in them, and the control groups of
// them all. Asked later, it says what of these is still there. One thread.

#include <sys/types.h>

#include <string>
#include <vector>

namespace pushjudge::testing {

class ProcessTree {
 public:
  explicit ProcessTree(pid_t root);

  std::size_t size() const { return processes_.size(); }  // without the root
  // Its children: of a worker, the sandboxes.
  std::vector<pid_t> children() const;
  // Processes that still live and control groups that still stand; the root is not looked for.
  std::vector<std::string> left() const;

 private:
  struct Seen {
    pid_t pid;
    pid_t parent;
    std::string started;  // tells it from another that got its number
  };
  pid_t root_;
  std::vector<Seen> processes_;
};

}  // namespace pushjudge::testing
