// expect: wall_limit | wall_ms=500 output_max_kb=4
// A byte now and then for ever.
#include "probe.h"
int main(void) {
  for (;;) {
    write(1, ".", 1);
    usleep(10000);
  }
}
