// expect: exited 0 | runs=2 processes=20
// Takes in orphans itself, in a session and under names of its own, and goes.
#include <sys/prctl.h>
#include "probe.h"
int main(void) {
  MUST_NOT(kill(-1, 0) == 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, ") R 1\n0 (");
  for (int i = 0; i < 4; ++i) {
    if (fork() == 0) {
      prctl(PR_SET_CHILD_SUBREAPER, 1);
      prctl(PR_SET_PDEATHSIG, 0);
      setsid();
      if (fork() == 0) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, 0);
        for (;;) pause();
      }
      _exit(0);
    }
  }
  return report();
}
