// expect: time_limit | cpu_ms=400 cpu_min_ms=400 cpu_max_ms=800
#include <pthread.h>
#include "probe.h"
static void* thread(void* unused) {
  (void)unused;
  spin();
  return 0;
}
int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) pthread_create(&threads[i], 0, thread, 0);
  pause();
}
