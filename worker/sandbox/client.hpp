#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/outcome.hpp"
#include "worker/sandbox/spec.hpp"

// The manual of the sandbox.
//
// WHAT A BOX IS. Namespaces of its own (user, pid, mount, ipc, uts, net, cgroup), built once and used for run after
// run. A root in memory that is read-only but for /box, /tmp and /dev/shm, each a tmpfs with a limit; /usr and the few
// folders of /etc that toolchains need, read-only, through an overlay whose inodes are this box's own; five devices; a
// /proc that shows the program's own processes and nothing else of the kernel. The program is not pid 1, is uid 1000
// inside and an unused id outside (as root; see IdMap), has no capability, can gain none (no_new_privs, empty bounding
// set, nosuid), is held by a filter of system calls, and finds three open descriptors. Its network namespace holds a
// loopback device that is down.
//
// WHAT A RUN LEAVES BEHIND: nothing. All processes are killed and waited for, whatever they did to escape; a tmpfs that
// was touched is replaced by a fresh one, never emptied file by file; the ipc namespace is replaced; keyrings cannot be
// made. The init of the box then proves that it is alone and as it was. On any doubt the box is destroyed and another
// one built.
//
// WHAT IS LIMITED, for the whole box, with its children, threads and orphans: CPU time (checked when it can first be
// used up; usually overrun by less than 10 ms), wall time, memory (by control group; swap is not used), processes and
// threads, bytes of stdout and stderr, the size of a file, of /box, /tmp and /dev/shm and their number of files, open
// files, stack. Each has an end of its own in Outcome::status, but the size of a file (signal SIGXFSZ) and those that a
// program sees as an error (processes, open files, full folders). Core dumps are off. There is no limit on address
// space unless each process is to have one (process_memory_bytes), since virtual machines and sanitizers reserve much
// more than they use.
//
// WHAT IT PROTECTS AGAINST: reading, changing or signalling anything of the host (files, processes, sockets, network,
// devices, clocks, kernel settings); other runs, before, after or beside it; privileges by set-user-id files, file
// capabilities or device nodes; doors into the kernel that no judged program needs (namespaces, mounts, ptrace, bpf,
// perf, io_uring, userfaultfd, keyrings, file handles, modules, kexec, foreign address families, 32-bit and x32 calls,
// anything newer than Linux 6.6); using up the host, also what it has only one of (asynchronous I/O, inotify, message
// queues, signals that wait, huge pages); hiding CPU time; staying alive; writing its own verdict: that
// comes from wait and from control groups, outside of its reach. What comes out of /box is opened beneath it, through
// no symlink, with the program's rights, and is a copy of a regular file. Nobody outside ever follows a path that a
// program made.
//
// WHAT IT DOES NOT PROTECT AGAINST
//  * Faults of the kernel and of the processor. What a filter lets through is still a large part of Linux.
//  * Reading what everyone may read below /usr and the folders of /etc in plan.cpp: keep secrets elsewhere.
//  * Signals between boxes through what they share: the load of processors, caches and disks, the page cache of
//    toolchains, and locks on the device nodes (/dev/null).
//  * Noise in its times. Processors that change their speed or share their units (SMT), and neighbours, change what a
//    program takes. `pushjudge-sandbox check` tells what the host does.
//  * Where there are no control groups (accounting `rusage`): limits are found to be exceeded by looking every 10 ms,
//    memory in pipes, sockets and System V segments that nobody maps does not count, and children that live for less
//    than that under a parent that ignores their end hide their CPU time.
//  * Where it is not started by root: all boxes of a user share one id outside, so that what the kernel counts by id
//    (processes, room in pipes, descriptors on their way over sockets) is one for them. They still cannot see each
//    other. The program shares its id with the init of its box; it cannot see, signal or trace it.
//  * Bytes the program prints may be anything. It is the reader who escapes them.
//
// HOW IT IS SERVED. One program, `pushjudge-sandbox serve`, for each run that goes on at a time; it speaks over a
// socket pair (wire.hpp). It links nothing but libc and libseccomp, starts no thread, no shell and no other program.
namespace pushjudge::sandbox {

// The worker's end of one box: starts `pushjudge-sandbox serve`, gives it one run at a time and takes the outcomes.
// Nothing here blocks but the destructor, which waits for the end of its sandboxes (two seconds, then it kills). Owned
// by one thread, which must be the one that starts it and must outlive it: the sandbox dies with the thread that
// started it.
class Client {
 public:
  enum class Sent {
    ok,
    busy,     // a run is under way
    invalid,  // the spec cannot be run; `error` says why
    dead,     // the sandbox is gone: start() again
  };

  explicit Client(std::string program);  // path of pushjudge-sandbox
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Starts the sandbox (again). It builds its box meanwhile, so the first run may be sent at once. False: `error` says
  // why. A sandbox that cannot make boxes on this host answers every run with internal_error.
  [[nodiscard]] bool start(std::string& error);

  // Ends the sandbox and the run under way, whose outcome is lost. The sandbox clears up on its own time; whether it
  // does is looked after by the calls that follow.
  void stop();

  [[nodiscard]] bool alive() const { return socket_.get() >= 0; }
  [[nodiscard]] bool busy() const { return busy_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

  // To be polled for reading: an outcome came, or the sandbox died. -1 when it is not alive.
  [[nodiscard]] int fd() const { return socket_.get(); }

  [[nodiscard]] Sent send(const Spec& spec, std::string& error);

  // The outcome of the run under way, if it has come. Nothing and not alive(): the sandbox died, and with it the run.
  [[nodiscard]] std::optional<Outcome> receive();

  // Ends the run under way; its outcome follows with status `cancelled`, or with another if it ended just before.
  void cancel();

 private:
  // A sandbox that was told to end and has not been waited for.
  struct Leaving {
    pid_t pid;
    std::chrono::steady_clock::time_point due;  // killed then
  };
  void wait_for_leaving(bool to_the_end);

  std::string program_;
  Fd socket_;
  pid_t pid_ = -1;
  bool busy_ = false;
  std::vector<std::byte> buffer_;
  std::vector<Leaving> leaving_;
};

}  // namespace pushjudge::sandbox
