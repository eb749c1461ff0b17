// expect: exited 0 | runs=2 memory_mb=256 box_mb=8 file_kb=1000000000
#include "probe.h"
static long fill(const char* path) {
  static char block[1 << 16];
  long total = 0;
  int file = open(path, O_WRONLY | O_CREAT, 0600);
  if (file < 0) return -1;
  for (long got; (got = write(file, block, sizeof block)) > 0 && total < 1L << 28;) total += got;
  close(file);
  return total;
}
int main(void) {
  MUST_NOT(fill("/box/large") > 8 << 20);
  MUST_NOT(fill("/tmp/large") > 8 << 20);
  MUST_NOT(fill("/dev/shm/large") > 8 << 20);
  int file = open("/box/allocated", O_WRONLY | O_CREAT, 0600);
  MUST_NOT(fallocate(file, 0, 0, 16L << 30) == 0);
  unlink("/box/large");
  int made = 0;
  for (; made < 100000; ++made) {
    char name[32];
    snprintf(name, sizeof name, "/box/%d", made);
    int one = open(name, O_WRONLY | O_CREAT, 0600);
    if (one < 0) break;
    close(one);
  }
  printf("%d files\n", made);
  MUST_NOT(made > 8192 || made < 100);
  return report();
}
