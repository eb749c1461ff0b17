// expect: exited 0 | processes=20
#include "probe.h"
int main(void) {
  int forks = 0;
  for (; forks < 300; ++forks) {
    pid_t pid = fork();
    if (pid < 0) break;
    if (pid == 0) pause();
  }
  printf("%d forks\n", forks);
  return forks >= 20 || forks < 10;
}
