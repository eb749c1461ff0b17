// expect: signaled 9
#include "probe.h"
int main(void) {
  raise(SIGKILL);
  return 0;
}
