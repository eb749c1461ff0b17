// expect: exited 0 | runs=2
// What a program may do to itself: more filters and rules of its own, which can only take away.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include "probe.h"
int main(void) {
  MUST_NOT(prctl(PR_GET_SECCOMP) != 2);
  struct sock_filter allow_all[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {1, allow_all};
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
  MUST_FAIL(unshare(CLONE_NEWUSER), EPERM, EPERM);
  close(open("/tmp/file", O_WRONLY | O_CREAT, 0600));
  const unsigned long all_of_version_1 = (1UL << 13) - 1;
  const int rules = (int)syscall(444 /* landlock_create_ruleset */, &all_of_version_1, sizeof all_of_version_1, 0);
  if (rules >= 0 && syscall(446 /* landlock_restrict_self */, rules, 0) == 0) {
    MUST_NOT(open("/tmp/file", O_WRONLY) >= 0);
  }
  MUST_FAIL(syscall(SYS_ptrace, 0, 0, 0, 0), EPERM, EPERM);
  // A listener could answer for the filter below it, if it were asked first.
  MUST_NOT(syscall(SYS_seccomp, 1, 1UL << 3 /* NEW_LISTENER */, &program) >= 0 && unshare(CLONE_NEWUSER) == 0);
  return report();
}
