#pragma once

// Places where a test has a process die: `CRASH_AT=NAME` in the environment has it kill itself with SIGKILL the first
// time it passes the place, `CRASH_AT=NAME:N` the Nth time. Compiled in only with the CMake option PJ_CRASH_POINTS (the
// presets for tests); without it nothing of this is in the programs, not even the names.
//
// Any thread may pass a place. arm_crash_point() belongs to main, before the first thread.

#include <array>
#include <cstddef>
#include <string_view>

#include "proto/base/result.hpp"

namespace pushjudge {

// In the order in which a submission passes them. Each stands in one place of the product and in a test below
// tests/fault (scripts/lint looks for both).
inline constexpr std::array<std::string_view, 28> kCrashPoints = {
    "gateway.submit_received",  // valid, and nobody else knows of it
    "gateway.request_sent",     // handed to ZeroMQ, which may or may not have sent it
    "core.submit_received",     // waits for a turn
    "engine.after_begin",       // the transaction is open
    "engine.after_accept",      // submissions are written into it
    "engine.before_commit",     // all is written into it
    "engine.after_commit",      // durable, and only the writer thread knows
    "core.before_submitted",    // durable, and nobody outside knows
    "core.after_submitted",     // the gateway is answered, the worker has no job
    "gateway.submitted",        // the gateway has its answer, the client has none
    "core.before_job",          // the lease is durable, the job is not sent
    "core.after_job",           // handed to ZeroMQ, as all that is `sent` here
    "link.job_received",        // the worker has the job and has not begun
    "worker.box_started",       // the sandbox has the first run
    "link.before_result",       // the report is made, and nobody else knows of it
    "link.after_result",        // sent, not acknowledged
    "core.result_received",     // waits for a turn
    "core.before_ack",          // the result is durable, the worker does not know
    "core.after_ack",           // the worker knows, no gateway does
    "core.after_event",         // the first event of the turn is published
    "link.ack_received",        // the worker hears that its report is settled
    "gateway.before_write",     // what waits for a socket is about to be written
    "core.before_drop",         // a cancellation is durable, the worker does not know
    "core.cursor_received",     // what is to become of a cursor waits for a turn
    "core.before_cursor_at",    // it is durable, and nobody outside knows
    "gateway.cursor_at",        // the gateway knows, its client does not
    "engine.before_checkpoint",
    "link.welcomed",  // the worker has a session and has not connected to its pipe
};

// A place by its name; one that is not in the table does not compile.
class CrashPoint {
 public:
  consteval CrashPoint(const char* name) : index_(index_of(name)) {}
  constexpr std::size_t index() const { return index_; }

 private:
  static consteval std::size_t index_of(std::string_view name) {
    std::size_t index = 0;
    while (kCrashPoints.at(index) != name) ++index;
    return index;
  }
  std::size_t index_;
};

#ifdef PJ_CRASH_POINTS

void crash_point(CrashPoint passed);

// Reads CRASH_AT. Error: invalid, for a name that is not in the table or a number that is none.
Result<void> arm_crash_point();

#else

inline void crash_point(CrashPoint) {}
inline Result<void> arm_crash_point() {
  return {};
}

#endif

}  // namespace pushjudge
