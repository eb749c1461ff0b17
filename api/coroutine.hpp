#pragma once

// The one completion of every co_spawn: what escapes a coroutine is our own fault; it is logged, and ends that
// coroutine only. Net thread.

#include <exception>

#include "proto/base/log.hpp"

namespace pushjudge {

struct LogAndDrop {
  const char* what;  // which coroutine it was

  void operator()(std::exception_ptr thrown) const {
    if (!thrown) return;
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      log::error("coroutine_threw", {{"coroutine", what}, {"what", error.what()}});
    }
  }
};

}  // namespace pushjudge
