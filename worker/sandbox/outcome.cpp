#include "worker/sandbox/outcome.hpp"

#include <unistd.h>

#include <cstring>

#include "worker/sandbox/spec.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr std::array<std::string_view, 9> kStatusNames{"exited",      "signaled",     "time_limit",
                                                       "wall_limit",  "memory_limit", "output_limit",
                                                       "exec_failed", "cancelled",    "internal_error"};
constexpr std::array<std::string_view, 3> kAccountingNames{"cgroup2", "cgroup1", "rusage"};

// A file in the message: whether a descriptor comes with it, in the order stdout, stderr, answers, archive, collected.
struct FileRecord {
  std::uint64_t size;
  std::int32_t error;
  std::uint8_t has_fd;
  std::uint8_t truncated;
  std::array<std::uint8_t, 2> zero;
};

struct OutcomeHeader {
  static constexpr std::uint32_t kMagic = 0x334f4a50;  // "PJO3"
  std::uint32_t magic;
  Status status;
  Accounting accounting;
  std::array<std::uint8_t, 2> zero;
  std::int32_t exit_code;
  std::int32_t signal;
  std::uint64_t cpu_us;
  std::uint64_t wall_us;
  std::uint64_t memory_bytes;
  Phases phases;
  std::int32_t failure_index;
  std::int32_t failure_error;
  std::array<char, 32> failure_step;
  FileRecord out;
  FileRecord err;
  FileRecord answers;
  FileRecord archive;
  std::uint32_t collected_count;
  std::uint32_t text_bytes;
};

FileRecord record_of(const Fd& fd, std::uint64_t size, bool truncated, int error, std::vector<int>& fds) {
  if (fd) fds.push_back(fd.get());
  return {size, error, static_cast<std::uint8_t>(fd ? 1 : 0), static_cast<std::uint8_t>(truncated ? 1 : 0), {}};
}

}  // namespace

std::string_view to_string(Status status) {
  const auto index = static_cast<std::size_t>(status);
  return index < kStatusNames.size() ? kStatusNames[index] : "internal_error";
}

std::string_view to_string(Accounting accounting) {
  const auto index = static_cast<std::size_t>(accounting);
  return index < kAccountingNames.size() ? kAccountingNames[index] : "rusage";
}

std::string content_of(const Fd& file) {
  std::string content;
  std::array<char, 65536> part;
  off_t offset = 0;
  while (file) {
    const ssize_t size = ::pread(file.get(), part.data(), part.size(), offset);
    if (size <= 0) break;
    content.append(part.data(), static_cast<std::size_t>(size));
    offset += size;
  }
  return content;
}

EncodedOutcome encode(const Outcome& outcome) {
  EncodedOutcome encoded;
  OutcomeHeader header{};
  header.magic = OutcomeHeader::kMagic;
  header.status = outcome.status;
  header.accounting = outcome.accounting;
  header.exit_code = outcome.exit_code;
  header.signal = outcome.signal;
  header.cpu_us = outcome.cpu_us;
  header.wall_us = outcome.wall_us;
  header.memory_bytes = outcome.memory_bytes;
  header.phases = outcome.phases;
  header.failure_index = outcome.failure.index;
  header.failure_error = outcome.failure.error;
  outcome.failure.step.copy(header.failure_step.data(), header.failure_step.size() - 1);
  header.out = record_of(outcome.out.fd, outcome.out.size, outcome.out.truncated, 0, encoded.fds);
  header.err = record_of(outcome.err.fd, outcome.err.size, outcome.err.truncated, 0, encoded.fds);
  const Output& answers = outcome.answers;
  header.answers = record_of(answers.fd, answers.size, answers.truncated, 0, encoded.fds);
  const Collected& archive = outcome.archive;
  header.archive = record_of(archive.fd, archive.size, false, archive.error, encoded.fds);

  std::vector<FileRecord> records;
  std::string names;
  for (const auto& file : outcome.collected) {
    records.push_back(record_of(file.fd, file.size, false, file.error, encoded.fds));
    names.append(file.name).push_back('\0');
  }
  header.collected_count = static_cast<std::uint32_t>(records.size());
  header.text_bytes = static_cast<std::uint32_t>(names.size());

  const auto append = [&encoded](std::span<const std::byte> raw) {
    encoded.bytes.insert(encoded.bytes.end(), raw.begin(), raw.end());
  };
  append(bytes_of(header));
  append(std::as_bytes(std::span(records)));
  append(std::as_bytes(std::span(names)));
  return encoded;
}

std::optional<Outcome> decode_outcome(std::span<const std::byte> message, ReceivedFds& fds) {
  OutcomeHeader header;
  if (message.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, message.data(), sizeof header);
  message = message.subspan(sizeof header);
  if (header.magic != OutcomeHeader::kMagic || header.collected_count > kCollectMax ||
      static_cast<std::size_t>(header.status) >= kStatusNames.size() ||
      static_cast<std::size_t>(header.accounting) >= kAccountingNames.size() ||
      message.size() != header.collected_count * sizeof(FileRecord) + header.text_bytes) {
    return std::nullopt;
  }

  std::size_t next_fd = 0;
  const auto take = [&](const FileRecord& record) { return record.has_fd != 0 ? fds.take(next_fd++) : Fd(); };
  Outcome outcome;
  outcome.status = header.status;
  outcome.accounting = header.accounting;
  outcome.exit_code = header.exit_code;
  outcome.signal = header.signal;
  outcome.cpu_us = header.cpu_us;
  outcome.wall_us = header.wall_us;
  outcome.memory_bytes = header.memory_bytes;
  outcome.phases = header.phases;
  header.failure_step.back() = '\0';
  outcome.failure = {header.failure_step.data(), header.failure_index, header.failure_error};
  outcome.out = {take(header.out), header.out.size, header.out.truncated != 0};
  outcome.err = {take(header.err), header.err.size, header.err.truncated != 0};
  outcome.answers = {take(header.answers), header.answers.size, header.answers.truncated != 0};
  outcome.archive = {"", take(header.archive), header.archive.size, header.archive.error};

  const auto text = message.subspan(header.collected_count * sizeof(FileRecord));
  std::string_view names(reinterpret_cast<const char*>(text.data()), text.size());
  for (std::size_t i = 0; i < header.collected_count; ++i) {
    FileRecord record;
    std::memcpy(&record, message.data() + i * sizeof record, sizeof record);
    const auto nul = names.find('\0');
    if (nul == std::string_view::npos) return std::nullopt;
    outcome.collected.push_back({std::string(names.substr(0, nul)), take(record), record.size, record.error});
    names.remove_prefix(nul + 1);
  }
  return outcome;
}

}  // namespace pushjudge::sandbox
