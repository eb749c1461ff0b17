#include "worker/sandbox/keeper.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "worker/sandbox/seccomp.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr std::uint64_t kBuildTimeoutUs = 10'000'000;
constexpr std::uint64_t kPrepareTimeoutUs = 30'000'000;
constexpr std::uint64_t kKillTimeoutUs = 1'000'000;
constexpr std::uint64_t kCollectTimeoutUs = 30'000'000;
constexpr std::uint64_t kResetTimeoutUs = 5'000'000;
constexpr std::uint64_t kCpuCheckMinUs = 500;
constexpr std::uint64_t kNever = ~0ULL;

std::uint64_t now_us() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

unsigned usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) < 0) return 1;
  return std::max(1U, static_cast<unsigned>(CPU_COUNT(&set)));
}

}  // namespace

int Keeper::serve() {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGHUP);
  ::sigprocmask(SIG_BLOCK, &ending, nullptr);
  signals_.reset(::signalfd(-1, &ending, SFD_CLOEXEC));
  // Should the worker die, we end in order, so that our control groups go too. The end of the stream says the same.
  if (!signals_ || ::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) < 0) return 1;
  set_up();
  build();
  while (wait_and_handle()) {
  }
  box_.destroy();
  return 0;
}

void Keeper::set_up() {
  processors_ = usable_processors();
  meter_ = make_meter(set_up_failure_);
  if (!meter_) return;
  set_up_failure_.clear();
  if (!ids_.claim(set_up_failure_)) return;
  if (::getrandom(&plan_.pass, sizeof plan_.pass, 0) != sizeof plan_.pass) {
    set_up_failure_ = "no random numbers";
    return;
  }
  plan_.two_ids = ids_.two_ids();
  plan_.root = plan_root();
  plan_.core_limit = core_limit();
  plan_.filter = build_filter(plan_.pass, set_up_failure_);
}

void Keeper::enter(Stage stage, std::uint64_t timeout_us) {
  stage_ = stage;
  stage_deadline_us_ = timeout_us == kNever ? kNever : now_us() + timeout_us;
}

bool Keeper::run_under_way() const {
  return stage_ == Stage::preparing || stage_ == Stage::running || stage_ == Stage::ending ||
         stage_ == Stage::collecting;
}

// ---- waiting

std::uint64_t Keeper::next_wake_us(std::uint64_t now) const {
  std::uint64_t wake = stage_deadline_us_;
  if (stage_ == Stage::running) {
    wake = std::min({wake, cpu_check_us_, started_us_ + spec_.header.limits.wall_us});
    if (memory_check_us_ != 0) wake = std::min(wake, memory_check_us_);
  }
  return wake == kNever ? kNever : wake - std::min(wake, now);
}

// Returns false when there is nobody left to serve.
bool Keeper::wait_and_handle() {
  const bool measuring = stage_ == Stage::running;
  // A spec that waits for the box holds the next message back; a cancellation then waits too, but not for long.
  std::array<pollfd, 8> events{
      {{spec_waits_ ? -1 : client_, POLLIN, 0},
       {box_.exists() ? box_.socket() : -1, POLLIN, 0},
       {signals_.get(), POLLIN, 0},
       {out_.fd(), POLLIN, 0},
       {err_.fd(), POLLIN, 0},
       {tree_.fd(), POLLIN, 0},
       {answers_.fd(), POLLIN, 0},
       {measuring ? meter_->memory_event_fd() : -1, meter_ ? meter_->memory_events() : short{}, 0}}};
  const std::uint64_t left = next_wake_us(now_us());
  const timespec timeout{static_cast<time_t>(left / 1'000'000), static_cast<long>(left % 1'000'000) * 1000};
  if (::ppoll(events.data(), events.size(), left == kNever ? nullptr : &timeout, nullptr) < 0) return errno == EINTR;

  if (events[2].revents != 0) return false;
  const auto came = [](const pollfd& stream) { return stream.revents != 0; };
  if (std::any_of(events.begin() + 3, events.begin() + 7, came)) take_streams();
  // The kernel tells of a memory event once, and maybe before it has killed anything: so look now and again.
  if (events[7].revents != 0 && stage_ == Stage::running) memory_check_us_ = now_us();
  if (events[1].revents != 0 && box_.exists()) take_box_message();
  if (events[0].revents != 0 && !take_client_message()) return false;
  check_clock();
  return true;
}

