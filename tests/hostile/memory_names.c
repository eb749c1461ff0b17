// expect: exited 0, memory_limit | memory_mb=32 cpu_ms=20000 wall_ms=20000
// Memory of the kernel for names that do not exist, for files that do, and for everything else a descriptor stands for.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include "probe.h"
int main(void) {
  char name[300];
  for (int i = 0; i < 100000; ++i) {
    snprintf(name, sizeof name, "/box/%0250d", i);
    access(name, F_OK);
  }
  for (int i = 0; i < 60; ++i) {
    epoll_create1(0);
    eventfd(0, 0);
    timerfd_create(CLOCK_MONOTONIC, 0);
    const int watcher = inotify_init1(0);
    for (int j = 0; watcher >= 0 && j < 100; ++j) inotify_add_watch(watcher, j % 2 != 0 ? "/usr/bin" : "/box", IN_ALL_EVENTS);
  }
  return 0;
}
