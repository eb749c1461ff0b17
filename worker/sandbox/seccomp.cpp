#include "worker/sandbox/seccomp.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>

#include "worker/sandbox/fd.hpp"

namespace pushjudge::sandbox {

namespace {

// Numbers that libseccomp 2.5 or the C library may not know yet; they are the same on every architecture.
constexpr int kNrMountSetattr = 442;
constexpr int kNrQuotactlFd = 443;
constexpr int kNrMemfdSecret = 447;
constexpr int kNrCachestat = 451;

// The last system call of Linux 6.6. What is newer nobody has looked at: it does not exist here (ENOSYS).
constexpr std::uint32_t kNewestKnown = 453;

// No judged program needs these, and each is a door into the kernel or out of the box.
constexpr std::array kDenied{
    // other processes' memory and descriptors
    SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_getfd), SCMP_SYS(kcmp),
    SCMP_SYS(process_madvise), SCMP_SYS(process_mrelease),
    // keyrings, which are no namespace and would outlive the run
    SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key),
    // large attack surfaces
    SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register), SCMP_SYS(modify_ldt), SCMP_SYS(iopl), SCMP_SYS(ioperm), SCMP_SYS(vmsplice),
    SCMP_SYS(lookup_dcookie), SCMP_SYS(uselib), SCMP_SYS(ustat), SCMP_SYS(sysfs), SCMP_SYS(_sysctl),
    // namespaces and mounts
    SCMP_SYS(setns), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(fsopen), SCMP_SYS(fsconfig), SCMP_SYS(fsmount),
    SCMP_SYS(fspick), SCMP_SYS(open_tree), SCMP_SYS(move_mount), kNrMountSetattr,
    // files by handle, quotas, watching other people's files
    SCMP_SYS(name_to_handle_at), SCMP_SYS(open_by_handle_at), SCMP_SYS(quotactl), kNrQuotactlFd,
    SCMP_SYS(fanotify_init), SCMP_SYS(fanotify_mark),
    // the machine itself
    SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(init_module), SCMP_SYS(finit_module),
    SCMP_SYS(delete_module), SCMP_SYS(create_module), SCMP_SYS(query_module), SCMP_SYS(get_kernel_syms),
    SCMP_SYS(nfsservctl), SCMP_SYS(reboot), SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(acct), SCMP_SYS(syslog),
    SCMP_SYS(sethostname), SCMP_SYS(setdomainname), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
    SCMP_SYS(clock_adjtime), SCMP_SYS(adjtimex), SCMP_SYS(stime), SCMP_SYS(vhangup), SCMP_SYS(migrate_pages),
    SCMP_SYS(move_pages), kNrMemfdSecret};

// As on a file system that has none: capabilities of files, access lists, and what else could be left on a folder
// without a trace in its size or mode.
constexpr std::array kAttributeCalls{SCMP_SYS(setxattr), SCMP_SYS(lsetxattr), SCMP_SYS(fsetxattr)};

// These answer ENOSYS, so that libraries take their older way: clone3 hides its flags from the filter. The others draw
// on what the whole host has of something (fs.aio-max-nr, fs.inotify.max_user_instances, the bytes of message queues of
// whoever started the sandbox), so that one box could take it from all, or tell what others have read.
constexpr std::array kAbsent{SCMP_SYS(clone3),        SCMP_SYS(io_uring_setup), SCMP_SYS(io_setup),
                             SCMP_SYS(io_destroy),    SCMP_SYS(io_submit),      SCMP_SYS(io_cancel),
                             SCMP_SYS(io_getevents),  SCMP_SYS(io_pgetevents),  SCMP_SYS(inotify_init),
                             SCMP_SYS(inotify_init1), SCMP_SYS(mq_open),        kNrCachestat};

// These do nothing and report success: nothing of a box lies on a disk, and the disk is everybody's.
constexpr std::array kVain{SCMP_SYS(sync), SCMP_SYS(syncfs)};

constexpr std::array<std::uint64_t, 7> kNamespaceFlags{CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                                       CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET};

// Requests that put words into somebody's terminal.
constexpr std::array<std::uint64_t, 2> kTerminalRequests{TIOCSTI, TIOCLINUX};

// Lease and directory notification hold back or spy on whoever opens a shared read-only file.
constexpr std::array<std::uint64_t, 2> kLeaseCommands{F_SETLEASE, F_NOTIFY};

class FilterBuilder {
 public:
  explicit FilterBuilder(std::string& error) : context_(seccomp_init(SCMP_ACT_ALLOW)), error_(error) {
    if (context_ == nullptr) fail("seccomp_init", ENOMEM);
  }
  ~FilterBuilder() {
    if (context_ != nullptr) seccomp_release(context_);
  }
  FilterBuilder(const FilterBuilder&) = delete;
  FilterBuilder& operator=(const FilterBuilder&) = delete;

  void attribute(scmp_filter_attr name, std::uint32_t value) {
    if (ok_) check("seccomp_attr_set", seccomp_attr_set(context_, name, value));
  }

