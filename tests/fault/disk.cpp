#include "tests/fault/disk.hpp"

#include <algorithm>
#include <stdexcept>

namespace pushjudge::testing {
namespace {

// What a disk writes at once or not at all.
constexpr std::uint64_t kSectorBytes = 512;

bool tails(std::mt19937_64& random) {
  return (random() & 1) != 0;
}

}  // namespace

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

void Disk::open(const std::string& path) {
  Entry& entry = entries_[path];
  if (!entry.now) entry.now = std::make_shared<Contents>();
}

Disk::Contents& Disk::contents(const std::string& path) {
  const auto entry = entries_.find(path);
  if (entry == entries_.end() || !entry->second.now) throw std::logic_error("not open: " + path);
  return *entry->second.now;
}

void Disk::write(const std::string& path, std::uint64_t offset, std::string_view bytes) {
  contents(path).pending.emplace_back(Write{offset, std::string(bytes)});
}

void Disk::truncate(const std::string& path, std::uint64_t size) {
  contents(path).pending.emplace_back(Truncation{size});
}

void Disk::remove(const std::string& path) {
  entries_[path].now.reset();
}

void Disk::sync(const std::string& path) {
  Contents& file = contents(path);
  for (const Change& change : file.pending) apply(file.durable, change);
  file.pending.clear();
}

bool Disk::knows(const std::string& path) const {
  const auto entry = entries_.find(path);
  return entry != entries_.end() && entry->second.now && entry->second.now == entry->second.durable;
}

void Disk::sync_folder(const std::string& folder) {
  for (auto& [path, entry] : entries_) {
    if (folder_of(path) == folder) entry.durable = entry.now;
  }
  std::erase_if(entries_, [](const auto& item) { return !item.second.now && !item.second.durable; });
}

void Disk::adopt(const Files& files) {
  for (const auto& [path, bytes] : files) {
    const auto contents = std::make_shared<Contents>();
    contents->durable = bytes;
    entries_[path] = {contents, contents};
  }
}

void Disk::forget(const std::string& folder) {
  std::erase_if(entries_, [&folder](const auto& item) { return folder_of(item.first) == folder; });
}

Disk::Files Disk::after_power_cut(Survival survival, std::mt19937_64& random) const {
  Files files;
  for (const auto& [path, entry] : entries_) {
    // A folder that was not synced may or may not know the latest names.
    const bool latest = entry.now == entry.durable || survival == Survival::everything ||
                        (survival != Survival::nothing && tails(random));
    const auto& found = latest ? entry.now : entry.durable;
    if (found) files[path] = survivor(*found, survival, random);
  }
  return files;
}

void Disk::apply(std::string& bytes, const Change& change) {
  if (const auto* truncation = std::get_if<Truncation>(&change)) {
    bytes.resize(truncation->size);
    return;
  }
  const auto& write = std::get<Write>(change);
  if (bytes.size() < write.offset + write.bytes.size()) bytes.resize(write.offset + write.bytes.size());
  bytes.replace(write.offset, write.bytes.size(), write.bytes);
}

std::string Disk::survivor(const Contents& contents, Survival survival, std::mt19937_64& random) {
  std::string bytes = contents.durable;
  if (survival == Survival::nothing) return bytes;
  const std::size_t whole = survival == Survival::in_order ? random() % (contents.pending.size() + 1) : 0;
  for (std::size_t i = 0; i < contents.pending.size(); ++i) {
    const Change& change = contents.pending[i];
    const auto* write = std::get_if<Write>(&change);
    if (survival == Survival::everything || (survival == Survival::in_order && i < whole)) {
      apply(bytes, change);
      continue;
    }
    if (survival == Survival::in_order && i > whole) break;
    if (write == nullptr) {
      if (tails(random)) apply(bytes, change);
      continue;
    }
    for (std::size_t done = 0; done < write->bytes.size();) {
      const std::uint64_t at = write->offset + done;
      const std::uint64_t length = std::min(kSectorBytes - at % kSectorBytes, write->bytes.size() - done);
      if (tails(random)) apply(bytes, Write{at, write->bytes.substr(done, length)});
      done += length;
    }
  }
  return bytes;
}

}  // namespace pushjudge::testing
