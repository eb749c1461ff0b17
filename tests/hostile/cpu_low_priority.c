// expect: time_limit, wall_limit | cpu_ms=300 wall_ms=10000
// Time is counted whatever class and processor it is used in.
#include "probe.h"
int main(void) {
  struct sched_param none = {0};
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  sched_setaffinity(0, sizeof one, &one);
  sched_setscheduler(0, SCHED_BATCH, &none);
  nice(19);
  MUST_NOT(sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){1}) == 0);
  MUST_NOT(sched_setscheduler(0, SCHED_RR, &(struct sched_param){1}) == 0);
  if (holes != 0) return 1;
  spin();
}
