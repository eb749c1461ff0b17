// expect: exited 0
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include "probe.h"
static void check_status(void) {
  char line[256];
  FILE* status = fopen("/proc/self/status", "r");
  int lines = 0;
  while (status != 0 && fgets(line, sizeof line, status) != 0) {
    if (strncmp(line, "Cap", 3) == 0) {
      ++lines;
      if (strtoull(strchr(line, '\t'), 0, 16) != 0) hole(line);
    }
    if (strncmp(line, "NoNewPrivs:\t1", 13) == 0) ++lines;
    if (strncmp(line, "Seccomp:\t2", 10) == 0) ++lines;
  }
  MUST_NOT(lines != 7);
}
static void check_map(void) {
  FILE* map = fopen("/proc/self/uid_map", "r");
  unsigned inside, outside, count, rows = 0;
  while (map != 0 && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3) {
    ++rows;
    // As seen from the box the host's ids have these numbers: root of the host is none of them.
    MUST_NOT(outside == 0 || count != 1);
  }
  MUST_NOT(rows == 0);
}
int main(void) {
  struct rlimit core;
  check_status();
  check_map();
  MUST_NOT(getuid() != 1000 || geteuid() != 1000 || getgid() != 1000 || getegid() != 1000);
  MUST_NOT(setuid(0) == 0);
  MUST_NOT(setresuid(0, 0, 0) == 0);
  MUST_NOT(setgid(0) == 0);
  MUST_NOT(setgroups(0, 0) == 0);
  MUST_NOT(seteuid(1) == 0);
  int file = open("file", O_RDWR | O_CREAT, 0755);
  MUST_NOT(fchown(file, 0, 0) == 0);
  // A capability on a file, in the form of version 2: all of them, effective.
  struct vfs_cap_data all = {VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE, {{~0U, ~0U}, {~0U, ~0U}}};
  MUST_NOT(fsetxattr(file, "security.capability", &all, XATTR_CAPS_SZ_2, 0) == 0);
  MUST_NOT(setxattr("/box", "user.note", "x", 1, 0) == 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct wanted[2] = {{~0U, ~0U, ~0U}, {~0U, ~0U, ~0U}};
  MUST_NOT(syscall(SYS_capset, &header, wanted) == 0);
  MUST_NOT(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0) == 0);
  MUST_NOT(prctl(PR_SET_SECUREBITS, 0) == 0);
  MUST_NOT(prctl(PR_SET_MM, PR_SET_MM_START_BRK, 4096, 0, 0) == 0);
  MUST_NOT(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
  for (int capability = 0; capability < 64; ++capability) MUST_NOT(prctl(PR_CAPBSET_READ, capability) == 1);
  MUST_NOT(mknod("device", S_IFCHR | 0666, makedev(1, 1)) == 0);
  MUST_NOT(mknod("block", S_IFBLK | 0666, makedev(254, 0)) == 0);
  MUST_NOT(setpriority(PRIO_PROCESS, 0, -5) == 0);
  MUST_NOT(sethostname("x", 1) == 0);
  MUST_NOT(chroot("/tmp") == 0);
  getrlimit(RLIMIT_CORE, &core);
  MUST_NOT(core.rlim_max > 1);
  struct rlimit more = {1, 1};
  MUST_NOT(setrlimit(RLIMIT_CORE, &more) == 0);
  return report();
}
