#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdio>
#include <cstring>

#include "worker/sandbox/inside.hpp"

// The building of a box, from the inside. <sys/mount.h> and <linux/mount.h> exclude each other in glibc 2.36, so the
// mount calls are made by number.
namespace pushjudge::sandbox {

namespace {

constexpr unsigned long kMsRdonly = 1, kMsNosuid = 2, kMsNodev = 4, kMsNoexec = 8, kMsRemount = 32, kMsBind = 4096,
                        kMsRec = 16384, kMsPrivate = 1UL << 18;
constexpr int kMntDetach = 2;

// Any folder of the host that a box does not show: the new root is mounted on it until it becomes the root.
constexpr const char* kRootPlace = "/tmp";

int result_of(long returned) {
  return returned < 0 ? errno : 0;
}

int sys_mount(const char* source, const char* target, const char* type, unsigned long flags, const char* options) {
  return result_of(::syscall(SYS_mount, source, target, type, flags, options));
}

int become_root(Inside& inside, int&) {
  if (!inside.plan.two_ids) return 0;  // the only id there is has all capabilities over the new namespaces
  if (const int error = result_of(::syscall(SYS_setgroups, 0, nullptr))) return error;
  if (const int error = result_of(::syscall(SYS_setresgid, kInitId, kInitId, kInitId))) return error;
  return result_of(::syscall(SYS_setresuid, kInitId, kInitId, kInitId));
}

int die_with_keeper(Inside&, int&) {
  return result_of(::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
}

int own_session(Inside&, int&) {
  return result_of(::setsid());
}

// After the keeper has put us into our control group, which so becomes the top of what the box can see.
int own_cgroup_view(Inside&, int&) {
  return result_of(::syscall(SYS_unshare, CLONE_NEWCGROUP));
}

int private_mounts(Inside&, int&) {
  return sys_mount(nullptr, "/", nullptr, kMsRec | kMsPrivate, nullptr);
}

int new_root(Inside&, int&) {
  const int error = sys_mount("tmpfs", kRootPlace, "tmpfs", kMsNosuid | kMsNodev, "size=4m,nr_inodes=1024,mode=755");
  return error != 0 ? error : result_of(::chdir(kRootPlace));
}

// A copy of a mount of the host (and of those below it) with `attributes` added, put onto `target`.
int bind(const RootEntry& entry, std::uint64_t attributes) {
  const long tree = ::syscall(SYS_open_tree, AT_FDCWD, entry.source.c_str(),
                              OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | static_cast<unsigned>(AT_RECURSIVE));
  if (tree < 0) return errno;
  const Fd copy(static_cast<int>(tree));
  mount_attr wanted{};
  wanted.attr_set = attributes;
  const auto flags = static_cast<unsigned>(AT_EMPTY_PATH | AT_RECURSIVE);
  if (::syscall(SYS_mount_setattr, copy.get(), "", flags, &wanted, sizeof wanted) < 0) return errno;
  return result_of(::syscall(SYS_move_mount, copy.get(), "", AT_FDCWD, entry.target.c_str(), MOVE_MOUNT_F_EMPTY_PATH));
}

// The same through an overlay, which gives the box inodes of its own: a lock, a lease or a watch on a file is then a
// matter of this box alone. Before Linux 6.5 an overlay that cannot be written needs two layers, so an empty one is the
// second.
int view(const RootEntry& entry) {
  std::array<char, PATH_MAX + 64> options;
  const int length =
      std::snprintf(options.data(), options.size(), "lowerdir=%s:%s", entry.source.c_str(), kEmptyFolder);
  if (length < 0 || static_cast<std::size_t>(length) >= options.size()) return ENAMETOOLONG;
  const unsigned long flags = kMsRdonly | kMsNosuid | kMsNodev;
  return sys_mount("overlay", entry.target.c_str(), "overlay", flags, options.data());
}

int make_file(const RootEntry& entry, bool with_text) {
  const Fd file(::open(entry.target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file) return errno;
  if (!with_text) return 0;
  const auto size = static_cast<ssize_t>(entry.source.size());
  return ::write(file.get(), entry.source.data(), entry.source.size()) == size ? 0 : EIO;
}

int make_entry(const RootEntry& entry) {
  constexpr std::uint64_t kReadOnly = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID;
  switch (entry.kind) {
    case RootEntry::Kind::folder:
      return result_of(::mkdir(entry.target.c_str(), 0755));
    case RootEntry::Kind::link:
      return result_of(::symlink(entry.source.c_str(), entry.target.c_str()));
    case RootEntry::Kind::text:
      return make_file(entry, true);
    case RootEntry::Kind::view_folder:
      if (::mkdir(entry.target.c_str(), 0755) < 0) return errno;
      // Not every file system can be a layer; seen through the host's inodes it is only less private.
      if (view(entry) == 0) return 0;
      return bind(entry, kReadOnly | MOUNT_ATTR_NODEV);
    case RootEntry::Kind::bind_folder:
      if (::mkdir(entry.target.c_str(), 0755) < 0) return errno;
      return bind(entry, kReadOnly | MOUNT_ATTR_NODEV);
    case RootEntry::Kind::device:
      if (const int error = make_file(entry, false)) return error;
      return bind(entry, kReadOnly | MOUNT_ATTR_NOEXEC);
  }
  return EINVAL;
}

int fill_root(Inside& inside, int& index) {
  for (const auto& entry : inside.plan.root) {
    if (const int error = make_entry(entry)) return error;
    ++index;
  }
  return 0;
}

// Shows processes and nothing else of the kernel, and of processes only the program's own.
int new_proc(Inside&, int&) {
  const unsigned long flags = kMsNosuid | kMsNodev | kMsNoexec | kMsRdonly;
  return sys_mount("proc", "proc", "proc", flags, "hidepid=invisible,subset=pid");
}

// By a proc mount that can be written and is in no folder. The file is ours only while the process counts as dumpable.
int oom_score(Inside& inside, int&) {
  const Fd context(static_cast<int>(::syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC)));
  if (!context) return errno;
  if (::syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) < 0) return errno;
  const auto attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
  const Fd proc(static_cast<int>(::syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, attributes)));
  if (!proc || ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) return errno;
  inside.oom_score = ::openat(proc.get(), "self/oom_score_adj", O_RDWR | O_CLOEXEC);
  if (inside.oom_score < 0) return errno;
  if (::read(inside.oom_score, inside.oom_score_own.data(), inside.oom_score_own.size() - 1) <= 0) return EIO;
  return result_of(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

int change_root(Inside&, int&) {
  if (::syscall(SYS_pivot_root, ".", ".") < 0) return errno;
  if (::syscall(SYS_umount2, ".", kMntDetach) < 0) return errno;  // the old root, which lies over the new one
  return result_of(::chdir("/"));
}

// Below /box, where scratch_folders() covers them.
int shared_files(Inside& inside, int&) {
  return inside.shared.open(inside.plan, "/box");
}

int scratch_folders(Inside& inside, int& index) {
  return inside.scratch.make_clean(inside.plan, index);
}

int read_only_root(Inside&, int&) {
  return sys_mount(nullptr, "/", nullptr, kMsRemount | kMsBind | kMsRdonly | kMsNosuid | kMsNodev, nullptr);
}

int names(Inside&, int&) {
  if (::sethostname("box", 3) < 0) return errno;
  return result_of(::setdomainname("box", 3));
}

// The keeper's descriptors, above all the worker's stderr, are none of ours.
int close_descriptors(Inside& inside, int&) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return errno;
  for (int fd = 0; fd <= 2; ++fd) {
    if (::dup2(null, fd) < 0) return errno;
  }
  std::array keep{2, inside.socket, inside.oom_score};
  std::sort(keep.begin(), keep.end());
  for (std::size_t i = 0; i < keep.size(); ++i) {
    const auto first = static_cast<unsigned>(keep[i] + 1);
    const auto last = i + 1 < keep.size() ? static_cast<unsigned>(keep[i + 1] - 1) : ~0U;
    if (first <= last && ::syscall(SYS_close_range, first, last, 0) < 0) return errno;
  }
  return 0;
}

// Every signal stays blocked in the init; the end of a child comes by descriptor. What a signal does is what it does by
// default, also where whoever started the worker ignores it: programs inherit that.
int signals(Inside& inside, int&) {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) {
    if (number != SIGKILL && number != SIGSTOP) ::sigaction(number, &standard, nullptr);
  }
  sigset_t all;
  sigfillset(&all);
  if (::sigprocmask(SIG_SETMASK, &all, nullptr) < 0) return errno;
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  inside.children = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  return inside.children < 0 ? errno : 0;
}

int no_core(Inside& inside, int&) {
  const rlimit none{inside.plan.core_limit, inside.plan.core_limit};
  ::umask(022);
  return result_of(::setrlimit(RLIMIT_CORE, &none));
}

// A program started by us can gain nothing by exec, whatever the file it executes says.
int no_gain(Inside&, int& index) {
  for (; ::prctl(PR_CAPBSET_READ, index, 0, 0, 0) >= 0; ++index) {
    if (::prctl(PR_CAPBSET_DROP, index, 0, 0, 0) < 0) return errno;
  }
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return errno;
  const unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
                             SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED | SECBIT_KEEP_CAPS_LOCKED;
  return result_of(::prctl(PR_SET_SECUREBITS, bits, 0, 0, 0));
}

// What the init needs for a run: fresh tmpfs and IPC, the program's ids, and the end of everything.
int few_capabilities(Inside& inside, int&) {
  std::uint64_t wanted = (1ULL << CAP_SYS_ADMIN) | (1ULL << CAP_KILL);
  if (inside.plan.two_ids) wanted |= (1ULL << CAP_SETUID) | (1ULL << CAP_SETGID);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> data{};
  for (std::size_t i = 0; i < data.size(); ++i) {
    data[i].effective = data[i].permitted = static_cast<std::uint32_t>(wanted >> (32 * i));
  }
  return result_of(::syscall(SYS_capset, &header, data.data()));
}

int no_new_privileges(Inside&, int&) {
  return result_of(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

int system_call_filter(Inside& inside, int&) {
  sock_fprog program{static_cast<unsigned short>(inside.plan.filter.size()),
                     const_cast<sock_filter*>(inside.plan.filter.data())};
  return result_of(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

constexpr std::array<Step<Inside>, 21> kBuildSteps{{
    {"become_root", become_root},
    {"die_with_keeper", die_with_keeper},  // after the ids: changing them clears it
    {"own_session", own_session},
    {"own_cgroup_view", own_cgroup_view},
    {"private_mounts", private_mounts},
    {"new_root", new_root},
    {"fill_root", fill_root},
    {"new_proc", new_proc},
    {"oom_score", oom_score},
    {"change_root", change_root},
    {"close_descriptors", close_descriptors},
    {"shared_files", shared_files},
    {"scratch_folders", scratch_folders},
    {"read_only_root", read_only_root},
    {"names", names},
    {"signals", signals},
    {"no_core", no_core},
    {"no_gain", no_gain},
    {"few_capabilities", few_capabilities},
    {"no_new_privileges", no_new_privileges},
    {"system_call_filter", system_call_filter},
}};

}  // namespace

Failed build_inside(Inside& inside) {
  return run_steps(std::span<const Step<Inside>>(kBuildSteps), inside);
}

}  // namespace pushjudge::sandbox
