#pragma once

#include <sys/types.h>

#include <span>

#include "worker/sandbox/fd.hpp"
#include "worker/sandbox/idmap.hpp"
#include "worker/sandbox/plan.hpp"
#include "worker/sandbox/protocol.hpp"
#include "worker/sandbox/wire.hpp"

namespace pushjudge::sandbox {

// The keeper's end of one box: the process that is the init of its namespaces. Whatever lives in the box dies with it.
class Box {
 public:
  Box() = default;
  ~Box() { destroy(); }
  Box(const Box&) = delete;
  Box& operator=(const Box&) = delete;

  // Clones the init into new namespaces and maps its ids. It then waits for `build`, so that it can be put into its
  // control group first; it answers `built` or `failed`.
  [[nodiscard]] Failed create(const Plan& plan, const IdMap& ids);

  // Kills everything in the box and waits for its end.
  void destroy();

  [[nodiscard]] bool exists() const { return pid_ > 0; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] int socket() const { return socket_.get(); }

  // Both return 0 or an errno; a failure means that the init is gone.
  [[nodiscard]] int order(const OrderMessage& message, std::span<const int> fds = {});
  [[nodiscard]] int prepare(std::span<const std::byte> spec, std::span<const int> fds);

 private:
  pid_t pid_ = -1;
  Fd socket_;
};

}  // namespace pushjudge::sandbox
