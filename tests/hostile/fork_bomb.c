// expect: time_limit, wall_limit | cpu_ms=500 wall_ms=2000 processes=32
#include "probe.h"
int main(void) {
  for (;;) fork();
}
