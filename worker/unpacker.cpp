#include "worker/unpacker.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include "worker/memory_file.hpp"
#include "worker/report.hpp"
#include "worker/sandbox/tree.hpp"

namespace pushjudge {

namespace {

using End = sandbox::Status;

constexpr std::string_view kEmptyArchive("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);

constexpr const char* kProgram = "unpack";
constexpr int kRefused = 1;  // exit code of pushjudge-unpack, with the reason on standard error

// Some 50 bytes of a directory of an archive cost libzip some 250.
constexpr std::uint64_t kMemoryBytes = 256ULL << 20;

}  // namespace

Result<Unpacker> read_unpacker(const std::string& program, std::uint64_t kib_max) {
  std::ifstream stream(program, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || bytes.empty()) return Error{Errc::not_found, "cannot read " + program};
  auto file = make_memory_file(kProgram, bytes);
  if (!file) return file.error();
  return Unpacker{std::make_shared<const UniqueFd>(*std::move(file)), kib_max << 10};
}

sandbox::Spec unpacking_of(const Unpacker& unpacker, int zip) {
  sandbox::Spec spec;
  spec.argv = {std::string("./") + kProgram, std::to_string(unpacker.bytes_max), std::to_string(kUnpackedEntriesMax)};
  spec.limits.cpu_us = 5'000'000;
  spec.limits.wall_us = 30'000'000;
  spec.limits.memory_bytes = kMemoryBytes + unpacker.bytes_max;
  constexpr auto overhead = (kUnpackedEntriesMax + 1) * (sizeof(sandbox::TreeEntry) + sandbox::kPathBytesMax);
  spec.limits.stdout_bytes = unpacker.bytes_max + overhead;
  spec.limits.stderr_bytes = 4 << 10;
  spec.files.push_back({kProgram, 0755, unpacker.program->get(), true});
  spec.stdin_fd = zip;
  return spec;
}

Result<std::optional<std::string>> refusal_of(const sandbox::Outcome& outcome) {
  auto said = read_memory_file(outcome.err.fd.get(), outcome.err.size);
  if (!said) return said.error();
  switch (outcome.status) {
    case End::exited:
      if (outcome.exit_code == 0) return std::optional<std::string>();
      if (outcome.exit_code == kRefused) return std::optional(*std::move(said));
      break;
    // What libzip cannot cope with in all this room is no archive that anybody needs.
    case End::signaled:
    case End::memory_limit:
    case End::time_limit:
    case End::output_limit:
      return std::optional<std::string>("the archive cannot be unpacked");
    case End::exec_failed:
      return Error{Errc::internal, "the unpacker could not be started: " + describe(outcome.failure)};
    case End::wall_limit:  // its CPU time would have ended it before on a machine that works
    case End::cancelled:
    case End::internal_error:
      break;
  }
  return Error{Errc::internal, "the unpacker failed: " + std::string(to_string(outcome.status)) + ", exit code " +
                                   std::to_string(outcome.exit_code) + ", " + *said};
}

Result<void> try_unpacker(const Unpacker& unpacker, SandboxRunner& runner) {
  const auto zip = make_memory_file("empty", kEmptyArchive);
  if (!zip) return zip.error();
  const auto outcome = run_to_end(runner, unpacking_of(unpacker, zip->get()));
  if (!outcome) return outcome.error();
  const auto refusal = refusal_of(*outcome);
  if (!refusal) return refusal.error();
  if (*refusal) return Error{Errc::internal, "the unpacker refuses an empty archive: " + **refusal};
  return {};
}

}  // namespace pushjudge
