// expect: time_limit | cpu_ms=400 cpu_min_ms=400 cpu_max_ms=800
// The parent uses nothing; its children burn.
#include "probe.h"
int main(void) {
  for (int i = 0; i < 3; ++i) {
    if (fork() == 0) spin();
  }
  pause();
}
