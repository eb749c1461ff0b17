// expect: memory_limit | rusage: exited 0 | memory_mb=24 open_files=256
// Memory of the kernel that holds what is in pipes.
#include "probe.h"
int main(void) {
  static char block[1 << 16];
  int ends[2];
  long total = 0;
  while (pipe(ends) == 0) {
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    for (long got; (got = write(ends[1], block, sizeof block)) > 0;) total += got;
  }
  printf("%ld MB in pipes\n", total >> 20);
  return total > 256L << 20;
}
