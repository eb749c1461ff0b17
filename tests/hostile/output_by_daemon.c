// expect: output_limit
// The main process waits in silence while a daemon floods.
#include "probe.h"
int main(void) {
  if (fork() == 0) {
    setsid();
    for (;;) puts("flood");
  }
  pause();
}
