#include "worker/sandbox/inside.hpp"

#include <fcntl.h>
#include <linux/ioprio.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <new>

#include "worker/sandbox/files.hpp"
#include "worker/sandbox/launch.hpp"
#include "worker/sandbox/protocol.hpp"
#include "worker/sandbox/spec.hpp"
#include "worker/sandbox/tree.hpp"
#include "worker/sandbox/wire.hpp"

namespace pushjudge::sandbox {

namespace {

// What a program with the init's own id could change about the init, and the next program would inherit.
struct Standing {
  int nice = 0;
  int policy = 0;
  int io_priority = 0;
  cpu_set_t processors{};

  static Standing now() {
    Standing standing;
    CPU_ZERO(&standing.processors);
    standing.nice = ::getpriority(PRIO_PROCESS, 0);
    standing.policy = ::sched_getscheduler(0);
    standing.io_priority = static_cast<int>(::syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0));
    ::sched_getaffinity(0, sizeof standing.processors, &standing.processors);
    return standing;
  }
  [[nodiscard]] bool operator==(const Standing& other) const {
    return nice == other.nice && policy == other.policy && io_priority == other.io_priority &&
           CPU_EQUAL(&processors, &other.processors);
  }
};

std::uint64_t now_us() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

std::uint64_t micros(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(time.tv_usec);
}

// Handles files with the program's rights for as long as it lives. It has no capability over files anyway; this is for
// the owner of what it makes. Changing ids clears the death signal, which therefore is set again.
class ProgramRights {
 public:
  explicit ProgramRights(const Plan& plan) : switched_(plan.two_ids) {
    if (!switched_) return;
    if (::setresgid(kNoChange, kBoxId, kNoChange) < 0 || ::setresuid(kNoChange, kBoxId, kNoChange) < 0) ::_exit(1);
  }
  ~ProgramRights() {
    if (!switched_) return;
    if (::setresuid(kNoChange, kInitId, kNoChange) < 0 || ::setresgid(kNoChange, kInitId, kNoChange) < 0 ||
        ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) {
      ::_exit(1);
    }
  }
  ProgramRights(const ProgramRights&) = delete;
  ProgramRights& operator=(const ProgramRights&) = delete;

 private:
  static constexpr auto kNoChange = static_cast<uid_t>(-1);
  bool switched_;
};

// The shared files that /box shows when it holds nothing but what is ours: the next run of the same program finds them
// in place, as long as the last one changed nothing there.
class Shown {
 public:
  [[nodiscard]] bool matches(const SpecView& spec) const {
    const SpecHeader& header = spec.header;
    if (header.start == 0 || header.files_count != count_) return false;
    for (std::size_t i = 0; i < count_; ++i) {
      if (header.file_slots[i] != slots_[i] || std::strcmp(spec.files[i], names_[i].data()) != 0) return false;
    }
    return true;
  }
  // Of at most kSharedFilesMax files.
  void set(const SpecView& spec) {
    count_ = spec.header.files_count;
    for (std::size_t i = 0; i < count_; ++i) {
      slots_[i] = spec.header.file_slots[i];
      *std::copy_n(spec.files[i], std::strlen(spec.files[i]), names_[i].data()) = '\0';
    }
  }
  // A slot has another file now: nothing matches any more.
  void forget() { count_ = kFilesMax + 1; }

 private:
  std::size_t count_ = kFilesMax + 1;
  std::array<std::uint8_t, kSharedFilesMax> slots_{};
  std::array<std::array<char, kPathBytesMax + 1>, kSharedFilesMax> names_{};
};

// The loop that serves the keeper. Lives in static memory and ends with the process.
class Init {
 public:
  Init(const Plan& plan, int socket) : inside_{plan, socket, -1, {}, -1, ScratchSet(plan.two_ids)} {}

  [[noreturn]] void live() {
    OrderMessage order{};
    ReceivedFds none;
    if (receive_message(inside_.socket, std::as_writable_bytes(std::span(&order, 1)), none) <= 0) ::_exit(0);
    const Failed failed = build_inside(inside_);
    standing_ = Standing::now();
    answer(failed, Reply::built);
    while (true) serve();
  }

 private:
  void serve() {
    std::array<pollfd, 2> events{{{inside_.socket, POLLIN, 0}, {inside_.children, POLLIN, 0}}};
    if (::poll(events.data(), events.size(), -1) < 0 && errno != EINTR) ::_exit(1);
    // The end of a program comes before an order to kill it, which it makes void.
    if (events[1].revents != 0) reap_ended();
    if (events[0].revents != 0) obey();
  }

