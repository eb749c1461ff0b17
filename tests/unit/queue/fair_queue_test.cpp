#include "queue/fair_queue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <vector>

using namespace pushjudge;
using std::chrono::milliseconds;

namespace {

constexpr std::int32_t kCpp = 54;
constexpr std::int32_t kPython = 71;
constexpr std::uint32_t kNoBound = std::numeric_limits<std::uint32_t>::max();
const std::vector<std::int32_t> kBoth = {kCpp, kPython};

FairQueue::Place place(const std::string& lane, JobClass job_class = JobClass::interactive,
                       std::int32_t language = kCpp) {
  return {job_class, lane, language};
}

std::optional<JobId> take(FairQueue& queue, std::uint32_t lane_running_max = kNoBound) {
  return queue.take(kBoth, lane_running_max);
}

// A worker with some slots and a clock that is turned by hand. Jobs take what `cost` says of their lane.
class Simulation {
 public:
  explicit Simulation(std::size_t slots) : slots_(slots) {}

  void submit(const std::string& lane, milliseconds cost, JobClass job_class = JobClass::interactive) {
    const JobId job = ++last_;
    jobs_[job] = {lane, cost, now_, milliseconds(-1)};
    queue_.add(job, place(lane, job_class));
    fill();
  }

  // Until the next job ends. False when none runs.
  bool step() {
    const auto next = std::min_element(running_.begin(), running_.end(),
                                       [](const auto& a, const auto& b) { return a.first < b.first; });
    if (next == running_.end()) return false;
    now_ = next->first;
    const JobId job = next->second;
    running_.erase(next);
    queue_.left(job, jobs_[job].cost);
    used_[jobs_[job].lane] += jobs_[job].cost;
    fill();
    return true;
  }

  milliseconds now() const { return now_; }
  milliseconds used(const std::string& lane) { return used_[lane]; }
  // How long the jobs of a lane waited; those that still do are left out.
  std::vector<milliseconds> waits(const std::string& lane) const {
    std::vector<milliseconds> waits;
    for (const auto& [id, job] : jobs_) {
      if (job.lane == lane && job.began >= milliseconds(0)) waits.push_back(job.began - job.came);
    }
    return waits;
  }

 private:
  struct Job {
    std::string lane;
    milliseconds cost{0};
    milliseconds came{0};
    milliseconds began{0};
  };

  void fill() {
    while (running_.size() < slots_) {
      const auto job = take(queue_);
      if (!job) return;
      jobs_[*job].began = now_;
      running_.push_back({now_ + jobs_[*job].cost, *job});
    }
  }

  FairQueue queue_;
  std::size_t slots_;
  milliseconds now_{0};
  JobId last_ = 0;
  std::map<JobId, Job> jobs_;
  std::vector<std::pair<milliseconds, JobId>> running_;
  std::map<std::string, milliseconds> used_;
};

// Jain's index of fairness: 1 when all have the same (Jain, Chiu, Hawe, 1984).
double jain(const std::vector<double>& shares) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  const double squares = std::inner_product(shares.begin(), shares.end(), shares.begin(), 0.0);
  return sum * sum / (static_cast<double>(shares.size()) * squares);
}

}  // namespace

TEST_CASE("fair queue: inside a lane the oldest job in any of the languages comes first") {
  FairQueue queue;
  queue.add(3, place("a"));
  queue.add(1, place("a", JobClass::interactive, kPython));
  queue.add(2, place("a"));
  CHECK(take(queue) == JobId{1});
  CHECK(take(queue) == JobId{2});
  CHECK(take(queue) == JobId{3});
  CHECK_FALSE(take(queue).has_value());
  CHECK(queue.waiting() == 0);
  CHECK(queue.running() == 3);
}

TEST_CASE("fair queue: a job in a language that is not offered stays, and holds up nobody else of its lane") {
  FairQueue queue;
  const std::vector<std::int32_t> cpp = {kCpp};
  queue.add(1, place("a", JobClass::interactive, kPython));
  CHECK_FALSE(queue.take(cpp, kNoBound).has_value());
  queue.add(2, place("a"));
  CHECK(queue.take(cpp, kNoBound) == JobId{2});
  CHECK(queue.waiting() == 1);
}

TEST_CASE("fair queue: a job that comes back takes its old place") {
  FairQueue queue;
  queue.add(1, place("a"));
  queue.add(2, place("a"));
  CHECK(take(queue) == JobId{1});
  queue.left(1, milliseconds(10));
  queue.add(1, place("a"));
  CHECK(take(queue) == JobId{1});
}

TEST_CASE("fair queue: adding twice and removing what is not there change nothing") {
  FairQueue queue;
  queue.add(1, place("a"));
  queue.add(1, place("a"));
  CHECK(queue.waiting() == 1);
  queue.remove(2, place("a"));
  queue.remove(1, place("b"));
  queue.remove(1, place("a", JobClass::interactive, kPython));
  CHECK(queue.waiting() == 1);
  queue.remove(1, place("a"));
  CHECK(queue.waiting() == 0);
  CHECK_FALSE(take(queue).has_value());
}