  template <typename... Comparisons>
  void deny(int call, int error, Comparisons... comparisons) {
    if (!ok_) return;
    const std::array<scmp_arg_cmp, sizeof...(comparisons)> list{comparisons...};
    const int failed = seccomp_rule_add_array(context_, SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), call,
                                              static_cast<unsigned>(list.size()), list.data());
    // A call that this architecture never had needs no rule.
    if (failed != -EDOM) check("seccomp_rule_add", failed);
  }

  // The program as the kernel takes it, or nothing.
  std::vector<sock_filter> export_program() {
    const Fd memory(::memfd_create("filter", MFD_CLOEXEC));
    if (!memory) fail("memfd_create", errno);
    if (ok_) check("seccomp_export_bpf", seccomp_export_bpf(context_, memory.get()));
    struct stat status {};
    if (ok_ && ::fstat(memory.get(), &status) < 0) fail("fstat", errno);
    if (!ok_) return {};
    std::vector<sock_filter> program(static_cast<std::size_t>(status.st_size) / sizeof(sock_filter));
    const auto size = static_cast<ssize_t>(program.size() * sizeof(sock_filter));
    if (::pread(memory.get(), program.data(), static_cast<std::size_t>(size), 0) != size) {
      fail("pread", errno);
      return {};
    }
    return program;
  }

 private:
  void check(const char* what, int failed) {
    if (failed < 0) fail(what, -failed);
  }
  void fail(const char* what, int failed) {
    ok_ = false;
    error_ = std::string(what) + ": " + std::strerror(failed);
  }

  scmp_filter_ctx context_;
  std::string& error_;
  bool ok_ = true;
};

// libseccomp cannot compare system call numbers by order, so the test for unknown ones stands before its program.
// It holds for x32 calls as well, whose numbers have bit 30 set.
std::vector<sock_filter> refuse_unknown_calls(std::span<const sock_filter> rest) {
  std::vector<sock_filter> program;
  program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, kNewestKnown, 0, 1));
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
  program.insert(program.end(), rest.begin(), rest.end());
  return program;
}

}  // namespace

std::vector<sock_filter> build_filter(std::uint64_t pass, std::string& error) {
  FilterBuilder builder(error);
  builder.attribute(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);  // i386 calls would have other numbers
  builder.attribute(SCMP_FLTATR_CTL_OPTIMIZE, 2);                     // a binary tree

  for (const int call : kDenied) builder.deny(call, EPERM);
  for (const int call : kAbsent) builder.deny(call, ENOSYS);
  for (const int call : kVain) builder.deny(call, 0);
  // It would throw a toolchain out of everybody's page cache.
  builder.deny(SCMP_SYS(fadvise64), 0, SCMP_A3(SCMP_CMP_EQ, POSIX_FADV_DONTNEED));
  // Huge pages are a pool of the host's, which no control group of memory counts.
  builder.deny(SCMP_SYS(mmap), ENOMEM, SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_HUGETLB, MAP_HUGETLB));
  builder.deny(SCMP_SYS(memfd_create), ENOMEM, SCMP_A1(SCMP_CMP_MASKED_EQ, MFD_HUGETLB, MFD_HUGETLB));
  builder.deny(SCMP_SYS(shmget), ENOMEM, SCMP_A2(SCMP_CMP_MASKED_EQ, SHM_HUGETLB, SHM_HUGETLB));
  for (const int call : kAttributeCalls) builder.deny(call, EOPNOTSUPP);
  for (const int call : {SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(unshare)}) {
    builder.deny(call, EPERM, SCMP_A5(SCMP_CMP_NE, pass));
  }
  for (const auto flag : kNamespaceFlags) builder.deny(SCMP_SYS(clone), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
  for (const auto request : kTerminalRequests) {
    builder.deny(SCMP_SYS(ioctl), EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, request));
  }
  for (const auto command : kLeaseCommands) {
    builder.deny(SCMP_SYS(fcntl), EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, command));
  }
  // Another process's limits, above all the init's, which may have the program's own id.
  builder.deny(SCMP_SYS(prlimit64), EPERM, SCMP_A0(SCMP_CMP_NE, 0), SCMP_A2(SCMP_CMP_NE, 0));
  // Lowering it from 1 to 0 would have dumps handed to a program of the host's again (see Plan::core_limit).
  builder.deny(SCMP_SYS(setrlimit), EPERM, SCMP_A0(SCMP_CMP_EQ, RLIMIT_CORE));
  builder.deny(SCMP_SYS(prlimit64), EPERM, SCMP_A1(SCMP_CMP_EQ, RLIMIT_CORE), SCMP_A2(SCMP_CMP_NE, 0));
  // personality(0xffffffff) only asks.
  builder.deny(SCMP_SYS(personality), EPERM, SCMP_A0(SCMP_CMP_NE, 0xffffffffU));
  // Every address family but AF_UNIX (1), AF_INET (2) and AF_INET6 (10). The network namespace is empty, so the latter
  // reach nothing; they are allowed because runtimes open such sockets at their start and would stumble.
  for (const int call : {SCMP_SYS(socket), SCMP_SYS(socketpair)}) {
    builder.deny(call, EAFNOSUPPORT, SCMP_A0(SCMP_CMP_EQ, AF_UNSPEC));
    builder.deny(call, EAFNOSUPPORT, SCMP_A0(SCMP_CMP_GT, AF_INET6));
    for (std::uint64_t family = AF_INET + 1; family < AF_INET6; ++family) {
      builder.deny(call, EAFNOSUPPORT, SCMP_A0(SCMP_CMP_EQ, family));
    }
  }
  const auto program = builder.export_program();
  return program.empty() ? program : refuse_unknown_calls(program);
}

}  // namespace pushjudge::sandbox
