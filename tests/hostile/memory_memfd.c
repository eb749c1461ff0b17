// expect: memory_limit | memory_mb=48 file_kb=100000 wall_ms=2000
// Memory that no process maps, only holds open.
#include "probe.h"
int main(void) {
  static char block[1 << 20];
  int file = memfd_create("large", 0);
  memset(block, 1, sizeof block);
  for (int i = 0; i < 80; ++i) {
    if (write(file, block, sizeof block) < 0) return 3;
  }
  pause();
}
