// expect: output_limit | wall_ms=60000 cpu_ms=30000 output_max_kb=1024
#include "probe.h"
int main(void) {
  for (;;) write(1, "x", 1);
}
