#include "tests/bench/pipeline/commit_witness.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <system_error>

namespace pushjudge::bench {

CommitWitness::CommitWitness(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file || ::ftruncate(file.get(), sizeof(SyncLog)) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  void* mapped = ::mmap(nullptr, sizeof(SyncLog), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (mapped == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap " + path);
  log_ = static_cast<SyncLog*>(mapped);
}

CommitWitness::~CommitWitness() {
  ::munmap(log_, sizeof(SyncLog));
}

std::vector<std::uint64_t> CommitWitness::commits_from(std::uint64_t first) const {
  const std::uint64_t end = count();
  if (end > kSyncsMax) first = std::max(first, end - kSyncsMax);
  std::map<std::uint64_t, std::vector<std::uint64_t>> by_thread;
  for (std::uint64_t i = first; i < end; ++i) {
    const SyncRecord& record = log_->records[i % kSyncsMax];
    by_thread[record.thread].push_back(record.returned_ns);
  }
  std::vector<std::uint64_t> most;
  for (auto& [thread, times] : by_thread) {
    if (times.size() > most.size()) most = std::move(times);
  }
  return most;
}

}  // namespace pushjudge::bench
