#include "worker/worker.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "proto/base/crash_point.hpp"
#include "proto/base/log.hpp"

namespace pushjudge {

namespace {

// The longest the loop sleeps, so that runs which are overdue are noticed.
constexpr auto kTurnMax = std::chrono::milliseconds(500);

// A worker whose boxes fail again and again must not eat the attempts of every job in the queue.
constexpr int kFailuresInARowMax = 5;

constexpr auto kSettleMax = std::chrono::seconds(30);

LinkOptions link_options(const WorkerConfig& config, const Catalogue& catalogue) {
  LinkOptions options;
  options.queue = config.queue;
  options.key_file = config.key;
  options.server_key = config.server_key;
  options.name = config.name;
  options.slots = config.slots;
  options.languages = catalogue.languages();
  return options;
}

}  // namespace

Worker::Worker(const WorkerConfig& config, const Catalogue& catalogue, const JudgeOptions& judging,
               std::size_t problem_files_max)
    : catalogue_(catalogue),
      shelf_(config.problem_cache_mib << 20, problem_files_max),
      link_(link_options(config, catalogue), *this) {
  const auto offered = [this](const std::string& slug) { return catalogue_.find(slug); };
  for (unsigned i = 0; i < config.slots; ++i) {
    slots_.push_back(std::make_unique<Slot>(config.sandbox, judging, shelf_, offered));
  }
}

int Worker::run(int signal_fd) {
  std::vector<pollfd> watched;
  while (true) {
    watched.assign(1, {signal_fd, POLLIN, 0});
    for (const auto& slot : slots_) {
      watched.push_back({slot->runner.fd(), POLLIN, 0});
      watched.push_back({slot->checker_runner.fd(), POLLIN, 0});
      watched.push_back({slot->lane.run.unread_fd(), POLLIN, 0});
    }
    link_.wait(watched, kTurnMax);
    const auto now = Steady::now();
    if (watched[0].revents != 0) on_signal(signal_fd);
    for (const auto& slot : slots_) look_after(*slot, now);
    start_waiting_jobs();
    share_idle_slots();
    if (ending_at_once_ || may_leave(now)) break;
  }
  for (const auto& slot : slots_) {
    slot->judge.drop();
    slot->problem_judge.drop();
  }
  link_.leave();
  log::info("worker_left", {{"at_once", ending_at_once_}});
  return ending_at_once_ || failures_in_a_row_ >= kFailuresInARowMax ? 1 : 0;
}

void Worker::on_signal(int signal_fd) {
  signalfd_siginfo info{};
  if (::read(signal_fd, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return;
  if (draining_) ending_at_once_ = true;
  start_draining("signal");
}

void Worker::on_joined(bool first) {
  log::info("worker_joined", {{"first", first}});
}

void Worker::start_draining(std::string_view why) {
  if (std::exchange(draining_, true)) return;
  log::info("worker_draining", {{"why", why}});
  link_.drain();
}

void Worker::on_job(Job job) {
  waiting_.push_back(std::move(job));
}

void Worker::on_drop(JobRef ref) {
  std::erase_if(waiting_, [ref](const Job& job) { return job.ref == ref; });
  for (const auto& slot : slots_) {
    if (slot->ref != ref || (slot->judge.idle() && slot->problem_judge.idle())) continue;
    log::info("job_dropped", {{"token", slot->token}, {"attempt", slot->attempt}});
    slot->judge.drop();
    slot->problem_judge.drop();
  }
}

void Worker::on_blob(const Digest& digest, std::optional<std::string> bytes) {
  if (bytes) {
    if (const auto kept = shelf_.keep(digest, *bytes); !kept) {
      for (const auto& slot : slots_) tell(*slot, slot->problem_judge.on_blob_lost(digest, kept.error().message));
      return;
    }
  }
  for (const auto& slot : slots_) tell(*slot, slot->problem_judge.on_blob(digest, bytes.has_value()));
}

// Where the boxes of a slot belong at the moment: to its own problem, or to that of the slot that they are lent to.
void Worker::look_after_problem(Slot& slot, TimePoint now) {
  Slot& user = slot.lent_to != nullptr ? *slot.lent_to : slot;
  slot.lane.run.forget_unread();
  for (const auto box : {TestRun::Box::program, TestRun::Box::checker}) {
    auto& runner = box == TestRun::Box::program ? slot.runner : slot.checker_runner;
    auto end = runner.receive(now);
    if (!end) continue;
    if (auto* outcome = std::get_if<sandbox::Outcome>(&*end)) {
      tell(user, user.problem_judge.on_outcome(slot.lane, box, std::move(*outcome)));
    } else {
      tell(user, user.problem_judge.on_broken(slot.lane, box, std::get<SandboxRunner::Broken>(*end).reason));
    }
  }
  if (slot.lent_to != nullptr && !user.problem_judge.uses(slot.lane)) slot.lent_to = nullptr;
}

// What has nothing of its own to do helps with the tests of a problem, one at a time, so that a job that comes waits
// for one test at most.
void Worker::share_idle_slots() {
  for (const auto& helper : slots_) {
    if (!helper->idle()) continue;
    const auto needy =
        std::ranges::find_if(slots_, [](const auto& slot) { return slot->problem_judge.could_use_lane(); });
    if (needy == slots_.end()) return;
    tell(**needy, (*needy)->problem_judge.lend(helper->lane));
    if ((*needy)->problem_judge.uses(helper->lane)) helper->lent_to = needy->get();
  }
}

void Worker::look_after(Slot& slot, TimePoint now) {
  if (slot.lent_to != nullptr || !slot.problem_judge.idle()) return look_after_problem(slot, now);
  auto end = slot.runner.receive(now);
  if (!end) return;
  if (auto* outcome = std::get_if<sandbox::Outcome>(&*end)) {
    tell(slot, slot.judge.on_outcome(std::move(*outcome)));
  } else {
    tell(slot, slot.judge.on_broken(std::get<SandboxRunner::Broken>(*end).reason));
  }
}

void Worker::start_waiting_jobs() {
  for (const auto& slot : slots_) {
    // A job that ends as it starts (its options are no words) leaves the slot idle for the next one.
    while (!waiting_.empty() && slot->idle()) {
      auto job = std::move(waiting_.front());
      waiting_.pop_front();
      start(*slot, std::move(job));
    }
  }
}

void Worker::start(Slot& slot, Job job) {
  slot.ref = job.ref;
  slot.token = job.submission.token.text();
  slot.attempt = job.attempt;
  const auto language_id = job.submission.language_id;
  log::info("job_started", {{"token", slot.token}, {"attempt", slot.attempt}, {"language", language_id}});
  const auto* recipe = catalogue_.find(language_id);
  if (recipe == nullptr) {
    on_failed(slot, "language " + std::to_string(language_id) + " is not offered here");
    return;
  }
  if (job.submission.problem) {
    tell(slot, slot.problem_judge.start(std::move(job.submission), *recipe));
  } else {
    tell(slot, slot.judge.start(std::move(job.submission), *recipe));
  }
  crash_point("worker.box_started");
}

void Worker::tell(Slot& slot, Judge::News news) {
  if (const auto* compiled = std::get_if<Judge::Compiled>(&news)) {
    log::debug("job_compiled", {{"token", slot.token}, {"attempt", slot.attempt}, {"wall_us", compiled->wall.count()}});
    link_.compiled(slot.ref, compiled->wall);
  } else if (auto* finished = std::get_if<Judge::Finished>(&news)) {
    tell_finished(slot, std::move(finished->report));
  } else if (const auto* failed = std::get_if<Judge::Failed>(&news)) {
    on_failed(slot, failed->reason);
  }
}

void Worker::tell(Slot& slot, ProblemJudge::News news) {
  for (auto& event : news) {
    if (const auto* compiled = std::get_if<ProblemJudge::Compiled>(&event)) {
      link_.compiled(slot.ref, compiled->wall);
    } else if (const auto* wanted = std::get_if<ProblemJudge::Wanted>(&event)) {
      link_.want_blob(wanted->digest);
    } else if (auto* progress = std::get_if<TestProgress>(&event)) {
      link_.progress(slot.ref, std::move(*progress));
    } else if (auto* finished = std::get_if<ProblemJudge::Finished>(&event)) {
      tell_finished(slot, std::move(finished->report));
    } else if (const auto* failed = std::get_if<ProblemJudge::Failed>(&event)) {
      on_failed(slot, failed->reason);
    }
  }
}

void Worker::tell_finished(Slot& slot, Report report) {
  failures_in_a_row_ = 0;
  log::info("job_finished", {{"token", slot.token},
                             {"attempt", slot.attempt},
                             {"verdict", to_string(report.verdict)},
                             {"cpu_us", report.cpu_us.value_or(0)},
                             {"wall_us", report.wall_us.value_or(0)},
                             {"memory_kib", report.memory_kib.value_or(0)}});
  link_.finished(slot.ref, std::move(report));
}

void Worker::on_failed(const Slot& slot, const std::string& reason) {
  log::error("job_failed", {{"token", slot.token}, {"attempt", slot.attempt}, {"reason", reason}});
  link_.failed(slot.ref, reason);
  if (++failures_in_a_row_ == kFailuresInARowMax) {
    log::error("worker_cannot_judge", {{"failures_in_a_row", failures_in_a_row_}});
    start_draining("failures");
  }
}

bool Worker::may_leave(TimePoint now) {
  const auto busy = [](const auto& slot) { return !slot->idle(); };
  if (!draining_ || !waiting_.empty() || std::ranges::any_of(slots_, busy)) return false;
  if (!settle_until_) settle_until_ = now + kSettleMax;
  if (!link_.idle() && now < *settle_until_) return false;
  if (!link_.idle()) log::warn("reports_not_settled", {{"waited_s", std::chrono::seconds(kSettleMax).count()}});
  return true;
}

}  // namespace pushjudge
