#include "api/packages/folder.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace pushjudge::packages {

namespace {

namespace fs = std::filesystem;

constexpr int kFolderDepthMax = 12;
constexpr std::size_t kFolderEntriesMax = 20'000;
constexpr std::size_t kProgramFilesMax = 200;

}  // namespace

Result<PackageFolder> PackageFolder::open(const fs::path& path) {
  std::error_code failed;
  auto canonical = fs::canonical(path, failed);
  if (failed || !fs::is_directory(canonical, failed)) {
    return Error{Errc::invalid, path.string() + ": there is no such folder"};
  }
  return PackageFolder(path, std::move(canonical));
}

std::string PackageFolder::name() const {
  return canonical_.filename();
}

bool PackageFolder::is_inside(const fs::path& path) const {
  std::error_code failed;
  const auto target = fs::canonical(path, failed);
  if (failed) return false;
  const auto [root_end, ignored] = std::mismatch(canonical_.begin(), canonical_.end(), target.begin(), target.end());
  return root_end == canonical_.end();
}

bool PackageFolder::has_file(const std::string& name) const {
  std::error_code failed;
  return fs::is_regular_file(root_ / name, failed);
}

bool PackageFolder::has_folder(const std::string& name) const {
  std::error_code failed;
  return fs::is_directory(root_ / name, failed) && is_inside(root_ / name);
}

std::vector<FolderEntry> PackageFolder::list(const std::string& folder, Findings& findings) const {
  std::vector<FolderEntry> entries;
  if (!has_folder(folder)) return entries;
  std::error_code failed;
  for (fs::directory_iterator entry(root_ / folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename();
    if (name.starts_with('.')) continue;
    const std::string path = folder.empty() ? name : folder + "/" + name;
    std::error_code unknown;
    if (!is_inside(entry->path())) {
      findings.error({path}, "it is a link that leads out of the package, or nowhere");
    } else if (entry->is_directory(unknown)) {
      entries.push_back({name, true});
    } else if (entry->is_regular_file(unknown)) {
      entries.push_back({name, false});
    } else {
      findings.error({path}, "it is neither a file nor a folder");
    }
    if (entries.size() > kFolderEntriesMax) {
      findings.error({folder}, "there are more than " + std::to_string(kFolderEntriesMax) + " files");
      break;
    }
  }
  if (failed) findings.error({folder}, failed.message());
  std::ranges::sort(entries, {}, &FolderEntry::name);
  return entries;
}

std::optional<std::string> PackageFolder::read(const std::string& name, std::uint64_t bytes_max,
                                               Findings& findings) const {
  const auto path = root_ / name;
  if (!is_inside(path)) {
    findings.error({name}, "there is no such file in the package");
    return std::nullopt;
  }
  std::error_code failed;
  if (!fs::is_regular_file(path, failed)) {
    findings.error({name}, "it is no file");
    return std::nullopt;
  }
  const auto size = fs::file_size(path, failed);
  if (!failed && size > bytes_max) {
    findings.error({name}, "it is larger than " + std::to_string(bytes_max >> 10) + " KiB");
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string bytes;
  bytes.resize(failed ? 0 : size);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (failed || !stream || stream.gcount() != static_cast<std::streamsize>(bytes.size())) {
    findings.error({name}, "it cannot be read");
    return std::nullopt;
  }
  return bytes;
}

std::vector<NamedBytes> PackageFolder::read_all(const std::string& folder, std::uint64_t bytes_max,
                                                Findings& findings) const {
  std::vector<NamedBytes> all;
  read_into(all, folder, "", bytes_max, 0, findings);
  return all;
}

void PackageFolder::read_into(std::vector<NamedBytes>& all, const std::string& folder, const std::string& prefix,
                              std::uint64_t bytes_max, int depth, Findings& findings) const {
  // A link to a folder around it has no end.
  if (depth > kFolderDepthMax) return findings.error({folder}, "folders are nested too deeply");
  for (const FolderEntry& entry : list(folder, findings)) {
    const std::string path = folder + "/" + entry.name;
    if (entry.folder) {
      if (entry.name == "__pycache__") continue;
      read_into(all, path, prefix + entry.name + "/", bytes_max, depth + 1, findings);
      continue;
    }
    if (all.size() >= kProgramFilesMax) return findings.error({folder}, "it holds too many files");
    if (auto bytes = read(path, bytes_max, findings)) all.emplace_back(prefix + entry.name, *std::move(bytes));
  }
}

}  // namespace pushjudge::packages
