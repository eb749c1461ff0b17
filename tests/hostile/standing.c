// expect: exited 0 | runs=3
// Tries to slow down, pin or lame the init of its box, from which the next program is cloned.
#include <linux/ioprio.h>
#include "probe.h"
int main(void) {
  cpu_set_t set;
  sched_getaffinity(0, sizeof set, &set);
  MUST_NOT(CPU_COUNT(&set) != sysconf(_SC_NPROCESSORS_CONF));
  MUST_NOT(getpriority(PRIO_PROCESS, 0) != 0);
  MUST_NOT(sched_getscheduler(0) != SCHED_OTHER);
  MUST_NOT(IOPRIO_PRIO_CLASS(syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0)) == IOPRIO_CLASS_IDLE);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  MUST_NOT(files.rlim_cur != 256);
  CPU_ZERO(&set);
  CPU_SET(0, &set);
  struct sched_param none = {0};
  for (int pid = 0; pid < 2; ++pid) {
    sched_setaffinity(pid, sizeof set, &set);
    sched_setscheduler(pid, SCHED_IDLE, &none);
    setpriority(PRIO_PROCESS, pid, 19);
    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, pid, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0));
  }
  setpriority(PRIO_PGRP, 1, 19);
  setpriority(PRIO_USER, getuid(), 19);
  files.rlim_cur = files.rlim_max = 4;
  prlimit(1, RLIMIT_NOFILE, &files, 0);
  prlimit(1, RLIMIT_CPU, &files, 0);
  kill(1, SIGSTOP);
  return report();
}
