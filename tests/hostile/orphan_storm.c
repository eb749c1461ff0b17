// expect: exited 0 | processes=20
// Orphans that end must not count as processes for ever: the init has to take them in.
#include "probe.h"
int main(void) {
  for (int i = 0; i < 200; ++i) {
    pid_t pid = -1;
    for (int tries = 0; tries < 2000 && (pid = fork()) < 0; ++tries) usleep(1000);
    if (pid < 0) return 1;
    if (pid == 0) {
      fork();
      _exit(0);
    }
    waitpid(pid, 0, 0);
  }
  return 0;
}
