// expect: exited 0 | runs=2
// The init of the box is nobody's to kill, and nobody else is there.
#include "probe.h"
int main(void) {
  kill(-1, SIGKILL);
  kill(1, SIGKILL);
  kill(1, SIGTERM);
  kill(1, SIGSTOP);
  kill(getppid(), SIGKILL);
  kill(0, SIGCONT);
  for (int pid = 2; pid < 32768; ++pid) {
    if (pid != getpid()) kill(pid, SIGKILL);
  }
  return 0;
}
