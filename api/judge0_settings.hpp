#pragma once

// What Judge0's users tell it in judge0.conf, as far as it is the gateway's business: the names, defaults and bounds of
// Judge0 1.13.1, in one table from which the options, the environment, the file and the help are made. Pure; any
// thread.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proto/base/result.hpp"

namespace pushjudge {

struct Judge0Settings {
  bool maintenance_mode = false;
  std::string maintenance_message = "Judge0 is currently in maintenance.";
  bool enable_wait_result = true;
  bool enable_compiler_options = true;
  std::vector<std::string> allowed_languages_for_compiler_options;  // empty: all that are compiled
  bool enable_command_line_arguments = true;
  bool enable_submission_delete = false;
  bool enable_batched_submissions = true;
  std::uint64_t max_submission_batch_size = 20;
  bool enable_callbacks = true;
  std::uint64_t callbacks_max_tries = 8;  // Judge0: 3, without a pause between them
  double callbacks_timeout = 5;           // seconds, of each try
  bool enable_additional_files = true;
  std::uint64_t max_extract_size = 10'240;  // KiB; the worker has the same setting, and keeps to it
  double submission_cache_duration = 1;     // seconds; only told, for nothing here is ever stale
  bool use_docs_as_homepage = false;
  // False: what says nothing of base64_encoded is base64, as in Judge0's next version. 1.13.1 has no such setting.
  bool disable_implicit_base64_encoding = true;

  std::vector<std::string> disallow_origin;
  std::vector<std::string> allow_ip;  // addresses and CIDR ranges; empty: all
  std::vector<std::string> disallow_ip;
  std::string authn_header = "X-Auth-Token";
  std::string authz_header = "X-Auth-User";
  std::vector<std::string> authz_token;  // empty: nobody may do what wants one

  // Of one run. Times are in seconds, sizes in KiB.
  double cpu_time_limit = 5;
  double max_cpu_time_limit = 15;
  double cpu_extra_time = 1;
  double max_cpu_extra_time = 5;
  double wall_time_limit = 10;
  double max_wall_time_limit = 20;
  std::uint64_t memory_limit = 128'000;
  std::uint64_t max_memory_limit = 512'000;
  std::uint64_t stack_limit = 64'000;
  std::uint64_t max_stack_limit = 128'000;
  std::uint64_t max_processes_and_or_threads = 60;
  std::uint64_t max_max_processes_and_or_threads = 120;
  bool enable_per_process_and_thread_time_limit = false;
  bool allow_enable_per_process_and_thread_time_limit = true;
  bool enable_per_process_and_thread_memory_limit = false;
  bool allow_enable_per_process_and_thread_memory_limit = true;
  std::uint64_t max_file_size = 1'024;
  std::uint64_t max_max_file_size = 4'096;
  std::uint64_t number_of_runs = 1;
  std::uint64_t max_number_of_runs = 20;
  bool redirect_stderr_to_stdout = false;
  bool allow_enable_network = false;  // Judge0: true
  bool enable_network = false;
};

struct Judge0Setting {
  std::string_view variable;  // "MAX_CPU_TIME_LIMIT"
  std::variant<bool Judge0Settings::*, double Judge0Settings::*, std::uint64_t Judge0Settings::*,
               std::string Judge0Settings::*, std::vector<std::string> Judge0Settings::*>
      field;
  std::string_view meaning;
  double least = 0;  // of numbers
  double most = 0;
  bool secret = false;  // never printed
};

std::span<const Judge0Setting> judge0_settings();

// "MAX_CPU_TIME_LIMIT" is --max-cpu-time-limit on the command line.
std::string option_name(std::string_view variable);

// Lists are words with blanks between. Errors: invalid, for a text that is no such value or out of the bounds.
Result<void> assign(Judge0Settings& settings, const Judge0Setting& setting, std::string_view text);
// As assign() takes it.
std::string value_of(const Judge0Settings& settings, const Judge0Setting& setting);

// A default that nobody gave follows a maximum that is lower. Errors: invalid, for settings that contradict each other:
// a default that was given and is over its maximum, or what is on by default and is not allowed; for ranges of
// addresses that are none; for names of headers that can be none.
Result<void> reconcile(Judge0Settings& settings, const std::function<bool(std::string_view variable)>& given);

}  // namespace pushjudge
