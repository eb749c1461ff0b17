// expect: exited 0 | memory_mb=128
// The stack may be as large as the memory limit.
#include "probe.h"
static int deeper(int depth) {
  volatile char frame[4096];
  frame[0] = frame[4095] = 1;
  return depth == 0 ? frame[0] - 1 : deeper(depth - 1) + frame[4095] - 1;
}
int main(void) { return deeper(15000); }