void Keeper::check_clock() {
  const std::uint64_t now = now_us();
  if (stage_ == Stage::running) {
    const Limits& limits = spec_.header.limits;
    if (memory_check_us_ != 0 && now >= memory_check_us_) {
      if (meter_->memory_exceeded()) return end_run_early(Status::memory_limit);
      memory_check_us_ = now + Meter::kSampleUs;
    }
    if (now >= cpu_check_us_) {
      const std::uint64_t used = meter_->cpu_us();
      if (used > limits.cpu_us) return end_run_early(Status::time_limit);
      // The box cannot use what is left in less time than this, so that looking again then finds it just in time.
      cpu_check_us_ = now + std::max((limits.cpu_us - used) / processors_, kCpuCheckMinUs);
    }
    if (now >= started_us_ + limits.wall_us) return end_run_early(Status::wall_limit);
  }
  if (now >= stage_deadline_us_) box_lost("deadline", ETIMEDOUT);
}

void Keeper::take_streams() {
  int error = out_.take_some();
  if (error == 0) error = err_.take_some();
  if (error == 0) error = answers_.take_some();
  if (error == 0) error = tree_.take_some();
  if (error != 0) return box_lost("capture", error);
  // The init's writing to a closed pipe fails, and it says so in its answer.
  if (tree_.overflowed()) tree_.close_pipe();
  if (stage_ == Stage::running && too_much_came()) end_run_early(Status::output_limit);
}

bool Keeper::too_much_came() const {
  return out_.overflowed() || err_.overflowed() || answers_.overflowed();
}

// ---- the worker

bool Keeper::take_client_message() {
  ReceivedFds fds;
  const long size = receive_message(client_, message_, fds, MSG_DONTWAIT);
  if (size == -EAGAIN) return true;
  if (size <= 0) return false;
  const auto message = std::span(message_).first(static_cast<std::size_t>(size));
  CancelMessage cancel;
  if (message.size() == sizeof cancel) {
    std::memcpy(&cancel, message.data(), sizeof cancel);
    if (cancel.magic != CancelMessage::kMagic) return false;
    if (run_under_way()) end_run_early(Status::cancelled);
    return true;
  }
  if (run_under_way()) return false;  // one run at a time: the peer is not what it should be
  came_us_ = now_us();
  spec_bytes_.assign(message.begin(), message.end());
  spec_fds_ = std::move(fds);
  outcome_ = Outcome();
  outcome_.accounting = meter_ ? meter_->kind() : Accounting::rusage;
  ended_early_ = false;
  if (!parse_spec()) {
    outcome_.failure = {"spec", 0, EINVAL};
    send_outcome();
    return true;
  }
  spec_waits_ = true;
  if (stage_ == Stage::none) build();
  if (stage_ == Stage::idle) begin_run();
  return true;
}

// What the keeper writes into a spec must not come from the worker.
bool Keeper::parse_spec() {
  if (!spec_.parse(spec_bytes_) || spec_fds_.size() != spec_.fds_count()) return false;
  for (std::size_t i = 0; i < spec_.header.files_count; ++i) {
    if (spec_.header.file_slots[i] != SpecHeader::kPlaced) return false;
  }
  return spec_.header.start == 0;
}

void Keeper::send_outcome() {
  const auto encoded = encode(outcome_);
  // The worker takes an outcome before it sends the next spec, so there is room; if it is gone the poll says so.
  (void)send_message(client_, encoded.bytes, encoded.fds, MSG_DONTWAIT);
  outcome_ = Outcome();
}

// ---- the box

void Keeper::build() {
  Failed failed;
  shared_.clear();
  shared_bytes_ = 0;
  kept_ = false;
  if (!set_up_failure_.empty()) {
    failed = {"set_up", 0, ENOSYS};
  } else {
    failed = box_.create(plan_, ids_);
    if (!failed) failed = meter_->adopt(box_.pid());
    if (!failed) {
      if (const int error = box_.order({Order::build})) failed = {"order", 0, error};
    }
  }
  if (!failed) return enter(Stage::building, kBuildTimeoutUs);
  box_.destroy();
  enter(Stage::none, kNever);
  if (spec_waits_) fail_run(failed);
}

void Keeper::take_box_message() {
  ReplyMessage reply;
  ReceivedFds fds;
  const long size = receive_message(box_.socket(), std::as_writable_bytes(std::span(&reply, 1)), fds, MSG_DONTWAIT);
  if (size == -EAGAIN) return;
  if (size != sizeof reply) return box_lost("init_died", ECHILD);
  take_reply(reply, fds.take(0));
}

