/* burn KIND N: uses up CPU time for ever in N threads, in N children, or in N children that lost their parent. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void* spin(void* unused) {
  (void)unused;
  for (volatile unsigned long i = 0;; ++i) {
  }
  return NULL;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int count = atoi(argv[2]);
  const int orphans = strcmp(argv[1], "orphans") == 0;
  for (int i = 0; i < count; ++i) {
    if (strcmp(argv[1], "threads") == 0) {
      pthread_t thread;
      if (pthread_create(&thread, NULL, spin, NULL) != 0) return 3;
    } else if (fork() == 0) {
      if (orphans && fork() != 0) _exit(0);
      spin(NULL);
    }
  }
  pause();
  return 0;
}
