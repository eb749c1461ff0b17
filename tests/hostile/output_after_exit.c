// expect: exited 0, output_limit | within_ms=2000 output_max_kb=1100
// A daemon goes on printing when the program has ended.
#include "probe.h"
int main(void) {
  if (fork() == 0) {
    setsid();
    for (;;) puts("flood");
  }
  usleep(1000);
  return 0;
}
