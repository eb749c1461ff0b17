/* Runs in a box of its own while an attack goes on in another. Leaves things lying about, says by reading a byte that it
   is ready, waits for another byte until the attack is over, and then looks whether everything is as it left it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CHECK(expression) \
  do {                    \
    if (!(expression)) {  \
      printf("not so: %s\n", #expression); \
      return 1;           \
    }                     \
  } while (0)

static const char* const kFiles[] = {"/box/mine", "/tmp/mine", "/dev/shm/mine"};
static const char kText[] = "what the neighbour wrote";

static int write_file(const char* path) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  return fd >= 0 && write(fd, kText, sizeof kText) == sizeof kText && close(fd) == 0;
}

static int same_file(const char* path) {
  char text[2 * sizeof kText] = {0};
  const int fd = open(path, O_RDONLY);
  return fd >= 0 && read(fd, text, sizeof text) == sizeof kText && memcmp(text, kText, sizeof kText) == 0;
}

/* Holds the file for itself, in both ways; nobody else may feel it (see locks.c). */
static int lock(const char* path) {
  const int fd = open(path, O_RDONLY);
  struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
  return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

static unsigned long work(void) {
  unsigned long sum = 1;
  for (unsigned long i = 1; i < 2000000; ++i) sum = sum * 6364136223846793005UL + i;
  return sum;
}

int main(void) {
  char byte = 0;
  struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0neighbour"};
  const socklen_t name_size = offsetof(struct sockaddr_un, sun_path) + 10;
  const unsigned long result = work();

  for (unsigned i = 0; i < 3; ++i) CHECK(write_file(kFiles[i]));
  const int segment = shmget(4711, 4096, IPC_CREAT | IPC_EXCL | 0666);
  const int semaphore = semget(4711, 1, IPC_CREAT | IPC_EXCL | 0666);
  const int messages = msgget(4711, IPC_CREAT | IPC_EXCL | 0666);
  char* memory = shmat(segment, NULL, 0);
  CHECK(segment >= 0 && semaphore >= 0 && messages >= 0 && memory != (char*)-1);
  strcpy(memory, kText);
  const mqd_t queue = mq_open("/left", O_RDWR | O_CREAT | O_EXCL, 0666, NULL);
  CHECK(queue != (mqd_t)-1);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  CHECK(listener >= 0 && bind(listener, (struct sockaddr*)&name, name_size) == 0 && listen(listener, 4) == 0);
  CHECK(lock("/usr/bin/env") && lock("/usr/bin") && lock("/etc/passwd"));
  const int watcher = inotify_init1(IN_NONBLOCK);
  CHECK(inotify_add_watch(watcher, "/usr/bin/env", IN_ALL_EVENTS) >= 0);

  CHECK(read(0, &byte, 1) == 1);
  CHECK(read(0, &byte, 1) == 1);

  char event[256];
  CHECK(read(watcher, event, sizeof event) < 0);
  CHECK(accept(listener, NULL, NULL) < 0);
  struct mq_attr attributes;
  CHECK(mq_getattr(queue, &attributes) == 0 && attributes.mq_curmsgs == 0);
  struct shmid_ds shared;
  CHECK(shmctl(segment, IPC_STAT, &shared) == 0 && shared.shm_nattch == 1 && strcmp(memory, kText) == 0);
  CHECK(semctl(semaphore, 0, GETVAL) == 0);
  CHECK(msgrcv(messages, event, sizeof event - sizeof(long), 0, IPC_NOWAIT) < 0);
  for (unsigned i = 0; i < 3; ++i) CHECK(same_file(kFiles[i]));
  CHECK(work() == result);
  CHECK(getppid() <= 1 && kill(-1, 0) != 0);
  puts("unharmed");
  return 0;
}
