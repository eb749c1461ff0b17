// expect: memory_limit | memory_mb=48 box_mb=256 file_kb=1000000
// Files in memory count like memory.
#include "probe.h"
int main(void) {
  static char block[1 << 20];
  int file = open("/dev/shm/large", O_RDWR | O_CREAT, 0600);
  memset(block, 1, sizeof block);
  for (int i = 0; i < 1000; ++i) {
    if (write(file, block, sizeof block) < (long)sizeof block) return 3;
  }
  return 0;
}
