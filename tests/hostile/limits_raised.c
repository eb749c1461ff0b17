// expect: exited 0
// No limit of the kernel's can be raised again, for nobody.
#include "probe.h"
int main(void) {
  for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_max == RLIM_INFINITY) continue;
    const struct rlimit more = {limit.rlim_max + 1, limit.rlim_max + 1}, all = {RLIM_INFINITY, RLIM_INFINITY};
    MUST_NOT(setrlimit(resource, &more) == 0);
    MUST_NOT(prlimit(0, resource, &all, 0) == 0);
    MUST_NOT(prlimit(getppid(), resource, &all, 0) == 0);
  }
  struct rlimit limit;
  MUST_NOT(getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max > 256);
  MUST_NOT(getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_max == RLIM_INFINITY);
  MUST_NOT(getrlimit(RLIMIT_NICE, &limit) != 0 || limit.rlim_max != 0);
  MUST_NOT(getrlimit(RLIMIT_RTPRIO, &limit) != 0 || limit.rlim_max != 0);
  return report();
}
