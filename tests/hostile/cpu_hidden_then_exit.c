// expect: time_limit | cpu_ms=200 cpu_min_ms=200 cpu_max_ms=600 wall_ms=10000
// Ends well by itself, but its child had used more than allowed between two looks of any watcher.
#include "probe.h"
int main(void) {
  if (fork() == 0) {
    struct timespec used;
    do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    while (used.tv_sec == 0 && used.tv_nsec < 250000000);
    _exit(0);
  }
  wait(0);
  return 0;
}
