// expect: time_limit, wall_limit | cpu_ms=300 wall_ms=1500 processes=32
#include "probe.h"
int main(void) {
  for (;;) {
    if (vfork() == 0) {
      execl("/proc/self/exe", "program", (char*)0);
      _exit(1);
    }
  }
}
