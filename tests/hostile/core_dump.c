// expect: signaled 11
// It asks for a dump, which the host's core_pattern might hand to a program of root's; none is made.
#include <sys/prctl.h>
#include "probe.h"
int main(void) {
  struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &all);
  prctl(PR_SET_DUMPABLE, 1);
  struct rlimit now;
  getrlimit(RLIMIT_CORE, &now);
  if (now.rlim_cur > 1) return 1;
  *(volatile int*)0 = 1;
  return 2;
}
