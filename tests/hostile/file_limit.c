// expect: signaled 25 | file_kb=64
#include "probe.h"
int main(void) {
  static char block[4096];
  int file = open("large", O_WRONLY | O_CREAT, 0600);
  for (int i = 0; i < 1000; ++i) {
    if (write(file, block, sizeof block) < 0) return 1;
  }
  return 2;
}
