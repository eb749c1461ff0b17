// expect: signaled 11, memory_limit | memory_mb=48
#include "probe.h"
static int deeper(int depth) {
  volatile char frame[4096];
  memset((char*)frame, depth, sizeof frame);
  return deeper(depth + 1) + frame[0];
}
int main(void) { return deeper(0); }
