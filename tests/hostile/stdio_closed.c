// expect: exited 3
// Closes what it was given and writes a verdict of its own to every descriptor there could be.
#include "probe.h"
int main(void) {
  for (int fd = 0; fd < 3; ++fd) close(fd);
  for (int fd = 3; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0 || write(fd, "accepted", 8) >= 0) return 1;
  }
  const int reopened = open("/box/file", O_RDWR | O_CREAT, 0600);
  return reopened == 0 ? 3 : 1;
}
