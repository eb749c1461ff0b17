// expect: exited 0 | memory_mb=48
// What Go, Java and AddressSanitizer do: reserving is not using.
#include "probe.h"
int main(void) {
  return mmap(0, 64L << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED;
}
