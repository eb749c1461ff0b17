#pragma once

// Which callbacks are sent at a time, and which wait: bounded in all and for each host, so that a host that answers
// late, or never, neither holds up the others nor fills the room that there is. Known by numbers of the caller's
// choice. Pure; the owner's thread.

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pushjudge {

class CallbackLine {
 public:
  struct Bounds {
    std::size_t running = 64;
    std::size_t running_of_host = 8;
    std::size_t waiting_of_host = 8;
  };

  explicit CallbackLine(Bounds bounds) : bounds_(bounds) {}

  // False: so many wait for this host already, and the callback is for a later time.
  bool add(std::uint64_t number, const std::string& host);
  // The one that has waited longest of those that may be sent now. It runs then, until ended().
  std::optional<std::uint64_t> next();
  void ended(const std::string& host);
  // Those that wait, who do so no longer.
  std::vector<std::uint64_t> clear_waiting();

 private:
  struct Waiting {
    std::uint64_t number = 0;
    std::string host;
  };
  struct Host {
    std::size_t running = 0;
    std::size_t waiting = 0;
  };

  void forget_idle(const std::string& host);

  const Bounds bounds_;
  std::list<Waiting> waiting_;
  std::map<std::string, Host> hosts_;  // that have any
  std::size_t running_ = 0;
};

}  // namespace pushjudge
