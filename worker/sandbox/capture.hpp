#pragma once

#include <cstdint>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/outcome.hpp"

namespace pushjudge::sandbox {

// A memfd that nobody can write any more, holding `size` bytes of the regular file `fd`; an empty Fd with errno set.
[[nodiscard]] Fd sealed_copy(int fd, std::uint64_t size);

// What a program may get as its stdin: pipes and sockets as they are; memfds sealed against writing and opened anew, so
// that runs do not share a position; other regular files as a copy, since the program could write to them through
// /proc. An empty Fd with errno set when it is none of these.
[[nodiscard]] Fd safe_input(Fd given);

// What a program may get as its stdout: a pipe or a socket, never a file that it could write anywhere in. An empty Fd
// with errno set when it is none of these.
[[nodiscard]] Fd safe_output(Fd given);

// Takes what a program writes to a pipe, up to a limit, without ever waiting. Used by the keeper.
class Capture {
 public:
  // Makes the pipe, if there is none that waits to be used; `uid` becomes its owner, so that the program can open it
  // again as /dev/stdout. Returns an errno.
  [[nodiscard]] int open(uid_t uid, gid_t gid);

  // From here on `bytes_max` are kept of what comes.
  void start(std::uint64_t bytes_max) {
    started_ = true;
    bytes_max_ = bytes_max;
  }

  // The program's end, borrowed. It stays open here as well, so that the program's closing it wakes nobody: when its
  // stream ends is known from its processes.
  [[nodiscard]] int write_end() const { return write_end_.get(); }

  // To be polled for reading; -1 when nothing is captured.
  [[nodiscard]] int fd() const { return started_ ? read_end_.get() : -1; }

  // Takes what is there now. Returns an errno if it cannot be kept.
  [[nodiscard]] int take_some();
  // The same until nothing is left, for when no writer lives any more.
  [[nodiscard]] int take_rest();

  [[nodiscard]] bool overflowed() const { return truncated_; }
  void close_pipe() { read_end_.reset(); }

  // What was taken, sealed; without a descriptor if that is nothing. The capture is empty afterwards.
  [[nodiscard]] Output finish();

 private:
  Fd read_end_;
  Fd write_end_;
  Fd memory_;
  std::uint64_t size_ = 0;
  std::uint64_t bytes_max_ = 0;
  bool started_ = false;
  bool truncated_ = false;
};

}  // namespace pushjudge::sandbox
