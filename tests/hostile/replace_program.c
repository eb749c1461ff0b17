// expect: exited 7 | runs=3
// The program that is shown to several runs: it cannot be replaced, removed, written to or covered.
#include "probe.h"
int main(void) {
  if (rename("program", "other") == 0 || unlink("program") == 0 || symlink("/etc/shadow", "program") == 0) return 1;
  if (open("program", O_WRONLY | O_TRUNC) >= 0 || chmod("program", 0777) == 0) return 2;
  if (rename("/box", "/tmp/box") == 0 || open("/proc/self/exe", O_RDWR) >= 0) return 3;
  char name[64] = "beside";
  close(open(name, O_WRONLY | O_CREAT, 0600));
  if (rename(name, "program") == 0) return 4;
  return 7;
}
