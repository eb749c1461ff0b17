// expect: time_limit | cpu_ms=400 cpu_min_ms=400 cpu_max_ms=900
// Ignores the kernel's own word that its time is up, and sets itself other limits.
#include "probe.h"
static void nothing(int number) { (void)number; }
int main(void) {
  signal(SIGXCPU, nothing);
  signal(SIGVTALRM, SIG_IGN);
  signal(SIGPROF, SIG_IGN);
  struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &none);
  spin();
}
