// expect: memory_limit | memory_mb=48 box_mb=64 file_kb=1000000
// What lies in /tmp, /box and /dev/shm is memory, however many files it is spread over.
#include "probe.h"
int main(void) {
  static char block[1 << 16];
  const char* folders[] = {"/tmp", "/box", "/dev/shm"};
  char path[64];
  long total = 0;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 64; ++j) {
      snprintf(path, sizeof path, "%s/%d", folders[i], j);
      const int fd = open(path, O_WRONLY | O_CREAT, 0600);
      for (int k = 0; k < 16; ++k) {
        const long got = write(fd, block, sizeof block);
        total += got > 0 ? got : 0;
      }
      close(fd);
    }
  }
  printf("%ld MB\n", total >> 20);
  return total > 192L << 20;
}
