// expect: exited 0 | runs=2
// Alarms and timers end with the program that set them; none reaches the next run.
#include "probe.h"
int main(void) {
  sigset_t pending;
  sigpending(&pending);
  MUST_NOT(sigismember(&pending, SIGALRM));
  struct itimerspec now = {{0, 1000000}, {0, 1000000}};
  for (int i = 0; i < 1000; ++i) {
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) break;
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &blocked, 0);
    timer_settime(timer, 0, &now, 0);
  }
  alarm(100);
  struct timespec time = {0, 0};
  MUST_NOT(clock_settime(CLOCK_REALTIME, &time) == 0);
  MUST_NOT(clock_settime(CLOCK_MONOTONIC, &time) == 0);
  return report();
}
