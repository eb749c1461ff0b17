// expect: wall_limit | wall_ms=300
#include "probe.h"
int main(void) {
  mkfifo("never", 0600);
  return open("never", O_RDONLY) < 0;
}
