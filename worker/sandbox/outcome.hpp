#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/wire.hpp"

// How a run ended, and how that travels back to the worker. Descriptors are owned by the outcome; all are memfds that
// nobody else can write.
namespace pushjudge::sandbox {

enum class Status : std::uint8_t {
  exited,          // exit_code says how
  signaled,        // signal says by what; SIGXFSZ (25) is the file size limit
  time_limit,      // CPU time of the whole box
  wall_limit,      // it took too long by the clock, whatever it did
  memory_limit,    // also when only a child was killed for it
  output_limit,    // more stdout or stderr than allowed; what fits was kept
  exec_failed,     // the program could not be started: failure.error is ENOENT, ENOEXEC, EACCES, ...
  cancelled,       // Client::cancel
  internal_error,  // the sandbox failed, which says nothing about the program; failure says where
};

// What measured and enforced CPU time, memory and processes.
enum class Accounting : std::uint8_t { cgroup2, cgroup1, rusage };

[[nodiscard]] std::string_view to_string(Status status);
[[nodiscard]] std::string_view to_string(Accounting accounting);

// Where the sandbox failed. `index` tells which of several like things, e.g. which mount or file.
struct Failure {
  std::string step;
  int index = 0;
  int error = 0;  // errno
};

// What a stream of the program carried, positioned at its beginning. Without a descriptor when it carried nothing.
struct Output {
  Fd fd;
  std::uint64_t size = 0;
  bool truncated = false;
};

// A file asked for by Spec::collect: its copy, or why there is none: ENOENT, ELOOP (a symlink on the way), EINVAL (not
// a regular file), EFBIG (larger than collect_bytes), EACCES.
struct Collected {
  std::string name;
  Fd fd;
  std::uint64_t size = 0;
  int error = 0;
};

// Where the time of a run went, one after another, in microseconds. All zero when it did not run.
struct Phases {
  std::uint64_t waiting_us = 0;    // for the box: its building, or its cleaning after the run before
  std::uint64_t preparing_us = 0;  // limits, files, pipes, and the way to the box's init
  std::uint64_t starting_us = 0;   // until the program executes
  std::uint64_t running_us = 0;    // until its main process ended; the same as wall_us unless that hit its limit
  std::uint64_t ending_us = 0;     // everything killed, accounted and collected
};

struct Outcome {
  Status status = Status::internal_error;
  int exit_code = 0;
  int signal = 0;
  std::uint64_t cpu_us = 0;
  std::uint64_t wall_us = 0;
  // The peak: what all processes together were charged, or the largest resident set of one of them (shared libraries
  // included), whichever is more; so that programs smaller than the steps in which a control group counts are seen too.
  // Never above the limit under control groups, and not below what starting a program takes, about 1.2 MB. The limit
  // itself is decided by what was charged. 0 only when nothing ran or the box was lost.
  std::uint64_t memory_bytes = 0;
  Output out;
  Output err;
  Output answers;                    // of Limits::answer_bytes
  std::vector<Collected> collected;  // as Spec::collect, in its order; empty unless the program ended by itself
  Collected archive;                 // of Spec::collect_tree; E2BIG or EFBIG when the tree was too large
  Failure failure;                   // of internal_error and exec_failed
  Accounting accounting = Accounting::rusage;
  Phases phases;
};

// What a file of an outcome holds, from its beginning; nothing without one.
[[nodiscard]] std::string content_of(const Fd& file);

struct EncodedOutcome {
  std::vector<std::byte> bytes;
  std::vector<int> fds;  // borrowed from the outcome
};

[[nodiscard]] EncodedOutcome encode(const Outcome& outcome);

// Takes the descriptors it names out of `fds`. Nothing when the message is no outcome.
[[nodiscard]] std::optional<Outcome> decode_outcome(std::span<const std::byte> message, ReceivedFds& fds);

}  // namespace pushjudge::sandbox