void Keeper::take_reply(const ReplyMessage& reply, Fd fd) {
  const Failed failed{reply.failure.step.data(), reply.failure.index, reply.failure.error};
  switch (reply.reply) {
    case Reply::built:
    case Reply::clean:
      if (stage_ != Stage::building && stage_ != Stage::resetting) break;
      enter(Stage::idle, kNever);
      if (spec_waits_) return begin_run();
      (void)open_streams();
      meter_->prepare_next();
      return;
    case Reply::stored:
      if (stage_ != Stage::preparing) break;
      shared_bytes_ = reply.scratch_bytes;
      return prepare_run();
    case Reply::prepared:
      if (stage_ != Stage::preparing) break;
      return start_program(reply.scratch_bytes);
    case Reply::ended:
      if (stage_ != Stage::running && stage_ != Stage::ending) break;
      return program_ended(reply);
    case Reply::file:
      if (stage_ != Stage::collecting) break;
      return file_came(reply, std::move(fd));
    case Reply::collected:
      if (stage_ != Stage::collecting) break;
      return tree_came(reply);
    case Reply::failed:
      if ((stage_ == Stage::running || stage_ == Stage::ending) && std::strcmp(failed.step, "exec") == 0) {
        (void)meter_->end({});
        outcome_.status = Status::exec_failed;
        outcome_.failure = {failed.step, failed.index, failed.error};
        return finish_run();
      }
      if (stage_ == Stage::resetting) {  // not proved clean
        box_.destroy();
        return build();
      }
      if (stage_ == Stage::building) {
        box_.destroy();
        enter(Stage::none, kNever);
        if (spec_waits_) fail_run(failed);
        return;
      }
      return fail_run(failed);
  }
  box_lost("protocol", EPROTO);
}

// The box is destroyed, whatever it was doing, and the run under way gets the outcome that is known by then.
void Keeper::box_lost(const char* why, int error) {
  const Stage was = stage_;
  box_.destroy();
  if (was == Stage::building) {
    // Building anew at once could go on like this for ever; the next spec tries again.
    enter(Stage::none, kNever);
    if (spec_waits_) fail_run({why, 0, error});
    return;
  }
  if (was == Stage::running || was == Stage::ending) {
    const Usage usage = meter_->end({});
    outcome_.cpu_us = usage.cpu_us;
    outcome_.memory_bytes = usage.memory_bytes;
    outcome_.wall_us = now_us() - started_us_;
    outcome_.signal = SIGKILL;
    if (!ended_early_ && usage.out_of_memory) {
      outcome_.status = Status::memory_limit;
      ended_early_ = true;
    }
    if (ended_early_) return finish_run();
  }
  if (run_under_way()) return fail_run({why, 0, error});
  build();
}

// ---- a run

