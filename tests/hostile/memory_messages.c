// expect: memory_limit | rusage: exited 0 | memory_mb=24
// System V message queues, as many and as full as they get.
#include <sys/ipc.h>
#include <sys/msg.h>
#include "probe.h"
int main(void) {
  struct {
    long type;
    char text[8000];
  } message = {.type = 1};
  long total = 0;
  for (int i = 0; i < 8000; ++i) {
    const int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    if (queue < 0) break;
    while (msgsnd(queue, &message, sizeof message.text, IPC_NOWAIT) == 0) total += sizeof message.text;
  }
  printf("%ld MB in messages\n", total >> 20);
  return 0;
}
