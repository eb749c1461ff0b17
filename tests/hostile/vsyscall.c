// expect: exited 0, signaled 11, signaled 31
// The old page of system calls, at an address that never changes.
#include "probe.h"
int main(void) {
  long (*old_time)(long*) = (long (*)(long*))0xffffffffff600400;
  const long now = old_time(0);
  return now > 0 ? 0 : 1;
}
