// expect: exited 0 | processes=40
// Children that nobody waits for count as processes, and end with the run.
#include "probe.h"
int main(void) {
  int made = 0;
  for (; made < 1000; ++made) {
    const pid_t pid = fork();
    if (pid < 0) break;
    if (pid == 0) _exit(0);
  }
  printf("%d zombies\n", made);
  return made > 45;
}
