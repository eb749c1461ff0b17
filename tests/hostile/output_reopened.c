// expect: exited 0
// Its output is a pipe: what was written cannot be read, changed or measured again.
#include "probe.h"
int main(void) {
  char text[16];
  write(1, "said\n", 5);
  MUST_NOT(lseek(1, 0, SEEK_SET) == 0);
  MUST_NOT(ftruncate(1, 0) == 0);
  MUST_NOT(pread(1, text, sizeof text, 0) > 0);
  const int again = open("/dev/stdout", O_RDWR | O_NONBLOCK);
  MUST_NOT(again >= 0 && pread(again, text, sizeof text, 0) > 0);
  const int error = open("/proc/self/fd/2", O_WRONLY);
  MUST_NOT(error < 0 || write(error, "said\n", 5) != 5);
  return report();
}
