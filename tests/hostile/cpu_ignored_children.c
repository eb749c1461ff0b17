// expect: time_limit | cpu_ms=400 cpu_min_ms=400 cpu_max_ms=800
// Nobody waits for these children, so their time is in nobody's account but the box's.
#include "probe.h"
int main(void) {
  signal(SIGCHLD, SIG_IGN);
  for (int i = 0; i < 2; ++i) {
    if (fork() == 0) spin();
  }
  pause();
}
