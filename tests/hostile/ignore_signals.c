// expect: time_limit | cpu_ms=300
#include "probe.h"
int main(void) {
  for (int i = 1; i < 65; ++i) signal(i, SIG_IGN);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, 0);
  spin();
}
