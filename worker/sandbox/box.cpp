#include "worker/sandbox/box.hpp"

#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "worker/sandbox/inside.hpp"

namespace pushjudge::sandbox {

Failed Box::create(const Plan& plan, const IdMap& ids) {
  destroy();
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) < 0) return {"socketpair", 0, errno};
  Fd inner(pair[1]);
  socket_.reset(pair[0]);

  clone_args arguments{};
  arguments.flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET;
  arguments.exit_signal = SIGCHLD;
  const long pid = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid < 0) return {"clone_namespaces", 0, errno};
  if (pid == 0) {
    socket_.reset();  // else the init would hold the keeper's end itself and never see it close
    live_inside(plan, inner.get());
  }
  pid_ = static_cast<pid_t>(pid);
  if (const int error = ids.write(pid_)) {
    destroy();
    return {"map_ids", 0, error};
  }
  return {};
}

void Box::destroy() {
  socket_.reset();
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);  // the kernel kills every process of the namespace before it lets the init go
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

int Box::order(const OrderMessage& message, std::span<const int> fds) {
  return send_message(socket_.get(), bytes_of(message), fds);
}

int Box::prepare(std::span<const std::byte> spec, std::span<const int> fds) {
  return send_message(socket_.get(), spec, fds);
}

}  // namespace pushjudge::sandbox
