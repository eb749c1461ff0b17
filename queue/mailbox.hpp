#pragma once

// Functions posted from any thread, to be run on the owner's: the only way into the core's thread.

#include <functional>
#include <mutex>
#include <vector>

#include "proto/base/unique_fd.hpp"

namespace pushjudge {

class Mailbox {
 public:
  Mailbox();  // throws std::system_error when no descriptor is to be had

  void post(std::function<void()> function);  // any thread

  int descriptor() const { return event_.get(); }  // readable while something waits
  void run();                                      // the owner's thread: runs all that waits

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> waiting_;  // guarded by mutex_
  UniqueFd event_;
};

}  // namespace pushjudge
