// expect: exited 0 | runs=2
// A neighbour holds locks on these files and watches one of them. They are other files to us, and ours are to it.
#include <sys/file.h>
#include <sys/inotify.h>
#include "probe.h"
int main(void) {
  const char* shared[] = {"/usr/bin/env", "/usr/bin", "/etc/passwd"};
  const int watcher = inotify_init1(IN_NONBLOCK);
  for (unsigned i = 0; i < sizeof shared / sizeof *shared; ++i) {
    const int fd = open(shared[i], O_RDONLY);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    MUST_NOT(fd < 0);
    MUST_NOT(fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK);
    whole = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
    MUST_NOT(fcntl(fd, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK);
    MUST_NOT(flock(fd, LOCK_EX | LOCK_NB) != 0);
    MUST_FAIL(fcntl(fd, F_SETLEASE, F_RDLCK), EPERM, EPERM);
    MUST_FAIL(fcntl(fd, F_NOTIFY, DN_ACCESS | DN_MULTISHOT), EPERM, EPERM);
    inotify_add_watch(watcher, shared[i], IN_ALL_EVENTS);
    char byte;
    read(fd, &byte, 1);
  }
  return report();
}
