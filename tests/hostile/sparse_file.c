// expect: exited 0 | runs=2 file_kb=1000
// Files that are large by their word only, and those that ask for the room at once.
#include "probe.h"
int main(void) {
  signal(SIGXFSZ, SIG_IGN);
  const int fd = open("sparse", O_RDWR | O_CREAT, 0600);
  MUST_NOT(ftruncate(fd, 1L << 40) == 0);
  MUST_NOT(fallocate(fd, 0, 0, 1L << 30) == 0);
  MUST_NOT(posix_fallocate(fd, 0, 16L << 30) == 0);
  MUST_NOT(pwrite(fd, "x", 1, 1L << 40) == 1);
  MUST_NOT(truncate("/tmp", 0) == 0);
  const int hidden = open("/tmp", O_TMPFILE | O_RDWR, 0600);
  MUST_NOT(hidden >= 0 && ftruncate(hidden, 1L << 40) == 0);
  return report();
}
