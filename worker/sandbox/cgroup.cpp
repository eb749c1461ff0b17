#include "worker/sandbox/cgroup.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

namespace pushjudge::sandbox {

namespace {

constexpr std::string_view kGroupPrefix = "pushjudge-";
constexpr int kRemoveTries = 200;  // of 5 ms each

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == word) return true;
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return false;
}

std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = line.find(separator);
    parts.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return parts;
    line.remove_prefix(end + 1);
  }
}

// Where the hierarchy is mounted, and which folder of it is.
struct Mount {
  std::string root;
  std::string point;
};

// A line of mountinfo: id parent device root point options [more...] - type source superoptions
std::optional<Mount> find_mount(std::string_view controller) {
  const std::string table = read_whole_file("/proc/self/mountinfo");
  for (const auto line : split(table, '\n')) {
    const auto fields = split(line, ' ');
    std::size_t dash = 6;
    while (dash < fields.size() && fields[dash] != "-") ++dash;
    if (dash + 3 >= fields.size()) continue;
    const auto type = fields[dash + 1];
    const bool match =
        controller.empty() ? type == "cgroup2" : type == "cgroup" && has_word(fields[dash + 3], controller);
    if (match) return Mount{std::string(fields[3]), std::string(fields[4])};
  }
  return std::nullopt;
}

// A line of /proc/self/cgroup: number:controllers:path
std::optional<std::string> own_path(std::string_view controller) {
  const std::string table = read_whole_file("/proc/self/cgroup");
  for (const auto line : split(table, '\n')) {
    const auto first = line.find(':');
    if (first == std::string_view::npos) continue;
    const auto second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    const bool match = controller.empty() ? line.substr(0, first) == "0" : has_word(controllers, controller);
    if (match) return std::string(line.substr(second + 1));
  }
  return std::nullopt;
}

// Whether nothing of the process runs any more. One that its parent has not waited for yet still has its number, and
// where process 1 waits for nobody, as in many a container, keeps it for good.
bool has_ended(pid_t pid) {
  if (::kill(pid, 0) < 0) return errno == ESRCH;
  // Its state stands after its name, which is in brackets and may hold anything.
  const std::string stat = read_whole_file("/proc/" + std::to_string(pid) + "/stat");
  const auto bracket = stat.rfind(')');
  return bracket != std::string::npos && stat.compare(bracket, 3, ") Z") == 0;
}

// Removes a group and those below it. The last processes of a group leave it a moment after they were waited for.
void remove_group(const std::string& path) {
  if (DIR* folder = ::opendir(path.c_str())) {
    while (const dirent* entry = ::readdir(folder)) {
      const std::string_view name = entry->d_name;
      if (entry->d_type == DT_DIR && name != "." && name != "..") remove_group(path + "/" + entry->d_name);
    }
    ::closedir(folder);
  }
  for (int i = 0; i < kRemoveTries && ::rmdir(path.c_str()) < 0 && errno == EBUSY; ++i) ::poll(nullptr, 0, 5);
}

}  // namespace

std::optional<std::string> own_group(std::string_view controller) {
  const auto mount = find_mount(controller);
  const auto path = own_path(controller);
  if (!mount || !path) return std::nullopt;
  const std::string root = mount->root == "/" ? "" : mount->root;
  if (!path->starts_with(root)) return std::nullopt;
  const std::string below = path->substr(root.size());
  return below == "/" ? mount->point : mount->point + below;
}

void remove_stale_groups(const std::string& parent) {
  DIR* folder = ::opendir(parent.c_str());
  if (folder == nullptr) return;
  std::vector<std::string> stale;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (!name.starts_with(kGroupPrefix)) continue;
    const auto digits = name.substr(kGroupPrefix.size());
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), pid);
    if (error != std::errc() || end != digits.data() + digits.size() || pid <= 0) continue;
    if (has_ended(pid)) stale.emplace_back(name);
  }
  ::closedir(folder);
  for (const auto& name : stale) remove_group(parent + "/" + name);
}

std::string group_name() {
  return std::string(kGroupPrefix) + std::to_string(::getpid());
}

Group& Group::operator=(Group&& other) noexcept {
  if (this != &other) {
    remove();
    path_ = std::exchange(other.path_, {});
  }
  return *this;
}

int Group::create(const std::string& path) {
  remove();
  // What a dead process with our number left is empty, or making it anew fails.
  if (::mkdir(path.c_str(), 0755) < 0 &&
      (errno != EEXIST || ::rmdir(path.c_str()) < 0 || ::mkdir(path.c_str(), 0755) < 0)) {
    return errno;
  }
  path_ = path;
  return 0;
}

void Group::remove() {
  if (!path_.empty()) remove_group(path_);
  path_.clear();
}

int GroupFile::open(const std::string& path, int flags) {
  fd_.reset(::open(path.c_str(), flags | O_CLOEXEC));
  limit_ = kUnlimited;
  return fd_ ? 0 : errno;
}

int GroupFile::write(std::string_view text) {
  return ::pwrite(fd_.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) ? 0 : errno;
}

int GroupFile::write(std::uint64_t number) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return write(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
}

int GroupFile::set(std::uint64_t limit) {
  if (limit == limit_) return 0;
  const int error = write(limit);
  if (error == 0) limit_ = limit;
  return error;
}

std::uint64_t GroupFile::read(std::string_view key) const {
  std::array<char, 1024> text;
  const ssize_t size = ::pread(fd_.get(), text.data(), text.size(), 0);
  if (size <= 0) return 0;
  std::string_view rest(text.data(), static_cast<std::size_t>(size));
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!key.empty()) {
      if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != ' ') continue;
      line.remove_prefix(key.size() + 1);
    }
    std::uint64_t number = 0;
    std::from_chars(line.data(), line.data() + line.size(), number);
    return number;
  }
  return 0;
}

int open_all(std::initializer_list<GroupFileRow> rows, std::string& failed) {
  for (const auto& row : rows) {
    if (const int error = row.file.open(row.path, row.flags)) {
      failed = row.path;
      return error;
    }
  }
  return 0;
}

int write_group_file(const std::string& path, std::string_view text) {
  GroupFile file;
  if (const int error = file.open(path, O_WRONLY)) return error;
  return file.write(text);
}

std::string read_whole_file(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  std::array<char, 4096> part;
  while (file) {
    const ssize_t size = ::read(file.get(), part.data(), part.size());
    if (size <= 0) break;
    content.append(part.data(), static_cast<std::size_t>(size));
  }
  return content;
}

}  // namespace pushjudge::sandbox
