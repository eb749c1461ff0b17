#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/outcome.hpp"
#include "worker/sandbox/spec.hpp"

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
