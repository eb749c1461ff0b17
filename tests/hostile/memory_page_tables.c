// expect: memory_limit | memory_mb=48 cpu_ms=20000
// A byte in each of many tables of pages: the tables cost as much as the pages.
#include "probe.h"
int main(void) {
  const long step = 2L << 20, steps = 20000;
  char* area = mmap(0, step * steps, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (area == MAP_FAILED) return 1;
  madvise(area, step * steps, MADV_NOHUGEPAGE);
  for (long i = 0; i < steps; ++i) area[i * step] = 1;
  return 2;
}
