// expect: exited 0 | runs=3
// Looks for what an earlier run of it left, then leaves as much as it can.
#include <mqueue.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <dirent.h>
#include "probe.h"
static void must_be_empty(const char* path) {
  DIR* folder = opendir(path);
  if (folder == 0) hole(path);
  for (struct dirent* entry; folder != 0 && (entry = readdir(folder)) != 0;) {
    const char* name = entry->d_name;
    int placed = strcmp(path, "/box") == 0 && strcmp(name, "program") == 0;
    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !placed) hole(name);
  }
}
int main(void) {
  const char* folders[] = {"/box", "/tmp", "/dev/shm"};
  char path[256];
  for (int i = 0; i < 3; ++i) {
    must_be_empty(folders[i]);
    snprintf(path, sizeof path, "%s/left", folders[i]);
    close(open(path, O_WRONLY | O_CREAT, 0600));
    snprintf(path, sizeof path, "%s/.hidden", folders[i]);
    mkdir(path, 0700);
    MUST_NOT(getxattr(folders[i], "user.left", path, sizeof path) > 0);
    setxattr(folders[i], "user.left", "x", 1, 0);
  }
  struct stat status;
  MUST_NOT(stat("/box", &status) != 0 || (status.st_mode & 07777) != 0755);
  MUST_NOT(stat("/tmp", &status) != 0 || (status.st_mode & 07777) != 01777);
  MUST_NOT(shmget(4711, 4096, 0) >= 0);
  MUST_NOT(shmget(4711, 4096, IPC_CREAT | 0666) < 0);
  MUST_NOT(semget(4711, 1, 0) >= 0);
  MUST_NOT(semget(4711, 1, IPC_CREAT | 0666) < 0);
  MUST_NOT(msgget(4711, 0) >= 0);
  MUST_NOT(msgget(4711, IPC_CREAT | 0666) < 0);
  MUST_NOT(mq_open("/left", O_RDWR) >= 0);
  mq_open("/left", O_RDWR | O_CREAT, 0666, 0);
  struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0left"};
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  MUST_NOT(bind(listener, (void*)&name, offsetof(struct sockaddr_un, sun_path) + 5) != 0);
  listen(listener, 1);
  MUST_NOT(getpriority(PRIO_PROCESS, 0) != 0);
  MUST_NOT(kill(-1, 0) == 0);
  if (fork() == 0) {
    setsid();
    for (;;) pause();
  }
  chmod("/tmp", 0);
  chmod("/dev/shm", 0);
  chmod("/box", 0);
  setpriority(PRIO_USER, 0, 5);
  return report();
}
