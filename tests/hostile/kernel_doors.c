// expect: exited 0
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include "probe.h"
#define CALL(...) syscall(__VA_ARGS__)
static int child(void* unused) {
  (void)unused;
  return 0;
}
int main(void) {
  static char stack[65536];
  const int spaces[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
  for (unsigned i = 0; i < sizeof spaces / sizeof *spaces; ++i) {
    MUST_FAIL(unshare(spaces[i]), EPERM, EPERM);
    MUST_FAIL(clone(child, stack + sizeof stack, spaces[i] | SIGCHLD, 0), EPERM, EPERM);
  }
  MUST_FAIL(CALL(SYS_unshare, CLONE_NEWIPC, 0, 0, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(unshare(0x80 /* CLONE_NEWTIME */), EPERM, EPERM);
  struct {
    unsigned long words[11];
  } arguments = {{CLONE_NEWUSER, 0, 0, 0, SIGCHLD}};
  MUST_FAIL(CALL(435 /* clone3 */, &arguments, sizeof arguments), ENOSYS, ENOSYS);
  MUST_FAIL(mount("none", "/tmp", "tmpfs", 0, 0), EPERM, EPERM);
  MUST_FAIL(umount2("/tmp", MNT_DETACH), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_pivot_root, ".", "."), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_setns, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(428 /* open_tree */, AT_FDCWD, "/", 1), EPERM, EPERM);
  MUST_FAIL(CALL(429 /* move_mount */, 0, "", 0, "", 0), EPERM, EPERM);
  MUST_FAIL(CALL(430 /* fsopen */, "tmpfs", 0), EPERM, EPERM);
  MUST_FAIL(CALL(442 /* mount_setattr */, AT_FDCWD, "/", 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(ptrace(PTRACE_TRACEME, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(ptrace(PTRACE_SEIZE, 1, 0, 0), EPERM, EPERM);
  char byte;
  struct iovec here = {&byte, 1};
  MUST_FAIL(process_vm_readv(getpid(), &here, 1, &here, 1, 0), EPERM, EPERM);
  MUST_FAIL(process_vm_writev(getpid(), &here, 1, &here, 1, 0), EPERM, EPERM);
  MUST_FAIL(CALL(438 /* pidfd_getfd */, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_kcmp, 1, 1, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_keyctl, 0, -3, 1), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_add_key, "user", "name", "x", 1, -4), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_request_key, "user", "name", 0, -4), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_bpf, 0, &arguments, 72), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_userfaultfd, 1), EPERM, EPERM);
  struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event};
  MUST_FAIL(CALL(SYS_perf_event_open, &event, 0, -1, -1, 0), EPERM, EPERM);
  struct io_uring_params ring = {0};
  MUST_FAIL(CALL(425 /* io_uring_setup */, 1, &ring), ENOSYS, ENOSYS);
  MUST_FAIL(CALL(SYS_name_to_handle_at, AT_FDCWD, "/", &arguments, &byte, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_open_by_handle_at, 0, &arguments, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_fanotify_init, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_quotactl, 0, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_kexec_load, 0, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_init_module, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_finit_module, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_reboot, 0, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_swapon, "/box", 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_acct, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_syslog, 3, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_settimeofday, &arguments, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_ioperm, 0x70, 2, 1), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_kexec_file_load, 0, 0, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_delete_module, "loop", 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_swapoff, "/box"), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_setdomainname, "x", 1), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_chroot, "/tmp"), EPERM, EPERM);
  MUST_FAIL(CALL(431 /* fsconfig */, 0, 0, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(432 /* fsmount */, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(433 /* fspick */, AT_FDCWD, "/", 0), EPERM, EPERM);
  MUST_FAIL(CALL(448 /* process_mrelease */, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_clock_settime, CLOCK_REALTIME, &arguments), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_modify_ldt, 0, &arguments, 8), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_iopl, 3), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_personality, 8), EPERM, EPERM);
  MUST_FAIL(CALL(447 /* memfd_secret */, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_adjtimex, &arguments), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_clock_adjtime, CLOCK_REALTIME, &arguments), EPERM, EPERM);
  MUST_FAIL(ioctl(0, TIOCSTI, &byte), EPERM, EPERM);
  MUST_FAIL(ioctl(0, TIOCLINUX, &byte), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_ioctl, 0, 0x100000000UL | TIOCSTI, &byte), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_process_madvise, 0, &here, 1, 4, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_vmsplice, 1, &here, 1, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_move_pages, 0, 0, 0, 0, 0, 0), EPERM, EPERM);
  MUST_FAIL(CALL(SYS_lookup_dcookie, 0, &byte, 1), EPERM, EPERM);
  struct rlimit limit = {1, 1};
  MUST_FAIL(prlimit(1, RLIMIT_NOFILE, &limit, 0), EPERM, EPERM);
  MUST_FAIL(fcntl(open("/usr/bin/env", O_RDONLY), F_SETLEASE, F_RDLCK), EPERM, EPERM);
  MUST_FAIL(fcntl(open("/usr/bin", O_RDONLY | O_DIRECTORY), F_NOTIFY, DN_ACCESS), EPERM, EPERM);
  MUST_FAIL(CALL(462 /* mseal, newer than the list */, 0, 0, 0), ENOSYS, ENOSYS);
  MUST_FAIL(CALL(9999), ENOSYS, ENOSYS);
  MUST_FAIL(CALL(0x40000000 | 39 /* getpid of the x32 interface */), ENOSYS, ENOSYS);
  MUST_NOT(mmap(0, 1 << 21, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0) != MAP_FAILED);
  MUST_NOT(getpid() < 2);
  MUST_NOT(CALL(SYS_personality, 0xffffffff) != 0);
  return report();
}