  void obey() {
    const long size = receive_message(inside_.socket, message_, fds_);
    if (size <= 0) ::_exit(0);  // the keeper is gone, and with us goes the box
    const auto message = std::span(message_).first(static_cast<std::size_t>(size));
    if (spec_.parse(message)) {
      const Failed failed = prepare(message);
      if (!failed && spec_.header.start != 0) return go();
      return answer(failed, Reply::prepared, lying_there());
    }
    OrderMessage order{};
    if (message.size() != sizeof order) ::_exit(1);
    std::memcpy(&order, message.data(), sizeof order);
    switch (order.order) {
      case Order::store:
        return store(order.slot);
      case Order::go:
        return go();
      case Order::kill:
        if (program_ > 0) end();
        return;
      case Order::collect:
        return collect();
      case Order::reset:
        return reset();
      case Order::build:
        break;
    }
    ::_exit(1);
  }

  void answer(const Failed& failed, Reply reply, ReplyMessage message = {}, int fd = -1) {
    message.reply = failed ? Reply::failed : reply;
    message.failure = FailureRecord(failed);
    const std::span<const int> fds(&fd, fd >= 0 ? 1 : 0);
    if (send_message(inside_.socket, bytes_of(message), fds) != 0) ::_exit(1);
  }

  [[nodiscard]] ReplyMessage lying_there() const {
    ReplyMessage reply;
    reply.scratch_bytes = inside_.scratch.used_bytes() + inside_.shared.used_bytes();
    return reply;
  }

  void store(unsigned slot) {
    const Fd file = fds_.take(0);
    shown_.forget();
    const int error = slot < kSharedFilesMax ? inside_.shared.store(inside_.plan, slot, file.get()) : EINVAL;
    const Failed failed = error != 0 ? Failed{"store_file", static_cast<int>(slot), error} : Failed{};
    answer(failed, Reply::stored, lying_there());
  }

  Failed prepare(std::span<const std::byte> message) {
    // The message buffer is used again by the next order, but the spec is needed until the files are collected.
    std::copy(message.begin(), message.end(), spec_bytes_.begin());
    if (!spec_.parse(std::span(spec_bytes_).first(message.size()))) return {"spec", 0, EINVAL};
    for (std::size_t i = 0; i < descriptors_of_program(); ++i) {
      stdio_[i] = fds_.take(i);
      if (!stdio_[i]) return {"stdio", static_cast<int>(i), EBADF};
    }
    const SpecHeader& header = spec_.header;
    if (!kept_) {
      if (const Failed failed = clean_folders()) return failed;
    }
    const bool continues = kept_;
    kept_ = header.keep != 0;
    if (!continues && inside_.scratch.box_holds_ours()) return {};
    if (const Failed failed = place_files()) return failed;
    for (std::size_t i = 0; i < header.files_count; ++i) {
      const auto slot = header.file_slots[i];
      if (slot == SpecHeader::kPlaced) continue;
      if (const int error = show_file(slot, spec_.files[i])) return {"show_file", static_cast<int>(i), error};
    }
    // One file may be shown under many names; such a /box is not kept for another run.
    if (header.start == 0 || header.files_count == 0 || header.files_count > kSharedFilesMax) return {};
    shown_.set(spec_);
    const int error = inside_.scratch.remember_box();
    return error != 0 ? Failed{"remember_box", 0, error} : Failed{};
  }

  // Afterwards /box is empty, or holds what this run wants.
  Failed clean_folders() {
    const Limits& limits = spec_.header.limits;
    int index = 0;
    int error = inside_.scratch.make_clean(inside_.plan, limits.box_bytes, limits.box_inodes, index);
    if (error == 0 && inside_.scratch.box_holds_ours() && !shown_.matches(spec_)) {
      index = 0;
      error = inside_.scratch.renew_box(inside_.plan);
    }
    return error != 0 ? Failed{"scratch_folders", index, error} : Failed{};
  }

  Failed place_files() {
    const SpecHeader& header = spec_.header;
    if (header.files_count == 0 && header.has_archive == 0) return {};
    const ProgramRights rights(inside_.plan);
    std::size_t next = descriptors_of_program();
    if (header.has_archive != 0) {
      const Fd archive = fds_.take(next++);
      const TreeLimits limits{header.limits.box_bytes, header.limits.box_inodes};
      if (const int error = place_tree(inside_.scratch.box(), archive.get(), limits))
        return {"place_archive", 0, error};
    }
    for (std::size_t i = 0; i < header.files_count; ++i) {
      if (header.file_slots[i] != SpecHeader::kPlaced) {
        // The keeper asks for this only in a fresh /box, where nobody else can have made anything yet.
        if (const int error = place_file(inside_.scratch.box(), spec_.files[i], 0, {-1, 0, 0})) {
          return {"mount_point", static_cast<int>(i), error};
        }
        continue;
      }
      const Fd file = fds_.take(next++);
      if (const int error = place_whole_file(inside_.scratch.box(), spec_.files[i], header.file_modes[i], file.get())) {
        return {"place_file", static_cast<int>(i), error};
      }
    }
    return {};
  }

  // Standard input, output and error, and where its answers go.
  [[nodiscard]] std::size_t descriptors_of_program() const { return spec_.header.limits.answer_bytes != 0 ? 4 : 3; }

