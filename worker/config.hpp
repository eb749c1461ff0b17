#pragma once

// What the command line and the environment of pushjudge-worker say. Pure but for the two paths that are found beside
// the program; a value afterwards.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"
#include "worker/unpacker.hpp"

namespace pushjudge {

inline constexpr std::uint64_t kProblemCacheMibDefault = 256;
inline constexpr std::uint64_t kProblemCacheMibMax = 1 << 20;

enum class WorkerAction { run, doctor, help, version, print_config };

struct WorkerConfig {
  WorkerAction action = WorkerAction::run;
  std::string queue;       // the core's address: ipc:///FOLDER or tcp://HOST:PORT
  std::string key;         // the file of this machine's secret key, for a core that is reached by tcp
  std::string server_key;  // the core's public key, or the file that holds it
  unsigned slots = 1;      // how many submissions are judged at once
  std::string name;        // of this worker, for people
  std::string languages;   // the folder of languages
  std::string sandbox;     // the program pushjudge-sandbox
  std::string unpacker;    // the program pushjudge-unpack
  std::uint64_t extract_kib_max = kUnpackedKibDefault;  // what the additional files of a submission may take together
  // What all boxes together may take where a submission's limit of memory is that of each of its processes.
  std::uint64_t memory_kib_max = 0;
  std::uint64_t problem_cache_mib = kProblemCacheMibDefault;  // files of problems that are kept in memory
  std::string log_level = "info";
  std::string origins;  // a line a setting, its value and where that came from; for --print-config
};

// Looks up an environment variable.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// What holds for settings that nobody sets.
struct WorkerDefaults {
  unsigned slots = 1;
  std::string name;
  std::string languages;
  std::string sandbox;
  std::string unpacker;
  std::uint64_t memory_kib_max = 0;
};
// From this process: its cores, half of its machine's memory, its host and number, and the places beside its own file.
WorkerDefaults worker_defaults();

// The command line wins over the environment, that over a judge0.conf, and that over the defaults. Errors (`invalid`):
// an unknown option, a value that is none, running without --queue.
Result<WorkerConfig> read_worker_config(const std::vector<std::string>& arguments, const Environment& environment,
                                        const WorkerDefaults& defaults);

std::string worker_help();

}  // namespace pushjudge