void Keeper::begin_run() {
  spec_waits_ = false;
  ready_us_ = now_us();
  enter(Stage::preparing, kPrepareTimeoutUs);
  SpecHeader& header = spec_.header;
  std::size_t next = 0;
  Fd input;
  if (header.has_stdin != 0) {
    input = safe_input(spec_fds_.take(next++));
  } else {
    input.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  if (!input) return fail_run({"stdin", 0, errno});
  to_place_.clear();
  to_store_.clear();
  meter_->leave_out(input.get());
  to_place_.push_back(std::move(input));
  stdout_.reset();
  if (header.has_stdout != 0) {
    stdout_ = safe_output(spec_fds_.take(next++));
    if (!stdout_) return fail_run({"stdout", 0, errno});
  }
  if (header.has_archive != 0) to_place_.push_back(spec_fds_.take(next++));
  // In a box that continues, an earlier program may have made anything where a file is to be shown.
  shared_.begin_run();
  for (std::size_t i = 0; i < header.files_count; ++i) {
    Fd file = spec_fds_.take(next++);
    const bool may_share = header.file_shared[i] != 0 && !kept_;
    if (const auto place = may_share ? shared_.find_or_take(file) : std::nullopt) {
      header.file_slots[i] = static_cast<std::uint8_t>(place->slot);
      if (!place->stored) to_store_.push_back(place->slot);
    } else {
      to_place_.push_back(std::move(file));
    }
  }
  // Whatever is copied into the box is not the program's, so it must be there before its memory is counted.
  header.start = !kept_ && header.has_archive == 0 && to_place_.size() == 1 ? 1 : 0;
  if (header.start == 0 || !to_store_.empty()) meter_->make_room();
  kept_ = header.keep != 0;
  std::memcpy(spec_bytes_.data(), &header, sizeof header);
  prepare_run();
}

// One step a call: first the shared files that the box does not have yet, then the spec.
void Keeper::prepare_run() {
  if (ended_early_) return finish_run();  // cancelled meanwhile
  if (!to_store_.empty()) {
    const unsigned slot = to_store_.back();
    to_store_.pop_back();
    const int file = shared_.fd(slot);
    if (const int error = box_.order({Order::store, slot}, std::span(&file, 1))) box_lost("order", error);
    return;
  }
  if (spec_.header.start != 0) {
    if (const Failed failed = meter_->begin(spec_.header.limits, shared_bytes_)) return fail_run(failed);
  }
  if (const Failed failed = send_spec()) return fail_run(failed);
  if (spec_.header.start != 0) program_starts();
}

// Done as soon as the box is idle; again only where that failed.
Failed Keeper::open_streams() {
  if (const int error = out_.open(ids_.program_uid(), ids_.program_gid())) return {"pipe", 1, error};
  if (const int error = err_.open(ids_.program_uid(), ids_.program_gid())) return {"pipe", 2, error};
  return {};
}

Failed Keeper::send_spec() {
  const SpecHeader& header = spec_.header;
  const Limits& limits = header.limits;
  if (const Failed failed = open_streams()) return failed;
  if (!stdout_) out_.start(limits.stdout_bytes);
  if (header.stderr_to_stdout == 0) err_.start(limits.stderr_bytes);
  if (limits.answer_bytes != 0) {
    if (const int error = answers_.open(ids_.program_uid(), ids_.program_gid())) return {"pipe", 4, error};
    answers_.start(limits.answer_bytes);
  }
  const int out = stdout_ ? stdout_.get() : out_.write_end();
  std::vector<int> fds{to_place_[0].get(), out, header.stderr_to_stdout == 0 ? err_.write_end() : out};
  if (limits.answer_bytes != 0) fds.push_back(answers_.write_end());
  for (std::size_t i = 1; i < to_place_.size(); ++i) fds.push_back(to_place_[i].get());
  handed_us_ = now_us();
  if (const int error = box_.prepare(spec_bytes_, fds)) return {"prepare", 0, error};
  return {};
}

void Keeper::start_program(std::uint64_t scratch_bytes) {
  if (ended_early_) return finish_run();  // cancelled meanwhile
  if (const Failed failed = meter_->begin(spec_.header.limits, scratch_bytes)) return fail_run(failed);
  handed_us_ = now_us();
  if (const int error = box_.order({Order::go})) return box_lost("order", error);
  program_starts();
}

void Keeper::program_starts() {
  to_place_.clear();
  stdout_.reset();  // whoever reads it hears of its end when the program's processes are gone
  enter(Stage::running, kNever);
  started_us_ = now_us();
  cpu_check_us_ = started_us_ + std::max(spec_.header.limits.cpu_us / processors_, kCpuCheckMinUs);
  memory_check_us_ = meter_->sampled() ? started_us_ + Meter::kSampleUs : 0;
}

// The first cause decides; what happens while the box is being killed does not change it.
void Keeper::end_run_early(Status status) {
  if (ended_early_ || stage_ == Stage::collecting) return;
  ended_early_ = true;
  outcome_.status = status;
  if (stage_ != Stage::running) return;
  enter(Stage::ending, kKillTimeoutUs);
  if (const int error = box_.order({Order::kill})) box_lost("order", error);
}

void Keeper::program_ended(const ReplyMessage& reply) {
  const Usage usage = meter_->end({reply.cpu_us, reply.memory_bytes});
  const Limits& limits = spec_.header.limits;
  if (const int error = out_.take_rest()) return fail_run({"capture", 1, error});
  if (const int error = err_.take_rest()) return fail_run({"capture", 2, error});
  if (const int error = answers_.take_rest()) return fail_run({"capture", 4, error});
  outcome_.cpu_us = usage.cpu_us;
  outcome_.memory_bytes = usage.memory_bytes;
  outcome_.wall_us = reply.ended_us - reply.began_us;
  outcome_.phases = {ready_us_ - came_us_, handed_us_ - ready_us_, reply.began_us - handed_us_, outcome_.wall_us, 0};
  ended_us_ = reply.ended_us;
  if (WIFEXITED(reply.wait_status)) outcome_.exit_code = WEXITSTATUS(reply.wait_status);
  if (WIFSIGNALED(reply.wait_status)) outcome_.signal = WTERMSIG(reply.wait_status);
  if (ended_early_) {
    // The limit holds from the order to start; the init's clock starts when the program does.
    if (outcome_.status == Status::wall_limit) outcome_.wall_us = now_us() - started_us_;
    return finish_run();
  }
  if (usage.out_of_memory) {
    outcome_.status = Status::memory_limit;
  } else if (usage.cpu_us > limits.cpu_us) {
    outcome_.status = Status::time_limit;
  } else if (outcome_.wall_us > limits.wall_us) {
    outcome_.status = Status::wall_limit;
  } else if (too_much_came()) {
    outcome_.status = Status::output_limit;
  } else {
    outcome_.status = outcome_.signal != 0 ? Status::signaled : Status::exited;
    return start_collecting();
  }
  finish_run();
}

void Keeper::start_collecting() {
  const SpecHeader& header = spec_.header;
  if (header.collect_count == 0 && header.collect_tree == 0) return finish_run();
  enter(Stage::collecting, kCollectTimeoutUs);
  if (header.collect_tree != 0) {
    // Names and headers come on top of the files, which the init counts.
    const std::uint64_t overhead = (header.limits.collect_entries + 1) * (kPathBytesMax + 64);
    if (const int error = tree_.open(ids_.program_uid(), ids_.program_gid())) return fail_run({"pipe", 3, error});
    tree_.start(header.limits.collect_bytes + overhead);
  }
  const int fd = tree_.write_end();
  if (const int error = box_.order({Order::collect}, std::span(&fd, fd >= 0 ? 1 : 0))) box_lost("order", error);
}

void Keeper::file_came(const ReplyMessage& reply, Fd fd) {
  const auto index = static_cast<std::size_t>(reply.index);
  if (index >= spec_.header.collect_count) return box_lost("protocol", EPROTO);
  Collected file{spec_.collect[index], Fd(), 0, reply.error};
  if (fd) {
    // No process of the box lives, so the file cannot change while it is copied.
    struct stat status {};
    if (::fstat(fd.get(), &status) < 0 || !S_ISREG(status.st_mode)) return box_lost("protocol", EPROTO);
    file.size = static_cast<std::uint64_t>(status.st_size);
    file.fd = sealed_copy(fd.get(), file.size);
    if (!file.fd) file.error = errno;
  }
  outcome_.collected.push_back(std::move(file));
}

void Keeper::tree_came(const ReplyMessage& reply) {
  if (spec_.header.collect_tree != 0) {
    if (const int error = tree_.take_rest()) return fail_run({"capture", 3, error});
    const bool overflowed = tree_.overflowed();
    Output tree = tree_.finish();
    outcome_.archive.error = overflowed ? EFBIG : reply.error;
    if (outcome_.archive.error == 0) {
      outcome_.archive.fd = std::move(tree.fd);
      outcome_.archive.size = tree.size;
    }
  }
  finish_run();
}

// The outcome goes out first, the cleaning is done while the worker looks at it.
void Keeper::finish_run() {
  outcome_.out = out_.finish();
  outcome_.err = err_.finish();
  outcome_.answers = answers_.finish();
  tree_ = Capture();
  to_place_.clear();
  stdout_.reset();
  for (const unsigned slot : to_store_) shared_.forget(slot);
  to_store_.clear();
  if (outcome_.phases.running_us != 0) outcome_.phases.ending_us = now_us() - ended_us_;
  send_outcome();
  if (!box_.exists()) return build();
  enter(Stage::resetting, kResetTimeoutUs);
  if (const int error = box_.order({Order::reset})) box_lost("order", error);
}

void Keeper::fail_run(const Failed& failed) {
  spec_waits_ = false;
  ended_early_ = false;
  outcome_.status = Status::internal_error;
  outcome_.failure = {failed.step, failed.index, failed.error};
  out_ = Capture();
  err_ = Capture();
  answers_ = Capture();
  tree_ = Capture();
  spec_fds_.clear();
  to_place_.clear();
  stdout_.reset();
  const bool broken = box_.exists() || run_under_way();
  outcome_.collected.clear();
  send_outcome();
  if (!broken) return;  // it could not be built; the next spec tries again
  box_.destroy();
  enter(Stage::none, kNever);
  build();
}

}  // namespace pushjudge::sandbox
