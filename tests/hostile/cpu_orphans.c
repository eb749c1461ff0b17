// expect: time_limit | cpu_ms=400 cpu_min_ms=400 cpu_max_ms=800
// The grandchild's parent is gone, and it has a session of its own.
#include "probe.h"
int main(void) {
  if (fork() == 0) {
    if (fork() == 0) {
      setsid();
      spin();
    }
    _exit(0);
  }
  wait(0);
  pause();
}
