// expect: memory_limit | memory_mb=48
#include <sys/ipc.h>
#include <sys/shm.h>
#include "probe.h"
int main(void) {
  int segment = shmget(IPC_PRIVATE, 256 << 20, IPC_CREAT | 0600);
  char* memory = segment < 0 ? (void*)-1 : shmat(segment, 0, 0);
  if (memory == (void*)-1) return 1;
  memset(memory, 1, 256 << 20);
  return 2;
}
