#pragma once

// The submissions that wait for a worker, and whose turn it is. Pure: no I/O, no clock. Owned by one thread.
//
// Each sender has a *lane* in each class. What is shared is the workers' time, by start-time fair queueing (Goyal, Vin,
// Cheng, SIGCOMM 1996), on two levels: classes by their weights, and the lanes of one class alike. Every lane has a
// virtual time, which grows by the time that its jobs hold a slot: by an estimate when one is handed out, corrected
// when it ends. The lane with the least goes next. One that comes back from idling starts level with those that are
// busy, what they run not counted: so nobody saves up, and whoever floods the queue is only ever the jobs that run
// ahead of who sends a single one. Nothing is held back: a lane that is alone gets every slot, unless the caller bounds
// what one lane may hold.
//
// Inside a lane the order is by job id, which is that of acceptance.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "proto/ids.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

class FairQueue {
 public:
  FairQueue();

  // Where a job stands in line.
  struct Place {
    JobClass job_class = JobClass::interactive;
    std::string lane;
    std::int32_t language = 0;
  };

  // Adding a job twice changes nothing; one that comes back takes its old place.
  void add(JobId job, const Place& place);
  void remove(JobId job, const Place& place);

  // The next job in one of the languages, taken out; it counts as its lane's until left(). A lane that has
  // `lane_running_max` of them is passed over.
  std::optional<JobId> take(std::span<const std::int32_t> languages, std::uint32_t lane_running_max);
  // A job that runs already, handed out by a queue before this one.
  void adopt(JobId job, const Place& place);
  // A job that was taken or adopted holds its slot no longer. Before add(), when it is to wait again.
  void left(JobId job, std::chrono::milliseconds held_slot);

  std::size_t waiting() const { return waiting_; }
  std::size_t running() const { return charges_.size(); }
  std::size_t lanes() const { return lanes_.size(); }  // remembered, idle ones among them
  // Forgets all jobs. What the lanes have had of the workers' time is remembered.
  void clear();

 private:
  using Cost = std::int64_t;  // microseconds of a slot, times the weight's inverse

  // How much somebody has had: by jobs that ended, and in advance by those that run.
  struct Account {
    Cost used = 0;
    Cost charged = 0;
    Cost virtual_time() const { return used + charged; }
  };
  struct Lane {
    std::size_t job_class = 0;
    Account account;
    std::uint64_t number = 0;                         // of its last awakening; breaks ties
    Cost estimate = 0;                                // of a job, from those that ended
    std::map<std::int32_t, std::set<JobId>> waiting;  // by language; no empty sets
    std::uint32_t running = 0;

    bool idle() const { return waiting.empty() && running == 0; }
  };
  // Lanes in the order of their turns.
  using Order = std::set<std::tuple<Cost, std::uint64_t, Lane*>>;
  struct Class {
    Account account;
    std::map<std::int32_t, Order> by_language;  // lanes that have a job waiting in it
    std::set<std::pair<Cost, Lane*>> busy;      // lanes that are not idle, by what they used
    Cost most_used = 0;                         // by any lane, ever: where all start once all were idle
  };
  // What a running job was charged in advance.
  struct Charge {
    Lane* lane = nullptr;
    Cost estimate = 0;
  };

  Class& class_of(const Lane& lane) { return classes_[lane.job_class]; }
  // The lane, made if there is none, and awake.
  Lane& awake(const Place& place);
  void rest_if_idle(Lane& lane);
  // Where in its class, or among the classes, whoever was idle starts.
  static Cost level(const Class& of);
  Cost level_of_classes() const;
  static Lane* next_lane(const Class& of, std::span<const std::int32_t> languages, std::uint32_t lane_running_max);
  static std::pair<JobId, std::int32_t> oldest(const Lane& lane, std::span<const std::int32_t> languages);
  void begin(JobId job, Lane& lane);
  void take_out(Lane& lane, JobId job, std::int32_t language);
  void change(Lane& lane, Cost used, Cost charged);
  void forget_idle_lanes();

  std::array<Class, kJobClassCount> classes_;
  std::map<std::pair<std::size_t, std::string>, Lane> lanes_;
  std::unordered_map<JobId, Charge> charges_;  // of running jobs
  std::size_t waiting_ = 0;
  std::size_t forget_at_;  // as many lanes; idle ones are looked for then
  Cost most_used_ = 0;     // by any class
  std::uint64_t awakenings_ = 0;
  Cost estimate_;  // of a job, from those of all lanes that ended
};

}  // namespace pushjudge
