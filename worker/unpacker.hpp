#pragma once

// Additional files: how an archive that came with a submission is unpacked. By a program in a box (pushjudge-unpack),
// with limits of its own: what reads a hostile archive may fail, but not in the worker. Values; any thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "proto/base/result.hpp"
#include "proto/base/unique_fd.hpp"
#include "worker/sandbox/outcome.hpp"
#include "worker/sandbox/spec.hpp"
#include "worker/sandbox_runner.hpp"

namespace pushjudge {

// The most files and folders of an archive, and the bounds of what its files may be told to take together.
inline constexpr std::uint64_t kUnpackedEntriesMax = 1'000;
inline constexpr std::uint64_t kUnpackedKibDefault = 10'240;  // Judge0's MAX_EXTRACT_SIZE, there for each file
inline constexpr std::uint64_t kUnpackedKibMax = 128 << 10;   // half of a box

struct Unpacker {
  std::shared_ptr<const UniqueFd> program;  // pushjudge-unpack as a sealed memfd; shared by all slots
  std::uint64_t bytes_max = kUnpackedKibDefault << 10;
};

// Errors: `not_found` when the program cannot be read.
Result<Unpacker> read_unpacker(const std::string& program, std::uint64_t kib_max);

// The run that unpacks the archive `zip`; `unpacker` must outlive the sending.
sandbox::Spec unpacking_of(const Unpacker& unpacker, int zip);

// What came of it: nothing when the standard output of `outcome` is a tree of files, else why the archive is refused,
// as a sentence for who sent it. Errors: the unpacker failed, which says nothing about the archive. Not for outcomes
// that say nothing about the run (cancelled, internal_error).
Result<std::optional<std::string>> refusal_of(const sandbox::Outcome& outcome);

// Whether it works in a box at all, tried with an empty archive; blocks for as long as that takes. Errors: why not.
Result<void> try_unpacker(const Unpacker& unpacker, SandboxRunner& runner);

}  // namespace pushjudge
