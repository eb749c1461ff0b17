// expect: memory_limit | rusage: exited 0, time_limit | memory_mb=24 open_files=256 cpu_ms=1000
// What lies in the buffers of sockets, also of sockets that lie in the buffers of sockets.
#include "probe.h"
static int send_with(int to, int fd) {
  static char block[1 << 14];
  struct iovec part = {block, sizeof block};
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
  } control = {{0}};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  control.header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
  return sendmsg(to, &message, MSG_DONTWAIT | MSG_NOSIGNAL) > 0;
}
int main(void) {
  static char block[1 << 14];
  int last = -1, ends[2], made = 0;
  while (made < 600 && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) {
    const int size = 1 << 24;
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (last >= 0 && send_with(ends[0], last)) close(last);
    while (send(ends[0], block, sizeof block, MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
    }
    close(ends[0]);
    last = ends[1];
    ++made;
  }
  printf("%d sockets\n", made);
  return 0;
}
