#include "worker/sandbox/client.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pushjudge::sandbox {

namespace {

constexpr int kSocketInChild = 3;
constexpr auto kLeavingTime = std::chrono::seconds(2);

// Starts `program serve` with `socket` as descriptor 3 and nothing else but stderr. Returns an errno.
int spawn_serve(const std::string& program, int socket, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (const int error = posix_spawn_file_actions_init(&actions)) return error;
  if (const int error = posix_spawnattr_init(&attributes)) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);  // ctrl-c is the worker's to handle; the sandbox ends with the worker
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  posix_spawn_file_actions_adddup2(&actions, socket, kSocketInChild);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, kSocketInChild + 1);

  std::string path = program;
  std::string serve = "serve";
  const std::array<char*, 3> argv{path.data(), serve.data(), nullptr};
  std::string search = "PATH=/usr/bin:/bin";
  const std::array<char*, 2> env{search.data(), nullptr};
  const int error = posix_spawn(&pid, path.c_str(), &actions, &attributes, argv.data(), env.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

// True if the child `pid` has ended by `due`; waits so long for it.
bool ended_by(pid_t pid, std::chrono::steady_clock::time_point due) {
  const Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd) return false;
  pollfd ended{pidfd.get(), POLLIN, 0};
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - std::chrono::steady_clock::now()).count();
    const int ready = ::poll(&ended, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

Client::Client(std::string program) : program_(std::move(program)), buffer_(kMessageBytesMax) {}

bool Client::start(std::string& error) {
  stop();
  wait_for_leaving(false);
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) < 0) {
    error = std::string("socketpair: ") + std::strerror(errno);
    return false;
  }
  Fd ours(pair[0]);
  Fd theirs(pair[1]);
  // dup2 onto its own number would leave close-on-exec set and the sandbox without its socket.
  if (theirs.get() == kSocketInChild) theirs.reset(::fcntl(theirs.get(), F_DUPFD_CLOEXEC, kSocketInChild + 1));
  if (const int failed = spawn_serve(program_, theirs.get(), pid_)) {
    pid_ = -1;
    error = program_ + ": " + std::strerror(failed);
    return false;
  }
  socket_ = std::move(ours);
  busy_ = false;
  return true;
}

Client::~Client() {
  stop();
  wait_for_leaving(true);
}

void Client::stop() {
  socket_.reset();  // the sandbox takes the end of the stream as the order to go
  if (pid_ > 0) leaving_.push_back({pid_, std::chrono::steady_clock::now() + kLeavingTime});
  pid_ = -1;
  busy_ = false;
}

// They are our children, so their numbers cannot have been given to others.
void Client::wait_for_leaving(bool to_the_end) {
  std::erase_if(leaving_, [to_the_end](const Leaving& leaving) {
    const auto now = std::chrono::steady_clock::now();
    if (!ended_by(leaving.pid, to_the_end ? leaving.due : now)) {
      if (now < leaving.due && !to_the_end) return false;
      ::kill(leaving.pid, SIGKILL);
    }
    reap(leaving.pid);
    return true;
  });
}

Client::Sent Client::send(const Spec& spec, std::string& error) {
  wait_for_leaving(false);
  if (!alive()) return Sent::dead;
  if (busy_) return Sent::busy;
  const auto encoded = encode(spec, error);
  if (!encoded) return Sent::invalid;
  const int failed = send_message(socket_.get(), encoded->bytes, encoded->fds, MSG_DONTWAIT);
  if (failed == EBADF) {
    error = "a descriptor of the spec is not open";
    return Sent::invalid;
  }
  if (failed != 0) {
    error = std::strerror(failed);
    stop();
    return Sent::dead;
  }
  busy_ = true;
  return Sent::ok;
}

std::optional<Outcome> Client::receive() {
  if (!alive()) return std::nullopt;
  ReceivedFds fds;
  const long size = receive_message(socket_.get(), buffer_, fds, MSG_DONTWAIT);
  if (size == -EAGAIN) return std::nullopt;
  auto outcome =
      size > 0 ? decode_outcome(std::span(buffer_).first(static_cast<std::size_t>(size)), fds) : std::nullopt;
  if (!outcome) {
    stop();
    return std::nullopt;
  }
  busy_ = false;
  return outcome;
}

void Client::cancel() {
  if (!alive() || !busy_) return;
  const CancelMessage message;
  // There is room for one small message at all times, so a failure means that the sandbox died.
  if (send_message(socket_.get(), bytes_of(message), {}, MSG_DONTWAIT) != 0) stop();
}

}  // namespace pushjudge::sandbox
