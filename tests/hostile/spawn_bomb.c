// expect: time_limit, wall_limit | cpu_ms=300 wall_ms=1500 processes=32
#include <spawn.h>
#include "probe.h"
extern char** environ;
int main(void) {
  char* argv[] = {"program", 0};
  pid_t pid;
  for (;;) posix_spawn(&pid, "/proc/self/exe", 0, 0, argv, environ);
}
