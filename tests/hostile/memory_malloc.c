// expect: memory_limit | memory_mb=48
#include "probe.h"
int main(void) {
  for (;;) {
    char* block = malloc(1 << 20);
    if (block == 0) return 1;
    memset(block, 1, 1 << 20);
  }
}
