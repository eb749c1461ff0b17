// expect: exited 0 | processes=20
#include <pthread.h>
#include "probe.h"
static void* thread(void* unused) {
  (void)unused;
  pause();
  return 0;
}
int main(void) {
  int threads = 0;
  pthread_t one;
  while (threads < 300 && pthread_create(&one, 0, thread, 0) == 0) ++threads;
  printf("%d threads\n", threads);
  return threads >= 20 || threads < 10;
}
