// expect: exited 0 | runs=2 within_ms=2000
// A daemon that holds stdout open does not delay the outcome, and the next run does not see it.
#include "probe.h"
int main(void) {
  if (kill(-1, 0) == 0) return 1;
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      for (int i = 1; i < 65; ++i) signal(i, SIG_IGN);
      for (;;) pause();
    }
    _exit(0);
  }
  wait(0);
  return 0;
}
