#pragma once

// What became of a submission. Enumerators read as their wire text. Judge0's status ids stay within its 1 to 14, since
// client libraries build enumerations from them; the exact verdict travels in an extra key.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pushjudge {

enum class Verdict : std::uint8_t {
  accepted,
  wrong_answer,
  time_limit_exceeded,       // CPU time of the whole box
  wall_time_limit_exceeded,  // time on the wall
  memory_limit_exceeded,
  output_limit_exceeded,
  compilation_error,
  runtime_error,      // ended by a signal, or with an exit code other than 0
  exec_format_error,  // the program could not be started at all
  internal_error,     // our fault, never the program's
  cancelled,          // ended by whoever holds the token, before it was judged
};

std::string_view to_string(Verdict verdict);
std::optional<Verdict> parse_verdict(std::string_view text);

struct Status {
  int id;
  std::string_view description;
};

inline constexpr int kStatusInQueue = 1;
inline constexpr int kStatusProcessing = 2;

// Judge0's table, ids 1 to 14 in order.
std::span<const Status> statuses();
const Status& status_of(int id);  // id must be 1 to 14

// The status id of a finished submission. `signal` is the one that ended the program, if one did: SIGSEGV 7, SIGXFSZ 8,
// SIGFPE 9, SIGABRT 10, others 12; an exit code other than 0 is 11. Judge0 has no word for what was cancelled: 13, as
// for everything that says nothing about the program.
int status_id(Verdict verdict, std::optional<int> signal);

}  // namespace pushjudge
