// expect: exited 0 | meets=1 processes=40 memory_mb=256 cpu_ms=20000
// Uses up whatever the kernel counts by user or for the whole machine, and holds it while the neighbour looks.
#include <linux/aio_abi.h>
#include <mqueue.h>
#include <sys/inotify.h>
#include <sys/un.h>
#include "probe.h"
static int watchers(void) {
  int made = 0;
  while (made < 200 && inotify_init1(0) >= 0) ++made;
  return made;
}
static long contexts(void) {
  long total = 0;
  for (unsigned events = 1 << 16; events > 0; events /= 2) {
    aio_context_t context = 0;
    while (syscall(SYS_io_setup, events, &context) == 0) {
      total += events;
      context = 0;
    }
  }
  return total;
}
static int signals(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, 0);
  const union sigval value = {0};
  int sent = 0;
  while (sigqueue(getpid(), SIGRTMIN, value) == 0) ++sent;
  return sent;
}
static int queues(void) {
  char name[32];
  int made = 0;
  for (; made < 200; ++made) {
    snprintf(name, sizeof name, "/%d", made);
    if (mq_open(name, O_RDWR | O_CREAT, 0600, 0) < 0) break;
  }
  return made;
}
static int in_flight(void) {
  int ends[2], sent = 0;
  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  const int size = 1 << 24;
  setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  for (;;) {
    struct iovec part = {"x", 1};
    union {
      char bytes[CMSG_SPACE(250 * sizeof(int))];
      struct cmsghdr header;
    } control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    control.header = (struct cmsghdr){CMSG_LEN(250 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    int* fds = (int*)CMSG_DATA(&control.header);
    for (int i = 0; i < 250; ++i) fds[i] = 1;
    if (sendmsg(ends[0], &message, MSG_DONTWAIT) < 0) break;
    sent += 250;
  }
  return sent;
}
static int pipes(void) {
  int ends[2], large = 0;
  for (int i = 0; i < 100 && pipe(ends) == 0; ++i) large += fcntl(ends[1], F_SETPIPE_SZ, 1 << 20) > 0;
  return large;
}
// Each in a process of its own, since each may use all descriptors.
static void held_by_a_child(const char* what, long (*use_up)(void)) {
  int ends[2];
  pipe(ends);
  if (fork() == 0) {
    const long got = use_up();
    dprintf(1, "%s: %ld\n", what, got);
    write(ends[1], "x", 1);
    for (;;) pause();
  }
  char byte;
  read(ends[0], &byte, 1);
  close(ends[0]);
  close(ends[1]);
}
int main(void) {
  held_by_a_child("inotify", (long (*)(void))watchers);
  held_by_a_child("aio", contexts);
  held_by_a_child("signals", (long (*)(void))signals);
  held_by_a_child("queues", (long (*)(void))queues);
  held_by_a_child("in flight", (long (*)(void))in_flight);
  held_by_a_child("pipes", (long (*)(void))pipes);
  char byte;
  return read(0, &byte, 1) == 1 && read(0, &byte, 1) == 1 ? 0 : 1;
}
