// expect: exited 0 | cpu_ms=1000 runs=3 processes=32
// A chain of processes, each of which ends as soon as it has made the next: never there when it is looked for.
#include "probe.h"
int main(void) {
  if (fork() == 0) {
    setsid();
    for (;;) {
      const pid_t next = fork();
      if (next > 0) _exit(0);
    }
  }
  usleep(20000);
  return 0;
}
