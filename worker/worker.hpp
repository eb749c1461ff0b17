#pragma once

// The worker: joins a core, deals its jobs to slots, tells the core what came of them, and leaves in good order. One
// loop, no threads: everything here belongs to the thread that calls run().

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/clock.hpp"
#include "proto/ids.hpp"
#include "queue/link.hpp"
#include "worker/catalogue.hpp"
#include "worker/config.hpp"
#include "worker/judge.hpp"
#include "worker/problem_judge.hpp"
#include "worker/problem_shelf.hpp"
#include "worker/sandbox_runner.hpp"

namespace pushjudge {

class Worker final : private LinkHandler {
 public:
  // `problem_files_max` files of problems may be kept open. Throws std::runtime_error for an address of a core that is
  // none.
  Worker(const WorkerConfig& config, const Catalogue& catalogue, const JudgeOptions& judging,
         std::size_t problem_files_max);

  // Works until told to stop. `signal_fd` is a signalfd: the first signal drains (takes no more, finishes what runs),
  // the second ends at once. Returns the exit code: 0 after a drain, 1 when runs were given up or no box works any
  // more.
  int run(int signal_fd);

 private:
  // A place where one job at a time is judged: by itself, or as an answer to a problem. While it has nothing to do, its
  // boxes may be lent to another slot's problem. Stays where it is: the judges know its runners.
  struct Slot {
    Slot(const std::string& sandbox, const JudgeOptions& options, ProblemShelf& shelf,
         ProblemJudge::OfferedLanguage offered)
        : runner(sandbox),
          checker_runner(sandbox),
          lane(runner, checker_runner),
          judge(runner, options),
          problem_judge(lane, shelf, options.unpacker, std::move(offered)) {}
    bool idle() const { return judge.idle() && problem_judge.idle() && lent_to == nullptr; }

    SandboxRunner runner;
    SandboxRunner checker_runner;  // started when a problem needs it
    Lane lane;
    Judge judge;
    ProblemJudge problem_judge;
    Slot* lent_to = nullptr;
    JobRef ref;
    std::string token;
    std::uint32_t attempt = 0;
  };

  void on_job(Job job) override;
  void on_drop(JobRef ref) override;
  void on_joined(bool first) override;
  void on_blob(const Digest& digest, std::optional<std::string> bytes) override;

  void on_signal(int signal_fd);
  void start_draining(std::string_view why);
  void look_after(Slot& slot, TimePoint now);
  void look_after_problem(Slot& slot, TimePoint now);
  void share_idle_slots();
  void start_waiting_jobs();
  void start(Slot& slot, Job job);
  void tell(Slot& slot, Judge::News news);
  void tell(Slot& slot, ProblemJudge::News news);
  void tell_finished(Slot& slot, Report report);
  void on_failed(const Slot& slot, const std::string& reason);
  bool may_leave(TimePoint now);

  const Catalogue& catalogue_;
  ProblemShelf shelf_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::deque<Job>
      waiting_;  // the core's credit bounds it; a job waits while the slot it is for clears up a dropped one
  Link link_;
  bool draining_ = false;
  bool ending_at_once_ = false;
  int failures_in_a_row_ = 0;
  std::optional<TimePoint> settle_until_;  // how long a drained worker waits for a core that does not answer
};

}  // namespace pushjudge
