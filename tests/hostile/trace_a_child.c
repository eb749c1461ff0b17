// expect: exited 0
// Not even its own children: what can trace a child could trace whatever else shares its id.
#include <sys/ptrace.h>
#include <sys/uio.h>
#include "probe.h"
int main(void) {
  static char secret[8] = "secret";
  char read_back[8] = {0};
  const pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  struct iovec here = {read_back, sizeof read_back}, there = {secret, sizeof secret};
  MUST_NOT(ptrace(PTRACE_ATTACH, child, 0, 0) == 0);
  MUST_NOT(ptrace(PTRACE_SEIZE, child, 0, 0) == 0);
  MUST_NOT(process_vm_readv(child, &here, 1, &there, 1, 0) > 0);
  MUST_NOT(process_vm_writev(child, &here, 1, &there, 1, 0) > 0);
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/mem", child);
  MUST_NOT(open(path, O_RDWR) >= 0);
  const int handle = (int)syscall(434 /* pidfd_open */, child, 0);
  MUST_NOT(handle >= 0 && syscall(438 /* pidfd_getfd */, handle, 0, 0) >= 0);
  kill(child, SIGKILL);
  wait(0);
  return report();
}
