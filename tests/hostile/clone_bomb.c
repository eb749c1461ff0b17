// expect: time_limit, wall_limit | cpu_ms=300 wall_ms=1500 processes=32
// Without a signal at the end, as another's child where that is possible, and sharing everything but memory.
#include "probe.h"
int main(void) {
  for (;;) {
    syscall(SYS_clone, 0, 0, 0, 0, 0);
    syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
    syscall(SYS_clone, CLONE_FS | CLONE_FILES | CLONE_IO | CLONE_SYSVSEM, 0, 0, 0, 0);
  }
}
