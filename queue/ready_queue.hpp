#pragma once

// The submissions that wait for a worker, oldest first. Pure: no I/O, no clock. Owned by one thread.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "proto/ids.hpp"

namespace pushjudge {

class ReadyQueue {
 public:
  // A job that comes back takes its old place: order is by job id. Adding one twice changes nothing.
  void add(JobId job, std::int32_t language);
  void remove(JobId job, std::int32_t language);

  // The oldest job in one of the languages, taken out.
  std::optional<JobId> take(std::span<const std::int32_t> languages);

  std::size_t size() const { return size_; }
  void clear();

 private:
  std::map<std::int32_t, std::set<JobId>> by_language_;
  std::size_t size_ = 0;
};

}  // namespace pushjudge
