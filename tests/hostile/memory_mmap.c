// expect: memory_limit | memory_mb=48
#include "probe.h"
int main(void) {
  char* large = mmap(0, 1L << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (large == MAP_FAILED) return 1;
  for (long i = 0; i < 1L << 30; i += 4096) large[i] = 1;
  return 2;
}
