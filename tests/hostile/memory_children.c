// expect: memory_limit | memory_mb=64
// No process is too large, all of them together are.
#include "probe.h"
int main(void) {
  for (int i = 0; i < 8; ++i) {
    if (fork() == 0) {
      char* block = malloc(16 << 20);
      memset(block, 1, 16 << 20);
      pause();
    }
  }
  pause();
}
