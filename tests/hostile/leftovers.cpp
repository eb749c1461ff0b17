#include "tests/hostile/leftovers.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

#include "tests/unit/worker/sandbox/harness.hpp"

namespace pushjudge::sandbox::testing {

namespace {

namespace fs = std::filesystem;

template <typename Condition>
bool soon(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    ::poll(nullptr, 0, 2);
  }
  return true;
}

bool none(std::string_view what, const std::vector<std::string>& found) {
  for (const auto& one : found)
    std::printf("LEFT BEHIND: %.*s %s\n", static_cast<int>(what.size()), what.data(), one.c_str());
  return found.empty();
}

bool owned_by(const fs::path& path, uid_t uid) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && status.st_uid == uid;
}

std::vector<std::string> processes_of(uid_t uid) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos && owned_by(entry.path(), uid)) found.push_back(name);
  }
  return found;
}

std::vector<std::string> files_of(uid_t uid) {
  std::vector<std::string> found;
  for (const char* folder : {"/tmp", "/dev/shm", "/var/tmp", "/run/lock", "/dev/mqueue"}) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (owned_by(entry.path(), uid)) found.push_back(entry.path());
    }
  }
  return found;
}

// Lines of a table of the kernel in which a word is exactly `uid`.
std::vector<std::string> lines_with(const char* path, uid_t uid) {
  std::vector<std::string> found;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      if (word == std::to_string(uid) || word == std::to_string(uid) + ":") {
        found.push_back(line);
        break;
      }
    }
  }
  return found;
}

// Control groups are named after the keeper that made them, in whatever hierarchy.
std::vector<std::string> groups_of(pid_t keeper) {
  std::vector<std::string> found;
  const std::string name = "pushjudge-" + std::to_string(keeper);
  std::error_code ignored;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at("/sys/fs/cgroup", options, ignored), end; at != end; at.increment(ignored)) {
    if (at->path().filename() == name) found.push_back(at->path());
  }
  return found;
}

}  // namespace

Leftovers::Leftovers(pid_t keeper) : keeper_(keeper) {
  // A box may be on its way: destroyed on doubt, and built again.
  if (!soon([this] { return children_of(keeper_).size() == 1; })) return;
  init_ = children_of(keeper_)[0];
  std::ifstream map("/proc/" + std::to_string(init_) + "/uid_map");
  uid_t inside = 0;
  uid_t outside = 0;
  unsigned count = 0;
  unsigned rows = 0;
  while (map >> inside >> outside >> count) {
    ++rows;
    if (inside != 0) program_uid_ = outside;
  }
  if (rows < 2) program_uid_ = 0;
}

bool Leftovers::none_of_programs() const {
  if (init_ == 0) return none("no box:", {"the sandbox did not build it again"});
  bool clean = soon([this] { return children_of(init_).empty(); });
  if (!clean) (void)none("a process below the init of the box,", {std::to_string(init_)});
  if (program_uid_ == 0) return clean;
  clean = soon([this] { return processes_of(program_uid_).empty(); }) && clean;
  clean = none("a process", processes_of(program_uid_)) && clean;
  clean = none("a file", files_of(program_uid_)) && clean;
  for (const char* table : {"/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg"}) {
    clean = none(table, lines_with(table, program_uid_)) && clean;
  }
  // Keys are collected a moment after their last user is gone.
  (void)soon([this] { return lines_with("/proc/key-users", program_uid_).empty(); });
  return none("keys", lines_with("/proc/key-users", program_uid_)) && clean;
}

bool Leftovers::none_of_sandbox() const {
  bool clean = true;
  for (const pid_t pid : {init_, keeper_}) {
    if (pid > 0 && !wait_until_gone(pid)) clean = none("a process", {std::to_string(pid)});
  }
  return none("a control group", groups_of(keeper_)) && clean;
}

}  // namespace pushjudge::sandbox::testing
