// expect: memory_limit | memory_mb=48
// Only a child is killed for memory; the parent would go on and end well.
#include "probe.h"
int main(void) {
  if (fork() == 0) {
    for (;;) {
      char* block = malloc(1 << 20);
      if (block != 0) memset(block, 1, 1 << 20);
    }
  }
  wait(0);
  return 0;
}
