// expect: memory_limit | memory_mb=48
#include "probe.h"
static char large[512 << 20];
int main(void) {
  for (size_t i = 0; i < sizeof large; i += 4096) large[i] = 1;
  return large[sizeof large / 2];
}
