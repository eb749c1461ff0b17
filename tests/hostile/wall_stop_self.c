// expect: wall_limit | wall_ms=300
#include "probe.h"
int main(void) {
  raise(SIGSTOP);
  return 0;
}
