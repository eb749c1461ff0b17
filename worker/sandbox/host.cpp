#include "worker/sandbox/host.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "worker/sandbox/cgroup.hpp"
#include "worker/sandbox/plan.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr rlim_t kOpenFilesWanted = 1024;

// The first line of a file; nothing without it.
std::optional<std::string> setting(const std::string& path) {
  std::string text = read_whole_file(path);
  if (text.empty()) return std::nullopt;
  text.resize(std::min(text.find('\n'), text.size()));
  return text;
}

std::string sysctl_fix(const std::string& name, const std::string& value) {
  return "sysctl -w " + name + "=" + value;
}

std::string write_fix(const std::string& path, const std::string& value) {
  return "echo " + value + " > " + path;
}

// What a file should not say, if the host wants its times to be even.
struct Noise {
  const char* what;
  const char* path;
  std::string_view noisy;  // its content, or a part of it
  const char* noisy_detail;
  const char* quiet_detail;
  const char* quiet;  // what to write to it
};

constexpr Noise kNoises[]{
    {"timing: SMT", "/sys/devices/system/cpu/smt/active", "1",
     "two programs share a core's units and slow each other down", "no two programs share a core", "off"},
    {"timing: turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo", "0",
     "processors change their speed with heat and load", "processors keep their speed", "1"},
    {"timing: turbo", "/sys/devices/system/cpu/cpufreq/boost", "1", "processors change their speed with heat and load",
     "processors keep their speed", "0"},
    {"timing: huge pages", "/sys/kernel/mm/transparent_hugepage/enabled", "[always]",
     "memory is given in pieces of 2 MB when there are some, so that times and peaks vary", "only where asked for",
     "madvise"},
};

// Whose switch is another file than the one that tells.
std::string switch_of(const Noise& noise) {
  const std::string path = noise.path;
  const std::string smt = "/smt/active";
  return path.ends_with(smt) ? path.substr(0, path.size() - smt.size()) + "/smt/control" : path;
}

void add_noises(std::vector<TableRow>& rows) {
  for (const auto& noise : kNoises) {
    const auto value = setting(noise.path);
    if (!value) continue;
    const bool noisy = value->find(noise.noisy) != std::string::npos;
    rows.push_back({noise.what, noisy ? Standing::weaker : Standing::enforced,
                    noisy ? noise.noisy_detail : noise.quiet_detail,
                    noisy ? write_fix(switch_of(noise), noise.quiet) : ""});
  }
  const auto governor = setting("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  if (governor) {
    const bool steady = *governor == "performance";
    rows.push_back({"timing: governor", steady ? Standing::enforced : Standing::weaker,
                    "processors are governed by '" + *governor + "'",
                    steady ? "" : "cpupower frequency-set -g performance"});
  }
}

void add_address_randomization(std::vector<TableRow>& rows) {
  const auto value = setting("/proc/sys/kernel/randomize_va_space");
  if (!value) return;
  if (*value == "0") {
    rows.push_back({"address layout", Standing::weaker, "not random, which helps attacks on the kernel's users",
                    sysctl_fix("kernel.randomize_va_space", "2")});
  } else {
    rows.push_back({"address layout", Standing::enforced, "random; the price is a little noise in times"});
  }
}

void add_core_dumps(std::vector<TableRow>& rows) {
  const auto pattern = setting("/proc/sys/kernel/core_pattern");
  if (pattern && pattern->starts_with('@')) {
    rows.push_back({"core dumps", Standing::weaker,
                    "every crash in a box is told to a program of the host, whatever the limits are: " + *pattern,
                    sysctl_fix("kernel.core_pattern", "core")});
    return;
  }
  const bool handed_over = core_limit() != 0;
  rows.push_back({"core dumps", Standing::enforced,
                  handed_over ? "none, and none is handed to the program that this host has for them"
                              : "none, as their size is limited to nothing"});
}

void add_swap(std::vector<TableRow>& rows) {
  const std::string table = read_whole_file("/proc/swaps");
  const bool on = std::count(table.begin(), table.end(), '\n') > 1;  // below the heading
  rows.push_back({"timing: swap", on ? Standing::weaker : Standing::enforced,
                  on ? "on: a busy host makes programs wait for the disk" : "off", on ? "swapoff -a" : ""});
}

void add_open_files(std::vector<TableRow>& rows) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
  const bool enough = limit.rlim_cur >= kOpenFilesWanted;
  const std::string number = limit.rlim_cur == RLIM_INFINITY ? "unlimited" : std::to_string(limit.rlim_cur);
  rows.push_back({"open files", enough ? Standing::enforced : Standing::weaker,
                  number + (enough ? ", for this process and each program"
                                   : ": programs cannot have more, and a worker with many slots runs out"),
                  enough ? "" : "ulimit -n " + std::to_string(kOpenFilesWanted)});
}

}  // namespace

std::vector<TableRow> host_rows() {
  std::vector<TableRow> rows;
  add_core_dumps(rows);
  add_address_randomization(rows);
  add_open_files(rows);
  add_swap(rows);
  add_noises(rows);
  return rows;
}

std::vector<TableRow> namespace_rows() {
  std::vector<TableRow> rows;
  const auto add = [&rows](const char* name, const char* bad, const char* good, const char* detail) {
    std::string path = std::string("/proc/sys/") + name;
    std::replace(path.begin() + static_cast<std::ptrdiff_t>(std::string_view("/proc/sys/").size()), path.end(), '.',
                 '/');
    if (setting(path) == bad) rows.push_back({"user namespaces", Standing::missing, detail, sysctl_fix(name, good)});
  };
  add("user.max_user_namespaces", "0", "15000", "user.max_user_namespaces allows none");
  if (::geteuid() != 0) {
    add("kernel.unprivileged_userns_clone", "0", "1", "only root may make them: kernel.unprivileged_userns_clone");
    add("kernel.apparmor_restrict_unprivileged_userns", "1", "0",
        "AppArmor takes their rights away: kernel.apparmor_restrict_unprivileged_userns");
  }
  return rows;
}

}  // namespace pushjudge::sandbox
