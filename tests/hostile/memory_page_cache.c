// expect: exited 0 | memory_mb=24
// Reading much is no offence: what is cached for it is given back before the limit counts.
#include <dirent.h>
#include "probe.h"
int main(void) {
  static char block[1 << 16];
  char path[512];
  long total = 0;
  DIR* folder = opendir("/usr/bin");
  for (struct dirent* entry; folder != 0 && total < 100L << 20 && (entry = readdir(folder)) != 0;) {
    snprintf(path, sizeof path, "/usr/bin/%s", entry->d_name);
    const int fd = open(path, O_RDONLY);
    for (long got; fd >= 0 && (got = read(fd, block, sizeof block)) > 0;) total += got;
    if (fd >= 0) close(fd);
  }
  printf("%ld MB read\n", total >> 20);
  return total < 24 << 20;
}
