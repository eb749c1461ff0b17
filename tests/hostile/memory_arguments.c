// expect: exited 0, memory_limit, signaled 9 | memory_mb=64
// Arguments as large as the kernel takes them, handed on and on.
#include "probe.h"
int main(int argc, char** argv) {
  if (argc > 1 && argc > 5000) return 0;
  static char text[100000];
  static char* words[8192];
  memset(text, 'x', sizeof text - 1);
  int count = argc > 1 ? argc * 2 : 32;
  words[0] = argv[0];
  for (int i = 1; i < count && i < 8191; ++i) words[i] = text;
  execv("/proc/self/exe", words);
  return errno == E2BIG || errno == ENOMEM ? 0 : 1;
}
