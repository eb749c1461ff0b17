#pragma once

// Room for thousands of sockets in one process.

#include <sys/resource.h>

#include <cstddef>

namespace pushjudge::testing {

// Lets this process, and those that it starts, have as many descriptors as it may (ulimit -Hn), and says how many.
inline std::size_t raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_max;
}

}  // namespace pushjudge::testing
