#include "worker/sandbox/plan.hpp"

#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <sstream>
#include <string_view>

#include "worker/sandbox/cgroup.hpp"

namespace pushjudge::sandbox {

namespace {

using Kind = RootEntry::Kind;

// Folders and files of the host's /etc and /var that compilers and interpreters need, as patterns. Nothing here may
// hold a secret: what is readable by everyone on the host is readable in a box.
constexpr std::array kToolchainPatterns{
    "/etc/ld.so.cache", "/etc/alternatives", "/etc/java-*-openjdk", "/etc/python3*",   "/etc/perl", "/etc/php",
    "/etc/ruby*",       "/etc/mono",         "/etc/fpc*.cfg",       "/etc/lua",        "/etc/R",    "/etc/octave*",
    "/etc/erlang*",     "/etc/elixir",       "/etc/ghc*",           "/var/lib/ghc",    "/etc/sbcl", "/etc/dotnet",
    "/etc/scala",       "/etc/groovy",       "/etc/julia",          "/etc/cobol*.conf"};

constexpr std::array kTopFolders{"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};
constexpr std::array kDevices{"null", "zero", "full", "random", "urandom"};

// Makes the folders that lead to `target`, but not `target`; each once.
void add_parents(std::vector<RootEntry>& root, const std::string& target) {
  for (auto slash = target.find('/'); slash != std::string::npos; slash = target.find('/', slash + 1)) {
    const std::string folder = target.substr(0, slash);
    bool known = false;
    for (const auto& entry : root) known = known || entry.target == folder;
    if (!known) root.push_back({Kind::folder, folder, ""});
  }
}

// True if another file system is mounted somewhere below `folder`. The fifth word of each line is where
// (proc_pid_mountinfo(5)).
bool has_mounts_below(const std::string& folder) {
  std::istringstream mounts(read_whole_file("/proc/self/mountinfo"));
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string where;
    for (int i = 0; i < 5; ++i) words >> where;
    if (where.starts_with(folder + "/")) return true;
  }
  return false;
}

// Shows a path of the host under the same path in the box: a symlink as the same symlink, a file as a copy.
void add_host_path(std::vector<RootEntry>& root, const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) < 0) return;  // not every host has it
  const std::string target = path.substr(1);
  add_parents(root, target);
  if (S_ISLNK(status.st_mode)) {
    std::array<char, PATH_MAX> text{};
    const ssize_t size = ::readlink(path.c_str(), text.data(), text.size());
    if (size > 0) root.push_back({Kind::link, target, std::string(text.data(), static_cast<std::size_t>(size))});
  } else if (S_ISDIR(status.st_mode)) {
    root.push_back({has_mounts_below(path) ? Kind::bind_folder : Kind::view_folder, target, path});
  } else if (S_ISREG(status.st_mode)) {
    root.push_back({Kind::text, target, read_whole_file(path)});
  }
}

void add_toolchains(std::vector<RootEntry>& root) {
  for (const char* pattern : kToolchainPatterns) {
    glob_t found{};
    if (::glob(pattern, GLOB_NOSORT, nullptr, &found) == 0) {
      for (std::size_t i = 0; i < found.gl_pathc; ++i) add_host_path(root, found.gl_pathv[i]);
    }
    ::globfree(&found);
  }
}

}  // namespace

std::uint64_t core_limit() {
  return read_whole_file("/proc/sys/kernel/core_pattern").starts_with('|') ? 1 : 0;
}

std::vector<RootEntry> plan_root() {
  std::vector<RootEntry> root;
  root.push_back({Kind::folder, kEmptyFolder, ""});
  add_host_path(root, "/usr");
  for (const char* folder : kTopFolders) add_host_path(root, folder);

  root.push_back({Kind::folder, "etc", ""});
  root.push_back({Kind::text, "etc/passwd", "root:x:0:0:root:/:/bin/false\nbox:x:1000:1000:box:/box:/bin/sh\n"});
  root.push_back({Kind::text, "etc/group", "root:x:0:\nbox:x:1000:\n"});
  root.push_back({Kind::text, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"});
  root.push_back({Kind::text, "etc/hosts", "127.0.0.1 localhost box\n"});
  root.push_back({Kind::folder, "var", ""});
  root.push_back({Kind::link, "var/tmp", "/tmp"});
  add_toolchains(root);

  root.push_back({Kind::folder, "dev", ""});
  for (const std::string_view device : kDevices) {
    root.push_back({Kind::device, "dev/" + std::string(device), "/dev/" + std::string(device)});
  }
  root.push_back({Kind::link, "dev/fd", "/proc/self/fd"});
  root.push_back({Kind::link, "dev/stdin", "/proc/self/fd/0"});
  root.push_back({Kind::link, "dev/stdout", "/proc/self/fd/1"});
  root.push_back({Kind::link, "dev/stderr", "/proc/self/fd/2"});
  for (const char* folder : {"dev/shm", "box", "tmp"}) root.push_back({Kind::folder, folder, ""});
  return root;
}

}  // namespace pushjudge::sandbox