  int show_file(unsigned slot, const char* name) {
    std::array<char, kPathBytesMax + 8> target{"/box/"};
    *std::copy(name, name + std::strlen(name), target.data() + std::strlen(target.data())) = '\0';
    return inside_.shared.show(inside_.plan, slot, target.data());
  }

  void go() {
    cpu_us_ = 0;
    memory_bytes_ = 0;
    Failed failed;
    const Launch program{inside_, spec_, {stdio_[0].get(), stdio_[1].get(), stdio_[2].get(), stdio_[3].get()}};
    program_ = launch(program, failed);
    began_us_ = now_us();
    for (auto& fd : stdio_) fd.reset();
    if (!failed) return;
    ReplyMessage reply;
    kill_all(reply);
    answer(failed, Reply::failed);
  }

  // Ends the run when the main process ended; takes in what else ended, so that it counts no longer as a process.
  void reap_ended() {
    signalfd_siginfo ignored{};
    while (::read(inside_.children, &ignored, sizeof ignored) > 0) {
    }
    int status = 0;
    rusage used{};
    for (pid_t pid = 0; (pid = ::wait4(-1, &status, WNOHANG | __WALL, &used)) > 0;) {
      account(used);
      if (pid == program_) {
        end(status);
        return;
      }
    }
  }

  void account(const rusage& used) {
    cpu_us_ += micros(used.ru_utime) + micros(used.ru_stime);
    memory_bytes_ = std::max(memory_bytes_, static_cast<std::uint64_t>(used.ru_maxrss) * 1024);
  }

  void end(int status = 0) {
    ReplyMessage reply;
    reply.began_us = began_us_;
    reply.ended_us = now_us();
    reply.wait_status = status;
    kill_all(reply);
    program_ = -1;
    reply.cpu_us = cpu_us_;
    reply.memory_bytes = memory_bytes_;
    answer({}, Reply::ended, reply);
  }

  // No process can escape: whatever forks meanwhile is killed with its parent or by the next round, and orphans become
  // our children.
  void kill_all(ReplyMessage& reply) {
    int status = 0;
    rusage used{};
    while (true) {
      ::kill(-1, SIGKILL);
      const pid_t pid = ::wait4(-1, &status, __WALL, &used);
      if (pid < 0 && errno == ECHILD) return;
      if (pid > 0) account(used);
      if (pid > 0 && pid == program_) reply.wait_status = status;
    }
  }

  void collect() {
    Fd tree = fds_.take(0);
    const Limits& limits = spec_.header.limits;
    const int box = inside_.scratch.box();
    ReplyMessage reply;
    const ProgramRights rights(inside_.plan);
    for (std::size_t i = 0; i < spec_.header.collect_count; ++i) {
      reply.error = 0;
      reply.index = static_cast<int>(i);
      const Fd file(open_to_collect(box, spec_.collect[i], limits.collect_bytes, reply.error));
      answer({}, Reply::file, reply, file.get());
    }
    reply = {};
    if (tree) reply.error = write_tree(box, tree.get(), {limits.collect_bytes, limits.collect_entries});
    tree.reset();
    answer({}, Reply::collected, reply);
  }

  // The next program must find nothing of the last one. What cannot be proved clean is reported, and the keeper then
  // throws the whole box away.
  void reset() {
    int index = 0;
    for (auto& fd : stdio_) fd.reset();  // of a run that was cancelled before it started
    if (!kept_) {
      if (const int error = inside_.scratch.make_clean(inside_.plan, index)) {
        return answer({"scratch_folders", index, error}, Reply::clean);
      }
    }
    if (::wait4(-1, nullptr, WNOHANG | __WALL, nullptr) >= 0 || errno != ECHILD) {
      return answer({"no_children", 0, EBUSY}, Reply::clean);
    }
    if (::kill(-1, 0) == 0 || errno != ESRCH) return answer({"no_processes", 0, EBUSY}, Reply::clean);
    if (!(Standing::now() == standing_)) return answer({"same_standing", 0, EPERM}, Reply::clean);
    // System V and POSIX message queues, semaphores and shared memory stay behind with the namespace that they are in.
    if (const int error = unshare_past_filter(inside_.plan, CLONE_NEWIPC))
      return answer({"own_ipc", 0, error}, Reply::clean);
    answer({}, Reply::clean);
  }

  Inside inside_;
  Standing standing_;
  SpecView spec_;
  std::array<std::byte, kMessageBytesMax> message_;
  std::array<std::byte, kMessageBytesMax> spec_bytes_;
  ReceivedFds fds_;
  std::array<Fd, 4> stdio_;
  Shown shown_;
  bool kept_ = false;
  pid_t program_ = -1;
  std::uint64_t began_us_ = 0;
  std::uint64_t cpu_us_ = 0;
  std::uint64_t memory_bytes_ = 0;
};

alignas(Init) std::array<std::byte, sizeof(Init)> init_memory;

}  // namespace

void live_inside(const Plan& plan, int socket) {
  auto* init = new (init_memory.data()) Init(plan, socket);
  init->live();
}

}  // namespace pushjudge::sandbox
