// expect: exited 0 | stdin_mb=64 memory_mb=16 memory_max_mb=8
// A large input of which nothing is read stops nobody, and is not the program's memory.
#include "probe.h"
int main(void) {
  char byte;
  MUST_NOT(lseek(0, 0, SEEK_END) != 64L << 20);
  MUST_NOT(pread(0, &byte, 1, (64L << 20) - 1) != 1 || byte != 'x');
  MUST_NOT(pwrite(0, "y", 1, 0) == 1);
  MUST_NOT(ftruncate(0, 0) == 0);
  MUST_NOT(open("/proc/self/fd/0", O_RDWR | O_TRUNC) >= 0 && pread(0, &byte, 1, 0) != 1);
  MUST_NOT(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 0, 0) != MAP_FAILED);
  usleep(100000);  // long enough to be looked at
  close(0);
  return report();
}
