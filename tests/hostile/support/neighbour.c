/* Runs in a box of its own while an attack goes on in another. Leaves things lying about, says by reading a byte that it
   is ready, waits for another byte until the attack is over, and then looks whether everything is as it left it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
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
#include <sys/syscall.h>
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

static int opens(int fd) {
  if (fd >= 0) close(fd);
  return fd >= 0;
}

static int sends_a_descriptor(void) {
  int ends[2];
  struct iovec part = {"x", 1};
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
  } control = {{0}};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  return socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0 && sendmsg(ends[0], &message, 0) == 1 && close(ends[0]) == 0 &&
         close(ends[1]) == 0;
}

static int makes_a_pipe(void) {
  int ends[2];
  return pipe(ends) == 0 && fcntl(ends[1], F_GETPIPE_SZ) == 1 << 16 && close(ends[0]) == 0 && close(ends[1]) == 0;
}

static int queues_a_signal(void) {
  sigset_t real_time;
  siginfo_t taken;
  sigemptyset(&real_time);
  sigaddset(&real_time, SIGRTMIN);
  return sigprocmask(SIG_BLOCK, &real_time, NULL) == 0 && sigqueue(getpid(), SIGRTMIN, (union sigval){0}) == 0 &&
         sigwaitinfo(&real_time, &taken) == SIGRTMIN;
}

static int has_an_aio_context(void) {
  aio_context_t context = 0;
  return syscall(SYS_io_setup, 8, &context) == 0 && syscall(SYS_io_destroy, context) == 0;
}

/* Two rows: one of this box alone. An ordinary user's boxes have the same id outside. */
static int has_an_id_of_its_own(void) {
  char text[256] = {0};
  const int fd = open("/proc/self/uid_map", O_RDONLY);
  return fd >= 0 && read(fd, text, sizeof text - 1) > 0 && close(fd) == 0 && strchr(text, '\n') != strrchr(text, '\n');
}

/* Which of the things that the kernel counts by user or for the whole machine are there for us. */
static unsigned share(void) {
  unsigned had = 0;
  had |= (unsigned)has_an_aio_context() << 0;
  had |= (unsigned)opens(inotify_init()) << 1;
  had |= (unsigned)queues_a_signal() << 2;
  had |= (unsigned)opens(mq_open("/share", O_RDWR | O_CREAT, 0666, NULL)) << 3;
  if (!has_an_id_of_its_own()) return had;
  had |= (unsigned)makes_a_pipe() << 4;
  had |= (unsigned)sends_a_descriptor() << 5;
  return had;
}

int main(void) {
  char byte = 0;
  struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0neighbour"};
  const socklen_t name_size = offsetof(struct sockaddr_un, sun_path) + 10;
  const unsigned long result = work();
  const unsigned share_before = share();

  for (unsigned i = 0; i < 3; ++i) CHECK(write_file(kFiles[i]));
  const int segment = shmget(4711, 4096, IPC_CREAT | IPC_EXCL | 0666);
  const int semaphore = semget(4711, 1, IPC_CREAT | IPC_EXCL | 0666);
  const int messages = msgget(4711, IPC_CREAT | IPC_EXCL | 0666);
  char* memory = shmat(segment, NULL, 0);
  CHECK(segment >= 0 && semaphore >= 0 && messages >= 0 && memory != (char*)-1);
  strcpy(memory, kText);
  const mqd_t queue = mq_open("/left", O_RDWR | O_CREAT | O_EXCL, 0666, NULL);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  CHECK(listener >= 0 && bind(listener, (struct sockaddr*)&name, name_size) == 0 && listen(listener, 4) == 0);
  CHECK(lock("/usr/bin/env") && lock("/usr/bin") && lock("/etc/passwd"));
  const int watcher = inotify_init1(IN_NONBLOCK);
  (void)inotify_add_watch(watcher, "/usr/bin/env", IN_ALL_EVENTS);

  CHECK(read(0, &byte, 1) == 1);
  CHECK(read(0, &byte, 1) == 1);

  char event[256];
  CHECK(read(watcher, event, sizeof event) < 0);
  CHECK(accept(listener, NULL, NULL) < 0);
  struct mq_attr attributes;
  CHECK(queue == (mqd_t)-1 || (mq_getattr(queue, &attributes) == 0 && attributes.mq_curmsgs == 0));
  struct shmid_ds shared;
  CHECK(shmctl(segment, IPC_STAT, &shared) == 0 && shared.shm_nattch == 1 && strcmp(memory, kText) == 0);
  CHECK(semctl(semaphore, 0, GETVAL) == 0);
  CHECK(msgrcv(messages, event, sizeof event - sizeof(long), 0, IPC_NOWAIT) < 0);
  for (unsigned i = 0; i < 3; ++i) CHECK(same_file(kFiles[i]));
  CHECK(work() == result);
  const unsigned share_now = share();
  if ((share_before & ~share_now) != 0) printf("had %#x, has %#x\n", share_before, share_now);
  CHECK((share_before & ~share_now) == 0);
  CHECK(lock("/usr/bin/id") && lock("/usr/lib") && lock("/etc/group"));
  CHECK(getppid() <= 1 && kill(-1, 0) != 0);
  puts("unharmed");
  return 0;
}
