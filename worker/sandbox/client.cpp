#include "worker/sandbox/client.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pushjudge::sandbox {

namespace {

constexpr int kSocketInChild = 3;
constexpr int kStopTimeoutMs = 2000;

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

// Waits until `pid` ended, or kills it. Its parent is us, so the number cannot have been reused.
void end_process(pid_t pid) {
  const Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended{pidfd.get(), POLLIN, 0};
  int ready = 0;
  if (pidfd) {
    do ready = ::poll(&ended, 1, kStopTimeoutMs);
    while (ready < 0 && errno == EINTR);
  }
  if (ready <= 0) ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

Client::Client(std::string program) : program_(std::move(program)), buffer_(kMessageBytesMax) {}

bool Client::start(std::string& error) {
  stop();
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

void Client::stop() {
  socket_.reset();  // the sandbox takes the end of the stream as the order to go
  if (pid_ > 0) end_process(pid_);
  pid_ = -1;
  busy_ = false;
}

Client::Sent Client::send(const Spec& spec, std::string& error) {
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
