// expect: exited 0 | meets=1
// A neighbour holds locks on some of these files and watches one of them; it takes the others while we hold all. They are
// other files to us, and ours are to it.
#include <sys/file.h>
#include <sys/inotify.h>
#include "probe.h"
int main(void) {
  const char* shared[] = {"/usr/bin/env", "/usr/bin", "/etc/passwd", "/usr/bin/id", "/usr/lib", "/etc/group"};
  const int watcher = inotify_init1(IN_NONBLOCK);
  char byte;
  for (unsigned i = 0; i < sizeof shared / sizeof *shared; ++i) {
    const int fd = open(shared[i], O_RDONLY);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    MUST_NOT(fd < 0);
    MUST_NOT(fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK);
    whole = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
    MUST_NOT(fcntl(fd, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK);
    MUST_NOT(flock(fd, LOCK_EX | LOCK_NB) != 0);
    struct flock end = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 100};
    fcntl(fd, F_SETLK, &end);
    end = (struct flock){.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 100};
    fcntl(fd, F_OFD_SETLK, &end);
    MUST_FAIL(fcntl(fd, F_SETLEASE, F_RDLCK), EPERM, EPERM);
    MUST_FAIL(fcntl(fd, F_NOTIFY, DN_ACCESS | DN_MULTISHOT), EPERM, EPERM);
    inotify_add_watch(watcher, shared[i], IN_ALL_EVENTS);
    read(fd, &byte, 1);
  }
  MUST_NOT(read(0, &byte, 1) != 1 || read(0, &byte, 1) != 1);
  return report();
}
