// expect: wall_limit | wall_ms=500
// Stops whoever started it, its own group and itself.
#include "probe.h"
int main(void) {
  if (fork() == 0) {
    kill(getppid(), SIGSTOP);
    kill(0, SIGSTOP);
  }
  kill(getppid(), SIGSTOP);
  kill(-1, SIGSTOP);
  for (;;) pause();
}