TEST_CASE("fair queue: who sends one job waits for no more than the one that runs, however many wait") {
  Simulation worker(1);
  for (int i = 0; i < 10'000; ++i) worker.submit("flood", milliseconds(100));
  for (int i = 0; i < 50; ++i) REQUIRE(worker.step());
  worker.submit("single", milliseconds(100));
  for (int i = 0; i < 2; ++i) REQUIRE(worker.step());
  REQUIRE(worker.waits("single").size() == 1);
  CHECK(worker.waits("single")[0] <= milliseconds(100));
}

TEST_CASE("fair queue: one job a second beside a flood never waits longer than the longest job") {
  Simulation worker(2);
  for (int i = 0; i < 2'000; ++i) worker.submit("flood", milliseconds(100 + 37 * (i % 11)));
  const milliseconds longest(100 + 37 * 10);
  for (milliseconds next(500); next < std::chrono::minutes(2); next += std::chrono::seconds(1)) {
    while (worker.now() < next) REQUIRE(worker.step());
    worker.submit("single", milliseconds(150));
  }
  const auto waits = worker.waits("single");
  CHECK(waits.size() >= 118);
  CHECK(*std::max_element(waits.begin(), waits.end()) <= longest);
}

TEST_CASE("fair queue: lanes of one class get the same time of the workers, whatever their jobs cost") {
  Simulation worker(4);
  const std::vector<milliseconds> costs = {milliseconds(20),  milliseconds(50),  milliseconds(100),
                                           milliseconds(250), milliseconds(700), milliseconds(1'000)};
  for (std::size_t lane = 0; lane < costs.size(); ++lane) {
    for (int i = 0; i < 6'000; ++i) worker.submit(std::to_string(lane), costs[lane]);
  }
  while (worker.now() < std::chrono::seconds(60)) REQUIRE(worker.step());
  std::vector<double> shares;
  for (std::size_t lane = 0; lane < costs.size(); ++lane) {
    shares.push_back(static_cast<double>(worker.used(std::to_string(lane)).count()));
  }
  CHECK(jain(shares) >= 0.98);
}

TEST_CASE("fair queue: classes share as 8 to 4 to 1 while all of them wait") {
  Simulation worker(3);
  for (int i = 0; i < 4'000; ++i) {
    worker.submit("a", milliseconds(100), JobClass::contest);
    worker.submit("b", milliseconds(100), JobClass::interactive);
    worker.submit("c", milliseconds(100), JobClass::rejudge);
  }
  while (worker.now() < std::chrono::seconds(65)) REQUIRE(worker.step());
  const double whole = 65.0 * 3 * 1'000;
  CHECK(static_cast<double>(worker.used("a").count()) / whole == doctest::Approx(8.0 / 13).epsilon(0.03));
  CHECK(static_cast<double>(worker.used("b").count()) / whole == doctest::Approx(4.0 / 13).epsilon(0.03));
  CHECK(static_cast<double>(worker.used("c").count()) / whole == doctest::Approx(1.0 / 13).epsilon(0.05));
}

TEST_CASE("fair queue: a lane that is alone gets every slot, and one that idled has saved up nothing") {
  FairQueue queue;
  for (JobId job = 1; job <= 100; ++job) queue.add(job, place("a"));
  for (JobId job = 1; job <= 8; ++job) CHECK(take(queue) == job);
  for (JobId job = 1; job <= 8; ++job) queue.left(job, milliseconds(1'000));
  // b comes after a has had eight seconds: it goes first once, and is not owed the rest.
  for (JobId job = 101; job <= 200; ++job) queue.add(job, place("b"));
  int of_b = 0;
  for (int i = 0; i < 10; ++i) {
    const auto job = take(queue);
    REQUIRE(job.has_value());
    of_b += *job > 100 ? 1 : 0;
  }
  CHECK(of_b == 5);
}

TEST_CASE("fair queue: a lane that has its share of the slots is passed over until a job of it ends") {
  FairQueue queue;
  for (JobId job = 1; job <= 10; ++job) queue.add(job, place("a"));
  CHECK(take(queue, 2) == JobId{1});
  CHECK(take(queue, 2) == JobId{2});
  CHECK_FALSE(take(queue, 2).has_value());
  queue.add(11, place("b"));
  CHECK(take(queue, 2) == JobId{11});
  queue.left(2, milliseconds(5));
  CHECK(take(queue, 2) == JobId{3});
}

TEST_CASE("fair queue: what ran before it was made counts as running") {
  FairQueue queue;
  queue.adopt(1, place("a"));
  queue.adopt(2, place("a"));
  queue.add(3, place("a"));
  CHECK(queue.running() == 2);
  CHECK_FALSE(take(queue, 2).has_value());
  queue.left(1, milliseconds(5));
  CHECK(take(queue, 2) == JobId{3});
}

TEST_CASE("fair queue: clearing forgets the jobs, and charges nothing for those that ran") {
  FairQueue queue;
  queue.add(1, place("a"));
  queue.add(2, place("a"));
  CHECK(take(queue) == JobId{1});
  CHECK(take(queue) == JobId{2});
  queue.clear();
  CHECK(queue.waiting() == 0);
  CHECK(queue.running() == 0);
  queue.left(1, milliseconds(60'000));
  queue.add(3, place("a"));
  queue.add(4, place("b"));
  queue.add(5, place("a"));
  CHECK(take(queue) == JobId{3});
  CHECK(take(queue) == JobId{4});
  CHECK(take(queue) == JobId{5});
}

TEST_CASE("fair queue: lanes that came and went are forgotten once they are owed nothing") {
  FairQueue queue;
  for (JobId job = 1; job <= 100'000; ++job) {
    queue.add(job, place("lane " + std::to_string(job)));
    CHECK(take(queue) == job);
    queue.left(job, milliseconds(1));
  }
  CHECK(queue.waiting() == 0);
  CHECK(queue.running() == 0);
  CHECK(queue.lanes() < 5'000);
}
