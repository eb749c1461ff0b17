// expect: exited 0 | runs=2 processes=20
// Descriptors of folders and files travel between processes; they lead nowhere else, and do not outlive the run.
#include <stddef.h>
#include <sys/un.h>
#include "probe.h"
int main(void) {
  int ends[2];
  MUST_NOT(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0);
  const int root = open("/", O_PATH | O_DIRECTORY);
  MUST_NOT(openat(root, "../../../../etc/shadow", O_RDONLY) >= 0);
  MUST_NOT(openat(root, "proc/1/root/etc", O_RDONLY) >= 0);
  for (int i = 0; i < 200; ++i) {
    struct iovec part = {"x", 1};
    union {
      char bytes[CMSG_SPACE(sizeof(int))];
      struct cmsghdr header;
    } control = {{0}};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    control.header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), &ends[i % 2], sizeof(int));
    if (sendmsg(ends[0], &message, MSG_DONTWAIT) < 0) break;
  }
  if (fork() == 0) {
    setsid();
    for (;;) pause();
  }
  return report();
}
