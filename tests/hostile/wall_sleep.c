// expect: wall_limit | wall_ms=300
#include "probe.h"
int main(void) {
  close(0);
  close(1);
  close(2);
  for (;;) pause();
}
