// expect: time_limit | cpu_ms=400 cpu_min_ms=400 cpu_max_ms=800
// Many children, each too short to be seen by looking now and then.
#include "probe.h"
int main(void) {
  for (;;) {
    if (fork() == 0) {
      for (volatile int i = 0; i < 2000000; ++i) {
      }
      _exit(0);
    }
    wait(0);
  }
}
