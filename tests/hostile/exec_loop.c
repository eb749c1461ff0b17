// expect: time_limit, wall_limit | cpu_ms=300 wall_ms=3000
#include "probe.h"
int main(void) {
  execl("/proc/self/exe", "program", (char*)0);
  return 1;
}
