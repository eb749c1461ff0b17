#include "tests/fault/process_tree.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace pushjudge::testing {
namespace {

namespace fs = std::filesystem;

struct Stat {
  char state = 'X';
  std::string started;
};

// Of /proc/PID/stat, whose second field is a name in brackets and may hold anything. 'X': there is none.
Stat stat_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string line((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t bracket = line.rfind(')');
  if (bracket == std::string::npos) return {};
  std::istringstream words(line.substr(bracket + 1));
  Stat stat;
  words >> stat.state;
  for (int field = 4; field <= 22; ++field) words >> stat.started;
  return stat;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code gone;
  for (const auto& thread : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task", gone)) {
    std::ifstream file(thread.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

}  // namespace

ProcessTree::ProcessTree(pid_t root) : root_(root) {
  std::vector<pid_t> unseen = {root};
  while (!unseen.empty()) {
    const pid_t parent = unseen.back();
    unseen.pop_back();
    for (const pid_t pid : children_of(parent)) {
      processes_.push_back({pid, parent, stat_of(pid).started});
      unseen.push_back(pid);
    }
  }
}

std::vector<pid_t> ProcessTree::children() const {
  std::vector<pid_t> children;
  for (const Seen& seen : processes_) {
    if (seen.parent == root_) children.push_back(seen.pid);
  }
  return children;
}

std::vector<std::string> ProcessTree::left() const {
  std::vector<std::string> left;
  for (const Seen& seen : processes_) {
    const Stat now = stat_of(seen.pid);
    const bool lives = now.state != 'X' && now.state != 'Z' && now.started == seen.started;
    if (lives) left.push_back("process " + std::to_string(seen.pid));
  }
  std::vector<std::string> groups;
  for (const pid_t sandbox : children()) groups.push_back("pushjudge-" + std::to_string(sandbox));
  std::error_code failed;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at("/sys/fs/cgroup", options, failed), end; at != end; at.increment(failed)) {
    for (const std::string& group : groups) {
      if (at->path().filename() == group) left.push_back(at->path());
    }
  }
  return left;
}

}  // namespace pushjudge::testing
