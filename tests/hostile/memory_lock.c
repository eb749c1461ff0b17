// expect: memory_limit | memory_mb=48
// Memory that is locked, populated in one go, and asked to be huge pages.
#include "probe.h"
int main(void) {
  const size_t size = 256 << 20;
  char* area = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (area == MAP_FAILED) return 1;
  madvise(area, size, MADV_HUGEPAGE);
  mlockall(MCL_CURRENT | MCL_FUTURE);
  mlock(area, size);
  madvise(area, size, MADV_POPULATE_WRITE);
  memset(area, 1, size);
  return 2;
}
