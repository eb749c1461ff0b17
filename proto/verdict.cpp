#include "proto/verdict.hpp"

#include <array>
#include <csignal>

#include "proto/base/names.hpp"

namespace pushjudge {
namespace {

constexpr std::array<std::string_view, 11> kVerdictNames = {
    "accepted",
    "wrong_answer",
    "time_limit_exceeded",
    "wall_time_limit_exceeded",
    "memory_limit_exceeded",
    "output_limit_exceeded",
    "compilation_error",
    "runtime_error",
    "exec_format_error",
    "internal_error",
    "cancelled",
};

constexpr std::array<Status, 14> kStatuses = {{
    {1, "In Queue"},
    {2, "Processing"},
    {3, "Accepted"},
    {4, "Wrong Answer"},
    {5, "Time Limit Exceeded"},
    {6, "Compilation Error"},
    {7, "Runtime Error (SIGSEGV)"},
    {8, "Runtime Error (SIGXFSZ)"},
    {9, "Runtime Error (SIGFPE)"},
    {10, "Runtime Error (SIGABRT)"},
    {11, "Runtime Error (NZEC)"},
    {12, "Runtime Error (Other)"},
    {13, "Internal Error"},
    {14, "Exec Format Error"},
}};

int status_id_of_signal(int signal) {
  switch (signal) {
    case SIGSEGV:
      return 7;
    case SIGXFSZ:
      return 8;
    case SIGFPE:
      return 9;
    case SIGABRT:
      return 10;
    default:
      return 12;
  }
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  return name_of(kVerdictNames, verdict);
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  return with_name<Verdict>(kVerdictNames, text);
}

std::span<const Status> statuses() {
  return kStatuses;
}

const Status& status_of(int id) {
  PJ_ASSERT(id >= 1 && id <= 14);
  return kStatuses[static_cast<std::size_t>(id - 1)];
}

int status_id(Verdict verdict, std::optional<int> signal) {
  switch (verdict) {
    case Verdict::accepted:
      return 3;
    case Verdict::wrong_answer:
      return 4;
    case Verdict::time_limit_exceeded:
    case Verdict::wall_time_limit_exceeded:
      return 5;
    case Verdict::compilation_error:
      return 6;
    case Verdict::runtime_error:
      return signal ? status_id_of_signal(*signal) : 11;
    case Verdict::memory_limit_exceeded:
    case Verdict::output_limit_exceeded:
      return 12;
    case Verdict::internal_error:
    case Verdict::cancelled:
      return 13;
    case Verdict::exec_format_error:
      return 14;
  }
  return 13;
}

}  // namespace pushjudge
