// expect: wall_limit | meets=1 wall_ms=300
// Waits for an input that does not come.
#include "probe.h"
int main(void) {
  char bytes[16];
  for (;;) {
    if (read(0, bytes, sizeof bytes) == 0) return 1;
  }
}
